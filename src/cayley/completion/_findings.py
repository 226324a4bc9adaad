"""What a search found, as values: provenance of cells, suspects, refutations, all together.

:class:`Findings` holds what was asked and what was found in fields of their own; none is ever
overwritten to mean something else. ``_wording`` puts it in sentences and ``_json`` in a document,
which may repeat only what stands here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int8
from cayley.algebra import Identification, Isotopism, Structure
from cayley.completion._progress import Progress, SolverName
from cayley.tables import Table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "ASSUMABLE",
    "Answer",
    "Findings",
    "Provenance",
    "Refutation",
    "Status",
    "Suspect",
    "provenance_of",
]

Status = Literal["solved", "predicted", "unresolved", "inconsistent"]
Answer = Literal["yes", "no", "unknown"]

ASSUMABLE = (Structure.GROUP, Structure.GROUP_ISOTOPE)
"""What an operation may be taken to be, strongest first: every group is an isotope of itself."""


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
class Refutation:
    """The proof that no table of a structure has the observed cells.

    Attributes:
        structure: What the operation cannot be.
        cells: Observations that are inconsistent with it already, as labels (row, column, symbol).
    """

    structure: Structure
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Findings:
    """A completed table and why to believe it; a value, never changed.

    Attributes:
        given: The table that was to be completed.
        table: The completed table, same labels in the same order; -1 where still unknown.
        provenance: A :class:`Provenance` per cell, shape ``(rows, columns)``, int8.
        status: ``solved``: every cell filled, and the table is verified to be a group or an isotope
            of one, or nothing had to be filled in. ``predicted``: filled by what was learned, with
            no structure to prove it. ``unresolved``: cells are missing. ``inconsistent``: no table
            of the structure that was asked for has these cells; see ``refuted``.
        assume: What was asked for: ``auto``, ``none`` or a :class:`~cayley.algebra.Structure`.
        assumption: The structure under which the table was found; None if under none.
        refuted: Every structure that the cells were proved to exclude, in the order tried.
        identification: What the completed table is, decided exactly, with the proof; None if it is
            not complete.
        proved: Whether that structure was verified exactly and is more than "a magma", or the
            table was given whole.
        unique: Whether the observed cells allow no other completion, among ``unique_among``.
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
        notes: Remarks a person should read.
        interrupted: Whether the keyboard or a time limit ended the search.
        version: Version of the library.
        options: The other options: ``solver``, ``restarts``, ``time_limit``; empty if they are not
            known.
        history: The course of the learned solver, at most some 400 records, evenly spaced.
    """

    given: Table
    table: Table
    provenance: Int8[NDArray[Any], "r c"]
    status: Status
    assume: str
    assumption: Structure | None
    refuted: tuple[Refutation, ...] = ()
    identification: Identification | None = None
    proved: bool
    solver: SolverName
    seed: int
    unique: Answer = "unknown"
    certificate: str = ""
    suspects: tuple[Suspect, ...] = ()
    margin: Float[NDArray[Any], "r c"] | None = None
    complexity: float | None = None
    factors: "tuple[Tensor, Tensor, Tensor] | None" = field(default=None, repr=False)
    seconds: float = 0.0
    steps: int = 0
    notes: tuple[str, ...] = ()
    interrupted: bool = False
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    history: tuple[Progress, ...] = field(default=(), repr=False)

    @property
    def structure(self) -> Structure | None:
        """What the completed table is, decided exactly; None if it is not complete."""
        return None if self.identification is None else self.identification.structure

    @cached_property
    def isotopism(self) -> Isotopism | None:
        """The maps to the group behind the table, for rows, columns and symbols as listed."""
        found = None if self.identification is None else self.identification.isotopism
        if not isinstance(found, Isotopism) or not self.table.has_one_alphabet:
            return found if isinstance(found, Isotopism) else None
        # The identification is of the aligned table: columns and symbols in the order of the rows.
        place = {label: i for i, label in enumerate(self.table.rows)}
        return Isotopism(
            rows=found.rows,
            columns=found.columns[[place[label] for label in self.table.columns]],
            symbols=found.symbols[[place[label] for label in self.table.symbols]],
            group=found.group,
        )

    @property
    def unique_among(self) -> Literal["groups", "group isotopes"] | None:
        """What ``unique`` is about; None where nothing was assumed and nothing is said."""
        if self.assumption is None:
            return None
        return "groups" if self.assumption is Structure.GROUP else "group isotopes"

    @property
    def evidence(self) -> tuple[tuple[str, str, str], ...]:
        """If inconsistent, observations that already are, as labels (row, column, symbol)."""
        return self.refuted[-1].cells if self.status == "inconsistent" and self.refuted else ()

    @property
    def evidence_against_suspects(self) -> str:
        """What the other observations show, in a sentence; empty if there are no suspects."""
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
