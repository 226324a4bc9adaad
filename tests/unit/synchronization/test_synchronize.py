"""Whole runs: recovered tables are checked against the hidden ones."""

import numpy as np
import pytest
import torch

from cayley.algebra import Structure
from cayley.synchronization import SweepSchedule, _run, _schedule, synchronize
from cayley.synchronization._proposals import closed_rows
from cayley.synchronization._schedule import matrix_size
from cayley.synchronization._sweeps import Sweeps, random_factors
from cayley.synchronization._terms import Terms
from cayley.tables import Table, add_noise, generate_family, isotope, mask, shuffle


def solved(truth: Table, observed: Table, assume: str, **options) -> bool:
    n = truth.order
    found = synchronize(observed.observations, sizes=(n, n, n), assume=assume, **options)
    assert found.accepted <= (found.table == truth.array).all()
    assert found.reason == ("accepted" if found.accepted else "sweeps")
    return found.accepted


@pytest.mark.parametrize(
    ("family", "observe", "noise", "noisy"),
    [("S4", 0.12, 0.0, False), ("C23", 0.2, 0.0, False), ("S4", 0.4, 0.4, True),
     ("D24", 1.0, 0.6, True)],
)  # fmt: skip
def test_groups(family, observe, noise, noisy) -> None:
    truth = shuffle(generate_family(family), seed=5).aligned()
    observed = add_noise(mask(truth, observe=observe, seed=5), noise=noise, seed=5)
    assert solved(truth, observed, "group", noisy=noisy)


@pytest.mark.parametrize(
    ("family", "observe", "noise", "noisy"),
    [("S4", 0.25, 0.0, False), ("C11", 0.5, 0.0, False), ("S4", 0.5, 0.2, True)],
)
def test_isotopes(family, observe, noise, noisy) -> None:
    truth = isotope(generate_family(family), seed=3)
    observed = add_noise(mask(truth, observe=observe, seed=3), noise=noise, seed=3)
    assert solved(truth, observed, "isotope", noisy=noisy)


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex64])
@pytest.mark.parametrize("assume", ["group", "isotope"])
def test_dtypes(dtype, assume) -> None:
    truth = generate_family("S4")
    assert solved(truth, mask(truth, observe=0.35, seed=1), assume, dtype=dtype)


def coset_action(group: np.ndarray, subgroup: list[int]) -> np.ndarray:
    cosets = list(dict.fromkeys(frozenset(group[g, subgroup].tolist()) for g in range(len(group))))
    at = {g: i for i, coset in enumerate(cosets) for g in coset}
    return np.array([[at[int(group[g, min(x)])] for x in cosets] for g in range(len(group))])


def test_an_action_that_is_not_free_needs_narrow_matrices() -> None:
    """A5 on the cosets of a subgroup of order 2: 60 elements, 30 points."""
    a5 = generate_family("A5").array
    e = next(g for g in range(60) if (a5[g] == np.arange(60)).all())
    involution = next(g for g in range(60) if g != e and a5[g, g] == e)
    truth = coset_action(a5, [e, involution])
    a, b = np.nonzero(np.random.default_rng(0).random(truth.shape) < 0.35)
    triples = np.stack([a, b, truth[a, b]], axis=1)
    found = synchronize(triples, sizes=(60, 30, 30), assume="action", size=12)
    assert found.factors[1].shape == (30, 12, 4)
    assert found.accepted
    assert (found.table == truth).all()


def test_weights_and_conflicting_observations() -> None:
    """As many wrong observations as right ones, of the same cells, with a tenth of the weight."""
    truth = generate_family("S4")
    right = mask(truth, observe=0.3, seed=0).observations
    wrong = right.copy()
    wrong[:, 2] = np.random.default_rng(0).permutation(wrong[:, 2])
    weights = np.r_[np.ones(len(right)), np.full(len(wrong), 0.1)]
    found = synchronize(
        np.concatenate([right, wrong]),
        sizes=(24, 24, 24),
        assume="group",
        weights=weights,
        accept=lambda table: bool((table == truth.array).all()),
    )
    assert found.accepted
    assert found.agreements(right).mean() > 5 * found.agreements(wrong).mean()


