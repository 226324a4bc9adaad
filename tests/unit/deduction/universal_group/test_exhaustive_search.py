"""Beyond order 5 the search is compared with what the hidden table and GAP's list say."""

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.deduction import (
    Forced,
    Inconsistent,
    Limits,
    Undecided,
    decide,
)
from cayley.deduction.todd_coxeter._relations import UniversalPresentation
from cayley.deduction.universal_group._embeddings import embeddings, plan_of
from cayley.testing import assert_group


def observed(table, rng, count):
    n = len(table)
    a, b = np.divmod(rng.choice(n * n, count, replace=False), n)
    return np.stack([a, b, table[a, b]], axis=1)


@pytest.mark.parametrize(("order", "count"), [(6, 7), (8, 10), (12, 15), (16, 20)])
def test_verdicts_agree_with_the_hidden_table(order, count, small_groups, tables, rng):
    entries = [entry for entry in small_groups if entry["order"] == order]
    kinds = set()
    for trial in range(10):
        start = Group.from_permutations(entries[trial % len(entries)]["generators"]).table
        table = tables.relabeled(start, rng)
        cells = observed(table, rng, count)
        decision = decide(cells, order=order, assume="group")
        assert decision.is_complete
        verdict = decision.verdict
        kinds.add(type(verdict))
        if isinstance(verdict, Forced):
            np.testing.assert_array_equal(verdict.table, table)
        else:
            assert isinstance(verdict, Undecided)
            assert verdict.unique == "no"
            assert not np.array_equal(*verdict.completions)
            for completion in verdict.completions:
                assert_group(completion)
                assert (completion[cells[:, 0], cells[:, 1]] == cells[:, 2]).all()
    assert kinds == {Forced, Undecided}


def automorphisms(group):
    n = len(group)
    a, b = np.indices((n, n))[:, 1:, 1:].reshape(2, -1)
    presentation = UniversalPresentation(
        num_generators=n,
        relations=np.stack([a, b, group[a, b]], axis=1),
        labels=np.arange(n)[None],
        clash=False,
    )
    plan = plan_of(presentation)
    return list(embeddings(plan, group, [10**6], deadline=float("inf")))


def test_the_embeddings_of_a_group_in_itself_are_automorphisms(tables):
    """Their number is that of all automorphisms over the orbit of the first seed at most."""
    known = {
        "S3": (tables.symmetric(3), 6),
        "D8": (tables.dihedral(4), 8),
        "C8": (tables.cyclic(8), 4),
        "C2^3": (tables.product(*[tables.cyclic(2)] * 3), 168),
        "Q8": (tables.dihedral(4, dicyclic=True), 24),
    }
    for group, count in known.values():
        found = automorphisms(group)
        for f in found:
            np.testing.assert_array_equal(f[group], group[np.ix_(f, f)])
        distinct = {f.tobytes() for f in found}
        assert len(distinct) == len(found)
        assert 1 <= len(found) <= count
        assert count % len(found) == 0


def test_no_group_of_order_fifteen_has_an_involution():
    """Only C15 has that order; two elements of order two refute it, but only by a search."""
    cells = [[1, 1, 0], [0, 1, 1], [2, 2, 3], [3, 2, 4], [4, 4, 5]]
    decision = decide(cells, order=15, assume="group")
    assert isinstance(decision.verdict, Inconsistent)
    assert decision.verdict.reason == "search"
    assert decision.num_groups == 1
    assert set(decision.verdict.evidence) == {0, 1}
    assert decision.verdict.minimal


def test_a_spent_budget_is_no_verdict(tables, rng):
    cells = observed(tables.isotope(tables.symmetric(4), rng), rng, 60)
    decision = decide(cells, order=24, assume="isotope", max_assignments=1000)
    assert not decision.is_complete
    assert isinstance(decision.verdict, Undecided)
    assert decision.verdict.unique == "unknown"
    assert decision.verdict.reason == "limit: search"
    late = decide(cells, order=24, assume="isotope", limits=Limits(time_limit=0.0))
    assert not late.is_complete


def test_beyond_the_list_there_is_no_search():
    decision = decide([[0, 1, 2]], order=101, assume="group")
    assert (decision.is_complete, decision.num_groups) == (False, 0)
    with pytest.raises(ValueError, match="`max_assignments` must not be negative; got -1"):
        decide([[0, 1, 2]], order=4, assume="group", max_assignments=-1)
