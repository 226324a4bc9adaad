"""From what the solvers found to the solution: structure, provenance, suspects, status."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from cayley.algebra import Identification, Isotopism, find_isotopism, identify
from cayley.completion._solution import (
    Assumption,
    Provenance,
    Solution,
    SolverName,
    Status,
    provenance_of,
)
from cayley.completion._suspects import suspects_of
from cayley.tables import UNKNOWN, Table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Findings", "conclude"]

_AMONG: dict[Assumption, Literal["groups", "group isotopes"] | None] = {
    "group": "groups",
    "isotope": "group isotopes",
    "none": None,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """What the solvers found, in the order of labels that they worked in.

    Attributes:
        work: The table as far as it was found.
        solver: What found it.
        assumption: What it was found under.
        accepted: Whether algebra accepted it as a whole.
        inconsistent: Whether no table of the assumed kind has the given cells.
        forced: Which cells are proved from the observed ones, or None for none.
        unique: Whether there is no other completion of the assumed kind.
        certificate: How it was proved, or what was tried, in a few words.
        evidence: Places in the observations of an inconsistent set.
        fit: Share of observations that the proposal agrees with.
        margin: Best product minus second best.
        observed: The observations in that order, if ``agreements`` are about them.
        agreements: How well learned matrices agree with each of these observations.
        factors: Learned matrices.
        complexity: H / n^2 if it was measured.
        steps: Steps of the learned solver.
        interrupted: Whether the search was ended from outside.
        notes: Remarks.
    """

    work: Table
    solver: SolverName
    assumption: Assumption
    accepted: bool = False
    inconsistent: bool = False
    forced: Bool[NDArray[Any], "n n"] | None = None
    unique: Literal["yes", "no", "unknown"] = "unknown"
    certificate: str = ""
    evidence: tuple[int, ...] = ()
    fit: float = 1.0
    margin: Float[NDArray[Any], "n n"] | None = None
    observed: Table | None = None
    agreements: Float[NDArray[Any], " m"] | None = None
    factors: "tuple[Tensor, Tensor, Tensor] | None" = None
    complexity: float | None = None
    steps: int = 0
    interrupted: bool = False
    notes: tuple[str, ...] = ()


def conclude(given: Table, findings: Findings, *, seed: int) -> Solution:
    """Turn findings into a solution, deciding its structure exactly.

    Args:
        given: The table as the user gave it; ``findings.work`` may list its labels otherwise.
        findings: What was found.
        seed: The seed of the search.
    """
    order = _Order.between(findings.work, given)
    table = given.with_array(order.of_products(findings.work.array))
    provenance = np.array(provenance_of(given, table, Provenance.PREDICTED))
    if findings.forced is not None:
        forced = order.of_cells(findings.forced)
        provenance[(provenance == Provenance.PREDICTED) & forced] = Provenance.FORCED
    provenance.flags.writeable = False
    found = identify(table) if table.is_full else None
    is_group = found is not None and found.structure in ("group", "group isotope")
    status = _status(given, table, findings, is_group)
    assumption = findings.assumption
    about = given.is_full and findings.solver == "exact"
    unique = "yes" if about and not findings.inconsistent else findings.unique
    margin = None if findings.margin is None else order.of_cells(findings.margin)
    return Solution(
        given=given,
        table=table,
        provenance=provenance,
        status=status,
        structure=None if found is None else found.structure,
        proved=_is_proved(found, given, status),
        assumption=assumption,
        solver=findings.solver,
        seed=seed,
        identification=found if is_group else None,
        isotopism=order.of_isotopism(findings.work) if is_group else None,
        unique=unique,
        unique_among=_AMONG[assumption],
        suspects=suspects_of(
            given,
            table,
            margin=margin,
            agreements=_agreements(findings),
            certified=findings.accepted and unique == "yes",
        ),
        margin=margin,
        complexity=3.0 if is_group else findings.complexity,
        factors=None if findings.factors is None else order.of_factors(findings.factors),
        steps=findings.steps,
        certificate=findings.certificate,
        evidence=_labels(findings),
        notes=findings.notes,
        interrupted=findings.interrupted,
    )


def _labels(findings: Findings) -> tuple[tuple[str, str, str], ...]:
    """Return the observations that contradict each other, as labels."""
    work = findings.work
    chosen = work.observations[list(findings.evidence)].tolist() if findings.evidence else []
    return tuple((work.rows[a], work.columns[b], work.symbols[c]) for a, b, c in chosen)


def _agreements(findings: Findings) -> dict[tuple[str, str, str], float] | None:
    """Return the learned score of every observation by its labels, if there is one."""
    if findings.agreements is None:
        return None
    work, scores = findings.observed, findings.agreements.round(4).tolist()
    assert work is not None
    return dict(zip(work.triples(), scores, strict=True))


def _status(given: Table, table: Table, findings: Findings, is_group: bool) -> Status:
    if findings.accepted and is_group:
        return "solved"
    if findings.inconsistent:
        return "inconsistent"
    if not table.is_full:
        return "unresolved"
    if given.is_full and findings.solver == "exact":
        return "solved"  # nothing had to be filled in: what it is, is exact
    if is_group:
        return "solved"
    return "predicted" if findings.fit == 1 else "unresolved"


def _is_proved(found: Identification | None, given: Table, status: Status) -> bool:
    if found is None or status == "inconsistent":
        return False
    return found.structure != "magma" or given.is_full


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

    def of_isotopism(self, work: Table) -> Isotopism | None:
        found = find_isotopism(work.array)
        if not isinstance(found, Isotopism):
            return None
        return Isotopism(
            rows=found.rows,
            columns=found.columns[self.columns],
            symbols=found.symbols[np.argsort(self.symbols)],
            group=found.group,
        )

    def of_factors(
        self, factors: "tuple[Tensor, Tensor, Tensor]"
    ) -> "tuple[Tensor, Tensor, Tensor]":
        A, B, C = factors
        return A, B[self.columns.tolist()], C[np.argsort(self.symbols).tolist()]