def test_the_same_seed_gives_the_same_run_and_the_gauge_is_free() -> None:
    truth = generate_family("A4")
    triples = mask(truth, observe=0.3, seed=0).observations
    one, two = (synchronize(triples, sizes=(12,) * 3, assume="group", seed=4) for _ in range(2))
    assert torch.equal(one.factors[0], two.factors[0])
    A, B, C = one.factors
    U = torch.linalg.qr(torch.randn(A.shape[1:], generator=torch.Generator().manual_seed(0))).Q
    moved = torch.stack([U @ X @ U.mT for X in A])
    start = torch.einsum("aij,bjk,cik->abc", A, B, C)
    assert torch.allclose(torch.einsum("aij,bjk,cik->abc", moved, moved, moved), start, atol=1e-3)


def test_a_representation_is_a_fixed_point() -> None:
    """Regular representation, all cells seen: sweeps leave it where it is and agreement is 1."""
    table = torch.from_numpy(generate_family("S3").array.copy())
    X = torch.zeros(1, 6, 6, 6, dtype=torch.float64)
    for g in range(6):
        X[0, g, table[g], torch.arange(6)] = 1.0  # g maps h to gh
    a, b = torch.meshgrid(torch.arange(6), torch.arange(6), indexing="ij")
    triples = torch.stack([a.flatten(), b.flatten(), table.flatten()], dim=1)
    assumed = (Structure.GROUP, [X]), (Structure.GROUP_ISOTOPE, [X, X, X]), ("action", [X, X])
    for assume, factors in assumed:
        sweeps = Sweeps(assume, [F.clone() for F in factors], SweepSchedule())
        sweeps.advance(Terms(triples, None, (6, 6, 6)))
        if assume == "group":
            assert sweeps.agreement.item() == pytest.approx(1.0)
        for F in sweeps.factors:
            scale = float((F * X).sum() / X.square().sum())
            assert 0.9 < scale < 1.1  # four steps towards the polar factor leave a few percent
            assert (F - scale * X).abs().max() < 1e-12


def test_random_factors_have_orthonormal_columns() -> None:
    A, B, C = random_factors(
        Structure.GROUP_ISOTOPE, (3, 4, 5), restarts=2, size=6, width=2, generator=torch.Generator()
    )
    assert (A.shape, B.shape, C.shape) == ((2, 3, 6, 6), (2, 4, 6, 2), (2, 5, 6, 2))
    assert (B.mT @ B - torch.eye(2)).abs().max() < 1e-5


def test_callback_and_keyboard_end_a_run_with_the_best_so_far() -> None:
    triples = mask(generate_family("S4"), observe=0.05, seed=0).observations
    seen = []

    def stop(sweep):
        seen.append(sweep)
        return sweep.sweep == 7

    found = synchronize(triples, sizes=(24,) * 3, assume="group", callback=stop)
    assert (found.reason, found.sweeps, len(seen)) == ("stopped", 7, 7)
    assert (np.sort(found.table, axis=0) == np.arange(24)[:, None]).all()

    def interrupt(_):
        raise KeyboardInterrupt

    found = synchronize(triples, sizes=(24,) * 3, assume="group", callback=interrupt)
    assert (found.reason, found.sweeps) == ("interrupted", 1)


def test_restarts_of_a_large_table_follow_each_other_until_one_is_accepted(monkeypatch) -> None:
    monkeypatch.setattr(_schedule, "_BATCH", 0.0)  # as if the table were large
    triples = mask(generate_family("S3"), observe=0.8, seed=0).observations
    seen = []

    def solved(**options):
        seen.clear()
        return synchronize(triples, sizes=(6,) * 3, assume="group", restarts=3, **options,
                           callback=lambda sweep: seen.append((sweep.restart, sweep.sweep)),
                           schedule=SweepSchedule(max_sweeps=5))  # fmt: skip

    found = solved(accept=lambda _: len(seen) > 5)
    assert (found.accepted, found.restart, found.sweeps, found.reason) == (True, 1, 5, "accepted")
    assert seen == [(0, k) for k in range(1, 6)] + [(1, k) for k in range(1, 5)]
    found = solved(accept=lambda _: False)
    assert (found.accepted, found.reason, len(seen)) == (False, "sweeps", 15)
    once = solved(accept=lambda _: True)
    assert (once.restart, len(seen)) == (0, 4)


