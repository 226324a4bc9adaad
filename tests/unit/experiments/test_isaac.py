"""The experiments: what they train on, how they count, and that ISAAC earns its place."""

import dataclasses

import numpy as np
import pytest
import torch

from cayley.experiments import run_suite
from cayley.experiments._isaac._cases import OBJECTIVES
from cayley.experiments._isaac._data import images, modular_addition, shifted, source_text
from cayley.experiments._isaac._learning_rate import options_for
from cayley.experiments._isaac._optimizer import METHODS, PERCEPTRON_METHODS, Options, stepper
from cayley.experiments._isaac._overhead import LAYERS, time_layers
from cayley.experiments._isaac._steps_to_target import EVERY, TargetRun, train
from cayley.experiments._isaac._tuning import BUDGET, grid
from cayley.experiments._runner import to_document
from cayley.experiments._suite import Context, load_suite
from cayley.optim import ISAACLinear


def silent(done: float, message: str) -> None:
    """No progress."""


def run(case: str, method: str, *, steps: int, seed: int = 0):
    problem = dataclasses.replace(OBJECTIVES[case](None, seed), steps=steps)
    return train(problem, method, options_for(problem.name, method), seed=seed, report=silent)


def test_digits_are_split_without_overlap():
    split = images(None)
    assert split.train[0].shape == (1438, 64)
    assert split.test[0].shape == (359, 64)
    assert float(split.train[0].min()) == 0.0
    assert float(split.train[0].max()) == 1.0


@pytest.mark.parametrize("layout", ["keras", "two arrays"])
def test_reads_images_from_a_file(tmp_path, layout):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (70, 4, 4), dtype=np.uint8), rng.integers(0, 10, 70)
    arrays = {"x": x, "y": y}
    if layout == "keras":
        arrays = {"x_train": x[:60], "y_train": y[:60], "x_test": x[60:], "y_test": y[60:]}
    np.savez(tmp_path / "some.npz", **arrays)
    split = images(tmp_path / "some.npz")
    assert split.name == "some"
    assert torch.equal(split.train[1], torch.from_numpy(y[:60]))
    assert torch.allclose(split.test[0], torch.from_numpy(x[60:].reshape(10, 16) / 255).float())


