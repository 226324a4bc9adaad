"""Sweeps: what they wait for, and what they compute anew."""

import numpy as np
import pytest
import torch
from tests.host_waits import recorded_waits

from cayley.algebra import Structure
from cayley.synchronization import _sweeps
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._polar_decomposition import newton_schulz
from cayley.synchronization._run import SolverRun
from cayley.synchronization._schedule import SweepSchedule
from cayley.synchronization._sweeps import Sweeps, random_factors
from cayley.synchronization._terms import Terms
from cayley.tables import generate_family, mask


@pytest.mark.parametrize("noisy", [False, True], ids=["clean", "noisy"])
@pytest.mark.parametrize("assume", ["group", "isotope"])
@torch.no_grad()
def test_a_sweep_without_a_look_waits_for_nothing(assume: str, noisy: bool) -> None:
    """On a GPU the processor runs ahead; it waits at looks only."""
    table = mask(generate_family("S4"), observe=0.4, seed=0)
    operation = PartialOperation.checked(
        table.observations, sizes=(24, 24, 24), assume=assume, weights=None
    )
    factors = random_factors(
        operation.assume,
        operation.sizes,
        restarts=2,
        size=10,
        width=10,
        generator=torch.Generator().manual_seed(0),
    )
    schedule = SweepSchedule.chosen(operation.assume, noisy=noisy)
    run = SolverRun(operation, factors, schedule, lambda table: False, 0)
    for _ in range(1 if not noisy else 1 + (schedule.robust_after or 0)):
        run.advance()
    with recorded_waits() as waits:
        run.advance()
    assert waits == []
    with recorded_waits() as waits:
        run.report()
    assert waits
    assert np.isfinite(run.report().agreement)


def test_a_power_of_the_gram_matrix_is_kept_for_four_sweeps(monkeypatch) -> None:
    computed = []
    original = _sweeps.gram_power

    def counting(Y, power):
        computed.append(sweeps.done)
        return original(Y, power)

    monkeypatch.setattr(_sweeps, "gram_power", counting)
    g = torch.Generator().manual_seed(0)
    triples = torch.randint(0, 5, (20, 3), generator=g)
    factors = random_factors(
        "action", (5, 5, 5), restarts=1, size=4, width=3, generator=g, dtype=torch.float64
    )
    sweeps = Sweeps("action", factors, SweepSchedule.chosen("action"))
    for _ in range(9):
        sweeps.advance(Terms(triples, None, (5, 5, 5)))
    assert computed == [0, 0, 4, 4, 8, 8]  # of both factors


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
def test_one_factor_moves_by_all_three_sums(dtype) -> None:
    """The first movement, before whitening and polar factors, against a loop."""
    g = torch.Generator().manual_seed(0)
    (X,) = random_factors(
        Structure.GROUP, (5, 5, 5), restarts=1, size=4, width=4, generator=g, dtype=dtype
    )
    triples = torch.randint(0, 5, (20, 3), generator=g)
    expected = torch.zeros_like(X[0])
    for a, b, c in triples.tolist():
        expected[a] += X[0, c] @ X[0, b].mH
        expected[b] += X[0, a].mH @ X[0, c]
        expected[c] += X[0, a] @ X[0, b]
    counts = torch.bincount(triples.flatten(), minlength=5)
    schedule = SweepSchedule(whitening=(0.0, 0.0))
    sweeps = Sweeps(Structure.GROUP, [X.clone()], schedule)
    sweeps.advance(Terms(triples, None, (5, 5, 5)))
    moved = newton_schulz(expected / counts[:, None, None])
    assert torch.allclose(sweeps.factors[0][0], moved)
