import pytest

from cayley.tables import MAX_ORDER
from cayley.tables._limits import check_order, max_bytes


def test_the_limit_itself_is_allowed():
    check_order(MAX_ORDER, max_order=MAX_ORDER, what="it")


@pytest.mark.parametrize(
    ("order", "number", "memory"),
    [
        (5001, "5001", "200.1 MB"),
        (40320, "40320", "13.0 GB"),
        (10**6, "1000000", "8.0 TB"),
        (10**15, "more than 10^15", "more than a million TB"),
        (10**400, "more than 10^400", "more than a million TB"),
    ],
)
def test_a_refusal_says_the_memory_needed(order, number, memory):
    with pytest.raises(ValueError, match="`max_order`") as caught:
        check_order(order, max_order=MAX_ORDER, what="it")
    assert f"it has order {number}, over the limit of 5000" in str(caught.value)
    assert f"its table alone needs {memory}." in str(caught.value)


def test_input_may_be_longer_for_larger_tables():
    assert max_bytes(1) < max_bytes(5000)
