"""What a table is given as does not change what it is."""

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.algebra import Group
from cayley.tables import Table, generate_family, mask, write_table
from cayley.tables._as_table import as_table

C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, -1]], labels="eab")
CELLS = [["e", "a", "b"], ["a", "b", "e"], ["b", "e", None]]


def with_margins(corner):
    return [[corner, *"eab"], *([label, *row] for label, row in zip("eab", CELLS, strict=True))]


def frame(**options):
    return pd.DataFrame(CELLS, index=list("eab"), columns=list("eab"), **options)


FORMS = {
    "table": lambda: C3,
    "bare list": lambda: CELLS,
    "tuples": lambda: tuple(map(tuple, CELLS)),
    "NaN": lambda: [[float("nan") if v is None else v for v in row] for row in CELLS],
    "marker": lambda: [["?" if v is None else v for v in row] for row in CELLS],
    "object array": lambda: np.array(CELLS, object),
    "margins, blank corner": lambda: with_margins(""),
    "margins, star": lambda: with_margins("*"),
    "margins, None": lambda: with_margins(None),
    "frame": frame,
    "first column": lambda: frame().reset_index(),
    "read_csv": lambda: pd.read_csv(io.StringIO(frame().to_csv())),
    "stream": lambda: io.StringIO(frame().to_csv()),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_labels_is_the_same_table(form):
    assert as_table(FORMS[form]()) == C3


def test_a_path_is_read(tmp_path):
    write_table(C3, tmp_path / "c3.csv")
    assert as_table(tmp_path / "c3.csv") == as_table(str(tmp_path / "c3.csv")) == C3


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    "form",
    [np.array, list, lambda a: np.array(a, float), lambda a: a.astype(str), pd.DataFrame],
    ids=["array", "list of rows", "floats", "text", "frame"],
)
def test_numbers_count_from_zero_or_one(first, form):
    array = generate_family("S4").array  # 24 numbers: text is not in the order of numbers
    table = as_table(form(array + first))
    assert table.rows == tuple(map(str, range(first, 24 + first)))
    assert table.array.tolist() == array.tolist()


def test_unknown_numbers_are_negative_none_or_nan():
    expected = Table.from_array([[0, 1], [1, -1]])
    assert as_table(np.array([[0, 1], [1, -7]])) == expected
    assert as_table([[0, 1], [1, None]]) == expected
    assert as_table(np.array([[0, 1], [1, np.nan]])) == expected
    frame = pd.DataFrame({1: [1, 2], 2: [2, np.nan]}, index=[1.0, 2.0])
    assert as_table(frame) == Table.from_array(expected.array, labels="12")


def test_an_isotope_keeps_its_three_alphabets():
    frame = pd.DataFrame([["x", "y"], ["y", None]], index=["p", "q"], columns=["u", "v"])
    table = as_table(frame)
    assert (table.rows, table.columns, table.symbols) == (("p", "q"), ("u", "v"), ("x", "y"))
    seen = as_table(pd.DataFrame([["x", None]] * 2, index=["p", "q"], columns=["u", "v"]))
    assert seen.symbols == ("x", "?1")


def test_a_sympy_group_multiplies_as_sympy_does():
    group = PermutationGroup(Permutation([1, 2, 3, 0]), Permutation([1, 0, 2, 3]))
    table = as_table(group)
    for p in group.elements:
        for q in group.elements:
            names = [Permutation([0, *(i + 1 for i in each.array_form)]) for each in (p, q, p * q)]
            left, right, product = (str(n.cyclic_form).replace(",", "") for n in names)
            words = [t.strip("[]").replace("] [", ")(") for t in (left, right, product)]
            a, b, c = (f"({word})" for word in words)
            assert table[a, b] == c


