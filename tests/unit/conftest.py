"""Samplers of tables that the tests of exact algebra share."""

import json
from collections.abc import Callable
from importlib import resources

import numpy as np
import pytest
from numpy.typing import NDArray

from cayley.algebra import Group

IntArray = NDArray[np.int64]


class Tables:
    """Named tables and ways to disguise them, each a plain array."""

    @staticmethod
    def cyclic(n: int) -> IntArray:
        return np.add.outer(np.arange(n), np.arange(n)) % n

    @staticmethod
    def dihedral(m: int, *, dicyclic: bool = False) -> IntArray:
        """Elements x^a t^s as a + m s, with t x = x^-1 t and t^2 = 1 or x^(m/2)."""
        a, s = np.divmod(np.arange(2 * m), m)[::-1]
        square = m // 2 * np.multiply.outer(s, s) if dicyclic else 0
        turn = a[:, None] + np.where(s[:, None] == 1, -a, a) + square
        return turn % m + m * (s[:, None] ^ s)

    @staticmethod
    def symmetric(k: int) -> IntArray:
        generators = [[*range(1, k), 0], [1, 0, *range(2, k)]]
        return Group.from_permutations(generators).table

    @staticmethod
    def alternating(k: int) -> IntArray:
        three_cycles = []
        for i in range(2, k):
            images = list(range(k))
            images[0], images[1], images[i] = 1, i, 0
            three_cycles.append(images)
        return Group.from_permutations(three_cycles).table

    @staticmethod
    def projective(p: int) -> IntArray:
        """PSL(2, p) on the projective line: x -> x + 1 and x -> -1/x."""
        shift = [*((x + 1) % p for x in range(p)), p]
        invert = [p, *(-pow(x, -1, p) % p for x in range(1, p)), 0]
        return Group.from_permutations([shift, invert]).table

    @staticmethod
    def product(*tables: IntArray) -> IntArray:
        first, *others = tables
        for second in others:
            m = len(second)
            i, j = np.divmod(np.arange(len(first) * m), m)
            first = first[np.ix_(i, i)] * m + second[np.ix_(j, j)]
        return first

    @staticmethod
    def moufang(group: IntArray, identity: int = 0) -> IntArray:
        """Chein's loop M(G, 2): G and Gu with g(hu)=(hg)u, (gu)h=(gh^-1)u, (gu)(hu)=h^-1 g."""
        n = len(group)
        inverse = (group == identity).argmax(axis=1)
        loop = np.empty((2 * n, 2 * n), np.int64)
        loop[:n, :n] = group
        loop[:n, n:] = group.T + n
        loop[n:, :n] = group[:, inverse] + n
        loop[n:, n:] = group[inverse].T
        return loop

    @staticmethod
    def steiner(n: int, *, loop: bool) -> IntArray:
        """Bose's triple system on n = 6t + 3 points, as a quasigroup or, one larger, a loop."""
        third = n // 3
        half = (third + 1) // 2
        table = np.empty((n, n), np.int64)
        for a in range(n):
            table[a, a] = a
        triples = [(x, x + third, x + 2 * third) for x in range(third)]
        for level in range(3):
            for x in range(third):
                for y in range(x):
                    z = (x + y) * half % third + (level + 1) % 3 * third
                    triples.append((x + level * third, y + level * third, z))
        for x, y, z in triples:
            table[x, y] = table[y, x] = z
            table[x, z] = table[z, x] = y
            table[y, z] = table[z, y] = x
        if not loop:
            return table
        whole = np.add.outer(np.arange(n + 1), np.arange(n + 1))
        whole[1:, 1:] = table + 1
        np.fill_diagonal(whole, 0)
        return whole

    @staticmethod
    def relabeled(table: IntArray, rng: np.random.Generator) -> IntArray:
        p = rng.permutation(len(table))
        return p[table[np.ix_(np.argsort(p), np.argsort(p))]]

    @staticmethod
    def isotope(table: IntArray, rng: np.random.Generator) -> IntArray:
        f, g, h = (rng.permutation(len(table)) for _ in range(3))
        return h[table[np.ix_(f, g)]]

    @staticmethod
    def random_latin(n: int, rng: np.random.Generator, *, moves: int = 0) -> IntArray:
        """A Latin square by the random walk of Jacobson and Matthews (1996)."""
        cube = np.zeros((n, n, n), np.int64)
        a, b = np.indices((n, n))
        cube[a, b, (a + b) % n] = 1
        improper: tuple[int, int, int] | None = None
        done = 0
        while done < (moves or 4 * n**3) or improper is not None:
            done += 1
            if improper is None:
                x, y, z = rng.integers(n, size=3).tolist()
                if cube[x, y, z]:
                    continue
            else:
                x, y, z = improper
            x2 = int(rng.choice(np.flatnonzero(cube[:, y, z] == 1)))
            y2 = int(rng.choice(np.flatnonzero(cube[x, :, z] == 1)))
            z2 = int(rng.choice(np.flatnonzero(cube[x, y, :] == 1)))
            for i, first in ((x, 1), (x2, -1)):
                for j, second in ((y, 1), (y2, -1)):
                    for k, third in ((z, 1), (z2, -1)):
                        cube[i, j, k] += first * second * third
            improper = (x2, y2, z2) if cube[x2, y2, z2] < 0 else None
        return cube.argmax(axis=2)

    @staticmethod
    def switched(table: IntArray) -> IntArray:
        """The same Latin square with its first intercalate turned over."""
        n = len(table)
        for a in range(n):
            for b in range(n):
                for c in range(a + 1, n):
                    d = int((table[a] == table[c, b]).argmax())
                    if d != b and table[c, d] == table[a, b]:
                        new = table.copy()
                        new[a, b], new[a, d] = table[a, d], table[a, b]
                        new[c, b], new[c, d] = table[c, d], table[c, b]
                        return new
        raise AssertionError("no intercalate")


@pytest.fixture(scope="session")
def tables() -> type[Tables]:
    return Tables


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def small_groups() -> list[dict]:
    """Order, id, name and generators of all 1048 groups of order at most 100, as GAP lists them."""
    data = resources.files("cayley.tables") / "data" / "smallgroups.jsonl"
    return [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def group_of() -> Callable[[int, int], Group]:
    """Return the group with a GAP id."""
    data = resources.files("cayley.tables") / "data" / "smallgroups.jsonl"
    lines = map(json.loads, data.read_text(encoding="utf-8").splitlines())
    by_id = {(line["order"], line["id"]): line["generators"] for line in lines}
    return lambda order, number: Group.from_permutations(by_id[order, number])
