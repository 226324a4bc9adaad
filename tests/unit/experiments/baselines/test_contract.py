"""Every method through the same checks: a new one is a new row."""

import pickle

import numpy as np
import pytest

from cayley.experiments.baselines import Budget, Completer
from cayley.experiments.baselines._autoencoder import AutoencoderCompleter
from cayley.experiments.baselines._factorization import FactorizationCompleter
from cayley.experiments.baselines._frequent import MostFrequent
from cayley.experiments.baselines._mlp import MLPCompleter
from cayley.experiments.baselines._sat import SATCompleter
from cayley.experiments.baselines._solvers import HyperCubeCompleter, SolverCompleter
from cayley.experiments.baselines._transformer import TransformerCompleter
from cayley.experiments.baselines._tuning import TunedCompleter
from cayley.tables import Table, generate_family, isotope, mask

METHODS: dict[str, Completer] = {
    "most-frequent": MostFrequent(),
    "transformer": TransformerCompleter(width=16),
    "mlp": MLPCompleter(width=8),
    "cp": FactorizationCompleter(rank=1.0),
    "tucker": FactorizationCompleter(model="tucker", rank=0.5),
    "autoencoder": AutoencoderCompleter(width=16),
    "autoencoder-groups": AutoencoderCompleter(prior="groups", width=16),
    "sat-quasigroup": SATCompleter(),
    "sat-group": SATCompleter(structure="group"),
    "exact": SolverCompleter(solver="exact"),
    "synchronization": SolverCompleter(solver="synchronization", restarts=1),
    "hypercube": SolverCompleter(solver="hypercube", restarts=1),
    "hypercube-training": HyperCubeCompleter(),
    "hypercube-shared": HyperCubeCompleter(shared=True),
    "tuned": TunedCompleter(settings=(MLPCompleter(width=4), MLPCompleter(width=8))),
}
OPTIONAL = {"cp": "tensorly", "tucker": "tensorly"} | dict.fromkeys(
    ("sat-quasigroup", "sat-group"), "pysat"
)
BUDGET = Budget(steps=12, seconds=20)
TABLE = mask(generate_family("S3"), observe=0.7, seed=0)


@pytest.fixture(params=METHODS)
def name(request) -> str:
    if request.param in OPTIONAL:
        pytest.importorskip(OPTIONAL[request.param])
    return request.param


def test_answers_with_a_table_of_symbols(name) -> None:
    found = METHODS[name].complete(TABLE, seed=0, budget=BUDGET)
    assert found.table.shape == (6, 6)
    assert found.table.dtype == np.int64
    assert found.table.min() >= -1
    assert found.table.max() < 6
    assert 0 <= found.steps <= BUDGET.steps


def test_the_same_seed_gives_the_same_answer_and_touches_no_global_state(name) -> None:
    import torch

    before = torch.random.get_rng_state()
    first, second = (METHODS[name].complete(TABLE, seed=3, budget=BUDGET) for _ in range(2))
    assert (first.table == second.table).all()
    assert (first.steps, first.verdict) == (second.steps, second.verdict)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_callback_ends_it(name) -> None:
    seen = []

    def stop(step) -> bool:
        seen.append((step.step, step.predict().shape))
        return True

    found = METHODS[name].complete(TABLE, seed=0, budget=BUDGET, callback=stop)
    assert len(seen) <= 1
    assert all(shape == (6, 6) for _, shape in seen)
    if seen and name not in ("most-frequent", "sat-quasigroup", "sat-group", "hypercube"):
        assert found.reason == "stopped"


def test_an_interrupt_ends_it_and_leaves_no_answer(name) -> None:
    """Ctrl-C, at the first step: a run cut short must not be taken for a measurement."""

    def interrupt(step) -> None:
        seen.append(step.step)
        raise KeyboardInterrupt

    seen: list[int] = []
    try:
        METHODS[name].complete(TABLE, seed=0, budget=BUDGET, callback=interrupt)
    except KeyboardInterrupt:
        assert len(seen) == 1
    else:
        assert not seen, "it went on and answered"


