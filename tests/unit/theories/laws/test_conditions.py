import numpy as np
import pytest

from cayley.theories import law, parse_laws
from cayley.theories.laws import _evaluation
from cayley.theories.laws._conditions import Condition, failing_cells, unit_of
from cayley.theories.laws._evaluation import OutOfTime, first_violation
from oracles import has_condition, obeying, operations, semigroups


@pytest.mark.parametrize("condition", list(Condition))
def test_conditions_are_decided_as_by_their_definition(condition):
    tables = [*operations(2), *operations(3)[::7], *semigroups(3)]
    for table in tables:
        cells = failing_cells(condition, table)
        assert (cells is None) == has_condition(table.tolist(), condition)
        if cells is not None:
            assert all(0 <= i < len(table) for cell in cells for i in cell)
        # What the cells say holds in every table that has them.
        if cells is not None and len(table) == 2:
            same = [t for t in operations(2) if all(t[cell] == table[cell] for cell in cells)]
            assert not any(has_condition(t.tolist(), condition) for t in same)


@pytest.mark.parametrize("condition", ["left cancellation", "right cancellation", "unit", "zero"])
def test_failing_cells_refute_the_condition_in_every_table_that_has_them(condition, rng):
    for table in operations(3)[rng.integers(19683, size=12)]:
        cells = failing_cells(Condition(condition), table)
        if cells is not None:
            same = operations(3)
            for cell in cells:
                same = same[same[:, cell[0], cell[1]] == table[cell]]
            assert not any(has_condition(t.tolist(), Condition(condition)) for t in same)


def test_the_unit():
    assert unit_of(np.array([[1, 0], [0, 1]])) == 1
    assert unit_of(np.array([[0, 0], [0, 0]])) is None


@pytest.mark.parametrize("text", ["x(yz) = (xy)z", "xy = yx", "x = y", "x = x", "(xy)(zw) = w"])
def test_violations_are_violations_and_none_is_missed(text):
    (each,) = parse_laws(text)
    for n in (1, 2):
        good = {table.tobytes() for table in obeying(operations(n), each)}
        for table in operations(n):
            instance = first_violation(each, table)
            assert (instance is None) == (table.tobytes() in good)
            if instance is not None:
                assert value(each.left, table, instance) != value(each.right, table, instance)


def value(term, table, instance):
    if isinstance(term, int):
        return instance[term]
    left, right = (value(each, table, instance) for each in term)
    return table[left, right]


def test_large_tables_are_looked_at_in_blocks(monkeypatch):
    monkeypatch.setattr(_evaluation, "_BLOCK", 30)
    table = np.add.outer(np.arange(7), np.arange(7)) % 7
    assert first_violation(law(4512), table) is None
    table[6, 6] = 4
    instance = first_violation(law(4512), table)
    assert value((0, (1, 2)), table, instance) != value(((0, 1), 2), table, instance)
    with pytest.raises(OutOfTime):
        first_violation(law(4512), table, deadline=0)
