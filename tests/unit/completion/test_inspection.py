import pytest

from cayley.completion import inspect_table
from cayley.tables import Table, generate_family, isotope, mask


def test_document_of_a_group() -> None:
    document = inspect_table(generate_family("S3")).to_document()
    assert document["schema"] == "cayley.inspection/1"
    assert document["structure"] == "group"
    assert document["group"] == {"name": "S3", "gap_id": [6, 1]}
    assert document["properties"]["identity"] == "()"
    assert document["properties"]["commutative"] is False
    a, b = document["counterexamples"]["commutative"]
    table = generate_family("S3")
    assert table[a, b] != table[b, a]


def test_across_alphabets_only_some_properties_mean_anything() -> None:
    document = inspect_table(isotope(generate_family("C5"), seed=0)).to_document()
    assert document["properties"]["latin"] is True
    assert document["properties"]["associative"] is None
    assert document["structure"] == "group isotope"


def test_counterexamples_name_rows_and_columns() -> None:
    table = Table(rows="ab", columns="xy", symbols="uv", array=[[0, 0], [1, 0]])  # type: ignore[arg-type]
    found = inspect_table(table)
    a, x, b, y = found.to_document()["counterexamples"]["latin"]
    assert {a, b} <= set("ab")
    assert {x, y} <= set("xy")
    assert table[a, x] == table[b, y]


@pytest.mark.parametrize("spec", ["mod5:a^2+b^2", "mod5:a-b", "S3:aba", "C4"])
def test_every_explanation_is_true(spec) -> None:
    table = generate_family(spec)
    found = inspect_table(table)
    why = found.explain("associative", found.properties.associative)
    if found.properties.associative:
        assert why == ""
    else:
        a, b, c = found.to_document()["counterexamples"]["associative"]
        left, right = table[table[a, b], c], table[a, table[b, c]]
        assert left != right
        assert why == f"({a} o {b}) o {c} = {left}, but {a} o ({b} o {c}) = {right}"


def test_partial_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="3 cells are unknown"):
        inspect_table(mask(generate_family("C3"), observe=0.67, seed=0))
