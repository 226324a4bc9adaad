import numpy as np
import pytest
import torch

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.hypercube._gradients import data_gradients
from cayley.tables import generate_family, mask


def test_triples_are_sorted_and_equal_ones_add_up() -> None:
    triples = [[2, 0, 1], [0, 1, 1], [0, 1, 0], [0, 0, 2], [0, 1, 1]]
    found = ObservedProducts.from_triples(triples, sizes=(3, 2, 3))
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (2, 0),
    ]
    terms = zip(found.pair.tolist(), found.symbol.tolist(), found.mass.tolist(), strict=True)
    assert list(terms) == [(0, 2, 1.0), (1, 0, 1.0), (1, 1, 2.0), (2, 1, 1.0)]
    assert found.index.row_bounds == [0, 2, 2, 3]
    assert (len(found), found.total, found.is_plain) == (3, 5.0, False)
    # The variance of {0, 1, 1}: 3 observations, mean (1/3, 2/3): 3 - 3 (1/9 + 4/9).
    assert found.spread == pytest.approx(4 / 3)
    assert found.attainable_fit == pytest.approx(4 / 5)


def test_repeats_that_agree_are_weights() -> None:
    triples = [[0, 1, 1], [0, 1, 1], [1, 0, 0]]
    one = ObservedProducts.from_triples(triples, sizes=(2, 2, 2))
    two = ObservedProducts.from_triples([[0, 1, 1], [1, 0, 0]], sizes=(2, 2, 2), weights=[2, 1])
    assert one.mass.tolist() == two.mass.tolist()
    assert one.spread == two.spread == 0


def test_one_hot_distributions_are_triples() -> None:
    one = ObservedProducts.from_triples([[0, 1, 2], [1, 0, 0]], sizes=(2, 2, 3))
    q = [[1, 0, 0], [0, 0, 1]]
    two = ObservedProducts.from_distributions([[1, 0], [0, 1]], q, sizes=(2, 2, 3))
    assert torch.equal(one.symbol, two.symbol)
    assert torch.equal(one.left, two.left)
    assert one.is_plain
    assert two.is_plain


def test_terms_are_placed_in_the_flattened_restarts() -> None:
    found = ObservedProducts.from_triples([[0, 1, 0], [1, 1, 0], [1, 0, 1]], sizes=(2, 3, 2))
    terms = found.index.terms(1, 3, restarts=2, dtype=torch.float32)
    assert terms.left.tolist() == [1, 1, 3, 3]
    assert terms.right.tolist() == [0, 1, 3, 4]
    assert terms.place.tolist() == [1, 2, 5, 6]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_sums_over_parts_are_the_whole(factors, distributed, count) -> None:
    A, B, C = factors((4, 5, 3), 6)
    observations, _ = distributed((4, 5, 3))
    whole = data_gradients(A, B, C, observations)
    parts = [data_gradients(A, B, C, observations.part(i, count)) for i in range(count)]
    for k in range(3):
        summed = sum(part.gradients[k] for part in parts)
        torch.testing.assert_close(summed, whole.gradients[k])
    loss = sum(part.statistics.loss for part in parts)
    torch.testing.assert_close(loss, whole.statistics.loss)


def test_stacked_operations_share_columns_and_symbols(factors, observed) -> None:
    A, B, C = factors((5, 4, 4), 5)
    one, two = observed((2, 4, 4), seed=1), observed((3, 4, 4), seed=2)
    whole = data_gradients(A, B, C, ObservedProducts.stacked([one, two]))
    first, second = data_gradients(A[:, :2], B, C, one), data_gradients(A[:, 2:], B, C, two)
    expected = torch.cat([first.gradients[0], second.gradients[0]], dim=1)
    torch.testing.assert_close(whole.gradients[0], expected)
    for k in (1, 2):
        expected = first.gradients[k] + second.gradients[k]
        torch.testing.assert_close(whole.gradients[k], expected)


@pytest.mark.slow
def test_one_operation_helps_another() -> None:
    """Left division of S3 from 9 of 36 cells: not learned alone, but beside the full product."""
    product = generate_family("S3")
    division = np.argsort(product.array, axis=1)
    few = np.argwhere(mask(product, observe=0.25, seed=0).array >= 0)
    triples = [(a, c, division[a, c]) for a, c in few]
    seen = ObservedProducts.from_triples(triples, sizes=(6, 6, 6))
    full = ObservedProducts.from_triples(product.observations, sizes=(6, 6, 6))
    both = ObservedProducts.stacked([full, seen])

    def right(rows: int, observations: ObservedProducts) -> list[int]:
        cells = []
        for seed in range(4):
            generator = torch.Generator().manual_seed(seed)
            model = HyperCube((rows, 6, 6), dim=6, generator=generator)
            schedule = TrainingSchedule(max_steps=400)
            table = train(model, observations, schedule=schedule).decoded.table
            cells.append(int((table[-6:] == division).sum()))
        return cells

    alone, together = right(6, seen), right(12, both)
    assert max(alone) < 36
    assert min(together) > max(alone)


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="at least one observation"):
        ObservedProducts.from_triples([], sizes=(2, 2, 2))
    for bad in ([[0, 2, 0]], [[0, -1, 0]]):
        with pytest.raises(ValueError, match=r"below \(2, 2, 2\)"):
            ObservedProducts.from_triples(bad, sizes=(2, 2, 2))
    for weights in ([1, 2], [0], [-1], [np.nan]):
        with pytest.raises(ValueError, match="`weights` must be 1 positive"):
            ObservedProducts.from_triples([[0, 0, 0]], sizes=(2, 2, 2), weights=weights)
    with pytest.raises(ValueError, match="sum to 1"):
        ObservedProducts.from_distributions([[0, 0]], [[0.5, 0.2]], sizes=(2, 2, 2))
    with pytest.raises(ValueError, match="`distributions` must have one row"):
        ObservedProducts.from_distributions([[0, 0]], [[0.5, 0.2, 0.3]], sizes=(2, 2, 2))
    with pytest.raises(ValueError, match=r"`pairs` must hold \(row, column\)"):
        ObservedProducts.from_distributions([[0, 3]], [[0.5, 0.5]], sizes=(2, 2, 2))
    one = ObservedProducts.from_triples([[0, 0, 0]], sizes=(2, 2, 2))
    with pytest.raises(ValueError, match="1 pairs cannot be split into 2 parts"):
        one.part(0, 2)
    with pytest.raises(ValueError, match="equally many columns and symbols"):
        ObservedProducts.stacked([one, ObservedProducts.from_triples([[0, 0, 0]], sizes=(2, 3, 2))])
