"""The search for wrong entries as a stage of the pipeline."""

from types import SimpleNamespace


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
