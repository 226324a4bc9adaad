"""Terms over one binary operation, and laws: equations of two terms that hold for all elements."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

__all__ = ["Law", "Term", "format_term", "num_operations", "products", "variable_name"]

_TERMS = 1 << 14  # terms whose measures are kept: those of all laws of at most four operations

Term: TypeAlias = "int | tuple[Term, Term]"
"""The number of a variable, or the pair of a left and a right operand."""

# The letters of the Equational Theories Project first, so that its laws print as it prints them.
_LETTERS = "xyzwuvtsrqpnmlkjihgfedcba"


@dataclass(frozen=True, slots=True)
class Law:
    r"""An equation of two terms over one operation, all variables universally quantified.

    The variables are numbered by first appearance when a law is made, so two laws that differ by
    names of variables are equal. Which side is the left one is kept; `canonical` forgets it.

    Attributes:
        left: The left side: the number of a variable, or a pair of two terms for their product.
        right: The right side.

    Example:
        >>> law = Law((0, (1, 2)), ((0, 1), 2))
        >>> print(law)
        x*(y*z) = (x*y)*z
        >>> law.num_variables, law.num_operations
        (3, 4)
        >>> law == Law((5, (3, 4)), ((5, 3), 4))
        True
    """

    left: Term
    right: Term

    def __post_init__(self) -> None:
        numbers: dict[int, int] = {}
        object.__setattr__(self, "left", _renamed(self.left, numbers))
        object.__setattr__(self, "right", _renamed(self.right, numbers))

    @property
    def num_variables(self) -> int:
        """The number of different variables."""
        return 1 + max(*_variables(self.left), *_variables(self.right))

    @property
    def num_operations(self) -> int:
        """How often the operation occurs, on both sides together."""
        return num_operations(self.left) + num_operations(self.right)

    @property
    def is_trivial(self) -> bool:
        """Whether both sides are the same term."""
        return self.left == self.right

    def swapped(self) -> "Law":
        """Return the law with its sides exchanged."""
        return Law(self.right, self.left)

    def dual(self) -> "Law":
        """Return the law that the opposite operation obeys, for which ``x o y`` is ``y*x``.

        Example:
            >>> print(Law((0, (0, 1)), 1).dual())
            (x*y)*y = x
        """
        return Law(_mirrored(self.left), _mirrored(self.right))

    def canonical(self) -> "Law":
        """Return the law with the side first that the Equational Theories Project puts first.

        Two laws are the same up to names of variables and exchange of sides if and only if their
        canonical forms are equal.

        Example:
            >>> print(Law((0, 0), 0).canonical())
            x = x*x
        """
        sizes = num_operations(self.left), num_operations(self.right)
        if sizes[0] < sizes[1]:
            return self
        swapped = self.swapped()
        return self if sizes[0] == sizes[1] and order_key(self) <= order_key(swapped) else swapped

    def __str__(self) -> str:
        return f"{format_term(self.left)} = {format_term(self.right)}"


def order_key(law: Law) -> tuple[Any, ...]:
    """Return by what the Equational Theories Project orders laws.

    The number of operations, that of the left side, the shapes of the two sides, the variables.
    """
    left, right = law.left, law.right
    variables = (*_variables(left), *_variables(right))
    return (law.num_operations, num_operations(left), _shape(left), _shape(right), variables)


def format_term(term: Term, *, outermost: bool = True) -> str:
    """Return a term as it is read: ``x*(y*z)``."""
    if isinstance(term, int):
        return variable_name(term)
    text = "*".join(format_term(operand, outermost=False) for operand in term)
    return text if outermost else f"({text})"


def variable_name(number: int) -> str:
    """Return the letter of a variable, with a number behind it from the 26th on.

    Example:
        >>> variable_name(0), variable_name(3), variable_name(25)
        ('x', 'w', 'x1')
    """
    turn, place = divmod(number, len(_LETTERS))
    return f"{_LETTERS[place]}{turn}" if turn else _LETTERS[place]


@lru_cache(maxsize=_TERMS)
def num_operations(term: Term) -> int:
    """Return how often the operation occurs in a term."""
    return 0 if isinstance(term, int) else 1 + num_operations(term[0]) + num_operations(term[1])


def products(term: Term) -> Iterator[tuple[Term, Term]]:
    """Yield every product inside a term, operands before the products that use them."""
    if not isinstance(term, int):
        yield from products(term[0])
        yield from products(term[1])
        yield term


@lru_cache(maxsize=_TERMS)
def _variables(term: Term) -> tuple[int, ...]:
    """Return the variables from left to right, as often as they occur."""
    return (term,) if isinstance(term, int) else (*_variables(term[0]), *_variables(term[1]))


@lru_cache(maxsize=_TERMS)
def _shape(term: Term) -> tuple[Any, ...]:
    """Return a key that orders shapes of one size: a smaller left operand comes first."""
    if isinstance(term, int):
        return ()
    return (num_operations(term[0]), _shape(term[0]), _shape(term[1]))


def _renamed(term: Term, numbers: dict[int, int]) -> Term:
    if isinstance(term, int):
        return numbers.setdefault(term, len(numbers))
    left = _renamed(term[0], numbers)
    return (left, _renamed(term[1], numbers))


def _mirrored(term: Term) -> Term:
    return term if isinstance(term, int) else (_mirrored(term[1]), _mirrored(term[0]))
