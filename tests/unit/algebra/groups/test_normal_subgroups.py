import pytest

from cayley.algebra import generated_submagma
from cayley.algebra.groups._normal_subgroups import NormalClosures


@pytest.mark.parametrize("gap_id", [(1, 1), (8, 3), (12, 3), (24, 12), (48, 30), (60, 5)], ids=str)
def test_closures_are_those_of_the_definition(gap_id, group_of):
    group = group_of(*gap_id)
    table, inverse = group.table, group.inverses
    expected = {
        tuple(generated_submagma(table, table[table[inverse, x], range(group.order)]).tolist())
        for x in range(group.order)
    }
    normal = NormalClosures.of(group)
    found = {tuple(normal.elements(closure).tolist()) for closure in normal.closures}
    assert found == expected
    orders = [normal.order(closure) for closure in normal.closures]
    assert orders == sorted(orders)


def test_products_of_normal_subgroups(group_of):
    group = group_of(36, 10)  # S3 x S3
    normal = NormalClosures.of(group)
    for left in normal.closures:
        for right in normal.closures:
            a, b = normal.elements(left), normal.elements(right)
            expected = sorted({int(group.table[x, y]) for x in a for y in b})
            assert normal.elements(normal.product(left, right)).tolist() == expected
