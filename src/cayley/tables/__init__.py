r"""Tables: partly known operations, where they come from and how they are kept.

A ``Table`` says which products :math:`a \circ b = c` are known, over labels that mean nothing but
themselves. It is a value: everything here takes tables and returns new ones, and needs NumPy only.

- *Files.* ``read_table`` and ``write_table`` know square CSV and TSV, lists of triples, JSON and
  NumPy files; what is written comes back equal, or is refused.
- *Families.* ``generate_family`` makes a table from a name (``S4``, ``D8``, ``12:3``,
  ``mod97:a^2+ab+b^2``, ``S5:aba^-1``); the constructors behind it are here too. Orders and names
  are GAP's, and so is the order of composition: :math:`a \circ b` means first a, then b.
- *Corruption.* ``mask``, ``add_noise``, ``shuffle`` and ``isotope`` make an experiment out of a
  table, each from an explicit seed.

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
from cayley.tables._families import (
    alternating_group,
    cyclic_group,
    dicyclic_group,
    dihedral_group,
    direct_product,
    projective_special_linear_group,
    quaternion_group,
    symmetric_group,
)
from cayley.tables._limits import MAX_ORDER
from cayley.tables._modular import modular_table
from cayley.tables._permutations import permutation_group_elements, permutation_group_table
from cayley.tables._reading import FORMATS, TableFormat, TableSource, read_table
from cayley.tables._small_groups import (
    LARGEST_LISTED_ORDER,
    SmallGroup,
    small_group,
    small_groups,
)
from cayley.tables._specification import generate_family, word_table
from cayley.tables._table import UNKNOWN, Table
from cayley.tables._writing import write_table

__all__ = [
    "FORMATS",
    "LARGEST_LISTED_ORDER",
    "MAX_ORDER",
    "UNKNOWN",
    "SmallGroup",
    "Table",
    "TableFormat",
    "TableSource",
    "add_noise",
    "alternating_group",
    "cyclic_group",
    "dicyclic_group",
    "dihedral_group",
    "direct_product",
    "generate_family",
    "isotope",
    "mask",
    "modular_table",
    "permutation_group_elements",
    "permutation_group_table",
    "projective_special_linear_group",
    "quaternion_group",
    "read_table",
    "shuffle",
    "small_group",
    "small_groups",
    "symmetric_group",
    "word_table",
    "write_table",
]
