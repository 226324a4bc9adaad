"""The search for wrong entries: under groups and isotopes first, then under theories of laws."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cayley.algebra import Structure
from cayley.completion._accusation import explaining_more, leaves_no_wrong_cell
from cayley.completion._call import SMALL, Call
from cayley.completion._exact import repair_tables
from cayley.completion._judge import can_be_noisy
from cayley.completion._outcome import Deduced, Outcome

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["Repairs"]

_REPAIR_SECONDS = {"auto": 2.0, "exact": 20.0}
"""Most time for each search for wrong entries by deduction. With ``auto`` learning goes on where it
ends, and finds more wrong entries; with ``exact`` nothing follows."""

_SMALL_TRIALS = 100
"""Most clusters of labels that are tried in tables of order below `SMALL`: a quarter of a second in
all. A number and no time, as on a slow machine one of two equally good groups would be named."""

_SMALL_REPAIR_SECONDS = 0.5
"""Most time for each of up to four searches for wrong entries under laws in such tables."""

_CUT, _MOST_BUSY = 0.9, 10.0
"""A search that used nine tenths of its time was cut short; with less than that on a processor it
has a claim to more, in proportion, up to ten times as much."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """The search for wrong entries in one call of :func:`~cayley.completion.solve`."""

    call: Call

    def repaired(self, outcome: Outcome) -> Outcome:
        """Look for wrong entries, if no group or isotope has all cells and no earned laws do."""
        asked: list[Structure | Theory] = [*self.call.structures, *self.call.theories]
        if not all(map(outcome.is_refuted, asked)):
            return outcome
        if any(leaves_no_wrong_cell(each) for each in outcome.deduced):
            return outcome
        most, remaining = _REPAIR_SECONDS[self.call.solver], self.call.remaining()
        is_small = self.call.work.order < SMALL and self.call.solver == "auto"
        if is_small:
            most = _SMALL_REPAIR_SECONDS
        limit = most if remaining is None else min(remaining, most)
        # with too few cells an accusation could never be believed
        able = [each for each in self.call.structures if can_be_noisy(self.call.work, assume=each)]
        if able:
            search = partial(
                repair_tables,
                self.call.work,
                structures=able,
                given=self.call.is_given,
                seed=self.call.seed,
            )
            if is_small:
                found = search(time_limit=remaining, max_trials=_SMALL_TRIALS)
            else:
                found = self._unhurried(
                    lambda seconds: search(
                        time_limit=self.call.remaining(), search_seconds=seconds
                    ),
                    limit,
                )
            believed = explaining_more(found, outcome)
            outcome = outcome.after(*believed)
        if self.call.given.has_one_alphabet and not outcome.settled:
            # only where groups do not fit
            from cayley.completion._theory_repairs import repair_theories

            few = self._unhurried(
                lambda seconds: tuple(
                    repair_theories(
                        self.call.work,
                        given=self.call.theories,
                        time_limit=seconds,
                        deadline=self.call.deadline,
                    )
                ),
                limit,
            )
            outcome = outcome.after(*explaining_more(few, outcome))
        return outcome

    def _unhurried(
        self, search: Callable[[float], tuple[Deduced, ...]], seconds: float
    ) -> tuple[Deduced, ...]:
        """Search for some seconds, and once more if a busy machine has given the search a part.

        What is found may not depend on what else the machine does.
        """
        wall, processor = time.monotonic(), time.process_time()
        found = search(seconds)
        wall, processor = time.monotonic() - wall, time.process_time() - processor
        if found or wall < _CUT * seconds or processor > _CUT * seconds:
            return found
        remaining = self.call.remaining()
        again = seconds * min(_MOST_BUSY, seconds / max(processor, seconds / _MOST_BUSY))
        again = again if remaining is None else min(again, remaining)
        return search(again) if again > seconds else found
