"""What a picture of a rack shows: which elements act how, the orbits, and an order around a circle.

In a left rack ``y -> x*y`` is a permutation for each x, in a right rack ``y -> y*x``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import generated_submagma
from cayley.algebra.axioms._latin_square import is_left_cancellative
from cayley.algebra.axioms._laws import is_idempotent
from cayley.algebra.axioms._translation_laws import is_left_distributive

__all__ = ["RackAction", "circular_order", "rack_action"]

_MOST_ARROWS = 48
"""If all elements together have more arrows, only some that generate the rack are shown acting."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RackAction:
    """The action of a rack on itself.

    Attributes:
        side: ``left`` or ``right``.
        is_quandle: Whether ``x*x = x``.
        is_involutory: Whether every element acts twice as the identity.
        moves: What each element does: ``moves[x, y]`` is where x takes y, shape ``(n, n)``.
        orbits: The orbits of the group that all of them generate, ascending.
        acting: The elements whose arrows are drawn; of those that do the same only the first.
        same: For each of them all that do the same, itself first.
        all_act: Whether all that move anything are among them.
    """

    side: str
    is_quandle: bool
    is_involutory: bool
    moves: Int[NDArray[Any], "n n"]
    orbits: tuple[tuple[int, ...], ...]
    acting: tuple[int, ...]
    same: tuple[tuple[int, ...], ...]
    all_act: bool


def rack_action(products: Int[NDArray[Any], "n n"]) -> RackAction:
    """Return the action of a left or right rack on itself.

    Args:
        products: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Raises:
        ValueError: If the operation is neither.

    Example:
        >>> found = rack_action(np.array([[0, 2, 1], [2, 1, 0], [1, 0, 2]]))
        >>> found.side, found.is_involutory, found.orbits, found.acting
        ('left', True, ((0, 1, 2),), (0, 1, 2))
    """
    sides = (("left", products), ("right", products.T))
    racks = [
        each for each in sides if is_left_cancellative(each[1]) and is_left_distributive(each[1])
    ]
    if not racks:
        raise ValueError(
            "there is no quandle graph: the operation is no rack, since neither x*(y*z) = "
            "(x*y)*(x*z) with different symbols in every row nor (x*y)*z = (x*z)*(y*z) with "
            "different symbols in every column holds."
        )
    side, moves = racks[0]
    n = len(moves)
    each = np.arange(n)
    acts: dict[bytes, list[int]] = {}
    for x in range(n):
        acts.setdefault(moves[x].tobytes(), []).append(x)
    moving = [xs for xs in acts.values() if (moves[xs[0]] != each).any()]
    arrows = sum(int((moves[xs[0]] != each).sum()) for xs in moving)
    involutory = bool((moves[each[:, None], moves] == each).all())
    if involutory:
        arrows //= 2  # a line in place of two arrows
    chosen = moving
    if arrows > _MOST_ARROWS:
        generators = set(_generators(products))
        chosen = [xs for xs in moving if generators & set(xs)]
    return RackAction(
        side=side,
        is_quandle=bool(is_idempotent(products)),
        is_involutory=involutory,
        moves=moves,
        orbits=_orbits(moves),
        acting=tuple(xs[0] for xs in chosen),
        same=tuple(tuple(xs) for xs in chosen),
        all_act=len(chosen) == len(moving),
    )


def _generators(products: Int[NDArray[Any], "n n"]) -> list[int]:
    """Return elements that generate the operation, none of them redundant."""
    chosen: list[int] = []
    known = np.zeros(len(products), bool)
    while not known.all():
        chosen.append(int((~known).argmax()))
        known[np.asarray(generated_submagma(products, chosen))] = True
    for x in chosen[:]:
        others = [y for y in chosen if y != x]
        if others and len(np.asarray(generated_submagma(products, others))) == len(products):
            chosen = others
    return chosen


def _orbits(moves: Int[NDArray[Any], "n n"]) -> tuple[tuple[int, ...], ...]:
    """Return the orbits of the group that the rows generate."""
    lowest = np.arange(moves.shape[1])
    while True:
        before = lowest
        # The least label among the images; the rows are permutations, so that is an equivalence.
        lowest = np.minimum(lowest, lowest[moves].min(axis=0))
        if np.array_equal(lowest, before):
            break
    return tuple(tuple(np.flatnonzero(lowest == x).tolist()) for x in np.unique(lowest).tolist())


def circular_order(action: RackAction, orbit: tuple[int, ...]) -> tuple[int, ...]:
    """Return an order of an orbit around a circle in which arrows are short.

    Tried are the order given and the cycles of the elements that act, and of pairs of them.

    Example:
        >>> by_two = np.tile((np.arange(5) + 2) % 5, (5, 1))
        >>> circular_order(rack_action(by_two), (0, 1, 2, 3, 4))
        (0, 2, 4, 1, 3)
    """
    members = set(orbit)
    acting = action.acting[:_MOST_TRIED]
    rows = [action.moves[x] for x in acting]
    permutations = rows + [one[other] for one in rows for other in rows]
    candidates = [orbit] + [_along(permutation, orbit) for permutation in permutations]
    pairs = [
        (y, z) for x in action.acting for y, z in enumerate(action.moves[x].tolist())
        if y != z and y in members
    ]  # fmt: skip
    n = len(orbit)

    def length(order: tuple[int, ...]) -> int:
        place = {x: i for i, x in enumerate(order)}
        steps = [abs(place[y] - place[z]) for y, z in pairs]
        return sum(min(step, n - step) for step in steps)

    return min(candidates, key=length)  # the first of equal ones


_MOST_TRIED = 8
"""Of more elements that act only these are multiplied in pairs: 64 orders are enough."""


def _along(permutation: Int[NDArray[Any], " n"], orbit: tuple[int, ...]) -> tuple[int, ...]:
    """Return the elements of an orbit cycle by cycle."""
    order: list[int] = []
    for start in orbit:
        x = start
        while x not in order:
            order.append(x)
            x = int(permutation[x])
    return tuple(order)
