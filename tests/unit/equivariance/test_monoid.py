"""The learned monoid: exact properties, the tree, and what it learns."""

import math

import pytest
import torch

from cayley.equivariance import CommutativeMonoid
from cayley.equivariance._monoid import tree_reduce


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def monoid():
    return CommutativeMonoid(6, hidden=16, generator=torch.Generator().manual_seed(0))


def test_commutes_exactly(monoid):
    a, b = draw(100, 6), draw(100, 6, seed=1)
    assert torch.equal(monoid.combine(a, b), monoid.combine(b, a))
    assert (
        monoid.defects(a, b, draw(100, 6, seed=2)).associativity > 1e-4
    )  # untrained: not associative


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 31])
def test_the_tree_has_logarithmic_depth_and_the_right_result(size):
    calls = []

    def add(a, b):
        calls.append(a.shape[1])
        return a + b

    x = draw(4, size, 3)
    assert torch.allclose(tree_reduce(add, x, torch.zeros(3)), x.sum(1), atol=1e-5)
    assert len(calls) == (math.ceil(math.log2(size)) if size > 1 else 0)


@pytest.mark.parametrize("operation, identity, expected", [
    (torch.maximum, -torch.inf, lambda x: x.amax(1)),
    (torch.gcd, 0, lambda x: torch.tensor([[math.gcd(*row)] for row in x[:, :, 0].tolist()])),
    (lambda a, b: (a + b) % 2, 0, lambda x: x.sum(1) % 2),
])  # fmt: skip
def test_exact_monoids_through_the_tree(operation, identity, expected):
    x = torch.randint(1, 61, (5, 13, 1), generator=torch.Generator().manual_seed(0))
    x = x.float() if identity == -torch.inf else x
    got = tree_reduce(operation, x, torch.full((1,), identity, dtype=x.dtype))
    assert torch.equal(got, expected(x))


def test_the_sum_is_a_special_case(monoid):
    with torch.no_grad():
        monoid.gate.weight.zero_()
        monoid.gate.bias.fill_(50.0)
    x = draw(3, 11, 6)
    assert torch.allclose(monoid(x), x.sum(1), atol=1e-4)
    defects = monoid.defects(x[:, 0], x[:, 1], x[:, 2])
    assert defects.associativity < 1e-10
    assert defects.identity < 1e-10


def test_masks_and_empty_sets(monoid):
    x = draw(2, 4, 6)
    with torch.no_grad():
        monoid.identity.copy_(draw(6, seed=3))
    mask = torch.tensor([[True, True, True, True], [False] * 4])
    y = monoid(x, mask)
    # not bit by bit: a processor may add up a batch of two in another order than one sample
    torch.testing.assert_close(y[0], monoid(x[:1])[0])
    assert torch.equal(monoid(x[:, :0])[0], monoid.identity)
    with pytest.raises(ValueError, match="`x` must have shape"):
        monoid(torch.zeros(2, 3, 5))


def test_learns_parity_of_longer_sets():
    """From sets of at most four to sets of sixteen, where a fixed sum cannot be read off."""
    draws = torch.Generator().manual_seed(0)
    monoid = CommutativeMonoid(8, hidden=32, generator=draws)
    embed = torch.randn(2, 8, generator=draws).requires_grad_()
    read = torch.randn(8, generator=draws).requires_grad_()
    parameters = [*monoid.parameters(), embed, read]
    optimizer = torch.optim.Adam(parameters, lr=0.02)
    for step in range(150):
        bits = torch.randint(2, (64, 2 + step % 3), generator=draws)
        y = monoid(embed[bits]) @ read
        loss = torch.nn.functional.binary_cross_entropy_with_logits(y, (bits.sum(1) % 2).float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    bits = torch.randint(2, (500, 16), generator=draws)
    right = ((monoid(embed[bits]) @ read > 0) == (bits.sum(1) % 2 == 1)).float().mean()
    assert right > 0.95
