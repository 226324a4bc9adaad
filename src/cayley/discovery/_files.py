"""Reading of observations from CSV or TSV with a header line, or from NumPy's npz."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._errors import TableFormatError
from cayley._files import read_up_to
from cayley.discovery._observations import Transitions, VectorPairs
from cayley.tables._text_encoding import text_of
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats.arrays._numpy_arrays import archive_names, as_format_error, read_archive
from cayley.tables.labels._shown import bare, listed

__all__ = ["read_observations"]

# Headers of transitions, in lower case.
_TRANSITIONS = (
    ("state", "action", "next"),
    ("state", "action", "state"),
    ("before", "action", "after"),
)
# Fits a million observations of a few coordinates; the matrices that come after take more.
_MOST_BYTES = 1 << 27
_MOST_NUMBERS = 5_000_000
# A group is sought among the actions of at most so many states.
_MOST_LABELS = 5000
_ARRAYS = ("state", "action", "next", "before", "after")

# Results that mean "not observed".
_UNKNOWN = {"", "?", "NA"}


def read_observations(source: str | Path) -> Transitions | VectorPairs:
    r"""Read observed transformations from a file; ``-`` is standard input.

    - Transitions: CSV or TSV with the header ``state,action,next`` (or ``before,action,after``),
      one observation a line; a line without a result (blank, ``?``, ``NA``) only declares labels.
    - Vectors: CSV or TSV with the header ``action,...`` and then twice as many columns as there are
      coordinates, those before and those after the transformation.
    - ``.npz`` with the arrays ``state``, ``action``, ``next``, or ``action``, ``before``, ``after``
      (shapes ``(m,)``, ``(m, d)``, ``(m, d)``).

    Raises:
        OSError: If the file cannot be read.
        TableFormatError: If it cannot be understood; the message names line and column.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "seen.csv")
        ...     _ = path.write_text("state,action,next\na,go,b\nb,go,a\n")
        ...     len(read_observations(path))
        2
    """
    name = "standard input" if str(source) == "-" else str(source)
    if str(source) == "-":
        data = read_up_to(sys.stdin.buffer, _MOST_BYTES + 1)
    else:
        with open(source, "rb") as stream:
            data = read_up_to(stream, _MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise TableFormatError(f"the input has more than {_MOST_BYTES} bytes.", source=name)
    # By content, not by suffix: standard input has none. An npz file is a zip archive.
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_archive(data, name)
    return _from_text(text_of(data, _context(name)), name)


def _from_text(text: str, name: str) -> Transitions | VectorPairs:
    first = text.split("\n", 1)[0]
    delimiter = max((",", "\t", ";"), key=first.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        records = [(reader.line_num, [f.strip() for f in record]) for record in reader if record]
    except csv.Error as error:
        raise TableFormatError(f"malformed CSV: {error}.", source=name) from None
    if not records:
        raise TableFormatError("the input is empty.", source=name)
    (_, header), *lines = records
    lower = [field.lower() for field in header]
    if tuple(lower) in _TRANSITIONS:
        return _transitions(lines, name)
    if lower[0] == "action" and len(header) >= 3 and len(header) % 2 == 1:
        return _vectors(lines, len(header), name)
    raise TableFormatError(
        "the header must be state,action,next for transitions, or action,x1,...,y1,... with as "
        f"many columns before as after for vectors; got {bare(','.join(header))}.",
        source=name,
        line=1,
    )


def _transitions(lines: list[tuple[int, list[str]]], name: str) -> Transitions:
    states: dict[str, int] = {}
    actions: dict[str, int] = {}
    triples = []
    for line, fields in lines:
        _check_width(fields, 3, line, name)
        for column in (0, 1):
            if not fields[column]:
                raise TableFormatError("a label is empty.", source=name, line=line,
                                       column=column + 1)  # fmt: skip
        x = states.setdefault(fields[0], len(states))
        a = actions.setdefault(fields[1], len(actions))
        # Labels of the first two columns count even where the result is unknown: the state exists.
        if fields[2] not in _UNKNOWN:
            triples.append((x, a, states.setdefault(fields[2], len(states))))
    if not triples:
        raise TableFormatError("no transition is known.", source=name)
    return Transitions(states=tuple(states), actions=tuple(actions), triples=np.array(triples))


def _vectors(lines: list[tuple[int, list[str]]], width: int, name: str) -> VectorPairs:
    labels, rows = [], []
    for line, fields in lines:
        _check_width(fields, width, line, name)
        if not fields[0]:
            raise TableFormatError("a label is empty.", source=name, line=line, column=1)
        labels.append(fields[0])
        rows.append(_numbers(fields[1:], line, name))
    if not rows:
        raise TableFormatError("there are no observations.", source=name)
    values = np.array(rows)
    half = (width - 1) // 2
    return VectorPairs.from_arrays(labels, values[:, :half], values[:, half:])


def _numbers(fields: list[str], line: int, name: str) -> list[float]:
    numbers = []
    for column, field in enumerate(fields, start=2):
        try:
            value = float(field)
        except ValueError:
            value = float("nan")
        if not np.isfinite(value):
            raise TableFormatError(
                f"{field[:40]!r} is no finite number.", source=name, line=line, column=column
            )
        numbers.append(value)
    return numbers


def _check_width(fields: list[str], width: int, line: int, name: str) -> None:
    if len(fields) != width:
        raise TableFormatError(
            f"expected {width} fields; got {len(fields)}.",
            source=name,
            line=line,
            column=min(len(fields), width) + 1,
        )


def _from_archive(data: bytes, name: str) -> Transitions | VectorPairs:
    context = _context(name)
    arrays = read_archive(data, dict.fromkeys(_ARRAYS, _MOST_NUMBERS), context)
    try:
        if {"state", "action", "next"} <= arrays.keys():
            return _from_columns([arrays[key] for key in ("state", "action", "next")], context)
        if {"action", "before", "after"} <= arrays.keys():
            _check_labels(arrays["action"], "action", context)
            return VectorPairs.from_arrays(arrays["action"], arrays["before"], arrays["after"])
    except (ValueError, TypeError, OverflowError) as error:
        raise as_format_error(error, "the archive", context) from None
    raise context.error(
        "expected the arrays state, action and next, or action, before and after; "
        f"found {listed(archive_names(data)) or 'none'}."
    )


def _from_columns(columns: list[NDArray[Any]], context: ReadContext) -> Transitions:
    """Return the transitions of three arrays of labels."""
    for array, key in zip(columns, ("state", "action", "next"), strict=True):
        _check_labels(array, key, context)
    if len({len(array) for array in columns}) > 1:
        sizes = ", ".join(str(len(array)) for array in columns)
        raise context.error(f"state, action and next must be equally long; got {sizes}.")
    labels = [map(str, array.tolist()) for array in columns]
    return Transitions.from_labels(zip(*labels, strict=True))


def _check_labels(array: NDArray[Any], key: str, context: ReadContext) -> None:
    """Refuse labels that are too many, counted before they are made."""
    if array.ndim != 1 or array.dtype.kind not in "Uiufb":
        raise context.error(
            f"`{key}` must be a one-dimensional array of text or numbers; got dtype "
            f"{array.dtype}, shape {array.shape}."
        )
    # NumPy sorts numbers much faster, and in less memory, than Python makes strings of them.
    count = len(np.unique(array))
    if count > _MOST_LABELS:
        raise context.error(f"`{key}` has {count} different labels; at most {_MOST_LABELS}.")


def _context(name: str) -> ReadContext:
    return ReadContext(
        name=name,
        markers=frozenset(_UNKNOWN),
        json_markers=frozenset(),
        allow_conflicts=True,
        max_order=_MOST_LABELS,
    )