def test_files_that_are_something_else(tmp_path):
    (tmp_path / "a.npz").write_text("hello")
    with pytest.raises(ValueError, match=r"a\.npz: cannot be read as an \.npz archive"):
        images(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", x=np.zeros((3, 2)), z=np.zeros((3, 2)), y=np.zeros(3))
    with pytest.raises(ValueError, match=r"b\.npz: expected x_train.*found x \(3, 2\), z"):
        images(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", x=np.zeros((3, 2)), y=np.zeros(4))
    with pytest.raises(ValueError, match=r"3 images but 4 labels"):
        images(tmp_path / "c.npz")


def test_shifted_images_hold_the_same_pixels_elsewhere():
    split = images(None)
    moved = shifted(split, 1, seed=0)
    assert torch.equal(moved.train[1], split.train[1])
    assert torch.equal(moved.train[0], shifted(split, 1, seed=0).train[0])
    assert not torch.equal(moved.train[0], shifted(split, 1, seed=1).train[0])
    seen = set()
    for before, after in zip(split.test[0][:60], moved.test[0][:60], strict=True):
        padded = torch.nn.functional.pad(before.view(8, 8), (1,) * 4)
        places = [
            (down, right)
            for down in range(3)
            for right in range(3)
            if torch.equal(padded[down : down + 8, right : right + 8].flatten(), after)
        ]
        assert places
        seen.update(places)
    assert len(seen) == 9


def test_all_test_data_count():
    problem = OBJECTIVES["mlp"](None, 0)
    outputs = problem.model(problem.split.test[0])
    right = (outputs.argmax(1) == problem.split.test[1]).double().mean()
    assert problem.test(problem.model)["test_accuracy"] == float(right)
    assert problem.validation_accuracy(problem.model) is None


def test_operation_tables_are_complete_and_depend_on_the_seed():
    split = modular_addition(7, observed=0.6, seed=0)
    pairs = torch.cat([split.train[0], split.test[0]])
    assert len({tuple(pair) for pair in pairs.tolist()}) == 49
    assert len(split.train[0]) == 29
    results = torch.cat([split.train[1], split.test[1]])
    assert torch.equal(results, pairs.sum(1) % 7)
    assert not torch.equal(pairs[:29], modular_addition(7, observed=0.6, seed=1).train[0])


def test_text_targets_follow_their_inputs_and_splits_do_not_touch():
    split = source_text(8)
    inputs, targets = split.train
    assert torch.equal(inputs[:, 1:], targets[:, :-1])
    assert torch.equal(targets[0, -1], inputs[9, -2]) or len(inputs) > 9
    assert int(inputs.max()) < 128


@pytest.mark.parametrize("method", PERCEPTRON_METHODS)
def test_every_method_learns_the_digits(method):
    result = run("autoencoder", method, steps=40)
    assert result.losses[-1] < 0.6 * result.losses[0]
    assert len(result.steps) == len(result.seconds) == 40 // EVERY + 1
    assert list(result.seconds) == sorted(result.seconds)


@pytest.mark.parametrize(
    "case", ["mlp", "convolution", "text", "operations", "operations-transformer"]
)
@pytest.mark.parametrize("method", ["adam", "isaac+sgd", "isaac+adam"])
def test_every_case_runs(case, method):
    problem = dataclasses.replace(OBJECTIVES[case](None, 0), steps=10)
    result = train(problem, method, options_for(problem.name, method), seed=0, report=silent)
    assert np.isfinite(result.losses).all()
    found = problem.test(problem.model)
    assert set(found) == {"test_loss", "test_accuracy", "test_matthews"}
    assert np.isfinite(list(found.values())).all()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_a_setting_for_convolutions(method):
    result = run("convolution", method, steps=5)
    assert np.isfinite(result.losses).all()


def test_convolutions_are_learned():
    result = run("convolution", "isaac+adam", steps=40)
    assert result.losses[-1] < 0.6 * result.losses[0]


def test_every_method_is_tuned_with_the_same_number_of_settings():
    for method in PERCEPTRON_METHODS:
        settings = grid(method)
        assert len(settings) == len(set(settings)) == BUDGET
        assert all((each.damping is None) == ("+" not in method) for each in settings)


def test_isaac_takes_the_layers_that_the_problem_names():
    problem = OBJECTIVES["mlp"](None, 0)
    stepper("isaac+sgd", problem, Options(rate=0.1, damping=1.0), torch.Generator())
    converted = {n for n, m in problem.model.named_modules() if isinstance(m, ISAACLinear)}
    assert converted == {"0", "2", "4"}


def test_runs_repeat():
    first, second = (run("autoencoder", "isaac+adam", steps=15) for _ in range(2))
    assert first.losses == second.losses
    assert first.losses != run("autoencoder", "isaac+adam", steps=15, seed=1).losses


@pytest.mark.slow
def test_isaac_needs_at_most_half_of_adams_steps():
    """The claim of the documentation, on the data that ship; measured ratio about 0.3."""
    steps = {}
    for method, most in (("adam", 300), ("isaac+adam", 150)):
        result = run("autoencoder", method, steps=most)
        reached = result.first_below(0.01)
        assert reached is not None
        steps[method] = result.steps[reached]
    assert steps["isaac+adam"] <= steps["adam"] / 2


def test_counts_to_the_target():
    result = TargetRun(steps=(0, 5, 10), seconds=(0, 1, 2), losses=(3.0, 2.0, 1.0))
    assert result.first_below(2.0) == 1
    assert result.first_below(0.5) is None


def test_a_record_says_when_the_target_was_not_reached(monkeypatch):
    from cayley.experiments import _isaac

    whole = OBJECTIVES["autoencoder"]
    monkeypatch.setitem(
        _isaac.OBJECTIVES,
        "autoencoder",
        lambda file, seed: dataclasses.replace(whole(file, seed), steps=5),
    )
    suite = load_suite("isaac")
    records = list(run_suite(suite, cases=["autoencoder"], methods=["sgd"], seeds=[0]))
    record = to_document("isaac", records)["records"][0]
    assert record["metrics"]["reached"] == 0.0
    assert record["metrics"]["steps_to_target"] == 5.0
    assert set(record["curves"]) == {"step", "seconds", "train_loss"}
    assert record["config"]["data"] == "digits"


def test_a_diverging_run_ends_and_is_recorded():
    problem = dataclasses.replace(OBJECTIVES["autoencoder"](None, 0), steps=200)
    result = train(problem, "sgd", Options(rate=1e6), seed=0, report=silent)
    assert len(result.steps) < 20
    assert result.first_below(problem.target) is None


@pytest.mark.parametrize("kind", LAYERS)
def test_overhead_times_what_it_says(kind):
    times = time_layers(
        {"linear": lambda n: torch.nn.Linear(n, n), kind: LAYERS[kind]},
        width=64, batch=8, rounds=3, seed=0,
    )  # fmt: skip
    assert set(times) == {"linear", kind}
    assert all(value > 0 for value in times.values())
    assert all(LAYERS[name](8).damping == 0.1 for name in LAYERS)


def test_overhead_case_reports_every_size(monkeypatch):
    from cayley.experiments._isaac import _overhead

    monkeypatch.setattr(_overhead, "WIDTHS", (8, 16))
    monkeypatch.setattr(_overhead, "_ROUNDS", {8: 2, 16: 2})
    outcome = _overhead.run_overhead("isaac", Context(seed=0))
    names = {f"overhead_{width}x{batch}" for width in (8, 16) for batch in (16, 60, 128)}
    assert set(outcome.metrics) == names | {"overhead"}


def test_untuned_methods_are_refused():
    with pytest.raises(ValueError, match="text has no settings for 'muon'; there are: sgd"):
        options_for("text", "muon")
    assert options_for("autoencoder-mnist", "sgd") == options_for("autoencoder-digits", "sgd")
