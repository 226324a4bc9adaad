import numpy as np
import pytest
import torch

from cayley.hypercube import (
    HyperCube,
    ObservedProducts,
    TrainingSchedule,
    TrainingStep,
    _lower_bounds,
    measure_complexity,
    train,
)
from cayley.hypercube._functional import hypercube_penalty, hypercube_product
from cayley.hypercube._lower_bounds import (
    collinearity,
    penalty_floor,
    rank_shares,
    triple_penalties,
    triple_products,
)
from cayley.tables import generate_family


def triples_of(table: np.ndarray) -> torch.Tensor:
    a, b = np.indices(table.shape)
    return torch.from_numpy(np.stack([a, b, table], -1).reshape(-1, 3).copy())


# A Latin square of order 5 that is no isotope of C5, subtraction mod 7, and S3.
QUASIGROUPS = {
    "no isotope": np.array(
        [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]]
    ),
    "a - b": generate_family("mod7:a-b").array,
    "S3": generate_family("S3").array,
}


@pytest.mark.parametrize("dim", [1, 2, 3, 5])
def test_every_triple_has_its_bound_whatever_the_factors(factors, dim) -> None:
    """Random factors, near multiples of unitary ones, and of rank one."""
    A, B, C = factors((4, 3, 5), dim, restarts=3)
    A[1] = 0.01 * A[1] + torch.eye(dim, dtype=A.dtype)
    B[1] = 0.01 * B[1] + torch.eye(dim, dtype=A.dtype)
    C[1] = 0.01 * C[1] + torch.eye(dim, dtype=A.dtype)
    A[2] = A[2, :, :, :1] @ A[2, :, :1]
    C[2] = C[2, :, :, :1] @ C[2, :, :1]
    triples = torch.cartesian_prod(torch.arange(4), torch.arange(3), torch.arange(5))
    left = triple_penalties(A, B, C, triples)
    right = 3 * triple_products(A, B, C, triples).abs().pow(4 / 3)
    assert (left >= right * (1 - 1e-12)).all()
    assert left[1].min() < 1.01 * right[1].max()  # nearly reached, so the bound is no weaker one


@pytest.mark.parametrize("ranks", [(1, 3, 4), (2, 2, 2), (4, 1, 4), (4, 4, 1), (3, 2, 4)])
def test_factors_of_low_rank_have_a_larger_bound(factors, ranks) -> None:
    """By the least of the three ranks; nearly reached by partial isometries that fit."""
    d, triples = 4, torch.cartesian_prod(torch.arange(3), torch.arange(2), torch.arange(4))
    A, B, C = factors((3, 2, 4), d)
    A, B, C = (F[..., :r] @ F.mH[..., :r, :] for F, r in zip((A, B, C), ranks, strict=True))
    noise = factors((3, 2, 4), d, seed=1)
    Q = torch.linalg.qr(noise[0][0, 0]).Q[:, : min(ranks)]
    for F in (A, B, C):  # the second restart: one projection, twice as long
        F[1] = 2 * Q @ Q.mH
    shares = rank_shares(A, B, C, triples, tolerance=1e-9)
    assert torch.equal(shares, torch.full_like(shares, min(ranks) / d))
    left = triple_penalties(A, B, C, triples)
    right = 3 * shares.pow(-1 / 3) * triple_products(A, B, C, triples).abs().pow(4 / 3)
    assert (left >= right * (1 - 1e-12)).all()
    assert torch.allclose(left[1], right[1])
    assert torch.allclose(penalty_floor(A, B, C, triples, shares=shares), right.sum(-1))


def test_a_matrix_that_is_small_beside_its_factor_has_rank_one() -> None:
    unit = torch.eye(4).expand(2, 4, 4)
    A = unit * torch.tensor([1.0, 1e-4])[:, None, None]
    assert rank_shares(A, unit, unit, torch.tensor([[0, 0, 1], [1, 0, 0]])).tolist() == [1, 0.25]


def test_products_and_penalties_are_those_of_single_triples(factors) -> None:
    A, B, C = factors((4, 3, 5), 3)
    triples = torch.tensor([[0, 2, 4], [3, 1, 0], [3, 1, 0]])
    T = hypercube_product(A, B, C)
    a, b, c = triples.T
    assert torch.allclose(triple_products(A, B, C, triples), T[:, a, b, c])
    for r in range(2):
        for k, (i, j, s) in enumerate(triples.tolist()):
            products = (A[r, i] @ B[r, j], B[r, j] @ C[r, s], C[r, s] @ A[r, i])
            by_hand = sum(P.abs().square().sum() for P in products) / 3
            assert torch.allclose(triple_penalties(A, B, C, triples)[r, k], by_hand)


@pytest.mark.parametrize("name", QUASIGROUPS)
def test_in_a_latin_square_the_parts_add_up_to_the_penalty(name, factors) -> None:
    table = QUASIGROUPS[name]
    A, B, C = factors((len(table),) * 3, 3)
    parts = triple_penalties(A, B, C, triples_of(table)).sum(-1)
    assert torch.allclose(parts, hypercube_penalty(A, B, C))


