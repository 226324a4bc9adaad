"""Every property against loops over its definition, and every counterexample checked."""

from itertools import product

import numpy as np
import pytest

from cayley import algebra


def magmas():
    """All 16 magmas of order 2, and random, loose and structured ones of order 1 to 5."""
    rng = np.random.default_rng(1)
    yield np.zeros((1, 1), int)
    for cells in product(range(2), repeat=4):
        yield np.array(cells).reshape(2, 2)
    for _ in range(300):
        yield rng.integers(3, size=(3, 3))
    for n in (4, 5):
        a, b = np.indices((n, n))
        structured = [(a + b) % n, (a - b) % n, (2 * a - b) % n, np.maximum(a, b), a, b, 0 * a]
        structured += [np.bitwise_and(a, b), (a * b) % n, (a * a + b) % n, (a + b * b) % n]
        for table in structured:
            yield table
            for _ in range(4):
                broken = table.copy()
                broken[tuple(rng.integers(n, size=2))] = rng.integers(n)
                yield broken
        for _ in range(20):
            yield rng.integers(n, size=(n, n))


MAGMAS = list(magmas())

# name: (free variables, equation that must hold for all of them)
IDENTITIES = {
    "is_associative": (3, lambda t, a, b, c: t[t[a][b]][c] == t[a][t[b][c]]),
    "is_commutative": (2, lambda t, a, b: t[a][b] == t[b][a]),
    "is_idempotent": (1, lambda t, a: t[a][a] == a),
    "is_unipotent": (2, lambda t, a, b: t[a][a] == t[b][b]),
    "is_left_cancellative": (3, lambda t, a, b, c: b == c or t[a][b] != t[a][c]),
    "is_right_cancellative": (3, lambda t, a, b, c: b == c or t[b][a] != t[c][a]),
    "is_left_alternative": (2, lambda t, a, b: t[t[a][a]][b] == t[a][t[a][b]]),
    "is_right_alternative": (2, lambda t, a, b: t[t[a][b]][b] == t[a][t[b][b]]),
    "is_flexible": (2, lambda t, a, b: t[t[a][b]][a] == t[a][t[b][a]]),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_identity_agrees_with_loops(name):
    arity, equation = IDENTITIES[name]
    verdicts = set()
    for magma in MAGMAS:
        table = magma.tolist()
        answer = getattr(algebra, name)(magma)
        expected = all(equation(table, *x) for x in product(range(len(table)), repeat=arity))
        assert bool(answer) == expected
        verdicts.add(expected)
        if expected:
            assert answer.counterexample is None
        else:
            assert len(answer.counterexample) == arity
            assert not equation(table, *answer.counterexample)
    assert verdicts == {True, False}


# name: the condition on a candidate e and an element x that must hold for all x
EXISTENCE = {
    "has_left_identity": lambda t, e, x: t[e][x] == x,
    "has_right_identity": lambda t, e, x: t[x][e] == x,
    "has_identity": lambda t, e, x: t[e][x] == x == t[x][e],
    "has_absorbing_element": lambda t, e, x: t[e][x] == e == t[x][e],
}


@pytest.mark.parametrize("name", EXISTENCE)
def test_existence_agrees_with_loops(name):
    condition = EXISTENCE[name]
    verdicts = set()
    for magma in MAGMAS:
        table, elements = magma.tolist(), range(len(magma))
        answer = getattr(algebra, name)(magma)
        found = [e for e in elements if all(condition(table, e, x) for x in elements)]
        verdicts.add(bool(found))
        assert bool(answer) == bool(found)
        assert answer.witness == (found[0] if found else None)
        if not found:
            pairs = enumerate(answer.counterexample)
            assert [e for e, x in pairs if not condition(table, e, x)] == list(elements)
    assert verdicts == {True, False}


def test_latin_square_agrees_with_loops():
    for magma in MAGMAS:
        table, n = magma.tolist(), len(magma)
        lines = table + [list(column) for column in zip(*table, strict=True)]
        answer = algebra.is_latin_square(magma)
        assert bool(answer) == all(len(set(line)) == n for line in lines)
        if not answer:
            a, b, c, d = answer.counterexample
            assert table[a][b] == table[c][d]
            assert (a == c) != (b == d)


def test_inverses_agree_with_loops():
    for magma in MAGMAS:
        table, elements = magma.tolist(), range(len(magma))
        e = algebra.has_identity(magma).witness
        answer = algebra.has_inverses(magma)
        if e is None:
            assert not answer
            assert answer.counterexample is None
            continue
        without = [
            a for a in elements if not any(table[a][b] == e == table[b][a] for b in elements)
        ]
        assert bool(answer) == (not without)
        assert answer.counterexample == ((without[0],) if without else None)


@pytest.mark.parametrize("name", [*IDENTITIES, *EXISTENCE, "is_latin_square", "has_inverses"])
@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ([[0, 1]], ValueError, "square"),
        ([[0, -1], [1, 0]], ValueError, "full"),
        ([[0, 2], [1, 0]], ValueError, "full"),
        ([[0.5]], (TypeError, ValueError), "0.5|integer|label"),
    ],
    ids=["ragged", "unknown cell", "out of range", "fractions"],
)
def test_bad_tables_are_refused(name, table, error, message):
    with pytest.raises(error, match=message):
        getattr(algebra, name)(table)
