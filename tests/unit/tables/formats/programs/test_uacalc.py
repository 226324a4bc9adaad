import io
import re

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

ALGEBRA = """<?xml version="1.0"?>
<algebra>
  <basicAlgebra>
    <algName>C3</algName>
    <desc>0 = id.</desc>
    <cardinality>3</cardinality>
    <operations>
      <op>
        <opSymbol>
          <opName>inverse</opName>
          <arity>1</arity>
        </opSymbol>
        <opTable>
          <intArray>
            <row>0,2,1</row>
          </intArray>
        </opTable>
      </op>
      <op>
        <opSymbol>
          <opName>p</opName>
          <arity>2</arity>
        </opSymbol>
        <opTable>
          <intArray>
            <row r="[0]">0,1,2</row>
            <row r="[1]">1, 2, 0</row>
            <row r="[2]">2,0,1</row>
          </intArray>
        </opTable>
      </op>
    </operations>
  </basicAlgebra>
</algebra>
"""
C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
BILLION = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))


def read(text, **options):
    return read_table(io.StringIO(text), **options)


def test_the_binary_operation_of_an_algebra():
    table = read(ALGEBRA)
    assert table == C3
    assert table.reading.format == "uacalc"
    assert "the operation is p of C3" in table.reading.remarks
    assert read(ALGEBRA.replace(' r="[0]"', "").replace(' r="[1]"', "")) == C3
    assert (
        read(
            ALGEBRA.replace("<algebra>", "<algebraList><algebra>").replace(
                "</algebra>", "</algebra></algebraList>"
            )
        )
        == C3
    )


def test_minus_one_is_unknown_and_0_is_the_first_element():
    table = read(
        re.sub(r"<row r.*", '<row r="[0]">1,1,1</row>', ALGEBRA, count=1)
        .replace("2,0,1<", "1,-1,1<")
        .replace("1, 2, 0", "1,1,1")
    )
    assert table == Table.from_array([[1, 1, 1], [1, 1, 1], [1, -1, 1]])


def test_labels_in_the_description():
    table = read(ALGEBRA.replace("0 = id.", 'labels: ["e", "&lt;a&gt;", "a&amp;b"]'))
    assert table == Table.from_array(C3.array, labels=["e", "<a>", "a&b"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ALGEBRA.replace("<arity>2", "<arity>3"), "no operation of arity 2"),
        (
            ALGEBRA.replace("<arity>1", "<arity>2").replace(
                "<row>0,2,1</row>", "<row>0,2,1</row>" * 3
            ),
            r"2 binary operations: 'inverse of C3' in line 15, 'p of C3' in line 26",
        ),
        (
            ALGEBRA.replace("1, 2, 0", "1, 2"),
            "line 27: this row has 2 entries; the cardinality is 3",
        ),
        (ALGEBRA.replace('r="[1]"', 'r="[2]"'), "line 27: this is row 2; row 1 comes next"),
        (
            ALGEBRA.replace('<row r="[2]">2,0,1</row>', ""),
            "line 26: the operation 'p of C3' has 2 rows",
        ),
        (ALGEBRA.replace("<cardinality>3", "<cardinality>9999999"), "over the limit"),
        (ALGEBRA.replace("<cardinality>3", "<cardinality>x"), "line 6: the cardinality 'x' is not"),
        (ALGEBRA.replace("</op>", ""), "line 32, column 7: malformed XML: mismatched tag"),
        (
            ALGEBRA.replace(
                "<algebra>", f'<!DOCTYPE x [<!ENTITY a0 "ha">{BILLION}]><algebra>'
            ).replace("<desc>", "<desc>&a9;"),
            "line 2: a document type .* is not read",
        ),
        (
            ALGEBRA.replace("<algebra>", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><algebra>'),
            "a document type",
        ),
        (ALGEBRA.replace("0 = id.", "&unknown;"), "malformed XML"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="uacalc")
