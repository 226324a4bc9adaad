r"""Symmetry operations of crystals: x goes to W x + w, with w modulo the lattice.

The rotation part W is a matrix of whole numbers, the translation part w a vector in fractions of
the edges of the cell. Two operations are one if their rotation parts are equal and their
translation parts differ by a vector of the lattice, within a tolerance.

References:
    International Tables for Crystallography, Volume A (2016), chapters 1.2 and 1.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float, Int
from cayley.tables._limits import MAX_ORDER, check_order
from cayley.tables._table import Table
from cayley.tables.families._matrix_groups import LARGEST_FINITE_ORDERS

__all__ = ["Operations", "closure", "operation_table", "operation_text"]

TOLERANCE = 1e-3
"""How far apart, in edges of the cell, two translations are still one: files write 1/3 as 0.333."""

# Translation parts of space groups in the settings of the International Tables are multiples of
# 1/24: screw axes need 1/6 and 1/4, glide planes 1/4 and centrings 1/3; 1/8 occurs with a diamond
# glide. If all of a list are that near to such fractions, they are taken to be them and errors
# do not add up; at another origin, rounding some of them would make errors of its own.
_DENOMINATOR = 24

# Two translations of one rotation that are neither equal (within the tolerance) nor this many
# tolerances apart are neither one operation nor two; errors of up to three factors add up.
_SEPARATION = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Operations:
    """Symmetry operations in the order given.

    Attributes:
        rotations: Whole numbers, shape ``(k, d, d)``.
        translations: In ``[0, 1)``, shape ``(k, d)``.
        tolerance: How far apart two translations are still one.
        on_grid: Whether the translations are multiples of 1/24.
    """

    rotations: Int[NDArray[Any], "k d d"]
    translations: Float[NDArray[Any], "k d"]
    tolerance: float = TOLERANCE
    on_grid: bool = True

    @classmethod
    def of(
        cls, rotations: ArrayLike, translations: ArrayLike, *, tolerance: float = TOLERANCE
    ) -> "Operations":
        """Check and round operations.

        Raises:
            ValueError: If shapes do not fit, a rotation part is not of whole numbers or not
                invertible in them, or the tolerance is not in (0, 1/96].
        """
        # At 1/96, a quarter of 1/24, neighboring multiples could no longer be told apart.
        if not 0 < tolerance <= 1 / (4 * _DENOMINATOR):
            raise ValueError(f"`tolerance` must be above 0 and at most 1/96; got {tolerance}.")
        turns, shifts = np.asarray(rotations, float), np.asarray(translations, float)
        if turns.ndim != 3 or not len(turns) or turns.shape[1:] != 2 * shifts.shape[1:]:
            raise ValueError(
                "rotations must have shape (k, d, d) and translations (k, d); got "
                f"{turns.shape} and {shifts.shape}."
            )
        whole = np.rint(turns)
        wrong = (abs(turns - whole) > tolerance).any(axis=(1, 2))
        wrong |= abs(abs(np.linalg.det(whole)) - 1) > 0.5
        if wrong.any():
            raise ValueError(
                f"operation {int(np.flatnonzero(wrong)[0]) + 1} has a rotation part that takes no "
                "lattice to itself: it needs whole numbers and the determinant 1 or -1."
            )
        apart = abs(shifts - np.rint(shifts * _DENOMINATOR) / _DENOMINATOR)
        on_grid = bool((apart <= tolerance).all())
        return cls(whole.astype(np.int64), _modulo_one(shifts, on_grid), tolerance, on_grid)

    def __len__(self) -> int:
        return len(self.rotations)

    def texts(self) -> list[str]:
        """Return the operations as ``x,y,z`` texts."""
        return [
            operation_text(turn, shift)
            for turn, shift in zip(self.rotations, self.translations, strict=True)
        ]

    def taken(self, chosen: Sequence[int]) -> "Operations":
        """Return some of the operations."""
        places = list(chosen)
        return replace(
            self, rotations=self.rotations[places], translations=self.translations[places]
        )


def _modulo_one(shifts: Float[NDArray[Any], "k d"], on_grid: bool) -> Float[NDArray[Any], "k d"]:
    """Return translations in [0, 1), exactly multiples of 1/24 where they are known to be."""
    if on_grid:
        grid: Float[NDArray[Any], "k d"] = np.rint(shifts * _DENOMINATOR) % _DENOMINATOR
        return grid / _DENOMINATOR
    kept = shifts % 1.0
    return np.where(1 - kept < 1e-12, 0.0, kept)


class _Found:
    """Operations found so far, each with its number."""

    def __init__(self, tolerance: float) -> None:
        self.rotations: list[Int[NDArray[Any], "d d"]] = []
        self.translations: list[Float[NDArray[Any], " d"]] = []
        # For each rotation part its numbers, and its translations in an array with room for more:
        # a list that generates a fine lattice has thousands of them.
        self._numbers: dict[bytes, list[int]] = {}
        self._shifts: dict[bytes, Float[NDArray[Any], "m d"]] = {}
        self._tolerance = tolerance

    def number(self, turn: Int[NDArray[Any], "d d"], shift: Float[NDArray[Any], " d"]) -> int:
        """Return the number of an operation, or -1.

        Raises:
            ValueError: If it is nearly, but not within the tolerance, one that was found.
        """
        numbers = self._numbers.get(turn.tobytes())
        if numbers is None:
            return -1
        known = self._shifts[turn.tobytes()][: len(numbers)]
        apart = abs((shift - known + 0.5) % 1.0 - 0.5).max(axis=1)
        nearest = int(apart.argmin())
        if apart[nearest] <= self._tolerance:
            return numbers[nearest]
        if apart[nearest] < _SEPARATION * self._tolerance:
            raise ValueError(
                f"{operation_text(turn, shift)} and {operation_text(turn, known[nearest])} are "
                f"neither one operation nor two within the tolerance {self._tolerance:g}; choose "
                "another one."
            )
        return -1

    def add(self, turn: Int[NDArray[Any], "d d"], shift: Float[NDArray[Any], " d"]) -> int:
        """Number a new operation."""
        key = turn.tobytes()
        numbers = self._numbers.setdefault(key, [])
        room = self._shifts.setdefault(key, np.zeros((4, len(shift))))
        if len(numbers) == len(room):
            self._shifts[key] = room = np.concatenate([room, np.zeros_like(room)])
        room[len(numbers)] = shift
        numbers.append(len(self.rotations))
        self.rotations.append(turn)
        self.translations.append(shift)
        return len(self.rotations) - 1

    @property
    def num_rotations(self) -> int:
        """How many rotation parts there are."""
        return len(self._numbers)


def product(
    a: tuple[NDArray[Any], NDArray[Any]], b: tuple[NDArray[Any], NDArray[Any]], on_grid: bool
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the operation that is first a, then b."""
    turn = b[0] @ a[0]
    return turn, _modulo_one((b[0] @ a[1] + b[1])[None], on_grid)[0]


