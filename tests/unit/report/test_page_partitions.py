import itertools

import pytest

from cayley.completion import solve
from cayley.report._inspected import inspected
from cayley.report._page_partitions import partitions, stands_for, subgroup_choices
from cayley.tables import Table, generate_family, isotope, shuffle


def choices(solution):
    return subgroup_choices(solution, inspected(solution).description)


@pytest.mark.parametrize("spec", ["S3", "Q8", "C2xC4", "A4"])
def test_subgroups_are_all_closed_sets(spec) -> None:
    table = shuffle(generate_family(spec), seed=3)
    found = choices(solve(table))
    n, order = len(table.symbols), {label: i for i, label in enumerate(table.symbols)}
    closed = set()
    for size in range(1, n + 1):
        if n % size:
            continue
        for subset in itertools.combinations(range(n), size):
            labels = [table.symbols[i] for i in subset]
            if all(order[table[a, b]] in subset for a in labels for b in labels):
                closed.add(subset)
    assert {tuple(sorted(each.elements)) for each in found} == closed
    assert len(found) == len(closed)


def test_conjugates_are_counted_and_the_identity_is_first() -> None:
    solution = solve(generate_family("S3"))
    found = [(each.name, len(each.elements), each.conjugates) for each in choices(solution)]
    assert found == [("C1", 1, 1), ("C2", 2, 3), ("C2", 2, 3), ("C2", 2, 3), ("C3", 3, 1),
                     ("S3", 6, 1)]  # fmt: skip
    assert {each.elements[0] for each in choices(solution)} == {0}


def test_rows_and_columns_of_isotopes_stand_for_symbols() -> None:
    solution = solve(isotope(generate_family("S3"), seed=2))
    rows, columns = stands_for(solution)
    table, n = solution.table.array, 6
    row_of, column_of = {z: a for a, z in enumerate(rows)}, {z: b for b, z in enumerate(columns)}
    times = [[int(table[row_of[x], column_of[y]]) for y in range(n)] for x in range(n)]
    # The symbols multiply as a group does: with an identity, and associatively.
    assert any(times[e] == list(range(n)) for e in range(n))
    for x, y, z in itertools.product(range(n), repeat=3):
        assert times[times[x][y]][z] == times[x][times[y][z]]


def test_tables_over_different_alphabets_have_no_elements() -> None:
    table = Table(rows=("a", "b"), columns=("0", "1"), symbols=("x", "y", "z"),
                  array=[[0, 1], [1, 2]])  # fmt: skip
    assert stands_for(solve(table, assume="none")) is None


def maps_of_three_points() -> Table:
    maps = list(itertools.product(range(3), repeat=3))
    place = {m: i for i, m in enumerate(maps)}
    array = [[place[tuple(b[a[x]] for x in range(3))] for b in maps] for a in maps]
    return Table.from_array(array, labels=["".join(map(str, m)) for m in maps])


@pytest.mark.parametrize("spec", ["S4", "maps", "Q8"])
def test_partitions_cover_every_symbol_once(spec) -> None:
    table = maps_of_three_points() if spec == "maps" else generate_family(spec)
    solution = solve(table)
    found = partitions(solution, inspected(solution).inspection)
    assert found
    for part in found:
        assert sorted(x for block in part.blocks for x in block) == list(range(len(table.symbols)))
        assert len(part.names) == len(part.blocks) > 1


def test_maps_are_parted_by_rank_kernel_and_image() -> None:
    table = maps_of_three_points()
    solution = solve(table)
    parts = partitions(solution, inspected(solution).inspection)
    assert [part.names[0].partition(" of")[0] for part in parts] == [
        "a D-class", "an R-class", "an L-class", "an H-class"]  # fmt: skip
    found = {part.name: part.blocks for part in parts}
    for letter, key in (
        ("D", lambda m: len(set(m))),
        ("L", frozenset),  # products apply the left factor first
        ("R", lambda m: tuple(m.index(c) for c in m)),
    ):
        blocks = {}
        for i, label in enumerate(table.symbols):
            blocks.setdefault(key(label), []).append(i)
        wanted = {tuple(block) for block in blocks.values()}
        assert {tuple(sorted(block)) for block in found[f"Green's {letter}-classes"]} == wanted
