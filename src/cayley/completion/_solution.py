"""What :func:`~cayley.completion.solve` returns: a table, and for every cell why to believe it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from jaxtyping import Float, Int8
from numpy.typing import NDArray

from cayley.algebra import Identification, Isotopism, Structure
from cayley.tables import Table

if TYPE_CHECKING:
    from torch import Tensor

    from cayley.representations import Representation

__all__ = ["Assumption", "Progress", "Provenance", "Solution", "SolverName", "Status", "Suspect"]

Status = Literal["solved", "predicted", "unresolved", "inconsistent"]
Assumption = Literal["group", "isotope", "none"]
SolverName = Literal["exact", "synchronization", "hypercube"]
_LARGEST_ROUNDED = 64
_LARGEST_REGULAR = 256  # its n^3 numbers take 128 MiB there
Answer = Literal["yes", "no", "unknown"]


class Provenance(IntEnum):
    """Why a cell of the completed table holds what it holds."""

    OBSERVED = 0
    """Given, and in agreement with the structure found."""
    FORCED = 1
    """Not given; proved from the given cells under the stated assumption."""
    PREDICTED = 2
    """Not given; learned, or implied by a structure that was learned."""
    SUSPECT = 3
    """Given, but the structure found has another symbol there."""
    UNKNOWN = 4
    """Not given and not found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """An observation that the structure found contradicts, and the evidence against it.

    Attributes:
        row: Label of the row.
        column: Label of the column.
        given: The symbol that was observed.
        expected: The symbol that the structure has there.
        margin: Learned score of the expected symbol minus the best other, or None if nothing was
            learned.
        agreement: Learned score of the observation itself: 1 where the matrices multiply as it
            says, about 0 where it has nothing to do with them, or None.
        support: How many of the other observations in its row, in its column or of its symbols,
            given and expected, agree with the structure.
        opposed: How many of these contradict it.
        certified: Whether the observations that are no suspects force the table by themselves,
            proved by deduction.
    """

    row: str
    column: str
    given: str
    expected: str
    margin: float | None = None
    agreement: float | None = None
    support: int = 0
    opposed: int = 0
    certified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a callback sees while a solver runs; numbers are about the best restart.

    Attributes:
        solver: The solver at work.
        stage: What it is doing, in a few words.
        step: Steps done in this stage.
        fit: Share of observations that the decoded table agrees with.
        penalty_ratio: H / n^2, 3 at isotopes of groups.
        agreement: Cosine between products and data on the observed pairs.
        loss: Data loss.
        imbalance: See :func:`cayley.hypercube.hypercube_imbalance`.
        factors: Returns a copy of the matrices A, B, C of that restart as they are now, each
            ``(n, d, d)``; None where a solver has none to show.
    """

    solver: SolverName
    stage: str
    step: int
    fit: float
    penalty_ratio: float
    agreement: float
    loss: float
    imbalance: float
    factors: "Callable[[], tuple[Tensor, Tensor, Tensor]] | None" = field(
        default=None, repr=False, compare=False
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """A completed table with its verdict; a value, never changed.

    Attributes:
        given: The table that was to be completed.
        table: The completed table, same labels in the same order; -1 where still unknown.
        provenance: A :class:`Provenance` per cell, shape ``(rows, columns)``, int8.
        status: ``solved``: every cell filled, and the table is verified to be a group or an isotope
            of one, or nothing had to be filled in. ``predicted``: filled by what was learned, with
            no structure to prove it. ``unresolved``: cells are missing. ``inconsistent``: no group
            (isotope) has these cells.
        structure: What the completed table is, decided exactly; ``None`` if it is not complete.
        proved: Whether that structure was verified exactly and is more than "a magma", or the
            table was given whole.
        identification: Name of the group behind the table, if there is one.
        isotopism: The maps to that group, for rows, columns and symbols as listed.
        assumption: What the completion assumed.
        unique: Whether the observed cells allow no other completion, among ``unique_among``.
        unique_among: ``"groups"``, ``"group isotopes"`` or None where nothing is said.
        certificate: How uniqueness was decided, or what was tried, in a few words.
        suspects: Observations that the structure contradicts.
        margin: Best product minus second best of every cell as learned, or None.
        complexity: H / n^2 of the completed table: 3 exactly for isotopes of groups; measured at
            convergence for others, None if not measured.
        factors: Learned matrices A, B, C, each ``(n, d, d)``, or None.
        solver: What filled the table.
        seed: The seed of every random choice.
        seconds: Wall-clock time.
        steps: Steps that the learned solver took in its last stage.
        evidence: If inconsistent, observations that already are, as labels (row, column, symbol).
        notes: Remarks a person should read.
        interrupted: Whether the keyboard or a time limit ended the search.
        version: Version of the library.
        options: What was asked for: ``assume``, ``solver``, ``restarts``, ``time_limit``; empty if
            that is not known.
        history: The course of the learned solver, at most some 400 records, evenly spaced.

    References:
        Schema ``cayley.solution/1`` is written by :meth:`to_document`.
    """

    given: Table
    table: Table
    provenance: Int8[NDArray[Any], "r c"]
    status: Status
    structure: Structure | None
    proved: bool
    assumption: Assumption
    solver: SolverName
    seed: int
    identification: Identification | None = None
    isotopism: Isotopism | None = None
    unique: Answer = "unknown"
    unique_among: Literal["groups", "group isotopes"] | None = None
    certificate: str = ""
    suspects: tuple[Suspect, ...] = ()
    margin: Float[NDArray[Any], "r c"] | None = None
    complexity: float | None = None
    factors: "tuple[Tensor, Tensor, Tensor] | None" = field(default=None, repr=False)
    seconds: float = 0.0
    steps: int = 0
    evidence: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    interrupted: bool = False
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    history: tuple[Progress, ...] = field(default=(), repr=False)

    @property
    def evidence_against_suspects(self) -> str:
        """What speaks against the suspects together, in a sentence; empty if there are none."""
        if not self.suspects:
            return ""
        wrong = len(self.suspects)
        kept = self.given.num_observed + len(self.given.repeats) - wrong
        cells = "this cell" if wrong == 1 else f"these {wrong} cells"
        if self.suspects[0].certified:
            return f"Without {cells} the remaining {kept} force this table."
        return f"Without {cells} the remaining {kept} agree with this table."

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of cells of every provenance, by its name."""
        counted = Counter(self.provenance.ravel().tolist())
        return {kind.name.lower(): counted[kind] for kind in Provenance}

    @cached_property
    def representation(self) -> "Representation | None":
        """A faithful unitary representation of the group found, or None if there is no group.

        What was learned, its gauge fixed and rounded to a representation, up to order 64 (rounding
        takes n^2 d^3 operations); where nothing was learned, or what was learned does not round to
        a faithful one, the regular representation, up to order 256.
        """
        from cayley.representations import regular_representation, representation_from_factors

        if self.isotopism is None:
            return None
        order = self.isotopism.group.order
        if self.factors is not None and order <= _LARGEST_ROUNDED:
            found = representation_from_factors(*self.factors, self.isotopism)
            if found.converged and found.representation.is_faithful:
                return found.representation
        group = self.isotopism.group
        return regular_representation(group) if order <= _LARGEST_REGULAR else None

    @property
    def verdict(self) -> str:
        """The verdict in a sentence or two that a person understands."""
        from cayley.completion._verdict import verdict

        return verdict(self)

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.solution/1``."""
        from cayley.completion._document import to_document

        return to_document(self)

    def __repr__(self) -> str:
        order = "x".join(str(size) for size in self.table.array.shape)
        return f"Solution({order}, {self.status}: {self.verdict})"


def provenance_of(given: Table, table: Table, filled: Provenance) -> Int8[NDArray[np.int8], "r c"]:
    """Compare a completed table with what was given; cells not given get ``filled``."""
    known, found = given.array >= 0, table.array >= 0
    result = np.full(given.array.shape, Provenance.UNKNOWN, dtype=np.int8)
    result[~known & found] = filled
    result[known] = Provenance.OBSERVED
    result[known & (given.array != table.array)] = Provenance.SUSPECT
    for a, b, c in given.repeats.tolist():
        if table.array[a, b] != c:
            result[a, b] = Provenance.SUSPECT
    result.flags.writeable = False
    return result
