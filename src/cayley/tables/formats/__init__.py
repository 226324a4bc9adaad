"""File formats of tables, one file a format, its reader and its writer side by side.

Read in this order: ``_context`` (:class:`Format`, and what readers and writers are told),
``_alphabets`` (which labels a file means that does not list them), ``_csv_records`` (lines and
quotes of CSV and TSV); then the formats ``_square_csv``, ``_triples``, ``_json`` and ``_numpy``.
``read_table`` and ``write_table`` choose between them, one room up.

*The shape of a format's file.* In this order it has

1. ``read_<name>(text, context) -> Table``: takes the whole content (``bytes`` if the format is
   binary) and a ``ReadContext``. Whatever is wrong is raised as ``context.error(message, line=...,
   column=...)``, which names the file; sizes are refused by ``context.check_sizes`` before an array
   of that size is made.
2. ``write_<name>(table, context) -> str | bytes``: returns the whole content. It raises
   ``ValueError`` if ``read_<name>`` would not give an equal table back, and names a format that can
   hold the table. It is never called with a table that knows no product.
3. What tells the format from others by its content, such as ``looks_like_json(text)``; it never
   raises and reads no more than it must. A format that is to be told from many others has
   ``sniff(text) -> (confidence, why)`` in this place: a number from 0 to 1, and the words in which
   ``why`` is shown to the user.
4. ``<NAME> = Format(name=..., suffixes=..., read=..., write=...)``, which ``FORMATS`` below lists.

A new format is one such file, one line in ``FORMATS`` and its name in ``TableFormat``. The tests in
``tests/unit/tables/test_write_table.py`` then write and read every kind of table in it.
"""

from cayley.tables.formats._context import Format
from cayley.tables.formats._json import JSON
from cayley.tables.formats._numpy import NPY, NPZ
from cayley.tables.formats._square_csv import CSV, TSV
from cayley.tables.formats._triples import TRIPLES

__all__ = ["FORMATS", "Format"]

# The order is the one in which messages list the formats.
FORMATS: dict[str, Format] = {format.name: format for format in (CSV, TSV, TRIPLES, JSON, NPZ, NPY)}
"""Every format by its name."""
