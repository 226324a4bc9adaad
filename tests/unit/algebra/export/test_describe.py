import json

import pytest

from cayley.algebra import Group, describe, format_description
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
