"""A question: which cell to observe next, why, and what each answer would settle."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cayley.tables import Table

__all__ = ["Proposal", "Question", "question_of"]

_MOST_LABELS = 12
"""Labels named in one line of what an answer settles; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A cell to observe next.

    Attributes:
        row: Label of the left operand.
        column: Label of the right operand.
        theory: Under which theory the question was chosen; several, where it tells them apart.
        why: Why this cell, in a sentence.
        bits: Expected gain in bits, the entropy of the answer.
        is_exact: Whether ``bits`` was computed over all tables that agree with the cells, which
            also proves that the cell is not forced. Else it is an estimate, and that the cell is
            not forced was looked for only as far as the deduction goes.
        cost: What the observation costs, 1 unless said otherwise.
        settles: Pairs of answers (labels of symbols) and a sentence on what those would settle.

    Example:
        >>> from cayley import next_cells
        >>> table = [["e", "a", "b"], ["a", "e", None], ["b", None, None]]
        >>> (question,) = next_cells(table, assume="x*y = y*x")
        >>> print(question)
        a o b = ?
        >>> question.bits.__round__(2), question.is_exact
        (1.58, True)
    """

    row: str
    column: str
    theory: str
    why: str
    bits: float
    is_exact: bool
    cost: float = 1.0
    settles: tuple[tuple[tuple[str, ...], str], ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.row} o {self.column} = ?"

    def to_document(self) -> dict[str, Any]:
        """Return the question as members of a JSON document."""
        return {
            "row": self.row,
            "column": self.column,
            "theory": self.theory,
            "why": self.why,
            "bits": round(self.bits, 4),
            "exact": self.is_exact,
            "cost": self.cost,
            "settles": [{"answers": list(answers), "then": then} for answers, then in self.settles],
        }

    def lines(self) -> list[str]:
        """Return the question as lines of text: the cell, why, and what each answer settles."""
        gain = f"{self.bits:.2f} bits expected" + ("" if self.is_exact else ", estimated")
        cost = "" if self.cost == 1.0 else f", cost {self.cost:g}"
        found = [f"{self}   ({gain}{cost})", f"  {self.why}"]
        for answers, then in self.settles:
            more = len(answers) - _MOST_LABELS
            named = ", ".join(answers[:_MOST_LABELS]) + (f" and {more} more" if more > 0 else "")
            found.append(f"  {named}: {then}")
        return found


class Proposal(NamedTuple):
    """A question in indices, as the strategies make them."""

    row: int
    column: int
    bits: float
    is_exact: bool
    why: str
    theory: str
    settles: tuple[tuple[tuple[int, ...], str], ...] = ()


def question_of(proposal: Proposal, table: Table, cost: float) -> Question:
    """Return a proposal with the labels of the table."""
    return Question(
        row=table.rows[proposal.row],
        column=table.columns[proposal.column],
        theory=proposal.theory,
        why=proposal.why,
        bits=float(proposal.bits),
        is_exact=proposal.is_exact,
        cost=float(cost),
        settles=tuple(
            (tuple(table.symbols[c] for c in answers), then)
            for answers, then in proposal.settles
            if answers
        ),
    )
