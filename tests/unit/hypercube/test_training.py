from statistics import median

import numpy as np
import pytest
import torch

from cayley.hypercube import Decoded, HyperCube, Observations, Schedule, Step, TrainingResult, train
from cayley.tables import Table, generate_family, mask


def problem(spec: str, observe: float, seed: int) -> tuple[Table, Observations]:
    truth = generate_family(spec)
    partial = mask(truth, observe=observe, seed=seed)
    sizes = (truth.order,) * 3
    return truth, Observations.from_triples(partial.observations, sizes=sizes)


def run(
    spec: str, observe: float, seed: int, *, max_steps: int, **options: object
) -> TrainingResult:
    truth, observations = problem(spec, observe, seed)
    generator = torch.Generator().manual_seed(seed)
    model = HyperCube(truth.order, generator=generator, **options)  # type: ignore[arg-type]
    return train(
        model,
        observations,
        schedule=Schedule(max_steps=max_steps),
        accept=lambda decoded: bool((decoded.table == truth.array).all()),
    )


@pytest.mark.parametrize(
    ("spec", "observe", "shared", "most"),
    [("S3", 0.61, False, 60), ("S4", 0.30, False, 250), ("S4", 0.15, True, 60)],
    ids=["S3 61 %", "S4 30 %", "S4 15 % shared"],
)
def test_steps_are_those_of_the_published_method(spec, observe, shared, most) -> None:
    """Loose on purpose: medians over seeds, published or measured ranges doubled."""
    results = [run(spec, observe, s, max_steps=400, shared=shared) for s in range(5)]
    assert median(result.last.step for result in results) <= most
    assert sum(result.reason == "accepted" for result in results) >= 4


@pytest.mark.parametrize("shared", [False, True], ids=["separate", "shared"])
@pytest.mark.parametrize("complex_factors", [False, True], ids=["real", "complex"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_every_kind_of_factors_completes_a_group(shared, complex_factors, dtype) -> None:
    result = run(
        "S3", 0.8, 0, max_steps=200, shared=shared, complex_factors=complex_factors, dtype=dtype,
        restarts=4,
    )  # fmt: skip
    assert result.reason == "accepted"


def test_the_same_seed_gives_the_same_run() -> None:
    one, two = (run("S3", 0.7, 3, max_steps=20, restarts=2) for _ in range(2))
    assert one.last == two.last
    assert np.array_equal(one.decoded.table, two.decoded.table)


def test_converged_factors_of_a_group_reach_the_bound() -> None:
    """H / n^2 is 3 for an exact fit of a group's table, and the loss vanishes."""
    _, observations = problem("S3", 1.0, 0)
    model = HyperCube(6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    result = train(model, observations, schedule=Schedule(max_steps=3000))
    assert result.reason == "converged"
    assert result.last.epsilon == 0
    assert result.last.loss < 1e-6
    assert result.last.penalty_ratio == pytest.approx(3, abs=1e-3)
    A, B, C = (F[0].detach() for F in model.factors)
    for F in (A, B, C):  # scaled unitaries
        gram = F.mT @ F
        scale = gram.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None, None]
        assert (gram / scale - torch.eye(6, dtype=F.dtype)).abs().max() < 1e-2


def test_callback_sees_every_step_and_can_stop() -> None:
    seen: list[Step] = []

    def callback(step: Step) -> bool:
        seen.append(step)
        return step.step == 7

    _, observations = problem("S3", 1.0, 0)
    result = train(HyperCube(6), observations, callback=callback)
    assert [step.step for step in seen] == list(range(1, 8))
    assert result.reason == "stopped"
    assert result.last.step == 7


def test_interrupt_keeps_the_best_so_far() -> None:
    def callback(step: Step) -> None:
        if step.step == 12:
            raise KeyboardInterrupt

    _, observations = problem("S3", 1.0, 0)
    result = train(HyperCube(6), observations, callback=callback)
    assert result.reason == "interrupted"
    assert result.decoded.table.shape == (6, 6)


def test_refused_tables_are_not_asked_about_again() -> None:
    asked: list[bytes] = []

    def accept(decoded: Decoded) -> bool:
        asked.append(decoded.table.tobytes())
        return False

    _, observations = problem("S3", 1.0, 0)
    train(HyperCube(6), observations, schedule=Schedule(max_steps=120), accept=accept)
    assert len(asked) == len(set(asked)) > 0


def test_divergence_is_a_result() -> None:
    _, observations = problem("S3", 1.0, 0)
    model = HyperCube(6, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        model.matrices.fill_(torch.nan)
    assert train(model, observations).reason == "diverged"


def test_sizes_must_agree() -> None:
    _, observations = problem("S3", 1.0, 0)
    with pytest.raises(ValueError, match="`model` has sizes"):
        train(HyperCube(5), observations)
