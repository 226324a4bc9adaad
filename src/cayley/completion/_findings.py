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
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int8
from cayley.algebra import Identification, Isotopism, Structure
from cayley.completion._matrices import Matrices, as_tensors
from cayley.completion._progress import Progress, SolverName
from cayley.tables import Table

if TYPE_CHECKING:
    from torch import Tensor

    from cayley.theories import Theory

__all__ = [
    "ASSUMABLE",
    "REFUSED_PROOF",
    "Answer",
    "Fact",
    "Findings",
    "Hypothesis",
    "Provenance",
    "Refutation",
    "Rival",
    "Standing",
    "Status",
    "Suspect",
    "parted",
    "plural",
    "provenance_of",
]

# Union, not |: the name of a class that is not loaded here can't be or-ed with None at run time.
Hypothesis: TypeAlias = Union[Structure, "Theory"]
"""What an operation can be taken to be: a group, an isotope of one, or a theory of laws."""

REFUSED_PROOF = "The checker refuses the proof of what was found, which is an error of cayley"
"""Begins the note of a solution whose proof was refused; the reason follows."""

Standing = Literal["given", "earned", "supposed"]
"""How a hypothesis came by its place: the user named it; so much agreement by chance is less likely
than one in a million; or nothing contradicts it and little speaks for it."""

Status = Literal["solved", "predicted", "unresolved", "inconsistent"]
Answer = Literal["yes", "no", "unknown"]

ASSUMABLE = (Structure.GROUP, Structure.GROUP_ISOTOPE)
"""What an operation may be taken to be, strongest first: every group is an isotope of itself."""


