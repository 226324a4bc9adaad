r"""Which laws the seen cells of a partial table support, and how unlikely that is by chance.

Counting the instances in which a law holds misleads, since they share cells. What counts is an
*exposure*: go through the instances in an order that does not look at the symbols; an instance is
one if an outermost cell of it has not been looked at by any instance before and is not among its
own inner cells. If the symbols were independent, such a cell would hold the symbol that the law
asks for with the frequency :math:`p` of that symbol, whatever was seen before. So a law survives
all its exposures with a chance of at most :math:`\prod p`, and `log10_chance` is the sum of
:math:`\log_{10} p`.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories._catalog import ADJECTIVES, NOUNS
from cayley.theories._numbered import NUM_NUMBERED, all_laws, number_of
from cayley.theories._terms import Law, Term

__all__ = ["EARNED", "MinedLaw", "evidence", "mine", "named_laws"]

EARNED = -6.0
"""A theory is earned if so much agreement by chance is less likely than this power of ten."""

# Instances looked at: all of a law in three variables up to order 16. Fewer only lose evidence.
_MOST_INSTANCES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class MinedLaw:
    """A law that no seen cells contradict.

    Attributes:
        law: The law.
        number: Its number in the Equational Theories Project, or None.
        support: How many of the instances looked at can be evaluated on both sides, in different
            cells.
        exposures: How many of them are exposures.
        log10_chance: Logarithm of a bound on the chance that independent symbols obey the law.
        corrected: The same after correction for the number of laws that were tried, at most 0.
    """

    law: Law
    number: int | None
    support: int
    exposures: int
    log10_chance: float
    corrected: float

    @property
    def is_earned(self) -> bool:
        """Whether chance is excluded."""
        return self.corrected <= EARNED


def named_laws() -> tuple[Law, ...]:
    """Return the laws of the named theories and adjectives, each once, in canonical form."""
    theories = (*ADJECTIVES.values(), *NOUNS.values())
    return tuple(dict.fromkeys(law.canonical() for each in theories for law in each.laws))


def mine(
    table: Int[NDArray[Any], "n n"], *, numbered: bool = True, seed: int = 0
) -> tuple[MinedLaw, ...]:
    """Return the laws that the seen cells support, those with most evidence first.

    The named laws are corrected for their number only, all others for that of the numbered laws.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        numbered: Whether to try all numbered laws and not only the named ones.
        seed: Of the order in which instances are looked at.

    Example:
        >>> i, j = np.indices((7, 7))
        >>> best = mine((i + j) % 7, numbered=False)[0]
        >>> str(best.law), best.exposures, round(best.log10_chance, 1), best.is_earned
        ('x*y = y*x', 21, -17.7, True)
    """
    named = named_laws()
    tried = dict.fromkeys(named, math.log10(len(named)))
    if numbered:
        for law in all_laws():
            tried.setdefault(law, math.log10(NUM_NUMBERED))
    found: list[MinedLaw] = []
    for law, correction in tried.items():
        if law.is_trivial:
            continue
        seen = evidence((law,), table, seed=seed)
        if seen is not None and seen.exposures:
            found.append(
                MinedLaw(
                    law=law,
                    number=number_of(law),
                    support=seen.support,
                    exposures=seen.exposures,
                    log10_chance=seen.log10_chance,
                    corrected=min(0.0, seen.log10_chance + correction),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.corrected, each.number or NUM_NUMBERED)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What several laws say together: instances, exposures, and the bound on their chance."""

    support: int
    exposures: int
    log10_chance: float


