r"""Cayley diagrams of A4, S4, A5 and their like as the polyhedra that they are, seen from a face.

Left multiplication permutes the vertices of a Cayley diagram and keeps its edges, so every
eigenspace of its Laplacian is a representation. Where the lowest but one has dimension 3, the
projections of the vertices to it lie on a sphere, and for the groups of polyhedra they are the
vertices of one. A projection of the sphere to the plane draws it without crossings.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Group

__all__ = ["crossings", "polyhedral_layout"]

_LARGEST = 120
"""The largest group of a polyhedron: the symmetries of the icosahedron with its reflections."""

_EQUAL = 1e-8
"""Eigenvalues nearer than this are one: rounding errors are of the order of 1e-14."""

# How far the sphere is opened: 0 is the projection that keeps distances from the center, in which
# faces near the rim are flat; more makes the inner faces small. The first without crossings is
# taken.
_OPENINGS = (0.0, 0.25, 0.35, 0.42, 0.46)


_CLEARER = 1.3
"""Another face than the first generator's is taken if vertices are so much farther apart."""


def polyhedral_layout(group: Group, generators: Sequence[int]) -> Float[NDArray[Any], "n 2"] | None:
    """Return places in which no two edges cross; None if the diagram is not of a polyhedron.

    Args:
        group: A group of order at most 120.
        generators: At least two elements that generate it.

    References:
        Lovász (2001), Steinitz representations of polyhedra and the Colin de Verdière number.
    """
    n = group.order
    if not 6 <= n <= _LARGEST or len(generators) < 2:
        return None
    edges = _edges(group, generators)
    best: tuple[float, Float[NDArray[Any], "n 2"]] | None = None
    # The weight of a generator of order 2 decides how long its edges are; some polyhedra need it.
    for weight in (1.0, 2.0, 0.5):
        sphere = _on_sphere(group, generators, weight)
        if sphere is None:
            continue
        flat = _flattened(group, generators, sphere, edges)
        if flat is not None and (best is None or flat[0] > best[0] * 1.02):
            best = flat
    return None if best is None else best[1]


def crossings(places: Float[NDArray[Any], "n 2"], edges: Int[NDArray[Any], "e 2"]) -> int:
    """Return how many pairs of edges cross, as straight lines; those with a common end do not.

    Example:
        >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
        >>> crossings(square, np.array([[0, 2], [1, 3]]))
        1
    """
    a, b = places[edges[:, 0]], places[edges[:, 1]]

    def side(p: Any, q: Any, r: Any) -> Any:
        """Return on which side of the line pq the points r lie, for all pairs."""
        return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            r[..., 0] - p[..., 0]
        )

    p, q, r, s = a[:, None], b[:, None], a[None], b[None]
    crossing = (side(p, q, r) * side(p, q, s) < 0) & (side(r, s, p) * side(r, s, q) < 0)
    shared: Bool[NDArray[Any], "e e"] = np.zeros(crossing.shape, bool)
    for i in range(2):
        for j in range(2):
            shared |= edges[:, None, i] == edges[None, :, j]
    return int((crossing & ~shared).sum()) // 2


def _edges(group: Group, generators: Sequence[int]) -> Int[NDArray[Any], "e 2"]:
    """Return the pairs that some generator joins, each once."""
    pairs = {
        (min(g, h), max(g, h))
        for s in generators
        for g, h in enumerate(group.table[:, s].tolist())
        if g != h
    }
    return np.array(sorted(pairs))


def _on_sphere(
    group: Group, generators: Sequence[int], weight: float
) -> Float[NDArray[Any], "n n"] | None:
    """Return the projections of the vertices to a space of dimension 3, as a Gram matrix."""
    n = group.order
    adjacency = np.zeros((n, n))
    for s in generators:
        strength = weight if group.element_orders[s] == 2 else 1.0
        adjacency[np.arange(n), group.table[:, s]] += strength
        adjacency[group.table[:, s], np.arange(n)] += strength
    values, vectors = np.linalg.eigh(adjacency)
    second = np.flatnonzero(np.abs(values - values[-2]) < _EQUAL * n)
    if len(second) != 3:
        return None
    space = vectors[:, second]
    gram: Float[NDArray[Any], "n n"] = space @ space.T * (n / 3)
    # Two vertices in one place have the product 1 of a unit vector with itself.
    return gram if (gram - 2 * np.eye(n)).max() < 0.9999 else None


def _flattened(
    group: Group,
    generators: Sequence[int],
    gram: Float[NDArray[Any], "n n"],
    edges: Int[NDArray[Any], "e 2"],
) -> tuple[float, Float[NDArray[Any], "n 2"]] | None:
    """Return the sphere seen from the middle of a face, and how near the nearest vertices are."""
    best: tuple[float, Float[NDArray[Any], "n 2"]] | None = None
    for face in _faces(group, generators):
        center = gram[face].mean(axis=0)  # products of all vertices with the middle of the face
        length = np.sqrt(max(float(center[face].mean()), 0.0))
        if length < 0.1:  # a great circle has no middle
            continue
        height = np.clip(center / length, -1, 1)
        # Axes across: the identity upwards, and the one to its right, which the products with one
        # more vertex tell. The Gram matrix alone decides, as eigenvectors are not unique.
        up = gram[group.identity] - height[group.identity] * height
        up = up / np.sqrt(max(up[group.identity], 1e-12))
        other = int(group.table[group.identity, generators[0]])
        across = gram[other] - height[other] * height - up[other] * up
        if across[other] < 1e-9:
            continue
        across = across / np.sqrt(across[other])
        angle = np.arccos(height)
        for opening in _OPENINGS:
            radius = np.tan(opening * angle) / opening if opening else angle
            scale = radius / np.maximum(np.hypot(up, across), 1e-12)
            places = np.stack([across * scale, -up * scale], axis=1)
            if not np.isfinite(places).all() or crossings(places, edges):
                continue
            gaps = np.linalg.norm(places[:, None] - places[None], axis=-1)
            np.fill_diagonal(gaps, np.inf)
            nearest = float(gaps.min() / np.ptp(places, axis=0).max())
            if best is None or nearest > best[0] * _CLEARER:
                best = (nearest, places)
    return best


def _faces(group: Group, generators: Sequence[int]) -> list[list[int]]:
    """Return the faces at the identity: cycles of generators, and of products of two."""
    found: list[list[int]] = []
    words = [[s] for s in generators] + [[s, t] for s in generators for t in generators if s != t]
    for word in words:
        face, x = [group.identity], group.identity
        while True:
            for s in word:
                x = int(group.table[x, s])
                face.append(x)
            if x == group.identity:
                break
        if len(face) > 3:  # two steps there and back are no face
            found.append(face[:-1])
    return found
