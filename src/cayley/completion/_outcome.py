"""The one result that stages hand on: the table in work, and what was tried with what came of it.

Each stage appends what it proved or refuted; nothing that stands in an :class:`Outcome` is ever
overwritten, so that refutations are there in the end. :func:`conclude` reads it once and decides
the structure of the completed table exactly: this is the step where floats stop mattering.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Identification, Isotopism, NotIsotope, Structure, identify
from cayley.completion._findings import Answer, Provenance, Refutation, Status, provenance_of
from cayley.completion._judge import Candidate, suspects_of
from cayley.completion._progress import SolverName
from cayley.completion._solution import Solution
from cayley.tables import UNKNOWN, Table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Deduced", "Outcome", "Proposed", "Refuted", "conclude"]

_FITS_NOTHING = (
    "No table of the kind asked for has all of these cells: deduction found a contradiction, and "
    "no few wrong entries explain it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted:
    """No table of a structure has the observed cells.

    Attributes:
        structure: What the operation cannot be.
        evidence: Places in the observations of the table in work of an inconsistent set.
    """

    structure: Structure
    evidence: tuple[int, ...]


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
    """

    structure: Structure
    table: Int[NDArray[Any], "n n"]
    forced: Bool[NDArray[Any], "n n"]
    settles: bool
    unique: Answer
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed:
    """A table that a learned solver proposes, judged by algebra.

    Attributes:
        structure: What the solver looked for; None for no structure.
        solver: The solver.
        candidate: The table and whether algebra accepts it.
        fit: Share of the observed cells that it agrees with.
        margin: Best product minus second best of every cell.
        factors: The matrices it was read from, on the CPU.
        agreements: How well the matrices agree with each observation, where a solver says so.
        complexity: H / n^2 at convergence of an exact fit, else None.
        steps: Steps of the run that proposed it.
        stopped: Whether the keyboard, the callback or the time limit ended the search.
        certified: What the observations that agree with an accepted table force.
    """

    structure: Structure | None
    solver: SolverName
    candidate: Candidate
    fit: float
    margin: Float[NDArray[Any], "n n"]
    factors: "tuple[Tensor, Tensor, Tensor]"
    agreements: Float[NDArray[Any], " m"] | None = None
    complexity: float | None = None
    steps: int = 0
    stopped: bool = False
    certified: Deduced | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """The table in work and all that was tried on it, in order.

    Attributes:
        work: The table; columns and symbols in the order of the rows if they are one alphabet.
        tried: What the stages returned.
    """

    work: Table
    tried: tuple[Refuted | Deduced | Proposed, ...] = ()

    def after(self, *results: Refuted | Deduced | Proposed) -> "Outcome":
        """Return the outcome with further results at its end."""
        return replace(self, tried=(*self.tried, *results))

    @property
    def refuted(self) -> tuple[Refuted, ...]:
        """Everything that was refuted."""
        return tuple(each for each in self.tried if isinstance(each, Refuted))

    @property
    def settled(self) -> Deduced | Proposed | None:
        """What settles the table, if anything does: a forced table or an accepted proposal."""
        for each in self.tried:
            if isinstance(each, Deduced) and each.settles:
                return each
            if isinstance(each, Proposed) and each.candidate.accepted:
                return each
        return None

    @property
    def proposal(self) -> Proposed | None:
        """The last proposal; an earlier one was given up for it."""
        return next((each for each in reversed(self.tried) if isinstance(each, Proposed)), None)

    @property
    def deduced(self) -> tuple[Deduced, ...]:
        """What the cells force under every structure that was tried and is not refuted."""
        return tuple(each for each in self.tried if isinstance(each, Deduced))

    def is_refuted(self, structure: Structure | None) -> bool:
        """Whether no table of a structure has the observed cells."""
        return any(each.structure is structure for each in self.refuted)

    def table_for(self, structure: Structure | None) -> Table:
        """Return the table in work with every cell that is forced under a structure."""
        found = next((each for each in self.deduced if each.structure is structure), None)
        return self.work if found is None else self.work.with_array(found.table)