@pytest.mark.parametrize("shared", [False, True], ids=["separate", "shared"])
@pytest.mark.parametrize("share", [0.6, 1.0])
@pytest.mark.parametrize("name", QUASIGROUPS)
def test_the_floor_holds_at_every_step_of_a_training_on_a_quasigroup(name, share, shared) -> None:
    """Over the triples of the whole table, whatever part of them is seen."""
    table = QUASIGROUPS[name]
    n, triples = len(table), triples_of(table)
    seen = np.random.default_rng(0).random(n * n) < share
    model = HyperCube(
        n,
        restarts=2,
        shared=shared,
        generator=torch.Generator().manual_seed(0),
        dtype=torch.float64,
    )
    ratios: list[float] = []
    recorded: list[float] = []

    def check(step: TrainingStep) -> None:
        H = model.penalty().detach()
        floor = penalty_floor(*(F.detach() for F in model.factors), triples)
        assert (floor * (1 - 1e-12) <= H).all()
        ratios.append(float((H / floor).min()))
        # The same as it is recorded, of the triples that are seen, at looks.
        assert np.isnan(step.penalty_floor) == (step.step % 5 > 0)
        assert not step.penalty_floor * (1 - 1e-12) > step.penalty_ratio
        recorded.append(step.penalty_floor * n * n / float(floor[step.restart]))

    train(
        model,
        ObservedProducts.from_triples(triples[torch.from_numpy(seen)], sizes=(n, n, n)),
        schedule=TrainingSchedule(max_steps=100),
        callback=check,
    )
    # Training comes near the floor, so that the invariant is no empty one. (Shared factors cannot
    # fit a quasigroup that is no group.)
    assert min(ratios) < (1.5 if share == 1 and not shared else 3)
    looks = np.array(recorded)[4::5]
    assert (looks == pytest.approx(1)) if share == 1 else ((looks > 0.3) & (looks < 1)).all()


def test_products_of_many_triples_are_taken_in_parts(factors, monkeypatch) -> None:
    A, B, C = factors((4, 3, 5), 3)
    triples = torch.cartesian_prod(torch.arange(4), torch.arange(3), torch.arange(5))
    whole = triple_products(A, B, C, triples)
    monkeypatch.setattr(_lower_bounds, "_AT_ONCE", 7 * 9)
    assert torch.equal(triple_products(A, B, C, triples), whole)


def test_outside_quasigroups_the_weighted_penalty_keeps_the_floor_and_plain_h_does_not() -> None:
    """Two symbols, all products the first: numbers 1 fit it, and 0 for the second result."""
    ones = torch.ones(2, 1, 1, dtype=torch.float64)
    C = torch.tensor([1.0, 0.0], dtype=torch.float64).view(2, 1, 1)
    triples = triples_of(np.zeros((2, 2), np.int64))
    assert torch.equal(triple_products(ones, ones, C, triples), torch.ones(4).double())
    assert penalty_floor(ones, ones, C, triples) == 12
    assert triple_penalties(ones, ones, C, triples).sum() == 12
    assert hypercube_penalty(ones, ones, C) == 8


def test_a_measured_complexity_is_weighted_too() -> None:
    found = measure_complexity(generate_family("mod5:a^2+ab+b^2").array, restarts=2)
    assert len(found.values) == len(found.weighted) == len(found.collinearity) > 0
    assert len(found.values) == len(found.ranks) == len(found.floors)
    for weighted, rank, floor in zip(found.weighted, found.ranks, found.floors, strict=True):
        assert weighted > floor > 3.01  # some of its matrices are singular
        assert rank < 0.99
    for plain, weighted in zip(found.values, found.weighted, strict=True):
        assert weighted > 2.99  # an exact fit is one to some percent of a product
        assert abs(plain - weighted) > 1e-2


def test_a_group_is_collinear_and_a_quasigroup_that_is_no_isotope_is_not() -> None:
    group = measure_complexity(QUASIGROUPS["S3"], restarts=2)
    other = measure_complexity(QUASIGROUPS["no isotope"], restarts=2)
    assert group.collinearity[0] == pytest.approx(1, abs=1e-4)
    assert group.weighted == pytest.approx(group.values)
    assert group.ranks == (1.0, 1.0)
    assert group.floors == pytest.approx(group.weighted, rel=1e-3)
    assert other.collinearity[0] < 0.99
    assert other.weighted == pytest.approx(other.values)


def test_collinearity_is_a_mean_cosine(factors) -> None:
    A, B, C = factors((3, 3, 3), 2)
    triples = torch.tensor([[0, 1, 2], [2, 0, 1]])
    by_hand = [
        (
            torch.trace(A[0, a] @ B[0, b] @ C[0, c]).abs()
            / (A[0, a] @ B[0, b]).norm()
            / C[0, c].norm()
        )
        for a, b, c in triples.tolist()
    ]
    assert torch.allclose(collinearity(A, B, C, triples)[0], torch.stack(by_hand).mean())
