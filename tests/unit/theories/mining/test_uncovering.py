import itertools
import time

import numpy as np
import pytest

from cayley.theories import parse_laws
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._exposures import Exposures
from cayley.theories.mining._uncovering import adapted_order

KEI = parse_laws("(xy)z = (xz)(yz); xx = x; (xy)y = x")


def digits(table, laws, order):
    seen = SeenCells.ordered(table, order)
    exposures = Exposures(seen)
    exposed = np.any([exposures.look(law).exposed for law in laws], axis=0)
    return -seen.log10_symbol[exposed].sum()


def test_an_adapted_order_gives_more_evidence_than_a_random_one(rng):
    quandle = (2 * np.arange(9)[None, :] - np.arange(9)[:, None]) % 9
    order = adapted_order(quandle, KEI)
    assert sorted(order.tolist()) == list(range(81))
    assert digits(quandle, KEI, order) > 20
    assert max(digits(quandle, KEI, rng.permutation(81)) for _ in range(5)) < 16


def test_the_next_cell_depends_on_uncovered_symbols_only(rng):
    """Change the symbols that come after a place: the order up to it stays."""
    for _ in range(8):
        table = np.where(rng.random((5, 5)) < 0.8, rng.integers(5, size=(5, 5)), -1)
        order = adapted_order(table, KEI, seed=4)
        seen = int((table >= 0).sum())
        for place in range(1, seen):
            other = table.copy()
            later = order[place:seen]
            other.reshape(-1)[later] = rng.integers(5, size=len(later))
            again = adapted_order(other, KEI, seed=4)
            assert np.array_equal(order[:place], again[:place])


@pytest.mark.parametrize("laws", ["xy = yx", "xx = x; xy = yx", "(xy)y = x"])
def test_the_bound_holds_in_adapted_orders(laws):
    laws = parse_laws(laws)
    mask = np.array([[True, True, False], [True, False, True], [False, True, False]])
    tables = np.full((243, 3, 3), -1)
    tables[:, mask] = list(itertools.product(range(3), repeat=5))
    total = 0.0
    for table in tables:
        order = adapted_order(table, laws)
        seen = SeenCells.ordered(table, order)
        looks = [Exposures(seen).look(law) for law in laws]
        if all(look.violation is None for look in looks):
            exposed = np.any([look.exposed for look in looks], axis=0)
            total += 10 ** -seen.log10_symbol[exposed].sum() / len(tables)
    assert total <= 1 + 1e-9


def test_the_clock_is_looked_at():
    with pytest.raises(OutOfTime):
        adapted_order(np.zeros((3, 3), int), KEI, deadline=time.monotonic() - 1)
