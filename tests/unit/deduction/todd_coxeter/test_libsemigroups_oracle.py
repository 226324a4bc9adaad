"""libsemigroups' Todd-Coxeter enumerates the same universal groups; only where it is installed."""

from datetime import timedelta

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.deduction import (
    Forced,
    Inconsistent,
    Limits,
    Undecided,
    deduce,
)
from cayley.tables import all_small_groups

libsemigroups = pytest.importorskip(
    "libsemigroups_pybind11", reason="libsemigroups is an optional oracle"
)


@pytest.fixture(autouse=True)
def quiet():
    guard = libsemigroups.ReportGuard(False)
    yield
    del guard


class Universal:
    """The universal group as a monoid: a generator and an inverse for each used label."""

    def __init__(self, cells, assume):
        n = int(cells.max()) + 1
        kinds = np.arange(3) if assume == "isotope" else np.zeros(3, int)
        labels = cells + n * kinds
        used = np.unique(labels).tolist()
        self.letter = {label: 2 * i for i, label in enumerate(used)}
        rules = libsemigroups.Presentation(list(range(2 * len(used))))
        rules.contains_empty_word(True)
        add = libsemigroups.presentation.add_rule
        for x in range(0, 2 * len(used), 2):
            add(rules, [x, x + 1], [])
            add(rules, [x + 1, x], [])
        for a, b, c in labels.tolist():
            add(rules, [self.letter[a], self.letter[b]], [self.letter[c]])
        if assume == "isotope":  # one row and one column are the identity
            for label in labels[0, :2].tolist():
                add(rules, [self.letter[label]], [])
        kind = libsemigroups.congruence_kind.twosided
        self.classes = libsemigroups.ToddCoxeter(kind, rules)
        self.classes.run_for(timedelta(seconds=0.5))
        self.kinds = [[x for x in used if x // n == kind] for kind in set(kinds.tolist())]

    @property
    def order(self):
        return self.classes.number_of_classes() if self.classes.finished() else None

    def coincides(self):
        """Whether two labels of a kind are equal in it."""
        return any(
            self.classes.contains([self.letter[x]], [self.letter[y]])
            for labels in self.kinds
            for i, x in enumerate(labels)
            for y in labels[:i]
        )


def sample(seed):
    """Draw a part of a group or of an isotope, in every third sample with a wrong product."""
    rng = np.random.default_rng(seed)
    order = int(rng.integers(4, 25))
    facts = all_small_groups(order)
    table = Group.from_permutations(facts[rng.integers(len(facts))].generators).table
    assume = ("group", "isotope")[seed % 2]
    f, g, h = (rng.permutation(order) for _ in range(3))
    if assume == "group":
        g, h = f, np.argsort(f)
    table = h[table[np.ix_(f, g)]]
    low, high = (0.08, 0.4) if assume == "group" else (0.2, 0.7)
    count = max(order, int(rng.uniform(low, high) * order**2))
    a, b = np.divmod(rng.choice(order**2, count, replace=False), order)
    cells = np.stack([a, b, table[a, b]], axis=1)
    if seed % 3 == 0:
        cells[0, 2] = (cells[0, 2] + 1) % order
    return cells, order, assume


@pytest.mark.parametrize("seed", range(90))
def test_both_enumerate_the_same_universal_group(seed):
    cells, order, assume = sample(seed)
    theirs = Universal(cells, assume)
    ours = deduce(cells, order=order, assume=assume, limits=Limits(time_limit=5.0))
    if theirs.order is None:
        # An infinite group forces nothing; ours may still have seen that two labels coincide.
        assert not isinstance(ours, Forced)
        return
    if isinstance(ours, Forced) and ours.method in ("closure", "enumeration"):
        assert theirs.order == order
        assert not theirs.coincides()
    if isinstance(ours, Inconsistent):
        evidence = Universal(cells[list(ours.evidence)], assume)
        if evidence.order is not None:
            assert evidence.coincides() == (ours.reason == "labels coincide")
            assert evidence.coincides() or evidence.order % order
    if isinstance(ours, Undecided):
        assert theirs.order != order or theirs.coincides()
        assert ours.universal_order in (None, theirs.order)
    if theirs.order == order and not theirs.coincides():
        assert isinstance(ours, Forced)
    if theirs.coincides():
        assert isinstance(ours, Inconsistent)


def test_the_samples_are_of_every_sort():
    verdicts = set()
    for seed in range(90):
        cells, order, assume = sample(seed)
        verdicts.add(type(deduce(cells, order=order, assume=assume)))
    assert verdicts == {Forced, Inconsistent, Undecided}
