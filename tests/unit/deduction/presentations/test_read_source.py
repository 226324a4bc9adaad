import io

import pytest

import cayley
from cayley import Table
from cayley._errors import TableFormatError
from cayley.deduction.presentations._read_source import read_source
from cayley.tables import generate_family, write_table

GROUPS = {
    "pair.txt": ("(1 2 3)\n(1 2)\n", "S3", "2 permutations that generate a group of order 6"),
    "turns.g": ("Group((1,2,3,4));", "C4", "1 permutations"),
    "square.txt": ("0 -1\n1 0\n\n0 1\n1 0\n", "D8", "2 matrices that generate a group of order 8"),
    "quartz.cif": (
        "data_q\nloop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'-y,x-y,z+1/3'\n'-x+y,-x,z+2/3'\n",
        "C3",
        "The list is a group of 3 operations: point group 3",
    ),
    "wigner.txt": ("x,y,z\n-y,x,z\n", "C4", "no group. The smallest group that contains them has"),
    "quaternions.txt": ("i^2 = j^2 = k^2 = ijk\n", "Q8", "3 generators and 3 relators"),
}


@pytest.mark.parametrize("name", GROUPS)
def test_files_that_stand_for_groups(name, tmp_path):
    text, group, said = GROUPS[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    notes = []
    table = read_source(path, note=notes.append)
    assert str(cayley.identify(table)).startswith(f"{group} (")
    assert said in notes[0]
    assert read_source(io.BytesIO(text.encode())) == read_source(io.StringIO(text)) == table
    # the pipeline takes the path as it is
    assert cayley.inspect(path).table == table
    assert cayley.solve(str(path)).table == table


@pytest.mark.parametrize("name", ["t.csv", "t.json", "t.npz", "t.txt"])
def test_tables_are_read_as_before(name, tmp_path):
    table = Table.from_array(generate_family("S4").array)
    write_table(table, tmp_path / name, format="csv" if name == "t.txt" else None)
    assert read_source(tmp_path / name) == table
    assert read_source(io.BytesIO((tmp_path / name).read_bytes())) == table


def test_two_readings_are_refused_and_the_format_decides(tmp_path):
    path = tmp_path / "lists.txt"
    path.write_text("[2,3,1]\n[3,1,2]\n[1,2,3]\n", encoding="utf-8")
    with pytest.raises(TableFormatError, match=r"lists.txt: .*generators of a group, or the rows"):
        read_source(path)
    assert read_source(path, format="generators").order == 3


def test_refusals_name_the_file_and_the_limit(tmp_path):
    path = tmp_path / "s8.txt"
    path.write_text("(1 2 3 4 5 6 7 8)\n(1 2)\n", encoding="utf-8")
    with pytest.raises(TableFormatError, match=r"s8.txt: .*over the limit of 1000"):
        read_source(path, max_order=1000)
    with pytest.raises(TableFormatError, match=r"bytes; this is not"):
        read_source(io.BytesIO(b"\0\1"), format="generators")
    with pytest.raises(TableFormatError, match="No finite group"):
        read_source(io.StringIO("x-y,x,z\n-y,z,x"), format="operations")
