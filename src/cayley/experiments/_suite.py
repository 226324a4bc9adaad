"""What a suite is: cases, methods, metrics, and the record of one run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

__all__ = [
    "SUITES",
    "Case",
    "Context",
    "Measurement",
    "Record",
    "Suite",
    "check_has_device",
    "load_suite",
]

JSONValue = str | int | float | bool | None

SUITES: dict[str, str] = {
    "interpretation": "cayley.experiments._interpretation",
    "invariance": "cayley.experiments._invariance",
    "isaac": "cayley.experiments._isaac",
    "isaac-grid": "cayley.experiments._isaac._perceptron_grid",
    "spiking": "cayley.experiments._spiking",
    "symmetry": "cayley.experiments._symmetry",
    "groups": "cayley.experiments._completion:GROUPS",
    "isotopes": "cayley.experiments._completion:ISOTOPES",
    "noise": "cayley.experiments._completion:NOISE",
    "operations": "cayley.experiments._completion:OPERATIONS",
    "tuned": "cayley.experiments._completion:TUNED",
}
"""Name of each suite and the module that holds it, as ``SUITE`` or as the name after the colon;
loaded when asked for."""


def _silent(done: float, message: str) -> None:
    """Ignore a report of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What one run is given.

    Attributes:
        seed: Seed of every random choice of the run.
        data: File with data that the user named, where the case can use one.
        device: Where to compute, in suites that have the choice.
        progress: To be called with the fraction done (0 to 1) and a few words.
    """

    seed: int
    data: Path | None = None
    device: str = "cpu"
    progress: Callable[[float, str], None] = _silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one run returns: numbers by metric, and what is needed to repeat it.

    Attributes:
        metrics: Numbers by name; seconds, shares from 0 to 1, counts, as the case documents.
        config: Settings of the run.
        curves: Numbers of equal count by name, such as step and loss, for figures.
        arrays: What is too large for the record, such as the activity of a network; it is written
            to a file of its own.
        notes: What is found and is no number, such as a verdict.

    Example:
        >>> Measurement(metrics={"accuracy": 0.5}, notes={"verdict": "predicted"}).metrics
        {'accuracy': 0.5}
    """

    metrics: Mapping[str, float]
    config: Mapping[str, JSONValue] = field(default_factory=dict)
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    notes: Mapping[str, JSONValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One comparison: a function that runs any of several methods with any seed.

    Attributes:
        name: What it is called in the suite.
        description: What is compared, in a line.
        methods: Names of the methods that ``run`` knows.
        metrics: Names of the metrics that a reader looks at first.
        run: From the name of a method and a context (``seed``, ``data``, ``progress``) to a
            :class:`Measurement`; what it raises ends the suite unless that keeps going.
    """

    name: str
    description: str
    methods: tuple[str, ...]
    metrics: tuple[str, ...]
    run: Callable[[str, Context], Measurement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A named collection of cases.

    Attributes:
        name: What it is called.
        description: What it is about.
        cases: Its cases.
        keep_going: Whether a run that fails is recorded, with the metric ``failed`` and its error
            in the notes, instead of ending the suite.
        has_devices: Whether its cases compute on the device of the context; others know only the
            processor.
    """

    name: str
    description: str
    cases: tuple[Case, ...]
    keep_going: bool = False
    has_devices: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run of a suite: where it belongs, and what was measured.

    Attributes:
        case: Name of the case.
        method: Name of the method.
        seed: Seed of every random choice.
        metrics: Numbers by name.
        seconds: Wall-clock seconds of the run.
        config: Settings of the run.
        curves: See :class:`Measurement`.
        arrays: Likewise.
        notes: Likewise.
    """

    case: str
    method: str
    seed: int
    metrics: Mapping[str, float]
    seconds: float
    config: Mapping[str, JSONValue]
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    notes: Mapping[str, JSONValue] = field(default_factory=dict)


def load_suite(name: str) -> Suite:
    """Return the suite of that name, or the one that ``module:NAME`` holds.

    Raises:
        ValueError: If there is none; the message lists those that there are.
    """
    if name not in SUITES and ":" not in name:
        known = ", ".join(sorted(SUITES))
        raise ValueError(f"no suite is called {name!r}; there are: {known}, or MODULE:NAME.")
    module, _, attribute = SUITES.get(name, name).partition(":")
    try:
        suite = getattr(import_module(module), attribute or "SUITE")
    except (ModuleNotFoundError, AttributeError) as error:
        if name in SUITES:
            raise
        raise ValueError(f"no suite is at {name!r}: {error}.") from None
    if not isinstance(suite, Suite):
        raise ValueError(f"{name!r} is no suite.")
    return suite


def check_has_device(suite: Suite, device: str) -> None:
    """Raise if a suite is asked for a device that its cases would not compute on.

    Raises:
        ValueError: If it knows only the processor.
    """
    if device != "cpu" and not suite.has_devices:
        raise ValueError(
            f"`device` {device!r} is for the suites that complete tables; {suite.name!r} computes "
            "on the processor only. Leave the option out."
        )
