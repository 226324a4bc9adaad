"""Trackers against fakes: what arrives."""

import sys
import types

import pytest

from cayley._errors import MissingExtraError
from cayley.experiments._tracking import parse_tracker, track_results
from cayley.experiments._trial import Trial, perform


class Kept:
    def __init__(self) -> None:
        self.logged: list[tuple] = []

    def log(self, run, values, *, step, config) -> None:
        self.logged.append((run, dict(values), step, dict(config)))

    def close(self) -> None:
        self.logged.append(("closed",))


def test_results_arrive_with_their_numbers(toy) -> None:
    kept = Kept()
    track_results(kept)(perform(Trial(suite=toy, case="one", method="fine", seed=4)))
    ((run, values, step, config),) = kept.logged
    assert run.startswith(f"{toy} one fine seed 4")
    assert values["value"] == 4.0
    assert (step, config["seed"]) == (0, 4)


def test_curves_arrive_point_by_point() -> None:
    settings = {"operation": "S3", "observe": 0.7, "steps": 20, "curves": True}
    trial = Trial(suite="completion", case="S3", method="hypercube-training", seed=0,
                  settings=settings)  # fmt: skip
    kept = Kept()
    track_results(kept)(perform(trial))
    steps = [step for _, values, step, _ in kept.logged if "imbalance" not in values][:-1]
    assert steps == sorted(steps)
    assert all("test_accuracy" in values for _, values, _, _ in kept.logged)


def test_tensorboard_by_a_fake(monkeypatch, tmp_path) -> None:
    written = []

    class SummaryWriter:
        def __init__(self, *, log_dir) -> None:
            self.log_dir = log_dir

        def add_text(self, *args) -> None: ...

        def add_scalar(self, name, value, *, global_step) -> None:
            written.append((self.log_dir, name, value, global_step))

        def close(self) -> None:
            written.append((self.log_dir, "closed"))

    fake = types.ModuleType("torch.utils.tensorboard")
    fake.SummaryWriter = SummaryWriter  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", fake)
    tracker = parse_tracker(f"tensorboard:{tmp_path}")
    tracker.log("a/b run", {"x": 1.0}, step=3, config={"k": 1})
    tracker.log("other", {"x": 2.0}, step=4, config={})
    tracker.close()
    first, second = str(tmp_path / "a_b_run"), str(tmp_path / "other")
    assert written == [
        (first, "x", 1.0, 3), (first, "closed"), (second, "x", 2.0, 4), (second, "closed"),
    ]  # fmt: skip


def test_mlflow_by_a_fake(monkeypatch) -> None:
    calls = []

    class Client:
        def __init__(self, *, tracking_uri) -> None:
            calls.append(("open", tracking_uri))

        def get_experiment_by_name(self, name):
            return None

        def create_experiment(self, name):
            return "7"

        def create_run(self, experiment, *, run_name):
            calls.append(("run", experiment, run_name))
            return types.SimpleNamespace(info=types.SimpleNamespace(run_id=f"id-{run_name}"))

        def __getattr__(self, name):
            return lambda *args, **kwargs: calls.append((name, *args, *kwargs.values()))

    fake = types.ModuleType("mlflow")
    fake.MlflowClient = Client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mlflow", fake)
    tracker = parse_tracker("mlflow:http://host:5000")
    for step in (1, 2):
        tracker.log("r", {"x": float(step)}, step=step, config={"k": 1})
    tracker.close()
    assert calls == [
        ("open", "http://host:5000"),
        ("run", "7", "r"),
        ("log_param", "id-r", "k", 1),
        ("log_metric", "id-r", "x", 1.0, 1),
        ("log_metric", "id-r", "x", 2.0, 2),
        ("set_terminated", "id-r"),
    ]


def test_real_event_files(tmp_path) -> None:
    pytest.importorskip("tensorboard")
    tracker = parse_tracker(f"tensorboard:{tmp_path}")
    tracker.log("run", {"x": 1.0}, step=1, config={})
    tracker.close()
    assert list((tmp_path / "run").glob("events.*"))


@pytest.mark.parametrize("package", ["tensorboard", "mlflow"])
def test_a_missing_package_is_named(package, monkeypatch, tmp_path) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtraError, match=r"cayley\[tracking\]"):
        parse_tracker(f"{package}:{tmp_path}")
