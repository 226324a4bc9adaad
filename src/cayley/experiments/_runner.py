"""The loop over cases, methods and seeds, and the summary of what it recorded."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from cayley._device import found_device
from cayley.experiments._suite import (
    Case,
    Context,
    Measurement,
    Record,
    Suite,
    check_has_device,
    load_suite,
)

__all__ = ["run_suite", "summarize", "to_document"]


def _select(kind: str, wanted: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    known = tuple(dict.fromkeys(known))
    for name in wanted:
        if name not in known:
            raise ValueError(f"no {kind} is called {name!r}; there are: {', '.join(known)}.")
    return tuple(wanted) or known


def plan(
    suite: Suite, *, cases: Sequence[str] = (), methods: Sequence[str] = (), seeds: Iterable[int]
) -> list[tuple[Case, str, int]]:
    """Return the runs asked for, in order; empty selections mean all.

    Raises:
        ValueError: If a case or a method does not exist.
    """
    chosen_cases = _select("case", cases, (case.name for case in suite.cases))
    of_cases = [case for case in suite.cases if case.name in chosen_cases]
    known = (method for case in of_cases for method in case.methods)
    chosen_methods = _select("method", methods, known)
    return [
        (case, method, seed)
        for case in of_cases
        for method in case.methods
        if method in chosen_methods
        for seed in seeds
    ]


def run_suite(
    suite: Suite | str,
    *,
    cases: Sequence[str] = (),
    methods: Sequence[str] = (),
    seeds: Iterable[int] = range(1),
    data: Path | None = None,
    device: str = "cpu",
    progress: Callable[[float, str], None] | None = None,
) -> Iterator[Record]:
    """Run cases, methods and seeds one after the other and yield a record for each.

    Args:
        suite: What to run: a suite, the name of one, or ``module:NAME`` where one is.
        cases: Names of cases; all by default.
        methods: Names of methods; all by default.
        seeds: Seeds, each run separately.
        data: File with data, for the cases that can use one.
        device: Where the suites that complete tables compute, as :func:`cayley.solve` takes it;
            methods that know only the processor stay there.
        progress: Called with the fraction of all runs done and a few words.

    Raises:
        ValueError: If a suite, a case or a method does not exist, or a suite has no choice of
            device.

    Example:
        >>> (record,) = run_suite("groups", cases=["S3@0.8"], methods=["exact"])
        >>> record.method, record.metrics["correct"]
        ('exact', 1.0)
    """
    suite = load_suite(suite) if isinstance(suite, str) else suite
    check_has_device(suite, device)
    device = found_device(device)
    runs = plan(suite, cases=cases, methods=methods, seeds=list(seeds))
    for i, (case, method, seed) in enumerate(runs):
        label = f"{case.name} {method} seed {seed}"

        def report(done: float, message: str, i: int = i, label: str = label) -> None:
            if progress is not None:
                progress((i + done) / len(runs), f"{label} {message}".strip())

        report(0.0, "")
        start = time.perf_counter()
        try:
            outcome = case.run(
                method, Context(seed=seed, data=data, device=device, progress=report)
            )
        except Exception as error:
            if not suite.keep_going:
                raise
            outcome = Measurement(
                metrics={"failed": 1.0}, notes={"error": f"{type(error).__name__}: {error}"}
            )
        yield Record(
            case=case.name,
            method=method,
            seed=seed,
            metrics=dict(outcome.metrics),
            seconds=time.perf_counter() - start,
            config=dict(outcome.config),
            curves=dict(outcome.curves),
            arrays=dict(outcome.arrays),
            notes=dict(outcome.notes),
        )


def summarize(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return median, minimum and maximum over seeds for every case, method and metric.

    Args:
        records: Records of any cases, methods and seeds.

    Returns:
        One dictionary for each case, method and metric, with the members ``case``, ``method``,
        ``metric``, ``median``, ``min`` and ``max``. The wall-clock time is the metric ``seconds``.

    Example:
        >>> records = [
        ...     Record(case="c", method="m", seed=k, metrics={"x": k}, seconds=1.0, config={})
        ...     for k in range(3)
        ... ]
        >>> [(row["metric"], row["median"], row["max"]) for row in summarize(records)]
        [('x', 1.0, 2.0), ('seconds', 1.0, 1.0)]
    """
    values: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for record in records:
        for metric, value in {**record.metrics, "seconds": record.seconds}.items():
            values[record.case, record.method, metric].append(float(value))
    return [
        {
            "case": case,
            "method": method,
            "metric": metric,
            "median": float(median(numbers)),
            "min": min(numbers),
            "max": max(numbers),
        }
        for (case, method, metric), numbers in values.items()
    ]


def to_document(suite: str, records: Sequence[Record]) -> dict[str, Any]:
    """Return the JSON document of schema ``cayley.bench/1``."""
    return {
        "schema": "cayley.bench/1",
        "suite": suite,
        "records": [
            {
                "case": record.case,
                "method": record.method,
                "seed": record.seed,
                "metrics": dict(record.metrics),
                "seconds": record.seconds,
                "config": dict(record.config),
                **({"curves": dict(record.curves)} if record.curves else {}),
                **({"notes": dict(record.notes)} if record.notes else {}),
            }
            for record in records
        ],
        "summary": summarize(records),
    }
