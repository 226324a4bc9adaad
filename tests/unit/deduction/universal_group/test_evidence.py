from hypothesis import given
from hypothesis import strategies as st

from cayley.deduction.universal_group._evidence import minimal_subset


@given(
    st.integers(1, 30),
    st.lists(st.frozensets(st.integers(0, 29), min_size=1, max_size=5), min_size=1, max_size=6),
)
def test_one_of_the_minimal_sets_is_found(size, causes):
    """Inconsistent if and only if the set holds one of the given causes: a monotone test."""
    causes = [frozenset(i % size for i in cause) for cause in causes]
    calls = []

    def is_inconsistent(chosen):
        calls.append(len(chosen))
        return any(cause <= set(chosen) for cause in causes)

    found, minimal = minimal_subset(is_inconsistent, range(size))
    assert minimal
    assert set(found) in causes
    assert not any(cause < set(found) for cause in causes)
    assert len(calls) <= 2 + len(found) * (2 * size.bit_length() + 4)


def test_a_deadline_returns_an_inconsistent_set_that_may_not_be_minimal():
    found, minimal = minimal_subset(lambda chosen: 3 in chosen, range(10), deadline=0.0)
    assert not minimal
    assert 3 in found


def test_a_test_that_is_not_monotone_is_checked_once_more():
    """Inconsistent: 0 with 1, unless 2 is there without 3, as where a limit ends an enumeration.

    The prefix 0, 1, 2 passes, so 3 seems necessary; only the last check sees that it is not.
    """

    def is_inconsistent(chosen):
        return {0, 1} <= set(chosen) and (2 not in chosen or 3 in chosen)

    found, minimal = minimal_subset(is_inconsistent, range(4))
    assert minimal
    assert sorted(found) == [0, 1]
    assert not any(is_inconsistent([i for i in found if i != j]) for j in found)
