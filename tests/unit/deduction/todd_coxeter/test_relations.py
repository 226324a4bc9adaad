import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.deduction.todd_coxeter._relations import present, refined


def test_a_group_has_one_generator_for_each_used_label():
    cells = np.array([[0, 1, 2], [2, 2, 4]])
    found = present(cells, 6, assume=Structure.GROUP, gauge=(0, 0))
    assert found.num_generators == 5
    assert found.labels.tolist() == [[1, 2, 3, -1, 4, -1]]
    assert found.relations.tolist() == [[1, 2, 3], [3, 3, 4]]
    assert not found.clash


def test_the_gauge_of_an_isotope_merges_generators():
    """Row 0 and column 1 are the identity: their cells equate columns, rows and symbols."""
    cells = np.array([[0, 0, 2], [1, 1, 2], [1, 0, 0]])
    found = present(cells, 3, assume=Structure.GROUP_ISOTOPE, gauge=(0, 1))
    rows, columns, symbols = found.labels
    assert rows[0] == columns[1] == 0
    assert columns[0] == symbols[2] == rows[1]
    assert (rows[2], columns[2], symbols[1]) == (-1, -1, -1)
    assert found.relations.tolist() == [[rows[1], columns[0], symbols[0]]]


@pytest.mark.parametrize(
    "cells", [[[0, 0, 0], [0, 1, 1], [0, 1, 2]], [[0, 1, 1], [2, 1, 1], [0, 0, 0]]]
)
def test_equal_labels_of_a_kind_clash(cells):
    found = present(np.array(cells), 3, assume=Structure.GROUP_ISOTOPE, gauge=(0, 1))
    assert found.clash or len(found.relations)
    assert present(
        np.array([[0, 0, 1], [0, 0, 2]]), 3, assume=Structure.GROUP_ISOTOPE, gauge=(0, 0)
    ).clash


def test_refining_states_what_was_found():
    """In C4 = {0, 1, 2, 3} with 1 + 1 = 2 and 1 + 2 = 3 known, 2 + 1 = 3 is deduced."""
    before = present(np.array([[1, 1, 2], [1, 2, 3]]), 4, assume=Structure.GROUP, gauge=(0, 0))
    p, q, r = before.labels[0][[1, 2, 3]]
    images = np.full((4, 4), -1)
    images[0] = np.arange(4)
    images[:, 0] = np.arange(4)
    images[p, p], images[p, q], images[q, p] = q, r, r
    after = refined(before, images, most=100)
    assert after.num_generators == 4
    assert {tuple(row) for row in after.relations.tolist()} == {(p, p, q), (p, q, r), (q, p, r)}
    assert len(refined(before, images, most=0).relations) == 2
