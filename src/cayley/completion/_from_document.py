"""A solution back from its JSON, so that it can be drawn without being found again."""

import io
import json
from dataclasses import fields
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int8
from cayley.algebra import Structure, identify
from cayley.completion._findings import Answer, Provenance, Refutation, Status, Suspect
from cayley.completion._json import ASSUMED, history_from_document
from cayley.completion._progress import SolverName
from cayley.completion._solution import Solution
from cayley.tables import UNKNOWN, Table, read_table

__all__ = ["solution_from_document"]

_CHOICES: dict[str, tuple[Any, ...]] = {
    "status": get_args(Status),
    "assumption": tuple(ASSUMED.values()),
    "solver": get_args(SolverName),
    "unique": get_args(Answer),
    "unique_among": ("groups", "group isotopes", None),
}


def solution_from_document(document: Any) -> Solution:
    """Return the solution that a document of schema ``cayley.solution/1`` describes.

    The structure of the table, its group and the isotopism are decided anew, exactly; only what
    cannot be seen from the table (status, provenance, certificate, history) is taken as written.
    The document holds no margins and no factors.

    Args:
        document: What :meth:`Solution.to_document` returned, possibly read from a file.

    Raises:
        ValueError: If it is no such document; the message names the member at fault.

    Example:
        >>> from cayley.completion import solve
        >>> found = solve(Table.from_array([[0, 1], [1, -1]]))
        >>> again = solution_from_document(found.to_document())
        >>> again.verdict == found.verdict
        True
    """
    if not isinstance(document, dict) or document.get("schema") != "cayley.solution/1":
        raise ValueError('the document must be a solution, with "schema": "cayley.solution/1".')
    for name, known in _CHOICES.items():
        if document.get(name) not in known:
            choices = ", ".join(map(str, known))
            raise ValueError(f"`{name}` must be one of {choices}; got {document.get(name)!r}.")
    table = read_table(io.StringIO(json.dumps(document)), format="json")
    provenance = _provenance(document, table)
    suspects = _suspects(document)
    given = _given(table, provenance, suspects)
    found = identify(table) if table.is_full else None
    structure = next(key for key, word in ASSUMED.items() if word == document["assumption"])
    assumption = structure if isinstance(structure, Structure) else None
    options = _options(document.get("options", {}))
    return Solution(
        given=given,
        table=table,
        provenance=provenance,
        status=document["status"],
        assume=_asked(options.pop("assume", document["assumption"].replace("none", "auto"))),
        assumption=assumption,
        refuted=_refuted(document, assumption),
        identification=found,
        proved=bool(document.get("proved")),
        solver=document["solver"],
        seed=_number(document, "seed", int),
        unique=document["unique"],
        certificate=str(document.get("certificate", "")),
        suspects=suspects,
        complexity=_number(document, "complexity", float),
        seconds=_number(document, "seconds", float),
        steps=_number(document, "steps", int),
        notes=tuple(map(str, document.get("notes", []))),
        version=str(document.get("version", "")),
        options=options,
        history=history_from_document(document.get("history")),
    )


def _asked(word: Any) -> Structure | str:
    structure = next((key for key, known in ASSUMED.items() if known == word), None)
    return str(word) if structure is None else structure


def _refuted(document: dict[str, Any], assumption: Structure | None) -> tuple[Refutation, ...]:
    cells = tuple(_texts(item, 3, "evidence") for item in document.get("evidence", []))
    if document["status"] != "inconsistent":
        return ()
    return (Refutation(structure=assumption or Structure.GROUP_ISOTOPE, cells=cells),)


def _number(document: dict[str, Any], name: str, kind: type) -> Any:
    value = document.get(name, 0)
    if value is None and name == "complexity":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"`{name}` must be a number; got {value!r}.")
    return kind(value)


def _options(options: Any) -> dict[str, Any]:
    if not isinstance(options, dict):
        raise ValueError(f"`options` must be an object; got {options!r}.")
    return dict(options)


def _texts(item: Any, count: int, name: str) -> Any:
    if not isinstance(item, list) or len(item) != count:
        raise ValueError(f"`{name}` must hold lists of {count} labels; got {item!r}.")
    return tuple(map(str, item))


def _provenance(document: dict[str, Any], table: Table) -> Int8[NDArray[Any], "r c"]:
    names = {kind.name.lower(): int(kind) for kind in Provenance}
    try:
        codes = np.array([[names[p] for p in row] for row in document["provenance"]], np.int8)
    except (KeyError, TypeError, ValueError):
        codes = np.empty((0, 0), np.int8)
    if codes.shape != table.array.shape:
        raise ValueError(
            f"`provenance` must hold one of {', '.join(names)} for each cell of the table."
        )
    codes.flags.writeable = False
    return codes


def _suspects(document: dict[str, Any]) -> tuple[Suspect, ...]:
    names = ("row", "column", "given", "expected")
    further = {field.name for field in fields(Suspect)} - set(names)

    def suspect(item: dict[str, Any]) -> Suspect:
        values: dict[str, Any] = {name: item[name] for name in further if name in item}
        values |= {name: str(item[name]) for name in names}
        return Suspect(**values)

    try:
        return tuple(suspect(item) for item in document.get("suspects", []))
    except (KeyError, TypeError):
        raise ValueError(f"`suspects` must hold objects with {', '.join(names)}.") from None


def _given(
    table: Table, provenance: Int8[NDArray[Any], "r c"], suspects: tuple[Suspect, ...]
) -> Table:
    """Return what had been observed: what is marked so, and what the suspects were given as."""
    array = np.where(provenance == Provenance.OBSERVED, table.array, UNKNOWN)
    places = [
        {label: i for i, label in enumerate(names)}
        for names in (table.rows, table.columns, table.symbols)
    ]
    for s in suspects:
        try:
            a, b, c = (
                place[label]
                for place, label in zip(places, (s.row, s.column, s.given), strict=True)
            )
        except KeyError as error:
            raise ValueError(f"`suspects` names {error.args[0]!r}, which is no label.") from None
        array[a, b] = c
    return table.with_array(array)
