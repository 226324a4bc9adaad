import numpy as np

from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._naming import elements_by_cells, naming_cells
from cayley.tables import generate_family

S3 = generate_family("S3").array


def test_elements_follow_from_cells_and_by_elimination():
    cells = [(a, b, int(S3[a, b])) for a, b in [(1, 2), (2, 1)]]
    elements = np.full((3, 6), -1)
    elements[:, [0, 1, 2]] = [0, 1, 2]
    partial = PartialTable.of(np.array(cells), 6, "group")
    found = elements_by_cells(partial, S3, elements)
    for _, _, c in cells:
        assert (found[:, c] == c).all()
    assert (found[0][found[0] >= 0] == np.flatnonzero(found[0] >= 0)).all()


def test_each_cell_names_an_element_that_has_no_label():
    elements = np.full((3, 6), -1)
    elements[:, [0, 1, 2]] = [0, 1, 2]
    partial = PartialTable.of(np.empty((0, 3), int), 6, "group")
    for cell in naming_cells(partial, S3, elements):
        assert S3[cell.row, cell.column] not in (0, 1, 2)
        assert cell.names == ("symbol", S3[cell.row, cell.column])
        assert cell.choices == 3


def test_a_cell_that_contradicts_the_elements():
    elements = np.full((3, 6), -1)
    elements[:, [0, 1, 2]] = [0, 1, 2]
    partial = PartialTable.of(np.array([(0, 1, 2)]), 6, "group")
    assert elements_by_cells(partial, S3, elements) is None
