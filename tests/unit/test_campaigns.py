"""The checks that campaigns make of cayley's sentences, which are no use if they cannot fail."""

import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cayley.completion import solve
from cayley.tables import Table
from cayley.theories import law
from cayley.theories.laws._conditions import Condition, failing_cells
from cayley.theories.laws._evaluation import first_violation

sys.path.insert(0, str(Path(__file__).parents[2] / "campaigns"))
from known_operations import (
    abelian,
    dihedral,
    doubled,
    is_group,
    is_group_isotope,
    known_operation,
    obeys,
)
from witnesses import false_claims


def hidden(table, *cells):
    return [
        [-1 if (a, b) in cells else c for b, c in enumerate(row)] for a, row in enumerate(table)
    ]


def solved(seen, **options):
    labels = [f"x{i}" for i in range(len(seen))]
    return solve(Table.from_array(seen, labels=labels), **options)


def test_laws_and_conditions_are_decided_as_by_the_library() -> None:
    rng = random.Random(1)
    laws = [law(number) for number in (8, 43, 151, 359, 4512)]
    decided = set()
    for _ in range(150):
        _, table = known_operation(rng)
        array = np.array(table)
        for each in laws:
            found = obeys(table, [str(each)], [])
            assert found == (first_violation(each, array) is None), each
            decided.add((each, found))
        for each in Condition:
            found = obeys(table, [], [str(each)])
            assert found == (failing_cells(each, array) is None), each
            decided.add((each, found))
    assert len(decided) == 2 * (len(laws) + len(Condition))


def test_groups_and_their_isotopes() -> None:
    assert is_group(abelian([4, 2])) and is_group(dihedral(5)) and is_group(dihedral(4, 2))
    loop = doubled(dihedral(3))
    assert obeys(loop, ["x*(y*(x*z)) = ((x*y)*x)*z"], ["unit", "left cancellation"])
    assert not is_group_isotope(loop)
    subtraction = [[(a - b) % 5 for b in range(5)] for a in range(5)]
    assert is_group_isotope(subtraction) and not is_group(subtraction)


def test_what_is_true_passes() -> None:
    table = dihedral(3)
    found = solved(hidden(table, (1, 2), (3, 4), (5, 5)), assume="group")
    assert found.counts["forced"] == 3
    assert list(false_claims(found, table, hidden(table, (1, 2), (3, 4), (5, 5)))) == []


def test_what_is_false_is_found() -> None:
    table = dihedral(3)
    seen = hidden(table, (1, 2), (3, 4), (5, 5))
    found = solved(seen, assume="group")

    def claims(**changes):
        return {
            each.partition(":")[0] for each in false_claims(replace(found, **changes), table, seen)
        }

    def changed(a, b):
        array = found.table.array.copy()
        array[a, b] = (array[a, b] + 1) % 6
        return found.table.with_array(array)

    assert claims(table=changed(0, 0)) == {"changed", "theory", "unique"}
    assert claims(table=changed(1, 2)) == {"theory", "unique", "forced"}
    assert claims(table=changed(1, 2), unique="no") == {"theory", "forced"}
    array = found.table.array.copy()
    array[1, 2] = -1
    assert claims(table=found.table.with_array(array)) >= {"open"}
    assert claims(possible={(1, 2): ((table[1][2] + 1) % 6,)}) == {"possible"}


def test_a_refutation_that_the_operation_outlives_is_found() -> None:
    table = abelian([3])
    found = solved(hidden([[0, 0, 0], [0, 0, 0], [0, 1, 2]], (0, 1)), assume="group")
    assert found.status == "inconsistent"
    assert list(false_claims(found, [[0, 0, 0], [0, 0, 0], [0, 1, 2]], found.given.array)) == []
    (refuted,) = (each for each in found.refuted if str(each.structure) == "group")
    false = replace(refuted, cells=(("x1", "x1", "x2"),))
    found = replace(found, refuted=(false,))
    assert list(false_claims(found, table, table))[-1] == "refuted: the operation is a group"


@pytest.mark.parametrize("number", range(3))
def test_tries_are_the_same_again(number) -> None:
    from witnesses import made

    assert made(number, 0) == made(number, 0)
