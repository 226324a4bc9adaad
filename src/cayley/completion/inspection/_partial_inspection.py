"""What a partial table can still be: theories that its cells refute, and what the others allow."""

import time
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, TypeAlias

from cayley.algebra import Analysis
from cayley.completion.inspection._reasons import difference
from cayley.tables import Table
from cayley.theories import Completion, SearchLimits, Theory, complete_under, parse_laws
from cayley.theories.laws._catalog import ADJECTIVES, NOUNS
from cayley.theories.propagation._reasons import Refutation

__all__ = ["Candidate", "PartialInspection", "inspect_partial"]

Standing: TypeAlias = Literal["refuted", "possible", "open"]

# Every theory gets its share of a second, and all together not more than this.
_SECONDS = 10.0
_SECONDS_EACH = 1.0
_MOST_GUESSES = 200

_MOST_VALUES = 20_000
"""Values of open cells that a document lists for one theory; beyond, `possible` is null."""

_MOST_CELLS = 4
"""Given cells that a sentence writes out."""

# The same operations as another theory in the list, or all operations.
_LEFT_OUT = ("magma", "abelian", "associative", "cancellative")

# Laws that are looked at for a property only: as theories they have no name of their own.
_LAWS = {
    name: Theory(name, parse_laws(law))
    for name, law in (
        ("Moufang", "(x*y)*(z*x) = (x*(y*z))*x"),
        ("left Bol", "x*(y*(x*z)) = (x*(y*x))*z"),
        ("right Bol", "((z*x)*y)*x = z*((x*y)*x)"),
    )
}

# These are labels in the document: null, whether or not it is known that there is none.
_WITNESSES = ("identity", "left_identity", "right_identity", "absorbing_element", "zero")

_THEORY_OF = {
    "latin": ("quasigroup",),
    "associative": ("semigroup",),
    "regular": ("semigroup",),
    "group_isotope": ("quasigroup",),
    "steiner": ("Steiner quasigroup", "Steiner loop"),
    "identity": ("unital",),
    "moufang": ("Moufang",),
    "left_bol": ("left Bol",),
    "right_bol": ("right Bol",),
}
"""Which theories are all refuted if a property is, where their names are not the property's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a theory makes of a partial table.

    Attributes:
        theory: The theory.
        standing: ``refuted``: no operation of this kind has the cells; ``possible``: at least one
            completion was found and checked; ``open``: neither was found in time.
        completion: What it forces and allows; None if it was refuted through a more general theory
            or time was over.
        because: Of a refuted theory, why.
        cells: Of a refuted theory given cells that refute it, as rows and columns.
    """

    theory: Theory
    standing: Standing
    completion: Completion | None
    because: str = ""
    cells: tuple[tuple[int, int], ...] = ()

    @property
    def why(self) -> str:
        """A sentence that says of a refuted theory that it is, and why."""
        said = _not_a(self.theory)
        # Without a completion it was refuted as another theory was: "because not a quasigroup: ..."
        return (
            f"{said} because {self.because}"
            if self.completion is None
            else f"{said}: {self.because}"
        )


