import numpy as np
import pytest
import torch

from cayley.completion._progress import SolverName
from cayley.experiments import Store, run_suite, run_sweep
from cayley.experiments import _workers as workers
from cayley.experiments._completion import (
    GROUPS,
    Experiment,
    Grid,
    run_experiment,
    suite_of,
    twelve_operations,
)
from cayley.experiments._config import trial_of
from cayley.experiments._reproduce import REPRODUCTIONS, reproduce
from cayley.experiments.baselines import Budget
from cayley.experiments.baselines._catalog import METHODS, SETTINGS, make_completer, options_of
from cayley.experiments.baselines._variant import VariantCompleter
from cayley.hypercube import _checkpoint as checkpoints
from cayley.hypercube._functional import hypercube_penalty
from cayley.tables import add_noise, generate_family, mask


def test_every_solver_of_solve_is_a_method() -> None:
    from typing import get_args

    assert set(get_args(SolverName)) <= set(METHODS)


def test_methods_get_the_same_cells_whatever_their_name() -> None:
    one, other = (
        Experiment(operation="S4", observe=0.4, noise=0.1, method=method, seed=7)
        for method in ("exact", "cp")
    )
    (truth, shown), (_, again) = one.tables(), other.tables()
    assert shown == again
    expected = add_noise(mask(generate_family("S4"), observe=0.4, seed=7), noise=0.1, seed=7)
    assert shown == expected
    wrong = (shown.array >= 0) & (shown.array != truth.array)
    assert wrong.sum() == round(0.1 * shown.num_observed)


def test_accuracy_counts_hidden_cells_only() -> None:
    experiment = Experiment(operation="S3", observe=0.5, method="most-frequent", seed=2)
    metrics = run_experiment(experiment).metrics
    truth, shown = experiment.tables()
    symbol = np.bincount(shown.observations[:, 2], minlength=6).argmax()
    hidden = shown.array < 0
    assert metrics["test_accuracy"] == (truth.array[hidden] == symbol).mean()
    assert metrics["accuracy"] == pytest.approx(1 / 6)
    assert "steps_to_perfect" not in metrics


def test_when_it_was_perfect_is_recorded_and_can_end_it() -> None:
    settings = {"operation": "S3", "observe": 0.7, "method": "hypercube-training", "curves": True}
    going_on = run_experiment(Experiment(**settings, steps=100))
    stopped = run_experiment(Experiment(**settings, steps=100, stop_when_perfect=True))
    steps = stopped.metrics["steps_to_perfect"]
    assert steps == going_on.metrics["steps_to_perfect"] == stopped.metrics["steps"]
    assert going_on.metrics["steps"] == 100
    accuracies = dict(zip(going_on.curves["step"], going_on.curves["test_accuracy"], strict=True))
    assert accuracies[steps] == 1.0
    assert all(value < 1 for step, value in accuracies.items() if step < steps)
    assert going_on.metrics["penalty_ratio"] > 0


def test_a_refused_run_is_recorded_and_the_suite_goes_on() -> None:
    grid = Grid(operations=("C40",), observe=(0.9,), methods=("autoencoder", "most-frequent"))
    failed, fine = run_suite(suite_of("large", "", grid))
    assert failed.metrics == {"failed": 1.0}
    assert failed.notes["error"].startswith("ValueError: `table` is too large")
    assert "failed" not in fine.metrics


def test_suites_are_plain_data() -> None:
    assert [case.name for case in GROUPS.cases][:2] == ["S3@0.3", "S3@0.5"]
    assert len(twelve_operations(97, 5)) == 12
    for operation in twelve_operations(7, 3):
        assert generate_family(operation).is_full


@pytest.mark.parametrize("name", [*METHODS, *(f"tuned-{name}" for name in SETTINGS)])
def test_every_method_is_made_by_name(name) -> None:
    options_of(name)
    make_completer(name, {})
    with pytest.raises(ValueError, match="has no option 'color'"):
        make_completer(name, {"color": 1})


