"""Where the objective rises, where it is lost, and where it stalls, on sequences written out."""

import torch

from cayley.hypercube._plateau import Plateau


def record(plateau: Plateau, *values: float, matrix: float = 0.0, penalty: bool = True):
    objective = torch.tensor(values)
    with_penalty = torch.full((len(values),), penalty)
    rising, lost = plateau.record(
        objective, torch.full((len(values), 1, 1, 1), matrix), with_penalty=with_penalty
    )
    return rising.tolist(), lost.tolist()


def start(*values: float) -> Plateau:
    return Plateau(torch.zeros(len(values), 1, 1, 1), torch.tensor(values))


def test_rising_and_lost() -> None:
    plateau = start(10.0, 10.0)
    assert record(plateau, 5.0, 15.0, matrix=1.0) == ([False, False], [False, False])
    assert record(plateau, 6.0, 15.1, matrix=2.0) == ([True, False], [False, False])
    assert record(plateau, 10.1, float("nan"), matrix=3.0) == ([True, True], [True, True])
    assert plateau.lowest.tolist() == [5.0, 10.0]
    assert plateau.kept.flatten().tolist() == [1.0, 0.0]


def test_without_penalty_nothing_is_compared() -> None:
    plateau = start(10.0)
    record(plateau, 5.0)
    assert record(plateau, 100.0, penalty=False) == ([False], [False])
    assert plateau.lowest.tolist() == [5.0]


def test_a_plateau_takes_a_window_without_a_rise() -> None:
    plateau = start(10.0, 10.0)
    for values in ((5.0, 5.0), (5.0, 5.2), (4.999, 5.2)):
        record(plateau, *values)
    assert plateau.is_reached(2, 0.01).tolist() == [True, False]
    assert plateau.is_reached(3, 0.01).tolist() == [False, False]
    assert plateau.is_reached(2, 0.0).tolist() == [False, False]
    plateau.restart_window()
    record(plateau, 4.999, 5.2)
    assert plateau.is_reached(1, 0.01).tolist() == [False, False]