@dataclass(frozen=True, kw_only=True)
class PartialInspection:
    """What a partial table can still be.

    Attributes:
        table: The table, columns and symbols in the order of the rows.
        candidates: The named theories, general ones before special ones.
    """

    table: Table
    candidates: tuple[Candidate, ...]

    @property
    def named(self) -> tuple[Candidate, ...]:
        """The candidates that are named theories or adjectives, and no laws alone."""
        return tuple(each for each in self.candidates if each.theory.name not in _LAWS)

    @cached_property
    def refuted(self) -> dict[str, Candidate]:
        """Each property that no completion has, by its name in the document, with the reason."""
        by_name = {each.theory.name: each for each in self.candidates}
        found = {}
        for item in fields(Analysis):
            names = _THEORY_OF.get(item.name, (item.name.replace("_", " "),))
            candidates = [by_name[name] for name in names if name in by_name]
            if candidates and all(each.standing == "refuted" for each in candidates):
                found[item.name] = candidates[0]
        return found

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.inspection/1``."""
        table = self.table
        return {
            "schema": "cayley.inspection/1",
            "order": table.order,
            "structure": None,
            "kind": None,
            "cells": {
                "known": table.num_observed,
                "missing": table.array.size - table.num_observed,
            },
            "properties": {
                item.name: False
                if item.name in self.refuted and item.name not in _WITNESSES
                else None
                for item in fields(Analysis)
                if item.name != "structure"
            },
            "counterexamples": {},
            "reasons": {name: each.why for name, each in self.refuted.items()},
            "theories": [self._of(each) for each in self.named],
            **dict.fromkeys(("group", "isotopism", "classes", "irreps", "complexity")),
            "parts": {},
        }

    def _of(self, candidate: Candidate) -> dict[str, Any]:
        document: dict[str, Any] = {
            "theory": candidate.theory.name,
            "standing": candidate.standing,
        }
        if candidate.standing == "refuted":
            return document | {"reason": candidate.why, "cells": self._cells(candidate.cells)}
        found = candidate.completion
        if found is None:
            return document | {"completions": {"count": 0, "exact": False}, "forced": []}
        forced = [(int(a), int(b)) for a, b in zip(*found.forced.nonzero(), strict=True)]
        listed = sum(map(len, found.possible.values())) <= _MOST_VALUES
        return document | {
            "completions": {"count": found.num_completions, "exact": found.is_exact},
            "forced": [
                self._place(a, b) | {"value": self.table.rows[found.table[a, b]]} for a, b in forced
            ],
            "possible": [
                self._place(a, b) | {"values": [self.table.rows[c] for c in values]}
                for (a, b), values in found.possible.items()
            ]
            if listed
            else None,
            "possible_exact": found.is_possible_exact,
        }

    def _place(self, row: int, column: int) -> dict[str, str]:
        return {"row": self.table.rows[row], "column": self.table.rows[column]}

    def _cells(self, cells: tuple[tuple[int, int], ...]) -> list[dict[str, str]]:
        values = self.table.array
        return [self._place(a, b) | {"value": self.table.rows[values[a, b]]} for a, b in cells]


def inspect_partial(table: Table, *, seconds: float = _SECONDS) -> PartialInspection:
    """Decide which named theories the cells of a partial table refute, and what others allow.

    Args:
        table: A table over one alphabet, with unknown cells or without.
        seconds: Time after which no further theory is looked at, and the rest stays open.

    Raises:
        ValueError: If rows, columns and symbols are different labels, or a cell has two results.

    Example:
        >>> found = inspect_partial(Table.from_array([[0, 1], [1, -1]]))
        >>> [each.theory.name for each in found.candidates if each.standing == "refuted"][:2]
        ['Steiner quasigroup', 'rectangular band']
        >>> found.refuted["left_quandle"].because
        'not a left rack: 0 o 0 = 0 and 1 o 0 = 1 contradict left cancellation'
    """
    if not table.has_one_alphabet:
        raise ValueError(
            "a partial table can be inspected only if rows, columns and symbols are the same "
            "labels. `cayley complete` looks for a group behind it."
        )
    ordered = table.aligned()
    deadline = time.monotonic() + seconds
    named = {theory.name: theory for theory in (*NOUNS.values(), *ADJECTIVES.values())}
    found: list[Candidate] = []
    for name, theory in (named | _LAWS).items():
        if name not in _LEFT_OUT:
            found.append(_candidate(ordered, theory, found, deadline))
    return PartialInspection(table=ordered, candidates=tuple(found))


def _candidate(table: Table, theory: Theory, before: list[Candidate], deadline: float) -> Candidate:
    refuted = (each for each in before if each.standing == "refuted")
    general = next((each for each in refuted if theory.implies(each.theory)), None)
    if general is not None:
        return Candidate(
            theory=theory,
            standing="refuted",
            completion=None,
            because=general.why,
            cells=general.cells,
        )
    left = deadline - time.monotonic()
    if left <= 0:
        return Candidate(theory=theory, standing="open", completion=None)
    limits = SearchLimits(max_nodes=_MOST_GUESSES, time_limit=min(left, _SECONDS_EACH))
    completion = complete_under(table, theory, limits=limits)
    if completion.refutation is None:
        standing: Standing = "possible" if completion.num_completions else "open"
        return Candidate(theory=theory, standing=standing, completion=completion)
    return Candidate(
        theory=theory,
        standing="refuted",
        completion=completion,
        because=_sentence(table, completion.refutation),
        cells=completion.refutation.evidence,
    )


def _not_a(theory: Theory) -> str:
    name = theory.name
    if name in ADJECTIVES or name in _LAWS:
        return f"not {name}"
    return f"not {'an' if name[0] in 'aei' else 'a'} {name}"


def _sentence(table: Table, refutation: Refutation) -> str:
    """Return how the given cells refute a theory."""
    reason, evidence = refutation.reason, refutation.evidence
    if reason.law is not None and set(reason.cells) <= set(evidence):
        labels = [table.rows[a] for a in reason.instance]
        return difference(reason.law.left, reason.law.right, labels, table)
    said = f"{_listed(table, evidence)} contradict{'s' if len(evidence) == 1 else ''}"
    if reason.law is not None:
        return f"{said} {reason.law}"
    if reason.conditions:
        return f"{said} {' and '.join(reason.conditions)}"
    return "an exhaustive search finds no completion"


def _listed(table: Table, cells: tuple[tuple[int, int], ...]) -> str:
    shown = [
        f"{table.rows[a]} o {table.rows[b]} = {table.rows[table.array[a, b]]}"
        for a, b in cells[:_MOST_CELLS]
    ]
    if len(cells) > len(shown):
        shown.append(f"{len(cells) - len(shown)} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
