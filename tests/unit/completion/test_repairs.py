"""The search for wrong entries as a stage of the pipeline."""

from types import SimpleNamespace

import numpy as np

from cayley.algebra import Structure
from cayley.completion import solve
from cayley.tables import Table


def test_a_busy_machine_does_not_shorten_a_search(monkeypatch) -> None:
    """A search that got a tenth of its time on a processor is made again with ten times as much."""
    from cayley.completion import _repairs

    clock = {"wall": 0.0, "processor": 0.0}
    monkeypatch.setattr(_repairs.time, "monotonic", lambda: clock["wall"])
    monkeypatch.setattr(_repairs.time, "process_time", lambda: clock["processor"])
    asked = []

    def search(seconds):
        asked.append(seconds)
        clock["wall"] += seconds
        clock["processor"] += share * seconds
        return ()

    def run(deadline=None):
        asked.clear()
        call = SimpleNamespace(
            remaining=lambda: None if deadline is None else deadline - clock["wall"]
        )
        _repairs.Repairs(call)._unhurried(search, 0.5)
        return [round(seconds, 6) for seconds in asked]

    share = 0.25
    assert run() == [0.5, 2.0]
    assert run(clock["wall"] + 1.7) == [0.5, 1.2]
    share = 0.01
    assert run() == [0.5, 5.0]
    share = 0.95
    assert run() == [0.5]


TIE = """
. . 0 . . . . 5
6 . 1 2 0 4 5 3
0 1 2 3 4 . 6 7
4 2 3 7 5 6 . 1
. . 4 . . 3 . 6
. . . . 7 . . 0
. . 6 . . . . 4
. . 7 1 6 0 4 2
"""
"""C8 leaves one of these cells wrong, and so does C4 x C2."""


def test_a_tie_is_said_however_slow_the_machine_is(monkeypatch) -> None:
    cells = np.array([int(x) if x != "." else -1 for x in TIE.split()]).reshape(8, 8)
    table = Table.from_array(cells, labels=[str(i) for i in range(8)])
    monkeypatch.setattr("cayley.completion._repairs._SMALL_REPAIR_SECONDS", 1e-9)
    solution = solve(table)
    assert solution.status == "predicted"
    assert [(each.theory, each.suspects) for each in solution.rivals] == [(Structure.GROUP, 1)]
    assert "The 36 observed cells do not decide." in solution.verdict
