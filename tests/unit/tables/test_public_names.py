import subprocess
import sys

from cayley import tables

NAMES = [
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


def test_public_names():
    assert sorted(tables.__all__) == sorted(NAMES)
    assert all(hasattr(tables, name) for name in NAMES)


def test_nothing_heavy_is_imported():
    heavy = ["torch", "matplotlib", "rich", "typer", "numba", "scipy", "sympy"]
    code = f"import sys, cayley.tables; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
