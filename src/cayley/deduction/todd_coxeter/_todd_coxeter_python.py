r"""Coset enumeration over the trivial subgroup in plain Python, for small orders.

The cosets of the trivial subgroup are the elements of the group. ``image[v][g]`` is :math:`v g` and
``preimage[w][g]`` is :math:`w g^{-1}`, -1 where not known. Deduction in the manner of Felsch: a
relation :math:`p q = r` closes at ``v`` where two of the three edges of ``v -p-> u -q-> w``,
``v -r-> w`` are known. Two values for one edge are a coincidence: the two cosets are one element.

Nothing here is compiled, so that a small table never waits for a compiler; `_kernel` is the same
algorithm for large ones.

References:
    Felsch (1961), "Programmierung der Restklassenabzaehlung einer Gruppe nach Untergruppen".
    Holt, Eick, O'Brien (2005), "Handbook of Computational Group Theory", chapter 5.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._relations import UniversalPresentation

__all__ = ["BATCH", "Progress", "PythonCosetTable"]

Progress = Literal["stable", "clash", "closed", "full", "working"]
"""Nothing left to deduce; two labels coincide; no edge is missing; a limit; more to do."""

BATCH = 8
"""How many cosets to define around one coset before the next is chosen."""

_CHUNK = 200  # definitions between two looks at the clock


class PythonCosetTable:
    """The elements found so far and what is known of their products with the generators.

    It starts with one element for each generator and deduces when ``advance`` is called.
    """

    def __init__(self, presentation: UniversalPresentation) -> None:
        size = presentation.num_generators
        self._size = size
        self._image = [[-1] * size for _ in range(size)]
        self._preimage = [[-1] * size for _ in range(size)]
        self._leader = list(range(size))
        self._degree = [0] * size
        self._pending: list[tuple[int, int]] = []
        self._coincidences: list[tuple[int, int]] = []
        distinct = presentation.distinct_labels
        self._labels = [[-1] * len(distinct) for _ in range(size)]
        for kind, generators in enumerate(distinct.tolist()):
            for label, g in enumerate(generators):
                if g >= 0:
                    self._labels[g][kind] = label
        self._first: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        self._second: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        self._product: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        for p, q, r in presentation.relations.tolist():
            self._first[p].append((q, r))
            self._second[q].append((p, r))
            self._product[r].append((p, q))
        self.num_alive, self.num_defined = size, 0
        for g in range(size):
            self._set_edge(0, g, g)
            self._set_edge(g, 0, g)

    def advance(self, *, define: bool, max_definitions: int) -> Progress:
        """Deduce; if ``define``, add elements where most relations nearly close, one chunk."""
        # Everything that follows comes before any definition: a definition that was not needed is a
        # coset that has to be merged again.
        if not self._settle():
            return "clash"
        if not define:
            return "stable"
        until = self.num_defined + _CHUNK
        while self.num_defined < until:
            v = self._fullest()
            if v < 0:
                return "closed"
            for side, g in self._best_edges(v):
                if self.num_defined >= max_definitions:
                    return "full"
                if (self._preimage if side else self._image)[v][g] >= 0:
                    continue
                w = self._new_element()
                self._set_edge(*((w, g, v) if side else (v, g, w)))
                if not self._settle():
                    return "clash"
                if self._leader[v] != v:
                    break
        return "working"

    def images(self, *, of_generators: bool = False) -> Int[NDArray[Any], "v g"]:
        """Return ``v g`` for the elements numbered anew, 0 being the identity, -1 if unknown.

        Args:
            of_generators: Leave out the elements that are no generator.
        """
        live = [v for v, leader in enumerate(self._leader) if v == leader]
        if of_generators:
            live = sorted(set(self._image[0]))
        number = np.full(len(self._leader) + 1, -1)
        number[live] = np.arange(len(live))
        products: NDArray[Any] = number[np.array([self._image[v] for v in live])]
        return products

    def has_full_column(self) -> bool:
        """Whether some generator other than the identity is known everywhere."""
        live = [row for v, row in enumerate(self._image) if self._leader[v] == v]
        return any(all(row[g] >= 0 for row in live) for g in range(1, self._size)) or (
            self.num_alive == 1
        )

    def _set_edge(self, v: int, g: int, w: int) -> None:
        if self._image[v][g] >= 0:
            if self._image[v][g] != w:
                self._coincidences.append((self._image[v][g], w))
        elif self._preimage[w][g] >= 0:
            self._coincidences.append((self._preimage[w][g], v))
        else:
            self._image[v][g] = w
            self._preimage[w][g] = v
            self._degree[v] += 1
            self._degree[w] += 1
            self._pending.append((v, g))

    def _settle(self) -> bool:
        """Deduce until nothing is pending; return whether labels stayed distinct."""
        while self._coincidences or self._pending:
            # Coincidences first: an edge of a coset that is about to disappear is wasted work.
            if self._coincidences:
                if not self._merge(*self._coincidences.pop()):
                    return False
                continue
            v, g = self._pending.pop()
            if self._image[v][g] >= 0:
                self._deduce(v, g, self._image[v][g])
        return True

    def _deduce(self, v: int, g: int, w: int) -> None:
        """Close the relations that the edge ``v g = w`` is part of."""
        image, preimage, set_edge = self._image, self._preimage, self._set_edge
        for q, r in self._first[g]:
            a, b = image[w][q], image[v][r]
            if a != b:
                set_edge(*((v, r, a) if a >= 0 else (w, q, b)))
        for p, r in self._second[g]:
            a, b = preimage[v][p], preimage[w][r]
            if a != b:
                set_edge(*((a, r, w) if a >= 0 else (b, p, v)))
        for p, q in self._product[g]:
            a, b = image[v][p], preimage[w][q]
            if a != b:
                set_edge(*((a, q, w) if a >= 0 else (v, p, b)))

    def _merge(self, u: int, v: int) -> bool:
        """Make one element of two; return whether labels of each kind stay distinct."""
        # The smaller number stays, so that coset 0 remains the identity.
        u, v = sorted((self._find(u), self._find(v)))
        if u == v:
            return True
        self._leader[v] = u
        self.num_alive -= 1
        for kind, label in enumerate(self._labels[v]):
            if label >= 0:
                if self._labels[u][kind] not in (-1, label):
                    return False
                self._labels[u][kind] = label
        for g in range(self._size):
            w = self._image[v][g]
            if w >= 0:
                self._image[v][g] = self._preimage[w][g] = -1
                self._degree[w] -= 1
                self._set_edge(u, g, u if w == v else self._find(w))
            w = self._preimage[v][g]
            if w >= 0:
                self._preimage[v][g] = self._image[w][g] = -1
                self._degree[w] -= 1
                self._set_edge(self._find(w), g, u)
        return True

    def _find(self, v: int) -> int:
        while self._leader[v] != v:
            v = self._leader[v]
        return v

    def _new_element(self) -> int:
        w = len(self._leader)
        self._leader.append(w)
        self._degree.append(0)
        self._image.append([-1] * self._size)
        self._preimage.append([-1] * self._size)
        self._labels.append([-1] * len(self._labels[0]))
        self.num_alive += 1
        self.num_defined += 1
        self._set_edge(w, 0, w)
        return w

    def _fullest(self) -> int:
        """Return the live element with most edges that lacks some, or -1."""
        best, place, full = -1, -1, 2 * self._size
        for v, degree in enumerate(self._degree):
            if best < degree < full and self._leader[v] == v:
                best, place = degree, v
        return place

    def _best_edges(self, v: int) -> list[tuple[int, int]]:
        """Return the missing edges ``(side, g)`` at ``v`` that would close most relations."""
        out, into = self._image[v], self._preimage[v]
        gains = []
        for g in range(self._size):
            if out[g] < 0:
                gain = sum(out[r] >= 0 for _, r in self._first[g])
                gain += sum(into[p] >= 0 for p, _ in self._second[g])
                gain += sum(out[p] >= 0 for p, _ in self._product[g])
                gains.append((-gain, g, 0))
            if into[g] < 0:
                gain = sum(out[q] >= 0 for q, _ in self._first[g])
                gain += sum(into[r] >= 0 for _, r in self._second[g])
                gain += sum(into[q] >= 0 for _, q in self._product[g])
                gains.append((-gain, g, 1))
        gains.sort()
        return [(side, g) for _, g, side in gains[:BATCH]]