def conclude(
    given: Table,
    outcome: Outcome,
    *,
    assume: Structure | str,
    known: Identification | None = None,
    **about: Any,
) -> Solution:
    """Turn an outcome into a solution, deciding the structure of its table exactly.

    Args:
        given: The table as the user gave it; ``outcome.work`` may list its labels otherwise.
        outcome: What was tried and what came of it.
        assume: What was asked for.
        known: The identification of ``given``, if it is full and that is decided already.
        about: Further attributes of the solution, such as ``seed`` and ``seconds``.
    """
    order = _Order.between(outcome.work, given)
    reading = _Reading.of(given, outcome, assume)
    table = given.with_array(order.of_products(reading.array))
    found = _identification(table, given, reading, known)
    is_group = found is not None and isinstance(found.isotopism, Isotopism)
    provenance = np.array(provenance_of(given, table, Provenance.PREDICTED))
    if reading.forced is not None:
        forced = order.of_cells(reading.forced)
        provenance[(provenance == Provenance.PREDICTED) & forced] = Provenance.FORCED
    provenance.flags.writeable = False
    status = _status(given, table, reading, is_group)
    proposal = outcome.proposal
    shown = proposal if reading.shows_proposal else None
    margin = None if shown is None else order.of_cells(shown.margin)
    return Solution(
        given=given,
        table=table,
        provenance=provenance,
        status=status,
        assume=assume,
        assumption=reading.assumption,
        refuted=tuple(
            Refutation(structure=each.structure, cells=_labels(outcome.work, each.evidence))
            for each in outcome.refuted
        ),
        identification=found,
        proved=_is_proved(found, given, status),
        solver=reading.solver,
        unique=reading.unique,
        certificate=reading.certificate,
        suspects=suspects_of(
            given,
            table,
            margin=margin,
            agreements=_agreements(outcome.work, shown),
            certified=reading.accepted and reading.unique == "yes",
        ),
        margin=margin,
        complexity=3.0 if is_group else None if proposal is None else proposal.complexity,
        factors=None if shown is None else order.of_factors(shown.factors),
        steps=0 if shown is None else shown.steps,
        notes=reading.notes,
        interrupted=proposal is not None and proposal.stopped,
        **about,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reading:
    """How an outcome is read: which of its results the solution shows, and what for."""

    array: Int[NDArray[Any], "n n"]
    solver: SolverName = "exact"
    assumption: Structure | None = None
    accepted: bool = False
    inconsistent: bool = False
    as_given: bool = False
    shows_proposal: bool = False
    fit: float = 1.0
    forced: Bool[NDArray[Any], "n n"] | None = None
    unique: Answer = "unknown"
    certificate: str = ""
    notes: tuple[str, ...] = ()
    isotopism: Isotopism | NotIsotope | None = None

    @classmethod
    def of(cls, given: Table, outcome: Outcome, assume: Structure | str) -> "_Reading":
        """Read what settles the table; else the table as given; else what comes closest."""
        # The order matters: a proof comes before the table as given, which may hold wrong entries,
        # and the table as given before a proposal, which would replace observed cells.
        settled, work = outcome.settled, outcome.work
        if isinstance(settled, Deduced):
            return cls._of_deduced(settled)
        if isinstance(settled, Proposed):
            return cls._of_accepted(settled)
        inconsistent = isinstance(assume, Structure) and outcome.is_refuted(assume)
        proposal = outcome.proposal
        if given.is_full and not _contradicts_itself(work):
            return cls(
                array=work.array,
                as_given=not inconsistent,
                inconsistent=inconsistent,
                assumption=assume if inconsistent and isinstance(assume, Structure) else None,
                unique="unknown" if inconsistent else "yes",
                notes=(_FITS_NOTHING,) if inconsistent and proposal is not None else (),
            )
        if proposal is not None:
            return cls._of_rejected(work, proposal, outcome, assume if inconsistent else None)
        last = outcome.tried[-1] if outcome.tried else None
        if isinstance(last, Deduced):
            return cls._of_deduced(last)
        assumption = None if last is None else last.structure
        return cls(array=work.array, assumption=assumption, inconsistent=last is not None)

    @classmethod
    def _of_deduced(cls, found: Deduced) -> "_Reading":
        return cls(
            array=found.table,
            assumption=found.structure,
            accepted=found.settles,
            forced=found.forced,
            unique=found.unique,
            certificate=found.certificate,
        )

    @classmethod
    def _of_accepted(cls, found: Proposed) -> "_Reading":
        proof = found.certified
        return cls(
            array=found.candidate.table,
            solver=found.solver,
            assumption=found.structure,
            accepted=True,
            shows_proposal=True,
            fit=found.fit,
            forced=None if proof is None else proof.forced,
            unique="unknown" if proof is None else proof.unique,
            certificate="" if proof is None else proof.certificate,
            isotopism=found.candidate.isotopism,
        )

    @classmethod
    def _of_rejected(
        cls, work: Table, found: Proposed, outcome: Outcome, asked: Structure | str | None
    ) -> "_Reading":
        """Keep what was observed and predict the rest."""
        fits_nothing = bool(outcome.refuted) and not outcome.deduced
        return cls(
            array=np.where(work.array >= 0, work.array, found.candidate.table),
            solver=found.solver,
            assumption=asked if isinstance(asked, Structure) else None,
            inconsistent=asked is not None,
            shows_proposal=True,
            fit=found.fit,
            notes=(_FITS_NOTHING,) if fits_nothing else (),
        )


def _contradicts_itself(work: Table) -> bool:
    """Whether a cell was observed twice with different symbols."""
    a, b, c = work.repeats.T
    return bool((work.array[a, b] != c).any())


def _identification(
    table: Table, given: Table, reading: _Reading, known: Identification | None
) -> Identification | None:
    if not table.is_full:
        return None
    if known is not None and np.array_equal(table.array, given.array):
        return known
    return identify(table, isotopism=reading.isotopism)


def _status(given: Table, table: Table, reading: _Reading, is_group: bool) -> Status:
    if reading.accepted and is_group:
        return "solved"
    if reading.inconsistent:
        return "inconsistent"
    if not table.is_full:
        return "unresolved"
    if reading.as_given or is_group:
        return "solved"  # nothing had to be filled in, or algebra verified what was
    return "predicted" if reading.fit == 1 else "unresolved"


def _is_proved(found: Identification | None, given: Table, status: Status) -> bool:
    if found is None or status == "inconsistent":
        return False
    return found.structure is not Structure.MAGMA or given.is_full


def _labels(work: Table, evidence: tuple[int, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return observations by their labels."""
    chosen = work.observations[list(evidence)].tolist() if evidence else []
    return tuple((work.rows[a], work.columns[b], work.symbols[c]) for a, b, c in chosen)


def _agreements(work: Table, found: Proposed | None) -> Mapping[tuple[str, str, str], float] | None:
    """Return the learned score of every observation by its labels, if there is one."""
    if found is None or found.agreements is None:
        return None
    return dict(zip(work.triples(), found.agreements.round(4).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Order:
    """How the labels of one table are placed in another with the same labels."""

    columns: Int[NDArray[Any], " n"]
    symbols: Int[NDArray[Any], " n"]

    @classmethod
    def between(cls, work: Table, given: Table) -> "_Order":
        """Rows are never moved; columns and symbols may be."""
        place = {label: i for i, label in enumerate(work.columns)}
        symbols = {label: i for i, label in enumerate(given.symbols)}
        return cls(
            np.array([place[label] for label in given.columns]),
            np.array([symbols[label] for label in work.symbols]),
        )

    def of_products(self, array: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], "n n"]:
        lookup = np.append(self.symbols, UNKNOWN)
        placed: Int[NDArray[Any], "n n"] = lookup[array[:, self.columns]]
        return placed

    def of_cells(self, array: NDArray[Any]) -> NDArray[Any]:
        cells: NDArray[Any] = array[:, self.columns]
        return cells

    def of_factors(
        self, factors: "tuple[Tensor, Tensor, Tensor]"
    ) -> "tuple[Tensor, Tensor, Tensor]":
        A, B, C = factors
        return A, B[self.columns.tolist()], C[np.argsort(self.symbols).tolist()]