_CONDITIONS = ("zero", "unit", "inverses", "left cancellation", "right cancellation")
"""Parts of the name of a theory that name no operation: "monoid; zero" is a monoid with zero."""


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
        reason: The law with its instance, or the conditions, that cannot hold; empty for groups and
            their isotopes, where the cells are the proof.
    """

    structure: Hypothesis
    cells: tuple[tuple[str, str, str], ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A law or condition of the theory that a table was found under, and the evidence for it.

    Attributes:
        law: The law, such as ``x*y = y*x``, or the condition, such as ``unit``.
        number: Its number in the Equational Theories Project, or None.
        support: How many of its instances the observed cells decide; None if it was not weighed.
        log10_chance: Logarithm of a bound on the chance that independent symbols obey it, corrected
            for the number of facts tried; None if it was not weighed.
    """

    law: str
    number: int | None = None
    support: int | None = None
    log10_chance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Another explanation of the observed cells that was not refuted, and where it differs.

    Attributes:
        theory: What the operation would be.
        standing: How the rival stands.
        differs: Cells for which it has another symbol, as labels (row, column, symbol); None for a
            symbol that it leaves open.
        suspects: How many observations it contradicts.
    """

    theory: Hypothesis
    standing: Standing
    differs: tuple[tuple[str, str, str | None], ...]
    suspects: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Findings:
    """A completed table and why to believe it; a value, never changed.

    Attributes:
        given: The table that was to be completed.
        table: The completed table, same labels in the same order; -1 where still unknown.
        provenance: A :class:`Provenance` per cell, shape ``(rows, columns)``, int8.
        status: ``solved``: every cell is filled under a theory that was given or earned, and the
            table is verified to have it, or nothing had to be filled in. ``predicted``: filled
            under a theory that is only supposed, or by what was learned, with nothing to prove it.
            ``unresolved``: cells are missing. ``inconsistent``: no table of the structure that was
            asked for has these cells; see ``refuted``.
        assume: What was asked for: ``auto``, ``none``, a :class:`~cayley.algebra.Structure` or a
            :class:`~cayley.theories.Theory`.
        assumption: The structure or theory under which the table was found; None if under none.
        standing: How that came by its place: given, earned or supposed; None if there is none.
        log10_chance: Logarithm of a bound on the chance of so much agreement, corrected for what
            was tried; None if it was not weighed.
        facts: The laws and conditions of the theory with the evidence for each.
        earned: The part of a supposed theory that is earned, or None.
        homotope_of: Name and number in GAP of the group that the table was verified to be a
            homotope of, each None if it has none; None where that is not said.
        rivals: Other explanations that differ and could not be set aside.
        completions: Tables that have the observed cells under the theory that was asked for, or
            under the assumption if none was, as far as they were exhibited.
        num_completions: How many there are, or how many were found; None if none was looked for.
        completions_exact: Whether ``num_completions`` is the number of all completions.
        possible: For cells that stayed open, by (row, column), the symbols that some completion
            has, or that could not be excluded.
        refuted: Every structure that the cells were proved to exclude, in the order tried.
        identification: What the completed table is, decided exactly, with the proof; None if it is
            not complete.
        proved: Whether that structure was verified exactly and is more than "a magma", or the
            table was given whole.
        unique: Whether the observed cells allow no other completion, among ``unique_among``.
        method: How uniqueness was decided, or what was tried, in a few words.
        suspects: Observations that the structure contradicts.
        margin: Best product minus second best of every cell as learned, or None.
        complexity: H / n^2 of the completed table: 3 exactly for isotopes of groups; measured at
            convergence for others, None if not measured.
        learned: The matrices A, B, C as a solver has left them, each ``(n, d, d)``, as arrays or
            tensors; None if there are none. `factors` has them as tensors.
        solver: What filled the table.
        seed: The seed of every random choice.
        seconds: Wall-clock time.
        steps: Steps that the learned solver took in its last stage.
        premise: What else is taken for granted, as a sentence; empty if nothing is.
        notes: Remarks a person should read.
        interrupted: Whether the keyboard or a time limit ended the search.
        checked: Whether the checker accepted the proofs of all that the verdict says is proved;
            None if it was not asked, or no proof was found in time.
        version: Version of the library.
        options: The other options: ``solver``, ``restarts``, ``time_limit``; empty if they are not
            known.
        history: The course of the learned solver, at most some 400 records, evenly spaced.
    """

    given: Table
    table: Table
    provenance: Int8[NDArray[Any], "r c"]
    status: Status
    assume: "Hypothesis | str"
    assumption: Hypothesis | None
    standing: Standing | None = None
    log10_chance: float | None = None
    facts: tuple[Fact, ...] = ()
    earned: Hypothesis | None = None
    homotope_of: tuple[str | None, tuple[int, int] | None] | None = None
    rivals: tuple[Rival, ...] = ()
    completions: tuple[Table, ...] = field(default=(), repr=False)
    num_completions: int | None = None
    completions_exact: bool = False
    possible: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict, repr=False)
    refuted: tuple[Refutation, ...] = ()
    identification: Identification | None = None
    proved: bool
    solver: SolverName
    seed: int
    unique: Answer = "unknown"
    method: str = ""
    suspects: tuple[Suspect, ...] = ()
    margin: Float[NDArray[Any], "r c"] | None = None
    complexity: float | None = None
    learned: Matrices | None = field(default=None, repr=False)
    seconds: float = 0.0
    steps: int = 0
    premise: str = ""
    notes: tuple[str, ...] = ()
    interrupted: bool = False
    checked: bool | None = None
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    history: tuple[Progress, ...] = field(default=(), repr=False)
    # The claims of the verdict with their proofs, if all were found and the checker accepted them.
    # The certificate takes them from here, so that nothing is proved twice.
    _proofs: tuple[dict[str, Any], ...] | None = field(default=None, repr=False)

    @cached_property
    def factors(self) -> "tuple[Tensor, Tensor, Tensor] | None":
        """The learned matrices A, B, C as tensors, each ``(n, d, d)``, or None; loads torch."""
        return None if self.learned is None else as_tensors(self.learned)

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
    def unique_among(self) -> str | None:
        """What ``unique`` is about, such as "groups" or "Moufang loops".

        None where nothing was assumed and nothing is said.
        """
        return None if self.assumption is None else plural(self.assumption)

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


def plural(hypothesis: Hypothesis) -> str:
    """Return the operations that a hypothesis is about.

    Example:
        >>> from cayley.theories import parse_theory
        >>> plural(Structure.GROUP), plural(parse_theory("left kei")), plural(parse_theory("xy=yx"))
        ('groups', 'left kei', 'operations with x*y = y*x')
    """
    noun, laws = parted(hypothesis)
    head, of, rest = noun.partition(" of ")  # "homotope of a group"
    many = noun if noun.endswith("kei") else f"{head}s{of}{rest}"
    return f"{many} with {laws}" if laws else many


def parted(hypothesis: Hypothesis) -> tuple[str, str]:
    """Return what an operation is called, and its laws and conditions that this does not say.

    Example:
        >>> from cayley.theories import parse_theory
        >>> parted(parse_theory("xy = yx; xx = x; quasigroup"))
        ('quasigroup', 'x*y = y*x; x*x = x')
        >>> parted(parse_theory("xy = yx")), parted(parse_theory("left kei"))
        (('operation', 'x*y = y*x'), ('left kei', ''))
    >>> parted(parse_theory("monoid; zero"))
    ('monoid', 'zero')
    """
    parts = str(hypothesis).split("; ")
    names = [part for part in parts if "=" not in part and part not in _CONDITIONS]
    rest = "; ".join(part for part in parts if part not in names)
    return " and ".join(names) or "operation", rest


def provenance_of(given: Table, table: Table, filled: Provenance) -> Int8[NDArray[np.int8], "r c"]:
    """Compare a completed table with what was given; cells not given get ``filled``."""
    known, found = given.array >= 0, table.array >= 0
    result = np.full(given.array.shape, Provenance.UNKNOWN, dtype=np.int8)
    result[~known & found] = filled
    result[known] = Provenance.OBSERVED
    result[known & found & (given.array != table.array)] = Provenance.SUSPECT
    result[known & ~found] = Provenance.UNKNOWN  # observed with several results, and not decided
    for a, b, c in given.repeats.tolist():
        if found[a, b] and table.array[a, b] != c:
            result[a, b] = Provenance.SUSPECT
    result.flags.writeable = False
    return result
