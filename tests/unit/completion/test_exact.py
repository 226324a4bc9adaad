import numpy as np

from cayley.algebra import Structure
from cayley.completion._exact import repair_tables
from cayley.tables import Table

# Either 4 o 5 = 3 or 5 o 4 = 7 is wrong.
TIE = "..0....5 6.120453 01234.67 423756.1 ..4..3.6 ....7..0 ..6....4 ..716042"
BOTH = (Structure.GROUP, Structure.GROUP_ISOTOPE)


def test_the_repair_with_fewest_suspects_names_its_structure_and_theorem():
    """C14 with two columns exchanged and a cell wrong: an isotope, and no group with 29."""
    i, j = np.indices((14, 14))
    array = (i + j)[:, [0, 2, 1, *range(3, 14)]] % 14
    truth = array.copy()
    array[3, 4] = 8
    work = Table.from_array(array)
    (found,) = repair_tables(work, structures=BOTH, given=False, seed=0, time_limit=None)
    assert found.structure is Structure.GROUP_ISOTOPE
    np.testing.assert_array_equal(found.table, truth)
    assert "leaves at least 27 wrong, since two different tables" in found.certificate
    assert (found.standing, found.settles) == ("earned", True)


def test_equally_good_repairs_are_handed_on_undecided():
    rows = [[-1 if x == "." else int(x) for x in row] for row in TIE.split()]
    work = Table.from_array(np.array(rows))
    found = repair_tables(work, structures=BOTH[:1], given=False, seed=0, time_limit=None)
    a, b, c = work.observations.T
    accused = {tuple(work.observations[each.table[a, b] != c].ravel().tolist()) for each in found}
    assert accused == {(4, 5, 3), (5, 4, 7)}


def test_cells_that_contradict_nothing_need_no_repair():
    work = Table.from_array(np.array([[0, 1], [-1, -1]]))
    assert repair_tables(work, structures=BOTH, given=False, seed=0, time_limit=1.0) == ()
