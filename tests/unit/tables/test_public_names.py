import subprocess
import sys

from cayley import tables

NAMES = [
    "LARGEST_LISTED_ORDER",
    "MAX_ORDER",
    "UNKNOWN",
    "SmallGroup",
    "Table",
    "TableLike",
    "add_noise",
    "direct_product",
    "full_square",
    "generate_family",
    "isotope",
    "mask",
    "permutation_group_elements",
    "permutation_group_table",
    "read_table",
    "shuffle",
    "small_group",
    "small_groups",
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
