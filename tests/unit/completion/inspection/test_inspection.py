import re

import numpy as np
import pytest

from cayley.completion import inspect_table
from cayley.tables import Table, generate_family, isotope, mask

# A left Bol loop of order 8 that is not Moufang.
BOL = [
    [0, 1, 2, 3, 4, 5, 6, 7], [1, 0, 3, 2, 6, 7, 4, 5], [2, 3, 0, 1, 5, 4, 7, 6],
    [3, 2, 1, 0, 7, 6, 5, 4], [4, 5, 6, 7, 0, 1, 2, 3], [5, 7, 4, 6, 2, 0, 3, 1],
    [6, 4, 7, 5, 1, 3, 0, 2], [7, 6, 5, 4, 3, 2, 1, 0],
]  # fmt: skip


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


def failing(spec):
    array = generate_family(spec).array if isinstance(spec, str) else spec
    found = inspect_table(Table.from_array(array))
    return found, found.to_document()


@pytest.mark.parametrize(
    "spec",
    ["mod5:a^2+b^2", "mod6:ab", "mod5:a-b", "S3:aba^-1", "S3", [[0, 0, 0]] * 3, [[1, 1], [0, 0]]],
    ids=str,
)
def test_every_reason_is_true(spec) -> None:
    """Whatever a sentence says about products is read back and looked up in the table."""
    found, document = failing(spec)
    reasons = document["reasons"]
    failed = {name for name, value in document["properties"].items() if value in (False, None)}
    assert reasons.keys() == failed
    looked_up = 0
    for name, text in reasons.items():
        assert text.startswith(("no ", "not ")), text
        if "no x has" in text:  # (0 o x) o 0 is about every x
            continue
        for left, value in re.findall(r"([(\d)]+(?: o [(\d)]+)+) = (\d+)", text):
            assert evaluated(found.table, left) == value, (name, text)
            looked_up += 1
        sides = re.fullmatch(r".*: (.* = .*), but (.* = .*)", text)
        if sides:
            assert sides[1].split(" = ")[-1] != sides[2].split(" = ")[-1], text
    assert looked_up > 3


def evaluated(table: Table, text: str) -> str:
    """Return the value of a text such as ``(a o b) o c`` whose labels hold no blank."""
    tokens = text.split(" o ")
    if len(tokens) == 1:
        return text
    # The outermost product is the one that no open bracket of a product contains.
    depth = 0
    for place, token in enumerate(tokens[:-1], 1):
        depth += token.count("(") - token.count(")")
        if depth == 0:
            left, right = " o ".join(tokens[:place]), " o ".join(tokens[place:])
            return table[evaluated(table, stripped(left)), evaluated(table, stripped(right))]
    return evaluated(table, stripped(text))


def stripped(text: str) -> str:
    return text[1:-1] if text.startswith("(") and " o " in text else text


def test_reasons_in_words() -> None:
    reasons = inspect_table(Table.from_array([[0, 1, 1], [2, 1, 0], [1, 0, 2]])).to_document()[
        "reasons"
    ]
    assert reasons["commutative"] == "not commutative: 0 o 1 = 1, but 1 o 0 = 2"
    assert reasons["group"] == "not a group because not Latin: 0 o 1 and 0 o 2 are both 1"
    assert reasons["identity"].startswith("no identity: 0 is none, since 1 o 0 = 2; 1 is none")
    assert reasons["inverses"] == "no inverses: there is no identity"


def test_properties_of_a_left_bol_loop() -> None:
    properties = inspect_table(Table.from_array(BOL)).to_document()["properties"]
    asked = ("latin", "group", "left_bol", "moufang")
    assert [properties[name] for name in asked] == [True, False, True, False]


def test_a_moufang_loop_has_its_number() -> None:
    """Chein's loop of S3 is the only one of order 12."""
    s3 = generate_family("S3").aligned().array
    inverse = (s3 == 0).argmax(axis=1)
    loop = np.block([[s3, 6 + s3.T], [6 + s3[:, inverse], s3[inverse].T]])
    found = inspect_table(Table.from_array(loop))
    part = found.parts["loop"]
    assert (found.kind, part["name"]) == ("Moufang loop", "M(S3, 2)")
    assert part["numbers"] == [
        {"library": "LOOPS", "function": "MoufangLoop", "order": 12, "number": 1}
    ]
    assert part["isotopic_loops"] is None
    assert part["automorphism_group"]["order"] == 108


def test_semigroups_and_quandles_have_their_numbers() -> None:
    left = inspect_table([[0, 0], [1, 1]]).parts["semigroup"]["numbers"][0]
    right = inspect_table([[0, 1], [0, 1]]).parts["semigroup"]["numbers"][0]
    assert left["number"] == right["number"]
    assert {left["opposite"], right["opposite"]} == {False, True}
    kei = [[0, 2, 1], [2, 1, 0], [1, 0, 2]]
    assert inspect_table(kei).parts["rack"]["numbers"][0]["number"] == 1
    assert inspect_table([[0, 1], [0, 1]]).parts["rack"]["numbers"] == []  # not connected


def test_loops_that_are_isotopic_have_the_same_isotopes() -> None:
    """Any loop made of another by Bruck's trick (x/b)(a\\y) is among those that are listed."""
    loop = np.array(
        [[0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4], [2, 4, 0, 5, 1, 3],
         [3, 5, 1, 4, 2, 0], [4, 2, 5, 0, 3, 1], [5, 3, 4, 1, 0, 2]]
    )  # fmt: skip
    isotope = loop[np.ix_(np.argsort(loop[:, 3]), np.argsort(loop[2]))]
    first, second = (inspect_table(each).parts["loop"] for each in (loop, isotope))
    assert first["isotopic_loops"] == second["isotopic_loops"]
    for part in (first, second):
        assert part["numbers"][-1]["number"] in part["isotopic_loops"]
