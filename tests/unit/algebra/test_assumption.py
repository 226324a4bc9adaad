import numpy as np

from cayley.algebra import Forced, Inconsistent, Undecided, choose_assumption


def full(table):
    a, b = np.indices(table.shape).reshape(2, -1)
    return np.stack([a, b, table[a, b]], axis=1)


def test_a_group_an_isotope_and_neither(tables, rng):
    group = tables.dihedral(5)
    cases = {"group": group, "isotope": tables.isotope(group, rng)}
    cases["none"] = tables.switched(group)
    for expected, table in cases.items():
        choice = choose_assumption(full(table), order=10, one_alphabet=True)
        assert choice.assumption == expected
        names = [name for name, _ in choice.refuted]
        assert names == {"group": [], "isotope": ["group"], "none": ["group", "isotope"]}[expected]
        assert all(isinstance(proof, Inconsistent) for _, proof in choice.refuted)
        kind = Inconsistent if expected == "none" else Forced
        assert isinstance(choice.deduction, kind)


def test_a_group_is_not_assumed_of_different_alphabets(tables):
    choice = choose_assumption(full(tables.dihedral(5)), order=10, one_alphabet=False)
    assert choice.assumption == "isotope"
    assert choice.refuted == ()


def test_what_is_left_open_is_not_refuted():
    choice = choose_assumption([[0, 1, 2]], order=5, one_alphabet=True)
    assert choice.assumption == "group"
    assert isinstance(choice.deduction, Undecided)
