import json

import pytest

from cayley.algebra import Group, describe, format_description, generated_submagma, identify
from cayley.tables import generate_family


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


@pytest.mark.parametrize("name", ["C1", "C2", "S3", "Q8", "A5", "C12xC2", "PSL(2,7)", "64:134"])
def test_it_is_json_and_says_the_same(name):
    group = family(name)
    found = describe(group)
    plain = found.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["order"] == group.order
    assert sum(c["size"] for c in plain["classes"]) == group.order
    assert sum(irrep["degree"] ** 2 for irrep in plain["irreps"]) == group.order
    assert all(len(irrep["characters"]) == len(plain["classes"]) for irrep in plain["irreps"])
    assert plain["irreps"][0]["kernel_order"] == group.order
    assert plain["not_computed"] == {}
    assert plain["subgroups"]["all"] >= plain["subgroups"]["normal"] >= 1
    text = format_description(found)
    assert f"order {group.order}" in text.splitlines()[0]
    assert str(found.presentation) in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_labels_name_elements():
    table = generate_family("S3").aligned()
    found = describe(Group.from_table(table.array), labels=table.rows)
    assert {c.representative for c in found.classes} <= set(table.rows)
    assert set(found.generators) <= set(table.rows)
    with pytest.raises(ValueError, match="`labels` must name 6 elements; got 2"):
        describe(Group.from_table(table.array), labels=["a", "b"])


def test_what_is_left_out_is_said():
    found = describe(family("S4"), max_classes=3, max_presented_order=20)
    assert found.irreps is None
    assert found.presentation is None
    assert found.not_computed == {
        "generators": "order 24 is over the limit of 20",
        "presentation": "order 24 is over the limit of 20",
        "irreps": "5 classes are over the limit of 3",
    }
    text = format_description(found)
    assert "presentation" in text
    assert "not computed: order 24 is over the limit of 20" in text
    assert "not computed: 5 classes are over the limit of 3" in text
    large = describe(family("D500"))
    assert large.subgroups is None
    assert large.not_computed["subgroups"] == "order 500 is over the limit of 400"
    assert "not computed: order 500" in format_description(large)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("C7", "simple, abelian"),
        ("D8", "nilpotent of class 2"),
        ("S4", "solvable, not nilpotent"),
        ("A5", "simple, perfect"),
        ("S5", "not solvable"),
    ],
)
def test_properties_in_words(name, words):
    assert words in format_description(describe(family(name)))


@pytest.mark.parametrize("name", ["C1", "C12", "S3", "Q8", "D12", "A4", "S4", "18:4", "A5"])
def test_classes_of_subgroups_by_brute_force(name):
    group = family(name)
    found = describe(group)
    subgroups = {frozenset([group.identity])}
    while True:
        joins = {
            frozenset(generated_submagma(group.table, [*each, x]).tolist())
            for each in subgroups
            for x in set(range(group.order)) - each
        }
        if joins <= subgroups:
            break
        subgroups |= joins
    classes = found.subgroup_classes
    assert sum(each.size for each in classes) == len(subgroups)
    chosen = [
        frozenset(
            generated_submagma(group.table, [group.identity, *map(int, c.generators)]).tolist()
        )
        for c in classes
    ]
    for each, subgroup in zip(classes, chosen, strict=True):
        assert len(subgroup) == each.order
        conjugates = {conjugate(group, subgroup, g) for g in range(group.order)}
        assert len(conjugates) == each.size
        below = [other for other in subgroups if other < subgroup]
        maximal = [a for a in below if not any(a < b for b in below)]
        places = {
            next(k for k, one in enumerate(chosen) if any(
                conjugate(group, one, g) == a for g in range(group.order)
            ))
            for a in maximal
        }  # fmt: skip
        assert places == set(each.maximal)
        inside = sorted(subgroup)
        own = [[inside.index(group.table[a, b]) for b in inside] for a in inside]
        assert each.name in (identify(own).name, "C1")


def conjugate(group, subgroup, g):
    return frozenset(group.table[group.table[group.inverses[g], list(subgroup)], g].tolist())


@pytest.mark.parametrize("name", ["C12", "D8", "Q8", "A4"])
def test_cycles_cover_the_group_and_none_lies_in_another(name):
    group = family(name)
    cycles = [set(map(int, cycle)) for cycle in describe(group).cycle_graph]
    assert set().union(*cycles) == set(range(group.order))
    assert not any(a < b for a in cycles for b in cycles)
    for cycle in describe(group).cycle_graph:
        x, *powers = map(int, cycle)
        for power in powers:
            assert power == group.table[x, int(cycle[cycle.index(str(power)) - 1])]
        assert int(cycle[-1]) == group.identity


@pytest.mark.parametrize(
    ("name", "order", "known"),
    [("C8", 4, "C2 x C2"), ("D8", 8, "D8"), ("Q8", 24, "S4"), ("S4", 24, "S4"), ("A4", 24, "S4"),
     ("C2xC2xC2", 168, "PSL(2,7)"), ("A5", 120, "S5"), ("C3xC3", 48, "GL(2,3)")],
)  # fmt: skip
def test_automorphism_groups(name, order, known):
    assert describe(family(name)).automorphism_group == {"order": order, "name": known}


@pytest.mark.parametrize(
    ("name", "order", "automorphisms"),
    [("C128", 64, "C32 x C2"), ("PSL(2,7)", 336, "PGL(2,7)"), ("24:15", 336, "C2 x PSL(2,7)"),
     ("C2xC2xC2xC2", 20160, None)],
)  # fmt: skip
def test_automorphism_groups_are_named_up_to_order_400(name, order, automorphisms):
    found = describe(family(name), max_classes=1, max_presented_order=1)
    assert found.automorphism_group == {"order": order, "name": automorphisms}
