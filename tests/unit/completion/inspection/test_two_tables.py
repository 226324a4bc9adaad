import re

import pytest

from cayley.completion.inspection._two_tables import two_tables
from cayley.tables import Table, generate_family


def full(spec):
    return generate_family(spec).aligned()


@pytest.mark.parametrize(
    ("plus", "times"),
    [("mod4:a+b", "mod4:ab+a"), ("mod4:a^2+b", "mod4:a+b"), ("mod5:a+b", "mod5:a-b"),
     ("mod5:a+2b", "mod5:ab"), ("mod6:ab", "mod6:ab")],
)  # fmt: skip
def test_every_reason_is_true(plus, times):
    """Single products and sums in a sentence are looked up."""
    found = two_tables(full(plus), full(times))
    looked_up = 0
    for why in found.reasons.values():
        assert why.startswith(("no ", "the zero ", "zero and one "))
        for a, sign, b, value in re.findall(r"(?<![(*+] )\b(\d) ([+*]) (\d) = (\d)", why):
            table = found.plus if sign == "+" else found.times
            assert table[a, b] == value, why
            looked_up += 1
        if ", but " in why:
            left, right = why.split(", but ")
            assert left.split(" = ")[-1] != right.split(" = ")[-1]
    assert found.reasons
    assert looked_up or all("no " in why for why in found.reasons.values())


def test_labels_in_another_order_are_the_same_labels():
    plus = full("mod6:a+b")
    times = full("mod6:ab")
    turned = Table(
        rows=times.rows[::-1], columns=times.columns, symbols=times.symbols,
        array=times.array[::-1],
    )  # fmt: skip
    assert two_tables(plus, turned).together.name == "Z/6"


def test_tables_that_cannot_be_taken_together_are_refused():
    plus = full("mod3:a+b")
    with pytest.raises(ValueError, match="second table must be full; 1 cells are unknown"):
        two_tables(plus, Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, -1]]))
    with pytest.raises(ValueError, match=r"`0`, `1`, `2` are in the first table only"):
        two_tables(plus, Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]], labels="abc"))
