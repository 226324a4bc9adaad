"""The command once for each exit status, and what it prints and writes."""

import json

import numpy as np
import pytest


def logits(name="C7", noise=0.0):
    p = 7
    a, b, c = np.ogrid[:p, :p, :p]
    exact = np.cos(2 * np.pi * (a + b - c) / p) + np.cos(4 * np.pi * (a + b - c) / p)
    return exact + noise * np.random.default_rng(0).standard_normal((p, p, p))


@pytest.fixture
def waves(tmp_path):
    angles = 2 * np.pi * np.arange(7)[:, None] * [1, 2] / 7
    wave = np.hstack([np.cos(angles), np.sin(angles)])
    np.savez(tmp_path / "waves.npz", logits=logits(), left=wave, right=wave)
    return tmp_path / "waves.npz"


def test_a_network_that_has_learned_a_group(waves, cayley, tmp_path):
    ran = cayley("explain", str(waves), "--out", str(tmp_path / "out"))
    assert ran.status == 0
    header, first = ran.out.splitlines()[:2]
    assert header.split() == ["part", "frequency", "left", "right"]
    assert first.split()[:2] == ["X.2+X.7", "1"]
    assert first.endswith("*")
    assert "This is the group C7 (GAP 7:1)" in ran.out
    assert "Proved: the group of that table." in ran.out
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["answers.csv", "explanation.json", "part-energies.svg", "run.json"]
    document = json.loads((tmp_path / "out" / "explanation.json").read_text())
    assert document["claimed"] == ["X.2+X.7", "X.3+X.6"]


def test_a_network_that_has_not(tmp_path, cayley):
    np.savez(tmp_path / "a.npz", logits=logits(noise=9.0))
    ran = cayley("explain", str(tmp_path / "a.npz"), "--json", "--group", "C7", "--time-limit", "1")
    assert ran.status == 4
    document = json.loads(ran.out)
    assert document["group"]["standing"] == "given"
    assert document["agreement"] < 0.5


def test_bad_input_gets_one_message(waves, cayley, tmp_path):
    for arguments, message in [
        ([str(tmp_path / "none.npz")], "No such file"),
        ([str(waves), "--group", "C8"], "must be a table of 7 rows"),
        ([str(waves), "--group", "nonsense"], "nonsense"),
        ([__file__], "neither an npz nor a safetensors file"),
    ]:
        ran = cayley("explain", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert message in ran.err
        assert ran.err.count("\n") == 1
