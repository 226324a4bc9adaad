"""All runs in one SQLite file: what is in it is finished, whatever happened afterwards.

POSIX only, as the locks of ``_claims`` are; elsewhere opening a store raises ``OSError``.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cayley.experiments._claims import Claims
from cayley.experiments._suite import Record
from cayley.experiments._trial import Result, Trial

__all__ = ["Store"]

_APPLICATION = 0x43594C59  # "CYLY", so that another program's file is not taken for a store
_VERSION = 1  # of the schema below; a store of a later version is refused, not guessed at
# Writers queue for one file: with tens of workers a commit may wait for all others. Less would turn
# a busy disk into failed runs, more only delays the message about a writer that hangs.
_BUSY_SECONDS = 60.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY,
    suite TEXT NOT NULL,
    case_name TEXT NOT NULL,
    method TEXT NOT NULL,
    seed INTEGER NOT NULL,
    settings TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
    metrics TEXT NOT NULL,
    config TEXT NOT NULL,
    curves TEXT NOT NULL,
    notes TEXT NOT NULL,
    error TEXT,
    environment TEXT NOT NULL,
    started TEXT NOT NULL,
    seconds REAL NOT NULL,
    cpu_seconds REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    process TEXT NOT NULL,
    started TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
"""


class _Connection(sqlite3.Connection):
    """A connection that is closed with the thread or the store that it belongs to."""

    def __del__(self) -> None:
        # Since Python 3.13 one that is not closed gives a warning, and no thread tells its end.
        self.close()


class Store:
    """A file of results, shared by any number of processes on one machine.

    SQLite in write-ahead mode: one transaction per run, flushed to disk before it counts. A second
    file beside it, ``<name>-claims``, holds the claims of runs that are going on, and a folder,
    ``<name>-unfinished``, what those need that take long and are cut off.

    Args:
        path: The file; made if it is not there.

    Raises:
        ValueError: If there is a file that is no store.
        OSError: If the folder cannot be written, or the system has no POSIX record locks.

    Example:
        >>> import tempfile
        >>> from cayley.experiments._trial import perform
        >>> store = Store(Path(tempfile.mkdtemp()) / "runs.sqlite")
        >>> trial = Trial(suite="completion", case="C3", method="exact", seed=0,
        ...               settings={"operation": "C3", "observe": 0.7})
        >>> store.put(perform(trial))
        >>> (result,) = store.results()
        >>> store.status(trial.key), result.record.metrics["correct"]
        ('done', 1.0)
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        if not self.path.parent.is_dir():
            raise ValueError(f"the folder of the store {str(path)!r} does not exist.")
        self.claims = Claims(self.path.with_name(self.path.name + "-claims"))
        self._local = threading.local()
        with self._connection() as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield this thread's connection, in a transaction."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._open()
        with self._local.connection as connection:
            yield connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=_BUSY_SECONDS,
            factory=_Connection,
            check_same_thread=False,  # another one may close it, after its own has ended
        )
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._prepare(connection)
            except sqlite3.DatabaseError as error:
                # A change of the journal's mode does not wait by itself for other processes.
                if "locked" in str(error) and time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                connection.close()
                raise ValueError(f"{str(self.path)!r} is no store of runs: {error}.") from None
            return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # Readers do not wait for the writer; FULL, because a run counts as finished once it is in:
        # with NORMAL the last commits could be lost when the machine stops.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != _APPLICATION and tables:
            raise sqlite3.DatabaseError("it was written by another program")
        if version > _VERSION:
            raise sqlite3.DatabaseError(f"it has version {version}, newer than {_VERSION}")
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")

    def begin(self, trial: Trial, process: str) -> None:
        """Record that a process starts a trial."""
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO attempts (key, process) VALUES (?, ?)", (trial.key, process)
            )

    def put(self, result: Result) -> None:
        """Keep a result; a finished run is never replaced, a failed one by a later result."""
        trial, record = result.trial, result.record
        row = {
            "key": trial.key,
            "suite": trial.suite,
            "case_name": trial.case,
            "method": trial.method,
            "seed": trial.seed,
            "settings": _dump(trial.settings),
            "status": result.status,
            "metrics": _dump(record.metrics),
            "config": _dump(record.config),
            "curves": _dump(record.curves),
            "notes": _dump(record.notes),
            "error": result.error,
            "environment": _dump(result.environment),
            "started": result.started,
            "seconds": record.seconds,
            "cpu_seconds": result.cpu_seconds,
        }
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        updates = ", ".join(f"{name} = excluded.{name}" for name in row if name != "key")
        with self._connection() as connection:
            connection.execute(
                f"INSERT INTO runs ({names}) VALUES ({places}) "
                f"ON CONFLICT (key) DO UPDATE SET {updates} WHERE runs.status = 'failed'",
                row,
            )

    def finished(self) -> dict[str, str]:
        """Return the status of every run by its key."""
        with self._connection() as connection:
            return dict(connection.execute("SELECT key, status FROM runs"))

    def checkpoint(self, key: str) -> Path:
        """Return the file from which a run goes on, if it was cut off and there is one."""
        return self.path.with_name(f"{self.path.name}-unfinished") / f"{key}.safetensors"

    def status(self, key: str) -> str | None:
        """Return the status of one run, None if it is not there."""
        with self._connection() as connection:
            row = connection.execute("SELECT status FROM runs WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def num_attempts(self) -> int:
        """Return how many attempts there have been."""
        with self._connection() as connection:
            row = connection.execute("SELECT coalesce(max(number), 0) FROM attempts").fetchone()
        return int(row[0])

    def attempts(self, *, after: int = 0) -> list[tuple[str, str]]:
        """Return key and process of every attempt after the first so many, in order."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT key, process FROM attempts WHERE number > ? ORDER BY number", (after,)
            )
            return list(rows)

    def results(self, keys: Iterable[str] | None = None) -> list[Result]:
        """Return all results, or those of some keys, by suite, case, method and seed."""
        wanted = None if keys is None else set(keys)
        with self._connection() as connection:
            cursor = connection.execute(
                "SELECT key, suite, case_name, method, seed, settings, status, metrics, config, "
                "curves, notes, error, environment, started, seconds, cpu_seconds FROM runs "
                "ORDER BY suite, case_name, method, seed, key"
            )
            return [_result(row[1:]) for row in cursor if wanted is None or row[0] in wanted]

    def close(self) -> None:
        """Close this thread's connection and release all claims."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection
        self.claims.close()


def _dump(value: Any) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def _result(row: tuple[Any, ...]) -> Result:
    suite, case, method, seed, settings, status, metrics, config, curves, notes, *rest = row
    error, environment, started, seconds, cpu_seconds = rest
    trial = Trial(suite=suite, case=case, method=method, seed=seed, settings=json.loads(settings))
    record = Record(
        case=case,
        method=method,
        seed=seed,
        metrics=json.loads(metrics),
        seconds=seconds,
        config=json.loads(config),
        curves=json.loads(curves),
        notes=json.loads(notes),
    )
    return Result(
        trial=trial,
        status=status,
        record=record,
        error=error,
        environment=json.loads(environment),
        started=started,
        cpu_seconds=cpu_seconds,
    )
