import itertools
import time

import numpy as np
import pytest

from cayley.theories import parse_laws
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._numbered import all_laws
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._exposures import Exposures
from cayley.theories.mining._exposures_numba import CompiledExposures


def slow_look(law, seen):
    """The definition, instance by instance: whether it is violated, exposed ranks, support."""
    table, ranks, exposed, support = seen.table, seen.ranks, set(), 0
    for instance in itertools.product(range(seen.order), repeat=law.num_variables):
        sides = []
        for side in (law.left, law.right):
            cells = []

            def value(term, instance=instance, cells=cells):
                if isinstance(term, int):
                    return instance[term]
                left, right = (value(operand) for operand in term)
                if left < 0 or right < 0 or table[left, right] < 0:
                    return -1
                cells.append((left, right))
                return table[left, right]

            sides.append((value(side), cells, None if isinstance(side, int) else side))
        (left, a, _), (right, b, _) = sides
        if left < 0 or right < 0:
            continue
        if left != right:
            return None
        outer = [cells[-1] for _, cells, product in sides if product is not None]
        if not outer or (len(outer) == 2 and outer[0] == outer[1]):
            continue
        support += 1
        together = a + b
        for cell in outer:
            if together.count(cell) == 1 and ranks[cell] == max(ranks[c] for c in together):
                exposed.add(int(ranks[cell]))
    return exposed, support


TABLES = {
    "C4": np.add.outer(np.arange(4), np.arange(4)) % 4,
    "max": np.maximum.outer(np.arange(4), np.arange(4)),
    "quandle": (2 * np.arange(3)[:, None] - np.arange(3)) % 3,
    "left zero": np.repeat(np.arange(3)[:, None], 3, axis=1),
    "random": np.array([[0, 2, 1], [1, 1, 0], [2, 0, 2]]),
}
NAMED = parse_laws(
    "xy = yx; x(yz) = (xy)z; (xy)(zx) = (x(yz))x; (xy)(zw) = (xz)(yw); x = y; x = yx"
)


@pytest.mark.parametrize("kind", [Exposures, CompiledExposures])
@pytest.mark.parametrize("name", TABLES)
def test_looks_are_those_of_the_definition(kind, name, rng):
    table = TABLES[name]
    laws = (*NAMED, *(all_laws()[i] for i in rng.choice(4694, 25)))
    for fraction in (1.0, 0.6):
        seen = SeenCells.of(np.where(rng.random(table.shape) < fraction, table, -1), seed=1)
        evaluator = kind(seen)
        for law in laws:
            if law.num_variables > 4:
                continue
            expected, look = slow_look(law, seen), evaluator.look(law)
            if expected is None:
                assert look.violation is not None
                assert len(look.violation) == law.num_variables
            else:
                assert look.violation is None
                assert set(np.flatnonzero(look.exposed).tolist()) == expected[0]
                assert look.support == expected[1]


def test_blocks_of_instances_change_nothing(rng, monkeypatch):
    laws = (*NAMED, *(all_laws()[i] for i in rng.choice(4694, 20)))
    tables = [np.where(rng.random((4, 4)) < 0.7, TABLES[name], -1) for name in ("C4", "max")]
    for table in tables:
        seen = SeenCells.of(table)
        whole = [Exposures(seen).look(law) for law in laws]
        monkeypatch.setattr("cayley.theories.mining._exposures._BLOCK", 20)
        blocks = [Exposures(seen).look(law) for law in laws]
        monkeypatch.undo()
        for a, b in zip(whole, blocks, strict=True):
            assert a.violation == b.violation
            assert a.support == b.support
            assert np.array_equal(a.exposed, b.exposed) or a.violation is not None


def test_deadlines_and_steps_end_a_look():
    seen = SeenCells.of(TABLES["C4"])
    for evaluator in (Exposures(seen), CompiledExposures(seen)):
        with pytest.raises(OutOfTime):
            evaluator.look(NAMED[0], deadline=time.monotonic() - 1)
    with pytest.raises(OutOfTime):
        CompiledExposures(seen, max_steps=0).look(NAMED[0])
