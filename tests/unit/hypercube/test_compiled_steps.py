import subprocess
import sys

import numpy as np
import pytest
import torch

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.hypercube._compiled_steps import pays_to_compile
from cayley.hypercube._loop import Loop
from cayley.hypercube._processes import Processes
from cayley.hypercube._workspace import Workspace
from cayley.tables import generate_family, mask


def make(sizes, dim, *, shared=False, restarts=2, dtype=torch.float64) -> HyperCube:
    return HyperCube(
        sizes,
        dim=dim,
        shared=shared,
        restarts=restarts,
        generator=torch.Generator().manual_seed(0),
        dtype=dtype,
    )


def loop_of(model: HyperCube, observations: ObservedProducts, *, compiled: bool) -> Loop:
    return Loop(
        model,
        observations,
        TrainingSchedule(),
        accept=None,
        workspace=Workspace(),
        processes=Processes(None),
        bfloat16=False,
        compiled=compiled,
    )


@pytest.mark.parametrize(
    ("sizes", "shared"),
    [
        ((6, 6, 6), False),
        ((8, 4, 5), False),
        ((24, 24, 24), False),
        ((6, 6, 6), True),
        ((24, 24, 24), True),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["plain", "weighted"])
@torch.no_grad()
def test_compiled_steps_are_those_of_torch(sizes, shared, kind, observed, distributed) -> None:
    """Matrices and statistics after steps with the penalty, and after steps without it."""
    observations = observed(sizes) if kind == "plain" else distributed(sizes)[0]
    dim = max(sizes) if kind == "plain" else 5
    loops = [
        loop_of(make(sizes, dim, shared=shared), observations, compiled=compiled)
        for compiled in (False, True)
    ]
    for steps in (1, 7, 5):
        for loop in loops:
            loop.advance(steps)
        plain, compiled = loops
        scale = plain.model.matrices.abs().max()
        assert (plain.model.matrices - compiled.model.matrices).abs().max() < 1e-12 * scale
        for name in ("loss", "fit", "agreement"):
            one, other = (getattr(loop.fit, name) for loop in loops)
            torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-12)
        for loop in loops:
            # What a look may do between two calls: the arrays are shared, not copied.
            loop.descent.drop_penalty(torch.tensor([True, False]))
            loop.descent.rate[1] *= 0.5


def test_a_training_with_compiled_steps_is_the_same_up_to_rounding() -> None:
    truth = generate_family("S3")
    partial = mask(truth, observe=0.8, seed=0)
    observations = ObservedProducts.from_triples(partial.observations, sizes=(6, 6, 6))
    found = []
    for compiled in (False, True, True):
        model = make(6, 6)
        result = train(
            model, observations, schedule=TrainingSchedule(max_steps=333), compiled=compiled
        )
        found.append((result, model.matrices.detach().numpy().tobytes()))
    plain, one, two = (result for result, _ in found)
    assert found[1][1] == found[2][1]  # one seed, the same bytes
    assert one.last == two.last
    assert (plain.reason, plain.last.step) == (one.reason, one.last.step)
    assert np.array_equal(plain.decoded.table, one.decoded.table)
    assert one.last.loss == pytest.approx(plain.last.loss, abs=1e-9)


def test_reports_come_when_they_are_asked_for() -> None:
    observations = ObservedProducts.from_triples(generate_family("S3").observations, sizes=(6,) * 3)
    for compiled in (False, True):
        seen: list[int] = []
        result = train(
            make(6, 6),
            observations,
            schedule=TrainingSchedule(max_steps=24),
            callback=lambda step, seen=seen: seen.append(step.step),
            report_every=7,
            compiled=compiled,
        )
        assert seen == [7, 14, 21]
        assert result.last.step == 24


def test_only_long_trainings_of_small_real_factors_are_compiled_by_themselves() -> None:
    full = ObservedProducts.from_triples(generate_family("S4").observations, sizes=(24,) * 3)
    long, short = TrainingSchedule(max_steps=6000), TrainingSchedule(max_steps=300)
    model = HyperCube(24, restarts=4)
    assert pays_to_compile(model, full, long)
    assert not pays_to_compile(model, full, short)
    assert not pays_to_compile(HyperCube(24, restarts=4, complex_factors=True), full, long)
    few = ObservedProducts.from_triples([[0, 0, 0]], sizes=(25,) * 3)
    assert not pays_to_compile(HyperCube(25), few, TrainingSchedule(max_steps=10**6))


def test_what_cannot_be_compiled_is_said() -> None:
    observations = ObservedProducts.from_triples([[0, 0, 0]], sizes=(30,) * 3)
    with pytest.raises(ValueError, match=r"`compiled` steps need sizes up to 24; got \(30, 30"):
        train(HyperCube(30), observations, compiled=True)
    with pytest.raises(ValueError, match="need real factors"):
        train(HyperCube(30, complex_factors=True), observations, compiled=True)
    small = ObservedProducts.from_triples([[0, 0, 0]], sizes=(3,) * 3)
    with pytest.raises(ValueError, match="not in bfloat16"):
        train(HyperCube(3), small, compiled=True, bfloat16=True)
    with pytest.raises(ValueError, match="`report_every` must be at least 1"):
        train(HyperCube(3), small, report_every=0)


def test_a_small_table_loads_no_compiler() -> None:
    program = (
        "import sys; from cayley import solve, generate, mask;"
        "found = solve(mask(generate('S3'), observe=0.8, seed=0), solver='hypercube');"
        "assert found.learned is not None; assert not {'torch', 'numba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.slow  # numba compiles the kernel again for float32
def test_the_compiled_kernel_in_single_precision_solves_tables() -> None:
    truth = generate_family("S4")
    partial = mask(truth, observe=0.4, seed=0)
    result = train(
        make(24, 24, dtype=torch.float32),
        ObservedProducts.from_triples(partial.observations, sizes=(24,) * 3),
        accept=lambda decoded: bool((decoded.table == truth.array).all()),
        compiled=True,
    )
    assert result.reason == "accepted"
