"""File formats of tables, one file a format, its reader and its writer side by side.

Read in this order: ``_context`` (:class:`Format`, and what readers and writers are told), ``_raw``
(what a format finds in a file: cells or products, as written), ``_alphabets`` (which labels a file
means that does not list them), ``_places`` (lines and columns, for messages), ``_packing`` (of
archives), ``_xml`` (XML without its dangers). Then ``rectangles`` (what a rectangle of fields is).
Then the formats, in folders by who writes them: ``text`` (csv, tsv, grid, triples, equations,
aligned, json), ``arrays`` (npz, npy), ``programs`` (gap, loops, sage, mace4, uacalc, tptp,
minizinc, mathematica), ``markup`` (latex, markdown, html) and ``spreadsheets`` (xlsx, ods).

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

from collections.abc import Iterator, Mapping
from importlib import import_module

from cayley.tables.formats._context import Format

__all__ = ["BINARY", "FORMATS", "READ_ONLY", "Format"]


class _Formats(Mapping[str, Format]):
    """Every format by its name; the file of a format is loaded when the format is asked for."""

    def __init__(self, homes: Mapping[str, str]) -> None:
        self._homes = homes

    def __getitem__(self, name: str) -> Format:
        found = getattr(import_module(f"{__name__}.{self._homes[name]}"), name.upper())
        assert isinstance(found, Format)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)

    def __contains__(self, name: object) -> bool:
        return name in self._homes


# The order is the one in which messages list the formats.
FORMATS: Mapping[str, Format] = _Formats(
    {
        "csv": "text._square_csv",
        "tsv": "text._square_csv",
        "grid": "text._square_csv",
        "triples": "text._triples",
        "equations": "text._equations",
        "aligned": "text._aligned",
        "json": "text._json",
        "npz": "arrays._numpy",
        "npy": "arrays._numpy",
        "gap": "programs._gap",
        "loops": "programs._loops",
        "sage": "programs._sage",
        "mace4": "programs._mace4",
        "uacalc": "programs._uacalc",
        "tptp": "programs._tptp",
        "minizinc": "programs._minizinc",
        "mathematica": "programs._mathematica",
        "latex": "markup._latex",
        "markdown": "markup._markdown",
        "html": "markup._html",
        "xlsx": "spreadsheets._xlsx",
        "ods": "spreadsheets._ods",
    }
)
"""Every format by its name. Twenty files take a tenth of a second, so each waits until needed."""

BINARY = frozenset({"npz", "npy", "xlsx", "ods"})
"""The formats that are no text."""

READ_ONLY = frozenset({"grid", "equations", "aligned", "tptp", "minizinc", "mathematica"})
"""The formats that are read and not written."""
