r"""Objects with their symmetries: polygons, prisms, the tetrahedron and the cube, as numbers.

A symmetry is an orthogonal matrix that maps the corners to the corners. First a, then b is the
product ab, so the matrix of ab is that of b times that of a. Plane objects are given in space, too:
their corners have the third coordinate 0, and a mirror line is a mirror plane across.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from math import acos, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Group

__all__ = ["Motion", "SymmetricObject", "motion_of", "symmetric_objects"]

# Corners are of length about 1 and matrices of a few products: rounding errors are below 1e-14, and
# different corners are 0.5 apart at least.
_SAME = 1e-6

_LARGEST_POLYGON = 8

_MOST_TURNS = 12
"""No symmetry of these objects has a larger order."""

_HALF = Fraction(1, 2)

_PRISMS = (2, 4, 6)
"""Prisms over an odd polygon have the group of a larger polygon, which is drawn in its place."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SymmetricObject:
    """An object and its group of symmetries.

    Attributes:
        name: What it is called, such as ``square``.
        symmetries: What its symmetries are called, such as ``rotations and reflections``.
        symbol: The Schoenflies symbol of the group.
        corners: Shape ``(m, 3)``.
        edges: Pairs of corners.
        matrices: The symmetries, the identity first, shape ``(n, 3, 3)``.
        images: The corner to which each symmetry moves each corner, shape ``(n, m)``.
        group: Their group.
        is_plane: Whether it lies in the plane.
        has_direction: Whether its sides have a direction, without which it would have mirrors.
    """

    name: str
    symmetries: str
    symbol: str
    corners: Float[NDArray[Any], "m 3"]
    edges: tuple[tuple[int, int], ...]
    matrices: Float[NDArray[Any], "n 3 3"]
    images: Int[NDArray[Any], "n m"]
    group: Group
    is_plane: bool
    has_direction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """What an orthogonal matrix does.

    Attributes:
        kind: ``identity``, ``turn``, ``mirror``, ``inversion``, or ``turn and mirror``: a turn
            followed by the reflection in the plane across its axis.
        axis: The direction of the axis, or the normal of the mirror; the turn is counterclockwise
            seen from its tip. Zero where there is none.
        angle: The turn as a part of a full turn, from 0 to 1/2; in the plane, where the axis points
            to the reader, from 0 to 1.
    """

    kind: str
    axis: Float[NDArray[Any], "3"]
    angle: Fraction


def symmetric_objects(order: int) -> Iterator[SymmetricObject]:
    """Yield the objects whose groups have an order, those of the plane first.

    Example:
        >>> [(each.name, each.symbol) for each in symmetric_objects(8)]
        [('square', 'D4'), ('octagon with directed sides', 'C8'), ('box', 'D2h')]
    """
    for n in range(1, _LARGEST_POLYGON + 1):
        if order == n:
            yield _turning_polygon(n)
        if order == 2 * n and n > 1:
            yield _polygon(n)
    for n in _PRISMS:
        if order == 4 * n:
            yield _prism(n)
    solids: dict[int, tuple[Callable[[bool], SymmetricObject], bool]] = {
        12: (_tetrahedron, False), 24: (_tetrahedron, True), 48: (_cube, True),
    }  # fmt: skip
    if order in solids:
        build, mirrors = solids[order]
        yield build(mirrors)
    if order == 24:
        yield _cube(False)


def motion_of(matrix: Float[NDArray[Any], "3 3"], *, is_plane: bool) -> Motion:
    """Return what an orthogonal matrix does.

    Example:
        >>> half = motion_of(np.diag([-1.0, -1.0, 1.0]), is_plane=True)
        >>> half.kind, half.axis.tolist(), half.angle
        ('turn', [0.0, 0.0, 1.0], Fraction(1, 2))
    """
    zero = np.zeros(3)
    sign = round(float(np.linalg.det(matrix)))
    proper = sign * matrix  # a turn; -1 times a turn and mirror is a turn by 180 degrees more
    cosine = (float(np.trace(proper)) - 1) / 2
    part = acos(min(1.0, max(-1.0, cosine))) / (2 * pi)
    angle = Fraction(part).limit_denominator(_MOST_TURNS)
    if angle == 0:
        return Motion(kind="identity" if sign > 0 else "inversion", axis=zero, angle=angle)
    axis = _axis(proper, angle)
    if sign < 0 and angle == _HALF:
        return Motion(kind="mirror", axis=axis, angle=Fraction(0))
    if is_plane:
        # Seen from above: counterclockwise about the axis that points to the reader.
        turned = angle if axis[2] > 0 else 1 - angle
        return Motion(kind="turn", axis=np.array([0.0, 0.0, 1.0]), angle=turned)
    if sign < 0:
        return Motion(kind="turn and mirror", axis=-axis, angle=_HALF - angle)
    return Motion(kind="turn", axis=axis, angle=angle)


