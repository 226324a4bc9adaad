"""Symmetry operations as written, against the International Tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.tables.families._operation_lists import looks_like_operations, read_operations
from cayley.tables.families._symmetry_operations import operation_text

CIF = """data_quartz
_cell_length_a 4.9
loop_
_space_group_symop_id
_space_group_symop_operation_xyz
1 'x, y, z'
2 '-y, x-y, z+1/3'
3 "-x+y,-x,z+0.6667"
loop_
_atom_site_label
_atom_site_fract_x
Si 0.47
"""


def test_the_list_of_a_cif_file():
    assert looks_like_operations(CIF)[0] == 1.0
    assert read_operations(CIF).texts() == ["x,y,z", "-y,x-y,z+1/3", "-x+y,-x,z+2/3"]


@pytest.mark.parametrize(
    "change",
    [
        ("_space_group_symop_id\n", ""),
        ("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"),
        ("1 'x, y, z'\n", "1 X,Y,Z\n"),
        ("data_quartz", "#\\#CIF_1.1\ndata_quartz"),
    ],
)
def test_other_ways_to_write_it(change):
    text = CIF.replace(*change)
    if "symop_id" in change[0]:
        text = text.replace("\n1 ", "\n").replace("\n2 ", "\n").replace("\n3 ", "\n")
    assert read_operations(text).texts() == read_operations(CIF).texts()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1) x,y,z (2) -x,-y,z", ["x,y,z", "-x,-y,z"]),
        ("x\u0304,y\u0304,z; 1/2+x, 1/2-y, \u2212z", ["-x,-y,z", "x+1/2,-y+1/2,-z"]),
        ("\u0233,x,z", ["-y,x,z"]),
        ("a,b,-c\n-a,-b,c", ["x,y,-z", "-x,-y,z"]),
        ("x, -y # a mirror line\n-x,y", ["x,-y", "-x,y"]),
        ("(0,0,0)+ (1/2,1/2,1/2)+\n-x,y,z", ["-x,y,z", "x,y,z", "x+1/2,y+1/2,z+1/2"]),
        ("0.333+x,-y,z", ["x+1/3,-y,z"]),
        ("x+1/5,-y,z+0.12", ["x+1/5,-y,z+3/25"]),
        ("x-1/4,-y,z+7/3", ["x+3/4,-y,z+1/3"]),
    ],
)
def test_lists_of_operations(text, expected):
    assert looks_like_operations(text)[0] >= 0.7 or "x, -y" in text
    assert read_operations(text).texts() == expected


@given(st.integers(0, 10**6))
def test_a_text_gives_the_operation_back(seed):
    random = np.random.default_rng(seed)
    turn = np.eye(3, dtype=np.int64)[random.permutation(3)] * random.choice([-1, 1], 3)
    shift = random.integers(0, 24, 3) / 24
    text = operation_text(turn, shift)
    found = read_operations(text)
    assert found.rotations[0].tolist() == turn.tolist()
    assert found.translations[0] == pytest.approx(shift)


@pytest.mark.parametrize(
    "text",
    ["a,b,c\nb,c,a\nc,a,b", "x,y,z\ny,z,x\nz,x,y", "x,y\ny,x", ",x,y\nx,x,y\ny,y,x", "",
     "x,y,z\ne,a,a\na,a,e", "left,right,result\n1,2,3", "0,1\n1,0", "x,-x\n-x,x"],
)  # fmt: skip
def test_tables_are_no_operations(text):
    assert looks_like_operations(text)[0] == 0


def test_as_many_lines_as_components_may_be_a_table():
    assert looks_like_operations("x,-y\n-y,x")[0] == 0.4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,y,z\n-x,q,z", "line 2: '-x,q,z' is no operation"),
        ("x,y,z\n-x,-y", "line 2: '-x,-y' has 2 components, others 3"),
        ("x,y,z\nx,x,z+1/2", "line 2: 'x,x,z.1/2': operation 2 has a rotation part that takes no"),
        ("1/2x,-2y,z", "takes no lattice to itself"),
        ("x,y,z+1/0", "line 1: 1/0 divides by zero"),
        (f"x,y,z\nx,y,z+1{'0' * 400}", "line 2: 1000*0 is beyond the limit of 1000000"),
        ("# nothing", "there is no symmetry operation"),
        (CIF + CIF.replace("1/3", "2/3"), "2 different lists of symmetry operations"),
    ],
)
def test_a_refusal_names_the_line(text, message):
    with pytest.raises(ValueError, match=message):
        read_operations(text)


def test_letters_are_as_many_as_components():
    """Six components in a, b and c were sniffed as operations, and raised a LinAlgError."""
    text = "a,b,c\nb,c,1,1,1,a\n"
    assert looks_like_operations(text) == (0.0, "")
    with pytest.raises(ValueError, match="line 2: 'b,c,1,1,1,a' is no operation"):
        read_operations(text)
    assert looks_like_operations("-b,a\n-a,-b\n1/2+a,-b")[0] == 0.9
