"""``next_cells``: which cells to observe next, under what is assumed of the operation."""

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Structure
from cayley.completion._exact import standing_of
from cayley.completion._hypotheses import asked_for, needs_one_alphabet
from cayley.deduction._partial_table import PartialTable
from cayley.deduction._read_source import read_source
from cayley.next_cell._costs import Candidate, Cost, cheapest, costs_of
from cayley.next_cell._for_groups import Refuted, group_prediction, group_questions
from cayley.next_cell._from_theories import (
    Prediction,
    predicted,
    questions_between,
    theory_questions,
)
from cayley.next_cell._noisy import Believed, ask_again, believed, check_wrong_rate
from cayley.next_cell._question import Proposal, Question, question_of
from cayley.tables import Table
from cayley.tables._as_table import TableLike, as_table
from cayley.theories._catalog import NOUNS
from cayley.theories._evaluation import OutOfTime
from cayley.theories._standing import standing_theories

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["Advice", "advise", "next_cells"]

_RIVALS_ORDER = 8
"""Up to this order all named theories go through the cells for every question, which takes tenths
of a second; above it a group is supposed until it is refuted, then an isotope, then theories."""

_WEIGHING_SECONDS = 2.0
"""Most time for weighing theories, which are then those weighed by that time."""


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
    chooser = _Chooser(table if belief is None else belief.table, costs, int(count), seed)
    ask = _Ask(chooser, asked, hypotheses)
    found, message, posterior = (
        ask.once() if belief is None else ask.until_believed(belief, wrong_rate, delta)
    )
    questions = tuple(
        question_of(each, chooser.work, chooser.costs[each.row, each.column])
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

    def __init__(self, chooser: "_Chooser", asked: Any, hypotheses: tuple[Any, ...]) -> None:
        self._chooser, self._asked, self._hypotheses = chooser, asked, hypotheses

    def once(self) -> tuple[list[Proposal] | None, str, str]:
        """Return the cells, or why there are none.

        Raises:
            ValueError: If the cells contradict what is assumed.
        """
        chooser = self._chooser
        try:
            found = self._questions()
        except Refuted as refuted:
            cells = chooser.work.observations[list(refuted.evidence)]
            raise ValueError(
                f"`table` contradicts the assumption {chooser.theory}: {chooser.spelled(cells)} "
                "cannot hold together. `solve` (cayley complete) finds wrong entries and other "
                "theories."
            ) from None
        if found is None:
            message = "the cells that are open cannot be observed; nothing is left to ask"
        elif found:
            message = ""
        elif chooser.work.is_full:
            message = "every cell is known; nothing is left to ask"
        else:
            message = f"the known cells force all others (assumed: {chooser.theory or 'none'})"
        return found, message, ""

    def until_believed(
        self, belief: Believed, wrong_rate: float, delta: float
    ) -> tuple[list[Proposal] | None, str, str]:
        """Return cells to ask for again while they are in doubt, else new ones."""
        chooser = self._chooser
        said = belief.sentence(wrong_rate) if belief.counts.any() else ""
        doubt = Believed(chooser.work, chooser.in_work_order(belief.doubt),
                         chooser.in_work_order(belief.counts))  # fmt: skip
        # Some n cells will be believed in the end: each may have an n-th part of the error.
        share = delta / chooser.work.order
        again = ask_again(doubt, chooser.costs, count=chooser.count, above=share)
        if again:
            return again, "", said
        try:
            found = self._questions()
        except Refuted as refuted:
            among = chooser.work.observations[list(refuted.evidence)][:, :2]
            found = ask_again(doubt, chooser.costs, count=chooser.count, above=-1.0, among=among)
            return (
                found or None,
                "" if found else "cells that contradict each other cannot be asked for again",
                said,
            )
        if found == [] and belief.posterior < 1 - delta:
            found = ask_again(doubt, chooser.costs, count=chooser.count, above=0.0) or None
        if found is None:
            return None, "the cells that are open cannot be observed; nothing is left to ask", said
        message = "" if found else f"the cells believed force all others; {said}"
        return found, message, said

    def _questions(self) -> list[Proposal] | None:
        if self._chooser.work.is_full and (self._asked in ("auto", "none")):
            return []
        return self._chooser.questions(self._asked, self._hypotheses)


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


class _Chooser:
    """One call of `advise`: the table in one order of labels, and what to say of it."""

    def __init__(
        self, table: Table, costs: Float[NDArray[Any], "r c"], count: int, seed: int
    ) -> None:
        self.work = table
        self.count, self._order = count, list(range(len(table.columns)))
        if table.has_one_alphabet:
            self.work = table.aligned()
            place = {label: i for i, label in enumerate(table.columns)}
            self._order = [place[label] for label in self.work.columns]
        self.costs = self.in_work_order(costs)
        self.random = np.random.default_rng(seed)
        self.theory = ""

    def in_work_order(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values of cells with the columns in the order of the work table."""
        return values[:, self._order]

    @property
    def array(self) -> Int[NDArray[Any], "n n"]:
        return self.work.array

    def questions(self, asked: Any, hypotheses: tuple[Any, ...]) -> list[Proposal] | None:
        """Return the cells to ask for; None if no open one can be observed."""
        if asked == "none":
            return self._any()
        if asked == "auto":
            return self._auto()
        if len(hypotheses) > 1:
            return self._several(hypotheses)
        return self._under(hypotheses[0])

    def _any(self) -> list[Proposal] | None:
        """Return open cells in their order: without a theory no cell tells of another."""
        n = self.work.order
        why = "nothing is assumed, so that no cell says anything of another"
        cells = [
            Candidate(
                Proposal(row=a, column=b, bits=math.log2(n), is_exact=True, why=why, theory="none"),
                1.0,
                (a, b),
            )
            for a, b in np.argwhere(self.array < 0).tolist()
        ]
        return cheapest(cells, self.costs, self.count) or None

    def _under(self, hypothesis: Any) -> list[Proposal] | None:
        """Return the cells to ask for under one hypothesis.

        Raises:
            Refuted: If the cells contradict it.
        """
        self.theory = str(hypothesis)
        return self._unless_refuted(hypothesis)

    def spelled(self, cells: Int[NDArray[Any], "k 3"]) -> str:
        """Return cells as equations."""
        shown = [
            f"{self.work.rows[a]} o {self.work.columns[b]} = {self.work.symbols[c]}"
            for a, b, c in cells[:6].tolist()
        ]
        more = f" and {len(cells) - 6} more cells" if len(cells) > 6 else ""
        return ", ".join(shown) + more

    def _partial(self, structure: Structure) -> PartialTable:
        cells = np.unique(self.work.observations, axis=0)
        return PartialTable.of(cells, self.work.order, structure)

    def _unless_refuted(self, hypothesis: Any) -> list[Proposal] | None:
        if isinstance(hypothesis, Structure):
            partial = self._partial(hypothesis)
            try:
                return group_questions(
                    partial, count=self.count, costs=self.costs, random=self.random
                )
            except Refuted as refuted:
                raise Refuted(self._places(partial.cells[list(refuted.evidence)])) from None
        found = theory_questions(
            self.array, hypothesis, count=self.count, costs=self.costs, random=self.random
        )
        if found is None or isinstance(found, list):
            return found
        assert found.refutation is not None
        evidence = np.array(found.refutation.evidence, np.int64).reshape(-1, 2)
        cells = np.column_stack([evidence, self.array[evidence[:, 0], evidence[:, 1]]])
        raise Refuted(self._places(cells))

    def _places(self, cells: Int[NDArray[Any], "k 3"]) -> tuple[int, ...]:
        """Return the places of cells among the observations."""
        place = {
            tuple(cell): i for i, cell in reversed(list(enumerate(self.work.observations.tolist())))
        }
        return tuple(place[tuple(cell)] for cell in cells.tolist())

    def _several(self, hypotheses: tuple[Any, ...]) -> list[Proposal] | None:
        """Return cells under several readings, such as left and right quandles."""
        predictions = []
        standing = []
        for each in hypotheses:
            found = predicted(self.array, each)
            if isinstance(found, Prediction):
                predictions.append(found)
                standing.append(each)
        if not standing:
            return self._under(hypotheses[0])
        between = questions_between(predictions, self.array, count=self.count, costs=self.costs)
        return between or self._under(standing[0])

    def _auto(self) -> list[Proposal] | None:
        """Return cells that tell theories apart, then cells under the first that stands."""
        standing: list[Any] = []
        predictions: list[Prediction] = []
        evidence: tuple[int, ...] = ()
        for structure in (Structure.GROUP, Structure.GROUP_ISOTOPE):
            if structure is Structure.GROUP and not self.work.has_one_alphabet:
                continue
            partial = self._partial(structure)
            try:
                known = group_prediction(partial)
            except Refuted as refuted:
                evidence = self._places(partial.cells[list(refuted.evidence)])
                continue
            standing.append(structure)
            predictions.append(Prediction(str(structure), known))
        if not self.work.has_one_alphabet and not standing:
            raise ValueError(
                "`table` contradicts every isotope of a group: "
                f"{self.spelled(self.work.observations[list(evidence)])} cannot hold together. "
                'Use assume="latin" or assume="none".'
            )
        if self.work.has_one_alphabet:
            for theory in self._named(stands=bool(standing)):
                found = predicted(self.array, theory)
                if isinstance(found, Prediction):
                    standing.append(theory)
                    predictions.append(found)
        if not standing:
            return self._any()
        between = questions_between(predictions, self.array, count=self.count, costs=self.costs)
        return between or self._leading(standing, predictions)

    def _named(self, *, stands: bool) -> list[Any]:
        """Return theories of laws to go through: earned ones first where no group is left."""
        if self.work.order <= _RIVALS_ORDER:
            # The strongest first, so that it names those that say the same.
            return sorted(
                (each for each in NOUNS.values() if each.laws or each.conditions),
                key=lambda each: -len(each.consequences()),
            )
        if stands:
            return []
        try:
            deadline = time.monotonic() + _WEIGHING_SECONDS
            found = standing_theories(self.array, deadline=deadline)
        except OutOfTime:
            return []
        return [each.theory for each in found[:1]]

    def _leading(self, standing: list[Any], predictions: list[Prediction]) -> list[Proposal] | None:
        """Return cells under the first theory that stands; if it forces all, cells that test it."""
        self.theory = str(standing[0])
        found = self._under(standing[0])
        if found or found is None:
            return found
        first = standing[0]
        if not isinstance(first, Structure):
            return []
        table = predictions[0].table
        if (table < 0).any() or standing_of(self.work, table, assume=first, given=False)[
            0
        ] == "earned":
            return []
        why = (
            f"the {first} that agrees with the cells says {{}} here, but so few cells could agree "
            "by chance"
        )
        cells = [
            Candidate(
                Proposal(
                    row=a,
                    column=b,
                    bits=1.0,
                    is_exact=False,
                    why=why.format(self.work.symbols[table[a, b]]),
                    theory="auto",
                    settles=(((int(table[a, b]),), f"agrees with the {first}"),),
                ),
                1.0,
                (a, b),
            )
            for a, b in self.random.permutation(np.argwhere(self.array < 0)).tolist()
        ]
        return cheapest(cells, self.costs, self.count) or None
