import gc
import json
import sqlite3
import threading
from contextlib import closing

import pytest

from cayley.experiments import Measurement, Store
from cayley.experiments._trial import Result, Trial, record_of


def result(seed: int = 0, *, status: str = "done", value: float = 1.0) -> Result:
    trial = Trial(suite="s", case="c", method="m", seed=seed, settings={"x": [1, 2], "ü": "€"})
    outcome = Measurement(
        metrics={"value": value}, curves={"step": [1.0, 2.0]}, notes={"verdict": "v"}
    )
    return Result(
        trial=trial,
        status=status,
        record=record_of(trial, outcome, seconds=0.5),
        error=None if status == "done" else "Traceback: ...",
        environment={"python": "3", "cores": 2},
        started="2026-01-01T00:00:00+00:00",
        cpu_seconds=0.25,
    )


def test_what_is_put_in_comes_out(tmp_path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    store.put(result())
    assert store.results() == [result()]
    assert store.results(keys=[]) == []
    assert Store(tmp_path / "runs.sqlite").finished() == {result().trial.key: "done"}


def test_connections_of_threads_that_end_are_closed(tmp_path, recwarn) -> None:
    store = Store(tmp_path / "runs.sqlite")
    thread = threading.Thread(target=lambda: store.put(result()))
    thread.start()
    thread.join()
    assert store.finished()
    del store
    gc.collect()
    assert not recwarn.list
    assert not (tmp_path / "runs.sqlite-wal").exists()  # the last one that closes it puts it away


def test_it_is_in_write_ahead_mode_and_readable_by_sqlite(tmp_path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    store.put(result())
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        (metrics,) = other.execute("SELECT metrics FROM runs").fetchone()
    assert json.loads(metrics) == {"value": 1.0}


def test_a_finished_run_is_never_replaced_and_a_failed_one_is(tmp_path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    store.put(result(status="failed", value=1.0))
    store.put(result(value=2.0))
    store.put(result(value=3.0))
    store.put(result(status="failed", value=4.0))
    (kept,) = store.results()
    assert (kept.status, kept.record.metrics["value"]) == ("done", 2.0)


def test_keys_tell_trials_apart_and_do_not_depend_on_order() -> None:
    trial = Trial(suite="s", case="c", method="m", seed=0, settings={"a": 1, "b": 2})
    same = Trial(suite="s", case="c", method="m", seed=0, settings={"b": 2, "a": 1})
    assert trial.key == same.key
    others = [
        Trial(suite="s", case="c", method="m", seed=1, settings={"a": 1, "b": 2}),
        Trial(suite="s", case="c", method="m", seed=0, settings={"a": 1, "b": 3}),
        Trial(suite="s", case="c", method="n", seed=0, settings={"a": 1, "b": 2}),
    ]
    assert len({trial.key, *(other.key for other in others)}) == 4


def test_files_of_others_are_left_alone(tmp_path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello " * 1000)
    with pytest.raises(ValueError, match=r"notes\.txt' is no store of runs"):
        Store(text)
    assert text.read_text() == "hello " * 1000
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(ValueError, match="written by another program"):
        Store(other)
    with pytest.raises(ValueError, match="does not exist"):
        Store(tmp_path / "missing" / "runs.sqlite")
