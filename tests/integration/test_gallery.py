"""Every example of the gallery runs, draws, and finds what is known from elsewhere.

Two examples take the share of several samples. Here they take fewer of them; with ``--runslow``
they run as written.
"""

import runpy
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from cayley.algebra import identify

EXAMPLES = Path(__file__).parents[2] / "examples"
WRITTEN = {"cipher_step": "SAMPLES = 8", "wrong_measurements": "SAMPLES = 5"}
FEWER = "SAMPLES = 2"
NAMES = sorted(path.stem.removeprefix("plot_") for path in EXAMPLES.glob("plot_*.py"))


@pytest.fixture
def run(monkeypatch, pytestconfig, tmp_path):
    """Run an example without a screen; return its variables and how many figures it drew."""

    def run_example(name):
        figures = []
        path = EXAMPLES / f"plot_{name}.py"
        if name in WRITTEN and not pytestconfig.getoption("--runslow"):
            source = path.read_text(encoding="utf-8")
            assert source.count(f"\n{WRITTEN[name]}\n") == 1
            path = tmp_path / path.name
            path.write_text(source.replace(WRITTEN[name], FEWER), encoding="utf-8")

        def show():
            for number in plt.get_fignums():
                plt.figure(number).canvas.draw()
                figures.append(number)
            plt.close("all")

        mpl.use("Agg")
        monkeypatch.setattr(plt, "show", show)
        with mpl.rc_context():
            variables = runpy.run_path(str(path))
        return variables, len(figures)

    threads = torch.get_num_threads()
    yield run_example
    plt.close("all")
    torch.set_num_threads(threads)  # an example takes one thread


def check_point_group(found):
    # Herzberg, Infrared and Raman Spectra (1945): vibrations of ethane, D3d.
    assert found["vibrations"] == {"A1g": 3, "A2g": 0, "A1u": 1, "A2u": 2, "Eg": 3, "Eu": 3}
    assert found["activity"]["A1u"] == "silent"
    assert {name for name, kind in found["activity"].items() if kind == "infrared"} == {
        "A2u",
        "Eu",
    }
    assert found["solution"].table == found["truth"]
    assert identify(found["group"]).name == "D12"
    # As 3 x 3 matrices the two point groups differ, as tables they do not.
    assert np.trace(found["staggered"]["i"]) != np.trace(found["eclipsed"]["σh"])


def check_kinship(found):
    assert found["found"].identification.name == "D8"
    assert found["found"].unique == "yes"
    assert len(found["translations"]) == 8  # |Aut(D8)|
    # The term numbers stand for the shuffled labels of the Aranda table.
    for term, label in zip(found["terms"], found["shuffled"].rows, strict=True):
        assert label in found["meanings"][term]
    certain = [term for term, meaning in found["meanings"].items() if len(meaning) == 1]
    assert {next(iter(found["meanings"][term])) for term in certain} == {"own", "mother's mother"}
    # Radcliffe-Brown: Kariera marry first, Aranda second cross-cousins.
    first = "mother's brother's daughter"
    second = "mother's mother's brother's daughter's daughter"
    assert found["marriages"]["Kariera"][first] == "spouse"
    assert found["marriages"]["Aranda"][first] != "spouse"
    assert found["marriages"]["Aranda"][second] == "spouse"


def check_neo_riemannian(found):
    # Crans, Fiore and Satyendra (2009), sections 4 to 6.
    assert identify(found["plr"]).name == "D24"
    assert found["commute"]
    assert len(found["both"]) == 2
    assert found["together"].order == 288
    assert len(found["beethoven"]) == 19
    names = [found["NAMES"][triad] for triad in found["beethoven"]]
    assert names[:5] == ["C", "a", "F", "d", "B♭"]
    assert found["solution"].identification.name == "D24"


def check_cipher_step(found):
    named = {name: getattr(v, "group", None) for name, v in found["verdicts"].items()}
    assert identify(named["exclusive or"]).gap_id == (16, 14)
    assert (
        identify(named["sum modulo 16"]).gap_id
        == identify(named["product modulo 17"]).gap_id
        == (16, 1)
    )
    # The quadrangle criterion, read off the table itself.
    table = found["table"].array
    (p, q, r, s), (t, u, v, w) = ([table[cell] for cell in cells] for cells in found["rectangles"])
    assert (p, q, r) == (t, u, v)
    assert s != w
    # Sorted by powers the product is addition of exponents.
    k, p = np.indices((16, 16))
    assert np.array_equal(found["plain"], (k + p) % 16)
    assert found["solution"].table == found["scrambled"]["product modulo 17"]
    assert all(shares[0] == 0 and shares[-1] == 1 for shares in found["proved"].values())


def check_wrong_measurements(found):
    assert len(found["wrong"]) == 12
    assert set(found["suspects"]) == found["wrong"]
    assert any(found["observations"][i][:2] in found["wrong"] for i in found["verdict"].evidence)
    assert sum(found["for_given"]) == 0  # the votes know nothing of the deduction
    assert min(found["for_expected"]) > max(found["for_others"])
    assert not any(found["outcomes"]["false suspects"])
    assert found["outcomes"]["all wrong entries found, no others"][-1] > 0.5


def check_modular_addition(found):
    # Numbers of the trained network depend a little on the machine.
    hidden, right = found["hidden"], found["right_answers"]
    assert right[~hidden].all()
    assert 0.75 < right[hidden].mean() < 1
    assert found["suspects"] == found["wrong"]
    assert found["of_network"].identification.name == "C23"
    assert 4 <= found["strong"].sum() <= 9
    assert found["right_with"](found["strong"]) > 0.8
    assert found["right_with"](~found["strong"]) < 0.3
    assert found["learned"] == found["truth"]
    np.testing.assert_allclose(found["of_matrices"], 1 / 11, atol=1e-3)
    assert set(found["found"].multiplicities) == {1}


CHECKS = {
    "cipher_step": check_cipher_step,
    "kinship": check_kinship,
    "modular_addition": check_modular_addition,
    "neo_riemannian": check_neo_riemannian,
    "point_group": check_point_group,
    "wrong_measurements": check_wrong_measurements,
}


@pytest.mark.parametrize("name", NAMES)
def test_example(run, name):
    variables, num_figures = run(name)
    assert num_figures > 0
    CHECKS[name](variables)


def test_every_example_is_checked():
    assert sorted(CHECKS) == NAMES
