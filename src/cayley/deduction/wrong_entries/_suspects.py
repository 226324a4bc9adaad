"""Suspected entries: what a search for them returns, and how it is put together."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import Forced, frozen
from cayley.deduction.wrong_entries._chance import log10_agreeing_by_chance
from cayley.deduction.wrong_entries._fewest_suspects import Explanation

__all__ = ["NotFound", "WrongEntries", "explanation_of", "result_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WrongEntries:
    """A table that all observations force but for a few, which contradict it.

    What is proved is that the other observations force the table. That the few are wrong, and not
    the many, is a conclusion from numbers: see ``log10_chance``.

    Attributes:
        suspects: Places of the contradicting observations, ascending.
        given: The symbol that each suspect states, shape ``(k,)``.
        expected: The symbol that the table has in its cell, shape ``(k,)``.
        num_kept: How many observations remain and force the table.
        forced: The table and its group.
        log10_chance: An upper bound on the logarithm of the number of tables of the kind that
            would be expected to agree with so many cells if the products were random.
        bound: Every other table of the kind disagrees with at least so many observations, which is
            proved; 0 if nothing is.
        rivals: Other tables of the kind that disagree with just one more.
        theorem: The theorem that the bound rests on, which is not proved here; empty if it rests
            on none.
    """

    suspects: tuple[int, ...]
    given: Int[NDArray[Any], " k"]
    expected: Int[NDArray[Any], " k"]
    num_kept: int
    forced: Forced
    log10_chance: float
    bound: int = 0
    rivals: tuple[Explanation, ...] = ()
    theorem: str = ""

    @property
    def is_minimal(self) -> bool:
        """Whether it is proved that no table of the kind has fewer suspects."""
        return self.bound >= len(self.suspects)

    @property
    def is_only(self) -> bool:
        """Whether it is proved that no other table of the kind has as few."""
        return self.bound > len(self.suspects)

    @property
    def is_unrivaled(self) -> bool:
        """Whether it is proved that every other one has at least two suspects more."""
        return not self.rivals and self.bound > len(self.suspects) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """No set of wrong entries could be established.

    Attributes:
        reason: "consistent": nothing contradicts, so that there is nothing to find. "limit": no
            attempt succeeded, or none was made, since more observations are wrong than may be.
            "ambiguous": two tables leave equally few contradictions.
        num_trials: How many clusters of labels were tried.
        tied: If ambiguous, the tables that are as good, or one with suspects whose other
            observations do not force it.
    """

    reason: Literal["consistent", "limit", "ambiguous"]
    num_trials: int
    tied: tuple[Explanation, ...] = field(default=(), compare=False)


def explanation_of(found: WrongEntries) -> Explanation:
    """Return a finding as an explanation of the observations."""
    return Explanation(table=found.forced.table, suspects=found.suspects, is_forced=True)


def result_of(partial: PartialTable, forced: Forced, disagrees: NDArray[Any]) -> WrongEntries:
    """Return the finding that a forced table and the observations that contradict it make."""
    suspects = np.flatnonzero(disagrees)
    a, b, c = partial.cells[suspects].T
    place_of = partial.cells[:, 0] * partial.order + partial.cells[:, 1]
    return WrongEntries(
        suspects=tuple(suspects.tolist()),
        given=frozen(c),
        expected=frozen(forced.table[a, b]),
        num_kept=len(partial.cells) - len(suspects),
        forced=forced,
        log10_chance=log10_agreeing_by_chance(
            partial.order,
            assume=partial.assume,
            cells=len(np.unique(place_of)),
            agreeing=len(np.unique(place_of[~disagrees])),
        ),
    )
