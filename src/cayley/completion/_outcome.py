"""The one result that stages hand on: the table in work, and what was tried with what came of it.

Each stage appends what it proved or refuted; nothing that stands in an :class:`Outcome` is ever
overwritten, so that refutations are there in the end. Which of several explanations settles the
table is decided by :attr:`Outcome.explanations`, by standing and by the number of observations that
each leaves wrong, never by the order in which they were found alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Identification, Structure
from cayley.completion._findings import Answer, Fact, Hypothesis, Standing
from cayley.completion._judge import Candidate
from cayley.completion._matrices import Matrices
from cayley.completion._progress import SolverName
from cayley.tables import Table

__all__ = ["Deduced", "Outcome", "Proposed", "Refuted"]

_MANY = 0.1
"""From this share of accused observations on, an explanation that accuses none goes first, even if
it is only supposed: a tenth of the cells agree with a wrong group as easily as three in four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted:
    """No table of a structure has the observed cells.

    Attributes:
        structure: What the operation cannot be.
        evidence: Places in the observations of the table in work of an inconsistent set.
        reason: The instance of a law that fails, or the conditions; empty for groups and isotopes.
    """

    structure: Hypothesis
    evidence: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deduced:
    """What observed cells force under a structure.

    Attributes:
        structure: What the operation is taken to be.
        table: Known and forced cells, and a completion where several are exhibited, shape
            ``(n, n)``, int64, -1 where unknown.
        forced: Which cells are proved, shape ``(n, n)``.
        settles: Whether the search can end here: the table is forced, or several completions are
            exhibited, so that no search could choose between them.
        unique: Whether there is no other completion.
        certificate: How it was proved, or what was tried, in a few words.
        standing: How the structure came by its place.
        log10_chance: Logarithm of a bound on the chance of so much agreement, or None.
        facts: Laws and conditions of a theory, with the evidence for each.
        earned: The part of a supposed theory that is earned, or None.
        completions: Completions that were exhibited.
        num_completions: How many there are, or were found; None if none was looked for.
        is_exact: Whether that is the number of all completions.
        possible: Values of open cells that are not excluded, by (row, column).
        predicted: Of all completions, if they are known, the one to show; None if none is best.
        group: What the group of a homotope is, verified in all cells; None if it is not known.
    """

    structure: Hypothesis
    table: Int[NDArray[Any], "n n"]
    forced: Bool[NDArray[Any], "n n"]
    settles: bool
    unique: Answer
    certificate: str
    standing: Standing = "supposed"
    log10_chance: float | None = None
    facts: tuple[Fact, ...] = ()
    earned: Hypothesis | None = None
    completions: tuple[Int[NDArray[Any], "n n"], ...] = ()
    num_completions: int | None = None
    is_exact: bool = False
    possible: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    predicted: Int[NDArray[Any], "n n"] | None = None
    group: Identification | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed:
    """A table that a solver proposes, judged by algebra.

    Attributes:
        structure: What the solver looked for; None for no structure.
        solver: The solver; ``exact`` for a search through groups that learns nothing.
        candidate: The table and whether algebra accepts it.
        fit: Share of the observed cells that it agrees with.
        margin: Best product minus second best of every cell; None if nothing was learned.
        factors: The matrices it was read from, on the CPU; None if nothing was learned.
        agreements: How well the matrices agree with each observation, where a solver says so.
        complexity: H / n^2 at convergence of an exact fit, else None.
        steps: Steps of the run that proposed it.
        stopped: Whether the keyboard, the callback or the time limit ended the search.
        certified: What the observations that agree with an accepted table force.
        standing: How the structure came by its place.
        log10_chance: Logarithm of a bound on the chance of so much agreement, or None.
        cut: Whether learning was ended early because the table is small.
        under: What a theory that was given or earned forces, if the proposal was held against one.
        allowed: What of the proposal that theory allows, with what it forces; -1 elsewhere.
    """

    structure: Structure | None
    solver: SolverName
    candidate: Candidate
    fit: float
    margin: Float[NDArray[Any], "n n"] | None = None
    factors: Matrices | None = None
    agreements: Float[NDArray[Any], " m"] | None = None
    complexity: float | None = None
    steps: int = 0
    stopped: bool = False
    certified: Deduced | None = None
    standing: Standing = "supposed"
    log10_chance: float | None = None
    cut: bool = False
    under: Deduced | None = None
    allowed: Int[NDArray[Any], "n n"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """The table in work and all that was tried on it, in order.

    Attributes:
        work: The table; columns and symbols in the order of the rows if they are one alphabet.
        tried: What the stages returned.
        remarks: What was left out, in sentences.
        ended_early: Whether the keyboard or the time limit ended the search before its end.
    """

    work: Table
    tried: tuple[Refuted | Deduced | Proposed, ...] = ()
    remarks: tuple[str, ...] = ()
    ended_early: bool = False

    def leaving_out(self, remark: str) -> "Outcome":
        """Return the outcome with a sentence on what there was no time for."""
        return replace(self, remarks=(*self.remarks, remark), ended_early=True)

    def after(self, *results: Refuted | Deduced | Proposed) -> "Outcome":
        """Return the outcome with further results at its end."""
        return replace(self, tried=(*self.tried, *results))

    @property
    def refuted(self) -> tuple[Refuted, ...]:
        """Everything that was refuted."""
        return tuple(each for each in self.tried if isinstance(each, Refuted))

    @property
    def explanations(self) -> "tuple[Deduced | Proposed, ...]":
        """Everything that settles the table, the best first.

        What was given or earned and accuses no observation is best, then what accuses few; what is
        only supposed comes behind, but before what accuses a tenth of them. Among equals the one
        that accuses fewer is better, then the one that was found earlier.
        """
        found = [each for each in self.tried if self._settles(each)]
        return tuple(sorted(found, key=self._rank))

    @property
    def settled(self) -> Deduced | Proposed | None:
        """What settles the table, if anything does: a forced table or an accepted proposal."""
        found = self.explanations
        return found[0] if found else None

    @property
    def is_certain(self) -> bool:
        """Whether a theory that was given or earned settles the table and accuses nothing."""
        best = self.settled
        return best is not None and self._rank(best) == (0, 0)

    @staticmethod
    def _settles(each: "Refuted | Deduced | Proposed") -> "TypeGuard[Deduced | Proposed]":
        if isinstance(each, Deduced):
            return each.settles
        return isinstance(each, Proposed) and each.candidate.accepted and each.under is None

    def _rank(self, each: "Deduced | Proposed") -> tuple[int, int]:
        wrong = self.num_wrong(each)
        if each.standing == "supposed":
            return (2 if wrong == 0 else 4), wrong
        if wrong == 0:
            return 0, 0
        return (1 if wrong < _MANY * len(self.work.observations) else 3), wrong

    def num_wrong(self, each: "Deduced | Proposed") -> int:
        """Return how many observations an explanation contradicts."""
        table = each.table if isinstance(each, Deduced) else each.candidate.table
        a, b, c = self.work.observations.T
        return int(((table[a, b] != c) & (table[a, b] >= 0)).sum())

    @property
    def proposal(self) -> Proposed | None:
        """The last proposal; an earlier one was given up for it."""
        return next((each for each in reversed(self.tried) if isinstance(each, Proposed)), None)

    @property
    def deduced(self) -> tuple[Deduced, ...]:
        """What the cells force under every structure that was tried and is not refuted."""
        return tuple(each for each in self.tried if isinstance(each, Deduced))

    def is_refuted(self, structure: Hypothesis | None) -> bool:
        """Whether no table of a structure has the observed cells."""
        return any(each.structure == structure for each in self.refuted)

    def table_for(self, structure: Hypothesis | None) -> Table:
        """Return the table in work with every cell that is forced under a structure."""
        found = next((each for each in self.deduced if each.structure == structure), None)
        return self.work if found is None else self.work.with_array(found.table)
