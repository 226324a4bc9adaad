"""Orders of space groups and point groups, against the International Tables."""

import numpy as np
import pytest

from cayley.algebra import Group, identify
from cayley.tables.families._operation_lists import read_operations
from cayley.tables.families._point_groups import POINT_GROUPS, point_group_symbol
from cayley.tables.families._symmetry_operations import Operations, closure, operation_table

BODY, FACES = "(0,0,0)+ (1/2,1/2,1/2)+\n", "(0,0,0)+ (0,1/2,1/2)+ (1/2,0,1/2)+\n"
# Generators, operations in the conventional cell, and the point group: its symbol, order, name.
SPACE_GROUPS = {
    "P1": ("x,y,z", 1, "1", "1"),
    "P2_1/c": ("-x,y+1/2,-z+1/2\n-x,-y,-z", 4, "2/m", "C2 x C2"),
    "C2/c": ("(1/2,1/2,0)+\n-x,y,-z+1/2\n-x,-y,-z", 8, "2/m", "C2 x C2"),
    "Pnma": ("-x+1/2,-y,z+1/2\n-x,y+1/2,-z\n-x,-y,-z", 8, "mmm", "C2 x C2 x C2"),
    "Fdd2": (FACES + "-x,-y,z\nx+1/4,-y+1/4,z+1/4", 16, "mm2", "C2 x C2"),
    "P4_1": ("-y,x,z+1/4", 4, "4", "C4"),
    "I4_1/amd": (BODY + "-y+1/4,x+3/4,z+1/4\n-x+1/2,y,-z+1/2\n-x,-y,-z", 32, "4/mmm", "C2 x D8"),
    "P3_121": ("-y,x-y,z+1/3\ny,x,-z", 6, "32", "S3"),
    "R-3c": ("(2/3,1/3,1/3)+\n-y,x-y,z\ny,x,-z+1/2\n-x,-y,-z", 36, "-3m", "D12"),
    "P6_3/mmc": ("x-y,x,z+1/2\ny,x,-z\n-x,-y,-z", 24, "6/mmm", "C2 x C2 x S3"),
    "P2_13": ("-x+1/2,-y,z+1/2\n-x,y+1/2,-z+1/2\nz,x,y", 12, "23", "A4"),
    "Pa-3": ("-x+1/2,-y,z+1/2\n-x,y+1/2,-z+1/2\nz,x,y\n-x,-y,-z", 24, "m-3", "C2 x A4"),
    "Fd-3m": (
        FACES + "-x+3/4,-y+1/4,z+1/2\n-x+1/4,y+1/2,-z+3/4\nz,x,y\ny+3/4,x+1/4,-z+1/2\n-x,-y,-z",
        192, "m-3m", "C2 x S4",
    ),
    "Ia-3d": (
        BODY + "-x+1/2,-y,z+1/2\n-x,y+1/2,-z+1/2\nz,x,y\ny+3/4,x+1/4,-z+1/4\n-x,-y,-z",
        96, "m-3m", "C2 x S4",
    ),
}  # fmt: skip
POINT_ORDERS = {
    "1": 1, "-1": 2, "2": 2, "m": 2, "2/m": 4, "222": 4, "mm2": 4, "mmm": 8, "4": 4, "-4": 4,
    "4/m": 8, "422": 8, "4mm": 8, "-42m": 8, "4/mmm": 16, "3": 3, "-3": 6, "32": 6, "3m": 6,
    "-3m": 12, "6": 6, "-6": 6, "6/m": 12, "622": 12, "6mm": 12, "-62m": 12, "6/mmm": 24,
    "23": 12, "m-3": 24, "432": 24, "-43m": 24, "m-3m": 48,
}  # fmt: skip
POINT_GENERATORS = {
    "1": "x,y,z", "-1": "-x,-y,-z", "2": "-x,y,-z", "m": "x,-y,z", "2/m": "-x,y,-z;-x,-y,-z",
    "222": "-x,-y,z;-x,y,-z", "mm2": "-x,-y,z;x,-y,z", "mmm": "-x,-y,z;-x,y,-z;-x,-y,-z",
    "4": "-y,x,z", "-4": "y,-x,-z", "4/m": "-y,x,z;-x,-y,-z", "422": "-y,x,z;-x,y,-z",
    "4mm": "-y,x,z;x,-y,z", "-42m": "y,-x,-z;-x,y,-z", "4/mmm": "-y,x,z;-x,y,-z;-x,-y,-z",
    "3": "-y,x-y,z", "-3": "-y,x-y,z;-x,-y,-z", "32": "-y,x-y,z;y,x,-z", "3m": "-y,x-y,z;-y,-x,z",
    "-3m": "-y,x-y,z;y,x,-z;-x,-y,-z", "6": "x-y,x,z", "-6": "-x+y,-x,-z",
    "6/m": "x-y,x,z;-x,-y,-z", "622": "x-y,x,z;y,x,-z", "6mm": "x-y,x,z;-y,-x,z",
    "-62m": "-x+y,-x,-z;y,x,-z", "6/mmm": "x-y,x,z;y,x,-z;-x,-y,-z", "23": "-x,-y,z;z,x,y",
    "m-3": "-x,-y,z;z,x,y;-x,-y,-z", "432": "-y,x,z;z,x,y", "-43m": "y,-x,-z;z,x,y",
    "m-3m": "-y,x,z;z,x,y;-x,-y,-z",
}  # fmt: skip


