"""The search for wrong entries: under groups and isotopes first, then under theories of laws."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cayley.algebra import Structure
from cayley.completion._accusation import explaining_more, leaves_no_wrong_cell
from cayley.completion._exact import repair_tables
from cayley.completion._judge import can_be_noisy
from cayley.completion._outcome import Deduced, Outcome
from cayley.completion.learned._attempts import SMALL, SolverChoice
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["Repairs"]

_REPAIR_SECONDS = {"auto": 2.0, "exact": 20.0}
"""Most time for each search for wrong entries by deduction. With ``auto`` learning goes on where it
ends, and finds more wrong entries; with ``exact`` nothing follows."""

_SMALL_REPAIR_SECONDS = 0.5
"""Most time for each of up to five searches for wrong entries in tables of order below `SMALL`.
With less, two groups of order 8 that are equally good were not both found on a slow machine, and
one was named."""

_CUT, _MOST_BUSY = 0.9, 10.0
"""A search that used nine tenths of its time was cut short; with less than that on a processor it
has a claim to more, in proportion, up to ten times as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """The search for wrong entries in one call of :func:`~cayley.completion.solve`.

    Attributes:
        given: The table as it was given.
        work: The same, over one alphabet in one order if it has one.
        structures: The groups and isotopes to ask for, strongest first.
        theories: The theories of laws that were asked for.
        is_given: Whether the structures and theories were asked for.
        solver: Which solver was asked for.
        seed: Of the searches.
        deadline: When to end, on the monotonic clock, or None.
    """

    given: Table
    work: Table
    structures: tuple[Structure, ...]
    theories: "tuple[Theory, ...]"
    is_given: bool
    solver: SolverChoice
    seed: int
    deadline: float | None

    def repaired(self, outcome: Outcome) -> Outcome:
        """Look for wrong entries, if no group or isotope has all cells and no earned laws do."""
        asked: list[Structure | Theory] = [*self.structures, *self.theories]
        if not all(map(outcome.is_refuted, asked)):
            return outcome
        if any(leaves_no_wrong_cell(each) for each in outcome.deduced):
            return outcome
        most, remaining = _REPAIR_SECONDS[self.solver], self._remaining()
        if self.work.order < SMALL and self.solver == "auto":
            most = _SMALL_REPAIR_SECONDS
        limit = most if remaining is None else min(remaining, most)
        # with too few cells an accusation could never be believed
        able = [each for each in self.structures if can_be_noisy(self.work, assume=each)]
        if able:
            found = self._unhurried(
                lambda seconds: repair_tables(
                    self.work,
                    structures=able,
                    given=self.is_given,
                    seed=self.seed,
                    time_limit=seconds,
                ),
                limit,
            )
            believed = explaining_more(found, outcome)
            outcome = outcome.after(*believed)
        if self.given.has_one_alphabet and not outcome.settled:
            # only where groups do not fit
            from cayley.completion._theory_repairs import repair_theories

            few = self._unhurried(
                lambda seconds: tuple(
                    repair_theories(self.work, given=self.theories, time_limit=seconds)
                ),
                limit,
            )
            outcome = outcome.after(*explaining_more(few, outcome))
        return outcome

    def _unhurried(
        self, search: Callable[[float], tuple[Deduced, ...]], seconds: float
    ) -> tuple[Deduced, ...]:
        """Search for some seconds, and once more if a busy machine has given the search a part.

        Two tables that leave as few cells wrong are found in half a second of a processor. Which of
        them is named may not depend on what else the machine does.
        """
        wall, processor = time.monotonic(), time.process_time()
        found = search(seconds)
        wall, processor = time.monotonic() - wall, time.process_time() - processor
        if wall < _CUT * seconds or processor > _CUT * seconds:
            return found
        remaining = self._remaining()
        again = seconds * min(_MOST_BUSY, seconds / max(processor, seconds / _MOST_BUSY))
        again = again if remaining is None else min(again, remaining)
        return search(again) if again > seconds else found

    def _remaining(self) -> float | None:
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())