REFUSED = {
    "ragged": ([[0, 1], [1]], ValueError, "rows of one length; row 1 has 1 entries, row 0 has 2"),
    "rectangle": ([[0, 1]], ValueError, r"must be square and not empty; got shape \(1, 2\)"),
    "flat": ([0, 1], ValueError, r"got shape \(2,\)"),
    "too large": ([[0, 3], [1, 0]], ValueError, r"got 3 at \(0, 1\). Unknown cells are -1"),
    "0 to n": ([[0, 2], [1, None]], ValueError, r"in 0..1, or in 1..2 without a 0; got 2"),
    "0 or 1": ([[1, None, 2]] * 3, ValueError, r"may count from 0 or from 1: .*range\(1, 4\)"),
    "fraction": ([[0, 0.5], [1, 0]], TypeError, r"integers; got dtype float64 at \(0, 1\)"),
    "bool": ([[True, False], [False, True]], TypeError, "got dtype bool"),
    "too many labels": ([["e", "b"], ["b", "c"]], ValueError, "not as many labels as rows"),
    "margins or not": ([["0", "1"], ["1", "1"]], ValueError, "in its first row and column, or no"),
    "order of labels": (
        [["c", "b", "a"], ["b", "a", "c"], ["c", "a", "b"]],
        ValueError,
        "does not say which label each row has: c, b, a as they appear",
    ),
    "mistyped": ([*with_margins("")[:3], ["b", "b", "A", "e"]], ValueError, "'A' in row 'b', col"),
    "unnamed rows": (pd.DataFrame(CELLS, columns=list("eab")), ValueError, "Name the rows"),
    "empty frame": (pd.DataFrame(), ValueError, "must not be empty"),
    "function": (max, TypeError, r"needs labels: use `Table.from_operation\(f, labels\)`"),
    "none": (None, TypeError, "got NoneType"),
    "dict": ({}, TypeError, "must be a Table, a path, a DataFrame, an array or nested lists"),
    "number": (3, TypeError, "got int"),
    "text": ("e,a\ne,a", ValueError, r"read_table\(io.StringIO\(text\)\)"),
    "no file": ("C6", FileNotFoundError, "C6: there is no such file. `cayley.generate`"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_to_do(case):
    source, error, message = REFUSED[case]
    with pytest.raises(error, match=message):
        as_table(source)


def test_the_remedies_that_messages_name_work():
    cells = [[1, None, 2], [2, 1, None], [None, 2, 1]]
    assert Table.from_array(cells, labels=range(1, 4))["1", "3"] == "2"
    assert Table.from_array([["a", "c"], ["c", None]], labels=["c", "a"])["c", "c"] == "a"
    with pytest.raises(ValueError, match=r"'b' in row 'c', column 'a'.*did you mean"):
        Table.from_array([["a", "b"], ["c", None]], labels=["c", "a"])
    with pytest.raises(ValueError, match="must have 3 rows and columns"):
        Table.from_array([["a", "b"]], labels="abc")


def test_public_functions_take_every_form(tmp_path):
    import cayley
    from cayley.theories import complete_under

    for form in FORMS.values():
        solution = cayley.solve(form())
        assert str(solution.identification) == "C3 (GAP 3:1)"
    assert str(cayley.inspect([[1, 2], [2, 1]]).identification) == "C2 (GAP 2:1)"
    assert str(cayley.identify(frame().fillna("a"))) == "C3 (GAP 3:1)"
    assert Group.from_table(frame().fillna("a")).order == 3
    assert complete_under(frame(), "group").unique == "yes"
    assert mask(frame(), observe=0.5, seed=0).num_observed == 4
    write_table(frame(), tmp_path / "c3.csv")
    assert as_table(tmp_path / "c3.csv") == C3
    cayley.write_report([["e"]], tmp_path / "report.html")  # figures of larger ones take seconds
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert cayley.solve([["e"]]).verdict.split(":")[0] in written


def test_pandas_is_only_imported_with_a_frame():
    code = (
        "import sys, cayley; cayley.solve([['e', 'a'], ['a', None]]); "
        "sys.exit(' '.join({'pandas', 'networkx', 'sympy', 'torch'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_lists_mean_what_files_mean():
    import io

    from cayley.tables import read_table
    from cayley.tables._bare_grid import labeled_grid

    # Letters that are signs of operations elsewhere are labels, and every marker means unknown.
    for cells in (
        [["x", "y"], ["y", "x"]],
        [["o", "p"], ["p", "undefined"]],
        [["*", "e", "a"], ["e", "e", "a"], ["a", "a", "n/a"]],
        [["", "e", "a"], ["e", "e", "\N{EM DASH}"], ["a", "a", "unknown"]],
    ):
        text = "\n".join(",".join(row) for row in cells)
        has_margins = cells[0][0] in ("", "*")
        table = read_table(io.StringIO(text), format="csv" if has_margins else "grid")
        found = labeled_grid(cells)
        assert found.rows == table.rows
        assert (found.array == table.array).all()
