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


def test_partial_tables_are_refused(cayley, save) -> None:
    found = cayley("inspect", save(",a,b\na,a,\nb,,a\n"))
    assert found.status == 2
    assert "2 cells are unknown. Use `cayley complete` first." in found.err