def evidence(
    laws: tuple[Law, ...], table: Int[NDArray[Any], "n n"], *, seed: int = 0
) -> Evidence | None:
    """Return the evidence for some laws together, each cell exposed once; None if one is violated.

    Args:
        laws: The laws, in an order that was not chosen by looking at the table.
        table: Products, shape ``(n, n)``, -1 where unknown.
        seed: Of the order in which instances are looked at.
    """
    n = len(table)
    rng = np.random.default_rng(seed)
    known = table[table >= 0]
    if not len(known):
        return Evidence(support=0, exposures=0, log10_chance=0.0)
    frequency = np.bincount(known, minlength=n) / len(known)
    looked = np.zeros(n * n, bool)
    support = exposures = 0
    chance = 0.0
    for law in laws:
        instances = _instances(n, law.num_variables, rng)
        # A few hundred instances refute nearly every law that is false.
        if len(instances) > 512 and _Looks(law, table, instances[:256]).is_violated:
            return None
        looks = _Looks(law, table, instances)
        if looks.is_violated:
            return None
        exposed = looks.exposed(looked)
        support += int(looks.counts.sum())
        exposures += int(exposed.sum())
        chance += float(np.log10(frequency[looks.left[exposed]]).sum())
    return Evidence(support=support, exposures=exposures, log10_chance=chance)


def _instances(n: int, variables: int, rng: np.random.Generator) -> Int[NDArray[Any], "m v"]:
    """Return all instances in a random order, or different random ones if they are too many."""
    total = n**variables
    if total <= _MOST_INSTANCES:
        chosen = rng.permutation(total)
    else:
        drawn = rng.integers(total, size=_MOST_INSTANCES)
        chosen = np.sort(drawn)[np.concatenate([[True], np.diff(np.sort(drawn)) > 0])]
        rng.shuffle(chosen)
    return np.stack(np.unravel_index(chosen, (n,) * variables), axis=1)


class _Looks:
    """Which cells the instances of a law look at, in their order.

    ``inner`` and ``outer`` hold one array of cells for each product; -1 where an operand is not
    known. Cells whose symbol was read only to find that an outer cell is unknown count as well.
    """

    def __init__(
        self, law: Law, table: Int[NDArray[Any], "n n"], instances: Int[NDArray[Any], "m v"]
    ) -> None:
        self._n = len(table)
        # One more row and column, so that an unknown operand, -1, leads to an unknown product.
        self._table = np.pad(table, (0, 1), constant_values=-1)
        self._instances = instances
        self.inner: list[Int[NDArray[Any], " m"]] = []
        self.outer: list[Int[NDArray[Any], " m"]] = []
        self.left = self._side(law.left)
        self.right = self._side(law.right)
        complete = (self.left >= 0) & (self.right >= 0)
        if len(self.outer) == 2:
            complete &= self.outer[0] != self.outer[1]
        self.counts: Bool[NDArray[Any], " m"] = complete
        self.is_violated = bool((self.left != self.right)[complete].any())

    def exposed(self, looked: Bool[NDArray[Any], " cells"]) -> Bool[NDArray[Any], " m"]:
        """Return which instances are exposures, and mark all cells as looked at."""
        m = len(self._instances)
        first = np.full(len(looked), m)
        first[looked] = -1
        for cells in (*self.inner, *self.outer):
            here = np.flatnonzero(cells >= 0)
            np.minimum.at(first, cells[here], here)
        exposed = np.zeros(m, bool)
        for cells in self.outer:
            fresh = self.counts & (first[cells] == np.arange(m))
            for inner in self.inner:
                fresh &= inner != cells
            exposed |= fresh
        looked |= first < m
        return exposed

    def _side(self, term: Term) -> Int[NDArray[Any], " m"]:
        if isinstance(term, int):
            return self._instances[:, term]
        return self._product(term, self.outer)

    def _product(
        self, term: tuple[Term, Term], into: list[Int[NDArray[Any], " m"]]
    ) -> Int[NDArray[Any], " m"]:
        left, right = (
            self._instances[:, operand]
            if isinstance(operand, int)
            else self._product(operand, self.inner)
            for operand in term
        )
        values: NDArray[Any] = self._table[left, right]
        # An unknown cell shows no symbol, so it is not looked at.
        into.append(np.where(values >= 0, left * self._n + right, -1))
        return values
