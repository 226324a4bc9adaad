"""GAP prints tables that we read, and reads tables that we write; where it is installed."""

import io

import numpy as np
import pytest

from cayley.tables import Table, read_table, write_table

pytest.importorskip("passagemath_gap", reason="GAP is an optional oracle")

# Magmas whose elements GAP lists in an order of its own; its tables count them from 1.
MAGMAS = [
    "SmallGroup(1, 1)",
    "SmallGroup(12, 3)",
    "SymmetricGroup(4)",
    "DihedralGroup(16)",
    "AlternatingGroup(5)",
    "FullTransformationSemigroup(3)",
    "SymmetricInverseSemigroup(2)",
    "Semigroup(Transformation([1, 1, 3]), Transformation([3, 3, 3]))",
    "Semigroup(Transformation([2, 3, 3]), Transformation([1, 1, 2]))",
    "Units(Integers mod 15)",
]
# PrintTo breaks lines after 80 characters, String writes one, and Display one row a line.
PRINTED = {
    "PrintTo": 'function(t) local s, o; s := ""; o := OutputTextString(s, true);'
    " PrintTo(o, t); CloseStream(o); return s; end",
    "String": "String",
    "Display": 'function(t) local s, o; s := ""; o := OutputTextString(s, true);'
    " CALL_WITH_STREAM(o, Display, [t]); CloseStream(o); return s; end",
    "session": 'function(t) return Concatenation("gap> MultiplicationTable(m);\\n", String(t),'
    ' "\\ngap> quit;\\n"); end',
    "assigned": 'function(t) return Concatenation("t := ", String(t), ";;\\n"); end',
}


@pytest.fixture(scope="module")
def gap():
    from sage.libs.gap.libgap import libgap

    return libgap


@pytest.mark.parametrize("printed", PRINTED)
@pytest.mark.parametrize("magma", MAGMAS)
def test_tables_that_gap_prints_are_read(magma, printed, gap):
    found = gap.eval(f"MultiplicationTable(AsList({magma}))")
    text = str(gap.eval(PRINTED[printed])(found).sage())
    table = read_table(io.StringIO(text))
    wanted = np.array([[int(c) - 1 for c in row] for row in found.sage()])
    labels = [str(i + 1) for i in range(len(wanted))]
    assert table == Table.from_array(wanted, labels=labels), text[:200]


TABLES = [
    Table.from_array([[0, 1], [1, -1]]),
    Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, -1]], labels="123"),
    Table.from_array([[0, 1], [1, 0]], labels=["e\\n\n", 'a"b\x07']),
    Table(rows="ab", columns="xyz", symbols="pq", array=[[0, 1, 1], [1, -1, 0]]),
]


@pytest.mark.parametrize("table", TABLES, ids=["zero", "one", "labels", "rectangle"])
def test_gap_reads_what_is_written(table, gap):
    stream = io.StringIO()
    write_table(table, stream, format="gap")
    read = gap.eval("function(text) Read(InputTextString(text)); return true; end")
    for name in ("labels", "rows", "columns", "symbols"):
        gap.eval(f"{name} := fail")
    assert read(stream.getvalue())
    # Sage has nothing for GAP's `fail`.
    rows = gap.eval("List(table, row -> List(row, c -> First([c, 0], IsInt)))").sage()
    assert [[int(c) for c in row] for row in rows] == (table.array + 1).tolist()
    for name in ("rows", "columns", "symbols"):
        listed = gap.eval(f"{name}")
        if str(listed) == "fail":
            listed = gap.eval("labels")
        if str(listed) != "fail":
            assert tuple(str(each) for each in listed.sage()) == getattr(table, name)
