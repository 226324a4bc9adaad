"""A reproduced figure as text and as files: our numbers beside the published ones."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from cayley._files import replace_file
from cayley.experiments._environment import describe_environment
from cayley.experiments._reproduce import FigurePoint, Reproduction
from cayley.report.figures._measurements import draw_reproduction

__all__ = ["reproduction_document", "reproduction_text", "write_reproduction"]

_HEAD = ("problem", "series", "at", "solved", "ours", "range", "seconds", "published", "on")


def reproduction_text(found: Reproduction) -> str:
    """Return a table in plain text, one line for each point."""
    rows = [_HEAD, *map(_words, found.rows)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_HEAD))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    metric = found.figure.metric.replace("_", " ")
    title = f"{found.figure.title} ({metric}, median over seeds)"
    text = [title, "", *(line.rstrip() for line in lines)]
    return "\n".join([*text, *(["", found.figure.remark] if found.figure.remark else [])])


def _words(row: FigurePoint) -> tuple[str, ...]:
    number = "–" if row.value is None else f"{row.value:.4g}"
    spread = "" if row.low is None or row.low == row.high else f"{row.low:.4g} to {row.high:.4g}"
    published = row.published
    return (
        row.panel,
        row.series,
        f"{row.x:g}" if isinstance(row.x, int | float) else row.x,
        f"{row.successes}/{row.runs}",
        number,
        spread,
        f"{row.seconds:.3g}",
        "" if published is None else f"{published.value:.4g}",
        "" if published is None else published.problem,
    )


def reproduction_document(found: Reproduction) -> dict[str, Any]:
    """Return the JSON document of schema ``cayley.reproduction/1``."""
    return {
        "schema": "cayley.reproduction/1",
        "figure": found.figure.name,
        "title": found.figure.title,
        "metric": found.figure.metric,
        "full": found.full,
        "remark": found.figure.remark,
        "environments": _environments(found),
        "rows": [dataclasses.asdict(row) for row in found.rows],
        "details": dict(found.document),
        "runs": [
            {
                **result.trial.to_dict(),
                "status": result.status,
                "metrics": dict(result.record.metrics),
                "notes": dict(result.record.notes),
                "seconds": round(result.record.seconds, 4),
                "cpu_seconds": round(result.cpu_seconds, 4),
                "error": result.error,
            }
            for result in found.results
        ],
    }


def _environments(found: Reproduction) -> list[dict[str, Any]]:
    """Return what the runs ran on, each once."""
    seen = [dict(result.environment) for result in found.results] or [describe_environment()]
    return [environment for k, environment in enumerate(seen) if environment not in seen[:k]]


def write_reproduction(found: Reproduction, out: Path) -> list[Path]:
    """Write picture and record, ``NAME.svg`` and ``NAME.json``, to a folder.

    Returns:
        The files written.

    Raises:
        OSError: If a file cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    name = f"{found.figure.name}{'-full' if found.full else ''}"
    document = json.dumps(reproduction_document(found), ensure_ascii=False, indent=1)
    replace_file(out / f"{name}.svg", draw_reproduction(found))
    replace_file(out / f"{name}.json", document.encode() + b"\n")
    return [out / f"{name}.svg", out / f"{name}.json"]
