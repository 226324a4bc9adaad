"""``next_cells``: which cells to observe next, under what is assumed of the operation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cayley.algebra import Structure
from cayley.completion._hypotheses import asked_for, needs_one_alphabet
from cayley.deduction.presentations._read_source import read_source
from cayley.next_cell._costs import Cost, costs_of
from cayley.next_cell._for_groups import Refuted
from cayley.next_cell._noisy import Believed, ask_again, believed, check_wrong_rate
from cayley.next_cell._question import Proposal, Question, question_of
from cayley.next_cell._rivals import rival_questions, unassumed_questions
from cayley.next_cell._working_table import WorkingTable
from cayley.tables import Table
from cayley.tables._as_table import TableLike, as_table

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["Advice", "advise", "next_cells"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to ask next, and why nothing if there is nothing.

    Attributes:
        questions: The cells, the best first.
        message: Why there are none: the table is full, determined, or what is open cannot be
            observed; empty if there are some.
        is_stuck: Whether cells are open that cannot be observed.
        posterior: Where answers may be wrong: the probability of what is believed, and how it was
            computed; else empty.
        order: Number of rows and columns.
        num_observed: How many cells are known.
        assume: What was assumed, as it was asked for.
    """

    questions: tuple[Question, ...]
    message: str
    is_stuck: bool
    posterior: str
    order: int
    num_observed: int
    assume: str

    def to_document(self) -> dict[str, Any]:
        """Return a JSON document; ``docs/schemas/next-1.json`` describes it."""
        return {
            "schema": "cayley.next/1",
            "assume": self.assume,
            "order": self.order,
            "observed": self.num_observed,
            "message": self.message,
            "posterior": self.posterior,
            "questions": [each.to_document() for each in self.questions],
        }


def next_cells(
    table: TableLike,
    *,
    count: int = 1,
    assume: "Structure | Theory | str" = "auto",
    cost: Cost | None = None,
    seed: int = 0,
    wrong_rate: float = 0.0,
    delta: float = 0.02,
) -> list[Question]:
    """Return which cells to observe next, so that few observations determine the table.

    Under "group" and "isotope" cells are chosen by the entropy of their answers over all groups of
    the order that agree with the cells, or by what they add to the presentation of the universal
    group; under laws by how much follows from them. Where theories that stand force different
    values, the cell that tells them apart comes first. A cell that is known to be forced is never
    asked for.

    Args:
        table: The table so far, perhaps with no cell known: anything that `solve` takes. Rows,
            columns and symbols have to be equally many.
        count: How many cells to name. They are to be observed together: no two are expected to
            tell the same.
        assume: What the operation is taken to be, as for `solve`, without homotopes and
            polynomials.
        cost: What each observation costs, 1 by default: an array with a positive number for each
            cell, infinite where it cannot be observed; or a mapping from ``(row, column)``,
            ``(row, None)`` or ``(None, column)`` to a number. The gain for the cost decides.
        seed: Seed of every random choice, an integer >= 0.
        wrong_rate: Probability that an answer is wrong, all wrong symbols alike; the answers so far
            are the cells and the repeats of the table. Cells in doubt are asked for again.
        delta: Where answers may be wrong: how improbable a wrong table has to be in the end.

    Returns:
        At most so many questions, the best first; none if the table is determined, or if nothing
        that is open can be observed.

    Raises:
        TypeError: If the table is nothing of that kind.
        ValueError: If the cells contradict what is assumed or each other, or an argument is out of
            range.

    Example:
        Three cells of OR: a group says F for the last one, a semilattice T.

        >>> from cayley import Table
        >>> table = Table.from_array([["F", "T"], ["T", None]], labels="FT")
        >>> (question,) = next_cells(table)
        >>> print(question)
        T o T = ?
    """
    advice = advise(
        table,
        count=count,
        assume=assume,
        cost=cost,
        seed=seed,
        wrong_rate=wrong_rate,
        delta=delta,
    )
    return list(advice.questions)


