from statistics import median

import numpy as np
import pytest
import torch

from cayley.hypercube import (
    HyperCube,
    ObservedProducts,
    TrainingResult,
    TrainingSchedule,
    TrainingStep,
    train,
)
from cayley.hypercube._result import DecodedTable
from cayley.tables import Table, generate_family, mask


def problem(spec: str, observe: float, seed: int) -> tuple[Table, ObservedProducts]:
    truth = generate_family(spec)
    partial = mask(truth, observe=observe, seed=seed)
    sizes = (truth.order,) * 3
    return truth, ObservedProducts.from_triples(partial.observations, sizes=sizes)


def run(
    spec: str, observe: float, seed: int, *, max_steps: int, **options: object
) -> TrainingResult:
    truth, observations = problem(spec, observe, seed)
    generator = torch.Generator().manual_seed(seed)
    model = HyperCube(truth.order, generator=generator, **options)  # type: ignore[arg-type]
    return train(
        model,
        observations,
        schedule=TrainingSchedule(max_steps=max_steps),
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
    result = train(model, observations, schedule=TrainingSchedule(max_steps=3000))
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
    seen: list[TrainingStep] = []

    def callback(step: TrainingStep) -> bool:
        seen.append(step)
        return step.step == 7

    _, observations = problem("S3", 1.0, 0)
    result = train(HyperCube(6), observations, callback=callback)
    assert [step.step for step in seen] == list(range(1, 8))
    assert result.reason == "stopped"
    assert result.last.step == 7


def test_interrupt_keeps_the_best_so_far() -> None:
    def callback(step: TrainingStep) -> None:
        if step.step == 12:
            raise KeyboardInterrupt

    _, observations = problem("S3", 1.0, 0)
    result = train(HyperCube(6), observations, callback=callback)
    assert result.reason == "interrupted"
    assert result.decoded.table.shape == (6, 6)


def test_refused_tables_are_not_asked_about_again() -> None:
    asked: list[bytes] = []

    def accept(decoded: DecodedTable) -> bool:
        asked.append(decoded.table.tobytes())
        return False

    _, observations = problem("S3", 1.0, 0)
    train(HyperCube(6), observations, schedule=TrainingSchedule(max_steps=120), accept=accept)
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


def test_what_cannot_be_completed_stalls_early() -> None:
    """An operation that is no group ends long before the most steps, and says so."""
    result = run("mod7:a^2+ab+b^2", 0.85, 0, max_steps=1500)
    assert result.reason == "stalled"
    assert result.last.step < 700
    assert result.last.epsilon > 0


def test_no_progress_asked_for_is_no_stalling() -> None:
    truth, observations = problem("mod7:a^2+ab+b^2", 0.85, 0)
    model = HyperCube(truth.order, generator=torch.Generator().manual_seed(0))
    result = train(model, observations, schedule=TrainingSchedule(max_steps=1000, progress=0))
    assert result.reason == "steps"


def test_a_rate_that_is_too_large_is_halved() -> None:
    """Shared factors and many observations: at the rate 1.5 the objective rises at first."""
    _, observations = problem("S4", 1.0, 0)
    model = HyperCube(24, shared=True, generator=torch.Generator().manual_seed(0))
    result = train(
        model, observations, schedule=TrainingSchedule(rate=1.5, max_steps=300, progress=0)
    )
    assert result.last.fit == 1
    assert result.last.penalty_ratio == pytest.approx(3, abs=0.5)


def test_bfloat16_solves_in_about_as_many_steps() -> None:
    """Agreement of bfloat16 products with float32 where it counts; loose by a look or two."""
    truth, observations = problem("S4", 0.4, 0)
    steps = []
    for rough in (False, True):
        model = HyperCube(24, generator=torch.Generator().manual_seed(0))
        result = train(
            model,
            observations,
            accept=lambda decoded: bool((decoded.table == truth.array).all()),
            bfloat16=rough,
        )
        assert result.reason == "accepted"
        steps.append(result.last.step)
    assert abs(steps[0] - steps[1]) <= 10


def test_bfloat16_ends_in_full_precision() -> None:
    _, observations = problem("S3", 1.0, 0)
    model = HyperCube(6, generator=torch.Generator().manual_seed(0))
    result = train(model, observations, schedule=TrainingSchedule(max_steps=3000), bfloat16=True)
    assert result.reason == "converged"
    assert result.last.loss < 1e-6
    assert result.last.penalty_ratio == pytest.approx(3, abs=1e-3)


def test_an_action_is_completed() -> None:
    """Rotations and reflections on the four corners of a square: 8 rows, 4 columns, 4 symbols."""
    corners = np.arange(4)
    table = np.array([(s * corners + k) % 4 for s in (1, -1) for k in range(4)])
    rng = np.random.default_rng(0)
    seen = np.argwhere(rng.random(table.shape) < 0.8)
    triples = [(a, b, table[a, b]) for a, b in seen]
    observations = ObservedProducts.from_triples(triples, sizes=(8, 4, 4))
    model = HyperCube((8, 4, 4), restarts=4, generator=torch.Generator().manual_seed(0))
    result = train(model, observations, accept=lambda decoded: bool((decoded.table == table).all()))
    assert len(seen) < table.size
    assert result.reason == "accepted"


def test_soft_targets_are_learnt_as_their_most_likely_symbols() -> None:
    """70 % on the right symbol of every seen cell, the rest spread out."""
    truth = generate_family("S3")
    pairs = np.argwhere(mask(truth, observe=0.8, seed=0).array >= 0)
    q = np.full((len(pairs), 6), 0.3 / 5)
    q[np.arange(len(pairs)), truth.array[tuple(pairs.T)]] = 0.7
    observations = ObservedProducts.from_distributions(pairs, q, sizes=(6, 6, 6))
    model = HyperCube(6, restarts=4, generator=torch.Generator().manual_seed(0))
    result = train(
        model,
        observations,
        accept=lambda decoded: bool((decoded.table == truth.array).all()),
    )
    assert result.reason == "accepted"
    assert result.last.fit == pytest.approx(0.7, abs=1e-5)


def test_a_swing_is_no_rest() -> None:
    """At the full rate dense data make the factors swing; the halved rate has time to calm them."""
    _, observations = problem("S4", 0.8, 4)
    model = HyperCube(24, generator=torch.Generator().manual_seed(4))
    result = train(model, observations)
    assert (result.last.fit, result.reason) == (1.0, "converged")
    assert 2.99 < result.last.penalty_ratio < 3.1  # 3.06 is another minimum of a table with gaps


@pytest.mark.parametrize("rate", [16.0, 1e6])
def test_a_rate_far_too_large_is_halved_from_the_best_factors_until_it_is_not(rate) -> None:
    truth = generate_family("S4").array
    partial = mask(generate_family("S4"), observe=0.5, seed=0)
    result = train(
        HyperCube(24, generator=torch.Generator().manual_seed(0)),
        ObservedProducts.from_triples(partial.observations, sizes=(24, 24, 24)),
        schedule=TrainingSchedule(rate=rate, max_steps=1500),
        accept=lambda decoded: bool((decoded.table == truth).all()),
    )
    assert result.reason == "accepted"
