"""Training on NumPy's arrays: the numbers of the training with PyTorch from the same start."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.hypercube._array_formulas import (
    SeenCells,
    data_gradient,
    decode_arrays,
    imbalance,
    penalty,
    penalty_gradient,
    separate,
)
from cayley.hypercube._array_training import ArrayTraining, random_matrices, train_arrays
from cayley.hypercube._functional import hypercube_imbalance, hypercube_penalty

NUMBERS = (
    "loss",
    "fit",
    "agreement",
    "penalty_ratio",
    "penalty_floor",
    "imbalance",
    "epsilon",
    "restart",
)


def start(order, *, shared, restarts=3, seed=0, dtype=np.float64):
    random = np.random.default_rng(seed)
    return random_matrices(order, shared=shared, restarts=restarts, random=random, dtype=dtype)


def as_model(X, *, shared) -> HyperCube:
    model = HyperCube(X.shape[-1], shared=shared, restarts=len(X), dtype=torch.float64)
    model.matrices.data.copy_(torch.from_numpy(X))
    return model


def random_cells(order, seed=0):
    """Return observations of some cells, some of them with several results."""
    count = max(1, int(0.8 * order * order))
    return np.random.default_rng(seed).integers(0, order, (count, 3))


def subtraction(order):
    a, b = np.indices((order, order)).reshape(2, -1)
    return np.stack([a, b, (a - b) % order], axis=1)


def both(triples, order, *, shared, schedule, seed=0):
    X = start(order, shared=shared, seed=seed)
    model = as_model(X, shared=shared)
    cells = ObservedProducts.from_triples(triples, sizes=(order,) * 3)
    steps, array_steps = [], []
    found = train(model, cells, schedule=schedule, callback=steps.append)
    array = train_arrays(X, triples, shared=shared, schedule=schedule, callback=array_steps.append)
    return found, array, steps, array_steps


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("order", [1, 2, 6, 9])
def test_twenty_steps_have_the_numbers_of_the_training_with_tensors(order, shared) -> None:
    schedule = TrainingSchedule(max_steps=20)
    found, array, steps, array_steps = both(
        random_cells(order), order, shared=shared, schedule=schedule
    )
    assert len(steps) == len(array_steps) == 20
    for step, again in zip(steps, array_steps, strict=True):
        for name in NUMBERS:
            assert getattr(again, name) == pytest.approx(
                getattr(step, name), abs=1e-10, rel=1e-10, nan_ok=True
            )
    assert (array.decoded.table == found.decoded.table).all()
    assert array.decoded.margin == pytest.approx(found.decoded.margin, abs=1e-10)


@pytest.mark.parametrize(
    ("triples", "shared", "changes"),
    [
        pytest.param(random_cells(5), False, {}, id="a plateau"),
        pytest.param(random_cells(5), True, {}, id="a plateau of shared factors"),
        pytest.param(random_cells(5), False, {"at_rest": "release"}, id="the penalty released"),
        pytest.param(subtraction(5), False, {"rate": 6.0}, id="a rate too large"),
        pytest.param(subtraction(4), False, {"max_steps": 400}, id="the penalty settled"),
    ],
)
def test_the_penalty_the_rate_and_the_end_are_those_of_the_training_with_tensors(
    triples, shared, changes
) -> None:
    order = int(triples.max()) + 1
    schedule = replace(TrainingSchedule(max_steps=240, imbalance=1e-3), **changes)
    found, array, steps, array_steps = both(triples, order, shared=shared, schedule=schedule)
    assert array.reason == found.reason
    assert array.last.step == found.last.step
    assert [s.epsilon for s in array_steps] == pytest.approx([s.epsilon for s in steps])
    assert array.last.loss == pytest.approx(found.last.loss, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("shared", [False, True])
def test_gradients_are_those_of_finite_differences(shared) -> None:
    order, triples = 3, random_cells(3)
    X = start(order, shared=shared, restarts=1)
    seen = SeenCells.of(triples, order, np.float64)

    def loss(X):
        A, B, C = separate(X, shared=shared)
        products = np.einsum("raij,rbjk,rcki->rabc", A, B, C) / order
        a, b, c = triples.T
        target = np.zeros((len(triples), order))
        target[np.arange(len(triples)), c] = 1
        return ((products[0, a, b] - target) ** 2).sum()

    gradient, _ = data_gradient(X, seen, shared=shared)
    flat = penalty_gradient(X, shared=shared)
    for place in [(0, 0, 0, 1), (0, 2, 1, 0), (0, X.shape[1] - 1, 2, 2)]:
        step = np.zeros_like(X)
        step[place] = 1e-5
        slope = (loss(X + step) - loss(X - step)) / 2e-5
        assert gradient[place] == pytest.approx(slope, rel=1e-6, abs=1e-7)
        more, less = (penalty(X + s * step, shared=shared)[0] for s in (1, -1))
        assert flat[place] == pytest.approx((more - less) / 2e-5, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("shared", [False, True])
def test_penalty_and_imbalance_are_the_formulas_on_tensors(shared) -> None:
    X = start(4, shared=shared)
    factors = as_model(X, shared=shared).factors
    with torch.no_grad():
        expected = hypercube_penalty(*factors).numpy(), hypercube_imbalance(*factors).numpy()
    assert penalty(X, shared=shared) == pytest.approx(expected[0], rel=1e-12)
    assert imbalance(X, shared=shared) == pytest.approx(expected[1], rel=1e-12)


def test_training_ends_where_a_table_is_accepted_or_the_callback_asks() -> None:
    triples = subtraction(5)[::2]
    seen = []

    def accept(decoded):
        seen.append(decoded.table)
        return all(decoded.table[a, b] == c for a, b, c in triples.tolist())

    X = start(5, shared=False, dtype=np.float32)
    result = train_arrays(X, triples, shared=False, schedule=TrainingSchedule(), accept=accept)
    assert result.reason == "accepted"
    assert (result.decoded.table == seen[-1]).all()
    assert X.dtype == np.float32
    table = decode_arrays(X[result.last.restart], shared=False).table
    assert (table == result.decoded.table).all()
    stopped = train_arrays(
        start(5, shared=False), triples, shared=False, schedule=TrainingSchedule(),
        callback=lambda step: step.step >= 10, report_every=5,
    )  # fmt: skip
    assert (stopped.reason, stopped.last.step) == ("stopped", 10)


def test_the_keyboard_ends_training_with_the_best_so_far() -> None:
    def interrupt(step):
        raise KeyboardInterrupt

    result = train_arrays(
        start(3, shared=True), subtraction(3), shared=True, schedule=TrainingSchedule(),
        callback=interrupt, report_every=7,
    )  # fmt: skip
    assert (result.reason, result.last.step) == ("interrupted", 7)
    assert result.decoded.table.shape == (3, 3)


def test_restarts_that_diverge_are_never_the_best() -> None:
    X = start(3, shared=False)
    X[1] = np.nan
    training = ArrayTraining(X, subtraction(3), shared=False, schedule=TrainingSchedule())
    training.advance()
    assert training.alive.tolist() == [True, False, True]
    assert training.best != 1
    X[:] = np.nan
    result = train_arrays(X, subtraction(3), shared=False, schedule=TrainingSchedule())
    assert result.reason == "diverged"
