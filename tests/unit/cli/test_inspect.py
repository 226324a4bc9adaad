import re

import pytest

from cayley.tables import generate_family, isotope, write_table


def test_says_what_a_table_is_and_why_not_more(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(generate_family("S3"), path)
    found = cayley("inspect", path)
    assert found.status == 0
    assert "S3 (GAP 6:1)" in found.out
    lines = found.out.splitlines()
    (commutative,) = [line for line in lines if line.startswith("commutative")]
    assert "no" in commutative
    assert ", but " in commutative


def test_json_has_its_schema(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(isotope(generate_family("C5"), seed=0), path, reorder=True)
    document = cayley("inspect", path, "--json").json()
    assert document["schema"] == "cayley.inspection/1"
    assert document["structure"] == "group isotope"
    assert document["group"] == {"name": "C5", "gap_id": [5, 1]}
    assert {"order", "properties", "counterexamples", "isotopism", "classes", "complexity"} <= (
        document.keys()
    )


def test_of_partial_tables_says_what_they_can_still_be(cayley, save) -> None:
    path = save(",a,b,c\na,a,b,c\nb,b,b,\nc,c,,c\n")
    found = cayley("inspect", path)
    assert found.status == 0
    lines = found.out.splitlines()
    assert lines[0] == "order 3, 7 of 9 cells known"
    (semilattice,) = [line for line in lines if line.startswith("semilattice ")]
    assert semilattice.split() == ["semilattice", "possible", "2", "completions"]
    (group,) = [line for line in lines if line.startswith("group ")]
    assert group.endswith("not a quasigroup: b o a = b and b o b = b contradict left cancellation")
    assert any(line.startswith("b o c: b or c (") and "semilattice" in line for line in lines)


def test_json_of_partial_tables(cayley, save) -> None:
    document = cayley("inspect", save(",a,b\na,a,b\nb,b,\n"), "--json").json()
    assert document["cells"] == {"known": 3, "missing": 1}
    assert document["structure"] is document["kind"] is document["group"] is None
    assert document["properties"]["left_quandle"] is False
    assert document["properties"]["latin"] is None
    theories = {each["theory"]: each for each in document["theories"]}
    assert theories["group"]["forced"] == [{"row": "b", "column": "b", "value": "a"}]
    assert theories["semilattice"]["forced"] == [{"row": "b", "column": "b", "value": "b"}]
    assert theories["monoid"]["possible"] == [{"row": "b", "column": "b", "values": ["a", "b"]}]


@pytest.mark.parametrize("option", ["--laws", "--complexity", "--format=gap"])
def test_options_that_need_a_full_table_say_so(option, cayley, save) -> None:
    found = cayley("inspect", save(",a,b\na,a,\nb,,a\n"), option)
    assert found.status == 2
    assert "2 cells are unknown. Use `cayley complete` first." in found.err


def test_parts_are_printed(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(generate_family("mod6:ab"), path, reorder=True)
    out = cayley("inspect", path).out
    assert out.splitlines()[0] == "order 6, a commutative inverse monoid"
    assert re.search(r"^units +C2: 1, 5$", out, re.MULTILINE)
    assert re.search(r"^egg-box \d +1 x 1 cells of 2, groups C2: 2, 4$", out, re.MULTILINE)
    write_table(generate_family("S3:aba^-1"), path, reorder=True)
    out = cayley("inspect", path).out
    assert re.search(r"^inner group +order 6, S3$", out, re.MULTILINE)


def test_characters_are_printed_and_in_the_document(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(generate_family("Q8"), path)
    assert "X.5   -   2  -2   .   .   ." in cayley("inspect", path).out
    irreps = cayley("inspect", path, "--json").json()["irreps"]
    assert [irrep["degree"] for irrep in irreps] == [1, 1, 1, 1, 2]
    assert irreps[4]["characters"] == ["2", "-2", "0", "0", "0"]
    assert irreps[4]["indicator"] == -1


def test_export_to_gap_and_latex(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(generate_family("S3"), path)
    assert "MultiplicationTable" in cayley("inspect", path, "--format", "gap").out
    latex = cayley("inspect", path, "--format", "latex").out
    assert "\\begin{array}" in latex
    assert "\\chi_{3} & 2" in latex


@pytest.mark.parametrize(
    ("spec", "value"),
    [pytest.param("mod7:a^2+ab+b^2", 4.35, marks=pytest.mark.slow), ("S3:aba^-1", 3.00)],
)
def test_complexity_is_measured_where_it_is_not_known(cayley, tmp_path, spec, value) -> None:
    """Reference values: a^2+ab+b^2 mod 7 4.35, conjugation in S3 3.00; met within 2 %."""
    path = tmp_path / "t.csv"
    write_table(generate_family(spec), path, reorder=True)
    document = cayley("inspect", path, "--complexity", "--json").json()
    assert document["complexity"] == pytest.approx(value, rel=0.02)
    assert document["complexity_is"] == "an upper bound"
    assert document["complexity_weighted"] > document["complexity_floor"] * 0.99 > 2.9
    assert 0 < document["complexity_rank"] <= 1
    assert 0 < document["complexity_collinearity"] <= 1
    assert cayley("inspect", path, "--json").json()["complexity"] is None
    if value == 3.00:
        assert "complexity at most 3.0" in cayley("inspect", path, "--complexity").out


def test_complexity_of_an_isotope_is_known_without_training(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(isotope(generate_family("C5"), seed=0), path, reorder=True)
    document = cayley("inspect", path, "--complexity", "--json").json()
    assert (document["complexity"], document["complexity_is"]) == (3.0, "exact")


def test_too_little_time_for_a_complexity_is_said(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(generate_family("S3:aba"), path, reorder=True)
    found = cayley("inspect", path, "--complexity", "--time-limit", "0.001")
    assert found.status == 0
    assert "complexity: no exact fit in 1 steps" in found.out


def test_laws_are_listed_by_their_numbers(cayley, tmp_path) -> None:
    path = tmp_path / "t.csv"
    write_table(generate_family("C3"), path)
    assert "laws" not in cayley("inspect", path, "--json").json()
    document = cayley("inspect", path, "--laws", "--json").json()
    assert {43, 4512} <= set(document["laws"])
    assert 3 not in document["laws"]
    assert document["laws_undecided"] == []
    text = cayley("inspect", path, "--laws").out
    assert "43  x*y = y*x" in text
    assert f"{len(document['laws'])} of the 4694 laws" in text


def test_two_operations_are_inspected_together(cayley, tmp_path) -> None:
    plus, times, other = tmp_path / "plus.csv", tmp_path / "times.csv", tmp_path / "other.csv"
    write_table(generate_family("mod6:a+b"), plus, reorder=True)
    write_table(generate_family("mod6:ab"), times, reorder=True)
    write_table(generate_family("S3"), other, reorder=True)
    out = cayley("inspect", plus, "--with", times).out
    assert "first table as the sum, second as the product: a commutative unital ring, Z/6" in out
    assert "no multiplicative inverses: 2 has no inverse under *" in out
    document = cayley("inspect", times, "--with", plus, "--json").json()["two_operations"]
    assert (document["sum"], document["name"]) == ("second", "Z/6")
    failed = cayley("inspect", plus, "--with", other)
    assert failed.status == 2
    assert "two operations need the same labels; `0`, `1`, `2`, ... are in the first" in failed.err
