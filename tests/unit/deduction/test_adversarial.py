"""A sample of `benchmarks/adversarial.py`, which goes through 100,000 tables."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "adversarial.py"


@pytest.fixture(scope="module")
def adversarial():
    spec = importlib.util.spec_from_file_location("adversarial", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_table_deceives(adversarial):
    result = adversarial.run(60, seed=1)
    assert result["faults"] == []
    assert set(result["kinds"].values()) == {4}


@pytest.mark.slow
def test_no_table_of_many_deceives(adversarial):
    assert adversarial.run(3000, seed=2)["faults"] == []


def test_a_deceived_library_would_be_noticed(adversarial, monkeypatch):
    """The judge is not blind: claims that are always made are faults."""
    deduce = adversarial.deduce

    def always_cyclic(_, *, order, assume):
        cells = [(a, b, (a + b) % order) for a in range(order) for b in range(order)]
        return deduce(cells, order=order, assume=assume)

    monkeypatch.setattr(adversarial, "deduce", always_cyclic)
    monkeypatch.setattr(adversarial, "find_isotopism", lambda _: True)
    faults = {each["fault"] for each in adversarial.run(30, seed=3)["faults"]}
    assert {"find_isotopism", "deduce group: forced", "deduce isotope: forced"} <= faults
    assert "false uniqueness" in faults
