from cayley.tables import Table, generate_family


def test_printing_a_table_shows_it():
    table = Table.from_array([[0, 1], [1, -1]], labels=["e", "σ"])
    assert str(table) == "   e  σ\ne  e  σ\nσ  σ  ?"
    assert repr(table).startswith("Table(2 x 2")


def test_a_large_table_is_cut_and_says_so():
    lines = str(generate_family("C50")).splitlines()
    assert len(lines) == 42
    assert lines[-1] == "(50 rows and 50 columns; the first 40 are shown)"
    assert lines[0].endswith("39  …")
    assert len(str(generate_family("C40")).splitlines()) == 41


def test_control_characters_do_not_reach_the_terminal():
    table = Table.from_array([[0]], labels=["\x1b[31mred\n"])
    assert "\x1b" not in str(table)
    assert len(str(table).splitlines()) == 2