def advise(
    table: TableLike,
    *,
    count: int = 1,
    assume: "Structure | Theory | str" = "auto",
    cost: Cost | None = None,
    seed: int = 0,
    wrong_rate: float = 0.0,
    delta: float = 0.02,
) -> Advice:
    """Return what `next_cells` does, and why there are no questions if there are none."""
    table = as_table(table, read=read_source)
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise ValueError(f"`count` must be an integer >= 1; got {count!r}.")
    check_wrong_rate(wrong_rate, delta, assume)
    costs = costs_of(table, cost)
    asked, hypotheses = asked_for(assume)
    _check(table, hypotheses, wrong_rate)
    belief = believed(table, wrong_rate) if wrong_rate else None
    working = WorkingTable(
        table if belief is None else belief.table, costs, count=int(count), seed=seed
    )
    ask = _Ask(working, asked, hypotheses)
    found, message, posterior = (
        ask.once() if belief is None else ask.until_believed(belief, wrong_rate, delta)
    )
    questions = tuple(
        question_of(each, working.table, working.costs[each.row, each.column])
        for each in found or ()
    )
    return Advice(
        questions=questions,
        message=message,
        is_stuck=found is None,
        posterior=posterior,
        order=table.order,
        num_observed=table.num_observed,
        assume=str(assume),
    )


class _Ask:
    """What to ask, where answers are right and where they may be wrong."""

    def __init__(self, working: WorkingTable, asked: Any, hypotheses: tuple[Any, ...]) -> None:
        self._working, self._asked, self._hypotheses = working, asked, hypotheses

    def once(self) -> tuple[list[Proposal] | None, str, str]:
        """Return the cells, or why there are none.

        Raises:
            ValueError: If the cells contradict what is assumed.
        """
        working = self._working
        try:
            found = self._questions()
        except Refuted as refuted:
            raise ValueError(
                f"`table` contradicts the assumption {working.theory}: "
                f"{working.spelled(refuted.evidence)} cannot hold together. `solve` (cayley "
                "complete) finds wrong entries and other theories."
            ) from None
        if found is None:
            message = "the cells that are open cannot be observed; nothing is left to ask"
        elif found:
            message = ""
        elif working.table.is_full:
            message = "every cell is known; nothing is left to ask"
        else:
            message = f"the known cells force all others (assumed: {working.theory or 'none'})"
        return found, message, ""

    def until_believed(
        self, belief: Believed, wrong_rate: float, delta: float
    ) -> tuple[list[Proposal] | None, str, str]:
        """Return cells to ask for again while they are in doubt, else new ones."""
        working = self._working
        said = belief.sentence(wrong_rate) if belief.counts.any() else ""
        doubt = Believed(working.table, working.in_working_order(belief.doubt),
                         working.in_working_order(belief.counts))  # fmt: skip
        # Some n cells will be believed in the end: each may have an n-th part of the error.
        share = delta / working.table.order
        again = ask_again(doubt, working.costs, count=working.count, above=share)
        if again:
            return again, "", said
        try:
            found = self._questions()
        except Refuted as refuted:
            among = working.table.observations[list(refuted.evidence)][:, :2]
            found = ask_again(doubt, working.costs, count=working.count, above=-1.0, among=among)
            return (
                found or None,
                "" if found else "cells that contradict each other cannot be asked for again",
                said,
            )
        if found == [] and belief.posterior < 1 - delta:
            found = ask_again(doubt, working.costs, count=working.count, above=0.0) or None
        if found is None:
            return None, "the cells that are open cannot be observed; nothing is left to ask", said
        message = "" if found else f"the cells believed force all others; {said}"
        return found, message, said

    def _questions(self) -> list[Proposal] | None:
        """Return the cells to ask for under what was asked for; None if none can be observed."""
        if self._asked == "none":
            return unassumed_questions(self._working)
        if self._asked == "auto" or len(self._hypotheses) > 1:
            return rival_questions(self._working, self._hypotheses)
        return self._working.under(self._hypotheses[0])


def _check(table: Table, hypotheses: tuple[Any, ...], wrong_rate: float) -> None:
    sizes = (len(table.rows), len(table.columns), len(table.symbols))
    if not table.is_square:
        raise ValueError(
            "`table` must have equally many rows, columns and symbols to ask for cells; got "
            f"{sizes}."
        )
    a, b, c = table.repeats.T
    wrong = np.flatnonzero(table.array[a, b] != c)
    if len(wrong) and not wrong_rate:
        i = int(wrong[0])
        raise ValueError(
            f"`table` has two results for {table.rows[a[i]]} o {table.columns[b[i]]}: "
            f"{table.symbols[table.array[a[i], b[i]]]} and {table.symbols[c[i]]}."
        )
    for each in hypotheses:
        if not isinstance(each, Structure) and each.name in ("homotope", "polynomial"):
            raise ValueError(
                f'`assume` is {each.name!r}, for which no cells are chosen: use "group", "isotope" '
                "or a theory of laws."
            )
    if not table.has_one_alphabet and any(map(needs_one_alphabet, hypotheses)):
        raise ValueError(
            f"`assume` is {hypotheses[0]!s}, which needs the same labels for rows, columns and "
            'symbols. Use assume="isotope" for three alphabets.'
        )
