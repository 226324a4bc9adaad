from dataclasses import replace

import numpy as np
import pytest
from tests.unit.report.figures.color_vision import SEEN_AS, cielab

from cayley.completion import solve
from cayley.report import (
    draw_cayley_graph,
    draw_curves,
    read_solution,
    save_figure,
    write_solution,
)
from cayley.report.figures._curves import curve, steps_of
from cayley.report.figures._figure_kinds import FIGURES
from cayley.report.figures._matrices import matrix_stages
from cayley.report.figures.cayley_diagrams._cayley_graph import cayley_graph_layout
from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.report.figures.drawing._style import COLORS, PROVENANCE_COLORS, figure_bytes
from cayley.report.figures.element_order._arrangement import Arrangement
from cayley.tables import Table, generate_family, isotope, mask


@pytest.fixture(scope="module")
def learned():
    return solve(mask(generate_family("S3"), observe=0.7, seed=0), solver="hypercube", restarts=2)


@pytest.fixture(scope="module")
def exact():
    return solve(mask(generate_family("D8"), observe=0.6, seed=0))


@pytest.fixture(scope="module")
def shown(learned):
    """Solutions of many kinds: each figure shows one of them."""
    largest = np.maximum.outer(np.arange(4), np.arange(4))
    still_open = largest.copy()
    still_open[[1, 2, 1, 3], [2, 1, 3, 1]] = -1
    reflections = [[(2 * a - b) % 6 for b in range(6)] for a in range(6)]
    return [
        learned,
        solve(Table.from_array(still_open), assume="semilattice"),
        solve(Table.from_array(largest)),
        solve(Table.from_array(reflections)),
        solve(generate_family("D8")),
    ]


def first_shown(kind, shown):
    """The first solution in which a figure has something to show."""
    for solution in shown:
        try:
            return solution, FIGURES[kind].draw(solution)
        except ValueError:
            continue
    raise AssertionError(f"{kind} shows none of the solutions")


@pytest.mark.parametrize("kind", sorted(FIGURES))
def test_every_kind_in_every_format_the_same_twice(kind, shown) -> None:
    solution, figure = first_shown(kind, shown)
    for format, start in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        assert figure_bytes(figure, format).startswith(start)
    content = figure_bytes(FIGURES[kind].draw(solution), "svg")
    assert content == figure_bytes(FIGURES[kind].draw(solution), "svg")
    assert content.startswith(b"<?xml")
    assert b"dc:date" not in content


@pytest.mark.parametrize("kind", sorted(k for k, each in FIGURES.items() if each.picture))
def test_pictures_are_the_same_twice_and_say_what_they_are(kind, shown) -> None:
    solution, _ = first_shown(kind, shown)
    picture = FIGURES[kind].picture(solution)
    assert picture == FIGURES[kind].picture(solution)
    assert picture.title
    assert picture.description.endswith(".")
    svg = drawing_svg(picture, name=kind)
    assert svg == drawing_svg(FIGURES[kind].picture(solution), name=kind)
    assert svg.count("<svg") == 1


def test_nothing_global_is_touched(learned) -> None:
    import matplotlib as mpl
    from matplotlib._pylab_helpers import Gcf

    before = dict(mpl.rcParams)
    figure_bytes(FIGURES["table"].draw(learned), "svg")
    assert dict(mpl.rcParams) == before
    assert not Gcf.figs


def test_hostile_labels_are_drawn_as_they_are() -> None:
    labels = ["$\\frac{$", "<b>&", "😀", "\u202e\x07"]
    solution = solve(Table.from_array(generate_family("C4").array, labels=labels))
    for kind in ("table", "before-after", "cayley-graph", "matrices"):
        assert b"<b>" not in figure_bytes(FIGURES[kind].draw(solution), "svg")


@pytest.fixture(scope="module")
def magma():
    return solve(generate_family("mod5:a^2+ab+b^2"), solver="exact")


@pytest.mark.parametrize("kind", ["characters", "cayley-graph", "normal-subgroups", "matrices"])
def test_says_what_there_is_none_of(kind, magma) -> None:
    with pytest.raises(ValueError, match=r"there (is|are) no"):
        FIGURES[kind].draw(replace(magma, learned=None))


def test_no_curves_where_nothing_was_trained(exact) -> None:
    with pytest.raises(ValueError, match="nothing was trained"):
        draw_curves(exact)


def test_curves_count_restarts_on_and_bear_missing_numbers(learned) -> None:
    record = learned.history[0]
    history = tuple(replace(record, step=s, imbalance=np.nan) for s in (1, 5, 9, 2, 4))
    assert steps_of(history).tolist() == [1, 5, 9, 11, 13]
    assert np.isnan(curve(history, "imbalance")).all()
    assert np.isnan(curve(history, "a curve of another solver")).all()
    axes = draw_curves(replace(learned, history=history)).axes
    assert [text.get_text() for text in axes[3].texts] == ["not recorded"]


