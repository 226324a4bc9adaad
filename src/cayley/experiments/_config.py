"""A sweep as a TOML file: grids over anything that an experiment or a suite depends on."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path
from typing import Any

from cayley.experiments._completion import Experiment
from cayley.experiments._suite import Suite, load_suite
from cayley.experiments._trial import COMPLETION, Trial
from cayley.experiments.baselines._catalog import make_completer, options_of
from cayley.tables import generate_family

__all__ = ["SweepConfig", "read_sweep", "trial_of"]

_FIELDS = tuple(field.name for field in fields(Experiment) if field.name != "options")
_SUITE_FIELDS = ("suite", "case", "method", "seed", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepConfig:
    """What a sweep file asks for.

    Attributes:
        name: Name of the sweep, the file's without suffix if not given.
        store: The store, beside the file if not given.
        trials: All runs, equal ones once.
    """

    name: str
    store: Path
    trials: tuple[Trial, ...]


def read_sweep(path: Path) -> SweepConfig:
    """Read a sweep.

    ``[[grid]]`` (or one ``[grid]``) lists values; every combination is a run. Fields are those of
    :class:`Experiment`: ``operation``, ``observe``, ``method``, ``seed`` (a number n stands for
    0 to n - 1), ``noise``, ``isotope``, ``steps``, ``seconds`` (``inf`` for no limit),
    ``stop_when_perfect``, ``curves``.
    ``[grid.options]`` lists values of options of the methods; a method that has no such option runs
    once without it. With ``suite`` the fields are ``suite``, ``case``, ``method``, ``seed`` and
    ``data``. At the top, ``name`` and ``store`` (relative to the file) may stand.

    Raises:
        ValueError: If the file is no TOML or asks for something that there is not; the message says
            where.
        OSError: If it cannot be read.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "thresholds.toml"
        >>> _ = path.write_text('''
        ... [grid]
        ... operation = ["S3", "S4"]
        ... observe = [0.3, 0.5]
        ... method = ["exact", "cp"]
        ... seed = 5
        ... [grid.options]
        ... rank = [1.0, 2.0]
        ... ''')
        >>> config = read_sweep(path)
        >>> config.store.name, len(config.trials)  # exact has no rank: 2 * 2 * 5 * (1 + 2)
        ('thresholds.sqlite', 60)
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: no TOML: {error}.") from None
    _only(document, ("name", "store", "grid"), str(path))
    name, store = document.get("name", path.stem), document.get("store", f"{path.stem}.sqlite")
    for key, value in (("name", name), ("store", store)):
        if not isinstance(value, str) or not value:
            raise ValueError(f"{path}: `{key}` must be text; got {value!r}.")
    grids = document.get("grid")
    grids = [grids] if isinstance(grids, dict) else grids
    if not isinstance(grids, list) or not grids or not all(isinstance(g, dict) for g in grids):
        raise ValueError(f"{path}: there must be a [grid] or several [[grid]].")
    trials: dict[str, Trial] = {}
    for number, grid in enumerate(grids, start=1):
        where = f"{path}, grid {number}" if len(grids) > 1 else f"{path}, [grid]"
        expand = _suite_trials if "suite" in grid else _completion_trials
        trials.update((trial.key, trial) for trial in expand(grid, where))
    return SweepConfig(name=name, store=path.parent / store, trials=tuple(trials.values()))


