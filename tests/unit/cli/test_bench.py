"""``cayley bench --out``: records, arrays and figures in a new folder."""

import json

import numpy as np


def test_out_holds_records_arrays_and_figures(cayley, tmp_path) -> None:
    arguments = ("bench", "spiking", "--case", "autoencode", "--methods", "greedy,analytic")
    done = cayley(*arguments, "--out", tmp_path / "new")
    assert done.status == 0, done.err
    found = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert found == ["autoencode-analytic-0.npz", "autoencode-analytic-0.png", "records.json"]
    document = json.loads((tmp_path / "new" / "records.json").read_text())
    assert [r["method"] for r in document["records"]] == ["greedy", "analytic"]
    assert "readout" in np.load(tmp_path / "new" / "autoencode-analytic-0.npz")
    again = cayley(*arguments, "--out", tmp_path / "new")
    assert again.status == 2
    assert "exists" in again.err