def distinct(operations: Operations) -> list[int]:
    """Return the places of operations that are no repetitions of others before them."""
    found = _Found(operations.tolerance)
    places = []
    for i, (turn, shift) in enumerate(
        zip(operations.rotations, operations.translations, strict=True)
    ):
        if found.number(turn, shift) < 0:
            found.add(turn, shift)
            places.append(i)
    return places


def closure(operations: Operations, *, max_order: int = MAX_ORDER) -> Operations:
    """Return the smallest group, modulo the lattice, that contains some operations.

    The identity comes first, then what was given in its order, then the products.

    Raises:
        ValueError: If the rotations generate an infinite group, the group is too large, or the
            tolerance does not tell operations apart.

    Example:
        >>> turn = Operations.of([[[0, -1, 0], [1, 0, 0], [0, 0, 1]]], [[0, 0, 0.25]])
        >>> closure(turn).texts()
        ['x,y,z', '-y,x,z+1/4', '-x,-y,z+1/2', 'y,-x,z+3/4']
    """
    dimension = operations.rotations.shape[1]
    # The rotation parts first: where they are too many, products without end are spared.
    if operations.translations.any():
        still = np.zeros_like(operations.translations)
        closure(Operations(operations.rotations, still))
    found = _Found(operations.tolerance)
    identity = (np.eye(dimension, dtype=np.int64), np.zeros(dimension))
    found.add(*identity)
    given = [(operations.rotations[i], operations.translations[i]) for i in distinct(operations)]
    exact = _Found(operations.tolerance)
    for operation in given:
        exact.add(*operation)
    steps: list[tuple[NDArray[Any], NDArray[Any]]] = []
    for step in given:
        # What the generators before it reach is no new generator: a group has few.
        if found.number(*step) >= 0:
            continue
        steps.append(step)
        _close(found, steps, exact, operations.on_grid, max_order)
    # Numbers of the same operations differ by less than the tolerance; those of the list are kept.
    order = dict.fromkeys([0, *(found.number(*each) for each in given)])
    order |= dict.fromkeys(range(len(found.rotations)))
    return replace(
        operations,
        rotations=np.array([found.rotations[i] for i in order]),
        translations=np.array([found.translations[i] for i in order]),
    )


