import numpy as np
import pytest

from cayley.algebra import (
    Group,
    derived_series,
    generated_submagma,
    is_nilpotent,
    is_perfect,
    is_simple,
    is_solvable,
    lower_central_series,
)
from cayley.tables import generate_family

NAMES = ["C1", "C2", "C6", "S3", "D8", "D16", "Q8", "A4", "S4", "24:3", "18:4", "A5", "C7"]


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def commutator_subgroup(group, left, right):
    table, inverse = group.table, group.inverses
    found = [table[table[inverse[x], inverse[y]], table[x, y]] for x in left for y in right]
    return generated_submagma(table, np.unique(found))


@pytest.mark.parametrize("name", NAMES)
def test_the_series_are_those_of_the_definition(name):
    group = family(name)
    everything = np.arange(group.order)
    for found, partner in (
        (derived_series(group), None),
        (lower_central_series(group), everything),
    ):
        assert found[0].tolist() == everything.tolist()
        for i, subgroup in enumerate(found):
            other = subgroup if partner is None else partner
            following = commutator_subgroup(group, subgroup, other).tolist()
            assert following == found[min(i + 1, len(found) - 1)].tolist()


@pytest.mark.parametrize(
    ("name", "nilpotent", "solvable", "perfect", "simple"),
    [
        ("C1", True, True, True, False),
        ("C5", True, True, False, True),
        ("C4", True, True, False, False),
        ("C2xC2", True, True, False, False),
        ("Q8", True, True, False, False),
        ("S3", False, True, False, False),
        ("S4", False, True, False, False),
        ("A5", False, False, True, True),
        ("S5", False, False, False, False),
        ("PSL(2,7)", False, False, True, True),
        ("A5xC2", False, False, False, False),
    ],
)
def test_predicates(name, nilpotent, solvable, perfect, simple):
    group = family(name)
    found = is_nilpotent(group), is_solvable(group), is_perfect(group), is_simple(group)
    assert [answer.holds for answer in found] == [nilpotent, solvable, perfect, simple]
    assert [answer.name for answer in found] == ["nilpotent", "solvable", "perfect", "simple"]


def normal_closure(group, x):
    conjugates = group.table[group.table[group.inverses, x], np.arange(group.order)]
    return generated_submagma(group.table, conjugates)


def stable_term(group, partner):
    """Return where the series of commutators with itself or with the group stops."""
    term = np.arange(group.order)
    while True:
        following = commutator_subgroup(
            group, term, term if partner is None else np.arange(group.order)
        )
        if len(following) == len(term):
            return term.tolist()
        term = following


def test_predicates_and_counterexamples_agree_with_the_definitions(group_of, small_groups, rng):
    few = {(60, 5), (48, 28)}  # A5 and C2 . S4
    for order, number in ((each["order"], each["id"]) for each in small_groups):
        if order > 24 and (order, number) not in few:
            continue
        group = group_of(order, number)
        # a disguise in which the identity is not element 0
        place = rng.permutation(order)
        old = np.argsort(place)
        group = Group.from_table(place[group.table[np.ix_(old, old)]])
        closures = [len(normal_closure(group, x)) for x in range(order)]
        derived = commutator_subgroup(group, range(order), range(order))
        for name, answer, holds, shows in (
            (
                "simple",
                is_simple(group),
                order > 1 and sorted(set(closures)) == [1, order],
                lambda x, closures=closures, order=order: 1 < closures[x] < order,
            ),
            ("perfect", is_perfect(group), len(derived) == order, lambda x, d=derived: x not in d),
            *(
                (
                    name,
                    predicate(group),
                    len(last) == 1,
                    lambda x, last=last, e=group.identity: x in last and x != e,
                )
                for name, predicate, last in (
                    ("solvable", is_solvable, stable_term(group, None)),
                    ("nilpotent", is_nilpotent, stable_term(group, group)),
                )
            ),
        ):
            assert answer.holds == holds, (order, number, name)
            if holds or (name == "simple" and order == 1):
                assert answer.counterexample is None
            else:
                assert shows(*answer.counterexample), (order, number, name)


def test_a_perfect_group_that_is_not_simple_shows_its_center():
    vectors = [(x, y) for x in range(5) for y in range(5) if x or y]
    steps = [
        [vectors.index(((a * x + b * y) % 5, (c * x + d * y) % 5)) for x, y in vectors]
        for a, b, c, d in ((1, 1, 0, 1), (0, 1, 4, 0))
    ]
    group = Group.from_permutations(steps)  # SL(2, 5)
    assert group.order == 120
    assert is_perfect(group)
    (x,) = is_simple(group).counterexample
    assert [group.identity, x] == sorted(normal_closure(group, x).tolist())
