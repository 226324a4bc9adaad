"""File formats of tables, one file a format, its reader and its writer side by side.

Read in this order: ``_context`` (:class:`Format`, and what readers and writers are told), ``_raw``
(what a format finds in a file: cells or products, as written), ``_alphabets`` (which labels a file
means that does not list them). Then what formats share that hold a rectangle of fields: ``_sheet``
(titles, notes and blank margins taken off), ``_arrangement`` (is it a table with labels, without,
or a list of products?), ``_raw_from_sheet``. Then CSV: ``_csv_records`` (lines, quotes and
delimiters) and ``_delimited_sheet``. Then the formats: ``_square_csv``, ``_triples``, ``_json``,
``_numpy_arrays`` and ``_numpy``.

The formats of other programs come with helpers of their own. ``_places`` finds lines and columns.
Programs that call elements by numbers: ``_numbered`` (how their files list labels) and
``_bracket_lists`` (lists of rows), then ``_gap``, ``_loops``, ``_sage``, ``_mace4``, ``_minizinc``,
``_tptp`` and, in XML (``_xml``), ``_uacalc``. What people read: ``_labeled_text`` (the rows to
write), then ``_aligned``, ``_markdown``, ``_latex_text`` and ``_latex``, ``_html``, ``_equations``;
``_spreadsheet``, then ``_xlsx`` and ``_ods``.

``read_table`` and ``write_table`` choose between them, one room up, and ``cayley.tables.labels``
says what strings mean.

*The shape of a format's file.* In this order it has

1. ``parse_<name>(text, context) -> RawGrid | RawTriples``: takes the whole content (bytes, if the
   format is binary) and a ``ReadContext``, and returns cells and labels as written. Whatever is
   wrong is raised as ``context.error(message, line=..., column=...)``, which names the file; sizes
   are refused by ``context.check_sizes`` before an array of that size is made. A format that says
   everything and leaves nothing to interpret returns the ``Table``.
2. ``write_<name>(table, context) -> str | bytes``: returns the whole content. It raises
   ``ValueError`` if the format cannot hold the table, and names one that can. It is never called
   with a table that knows no product. ``write_table`` reads what is written before it is kept, and
   refuses if another table would come back.
3. ``sniff_<name>(text) -> (confidence, why)``: how sure the format is that a content is its own,
   from 0 to 1, and what it is, in words for the user; it never raises and looks at no more than it
   must. Where two formats are equally sure and read different tables, the reader refuses.
   Formats that hold numbers keep labels beside them, in statements or in a comment ``labels:
   ["e", "a"]`` that the reader knows; formats that are looked at escape labels. Nothing is renamed:
   where neither is possible, the writer refuses.
4. ``<NAME> = Format(name=..., suffixes=..., sniff=..., parse=..., write=...)``, which ``FORMATS``
   below lists.

A new format is one such file, one line in ``FORMATS`` and its name in ``TableFormat``. The tests in
``tests/unit/tables/test_write_table.py`` then write and read every kind of table in it.
"""

from cayley.tables.formats._aligned import ALIGNED
from cayley.tables.formats._context import Format
from cayley.tables.formats._equations import EQUATIONS
from cayley.tables.formats._gap import GAP
from cayley.tables.formats._html import HTML
from cayley.tables.formats._json import JSON
from cayley.tables.formats._latex import LATEX
from cayley.tables.formats._loops import LOOPS
from cayley.tables.formats._mace4 import MACE4
from cayley.tables.formats._markdown import MARKDOWN
from cayley.tables.formats._minizinc import MINIZINC
from cayley.tables.formats._numpy import NPY, NPZ
from cayley.tables.formats._ods import ODS
from cayley.tables.formats._sage import SAGE
from cayley.tables.formats._square_csv import CSV, GRID, TSV
from cayley.tables.formats._tptp import TPTP
from cayley.tables.formats._triples import TRIPLES
from cayley.tables.formats._uacalc import UACALC
from cayley.tables.formats._xlsx import XLSX

__all__ = ["FORMATS", "Format"]

# The order is the one in which messages list the formats.
# fmt: off
FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        CSV, TSV, GRID, TRIPLES, EQUATIONS, ALIGNED, JSON, NPZ, NPY,
        GAP, LOOPS, SAGE, MACE4, UACALC, TPTP, MINIZINC, LATEX, MARKDOWN, HTML, XLSX, ODS,
    )
}
# fmt: on
"""Every format by its name."""