def _axis(turn: Float[NDArray[Any], "3 3"], angle: Fraction) -> Float[NDArray[Any], "3"]:
    """Return the axis of a turn, about which it is counterclockwise."""
    if angle == _HALF:
        # The matrix is 2 u u' - 1: any column of u u' that is not zero is the axis.
        square = (turn + np.eye(3)) / 2
        axis = square[:, int(square.diagonal().argmax())]
        axis = axis / np.linalg.norm(axis)
        # Either direction would do: the one that points up, or right, or to the reader.
        lead = next(c for c in axis[[1, 0, 2]].tolist() if abs(c) > _SAME)
        axis = axis if lead > 0 else -axis
    else:
        axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        axis = axis / np.linalg.norm(axis)
    rounded: Float[NDArray[Any], "3"] = np.round(axis, 9) + 0.0
    return rounded


def _object(
    name: str,
    symmetries: str,
    symbol: str,
    corners: Float[NDArray[Any], "m 3"],
    *,
    edges: list[tuple[int, int]],
    matrices: list[Float[NDArray[Any], "3 3"]],
    is_plane: bool = False,
    has_direction: bool = False,
) -> SymmetricObject:
    """Put an object together: where corners go, and the table of the group."""
    stack = np.array(matrices)
    moved = np.einsum("gij,mj->gmi", stack, corners)
    distance = np.linalg.norm(moved[:, :, None] - corners, axis=-1)
    images = distance.argmin(axis=2)
    assert distance.min(axis=2).max() < _SAME, "a symmetry maps corners to corners"
    # [a, b]: first a, then b. Compared as matrices, since corners of a plane do not tell a turn
    # about an axis in it from a mirror.
    products = np.einsum("bij,ajk->abik", stack, stack)
    table = np.abs(products[:, :, None] - stack).max(axis=(3, 4)).argmin(axis=2)
    return SymmetricObject(
        name=name,
        symmetries=symmetries,
        symbol=symbol,
        corners=corners,
        edges=tuple(edges),
        matrices=stack,
        images=images,
        group=Group(table=table, identity=0),
        is_plane=is_plane,
        has_direction=has_direction,
    )


