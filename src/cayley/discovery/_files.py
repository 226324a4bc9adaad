"""Reading of observations from CSV or TSV with a header line, or from NumPy's npz."""

import csv
import io
import sys
from pathlib import Path

import numpy as np

from cayley._errors import TableFormatError
from cayley.discovery._observations import Transitions, VectorPairs

__all__ = ["read_observations"]

# Headers of transitions, in lower case.
_TRANSITIONS = (
    ("state", "action", "next"),
    ("state", "action", "state"),
    ("before", "action", "after"),
)
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
    data = sys.stdin.buffer.read() if str(source) == "-" else Path(source).read_bytes()
    # By content, not by suffix: standard input has none. An npz file is a zip archive.
    if data[:4] == b"PK\x03\x04":
        return _from_archive(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableFormatError(
            f"the byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8.", source=name
        ) from None
    return _from_text(text, name)


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
        f"many columns before as after for vectors; got {','.join(header)[:80]}.",
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
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
    except (ValueError, OSError, EOFError) as error:
        raise TableFormatError(f"cannot be read as an .npz file ({error}).", source=name) from None
    try:
        if {"state", "action", "next"} <= arrays.keys():
            columns = [arrays[key].tolist() for key in ("state", "action", "next")]
            return Transitions.from_labels(
                (str(x), str(a), str(y)) for x, a, y in zip(*columns, strict=True)
            )
        if {"action", "before", "after"} <= arrays.keys():
            return VectorPairs.from_arrays(arrays["action"], arrays["before"], arrays["after"])
    except (ValueError, TypeError) as error:
        raise TableFormatError(str(error), source=name) from None
    raise TableFormatError(
        "expected the arrays state, action and next, or action, before and after; "
        f"found {', '.join(sorted(arrays)) or 'none'}.",
        source=name,
    )
