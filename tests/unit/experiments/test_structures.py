import numpy as np

from cayley.experiments._structures import structures
from cayley.theories import parse_laws, parse_theory
from cayley.theories.laws._conditions import failing_cells
from cayley.theories.laws._evaluation import first_violation


def test_each_structure_has_its_theory():
    found = structures()
    assert len({each.name for each in found}) == len(found) >= 21
    for each in found:
        theory = parse_theory(each.theory)
        assert each.table.min() >= 0
        assert each.table.max() < len(each.table) == each.table.shape[1]
        for law in theory.laws:
            assert first_violation(law, each.table) is None, (each.name, str(law))
        for condition in theory.conditions:
            assert failing_cells(condition, each.table) is None, (each.name, condition)


def test_structures_are_no_more_than_they_are_called():
    fails = {
        "octonion units": "x(yz) = (xy)z",
        "left Bol loop of order 8": "(xy)(zx) = (x(yz))x",
        "Steiner loop of order 10": "x(yz) = (xy)z",
        "quaternion group": "xy = yx",
        "dihedral group of order 8": "xy = yx",
        "dihedral quandle of order 9": "xy = yx",
        "Alexander quandle of order 8": "x(xy) = y",
        "isotope of C7": "(xy)(zw) = (xz)(yw)",
        "times mod 12": "xx = x",
        "tropical 2x2 matrices": "xy = yx",
        "rock, paper, scissors": "x(yz) = (xy)z",
        "subtraction mod 7": "xy = yx",
    }
    tables = {each.name: each.table for each in structures()}
    for name, text in fails.items():
        assert first_violation(parse_laws(text)[0], tables[name]) is not None, name
    squares = np.diagonal(tables["octonion units"])
    # One unit squares to 1 beside 1 itself, all others to -1.
    assert sorted(np.bincount(squares).tolist())[-2:] == [2, 14]
