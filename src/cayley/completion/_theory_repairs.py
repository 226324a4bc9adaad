"""Wrong entries under theories of laws, as a stage of the pipeline."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace

from cayley.completion._outcome import Deduced
from cayley.completion._theory_results import as_deduced
from cayley.tables import Table
from cayley.theories import SearchLimits, Theory
from cayley.theories.mining._nearness import nearly_standing
from cayley.theories.wrong_entries._wrong_entries import repair_until

__all__ = ["repair_theories"]

_REPAIRED_ORDER = 32
"""Up to this order theories that nobody named are searched for wrong entries: each look takes
milliseconds there."""

_MOST_REPAIRED = 3
"""Theories that are searched for wrong entries where none was given, the nearest ones."""

_LOOKS = 60
"""Looks at what some cells allow in each such search."""

_BELIEVED = -9.0
"""Logarithm of the chance from which on cells are accused, as for groups."""

_MOST_ACCUSED = 0.2
"""Share of accused observations from which on a theory of laws is no longer earned. The bound on
chance takes symbols to be independent. Of an operation of another kind they are not: of 37 cells of
the larger of two numbers 27 said that the result is the left one, with odds below 10^-11."""


def repair_theories(
    work: Table, *, given: tuple[Theory, ...], time_limit: float | None, deadline: float | None
) -> Iterator[Deduced]:
    """Yield what the observed cells but a few wrong ones force under theories of laws.

    Args:
        work: The observations, over one alphabet in one order.
        given: The theories that were given; if there are none, the named ones that fewest cells
            contradict are tried.
        time_limit: Seconds for each theory, or None; proofs that were begun take longer.
        deadline: When all has to end, on the monotonic clock, or None.
    """
    if not given and work.order > _REPAIRED_ORDER:
        return
    latest = math.inf if deadline is None else deadline
    named_laws = [theory for theory in given if theory.laws or theory.conditions]
    for theory in named_laws if given else nearly_standing(work.array, most=_MOST_REPAIRED):
        left = latest - time.monotonic()
        if left <= 0:
            return
        seconds = left if time_limit is None else min(left, time_limit)
        limits = SearchLimits(time_limit=seconds if math.isfinite(seconds) else None)
        repair = repair_until(work, theory, limits=limits, max_looks=_LOOKS, latest=latest)
        if repair is None or not repair.suspects or repair.log10_chance > _BELIEVED:
            continue
        completion = repair.completion
        few = len(repair.suspects) <= _MOST_ACCUSED * len(work.observations)
        base = as_deduced(completion, "given" if given else "earned" if few else "supposed", ())
        full = bool((repair.table >= 0).all())
        bound = "proved to be the fewest" if repair.is_minimal else "not proved to be the fewest"
        yield replace(
            base,
            structure=theory,
            table=repair.table,
            forced=repair.table >= 0,
            settles=full and repair.is_forced,
            log10_chance=repair.log10_chance,
            certificate=f"{len(repair.suspects)} wrong entries, {bound}",
        )
        for other in (*repair.ties, *repair.rivals):
            yield replace(
                base,
                structure=theory,
                table=other.table,
                forced=other.table >= 0,
                settles=True,
                unique="unknown",
                log10_chance=repair.log10_chance,
                certificate=f"another table leaves {len(other.suspects)} wrong",
            )
