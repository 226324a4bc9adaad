import math

import numpy as np
import pytest
from tests.oracles import labeled_groups, labeled_isotopes, with_cells

from cayley.deduction import Limits
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.wrong_entries._contradictions import GroupOracle


@pytest.mark.parametrize("assume", ["group", "isotope"])
@pytest.mark.parametrize("order", [3, 4, 5])
def test_what_is_said_of_some_cells_is_what_all_tables_say(assume, order):
    tables = (labeled_groups if assume == "group" else labeled_isotopes)(order)
    rng = np.random.default_rng(order)
    for _ in range(12):
        table = tables[rng.integers(len(tables))]
        a, b = np.divmod(rng.permutation(order * order), order)
        cells = np.stack([a, b, table[a, b]], axis=1)
        cells[:2, 2] = rng.integers(order, size=2)
        oracle = GroupOracle(
            partial=PartialTable.of(cells, order, assume), limits=Limits(), deadline=math.inf
        )
        kept = rng.random(len(cells)) < rng.uniform(0.3, 1)
        fit = with_cells(tables, cells[kept].tolist())
        look = oracle.look(kept)
        assert bool(look.core) == (not len(fit))
        assert look.is_all == (len(fit) == 1)
        assert set(look.core) <= set(np.flatnonzero(kept).tolist())
        assert not look.core or not len(with_cells(tables, cells[list(look.core)].tolist()))
        assert all((t == fit).all(axis=(1, 2)).any() for t in look.tables)
        assert not oracle.forces(kept) or len(fit) == 1
        assert oracle.suspects(table) == tuple(np.flatnonzero(table[a, b] != cells[:, 2]).tolist())


def test_after_the_deadline_nothing_is_said():
    cells = np.array([[0, 0, 0]])
    late = GroupOracle(
        partial=PartialTable.of(cells, 3, "group"), limits=Limits(), deadline=-math.inf
    )
    look = late.look(np.array([True]))
    assert (look.core, look.tables, look.is_all) == ((), (), False)
