"""A solution back from its JSON, so that it can be drawn without being found again."""

import io
import json
from dataclasses import fields
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int8
from cayley.algebra import Structure, identify
from cayley.completion._findings import (
    Answer,
    Fact,
    Hypothesis,
    Provenance,
    Refutation,
    Rival,
    Status,
    Suspect,
)
from cayley.completion._progress import SolverName
from cayley.completion.solution._json import ASSUMED, history_from_document
from cayley.completion.solution._solution import Solution
from cayley.tables import UNKNOWN, Table, read_table

__all__ = ["solution_from_document"]

_CHOICES: dict[str, tuple[Any, ...]] = {
    "status": get_args(Status),
    "solver": get_args(SolverName),
    "unique": get_args(Answer),
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
    found = identify(table) if table.is_full and table.is_square else None
    assumption = _hypothesis(document.get("assumption"))
    theory = _member(document, "theory")
    completions = _member(document, "completions")
    options = _options(document.get("options", {}))
    return Solution(
        given=given,
        table=table,
        provenance=provenance,
        status=document["status"],
        assume=_asked(options.pop("assume", str(document["assumption"]).replace("none", "auto"))),
        assumption=assumption,
        standing=theory.get("standing"),
        log10_chance=theory.get("log10_chance"),
        facts=_facts(theory),
        earned=None if theory.get("earned") is None else _hypothesis(theory["earned"]),
        homotope_of=_group_behind(document),
        rivals=_rivals(document),
        num_completions=completions.get("count"),
        completions_exact=bool(completions.get("exact")),
        possible=_possible(document, table),
        refuted=_refuted(document, assumption),
        identification=found,
        proved=bool(document.get("proved")),
        solver=document["solver"],
        seed=_number(document, "seed", int),
        unique=document["unique"],
        # Before there were certificates the method stood in their place.
        method=str(document.get("method", document.get("certificate", ""))),
        suspects=suspects,
        complexity=_number(document, "complexity", float),
        # The file of `--out` has none: equal runs write equal bytes.
        seconds=_number({"seconds": 0.0, **document}, "seconds", float),
        steps=_number(document, "steps", int),
        premise=str(document.get("premise", "")),
        notes=tuple(map(str, document.get("notes", []))),
        version=str(document.get("version", "")),
        options=options,
        history=history_from_document(document.get("history")),
    )


def _group_behind(document: dict[str, Any]) -> tuple[str | None, tuple[int, int] | None] | None:
    """Return the group of a homotope; that of a group or an isotope is decided anew."""
    group = _member(document, "group")
    if not group or not str(document.get("assumption")).startswith("homotope"):
        return None
    name, number = group.get("name"), group.get("gap_id")
    if number is not None and not (
        isinstance(number, list) and len(number) == 2 and all(isinstance(i, int) for i in number)
    ):
        raise ValueError("`group.gap_id` must be two whole numbers or null.")
    return (None if name is None else str(name)), (None if number is None else (*number,))


def _asked(word: Any) -> Hypothesis | str:
    if word in ("auto", "none"):
        return str(word)
    found = _hypothesis(word)
    return str(word) if found is None else found


def _hypothesis(word: Any) -> Hypothesis | None:
    """Return what a word of the schema names: a structure, or a theory by its name."""
    if word == "none":
        return None
    if not isinstance(word, str) or not word:
        raise ValueError(f"`assumption` must be none or the name of a theory; got {word!r}.")
    structure = next((key for key, known in ASSUMED.items() if known == word), None)
    if isinstance(structure, Structure):
        return structure
    from cayley.theories import Theory, parse_theory  # only where a document names a theory

    try:
        return parse_theory(word)
    except ValueError:
        return Theory(word)  # its laws are listed in the document, and are not needed to draw it


def _member(document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"`{name}` must be an object or null; got {value!r}.")
    return value


def _facts(theory: dict[str, Any]) -> tuple[Fact, ...]:
    try:
        return tuple(Fact(**law) for law in theory.get("laws", []))
    except TypeError:
        names = ", ".join(field.name for field in fields(Fact))
        raise ValueError(f"`theory.laws` must hold objects with {names}.") from None


def _rivals(document: dict[str, Any]) -> tuple[Rival, ...]:
    try:
        return tuple(
            Rival(
                theory=_hypothesis(item["theory"]) or Structure.GROUP_ISOTOPE,
                standing=item["standing"],
                differs=tuple(
                    (cell["row"], cell["column"], cell["value"]) for cell in item["differs"]
                ),
                suspects=int(item.get("suspects", 0)),
            )
            for item in document.get("rivals", [])
        )
    except (KeyError, TypeError):
        raise ValueError(
            "`rivals` must hold objects with theory, standing, differs and suspects."
        ) from None


def _possible(document: dict[str, Any], table: Table) -> dict[tuple[int, int], tuple[int, ...]]:
    rows, columns, symbols = (
        {label: i for i, label in enumerate(names)}
        for names in (table.rows, table.columns, table.symbols)
    )
    try:
        return {
            (rows[item["row"]], columns[item["column"]]): tuple(
                symbols[value] for value in item["values"]
            )
            for item in document.get("possible", [])
        }
    except (KeyError, TypeError):
        raise ValueError("`possible` must hold objects with row, column and values.") from None


def _refuted(document: dict[str, Any], assumption: Hypothesis | None) -> tuple[Refutation, ...]:
    # documents of earlier versions list the evidence of the last refutation only
    cells = tuple(_texts(item, 3, "evidence") for item in document.get("evidence", []))
    listed = document.get("refuted")
    if listed is not None:
        try:
            return tuple(
                Refutation(
                    structure=_hypothesis(item["theory"]) or Structure.GROUP_ISOTOPE,
                    cells=tuple(_texts(cell, 3, "refuted") for cell in item["cells"]),
                    reason=str(item.get("reason", "")),
                )
                for item in listed
            )
        except (KeyError, TypeError):
            raise ValueError("`refuted` must hold objects with theory and cells.") from None
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
