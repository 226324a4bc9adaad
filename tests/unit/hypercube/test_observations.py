import pytest

from cayley.hypercube import Observations


def test_triples_are_sorted_by_left_operand_and_kept_all() -> None:
    triples = [[2, 0, 1], [0, 1, 1], [0, 1, 0], [0, 0, 2]]
    found = Observations.from_triples(triples, sizes=(3, 2, 3))
    back = zip(found.left.tolist(), found.right.tolist(), found.result.tolist(), strict=True)
    assert sorted(map(list, back)) == sorted(triples)
    assert found.left.tolist() == sorted(found.left.tolist())
    assert found.row_bounds == [0, 3, 3, 4]
    assert len(found) == 4


def test_places_are_those_of_the_flattened_restarts() -> None:
    found = Observations.from_triples([[0, 1, 0], [1, 1, 0], [1, 0, 1]], sizes=(2, 3, 2))
    left, right = found.places(1, 3, restarts=2)
    assert left.tolist() == [1, 1, 3, 3]
    assert right.tolist() == [0, 1, 3, 4]


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="at least one observation"):
        Observations.from_triples([], sizes=(2, 2, 2))
    with pytest.raises(ValueError, match=r"below \(2, 2, 2\)"):
        Observations.from_triples([[0, 2, 0]], sizes=(2, 2, 2))
    with pytest.raises(ValueError, match=r"below \(2, 2, 2\)"):
        Observations.from_triples([[0, -1, 0]], sizes=(2, 2, 2))
