"""Which of the 4,694 laws of at most four operations a full table obeys, by their numbers.

A law of four operations has six places for variables. If it holds, a variable that occurs on one
side only makes no difference to that side, so the variables that make one occur on both sides and
are at most three. Each term is therefore computed once, as an array over those variables only that
make a difference, and two sides agree exactly if these variables and arrays do.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._numbered import all_laws
from cayley.theories.laws._terms import Law, Term

__all__ = ["ShortLaws", "short_laws"]

# A law that fails at one instance in twenty survives this many with a chance of 10^-6.
_DRAWN = 256
_MOST_VARIABLES = 6

_MOST_ENTRIES = 1 << 26
"""Entries of the largest array that is made, 64 million: order 8,192 for two variables, 400 for
three, 90 for four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLaws:
    """Numbers of laws in the Equational Theories Project.

    Attributes:
        hold: Those that hold, ascending; 1, which says nothing, among them.
        undecided: Those that no random instance refutes and that would take too much memory.
    """

    hold: tuple[int, ...]
    undecided: tuple[int, ...]


def short_laws(table: Int[NDArray[Any], "n n"]) -> ShortLaws:
    """Return the numbers of the short laws that a full table obeys.

    Args:
        table: Products, shape ``(n, n)``, every entry in ``0..n-1``.

    Example:
        >>> found = short_laws(np.array([[0, 2, 1], [1, 0, 2], [2, 1, 0]]))
        >>> 43 in found.hold, 4512 in found.hold, found.undecided
        (False, False, ())
    """
    drawn = np.random.default_rng(0).integers(len(table), size=(_MOST_VARIABLES, _DRAWN))
    values: dict[Term, NDArray[Any]] = dict(enumerate(drawn))
    functions = _Functions(table=table)
    hold, undecided = [], []
    for number, law in enumerate(all_laws(), 1):
        if not np.array_equal(
            _drawn_value(law.left, table, values), _drawn_value(law.right, table, values)
        ):
            continue
        try:
            if functions.agree(law):
                hold.append(number)
        except _TooLargeError:
            undecided.append(number)
    return ShortLaws(hold=tuple(hold), undecided=tuple(undecided))


def _drawn_value(
    term: Term, table: Int[NDArray[Any], "n n"], values: dict[Term, NDArray[Any]]
) -> NDArray[Any]:
    """Return the value of a term at all drawn instances; terms occur in many laws."""
    found = values.get(term)
    if found is None:
        assert not isinstance(term, int)
        left, right = (_drawn_value(operand, table, values) for operand in term)
        found = values[term] = table[left, right]
    return found


class _TooLargeError(Exception):
    """An array would have too many entries: the law stays undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Function:
    """The values of a term: one axis for each variable that makes a difference, ascending."""

    variables: tuple[int, ...]
    values: NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Functions:
    """The functions of terms on one table, each computed once."""

    table: Int[NDArray[Any], "n n"]
    known: dict[Term, _Function] = field(default_factory=dict)

    def agree(self, law: Law) -> bool:
        """Return whether a law holds in all instances."""
        left, right = self.of(law.left), self.of(law.right)
        return left.variables == right.variables and np.array_equal(left.values, right.values)

    def of(self, term: Term) -> _Function:
        """Return the function of a term."""
        if term not in self.known:
            self.known[term] = self._made(term)
        return self.known[term]

    def _made(self, term: Term) -> _Function:
        if isinstance(term, int):
            return _reduced((term,), np.arange(len(self.table)))
        left, right = (self.of(operand) for operand in term)
        variables = tuple(sorted({*left.variables, *right.variables}))
        if len(self.table) ** len(variables) > _MOST_ENTRIES:
            raise _TooLargeError
        values = self.table[_spread(left, variables), _spread(right, variables)]
        return _reduced(variables, values)


def _spread(function: _Function, variables: tuple[int, ...]) -> NDArray[Any]:
    """Return the values with an axis of length 1 for each variable that makes no difference."""
    lengths = iter(function.values.shape)
    shape = [next(lengths) if each in function.variables else 1 for each in variables]
    return function.values.reshape(shape)


def _reduced(variables: tuple[int, ...], values: NDArray[Any]) -> _Function:
    """Return a function without the axes along which it is constant."""
    kept: list[int] = []
    for variable in variables:
        axis = len(kept)
        first = values.take([0], axis=axis)
        if (values == first).all():
            values = first.squeeze(axis)
        else:
            kept.append(variable)
    return _Function(variables=tuple(kept), values=values)