def test_the_floor_of_the_penalty_is_a_dashed_line_where_it_was_computed(learned) -> None:
    record = learned.history[0]
    floors = {1: 0.5, 2: np.nan, 3: 2.0}
    history = tuple(replace(record, step=s, penalty_floor=v) for s, v in floors.items())
    panel = draw_curves(replace(learned, history=history)).axes[1]
    (dashed,) = (line for line in panel.lines if line.get_linestyle() == "--")
    assert (dashed.get_xdata().tolist(), dashed.get_ydata().tolist()) == ([1, 3], [0.5, 2.0])


def test_matrices_by_stages(learned, exact) -> None:
    labels, stages = matrix_stages(learned, count=6)
    assert [stage.title for stage in stages] == [
        "As learned: A", "Gauge fixed", "By irreducible blocks",
    ]  # fmt: skip
    assert len(labels) == 6
    fixed, blocks = stages[1].matrices, stages[2]
    assert np.abs(fixed @ fixed.swapaxes(1, 2) - np.eye(6)).max() < 1e-5
    assert sorted(blocks.blocks) == [1, 1, 2, 2]
    inside = np.zeros((6, 6), bool)
    start = 0
    for size in blocks.blocks:
        inside[start : start + size, start : start + size] = True
        start += size
    assert np.abs(blocks.matrices[:, ~inside]).max() < 1e-8
    assert [stage.title for stage in matrix_stages(exact)[1]] == [
        "Regular representation", "By irreducible blocks",
    ]  # fmt: skip


def test_isotopes_have_matrices_too() -> None:
    table = mask(isotope(generate_family("S3"), seed=1), observe=0.8, seed=0)
    _, stages = matrix_stages(solve(table, solver="hypercube"))
    assert np.allclose(stages[2].matrices[0], np.eye(6), atol=1e-8)  # the identity comes first


def test_cayley_graph_on_chosen_generators(exact) -> None:
    figure = draw_cayley_graph(exact, generators=["s", "sr"])
    assert [text.get_text() for text in figure.axes[0].texts[-2:]] == ["s", "sr"]
    with pytest.raises(ValueError, match="generate 4 of 8 elements"):
        draw_cayley_graph(exact, generators=["r"])
    with pytest.raises(ValueError, match="'t', which is no symbol"):
        draw_cayley_graph(exact, generators=["t"])


@pytest.mark.parametrize("name", ["C1", "C2", "C7", "S4", "Q8", "C2xC2xC2"])
def test_no_two_elements_are_drawn_in_one_place(name) -> None:
    from cayley.algebra import Group

    group = Group.from_table(generate_family(name).array)
    at = cayley_graph_layout(group, group.generators)
    assert np.isfinite(at).all()
    gaps = np.linalg.norm(at[:, None] - at[None], axis=-1) + 9 * np.eye(group.order)
    assert gaps.min() > 0.15


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_colors_are_told_apart_by_everybody(seen_as) -> None:
    for colors in (list(PROVENANCE_COLORS.values()), list(COLORS[:4])):
        points = np.array([cielab(color, SEEN_AS[seen_as]) for color in colors])
        gaps = np.linalg.norm(points[:, None] - points[None], axis=-1) + 999 * np.eye(len(points))
        assert gaps.min() > 10  # about 2 can just be told apart side by side


def test_a_solution_comes_back_with_its_matrices_and_curves(tmp_path, learned) -> None:
    write_solution(learned, tmp_path / "out")
    again = read_solution(tmp_path / "out" / "solution.json")
    assert again.to_document() == learned.to_document()
    for F, G in zip(again.factors, learned.factors, strict=True):
        assert (F == G).all()
    before, after = (matrix_stages(solution)[1] for solution in (learned, again))
    for old, new in zip(before, after, strict=True):
        assert np.array_equal(old.matrices, new.matrices)
    for name in ("fit", "penalty_ratio", "agreement"):
        old, new = (curve(solution.history, name) for solution in (learned, again))
        assert np.allclose(old, new, rtol=1e-5)


def test_broken_files_are_refused(tmp_path, learned) -> None:
    path = tmp_path / "solution.json"
    path.write_text('{"schema": "cayley.solution/1"}')
    with pytest.raises(ValueError, match=r"solution\.json: `status` must be one of"):
        read_solution(path)
    write_solution(learned, tmp_path / "out")
    (tmp_path / "out" / "factors.safetensors").write_bytes(b"no")
    with pytest.raises(ValueError, match="does not hold the factors"):
        read_solution(tmp_path / "out" / "solution.json")
    with pytest.raises(ValueError, match="must end in one of"):
        save_figure(FIGURES["table"].draw(learned), tmp_path / "x.gif")


def test_arrangement_is_a_value(exact) -> None:
    from cayley.report.figures.element_order._arrangement import arrange

    assert isinstance(arrange(exact), Arrangement)