@pytest.mark.parametrize("name", SPACE_GROUPS)
def test_orders_of_space_groups(name):
    text, size, symbol, group = SPACE_GROUPS[name]
    whole = closure(read_operations(text))
    assert len(whole) == size
    table = operation_table(whole)
    assert table.order == POINT_ORDERS[symbol]
    assert point_group_symbol(np.unique(whole.rotations, axis=0)) == symbol
    assert identify(table).name == group
    # modulo the cell it is a group too, an extension of the point group by the centrings
    assert Group.from_table(operation_table(whole, centrings=False)).order == size


@pytest.mark.parametrize("symbol", POINT_GENERATORS)
def test_all_crystal_classes(symbol):
    whole = closure(read_operations(POINT_GENERATORS[symbol]))
    assert len(whole) == POINT_ORDERS[symbol]
    assert point_group_symbol(whole.rotations) == symbol


def test_there_are_32_classes():
    assert sorted(POINT_GROUPS.values()) == sorted(POINT_ORDERS)
    assert all(sum(counts) == POINT_ORDERS[s] for counts, s in POINT_GROUPS.items())


def test_products_apply_the_left_one_first():
    whole = closure(read_operations("-y,x,z+1/4\nx,-y,-z"))
    table = operation_table(whole, centrings=False)
    random = np.random.default_rng(0)
    for a, b in random.integers(0, len(whole), (20, 2)):
        point = random.random(3)
        for i in (a, b):
            point = whole.rotations[i] @ point + whole.translations[i]
        c = table.array[a, b]
        x = random.random(3)
        first = whole.rotations[b] @ (whole.rotations[a] @ x + whole.translations[a])
        expected = whole.rotations[c] @ x + whole.translations[c]
        assert np.allclose((first + whole.translations[b] - expected + 0.5) % 1, 0.5)

    factored = operation_table(whole)
    for x in factored.rows:
        for y in factored.rows:
            (a,), (b,), (c,) = (read_operations(t).rotations for t in (x, y, factored[x, y]))
            assert (c == b @ a).all()


def test_what_was_given_comes_first_and_the_identity_before_it():
    whole = closure(read_operations("y,-x,z+3/4\n-x,-y,z+1/2"))
    assert whole.texts() == ["x,y,z", "y,-x,z+3/4", "-x,-y,z+1/2", "-y,x,z+1/4"]


def test_any_origin_within_the_tolerance():
    text, size, *_ = SPACE_GROUPS["Fd-3m"]
    exact = closure(read_operations(text))
    random = np.random.default_rng(1)
    origin = random.random(3)
    moved = exact.translations + origin - exact.rotations @ origin
    noisy = moved + random.uniform(
        -2.4e-4, 2.4e-4, moved.shape
    )  # errors of products of four add up to more
    found = closure(Operations.of(exact.rotations, noisy, tolerance=1e-3))
    assert len(found) == size
    with pytest.raises(ValueError, match="neither one operation nor two within the tolerance"):
        closure(Operations.of(exact.rotations, moved + random.uniform(-1e-3, 1e-3, moved.shape)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x-y,x,z\n-y,z,x", "more than any lattice in 3 dimensions has. Some operation belongs"),
        ("x+1/7,y+1/11,z+1/13", "has order 51, over the limit of 50"),
    ],
)
def test_what_is_no_small_group_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        closure(read_operations(text), max_order=50)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([np.eye(3)], [[0, 0, 0]], 0.1), "at most 1/96; got 0.1"),
        (([np.eye(3)], [[0, 0]], 0.001), "must have shape"),
        (([2 * np.eye(3)], [[0, 0, 0]], 0.001), "operation 1 has a rotation part"),
    ],
)
def test_bad_operations(arguments, message):
    *parts, tolerance = arguments
    with pytest.raises(ValueError, match=message):
        Operations.of(*parts, tolerance=tolerance)


def test_a_list_that_is_no_group_has_no_table():
    for centrings in (True, False):
        with pytest.raises(ValueError, match="a product is missing"):
            operation_table(read_operations("x,y,z\n-y,x,z"), centrings=centrings)