def _turn(angle: float) -> Float[NDArray[Any], "3 3"]:
    """Return the turn about the third axis, in radians."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


_POLYGONS = {
    1: "triangle without symmetry", 2: "parallelogram", 3: "triangle", 4: "square", 5: "pentagon",
    6: "hexagon", 7: "heptagon", 8: "octagon",
}  # fmt: skip


def _regular(n: int) -> Float[NDArray[Any], "m 3"]:
    """Return the corners of a regular polygon, the first one above, counterclockwise."""
    # An even polygon stands on a side.
    start = np.pi / 2 if n % 2 else np.pi / 2 - np.pi / n
    angles = start + 2 * np.pi * np.arange(n) / n
    return np.stack([np.cos(angles), np.sin(angles), np.zeros(n)], axis=1)


def _around(n: int) -> list[tuple[int, int]]:
    return [(i, (i + 1) % n) for i in range(n)]


def _turning_polygon(n: int) -> SymmetricObject:
    """Return a polygon with turns only."""
    turns = [_turn(2 * np.pi * k / n) for k in range(n)]
    if n == 1:
        corners = np.array([[-0.8, -0.6, 0.0], [0.9, -0.6, 0.0], [-0.35, 0.8, 0.0]])
        return _object(
            _POLYGONS[1],
            "only symmetry",
            "C1",
            corners,
            edges=_around(3),
            matrices=turns,
            is_plane=True,
        )
    if n == 2:
        half = [[-0.45, 0.55], [-0.95, -0.55], [0.45, -0.55], [0.95, 0.55]]
        corners = np.array([[*each, 0.0] for each in half])
        return _object(
            _POLYGONS[2], "turns", "C2", corners, edges=_around(4), matrices=turns, is_plane=True
        )
    return _object(
        f"{_POLYGONS[n]} with directed sides",
        "turns",
        f"C{n}",
        _regular(n),
        edges=_around(n),
        matrices=turns,
        is_plane=True,
        has_direction=True,
    )


def _mirrored(turns: list[Float[NDArray[Any], "3 3"]]) -> list[Float[NDArray[Any], "3 3"]]:
    """Return turns and the mirrors that follow from the one in the vertical line."""
    return turns + [turn @ np.diag([-1.0, 1.0, 1.0]) for turn in turns]


def _polygon(n: int) -> SymmetricObject:
    """Return a polygon with turns and mirrors; for two the rectangle."""
    both = _mirrored([_turn(2 * np.pi * k / n) for k in range(n)])
    if n == 2:
        flat = [[0.95, 0.6], [-0.95, 0.6], [-0.95, -0.6], [0.95, -0.6]]
        corners = np.array([[*each, 0.0] for each in flat])
        return _object(
            "rectangle",
            "turns and mirrors",
            "D2",
            corners,
            edges=_around(4),
            matrices=both,
            is_plane=True,
        )
    return _object(
        _POLYGONS[n],
        "turns and mirrors",
        f"D{n}",
        _regular(n),
        edges=_around(n),
        matrices=both,
        is_plane=True,
    )


def _upright(matrices: list[Float[NDArray[Any], "3 3"]]) -> list[Float[NDArray[Any], "3 3"]]:
    """Let the third axis point up: the second coordinate of a picture."""
    stand = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
    return [stand @ matrix @ stand.T for matrix in matrices]


def _prism(n: int) -> SymmetricObject:
    """Return a prism with all its symmetries; for two the box."""
    base = _polygon(n)
    flat = np.array([[x, 0.0, -y] for x, y, _ in base.corners.tolist()])
    # A cube would have more symmetries than the square prism has: it is higher than wide.
    half = np.array([0.0, {2: 0.55, 4: 0.75, 6: 0.95}[n], 0.0])
    corners = np.concatenate([flat + half, flat - half]) * (0.9 if n == 2 else 0.85)
    m = len(flat)
    edges = [*_around(m), *((m + i, m + j) for i, j in _around(m)), *((i, m + i) for i in range(m))]
    sides = _upright(list(base.matrices))
    flip = np.diag([1.0, -1.0, 1.0])
    both = sides + [flip @ matrix for matrix in sides]
    names = {2: "box", 4: "square prism", 6: "hexagonal prism"}
    return _object(names[n], "turns and reflections", f"D{n}h", corners, edges=edges, matrices=both)


def _tetrahedron(mirrors: bool) -> SymmetricObject:
    """Return the tetrahedron, one corner above; its symmetries permute the corners in all ways."""
    angles = np.deg2rad([130.0, 250.0, 10.0])  # no corner behind another one
    height, radius = -1 / 3, np.sqrt(8) / 3
    base = np.stack([radius * np.cos(angles), np.full(3, height), -radius * np.sin(angles)], axis=1)
    corners = np.concatenate([[[0.0, 1.0, 0.0]], base])
    # A linear map is given by the images of three corners, the inverse is taken once.
    back = np.linalg.inv(corners[:3].T)
    matrices = [corners[list(p)[:3]].T @ back for p in permutations(range(4))]
    if not mirrors:
        matrices = [matrix for matrix in matrices if np.linalg.det(matrix) > 0]
    edges = list(combinations(range(4), 2))
    if mirrors:
        return _object(
            "tetrahedron", "turns and reflections", "Td", corners, edges=edges, matrices=matrices
        )
    return _object("tetrahedron", "turns", "T", corners, edges=edges, matrices=matrices)


def _cube(mirrors: bool) -> SymmetricObject:
    """Return the cube; its symmetries permute the axes and change signs."""
    top = [[-1, 1, 1], [1, 1, 1], [1, 1, -1], [-1, 1, -1]]
    bottom = [[x, -1, z] for x, _, z in top]
    corners = np.array(top + bottom, float) / np.sqrt(3)
    edges = [(i, j) for i, j in combinations(range(8), 2) if _differ(corners[i], corners[j]) == 1]
    matrices = []
    for signs in np.ndindex(2, 2, 2):
        for p in permutations(range(3)):
            matrix = np.zeros((3, 3))
            matrix[np.arange(3), list(p)] = 1 - 2 * np.array(signs)
            matrices.append(matrix)
    if mirrors:
        return _object(
            "cube", "turns and reflections", "Oh", corners, edges=edges, matrices=matrices
        )
    proper = [matrix for matrix in matrices if np.linalg.det(matrix) > 0]
    return _object("cube", "turns", "O", corners, edges=edges, matrices=proper)


def _differ(a: Float[NDArray[Any], "3"], b: Float[NDArray[Any], "3"]) -> int:
    return int((np.abs(a - b) > _SAME).sum())
