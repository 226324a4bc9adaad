"""Every example of the gallery runs, draws, and finds what is known from elsewhere.

Three examples take the share of several samples. Here they take fewer of them; with ``--runslow``
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
WRITTEN = {
    "cell_by_cell": "SAMPLES = 10",
    "cipher_step": "SAMPLES = 8",
    "wrong_measurements": "SAMPLES = 5",
}
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
        monkeypatch.syspath_prepend(EXAMPLES)  # as if the example were run in its folder
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


def check_cube(found):
    assert found["solution"].identification.name == "S4"
    assert len(set(found["on_diagonals"].values())) == 24
    assert found["determinants"] == {1}
    assert found["partial"].num_observed == 58
    assert found["completed"].table == found["cube"]
    # Independently: the rows of the table are products of the matrices, the left one first.
    cube, matrix = found["cube"], found["matrix"]
    for a, b in (("-y,x,z", "z,x,y"), ("z,x,y", "-y,x,z")):
        assert np.array_equal(matrix(b) @ matrix(a), matrix(cube[a, b]))


def check_octonions(found):
    octonions = found["octonions"]
    assert found["completed"].table == found["alone"].table == octonions
    assert found["completed"].unique == "yes"
    assert found["alone"].status == "predicted"
    assert found["insisted"].identification.name == "C2 x Q8"
    assert len(found["insisted"].suspects) == 11
    # Baez, The octonions (2002): alternative, and no triple off a line associates.
    table = octonions.array
    assert all(table[table[a, a], b] == table[a, table[a, b]] for a, b in np.ndindex(16, 16))
    assert found["share"].sum() == 512 - 7 * 6 * 4


def check_knot_colorings(found):
    # The determinants of the knots are 3 and 5 (Rolfsen's table): so many colors, and no fewer.
    assert found["counts"] == {
        ("trefoil", 3): 9, ("trefoil", 5): 5, ("figure eight", 3): 3, ("figure eight", 5): 25,
    }  # fmt: skip
    assert found["four"].status == "inconsistent"
    for kei, size in ((found["trefoil_kei"], 3), (found["five"], 5)):
        assert kei.unique == "yes"
        # x y = 2x - y modulo the number of colors, after some renaming: reflections of a polygon
        assert all(len(set(row)) == size for row in kei.table.array)


def check_maps_of_three_points(found):
    assert found["found"].table == found["every"]
    assert found["found"].standing == "earned"
    assert len(found["presses"]) == 27
    # Ganyushkin, Mazorchuk, Classical Finite Transformation Semigroups (2009), chapters 2 and 4.
    assert len(found["semigroup"]["idempotents"]) == 10
    sizes = [sum(len(cell) for row in box["cells"] for cell in row)
             for box in found["semigroup"]["egg_boxes"]]  # fmt: skip
    assert sorted(sizes) == [3, 6, 18]


def check_rock_paper_scissors(found):
    game = found["game"]
    assert found["alone"].table == found["told"].table == game
    assert (found["alone"].status, found["told"].status) == ("predicted", "solved")
    assert found["less"].num_completions == 5
    assert found["together"].table == found["blood"]
    assert all(sum(game[a, b] == a for b in game.columns) == 3 for a in game.rows)


def check_trained_network(found):
    # Numbers of the trained network depend a little on the machine.
    assert min(list(found["right_on_shown"].values())[5:]) == 1
    assert found["right_on_hidden"][300] < 0.2
    assert found["right_on_hidden"][1300] > 0.9
    assert found["found"][300].identification.name is None
    assert found["suspects"] == found["errors"]
    assert found["solution"].table == found["truth"]


def check_inside_network(found):
    # Numbers of the trained network depend a little on the machine.
    explained = found["found"]
    assert explained.solution.identification.name == "S4"
    assert explained.agreement > 0.97
    kinds = {each.kind: each.accuracy for each in explained.interventions}
    assert kinds["claimed parts alone"] > explained.agreement - 0.02
    assert kinds["without the claimed parts"] < 0.2
    assert kinds["each neuron its own part alone"] > 0.9
    assert found["through_cosets"] > 20
    assert found["recorder"].accuracies[-1] == explained.agreement


def check_cell_by_cell(found):
    assert found["so_far"].table == found["truth"]
    assert found["so_far"].unique == "yes"
    assert found["determined"][-1] == 144
    assert len(found["days"]) <= np.median(found["at_random"])


CHECKS = {
    "cell_by_cell": check_cell_by_cell,
    "cipher_step": check_cipher_step,
    "cube": check_cube,
    "inside_network": check_inside_network,
    "kinship": check_kinship,
    "knot_colorings": check_knot_colorings,
    "maps_of_three_points": check_maps_of_three_points,
    "modular_addition": check_modular_addition,
    "neo_riemannian": check_neo_riemannian,
    "octonions": check_octonions,
    "point_group": check_point_group,
    "rock_paper_scissors": check_rock_paper_scissors,
    "trained_network": check_trained_network,
    "wrong_measurements": check_wrong_measurements,
}


# Several seconds each; `.ci/nightly` runs them, and every build of the documentation.
SLOW = {
    "cipher_step",
    "cube",
    "knot_colorings",
    "modular_addition",
    "octonions",
    "trained_network",
    "wrong_measurements",
}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in NAMES]
)
def test_example(run, name):
    variables, num_figures = run(name)
    assert num_figures > 0
    CHECKS[name](variables)


def test_every_example_is_checked_and_has_a_place():
    assert sorted(CHECKS) == NAMES
    order = runpy.run_path(str(EXAMPLES.parent / "docs" / "_extensions" / "gallery_order.py"))
    assert sorted(order["_ORDER"]) == NAMES
