"""A sample of the records' `adversarial`, which goes through 100,000 tables."""

import pytest

from cayley.experiments.records import adversarial


def test_no_table_deceives():
    result = adversarial.run(30, seed=1)
    assert result["faults"] == []
    assert set(result["kinds"].values()) == {2}


@pytest.mark.slow
def test_no_table_of_many_deceives():
    assert adversarial.run(3000, seed=2)["faults"] == []


@pytest.mark.slow
def test_a_deceived_library_would_be_noticed(monkeypatch):
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
