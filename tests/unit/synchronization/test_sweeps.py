import numpy as np
import pytest
import torch
from tests.host_waits import recorded_waits

from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._run import SolverRun
from cayley.synchronization._schedule import SweepSchedule
from cayley.synchronization._sweeps import random_factors
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
