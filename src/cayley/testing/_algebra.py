"""Assertions about operation tables, written from the definitions with NumPy alone."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int

__all__ = ["assert_group", "assert_homomorphism", "assert_isotopism", "assert_latin_square"]


def assert_latin_square(table: ArrayLike) -> None:
    """Assert that every row and every column holds every symbol ``0..n-1`` exactly once.

    A table with this property is a Latin square.

    Args:
        table: Products, shape ``(n, n)``.

    Raises:
        AssertionError: Naming the first row or column that does not.

    Example:
        >>> assert_latin_square([[0, 1], [1, 0]])
    """
    products = _square(table)
    symbols = list(range(len(products)))
    for i in symbols:
        assert sorted(products[i].tolist()) == symbols, f"row {i} repeats a symbol"
        assert sorted(products[:, i].tolist()) == symbols, f"column {i} repeats a symbol"


def assert_group(table: ArrayLike) -> None:
    r"""Assert that a table is a Latin square with an identity and is associative: a group.

    Associative means :math:`(ab)c = a(bc)` for all triples. All :math:`n^3` are tried.

    Args:
        table: Products, shape ``(n, n)``.

    Raises:
        AssertionError: Naming the axiom that fails, and where.

    Example:
        >>> assert_group([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
    """
    products = _square(table)
    assert_latin_square(products)
    elements = np.arange(len(products))
    is_identity = (products == elements).all(axis=1) & (elements == products.T).all(axis=1)
    assert is_identity.any(), "no identity"
    # One a at a time takes n^2 memory; all triples at once would take n^3.
    for a in range(len(products)):
        wrong = np.argwhere(products[products[a]] != products[a][products])
        assert not len(wrong), f"(ab)c != a(bc) for (a, b, c) = {(a, *wrong[0].tolist())}"


def assert_isotopism(
    table: ArrayLike,
    group: ArrayLike,
    *,
    rows: ArrayLike,
    columns: ArrayLike,
    symbols: ArrayLike,
) -> None:
    r"""Assert that three permutations are an isotopism: :math:`f(a) * g(b) = h(a \circ b)`.

    Args:
        table: Products of :math:`\circ`, shape ``(n, n)``.
        group: Products of :math:`*`, shape ``(n, n)``.
        rows: :math:`f`, shape ``(n,)``.
        columns: :math:`g`, shape ``(n,)``.
        symbols: :math:`h`, shape ``(n,)``.

    Raises:
        AssertionError: Naming the map that is no permutation, or the first cell that differs.

    Example:
        >>> same = [0, 1]
        >>> xor = [[0, 1], [1, 0]]
        >>> assert_isotopism(xor, xor, rows=same, columns=same, symbols=same)
    """
    products, target = _square(table), _square(group)
    maps = {"rows": rows, "columns": columns, "symbols": symbols}
    f, g, h = (np.asarray(values) for values in maps.values())
    # Before the cells: a map that is no permutation could send all of them to a single cell.
    for name, values in maps.items():
        in_order = sorted(np.asarray(values).tolist())
        assert in_order == list(range(len(products))), f"`{name}` is no permutation"
    wrong = np.argwhere(target[f[:, None], g[None, :]] != h[products])
    assert not len(wrong), f"f(a) * g(b) != h(a o b) at (a, b) = {tuple(wrong[0].tolist())}"


def assert_homomorphism(source: ArrayLike, target: ArrayLike, mapping: ArrayLike) -> None:
    r"""Assert that a map is a homomorphism: :math:`\varphi(ab) = \varphi(a) \varphi(b)`.

    Args:
        source: Products, shape ``(n, n)``.
        target: Products, shape ``(m, m)``.
        mapping: :math:`\varphi`, shape ``(n,)``, integers in ``0..m-1``.

    Raises:
        AssertionError: Naming the first pair for which the sides differ.

    Example:
        >>> c4 = [[(a + b) % 4 for b in range(4)] for a in range(4)]
        >>> assert_homomorphism(c4, [[0, 1], [1, 0]], [0, 1, 0, 1])
    """
    left, right, image = _square(source), _square(target), np.asarray(mapping)
    wrong = np.argwhere(image[left] != right[image[:, None], image[None, :]])
    assert not len(wrong), f"phi(ab) != phi(a) phi(b) at (a, b) = {tuple(wrong[0].tolist())}"


def _square(table: ArrayLike) -> Int[NDArray[Any], "n n"]:
    """Return a table as an array after asserting that it is square."""
    array = np.asarray(table)
    assert array.ndim == 2, f"a table has two axes; got {array.ndim}"
    assert array.shape[0] == array.shape[1], f"a table is square; got shape {array.shape}"
    return array
