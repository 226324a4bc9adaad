import pytest
import torch
from tests.host_waits import recorded_waits

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule
from cayley.hypercube._loop import Loop
from cayley.hypercube._processes import Processes
from cayley.hypercube._workspace import Workspace
from cayley.tables import generate_family, mask


@pytest.mark.parametrize("shared", [False, True], ids=["separate", "shared"])
@pytest.mark.parametrize("spec", ["S3", "S4", "A5"], ids=["masked", "batch", "rows"])
@torch.no_grad()
def test_a_step_without_a_look_waits_for_nothing(spec: str, shared: bool) -> None:
    """On a GPU the processor runs ahead; it waits at looks only."""
    table = mask(generate_family(spec), observe=0.3, seed=0)
    n = table.order
    loop = Loop(
        HyperCube(n, restarts=2, shared=shared),
        ObservedProducts.from_triples(table.observations, sizes=(n, n, n)),
        TrainingSchedule(),
        accept=None,
        workspace=Workspace(),
        processes=Processes(None),
        bfloat16=False,
    )
    loop.advance()  # makes what is kept: indices and sums over the observations
    with recorded_waits() as waits:
        loop.advance(look=False)
    assert waits == []
    with recorded_waits() as waits:
        loop.advance()
        loop.summary()
    assert waits  # the recorder does see the numbers being read
