"""Optional trackers: results and steps to TensorBoard or MLflow, loaded only when asked for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from cayley._errors import MissingExtraError
from cayley.experiments._trial import Result

__all__ = [
    "MLflowTracker",
    "TensorBoardTracker",
    "Tracker",
    "parse_tracker",
    "track_results",
]


class Tracker(Protocol):
    """Takes numbers by name and step, under the name of a run."""

    def log(
        self, run: str, values: Mapping[str, float], *, step: int, config: Mapping[str, Any]
    ) -> None:
        """Take the numbers of one step of a run."""
        ...

    def close(self) -> None:
        """Write what is left."""
        ...


class TensorBoardTracker:
    """Writes event files for TensorBoard, one folder per run.

    Args:
        directory: The folder of all runs.

    Raises:
        MissingExtraError: If TensorBoard is not installed.
    """

    def __init__(self, directory: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise MissingExtraError("tensorboard", "tracking") from None
        self.directory = Path(directory)
        self._writer: Callable[..., Any] = SummaryWriter
        self._open: tuple[str, Any] | None = None

    def log(
        self, run: str, values: Mapping[str, float], *, step: int, config: Mapping[str, Any]
    ) -> None:
        """See :class:`Tracker`."""
        if self._open is None or self._open[0] != run:
            self.close()
            folder = run.translate(str.maketrans('/\\:*?"<>| ', "_" * 10))
            writer = self._writer(log_dir=str(self.directory / folder))
            writer.add_text("config", "\n\n".join(f"{k}: {v}" for k, v in config.items()))
            self._open = run, writer
        for name, value in values.items():
            self._open[1].add_scalar(name, value, global_step=step)

    def close(self) -> None:
        """See :class:`Tracker`."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


class MLflowTracker:
    """Logs to MLflow, one run of its own for each.

    Args:
        uri: Where MLflow keeps its runs: a folder, a database or a server.
        experiment: The name that MLflow lists them under.

    Raises:
        MissingExtraError: If MLflow is not installed.
    """

    def __init__(self, uri: str, *, experiment: str = "cayley") -> None:
        try:
            import mlflow
        except ImportError:
            raise MissingExtraError("mlflow-skinny", "tracking") from None
        self._client = mlflow.MlflowClient(tracking_uri=uri)
        found = self._client.get_experiment_by_name(experiment)
        self._experiment = (
            self._client.create_experiment(experiment) if found is None else found.experiment_id
        )
        self._runs: dict[str, str] = {}

    def log(
        self, run: str, values: Mapping[str, float], *, step: int, config: Mapping[str, Any]
    ) -> None:
        """See :class:`Tracker`."""
        if run not in self._runs:
            self._runs[run] = self._client.create_run(self._experiment, run_name=run).info.run_id
            for name, value in config.items():
                self._client.log_param(self._runs[run], name, value)
        for name, value in values.items():
            self._client.log_metric(self._runs[run], name, value, step=step)

    def close(self) -> None:
        """See :class:`Tracker`."""
        for run in self._runs.values():
            self._client.set_terminated(run)
        self._runs.clear()


def parse_tracker(text: str) -> Tracker:
    """Return the tracker that ``tensorboard:FOLDER`` or ``mlflow:URI`` stands for.

    Raises:
        MissingExtraError: If its package is not installed.
        ValueError: If it is neither.

    Example:
        >>> parse_tracker("nothing")
        Traceback (most recent call last):
        ValueError: `track` must be tensorboard:FOLDER or mlflow:URI; got 'nothing'.
    """
    kind, _, place = text.partition(":")
    if kind == "tensorboard" and place:
        return TensorBoardTracker(Path(place))
    if kind == "mlflow" and place:
        return MLflowTracker(place)
    raise ValueError(f"`track` must be tensorboard:FOLDER or mlflow:URI; got {text!r}.")


def track_results(tracker: Tracker) -> Callable[[Result], None]:
    """Return a callback for sweeps: metrics, and curves point by point where there are any."""

    def log(result: Result) -> None:
        trial, record = result.trial, result.record
        run = f"{trial.suite} {trial.case} {trial.method} seed {trial.seed} {trial.key[:8]}"
        config = {"method": trial.method, "seed": trial.seed, **record.config}
        curves = {name: list(values) for name, values in record.curves.items()}
        steps = curves.pop("step", None) or range(max(map(len, curves.values()), default=0))
        for place, step in enumerate(steps):
            values = {name: float(c[place]) for name, c in curves.items() if place < len(c)}
            tracker.log(run, values, step=int(step), config=config)
        final = {**record.metrics, "seconds": record.seconds}
        tracker.log(run, final, step=int(record.metrics.get("steps", 0)), config=config)

    return log
