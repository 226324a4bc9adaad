"""Which learned solvers are tried on a table, in which order and within which time.

Synchronization comes first: it finds groups and isotopes under many wrong entries, and a sweep of
it is cheap. HyperCube follows, which predicts without any structure. What one of them proposes is
judged by algebra (``_judge``), and held against the theories that stand (``_constrained``).
"""

import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cayley._device import found_device
from cayley.algebra import Structure
from cayley.completion._call import SMALL, Call
from cayley.completion._exact import deduce_table, standing_of
from cayley.completion._judge import can_be_noisy
from cayley.completion._outcome import Deduced, Outcome, Proposed
from cayley.completion._progress import Progress

if TYPE_CHECKING:
    from cayley.completion.learned._learned import Rank, Solver

__all__ = ["LearnedStages"]

_SYNCHRONIZATION_OPERATIONS = {True: 1.5e12, False: float("inf")}
"""Floating-point operations for each attempt, where HyperCube is to follow and where not: of the
order of a minute of one core, after which HyperCube has better prospects than another restart."""

_NO_TIME = "{} was left out: the time limit has no room for a single table that it could propose."

_LOADING = 2.0
"""Seconds that PyTorch and the learned solvers take to load, on a quiet machine."""


@dataclass(frozen=True, slots=True)
class LearnedStages:
    """The learned stages of one call of :func:`~cayley.completion.solve`."""

    call: Call

    def learn(self, outcome: Outcome) -> Outcome:
        """Synchronize, then train HyperCube, unless one of them is asked for.

        Below order 10 the nearest tables have been searched for already, which finds all that
        synchronization would.
        """
        remaining, is_small = self.call.remaining(), self.call.work.order < SMALL
        synchronizes = self.call.solver == "synchronization" or (
            self.call.solver == "auto" and not is_small
        )
        loads_torch = "torch" not in sys.modules and (synchronizes or not is_small)
        if loads_torch and remaining is not None and remaining < _LOADING:
            return outcome.leaving_out(_NO_TIME.format("Learning"))
        # Without an assumption a solver looks for three independent alphabets, the general case.
        wanted: tuple[Structure | None, ...] = self.call.structures or (None,)
        if synchronizes:
            attempts = self._attempts(outcome, wanted)
            if attempts:
                outcome = self.synchronize(outcome, attempts)
                found = outcome.proposal
                stopped = found is not None and found.stopped
                if outcome.settled or stopped or self.call.solver == "synchronization":
                    return outcome
        return self._train(outcome, wanted)

    def nearest(self, outcome: Outcome, wanted: tuple[Structure | None, ...]) -> Outcome:
        """Look for the nearest groups and isotopes of a small table.

        Args:
            outcome: What was tried before.
            wanted: The kinds, strongest first; None for isotopes that nobody assumes.
        """
        from cayley.completion.learned._by_assignment import nearest_proposals  # seldom needed

        found, outcome = nearest_proposals(self.call, outcome, wanted)
        return outcome.after(*map(self._certified, found))

    def synchronize(
        self, outcome: Outcome, attempts: list[tuple[Structure | None, bool]]
    ) -> Outcome:
        """Synchronize, most hopeful attempt first; keep the best proposal if none is accepted."""
        from cayley.completion.learned._by_synchronization import BySynchronization  # imports torch

        best = None
        for structure, noisy in attempts:
            solver = BySynchronization(
                structure=structure,
                observed=outcome.table_for(structure),
                noisy=noisy,
                seed=self.call.seed,
                most_operations=_SYNCHRONIZATION_OPERATIONS[self.call.solver == "auto"],
                device=found_device(self.call.device),
            )
            found = self._propose(solver)
            if found is None:
                break
            best = found if best is None or found[1] > best[1] else best
            if found[0].candidate.accepted or found[0].stopped:
                best = replace(best[0], stopped=found[0].stopped), best[1]
                break
        if best is None:
            return outcome.leaving_out(_NO_TIME.format("Synchronization"))
        proposed = self._certified(best[0])
        if self.call.solver == "synchronization":
            proposed = self._constrained(outcome, proposed)  # else HyperCube follows
        return outcome.after(proposed)

    def _train(self, outcome: Outcome, wanted: tuple[Structure | None, ...]) -> Outcome:
        """Train HyperCube, strongest structure first; keep the best if none is accepted."""
        best = None
        if self.call.work.order < SMALL and all(map(outcome.is_refuted, wanted)):
            wanted = wanted[-1:]  # nothing can be accepted, so the general model predicts
        for structure in wanted:
            found = self._propose(self._hypercube(outcome, structure))
            if found is None:
                break
            best = found if best is None or found[1] > best[1] else best
            if found[0].candidate.accepted or found[0].stopped:
                best = replace(best[0], stopped=found[0].stopped), best[1]
                break
        if best is None:
            return outcome.leaving_out(_NO_TIME.format("HyperCube"))
        return outcome.after(self._constrained(outcome, self._certified(best[0])))

    def _hypercube(self, outcome: Outcome, structure: Structure | None) -> "Solver":
        """Return HyperCube for a structure: on NumPy's arrays where torch would load too long."""
        observed, refuted = outcome.table_for(structure), outcome.is_refuted(structure)
        if self.call.work.order < SMALL:
            from cayley.completion.learned._by_small_hypercube import BySmallHyperCube

            return BySmallHyperCube(
                structure=structure, observed=observed, refuted=refuted, seed=self.call.seed
            )
        from cayley.completion.learned._by_hypercube import ByHyperCube  # imports torch

        return ByHyperCube(
            structure=structure,
            observed=observed,
            refuted=refuted,
            seed=self.call.seed,
            device=found_device(self.call.device),
        )

    def _attempts(
        self, outcome: Outcome, wanted: tuple[Structure | None, ...]
    ) -> list[tuple[Structure | None, bool]]:
        """List (structure, whether to expect wrong entries), most hopeful first.

        What deduction found consistent is taken to be right, and what it refuted to be noisy.
        """
        attempts: list[tuple[Structure | None, bool]] = []
        for structure in wanted:
            noisy = outcome.is_refuted(structure)
            if not noisy or can_be_noisy(self.call.work, assume=structure):
                attempts.append((structure, noisy))
        if not outcome.tried:
            attempts += [(structure, True) for structure in wanted]
        return attempts

    def _propose(self, solver: "Solver") -> "tuple[Proposed, Rank] | None":
        """Run a learned solver, or return None if not even one proposal fits into the time left."""
        from cayley.completion.learned._learned import propose  # only where one learns

        needed = 0.0
        if self.call.deadline is not None:
            needed = solver.seconds_needed()
            if time.monotonic() + needed > self.call.deadline:
                return None

        def report(progress: Progress) -> bool:
            if self.call.callback is not None and self.call.callback(progress):
                return True
            # what is needed to decode a table when the training ends
            return self.call.deadline is not None and time.monotonic() + needed > self.call.deadline

        return propose(solver, self.call.work, restarts=self.call.restarts, callback=report)

    def _constrained(self, outcome: Outcome, found: Proposed) -> Proposed:
        """Hold what was learned against a theory that was given or, unless accepted, earned."""
        if self.call.given.is_full or not self.call.given.has_one_alphabet:
            return found
        if found.candidate.accepted and not self.call.theories:
            return found
        from cayley.completion.learned._constrained import (  # only where one learned
            constrained,
            demands,
        )

        under = demands(outcome, self.call.theories, time_limit=self.call.remaining())
        return found if under is None else constrained(found, under, deadline=self.call.deadline)

    def _certified(self, found: Proposed) -> Proposed:
        """Ask the exact engine whether the observations that agree force an accepted table."""
        if not found.candidate.accepted or found.structure is None:
            return found
        work, given = self.call.work, self.call.is_given
        a, b = np.nonzero((work.array >= 0) & (work.array == found.candidate.table))
        kept = np.full(work.array.shape, -1)
        kept[a, b] = work.array[a, b]
        proof = deduce_table(
            work.with_array(kept),
            assume=found.structure,
            given=given,
            time_limit=self.call.remaining(),
        )
        standing, chance = standing_of(
            work, found.candidate.table, assume=found.structure, given=given
        )
        return replace(
            found,
            certified=proof if isinstance(proof, Deduced) else None,
            standing=standing,
            log10_chance=chance,
        )
