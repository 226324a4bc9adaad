"""GAP says of its own structures what our lists say; only where it is installed."""

import random

import numpy as np
import pytest

from cayley.algebra import Group, character_table, identify
from cayley.algebra.characters._character_fields import character_fields
from cayley.algebra.identification._automorphisms import automorphisms_of_group
from cayley.algebra.identification._group_name import larger_groups
from cayley.algebra.identification._numbered_structures import listed_orders, number_in_list
from cayley.algebra.identification._schur_multiplier import schur_multiplier

pytest.importorskip("passagemath_gap", reason="GAP is an optional oracle")

ALSO_CALLED = {"PSL(3,2)": "PSL(2,7)"}
"""Our names for groups that GAP calls otherwise."""


@pytest.fixture(scope="module")
def gap():
    from sage.libs.gap.libgap import libgap

    libgap.eval("SetRecursionTrapInterval(10^9)")
    return libgap.eval


@pytest.fixture(scope="module")
def small_group(gap):
    ask = gap(
        "function(n, k) local e; e := AsSSortedList(SmallGroup(n, k)); "
        "return List(e, x -> List(e, y -> PositionSorted(e, x*y) - 1)); end"
    )

    def group(order, number):
        return Group.from_table([[int(x) for x in row] for row in ask(order, number)])

    return group


def some(gap, orders, each, seed):
    """Return orders with a few numbers of groups, always the same ones."""
    chosen = random.Random(seed)
    for order in orders:
        count = int(gap(f"NrSmallGroups({order})"))
        for number in sorted(chosen.sample(range(1, count + 1), min(each, count))):
            yield order, number


@pytest.mark.parametrize("orders", [range(1, 101, 3), range(101, 151), range(151, 201)], ids=str)
def test_groups_have_the_numbers_and_names_of_gap(orders, gap, small_group):
    for order, number in some(gap, orders, 1, seed=0):
        found = identify(small_group(order, number))
        assert found.gap_id == (order, number)
        name = str(gap(f"StructureDescription(SmallGroup({order}, {number}))")).strip('"')
        if found.name != name:
            # Above order 100 dicyclic groups have their name, which GAP has for powers of 2 only.
            assert order > 100
            assert found.name in (f"Q{order}", ALSO_CALLED.get(name)), (order, number)
            assert name in listed_names(order)


def listed_names(order):
    return {name for entries in larger_groups(order).values() for _, name, _ in entries}


@pytest.mark.parametrize("order", [128, 147, 189])
def test_groups_that_share_a_fingerprint_have_their_numbers(order, small_group):
    for entries in larger_groups(order).values():
        if len(entries) > 1:
            for number, *_ in entries:
                assert identify(small_group(order, number)).gap_id == (order, number)


def test_multipliers_are_those_of_gap(gap, small_group):
    chosen = [*some(gap, range(1, 101, 4), 1, seed=1), (64, 267), (96, 64)]
    # Beyond the list: a product, S5, SL(2,5), PSL(2,7), dihedral, Frobenius, and A6.
    chosen += [(144, 183), (120, 34), (120, 5), (168, 42), (136, 14), (156, 7), (360, 118)]
    for order, number in chosen:
        expected = sorted(
            int(q) for q in gap(f"AbelianInvariantsMultiplier(SmallGroup({order}, {number}))")
        )
        found = schur_multiplier(small_group(order, number), number if order <= 100 else None)
        assert list(found) == expected, (order, number)


def test_fields_of_characters_are_those_of_gap(gap, small_group):
    ask = gap(
        "function(n, k) local c; c := List(Irr(SmallGroup(n, k)), x -> Field(Rationals, "
        "ValuesOfClassFunction(x))); return List(c, f -> "
        "[Dimension(f), Conductor(f), GaloisStabilizer(f)]); end"
    )
    chosen = [(7, 1), (20, 3), (21, 1), (32, 17), (39, 1), (48, 29), (60, 5), (63, 1), (72, 39),
              (80, 5), (91, 1), (168, 42)]  # fmt: skip
    for order, number in chosen:
        fields = character_fields(character_table(small_group(order, number)))
        found = sorted([each.degree, each.conductor, list(each.fixed_by)] for each in fields)
        expected = sorted(
            [int(degree), int(n), sorted(int(u) for u in stabilizer)]
            for degree, n, stabilizer in ask(order, number)
        )
        assert found == expected, (order, number)


def test_automorphism_groups_have_the_orders_of_gap(gap, small_group):
    chosen = [*some(gap, range(4, 121, 7), 1, seed=2), (64, 134), (96, 64), (128, 836), (192, 1023)]
    for order, number in chosen:
        found = automorphisms_of_group(small_group(order, number))
        expected = int(gap(f"Size(AutomorphismGroup(SmallGroup({order}, {number})))"))
        assert found is not None
        assert found.order == expected, (order, number)


@pytest.mark.parametrize(
    ("kind", "function", "counts"),
    [("loop", "SmallLoop", {5: 5, 6: 107}),
     ("Moufang loop", "MoufangLoop", {12: 1, 16: 5, 20: 1, 24: 5, 28: 1}),
     ("Steiner loop", "SteinerLoop", {10: 1, 14: 2, 16: 80})],
)  # fmt: skip
def test_loops_have_the_numbers_of_loops(kind, function, counts, gap):
    gap('LoadPackage("loops":OnlyNeeded)')
    ask = gap(f"function(n, k) return CayleyTable({function}(n, k)) - 1; end")
    assert set(counts) <= set(listed_orders(kind))
    for order, count in counts.items():
        for number in range(1, count + 1, 1 if count < 20 else 9):
            table = np.array([[int(x) for x in row] for row in ask(order, number)])
            relabeled = np.random.default_rng(number).permutation(order)
            back = np.argsort(relabeled)
            table = relabeled[table[np.ix_(back, back)]]
            assert number_in_list(kind, table) == number


def test_semigroups_have_the_numbers_of_smallsemi(gap):
    from sage.libs.gap.util import GAPError

    gap('LoadPackage("smallsemi":OnlyNeeded)')
    try:
        gap("RecoverMultiplicationTable(3, 1)")
    except GAPError:
        pytest.skip("the data of smallsemi is an optional oracle")
    for order, count in ((2, 4), (3, 18), (4, 126), (5, 1160), (6, 15973)):
        chosen = random.Random(order).sample(range(1, count + 1), min(12, count))
        for number in sorted(chosen):
            rows = gap(f"RecoverMultiplicationTable({order}, {number}) - 1")
            table = np.array([[int(x) for x in row] for row in rows])
            assert number_in_list("semigroup", table) == number
