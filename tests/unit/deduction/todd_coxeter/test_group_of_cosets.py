import numpy as np

from cayley.deduction.todd_coxeter._group_of_cosets import regular_group
from cayley.deduction.todd_coxeter._relations import UniversalPresentation
from cayley.testing import assert_group


def presentation_of(table):
    n = len(table)
    a, b = np.indices((n, n))[:, 1:, 1:].reshape(2, -1)
    return UniversalPresentation(
        num_generators=n,
        relations=np.stack([a, b, table[a, b]], axis=1),
        labels=np.arange(n)[None],
        clash=False,
    )


def test_two_full_columns_are_enough(tables):
    table = tables.symmetric(4)
    presentation = presentation_of(table)
    images = np.full((24, 24), -1)
    images[0] = np.arange(24)
    images[:, 0] = np.arange(24)
    orders = [len(set(powers(table, x))) for x in range(24)]
    x = orders.index(4)
    images[:, x] = table[:, x]
    assert regular_group(presentation, images) is None
    y = next(y for y in range(24) if len(generated(table, [x, y])) == 24)
    images[:, y] = table[:, y]
    np.testing.assert_array_equal(regular_group(presentation, images), table)


def powers(table, x):
    found = [0]
    while (following := int(table[found[-1], x])) not in found:
        found.append(following)
    return found


def generated(table, generators):
    found = {0}
    while more := {int(table[v, g]) for v in found for g in generators} - found:
        found |= more
    return found


def test_what_is_no_group_or_breaks_a_relation_is_refused(tables):
    loop = tables.moufang(tables.symmetric(3))
    assert regular_group(presentation_of(loop), loop) is None
    table = tables.cyclic(6)
    np.testing.assert_array_equal(regular_group(presentation_of(table), table), table)
    wrong = presentation_of(table)
    wrong.relations[3, 2] = (wrong.relations[3, 2] + 1) % 6
    assert regular_group(wrong, table) is None
    assert_group(regular_group(presentation_of(tables.dihedral(4)), tables.dihedral(4)))


def test_a_generator_without_an_element_is_refused(tables):
    table = tables.cyclic(4)
    images = table.copy()
    images[0, 3] = -1
    assert regular_group(presentation_of(table), images) is None