def _only(found: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for name in found:
        if name not in known:
            raise ValueError(
                f"{where}: no field is called {name!r}; there are: {', '.join(known)}."
            )


def _values(grid: Mapping[str, Any], where: str) -> dict[str, list[Any]]:
    """Return the list of values of every field; a single value is a list of one."""
    values = {}
    for name, value in grid.items():
        listed = value if isinstance(value, list) else [value]
        if name == "seed" and not isinstance(value, list):
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{where}: `seed` must be a number >= 1 or a list; got {value!r}.")
            listed = list(range(value))
        if not listed:
            raise ValueError(f"{where}: `{name}` is empty.")
        values[name] = listed
    return values


def _completion_trials(grid: dict[str, Any], where: str) -> list[Trial]:
    options = grid.pop("options", {})
    if not isinstance(options, dict):
        raise ValueError(f"{where}: `options` must be a table, [grid.options].")
    _only(grid, _FIELDS, where)
    for name in ("operation", "observe", "method"):
        if name not in grid:
            raise ValueError(f"{where}: `{name}` is missing.")
    values = _values(grid, where)
    chosen = {name: v if isinstance(v, list) else [v] for name, v in options.items()}
    _check(values, chosen, where)
    trials = []
    for method in values.pop("method"):
        known = options_of(method)
        own = {name: v for name, v in chosen.items() if name in known}
        for settings in _combinations(own):
            try:
                make_completer(method, settings)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{where}: {error}") from None
            trials += [
                _trial(method, combination, settings) for combination in _combinations(values)
            ]
    return trials


def _trial(method: str, values: dict[str, Any], options: dict[str, Any]) -> Trial:
    experiment = Experiment(
        method=method, options=options, **{name: _plain(name, v) for name, v in values.items()}
    )
    return trial_of(experiment)


def trial_of(experiment: Experiment) -> Trial:
    """Return the trial of an experiment, every setting spelled out."""
    settings = asdict(experiment)
    del settings["method"], settings["seed"]
    return Trial(
        suite=COMPLETION,
        case=experiment.case,
        method=experiment.method,
        seed=experiment.seed,
        settings=settings,
    )


def _plain(name: str, value: Any) -> Any:
    """Write equal values alike, so that their runs have one key; no limit is infinite."""
    if name in ("observe", "noise", "seconds"):
        return None if math.isinf(value) else float(value)
    return value


def _check(values: dict[str, list[Any]], options: dict[str, list[Any]], where: str) -> None:
    """Refuse what would fail in every run, before any run."""
    try:
        known = {option for method in values["method"] for option in options_of(method)}
        for operation in values["operation"]:
            generate_family(operation)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: {error}") from None
    for option in options:
        if option not in known:
            raise ValueError(f"{where}: no method of this grid has an option {option!r}.")
    _check_numbers(values, where)


def _check_numbers(values: Mapping[str, list[Any]], where: str) -> None:
    """Refuse shares, seeds and limits that are no numbers or out of range."""
    # A share of wrong entries may be 0, a share of cells shown may not.
    for share in [*values["observe"], *(share or 1 for share in values.get("noise", []))]:
        if not _is_number(share, int | float) or not 0 < share <= 1:
            raise ValueError(f"{where}: shares must be numbers between 0 and 1; got {share!r}.")
    for seed in values.get("seed", []):
        if not _is_number(seed, int) or seed < 0:
            raise ValueError(f"{where}: seeds must be whole numbers >= 0; got {seed!r}.")
    for name in ("steps", "seconds"):
        for limit in values.get(name, []):
            if not _is_number(limit, int | float) or limit <= 0:
                raise ValueError(f"{where}: `{name}` must be positive; got {limit!r}.")


def _is_number(value: Any, kind: Any) -> bool:
    """Return whether a value is of a numeric type; True and False are none, though Python's int."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _combinations(values: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


def _suite_trials(grid: dict[str, Any], where: str) -> list[Trial]:
    _only(grid, _SUITE_FIELDS, where)
    values = _values(grid, where)
    trials = []
    for name in values["suite"]:
        try:
            suite = load_suite(name)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{where}: {error}") from None
        _check_names(suite, values, where)
        trials += [
            Trial(
                suite=name,
                case=case.name,
                method=method,
                seed=seed,
                settings={} if data is None else {"data": data},
            )
            for case in suite.cases
            if case.name in values.get("case", [case.name])
            for method in case.methods
            if method in values.get("method", [method])
            for seed in values.get("seed", [0])
            for data in values.get("data", [None])
        ]
    return trials


def _check_names(suite: Suite, values: Mapping[str, list[Any]], where: str) -> None:
    """Refuse cases and methods that the suite does not have."""
    known = {
        "case": {case.name for case in suite.cases},
        "method": {method for case in suite.cases for method in case.methods},
    }
    for kind, names in known.items():
        for chosen in values.get(kind, []):
            if chosen not in names:
                raise ValueError(f"{where}: suite {suite.name!r} has no {kind} {chosen!r}.")