def test_the_variant_with_h_is_hypercube() -> None:
    """One step from the same start, against the objective written out."""
    table = mask(generate_family("C3"), observe=0.8, seed=0)
    method = VariantCompleter(epsilon=0.2, rate=0.1, momentum=0.0, clip=1e9)
    A, B, C = method._start(table, seed=5)
    T = torch.einsum("aij,bjk,cki->abc", A, B, C) / 3
    a, b, c = torch.tensor(table.observations).unbind(1)
    loss = (T[a, b] - torch.nn.functional.one_hot(c, 3)).square().sum()
    gradients = torch.autograd.grad(loss + 0.2 * hypercube_penalty(A, B, C), (A, B, C))
    moved = [F - 0.1 * G for F, G in zip((A, B, C), gradients, strict=True)]
    answer = torch.einsum("aij,bjk,cki->abc", *moved).argmax(-1).numpy()
    found = method.complete(table, seed=5, budget=Budget(steps=1))
    assert (found.table == answer).all()


def test_commuting_factors_learn_what_commutes() -> None:
    table = mask(generate_family("C5"), observe=0.7, seed=0)
    method = VariantCompleter(form="diagonal", complex_factors=True)
    found = method.complete(table, seed=0, budget=Budget(steps=300))
    assert (found.table == generate_family("C5").array).all()
    with pytest.raises(ValueError, match="must be 'l2' or 'none'"):
        VariantCompleter(form="tucker").complete(table, seed=0, budget=Budget())
    with pytest.raises(ValueError, match="`form` must be one of"):
        VariantCompleter(form="ring").complete(table, seed=0, budget=Budget())  # type: ignore[arg-type]


def test_a_device_is_an_option_of_the_methods_that_have_the_choice() -> None:
    """The processor is not mentioned: runs stored before there was a choice keep their key."""
    learned = Experiment(operation="S3", observe=0.5, method="hypercube-training")
    assert learned.on("cpu") == learned
    assert learned.on("cuda").options == {"device": "cuda"}
    exact = Experiment(operation="S3", observe=0.5, method="sat-group")
    assert exact.on("cuda") == exact
    tuned = Experiment(operation="S3", observe=0.5, method="tuned-transformer")
    assert tuned.on("cuda") == tuned


def test_a_sweep_that_was_cut_off_goes_on_within_a_training(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "_SECONDS", 0.0)
    experiment = Experiment(
        operation="S3", observe=1.0, method="hypercube-training", steps=80, options={"rate": 0.25}
    )
    trial, store = trial_of(experiment), Store(tmp_path / "runs.sqlite")
    expected = run_experiment(experiment).metrics
    perform = workers.perform

    def cut_off(trial, *, progress, checkpoint):
        def at_step(step):
            if step.step == 50:
                raise KeyboardInterrupt

        return run_experiment(experiment, tracker=at_step, checkpoint=checkpoint)

    monkeypatch.setattr(workers, "perform", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_sweep([trial], store)
    assert store.checkpoint(trial.key).exists() and not store.finished()
    monkeypatch.setattr(workers, "perform", perform)
    run_sweep([trial], store)
    found = store.results()[0].record.metrics
    assert 40 <= found["resumed_at"] < 50
    for name in ("steps", "penalty_ratio", "loss", "accuracy"):
        assert found[name] == pytest.approx(expected[name], rel=1e-3), name  # threads differ
    assert not store.checkpoint(trial.key).exists()


def test_a_run_says_how_far_it_is() -> None:
    said: list[str] = []
    run_experiment(
        Experiment(operation="S3", observe=1.0, method="hypercube-training", steps=5),
        progress=lambda share, words: said.append(words),
    )
    assert said[0].startswith("S3@1 hypercube-training: step 1 of 5, ") and "H/n² " in said[0]


def test_a_part_of_a_figure_is_chosen_by_its_operations(tmp_path) -> None:
    experiments = REPRODUCTIONS["complexity"].experiments(True, 1)
    assert "mod97:a^3+ab" in {each.operation for each in experiments}
    store = Store(tmp_path / "runs.sqlite")
    with pytest.raises(ValueError, match=r"no operation 'mod7:a\^9'; it has: mod7:a\+b, mod7:a-b"):
        reproduce("complexity", store, only=["mod7:a^9"])
