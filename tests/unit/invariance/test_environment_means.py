import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.invariance._batch_checks import check_environments
from cayley.invariance._environment_means import (
    EnvironmentMeans,
    center_environments,
    contrast_basis,
    environment_means,
    split_halves,
)


def _draw(seed: int, number: int, environments: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    values = torch.randn(number, 3, generator=generator, dtype=torch.float64)
    return values, torch.randint(environments, (number,), generator=generator)


@given(seed=st.integers(0, 10**6), number=st.integers(1, 40), environments=st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_means_are_those_of_a_loop(seed: int, number: int, environments: int) -> None:
    values, ids = _draw(seed, number, environments)
    means = environment_means(values, ids, num_environments=environments)
    for e in range(environments):
        own = values[ids == e]
        assert bool(means.present[e].all()) == (len(own) > 0)
        expected = own.mean(0) if len(own) else torch.zeros(3, dtype=torch.float64)
        torch.testing.assert_close(means.values[e], expected)


def test_an_absent_environment_changes_nothing() -> None:
    values, ids = _draw(0, 30, 2)
    two = center_environments(environment_means(values, ids, num_environments=2))
    three = center_environments(environment_means(values, 2 * ids, num_environments=3))
    torch.testing.assert_close(three.values[[0, 2]], two.values)
    assert three.values[1].tolist() == [0, 0, 0]
    assert three.present.any(1).tolist() == [True, False, True]


@given(seed=st.integers(0, 10**6), number=st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_halves_differ_by_at_most_one_sample_in_every_group(seed: int, number: int) -> None:
    _, ids = _draw(seed, number, 5)
    second = split_halves(ids, num_groups=int(ids.max()) + 1)
    for e in ids.unique():
        sizes = (~second & (ids == e)).sum() - (second & (ids == e)).sum()
        assert int(sizes) in {0, 1}


@pytest.mark.parametrize("number", [2, 3, 7])
def test_contrasts_are_orthonormal_and_measure_spread(number: int) -> None:
    basis = contrast_basis(number, dtype=torch.float64)
    identity = torch.eye(number - 1, dtype=torch.float64)
    torch.testing.assert_close(basis @ basis.T, identity)
    torch.testing.assert_close(basis.sum(1), torch.zeros(number - 1, dtype=torch.float64))
    m = torch.randn(number, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    torch.testing.assert_close((basis @ m).square().sum(), (m - m.mean()).square().sum())


def test_complex_means() -> None:
    values = torch.tensor([[1 + 1j], [3 - 1j]])
    means = environment_means(values, torch.tensor([0, 0]), num_environments=1)
    assert means.values.item() == 2 + 0j
    assert isinstance(means, EnvironmentMeans)


@pytest.mark.parametrize(
    ("ids", "length", "number", "error", "message"),
    [
        (torch.tensor([0.0, 1.0]), 2, 2, TypeError, "`environments` must hold integer ids"),
        (torch.tensor([True, False]), 2, 2, TypeError, "integer ids; got torch.bool"),
        (torch.tensor([[0, 1]]), 2, 2, ValueError, "must be flat, with one id per sample"),
        (torch.tensor([0, 1, 1]), 2, 2, ValueError, r"got shape \(3,\) for 2 samples"),
        (torch.tensor([0, 2]), 2, 2, ValueError, r"ids in 0\.\.1; got ids from 0 to 2"),
        (torch.tensor([-1, 0]), 2, 2, ValueError, "got ids from -1 to 0"),
        (torch.tensor([], dtype=torch.long), 0, 2, ValueError, "the batch is empty"),
    ],
)
def test_ids_are_checked(
    ids: torch.Tensor, length: int, number: int, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        check_environments(ids, length, number)
