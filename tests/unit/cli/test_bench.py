import json

import numpy as np
import pytest

CASE = ("bench", "groups", "--case", "S3@0.8", "--methods", "exact,most-frequent")


def test_records_and_summary_as_designed(cayley) -> None:
    document = cayley(*CASE, "--seeds", "2", "--json").json()
    assert document["schema"] == "cayley.bench/1"
    assert document["suite"] == "groups"
    assert [(r["case"], r["method"], r["seed"]) for r in document["records"]] == [
        ("S3@0.8", method, seed) for method in ("exact", "most-frequent") for seed in (0, 1)
    ]
    record = document["records"][0]
    assert set(record) == {"case", "method", "seed", "metrics", "seconds", "config", "notes"}
    assert record["metrics"]["correct"] == 1.0
    assert record["config"]["operation"] == "S3"
    assert set(document["summary"][0]) == {"case", "method", "metric", "median", "min", "max"}


def test_a_store_gives_the_same_records_and_keeps_them(cayley, tmp_path) -> None:
    plain = cayley(*CASE, "--json").json()
    store = tmp_path / "runs.sqlite"
    first = cayley(*CASE, "--json", "--store", store).json()
    again = cayley(*CASE, "--json", "--store", store).json()
    assert first == again

    def timeless(document):
        return [
            {k: v for k, v in record["metrics"].items() if "seconds" not in k}
            for record in document["records"]
        ]

    assert timeless(plain) == timeless(first)


def test_a_failure_is_a_record(cayley, tmp_path) -> None:
    pytest.importorskip("pysat")
    arguments = ("bench", "isotopes", "--case", "S3-isotope@0.8", "--methods", "sat-group")
    for extra in ((), ("--store", tmp_path / "runs.sqlite")):
        (record,) = cayley(*arguments, "--json", *extra).json()["records"]
        assert record["metrics"] == {"failed": 1.0}
        assert record["notes"]["error"].startswith("ValueError: `table` of a group must be square")


def test_results_are_written_out(cayley, tmp_path) -> None:
    pytest.importorskip("polars")
    found = cayley(*CASE, "--out", tmp_path / "out")
    assert found.status == 0
    assert "S3@0.8" in found.out
    assert (tmp_path / "out" / "summary.svg").read_text().count("<svg") == 1


def test_unknown_names_are_said(cayley) -> None:
    assert "no case is called 'S9'" in cayley("bench", "groups", "--case", "S9").err
    assert "no suite is at 'nothing:SUITE'" in cayley("bench", "nothing:SUITE").err
    assert "is no suite" in cayley("bench", "json:dumps").err


def test_a_figure_is_made(cayley, tmp_path) -> None:
    found = cayley("reproduce", "factors", "--out", tmp_path / "figures")
    assert found.status == 0
    assert "published" in found.out
    assert "H / n^2" in found.out
    assert json.loads((tmp_path / "figures" / "factors.json").read_text())["figure"] == "factors"
    wrong = cayley("reproduce", "nothing")
    assert (wrong.status, "there are: fractions" in wrong.err) == (2, True)


def test_a_figure_that_is_cut_off_says_how_far_it_is(cayley, tmp_path, monkeypatch) -> None:
    from cayley.experiments._sweep import SweepProgress

    def cut_off(name, store, *, only, full, progress, **others):
        assert (name, only, full) == ("complexity", ["mod97:a^3+ab"], True)
        for done in (0, 1):
            progress(SweepProgress(done=done, total=2, failed=0))
        progress(SweepProgress(done=1, total=2, failed=0, share=0.06, message="step 340 of 6000"))
        raise KeyboardInterrupt

    monkeypatch.setattr("cayley.experiments._reproduce.reproduce", cut_off)
    arguments = ("complexity", "--full", "--only", "mod97:a^3+ab", "--out", tmp_path)
    found = cayley("reproduce", *arguments)
    assert found.status == 130
    ended, left = found.err.splitlines()
    assert ended.endswith(" 1 of 2")
    assert "interrupted; 1 of 2 finished runs are in" in left
    assert left.endswith("and stay there. Cut off: step 340 of 6000.")


def test_out_holds_arrays_and_figures(cayley, tmp_path) -> None:
    pytest.importorskip("polars")
    arguments = ("bench", "spiking", "--case", "autoencode", "--methods", "greedy,analytic")
    done = cayley(*arguments, "--out", tmp_path / "new")
    assert done.status == 0, done.err
    found = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"autoencode-analytic-0.npz", "autoencode-analytic-0.png", "runs.csv"} <= found
    assert "readout" in np.load(tmp_path / "new" / "autoencode-analytic-0.npz")
