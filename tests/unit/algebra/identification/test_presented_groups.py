import pytest

from cayley.algebra import Group, identify
from cayley.algebra.identification._presented_groups import metacyclic_name, symmetric_name


def test_metacyclic_groups_among_all_small_ones(small_groups):
    """Exactly the dihedral, dicyclic and semidihedral groups: one each where they exist."""
    found = {}
    for entry in small_groups:
        if 8 <= entry["order"] <= 60:
            name = metacyclic_name(Group.from_permutations(entry["generators"]))
            if name is not None:
                assert name not in found
                found[name] = (entry["order"], entry["id"])
    dihedral = {f"D{n}" for n in range(8, 61, 2)}
    dicyclic = {f"Q{n}" for n in range(8, 61, 4)}
    assert set(found) == dihedral | dicyclic | {"QD16", "QD32"}
    numbers = {
        "D8": (8, 3),
        "Q8": (8, 4),
        "Q12": (12, 1),
        "Q16": (16, 9),
        "D60": (60, 12),
        "QD16": (16, 8),
    }
    assert numbers.items() <= found.items()


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_symmetric_groups(k, tables, rng):
    table = tables.relabeled(tables.symmetric(k), rng)
    assert symmetric_name(Group.from_table(table)) == f"S{k}"


def test_no_other_group_of_order_24_is_symmetric(small_groups):
    names = {
        (entry["order"], entry["id"])
        for entry in small_groups
        if entry["order"] in (6, 24)
        and symmetric_name(Group.from_permutations(entry["generators"]))
    }
    assert names == {(6, 1), (24, 12)}


def test_other_groups_of_order_120_and_720(tables):
    for table in (
        tables.product(tables.alternating(5), tables.cyclic(2)),
        tables.product(tables.alternating(6), tables.cyclic(2)),
        tables.dihedral(60),
    ):
        assert symmetric_name(Group.from_table(table)) is None
        assert identify(table).name not in ("S5", "S6")