def test_confidence_lies_between_0_and_1_and_grows_with_the_margin() -> None:
    triples = mask(generate_family("S4"), observe=0.05, seed=0).observations
    found = synchronize(triples, sizes=(24,) * 3, assume="group", accept=lambda _: False,
                        schedule=SweepSchedule(max_sweeps=20))  # fmt: skip
    order = np.argsort(found.decoded.margin, axis=None)
    confidence = found.confidence.ravel()[order]
    assert (np.diff(confidence) >= 0).all()
    assert 0 <= confidence.min() <= confidence.max() <= 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"assume": "ring"}, "`assume` must be group, isotope or action; got 'ring'"),
        ({"sizes": (3, 3, 4)}, "`sizes` must be equal"),
        ({"assume": "action", "sizes": (3, 3, 4)}, "the last two `sizes` must be equal"),
        ({"sizes": (1, 1, 1)}, "below"),
        ({"weights": [1.0]}, "`weights` must have one entry per observation, 2"),
        ({"weights": [1.0, -1.0]}, "not negative"),
        ({"weights": [0.0, 0.0]}, "not all 0"),
        ({"restarts": 0}, "`restarts` >= 1"),
        ({"size": 2, "width": 3}, "`size` >= `width`"),
        ({"observations": [[0, 1]]}, "shape"),
        ({"seed": -1}, "`seed` must be an integer >= 0"),
    ],
)
def test_bad_input_gets_one_clear_message(changes, message) -> None:
    options = {"observations": [[0, 1, 1], [1, 1, 2]], "sizes": (3, 3, 3), "assume": "group"}
    options |= changes
    with pytest.raises(ValueError, match=message):
        synchronize(options.pop("observations"), **options)
    with pytest.raises(TypeError, match="must hold integers"):
        synchronize([[0.5, 1, 1]], sizes=(3, 3, 3))


@pytest.mark.parametrize(
    ("name", "member"), [("group", Structure.GROUP), ("isotope", Structure.GROUP_ISOTOPE)]
)
def test_what_is_assumed_may_be_a_name_or_a_structure(name, member) -> None:
    triples = mask(generate_family("S3"), observe=0.8, seed=0).observations
    one, two = (synchronize(triples, sizes=(6,) * 3, assume=x) for x in (name, member))
    assert torch.equal(one.factors[1], two.factors[1])
    assert SweepSchedule.chosen(name) == SweepSchedule.chosen(member)
    with pytest.raises(ValueError, match="`assume` must be group, isotope or action; got 'loop'"):
        SweepSchedule.chosen(Structure.LOOP)


def test_matrix_size_shrinks_with_data() -> None:
    sizes = [matrix_size((120,) * 3, m) for m in (300, 600, 2000)]
    assert sizes == sorted(sizes, reverse=True)
    with pytest.raises(ValueError, match="`whitening`"):
        SweepSchedule(whitening=(0.7, 0.1))
    with pytest.raises(ValueError, match="at least 1"):
        SweepSchedule(max_sweeps=0)


@pytest.mark.parametrize("assume", ["group", "isotope"])
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_large_tables_are_proved_from_a_few_rows(assume, noise, monkeypatch) -> None:
    """The same path at a small order: whole tables are never decoded before the end."""
    monkeypatch.setattr(_run, "_DECODED_TRIPLES", 1)
    truth = generate_family("S4") if assume == "group" else isotope(generate_family("S4"), seed=3)
    observed = mask(truth, observe=0.15 if assume == "group" else 0.45, seed=3)
    if noise:
        observed = add_noise(observed, noise=noise, seed=3)
    assert solved(truth, observed, assume, noisy=noise > 0)


def test_rows_of_generators_force_the_whole_table() -> None:
    truth = generate_family("S4").array
    rows = np.array([1, 7, 12])
    assert (closed_rows(rows, truth[rows], None, Structure.GROUP) == truth).all()
    twisted = isotope(Table.from_array(truth), seed=0).array
    column = np.stack([np.arange(24), np.full(24, 5), twisted[:, 5]], axis=1)
    assert (closed_rows(rows, twisted[rows], column, Structure.GROUP_ISOTOPE) == twisted).all()
    assert closed_rows(rows, twisted[rows], None, Structure.GROUP_ISOTOPE) is None
    wrong = truth[rows].copy()
    wrong[0, [3, 4]] = wrong[0, [4, 3]]
    assert closed_rows(rows, wrong, None, Structure.GROUP) is None
