import numpy as np

from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._cayley_graph import generated, walk

C40 = np.add.outer(np.arange(40), np.arange(40)) % 40


def partial(places, table=C40):
    cells = [(a, b, int(table[a, b])) for a, b in places]
    return PartialTable.of(np.array(cells), len(table), "group")


def test_a_generator_goes_around_its_cycle():
    found = partial([(1, 1), (2, 1), (3, 1)])
    part = generated(found)
    assert part.generators == (1,)
    assert walk(found, part).cell == (4, 1)


def test_a_subgroup_takes_another_column_in():
    # 10 generates a subgroup of order 4, which the cells prove; then 1 is the busiest column left
    around = [(10, 10), (20, 10), (30, 10), (0, 10)]
    found = partial([*around, (1, 1)])
    part = generated(found)
    assert part.generators == (10, 1)
    # products of the generators in both orders come first
    assert walk(found, part).cell == (10, 1)


def test_a_word_goes_on_until_it_comes_back_as_a_whole():
    # the subgroup of order 4 of 10, and 21 with 10 + 21 = 31: products of both are known
    table, columns = C40, (10, 21)
    edges = [(x, b) for x in (10, 20, 30, 0, 21, 31, 1, 11, 2, 12) for b in columns]
    found = partial(edges, table)
    cell = walk(found, generated(found)).cell
    # 10 + 21 = 31, 31 + 10 = 1, 1 + 21 = 22: the first power of the word "gh" that is not known
    assert cell is not None
    assert cell not in edges


def test_no_column_is_no_part():
    assert generated(PartialTable.of(np.empty((0, 3), int), 40, "group")) is None
