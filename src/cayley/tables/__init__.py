r"""Tables: partly known operations, where they come from and how they are kept.

A ``Table`` says which products :math:`a \circ b = c` are known, over labels that mean nothing but
themselves. It is a value: everything here takes tables and returns new ones, and needs NumPy only.

- *Files.* ``read_table`` and ``write_table`` know tables as people and programs write them; how a
  file was understood is its ``reading``. What is written comes back equal, or is refused.
- *Families.* ``generate_family`` makes a table from a name (``S4``, ``D8``, ``12:3``,
  ``mod97:a^2+ab+b^2``, ``S5:aba^-1``). Orders and names are GAP's, and so is the order of
  composition: :math:`a \circ b` means first a, then b.
- *Corruption.* ``mask``, ``add_noise``, ``shuffle`` and ``isotope`` make an experiment out of a
  table, each from an explicit seed.

Read in this order: ``_table`` (the value), ``_labeled_cells`` and ``_bare_grid`` (what the values
of lists and arrays mean), ``_frames`` (DataFrames and graphs), ``_text_grid`` and ``_html_grid`` (a
table as text and for a notebook), ``_as_table`` and ``_full_square`` (what every function on
tables, and on full tables, accepts), ``_limits`` (how large a table may be); ``families`` (a
room: tables by name and from generators); ``_corruption``; ``_reading`` (how a file was
understood), ``labels`` (a room: what the strings in a file mean), ``formats`` (a room: one file a
format), ``_table_from_raw``, ``_table_from_triples`` and ``_decided`` (from what is written to the
table), ``_text_encoding``, ``_choose_format``, ``_read_table``, ``_write_table`` and
``_formulas_as_text``.

Example:
    >>> import io
    >>> table = mask(generate_family("S3"), observe=0.61, seed=0)
    >>> table
    Table(6 x 6 over 6 symbols, 22 of 36 cells known)
    >>> file = io.StringIO()
    >>> write_table(table, file, format="csv")
    >>> read_table(io.StringIO(file.getvalue())) == table
    True
"""

from cayley.tables._corruption import add_noise, isotope, mask, shuffle
from cayley.tables._limits import MAX_ORDER
from cayley.tables._read_table import read_table
from cayley.tables._table import UNKNOWN, Table
from cayley.tables._write_table import write_table
from cayley.tables.families._operation_names import generate_family
from cayley.tables.families._permutations import permutation_group_elements
from cayley.tables.families._small_groups import (
    all_small_groups,
    small_group,
)

__all__ = [
    "MAX_ORDER",
    "UNKNOWN",
    "Table",
    "add_noise",
    "all_small_groups",
    "generate_family",
    "isotope",
    "mask",
    "permutation_group_elements",
    "read_table",
    "shuffle",
    "small_group",
    "write_table",
]