def test_three_alphabets_are_completed_or_refused_with_a_reason(name) -> None:
    table = mask(isotope(generate_family("S3"), seed=1), observe=0.7, seed=0)
    if name in ("sat-group", "hypercube-shared"):
        with pytest.raises(ValueError, match="one alphabet"):
            METHODS[name].complete(table, seed=0, budget=BUDGET)
    else:
        assert METHODS[name].complete(table, seed=0, budget=BUDGET).table.shape == (6, 6)


def test_is_a_value(name) -> None:
    method = METHODS[name]
    assert isinstance(method, Completer)
    assert pickle.loads(pickle.dumps(method)) == method
    assert repr(method).startswith(type(method).__name__)


@pytest.mark.parametrize("limits", [{"steps": 0}, {"seconds": 0.0}, {"seconds": -1.0}])
def test_a_budget_is_positive(limits) -> None:
    with pytest.raises(ValueError, match=r"`(steps|seconds)` must be"):
        Budget(**limits)


def test_seconds_end_it() -> None:
    found = MLPCompleter(width=4).complete(TABLE, seed=0, budget=Budget(steps=10**9, seconds=0.05))
    assert found.reason == "seconds"
    assert found.steps > 0


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(TransformerCompleter(width=32), marks=pytest.mark.slow),
        MLPCompleter(width=32),
    ],
)
def test_networks_learn_what_they_are_shown(method) -> None:
    table = generate_family("S3")
    found = method.complete(table, seed=0, budget=Budget(steps=400))
    assert (found.table == table.array).mean() > 0.9


def test_most_frequent_is_the_most_frequent() -> None:
    table = Table.from_array([[2, 2, 0], [1, -1, -1], [2, -1, 0]])
    assert (MostFrequent().complete(table, seed=0, budget=BUDGET).table == 2).all()


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (FactorizationCompleter(rank=0.0), "`rank` positive"),
        (AutoencoderCompleter(prior="all"), "`prior` must be"),  # type: ignore[arg-type]
        (SATCompleter(structure="loop"), "`structure` must be"),  # type: ignore[arg-type]
        (TransformerCompleter(width=10, heads=4), "`heads` must divide `width`"),
        (TunedCompleter(settings=()), "`settings` must hold"),
    ],
)
def test_bad_settings_are_named(method, message) -> None:
    with pytest.raises(ValueError, match=message):
        method.complete(TABLE, seed=0, budget=BUDGET)


def test_what_is_too_large_is_refused_before_it_is_built() -> None:
    large = mask(generate_family("C40"), observe=0.5, seed=0)
    with pytest.raises(ValueError, match="too large for an autoencoder"):
        AutoencoderCompleter().complete(large, seed=0, budget=BUDGET)
    pytest.importorskip("pysat")
    with pytest.raises(ValueError, match="over `max_clauses` = 10,000"):
        SATCompleter(structure="group", max_clauses=10_000).complete(large, seed=0, budget=BUDGET)


@pytest.mark.parametrize("shared", [False, True])
def test_training_has_the_defaults_of_hypercube(shared) -> None:
    """The method measured is the one that users get: rate and penalty are not set apart."""
    import torch

    from cayley._random import stream_seed
    from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train

    random = torch.Generator().manual_seed(stream_seed(5, "weights"))
    model = HyperCube(6, shared=shared, generator=random)
    observations = ObservedProducts.from_triples(TABLE.observations, sizes=(6, 6, 6))
    expected = train(model, observations, schedule=TrainingSchedule(max_steps=30))
    found = HyperCubeCompleter(shared=shared).complete(TABLE, seed=5, budget=Budget(steps=30))
    assert found.steps == expected.last.step
    assert found.numbers["penalty_ratio"] == pytest.approx(expected.last.penalty_ratio)


@pytest.mark.slow
def test_what_does_not_settle_is_released_and_fitted_exactly() -> None:
    table = generate_family("mod5:a^2+ab+b^2")
    budget = Budget(steps=2000)
    stalled = HyperCubeCompleter().complete(table, seed=0, budget=budget)
    fitted = HyperCubeCompleter(settle=True).complete(table, seed=0, budget=budget)
    assert stalled.numbers["loss"] > 0.1
    assert fitted.numbers["loss"] < 1e-6
    assert (fitted.reason, fitted.table.tolist()) == ("finished", table.array.tolist())
