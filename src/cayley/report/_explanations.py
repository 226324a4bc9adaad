"""What a solution rests on, as rows to print: laws, rivals, open cells, refutations; bounded."""

from dataclasses import dataclass

from cayley.completion import Solution
from cayley.completion._findings import Rival
from cayley.completion.solution._wording import a_kind
from cayley.report._certificate_sentences import standing_sentence
from cayley.report.figures.drawing._style import shortened

__all__ = ["Explanations", "LawRow", "OpenCell", "RefutedKind", "RivalTable", "explain"]

_MOST_CELLS = 24
"""Most cells of a rival, and most of a refutation: what a person compares on a page."""

_MOST_OPEN = 200
"""Most open cells that are listed; a table of order 14 has no more."""

_MOST_VALUES = 24
"""Most values of one open cell: more would be the whole alphabet."""

_LONGEST = 60
"""Longer labels are cut in these lists: each may stand in hundreds of their rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """A law or condition and its evidence, as text; empty where it was not weighed."""

    law: str
    number: str
    support: str
    log10_chance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalTable:
    """Another explanation: what it is and the cells that it has otherwise.

    Attributes:
        kind: What the operation would be, with an article.
        standing: How it stands: given, earned or supposed.
        suspects: How many observations it contradicts.
        cells: Row, column, symbol of the table shown, symbol of the rival; "open" for none.
        more: How many cells are not listed.
    """

    kind: str
    standing: str
    suspects: int
    cells: tuple[tuple[str, str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCell:
    """An open cell, the symbols that it can have, and how many of them are not listed."""

    row: str
    column: str
    values: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefutedKind:
    """What the operation cannot be: the reason, and the cells that contradict it already."""

    kind: str
    reason: str
    cells: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanations:
    """What a solution rests on. Texts are labels as given: whoever prints them escapes them.

    Attributes:
        standing: How the hypothesis came by its place, a sentence; empty if there is none.
        laws: The laws and conditions of the hypothesis.
        rivals: Other explanations that could not be set aside.
        open_cells: Open cells and what they can be.
        more_open: How many open cells are not listed.
        refuted: What the operation cannot be.
    """

    standing: str
    laws: tuple[LawRow, ...]
    rivals: tuple[RivalTable, ...]
    open_cells: tuple[OpenCell, ...]
    more_open: int
    refuted: tuple[RefutedKind, ...]


def explain(solution: Solution) -> Explanations:
    """Return what a solution rests on; each row repeats what a field of the solution says.

    Example:
        >>> from cayley.completion import solve
        >>> found = explain(solve([[0, 1], [1, -1]]))
        >>> [(rival.kind, rival.cells) for rival in found.rivals]
        [('a band', (('1', '1', '0', '1'),))]
    """
    symbols = solution.table.symbols
    possible = sorted(solution.possible.items())
    return Explanations(
        standing=standing_sentence(solution),
        laws=tuple(
            LawRow(
                law=fact.law,
                number="" if fact.number is None else str(fact.number),
                support="" if fact.support is None else str(fact.support),
                # Adding zero turns the -0.0 of a chance that is almost one into 0.0.
                log10_chance=""
                if fact.log10_chance is None
                else f"{round(fact.log10_chance, 1) + 0.0:g}",
            )
            for fact in solution.facts
        ),
        rivals=tuple(_rival(solution, rival) for rival in solution.rivals),
        open_cells=tuple(
            OpenCell(
                row=_cut(solution.table.rows[a]),
                column=_cut(solution.table.columns[b]),
                values=tuple(_cut(symbols[value]) for value in values[:_MOST_VALUES]),
                more=max(0, len(values) - _MOST_VALUES),
            )
            for (a, b), values in possible[:_MOST_OPEN]
        ),
        more_open=max(0, len(possible) - _MOST_OPEN),
        refuted=tuple(
            RefutedKind(
                kind=a_kind(each.structure),
                reason=each.reason,
                cells=tuple((_cut(a), _cut(b), _cut(c)) for a, b, c in each.cells[:_MOST_CELLS]),
                more=max(0, len(each.cells) - _MOST_CELLS),
            )
            for each in solution.refuted
        ),
    )


def _rival(solution: Solution, rival: Rival) -> RivalTable:
    """Return a rival with what the table shown has in the cells that differ."""
    return RivalTable(
        kind=a_kind(rival.theory),
        standing=rival.standing,
        suspects=rival.suspects,
        cells=tuple(
            (
                _cut(row),
                _cut(column),
                _cut(_or_open(solution.table[row, column])),
                _cut(_or_open(symbol)),
            )
            for row, column, symbol in rival.differs[:_MOST_CELLS]
        ),
        more=max(0, len(rival.differs) - _MOST_CELLS),
    )


def _or_open(symbol: str | None) -> str:
    return "open" if symbol is None else symbol


def _cut(label: str) -> str:
    return shortened(label, _LONGEST)
