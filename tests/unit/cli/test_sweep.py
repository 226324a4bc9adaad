import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cayley.experiments import Store

GRID = """
[grid]
operation = ["C3", "C4"]
observe = 0.7
method = ["exact", "most-frequent"]
seed = 2
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(GRID)
    return path


def test_a_sweep_runs_once_and_says_so(cayley, config) -> None:
    assert cayley("sweep", config, "--dry-run").out.startswith("8 runs, 8 of them not in")
    assert not (config.parent / "small.sqlite").exists()
    first = cayley("sweep", config, "--json").json()
    assert first["schema"] == "cayley.sweep/1"
    assert [first[k] for k in ("total", "ran", "known", "failed")] == [8, 8, 0, 0]
    again = cayley("sweep", config)
    assert "8 runs in" in again.out
    assert "0 run now, 8 there already, 0 failed" in again.out
    assert cayley("sweep", config, "--dry-run").out.startswith("8 runs, 0 of them not in")


def test_results_are_written_out(cayley, config, tmp_path) -> None:
    pytest.importorskip("polars")
    found = cayley("sweep", config, "--out", tmp_path / "out", "--store", tmp_path / "s.sqlite")
    assert found.status == 0
    assert len((tmp_path / "out" / "runs.csv").read_text().splitlines()) == 9
    assert f"wrote {tmp_path / 'out' / 'summary.html'}" in found.err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("exact", "exakt"), "no method is called 'exakt'"),
        (("[grid]", "[grid"), "no TOML"),
        (("0.7", "7"), "shares must be numbers between 0 and 1"),
    ],
)
def test_a_bad_file_is_one_message(cayley, config, change, message) -> None:
    config.write_text(GRID.replace(*change))
    found = cayley("sweep", config)
    assert found.status == 2
    assert message in found.err
    assert found.err.count("\n") == 1


def test_a_bad_option_is_one_message(cayley, config, tmp_path) -> None:
    assert "`cluster` must be ray" in cayley("sweep", config, "--cluster", "dask").err
    assert "`track` must be" in cayley("sweep", config, "--track", "x").err
    (tmp_path / "text").write_text("no store " * 100)
    found = cayley("sweep", config, "--store", tmp_path / "text")
    assert (found.status, "is no store of runs" in found.err) == (2, True)
    assert cayley("sweep", tmp_path / "missing.toml").status == 2


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_survives_kill_and_interrupt(config, jobs) -> None:
    pytest.importorskip("joblib")
    config.write_text(GRID.replace("seed = 2", "seed = 400"))
    command = [sys.executable, "-m", "cayley", "sweep", str(config), "--jobs", jobs]
    store = config.parent / "small.sqlite"
    finished: set[str] = set()
    for kind in (signal.SIGKILL, signal.SIGINT):
        errors = config.parent / f"{kind}.txt"  # no pipe: workers left behind would hold it
        with open(errors, "w") as file:
            process = subprocess.Popen(command, stderr=file)
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            time.sleep(0.1)
            if store.exists() and len(Store(store).finished()) > len(finished) + 20:
                break
        os.kill(process.pid, kind)
        process.wait(timeout=60)
        if kind is signal.SIGINT:
            assert process.returncode == 130
            assert "interrupted; " in errors.read_text()
        time.sleep(0.5)  # workers that were left behind finish what they are at
        now = set(Store(store).finished())
        assert finished <= now
        finished, attempts = now, Store(store).num_attempts()
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["ran"] == 1600 - len(finished)
    assert not finished & {key for key, _ in Store(store).attempts(after=attempts)}
