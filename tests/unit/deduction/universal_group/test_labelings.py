import itertools

import numpy as np
import pytest

from cayley.deduction.universal_group._labelings import labeled_tables, table_of


def all_tables(group, elements):
    """Every way to give the free labels the free elements, by brute force."""
    n = len(group)
    ways = []
    for row in elements:
        free = np.flatnonzero(row < 0)
        left = [e for e in range(n) if e not in row]
        for order in itertools.permutations(left):
            full = row.copy()
            full[free] = order
            ways.append((len(ways), full))
    per_kind, start = [], 0
    for row in elements:
        count = len(list(itertools.permutations(range(int((row < 0).sum())))))
        per_kind.append([full for _, full in ways[start : start + count]])
        start += count
    return {table_of(group, np.array(choice)).tobytes() for choice in itertools.product(*per_kind)}


@pytest.mark.parametrize("kinds", [1, 3])
def test_one_table_or_two_as_brute_force_says(kinds, tables, rng):
    groups = [tables.cyclic(3), tables.cyclic(4), tables.product(*[tables.cyclic(2)] * 2)]
    groups += [tables.cyclic(5), tables.symmetric(3)]
    for group in groups:
        for _ in range(12):
            elements = np.array([rng.permutation(len(group)) for _ in range(kinds)])
            for row in elements:
                row[rng.choice(len(group), rng.integers(0, 3 if kinds == 3 else 4))] = -1
            possible = all_tables(group, elements)
            found = labeled_tables(group, elements, most=2)
            assert len(found) == min(len(possible), 2)
            assert len({table.tobytes() for _, table in found}) == len(found)
            for full, table in found:
                assert table.tobytes() in possible
                assert (full[elements >= 0] == elements[elements >= 0]).all()


def test_a_table_over_labels_is_an_isotope(tables, rng):
    group = tables.symmetric(3)
    rows, columns, symbols = elements = np.array([rng.permutation(6) for _ in range(3)])
    table = table_of(group, elements)
    for a, b in np.ndindex(6, 6):
        assert symbols[table[a, b]] == group[rows[a], columns[b]]
