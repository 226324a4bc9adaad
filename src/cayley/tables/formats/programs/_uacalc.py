"""Algebras of the Universal Algebra Calculator: ``.ua`` files, which are XML."""

import html
import re
from xml.parsers import expat

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._places import CellPlaces, Lines
from cayley.tables.formats._raw import RawGrid, Sniffed
from cayley.tables.formats._xml import parse_xml
from cayley.tables.formats.programs._numbered import (
    label_lines,
    labels_of,
    named_grid,
    numbers_of,
    read_label_lines,
    refuse_other_shapes,
    refuse_repeats,
)

__all__ = ["UACALC", "parse_uacalc", "sniff_uacalc", "write_uacalc"]

# The elements whose text is kept; everything else is passed over.
_TEXTS = frozenset({"algName", "desc", "cardinality", "opName", "arity", "row"})
_INDEX = re.compile(r"\[(\d{1,9})\]")


class _Reader:
    """Collects the binary operations of all algebras of a file."""

    def __init__(self, context: ReadContext) -> None:
        self.context = context
        self.parser: expat.XMLParserType | None = None
        self.algebra, self.order, self.description = "", 0, ""
        self.name, self.arity = "", ""
        self.rows: list[tuple[str, ...]] = []
        self.lines: list[int] = []
        self.expected_row: str | None = None
        self.operations: list[tuple[str, int, list[tuple[str, ...]], list[int], str]] = []
        self._text: list[str] = []
        self._is_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._text, self._is_text = [], name in _TEXTS
        if name == "op":
            self.rows, self.lines, self.name, self.arity = [], [], "", ""
        elif name == "basicAlgebra":
            self.algebra, self.order, self.description = "", 0, ""
        elif name == "row":
            self.expected_row = attributes.get("r")

    def characters(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)

    def end(self, name: str) -> None:
        text = "".join(self._text).strip() if self._is_text else ""
        self._is_text = False
        if name == "algName":
            self.algebra = text
        elif name == "desc":
            self.description = text
        elif name == "opName":
            self.name = text
        elif name == "arity":
            self.arity = text
        elif name == "cardinality":
            self._cardinality(text)
        elif name == "row" and self.arity == "2":
            self._row(text)
        elif name == "op" and self.arity == "2":
            label = f"{self.name} of {self.algebra}" if self.algebra else self.name
            first = self.lines[0] if self.lines else self._line()
            if len(self.rows) != self.order:
                raise self.context.error(
                    f"the operation {shown(label)} has {len(self.rows)} rows; the cardinality is "
                    f"{self.order}.",
                    line=first,
                )
            one = (label, self.order, self.rows, self.lines, self.description)
            self.operations.append(one)

    def _line(self) -> int:
        assert self.parser is not None
        return self.parser.CurrentLineNumber

    def _cardinality(self, text: str) -> None:
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise self.context.error(
                f"the cardinality {shown(text)} is not a number.", line=self._line()
            )
        self.order = int(text)
        self.context.check_sizes(self.order, self.order, self.order)

    def _row(self, text: str) -> None:
        line = self._line()
        if text.count(",") + 1 != self.order:
            raise self.context.error(
                f"this row has {text.count(',') + 1} entries; the cardinality is {self.order}.",
                line=line,
            )
        index = _INDEX.fullmatch(self.expected_row.strip()) if self.expected_row else None
        if index and int(index.group(1)) != len(self.rows):
            raise self.context.error(
                f"this is row {index.group(1)}; row {len(self.rows)} comes next.", line=line
            )
        self.rows.append(tuple(entry.strip() for entry in text.split(",")))
        self.lines.append(line)


def parse_uacalc(text: str, context: ReadContext) -> RawGrid:
    """Read the only binary operation of a ``.ua`` file; -1 is an unknown product.

    Raises:
        TableFormatError: If the XML is malformed or declares entities, or if there is no binary
            operation, or several, which are then listed.
    """
    reader = _Reader(context)
    parse_xml(text, reader, context)
    found = reader.operations
    if not found:
        raise context.error("the algebra has no operation of arity 2.")
    if len(found) > 1:
        listed = ", ".join(
            f"{shown(name)} in line {lines[0]}" for name, _, _, lines, _ in found[:10]
        )
        listed += ", ..." if len(found) > 10 else ""
        raise context.error(
            f"the file has {len(found)} binary operations: {listed}. Keep one a file."
        )
    name, order, rows, lines, description = found[0]
    cells = tuple(tuple(None if c in ("-1", "") else c for c in row) for row in rows)
    grid = RawGrid(
        cells=cells,
        base=0,
        places=CellPlaces(order, order, lambda i, _: (lines[i], None), Lines(text)),
        remarks=(f"the operation is {name}",),
    )
    return named_grid(grid, read_label_lines(description, context), context, base=0)


def write_uacalc(table: Table, context: WriteContext) -> str:
    """Return an algebra with one operation, -1 where unknown; labels in its description.

    Raises:
        ValueError: If the table is not square or observations repeat cells.
    """
    refuse_repeats(table, "UACalc")
    refuse_other_shapes(table, "UACalc")
    labels = label_lines(labels_of(table, base=0), comment="")
    description = f"    <desc>{html.escape(labels.strip(), quote=False)}</desc>\n" if labels else ""
    rows = "".join(
        f'            <row r="[{i}]">{",".join(row)}</row>\n'
        for i, row in enumerate(numbers_of(table, base=0, unknown="-1"))
    )
    return f"""<?xml version="1.0"?>
<algebra>
  <basicAlgebra>
    <algName>table</algName>
{description}    <cardinality>{len(table.rows)}</cardinality>
    <operations>
      <op>
        <opSymbol>
          <opName>*</opName>
          <arity>2</arity>
        </opSymbol>
        <opTable>
          <intArray>
{rows}          </intArray>
        </opTable>
      </op>
    </operations>
  </basicAlgebra>
</algebra>
"""


_ROOT = re.compile(r"<algebra(?:List)?+[\s>]")


def sniff_uacalc(text: str) -> Sniffed:
    """Say whether the text is XML with the root of an algebra."""
    start = text[:8192]
    if start.lstrip().startswith("<") and _ROOT.search(start):
        return 1.0, "an algebra of UACalc"
    return 0.0, ""


UACALC = Format(
    name="uacalc", suffixes=(".ua",), sniff=sniff_uacalc, parse=parse_uacalc, write=write_uacalc
)
