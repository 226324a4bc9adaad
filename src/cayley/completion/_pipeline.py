"""The pipeline: deduce exactly, else propose by learning, then verify, certify and identify."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from cayley._version import __version__
from cayley.completion._candidate import can_be_noisy
from cayley.completion._conclusion import Findings, conclude
from cayley.completion._exact import Deduced, deduce_table, repair_table
from cayley.completion._history import History
from cayley.completion._solution import Assumption, Progress, Solution
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.completion._learned import Learned

__all__ = ["solve"]

_FITS_NOTHING = (
    "No table of the kind asked for has all of these cells: deduction found a contradiction, and "
    "no few wrong entries explain it."
)

Assume = Literal["auto", "group", "isotope", "none"]
Solver = Literal["auto", "exact", "synchronization", "hypercube"]
Callback = Callable[[Progress], bool | None]

_REPAIR_SECONDS = {"auto": 2.0, "exact": 20.0}
"""Most time for each search for wrong entries by deduction; learning goes on where it ends."""

_SYNCHRONIZATION_OPERATIONS = {True: 1.5e12, False: float("inf")}
"""Floating-point operations for each attempt, where HyperCube is to follow and where not."""

_SEARCH_OPERATIONS = 1e9
"""Floating-point operations per step up to which a full table is searched for wrong entries by
learning; larger ones are searched by deduction only, unless a structure is asked for."""


def solve(
    table: Table,
    *,
    assume: Assume = "auto",
    solver: Solver = "auto",
    seed: int = 0,
    restarts: int = 8,
    time_limit: float | None = None,
    callback: Callback | None = None,
) -> Solution:
    """Complete a partly known operation table, find the group behind it, and verify it.

    Exact deduction comes first: if the observed cells force the table, nothing is learned.
    Otherwise the learned solvers propose tables, synchronization and then HyperCube, and algebra
    decides each of them in whole numbers: a table that is exactly a group (or an isotope of one,
    as assumed) and agrees with the observations ends the search. It may contradict some
    observations if it agrees with so many others that neither chance nor a rival table explains
    it; those are listed as suspects.

    Args:
        table: The table, rows, columns and symbols equally many.
        assume: What the operation is taken to be. ``auto``: a group if the alphabets are one and
            the cells allow it, else an isotope of a group, else nothing. ``none``: nothing.
        solver: ``auto``, or one solver by itself.
        seed: Seed of every random choice, an integer >= 0.
        restarts: Most attempts of a learned solver, each from another random start.
        time_limit: Seconds after which the search ends with the best so far; None for no limit.
        callback: Called as the learned solver goes on; the search ends when it returns True.

    Returns:
        The completed table with its verdict. Not finding a structure is a result, no error.

    Raises:
        ValueError: If the table has unequal numbers of rows, columns and symbols, a group is
            assumed over several alphabets, or an option is out of range.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> solution = solve(mask(generate_family("S3"), observe=0.61, seed=0))
        >>> solution.status, solution.identification.name, solution.table.is_full
        ('solved', 'S3', True)
    """
    _check(table, assume, solver, restarts, time_limit)
    start = time.monotonic()
    history = History(callback)
    search = _Search(
        given=table,
        work=table.aligned() if table.has_one_alphabet else table,
        assume=assume,
        solver=solver,
        seed=seed,
        restarts=restarts,
        deadline=None if time_limit is None else start + time_limit,
        callback=history,
    )
    findings = search.run()
    solution = conclude(table, findings, seed=seed)
    return replace(
        solution,
        seconds=time.monotonic() - start,
        version=__version__,
        options={
            "assume": assume,
            "solver": solver,
            "restarts": restarts,
            "time_limit": time_limit,
        },
        history=history.records,
    )


def _check(table: Table, assume: str, solver: str, restarts: int, time_limit: float | None) -> None:
    for name, value, known in (
        ("assume", assume, ("auto", "group", "isotope", "none")),
        ("solver", solver, ("auto", "exact", "synchronization", "hypercube")),
    ):
        if value not in known:
            raise ValueError(f"`{name}` must be one of {', '.join(known)}; got {value!r}.")
    if restarts < 1:
        raise ValueError(f"`restarts` must be at least 1; got {restarts}.")
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"`time_limit` must be positive; got {time_limit}.")
    if not table.is_square:
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        raise ValueError(
            f"`table` must have equally many rows, columns and symbols; got {sizes}. "
            "Declare the alphabets in JSON if some labels were never seen. For transformations "
            "that move states to states use `cayley discover` or cayley.synchronization."
        )
    if assume == "group" and not table.has_one_alphabet:
        raise ValueError(
            "a group needs one alphabet, the same labels for rows, columns and symbols. "
            'Use assume="isotope" for three alphabets.'
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One call of :func:`solve`."""

    given: Table
    work: Table
    assume: Assume
    solver: Solver
    seed: int
    restarts: int
    deadline: float | None
    callback: Callback | None

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The structures to ask for, strongest first."""
        if self.assume != "auto":
            return (self.assume,)
        return ("group", "isotope") if self.given.has_one_alphabet else ("isotope",)

    def run(self) -> Findings:
        """Go through the stages until one of them settles the table."""
        if not self.work.is_full or self._contradicts_itself():
            return self._solve()
        as_given = Findings(work=self.work, solver="exact", assumption="none")
        if not self._may_have_wrong_entries(as_given):
            return as_given
        search = self
        if self.assume == "auto" and 12 * self.work.order**5 > _SEARCH_OPERATIONS:
            search = replace(self, solver="exact")
        found = search._solve()
        if found.accepted or (found.inconsistent and self.assume != "auto"):
            return found
        return replace(as_given, complexity=found.complexity, interrupted=found.interrupted)

    def _solve(self) -> Findings:
        """Deduce, then learn."""
        deduced: dict[Assumption, Deduced] = {}
        if self.solver in ("auto", "exact"):
            for assumption in self.assumptions:
                if assumption == "none":
                    continue
                deduced[assumption] = found = deduce_table(
                    self.work, assumption=assumption, time_limit=self._remaining()
                )
                if found.settles:
                    return found.findings
                if not found.inconsistent:
                    break
            repaired = self._repair(deduced)
            if repaired is not None:
                return repaired
            if self.solver == "exact":
                return self._undecided(deduced)
        return self._learn(deduced)

    def _contradicts_itself(self) -> bool:
        a, b, c = self.work.repeats.T
        return bool((self.work.array[a, b] != c).any())

    def _may_have_wrong_entries(self, as_given: Findings) -> bool:
        """Whether a full table is not what it is taken to be, and worth a search for errors."""
        if self.assume == "none":
            return False
        structure = conclude(self.given, as_given, seed=self.seed).structure
        if self.assume == "auto":
            return structure == "magma"  # wrong entries hardly leave more structure than that
        return structure != "group" and (self.assume, structure) != ("isotope", "group isotope")

    def _repair(self, deduced: dict[Assumption, Deduced]) -> Findings | None:
        """Look for wrong entries, if no structure asked for allows all cells."""
        if not deduced or not all(known.inconsistent for known in deduced.values()):
            return None
        for assumption in deduced:
            remaining, most = self._remaining(), _REPAIR_SECONDS[self.solver]
            found = repair_table(
                self.work,
                assumption=assumption,
                seed=self.seed,
                time_limit=most if remaining is None else min(remaining, most),
            )
            if found is not None:
                return found
        return None

    def _undecided(self, deduced: dict[Assumption, Deduced]) -> Findings:
        if deduced:
            return list(deduced.values())[-1].findings
        return Findings(work=self.work, solver="exact", assumption="none")

    def _remaining(self) -> float | None:
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def _report(self, progress: Progress) -> bool:
        if self.callback is not None and self.callback(progress):
            return True
        return self.deadline is not None and time.monotonic() > self.deadline

    def _learn(self, deduced: dict[Assumption, Deduced]) -> Findings:
        """Synchronize, then train HyperCube, unless one of them is asked for."""
        if self.solver == "hypercube":
            return self._train(deduced)
        attempts = self._attempts(deduced)
        if attempts:
            found = self._synchronize(attempts, deduced)
            if found.accepted or found.interrupted or self.solver == "synchronization":
                return found
        return self._train(deduced)

    def _synchronize(
        self, attempts: list[tuple[Assumption, bool]], deduced: dict[Assumption, Deduced]
    ) -> Findings:
        """Synchronize, strongest structure first; the best proposal if none is accepted."""
        from cayley.completion._synchronized import Synchronized, synchronize_table

        best: Synchronized | None = None
        chosen: Assumption = "none"
        for assumption, noisy in attempts:
            known = deduced.get(assumption)
            refuted = known is not None and known.inconsistent
            found = synchronize_table(
                self.work if known is None or refuted else known.findings.work,
                assumption=assumption,
                noisy=noisy,
                seed=self.seed,
                restarts=self.restarts,
                most_operations=_SYNCHRONIZATION_OPERATIONS[self.solver == "auto"],
                callback=self._report,
            )
            if best is None or found.rank > best.rank:
                best, chosen = found, assumption
            if found.candidate.accepted or found.stopped:
                break
        assert best is not None
        A, B, C = best.factors
        return self._findings(
            Findings(
                work=self.work.with_array(best.candidate.table),
                solver="synchronization",
                assumption=chosen,
                accepted=best.candidate.accepted,
                margin=best.result.decoded.margin,
                observed=self.work,
                agreements=best.result.agreements(self.work.observations),
                factors=(A, B, C),
                steps=best.result.sweeps,
                interrupted=found.stopped,
            ),
            deduced,
        )

    def _attempts(self, deduced: dict[Assumption, Deduced]) -> list[tuple[Assumption, bool]]:
        """List (structure, whether to expect wrong entries), most hopeful first.

        What deduction found consistent is taken to be right, and what it refuted to be noisy.
        """
        attempts: list[tuple[Assumption, bool]] = []
        for assumption in self.assumptions:
            known = deduced.get(assumption)
            noisy = known is not None and known.inconsistent
            if not noisy or can_be_noisy(self.work, assumption=assumption):
                attempts.append((assumption, noisy))
        if not deduced:
            attempts += [(assumption, True) for assumption in self.assumptions]
        return attempts

    def _train(self, deduced: dict[Assumption, Deduced]) -> Findings:
        """Train HyperCube, strongest structure first; the best proposal if none is accepted."""
        from cayley.completion._learned import learn
        from cayley.hypercube import TrainingSchedule

        best: Learned | None = None
        chosen: Assumption = "none"
        for assumption in self.assumptions:
            known = deduced.get(assumption)
            refuted = known is not None and known.inconsistent
            shared = assumption == "group"
            found = learn(
                self.work if known is None or refuted else known.findings.work,
                assumption=assumption,
                shared=shared,
                seed=self.seed,
                restarts=self.restarts,
                schedule=TrainingSchedule(max_steps=(200 if refuted else 600) if shared else 1500),
                callback=self._report,
            )
            if best is None or found.rank > best.rank:
                best, chosen = found, assumption
            if found.candidate.accepted or found.stopped:
                break
        assert best is not None
        return self._findings(
            Findings(
                work=self.work.with_array(best.candidate.table),
                solver="hypercube",
                assumption=chosen,
                accepted=best.candidate.accepted,
                margin=best.margin,
                factors=best.factors,
                complexity=best.complexity,
                steps=best.result.last.step,
                interrupted=best.stopped,
            ),
            deduced,
        )

    def _findings(self, proposed: Findings, deduced: dict[Assumption, Deduced]) -> Findings:
        """Certify what was accepted; else keep what was observed and predict the rest."""
        work, table = self.work, proposed.work.array
        a, b, c = work.observations.T
        fit = float((table[a, b] == c).mean())
        if proposed.accepted:
            return self._certify(replace(proposed, fit=fit))
        fits_nothing = bool(deduced) and all(known.inconsistent for known in deduced.values())
        return replace(
            proposed,
            work=work.with_array(np.where(work.array >= 0, work.array, table)),
            assumption="none",
            fit=fit,
            inconsistent=self.assume in ("group", "isotope") and fits_nothing,
            notes=(_FITS_NOTHING,) if fits_nothing else (),
        )

    def _certify(self, findings: Findings) -> Findings:
        """Ask the exact engine whether the observations that agree force the accepted table."""
        a, b = np.nonzero((self.work.array >= 0) & (self.work.array == findings.work.array))
        kept = np.full(self.work.array.shape, -1)
        kept[a, b] = self.work.array[a, b]
        found = deduce_table(
            self.work.with_array(kept),
            assumption=findings.assumption if findings.assumption != "none" else "isotope",
            time_limit=self._remaining(),
        )
        return replace(
            findings,
            forced=found.forced,
            unique=found.unique,
            certificate=found.findings.certificate,
        )
