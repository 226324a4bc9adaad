"""Tables that close on whole arrays: the same answers as by the coset tables, without numba."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.deduction import Limits
from cayley.deduction.todd_coxeter import _todd_coxeter as enumeration
from cayley.deduction.todd_coxeter import _todd_coxeter_numpy as closure
from cayley.deduction.todd_coxeter._relations import present


def shown(table, share, rng, wrong=0):
    """The presentation of a table of which a share is shown, so many of these cells wrong."""
    n = len(table)
    a, b = np.divmod(rng.choice(n * n, round(share * n * n), replace=False), n)
    cells = np.stack([a, b, table[a, b]], axis=1)
    cells[:wrong, 2] = (cells[:wrong, 2] + 1) % n
    return present(cells, n, assume=Structure.GROUP, gauge=(0, 0))


def both(presentation, order, monkeypatch):
    """What is found without the kernel, and with the plain coset table alone."""
    plain = enumeration.enumerate_group(presentation, order, Limits())
    monkeypatch.setattr(enumeration, "PLAIN_ORDER", 0)
    monkeypatch.setattr(enumeration, "kernel_is_loaded", lambda: False)
    found = enumeration.enumerate_group(presentation, order, Limits())
    monkeypatch.undo()
    return found, plain


def test_the_answer_is_that_of_the_coset_table(tables, rng, monkeypatch):
    closed = Counter()
    for trial in range(60):
        group = (tables.dihedral(5), tables.cyclic(7), tables.symmetric(3))[trial % 3]
        presentation = shown(tables.relabeled(group, rng), rng.uniform(0.3, 1), rng, trial % 4 == 3)
        closed[closure.closed_products(presentation) is not None] += 1
        found, plain = both(presentation, len(group), monkeypatch)
        assert (found.status, found.reach, found.num_defined) == (
            plain.status, plain.reach, plain.num_defined,
        )  # fmt: skip
        if found.table is not None:
            np.testing.assert_array_equal(found.table, plain.table)
            of_labels, others = (one.images[0][one.presentation.labels] for one in (found, plain))
            np.testing.assert_array_equal(of_labels, others)
    assert closed[True] > 20 and closed[False] > 10


@pytest.mark.parametrize(
    "cells",
    [[(1, 0, 1), (1, 2, 3), (3, 1, 0), (3, 2, 1)], [(0, 1, 1), (1, 3, 0), (3, 2, 1), (3, 3, 2)]],
    ids=["identity right", "identity left"],
)
def test_few_cells_of_c4_close_by_all_that_relations_say(cells, monkeypatch):
    """Neither does without one of the two products from the other, or without its identity."""
    presentation = present(np.array(cells), 4, assume=Structure.GROUP, gauge=(0, 0))
    assert closure.closed_products(presentation) is not None
    found, _ = both(presentation, 4, monkeypatch)
    a, b = np.indices((4, 4))
    np.testing.assert_array_equal(found.table, (a + b) % 4)


def test_relations_outside_the_sample_are_checked(tables, monkeypatch):
    table = tables.cyclic(7).copy()
    table[-1, -1] = 0  # and not 5
    presentation = shown(table, 1.0, np.random.default_rng(0))
    monkeypatch.setattr(closure, "_sample", lambda relations, most: relations[:-1])
    assert closure.closed_products(presentation) is not None
    found, plain = both(presentation, 7, monkeypatch)
    assert found.status == plain.status == "collapsed"


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_group_of_moderate_order_needs_no_compiler(share):
    code = (
        "import sys, cayley\n"
        f"table = cayley.mask(cayley.generate('S5'), observe={share}, seed=0)\n"
        "solution = cayley.solve(table, check=False)\n"
        "assert solution.identification.name == 'S5' and solution.unique == 'yes'\n"
        "assert not {'numba', 'torch', 'scipy'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
