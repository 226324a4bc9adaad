import pytest
import torch

from cayley.hypercube import ObservedProducts
from cayley.hypercube._functional import hypercube_product
from cayley.hypercube._gradients import data_gradients
from cayley.hypercube._workspace import Workspace

DIMS = [3, 36, 44]
"""A size for each of the three forms: over all pairs, pair by pair, row by row."""


@pytest.mark.parametrize("workspace", [1, 20_000, 2**28], ids=["pair", "some", "all"])
@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("sizes", [(4, 4, 4), (5, 3, 4)])
def test_gradients_agree_with_autograd(factors, observed, sizes, dim, workspace) -> None:
    leaves = [F.requires_grad_() for F in factors(sizes, dim)]
    observations = observed(sizes)
    T = hypercube_product(*leaves, left=observations.left, right=observations.right)
    target = torch.nn.functional.one_hot(observations.symbol, sizes[2])
    loss = (T - target).abs().square().sum((1, 2))
    expected = torch.autograd.grad(loss.sum(), leaves)
    with torch.no_grad():
        term = data_gradients(*leaves, observations, workspace=Workspace(workspace))
    torch.testing.assert_close(term.statistics.loss, loss.detach(), rtol=1e-12, atol=1e-10)
    for mine, theirs in zip(term.gradients, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dim", DIMS)
def test_fit_and_agreement_are_what_they_say(factors, observed, dim) -> None:
    A, B, C = factors((4, 4, 4), dim)
    observations = observed((4, 4, 4))
    T = hypercube_product(A, B, C, left=observations.left, right=observations.right)
    target = torch.nn.functional.one_hot(observations.symbol, 4).to(T.dtype)
    term = data_gradients(A, B, C, observations)
    fit = (T.real.argmax(-1) == observations.symbol).double().mean(-1)
    inner = (T * target).real.sum((1, 2))
    cosine = inner / (torch.linalg.vector_norm(T, dim=(1, 2)) * len(observations) ** 0.5)
    torch.testing.assert_close(term.statistics.fit.double(), fit)
    torch.testing.assert_close(term.statistics.agreement, cosine)


@pytest.mark.parametrize("workspace", [1, 20_000, 2**28], ids=["pair", "some", "all"])
@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("sizes", [(4, 4, 4), (5, 3, 4)])
def test_soft_weighted_and_conflicting_data_agree_with_autograd(
    factors, distributed, sizes, dim, workspace
) -> None:
    """The oracle sums over the observations one by one, as they were given."""
    leaves = [F.requires_grad_() for F in factors(sizes, dim)]
    observations, raw = distributed(sizes)
    T = hypercube_product(*leaves)
    loss = sum(w * (T[:, a, b] - torch.from_numpy(q)).abs().square().sum(-1) for a, b, q, w in raw)
    expected = torch.autograd.grad(loss.sum(), leaves)
    with torch.no_grad():
        term = data_gradients(*leaves, observations, workspace=Workspace(workspace))
    torch.testing.assert_close(term.statistics.loss, loss.detach(), rtol=1e-10, atol=1e-10)
    for mine, theirs in zip(term.gradients, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dim", DIMS)
def test_statistics_of_soft_data_are_what_they_say(factors, distributed, dim) -> None:
    A, B, C = factors((4, 4, 4), dim)
    observations, raw = distributed((4, 4, 4))
    T = hypercube_product(A, B, C)
    target, weight = torch.zeros(4, 4, 4, dtype=torch.float64), torch.zeros(4, 4)
    for a, b, q, w in raw:
        target[a, b] += w * torch.from_numpy(q)
        weight[a, b] += w
    total = target.sum()
    best = T.real.argmax(-1, keepdim=True)
    fit = target.expand(2, 4, 4, 4).gather(-1, best).sum((1, 2, 3)) / total
    weight = weight.double()[..., None]
    mean = torch.where(weight > 0, target / weight.clamp_min(1e-9), 0.0)
    inner = (weight * T.real * mean).sum((1, 2, 3))
    norms = (weight * T.abs().square()).sum((1, 2, 3)) * (weight * mean.square()).sum()
    found = data_gradients(A, B, C, observations).statistics
    torch.testing.assert_close(found.fit.double(), fit)
    torch.testing.assert_close(found.agreement, inner / norms.sqrt())
    attainable = (target.amax(-1).sum() / total).item()
    assert observations.attainable_fit == pytest.approx(attainable)


@pytest.mark.parametrize("dim", [36, 44, 64])
def test_bfloat16_products_are_near_float32(observed, distributed, dim) -> None:
    generator = torch.Generator().manual_seed(1)
    A, B, C = (torch.randn(2, 4, dim, dim, generator=generator) for _ in range(3))
    for observations in (observed((4, 4, 4)), distributed((4, 4, 4))[0]):
        rough = data_gradients(A, B, C, observations, bfloat16=True)
        exact = data_gradients(A, B, C, observations)
        for x, y in zip(rough.gradients, exact.gradients, strict=True):
            assert x.dtype == torch.float32
            assert 1e-6 * y.norm() < (x - y).norm() <= 1e-2 * y.norm()
        torch.testing.assert_close(rough.statistics.loss, exact.statistics.loss, rtol=1e-2, atol=0)


def test_bfloat16_products_want_float32_factors(observed) -> None:
    A = torch.randn(1, 4, 3, 3, dtype=torch.float64)
    with pytest.raises(TypeError, match="`bfloat16` products need float32 factors"):
        data_gradients(A, A, A, observed((4, 4, 4)), bfloat16=True)


@pytest.mark.parametrize("dim", DIMS)
def test_float32_agrees_with_float64(observed, dim) -> None:
    generator = torch.Generator().manual_seed(1)
    A, B, C = (torch.randn(1, 4, dim, dim, generator=generator) for _ in range(3))
    observations = observed((4, 4, 4))
    single = data_gradients(A, B, C, observations)
    double = data_gradients(A.double(), B.double(), C.double(), observations)
    for x, y in zip(single.gradients, double.gradients, strict=True):
        assert (x - y).norm() <= 1e-5 * y.norm()


def test_row_chunks_cover_every_pair_once_and_keep_to_the_bound(observed) -> None:
    observations: ObservedProducts = observed((9, 7, 5))
    for most in (1, 2, 5, 7, 100):
        chunks = observations.index.row_chunks(most)
        pieces = [piece for chunk in chunks for piece in chunk]
        assert [i for _, start, stop in pieces for i in range(start, stop)] == list(
            range(len(observations))
        )
        assert all(chunk[-1][2] - chunk[0][1] <= most for chunk in chunks)
        for a, start, stop in pieces:
            assert (observations.left[start:stop] == a).all()


@pytest.mark.parametrize("dim", [20, pytest.param(60, marks=pytest.mark.slow)])
def test_temporaries_stay_under_the_stated_bound(dim) -> None:
    """Peak memory beyond inputs and results grows with the bound, not with the table."""
    generator = torch.Generator().manual_seed(0)
    A, B, C = (torch.randn(1, dim, dim, dim, generator=generator) for _ in range(3))
    triples = [(a, b, (a + b) % dim) for a in range(dim) for b in range(dim)]
    observations = ObservedProducts.from_triples(triples, sizes=(dim, dim, dim))
    own = 12 * A.numel() * A.element_size() + 2 * dim * len(triples) * 4
    for bound in (2**19, 2**22):
        with torch.profiler.profile(
            activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True
        ) as profile:
            data_gradients(A, B, C, observations, workspace=Workspace(bound))
        assert _peak(profile) <= bound + own


def _peak(profile: torch.profiler.profile) -> int:
    now = peak = 0
    for event in profile.profiler.kineto_results.events():
        if event.name() == "[memory]":
            now += event.nbytes()
            peak = max(peak, now)
    return peak


def test_a_workspace_is_reused_and_refuses_no_memory(factors, observed) -> None:
    A, B, C = factors((4, 4, 4), 5)
    workspace = Workspace()
    observations = observed((4, 4, 4))
    one = data_gradients(A, B, C, observations, workspace=workspace)
    two = data_gradients(A, B, C, observations, workspace=workspace)
    for x, y in zip(one.gradients, two.gradients, strict=True):
        assert torch.equal(x, y)
    with pytest.raises(ValueError, match="`num_bytes` must be positive"):
        Workspace(0)
