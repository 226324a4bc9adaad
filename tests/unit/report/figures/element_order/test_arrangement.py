import numpy as np
import pytest

from cayley.algebra import Group
from cayley.completion import solve
from cayley.report.figures.element_order._arrangement import arrange
from cayley.report.figures.element_order._coset_order import coset_order
from cayley.tables import generate_family, isotope, shuffle

GROUPS = ["C1", "C2", "C12", "S3", "S4", "A4", "A5", "D12", "Q8", "C2xC2xC2", "SL(2,3)", "32:49"]


@pytest.mark.parametrize("name", GROUPS)
def test_blocks_hold_the_symbols_of_one_double_coset(name) -> None:
    """A left coset times a right coset of H has |H| products, counted with brute force."""
    table = isotope(generate_family(name), seed=3)
    placed = arrange(solve(table))
    n, h = table.order, placed.block
    for order in (placed.rows, placed.columns, placed.symbols):
        assert sorted(order.tolist()) == list(range(n))
    cells = table.array[np.ix_(placed.rows, placed.columns)]
    if h > 1:
        blocks = cells.reshape(n // h, h, n // h, h).swapaxes(1, 2).reshape(-1, h * h)
        assert {len(set(block.tolist())) for block in blocks} == {h}


@pytest.mark.parametrize("name", GROUPS)
def test_identity_first(name) -> None:
    group = Group.from_table(shuffle(generate_family(name), seed=1).array)
    order, subgroup = coset_order(group)
    assert order[0] == group.identity
    members = np.flatnonzero(subgroup)
    assert set(order[: len(members)].tolist()) == set(members.tolist())
    assert subgroup[group.table[np.ix_(members, members)]].all()


def test_cyclic_groups_become_circulant() -> None:
    placed = arrange(solve(shuffle(generate_family("C12"), seed=2)))
    assert placed.how == "by powers of a generator, the identity first"


def test_tables_without_a_group_stay_as_given() -> None:
    placed = arrange(solve(generate_family("mod5:a^2+ab+b^2"), solver="exact"))
    assert placed.how == "as given"
    assert placed.rows.tolist() == list(range(5))
