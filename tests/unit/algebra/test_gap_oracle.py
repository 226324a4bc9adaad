"""GAP itself reads what we export; only where it is installed as a Python library."""

import pytest

from cayley.algebra import Group, character_table, identify, short_presentation, to_gap
from cayley.tables import Table, generate_family

pytest.importorskip("passagemath_gap", reason="GAP is an optional oracle")

NAMES = ["C1", "C6", "S3", "Q8", "A4", "S4", "21:1", "A5", "48:29", "S5", "PSL(2,7)", "96:64"]


@pytest.fixture(scope="module")
def gap():
    from sage.libs.gap.libgap import libgap

    libgap.eval("SetRecursionTrapInterval(10^9)")
    read = libgap.eval("function(text) Read(InputTextString(text)); return true; end")

    def run(code, question):
        if code:  # GAP would wait for more at an empty text
            read(code)
        return libgap.eval(question)

    return run


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


@pytest.mark.parametrize("name", NAMES)
def test_gap_rebuilds_the_group(name, gap):
    group = family(name)
    # GAP itself searches a group of this kind for minutes unless it is solvable; Cayley's theorem
    # makes it a permutation group, which GAP names at once
    permutations = "Group(List(MultiplicationTable(group), PermList))"
    answer = gap(to_gap(group), f"IdGroup({permutations})")
    assert tuple(int(x) for x in answer) == gap_id(group)


@pytest.mark.parametrize("name", NAMES)
def test_gap_finds_the_presented_group_to_be_the_same(name, gap):
    group = family(name)
    answer = gap(to_gap(short_presentation(group)), "IdGroup(group)")
    assert tuple(int(x) for x in answer) == gap_id(group)


@pytest.mark.parametrize("name", NAMES)
def test_gap_takes_the_character_table_for_its_own(name, gap):
    group = family(name)
    order, number = gap_id(group)
    same = gap(
        to_gap(character_table(group)),
        "TransformingPermutationsCharacterTables(table, "
        f"CharacterTable(SmallGroup({order}, {number}))) <> fail",
    )
    assert bool(same)


def test_gap_reads_every_label(gap):
    labels = ['"quoted"', "back\\slash", "line\nbreak\tand\x07bell", "ünïcode", "", "a'b;#"]
    array = [[(a + b) % 6 if a else -1 for b in range(6)] for a in range(6)]
    table = Table.from_array(array, labels=labels)
    assert bool(gap(to_gap(table), "table.products[1][1] = fail and table.products[2][2] = 3"))
    for i, label in enumerate(labels, start=1):
        codes = list(label.encode())
        assert bool(gap("", f"List(table.rows[{i}], IntChar) = {codes}"))


def gap_id(group):
    known = {120: (120, 34), 168: (168, 42)}
    return known.get(group.order) or identify(group).gap_id