def _close(
    found: _Found,
    steps: list[tuple[NDArray[Any], NDArray[Any]]],
    given: _Found,
    on_grid: bool,
    max_order: int,
) -> None:
    """Add all products of generators, the last of which is new."""
    most = LARGEST_FINITE_ORDERS.get(len(steps[0][0]))
    place = 0
    while place < len(found.rotations):
        element = (found.rotations[place], found.translations[place])
        for step in steps:
            new = product(element, step, on_grid)
            if found.number(*new) < 0:
                # What was given has the error of one measurement, a product that of several.
                same = given.number(*new)
                new = new if same < 0 else (given.rotations[same], given.translations[same])
                found.add(*new)
                if most is not None and found.num_rotations > most:
                    raise ValueError(
                        "the rotation parts generate an infinite group: "
                        f"{found.num_rotations} are more than any lattice in {len(new[0])} "
                        "dimensions has. Some operation belongs to another cell."
                    )
        if len(found.rotations) > max_order:
            what = "the group that the operations generate, as far as seen,"
            check_order(len(found.rotations), max_order=max_order, what=what)
        place += 1


def operation_table(operations: Operations, *, centrings: bool = True) -> Table:
    r"""Return the table of a closed list of operations, labeled by the operations.

    :math:`a \circ b` is first a, then b.

    Args:
        operations: A group modulo the lattice of the cell, such as `closure` returns.
        centrings: Whether pure translations in the list are factored out too, as the lattice is:
            what is left has one element for each rotation part, the point group of the crystal.

    Raises:
        ValueError: If the operations are no group.

    Example:
        >>> centered = Operations.of([np.eye(3)] * 2, [[0, 0, 0], [0.5, 0.5, 0.5]])
        >>> operation_table(centered).order, operation_table(centered, centrings=False).order
        (1, 2)
    """
    texts = operations.texts()
    if centrings:
        keys = [turn.tobytes() for turn in operations.rotations]
        place = {key: i for i, key in reversed(list(enumerate(keys)))}
        chosen = sorted(place.values())
        number = {keys[i]: n for n, i in enumerate(chosen)}
        turns = operations.rotations[chosen]
        try:
            array = [[number[(b @ a).tobytes()] for b in turns] for a in turns]
        except KeyError:
            raise ValueError("the operations are no group: a product is missing.") from None
        return Table.from_array(np.array(array), labels=[texts[i] for i in chosen])
    products = product_table(operations)
    if (products < 0).any():
        raise ValueError("the operations are no group: a product is missing.")
    return Table.from_array(products, labels=texts)


def product_table(operations: Operations) -> Int[NDArray[Any], "k k"]:
    """Return the numbers of the products of distinct operations, -1 where it is none of them."""
    turns, shifts = operations.rotations, operations.translations
    distinct_turns, kind = np.unique(turns, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    number = {turn.tobytes(): i for i, turn in enumerate(distinct_turns)}
    kinds = np.array(
        [[number.get((b @ a).tobytes(), -1) for b in distinct_turns] for a in distinct_turns]
    )
    # The operations of each rotation part, filled up with -1; the last row serves those of none.
    members = [np.flatnonzero(kind == i) for i in range(len(distinct_turns))]
    listed = np.full((len(members) + 1, max(map(len, members))), -1)
    for i, places in enumerate(members):
        listed[i, : len(places)] = places
    products = np.full((len(turns), len(turns)), -1)
    for a, shift in enumerate(shifts):
        moved = _modulo_one(turns @ shift + shifts, operations.on_grid)
        candidates = listed[kinds[kind[a], kind]]
        apart = abs((moved[:, None] - shifts[candidates] + 0.5) % 1.0 - 0.5).max(axis=2)
        fits = (apart <= operations.tolerance) & (candidates >= 0)
        products[a] = np.where(fits.any(axis=1), candidates[range(len(turns)), fits.argmax(1)], -1)
    return products


def operation_text(turn: Int[NDArray[Any], "d d"], shift: Float[NDArray[Any], " d"]) -> str:
    """Return an operation as the International Tables write it, fractions exact where short.

    Example:
        >>> operation_text(np.array([[0, -1, 0], [1, -1, 0], [0, 0, 1]]), np.array([0, 0, 1 / 3]))
        '-y,x-y,z+1/3'
    """
    letters = "xyzuvw"[: len(shift)]
    parts = []
    for row, w in zip(turn.tolist(), shift.tolist(), strict=True):
        text = ""
        for k, letter in zip(row, letters, strict=True):
            if k:
                size = "" if abs(k) == 1 else str(abs(k))
                text += ("-" if k < 0 else "+" if text else "") + size + letter
        fraction = Fraction(w).limit_denominator(48)
        if abs(float(fraction) - w) > 1e-9:
            text += f"+{w:.4f}"
        elif fraction:
            text += f"+{fraction}"
        parts.append(text)
    return ",".join(parts)
