from dataclasses import replace

import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.deduction import Limits, NotFound, WrongEntries, find_wrong_entries
from cayley.deduction.wrong_entries import _nearest_structure
from cayley.deduction.wrong_entries._nearest_structure import nearest_structure
from cayley.deduction.wrong_entries._suspects import explanation_of

BOTH = (Structure.GROUP, Structure.GROUP_ISOTOPE)

# One of two cells is wrong, and which one does not follow: 4 o 5 = 3 or 5 o 4 = 7.
TIE = "..0....5 6.120453 01234.67 423756.1 ..4..3.6 ....7..0 ..6....4 ..716042"


def cells_of(table):
    a, b = np.nonzero(table >= 0)
    return np.stack([a, b, table[a, b]], axis=1)


def full_cells(table):
    a, b = np.indices(table.shape).reshape(2, -1)
    return np.stack([a, b, table[a, b]], axis=1)


def tie():
    return cells_of(np.array([[-1 if x == "." else int(x) for x in row] for row in TIE.split()]))


def accused(cells, pairs):
    return {tuple(map(tuple, cells[list(each.suspects)].tolist())) for _, each in pairs}


def test_two_equally_good_groups_are_both_named():
    cells = tie()
    found = find_wrong_entries(cells, order=8, assume="group")
    assert isinstance(found, NotFound)
    assert found.reason == "ambiguous"
    pairs = [(None, each) for each in found.tied]
    assert accused(cells, pairs) == {((4, 5, 3),), ((5, 4, 7),)}
    nearest = nearest_structure(cells, order=8, structures=BOTH)
    assert nearest.found is None
    assert accused(cells, nearest.tied) == {((4, 5, 3),), ((5, 4, 7),)}


def test_the_order_of_lines_and_of_labels_decides_nothing(rng):
    cells = tie()
    for _ in range(2):
        p = rng.permutation(8)
        other = p[cells][rng.permutation(len(cells))]
        nearest = nearest_structure(other, order=8, structures=(Structure.GROUP,))
        assert nearest.found is None
        assert accused(np.argsort(p)[other], nearest.tied) == {((4, 5, 3),), ((5, 4, 7),)}


@pytest.mark.parametrize("structures", [BOTH, BOTH[::-1]], ids=["group first", "isotope first"])
def test_an_isotope_near_a_group_is_no_group(structures):
    """C14 with two columns exchanged: the group would leave 29 cells wrong, the isotope one."""
    i, j = np.indices((14, 14))
    table = (i + j)[:, [0, 2, 1, *range(3, 14)]] % 14
    cells = full_cells(table)
    cells[46, 2] = 8
    nearest = nearest_structure(cells, order=14, structures=structures)
    assert nearest.structure is Structure.GROUP_ISOTOPE
    assert nearest.found.suspects == (46,)
    assert nearest.found.is_unrivaled
    assert nearest.found.bound == 27
    assert "2n cells" in nearest.found.theorem
    assert not nearest.tied
    assert not nearest.rivals


def test_a_group_with_a_wrong_cell_is_called_a_group(tables):
    cells = full_cells(tables.dihedral(4))
    cells[20, 2] = (cells[20, 2] + 1) % 8
    nearest = nearest_structure(cells, order=8, structures=BOTH)
    assert (nearest.structure, nearest.found.suspects) == (Structure.GROUP, (20,))
    assert nearest.found.is_unrivaled


def test_part_of_a_table_needs_no_theorem(tables, rng):
    table = tables.isotope(tables.symmetric(3), rng)
    cells = full_cells(table)[rng.permutation(36)[:32]]
    cells[5, 2] = (cells[5, 2] + 1) % 6
    found = find_wrong_entries(cells, order=6, assume="isotope")
    assert isinstance(found, WrongEntries)
    assert found.suspects == (5,)
    assert found.is_minimal
    assert found.is_only
    assert not found.theorem


def test_a_doubt_under_isotopes_is_a_doubt_about_the_group(monkeypatch, tables):
    """Another isotope may be as good as a group: then the group is not found, only tied."""
    cells = full_cells(tables.cyclic(5))
    cells[7, 2] = (cells[7, 2] + 1) % 5
    group = find_wrong_entries(cells, order=5, assume="group")
    doubtful = NotFound(reason="ambiguous", num_trials=1, tied=(explanation_of(group),))
    answers = {"group": group, "isotope": doubtful}
    monkeypatch.setattr(
        _nearest_structure,
        "find_wrong_entries",
        lambda *_, assume, **__: answers["group" if assume is Structure.GROUP else "isotope"],
    )
    nearest = nearest_structure(cells, order=5, structures=BOTH)
    assert nearest.found is None
    assert [each.suspects for _, each in nearest.tied] == [(7,)]


@pytest.mark.parametrize("wrong", [2, 3])
def test_the_fewest_suspects_win_whatever_the_structure(wrong, monkeypatch, tables):
    """A group with two or three suspects, against an isotope with one that is not proved best."""
    cells = full_cells(tables.cyclic(5))
    cells[7, 2] = (cells[7, 2] + 1) % 5
    isotope = replace(find_wrong_entries(cells, order=5, assume="isotope"), bound=0)
    other = (isotope.forced.table + 1) % 5
    group = replace(
        isotope, suspects=tuple(range(wrong)), forced=replace(isotope.forced, table=other)
    )
    answers = {Structure.GROUP: group, Structure.GROUP_ISOTOPE: isotope}
    monkeypatch.setattr(
        _nearest_structure, "find_wrong_entries", lambda *_, assume, **__: answers[assume]
    )
    nearest = nearest_structure(cells, order=5, structures=BOTH)
    assert (nearest.structure, nearest.found.suspects) == (Structure.GROUP_ISOTOPE, (7,))
    assert [len(each.suspects) for _, each in nearest.rivals] == ([2] if wrong == 2 else [])


def test_nothing_is_found_where_nothing_is_wrong_or_all_is():
    few = nearest_structure([[0, 0, 0]], order=4, structures=BOTH)
    assert (few.structure, few.found, few.tied, few.rivals) == (None, None, (), ())
    assert few.by_structure[Structure.GROUP].reason == "consistent"
    table = np.maximum.outer(np.arange(6), np.arange(6))
    limits = Limits(time_limit=0.5)
    none = nearest_structure(full_cells(table), order=6, structures=BOTH, limits=limits)
    assert none.structure is None


def test_two_results_for_one_cell_are_not_decided_by_their_order():
    for cells in ([[0, 1, 2], [0, 1, 3], [2, 3, 0]], [[0, 1, 3], [0, 1, 2], [2, 3, 0]]):
        nearest = nearest_structure(cells, order=4, structures=BOTH, limits=Limits(time_limit=0.5))
        assert nearest.found is None
