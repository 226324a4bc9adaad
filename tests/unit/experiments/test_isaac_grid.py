"""Perceptrons of many sizes: the layers that are chosen, and tuning inside of a run."""

import dataclasses

import pytest

from cayley.experiments._isaac import _perceptron_grid
from cayley.experiments._isaac._optimizer import Options
from cayley.experiments._isaac._perceptron_grid import run_grid
from cayley.experiments._isaac._tuning import BUDGET, SEED, grid
from cayley.experiments._suite import Context, load_suite


@pytest.fixture
def short(monkeypatch):
    """Ten steps for each setting."""
    whole = _perceptron_grid.perceptron_of
    monkeypatch.setattr(
        _perceptron_grid,
        "perceptron_of",
        lambda *size: dataclasses.replace(whole(*size), steps=10, target=2.2),
    )


def test_the_published_depths_and_widths_are_there() -> None:
    suite = load_suite("isaac-grid")
    names = {case.name for case in suite.cases}
    assert {"2x100", "8x1600", "map-4x400"} <= names
    assert len(suite.cases) == len(names) == 2 * 7 * 5
    assert all(set(case.methods) >= {"isaac+sgd", "isaac+adamw"} for case in suite.cases)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("isaac+adam", {"0", "2", "4", "6", "8", "10"}),
        ("isaac-first+adam", {"0"}),
        ("isaac-half+adam", {"0", "2", "4"}),
    ],
)
def test_isaac_takes_the_layers_that_the_method_names(method, expected) -> None:
    problem = _perceptron_grid._problem(5, 8, method, None, 0)
    linear = {name for name, module in problem.model.named_modules() if hasattr(module, "weight")}
    assert {name for name in linear if problem.preconditioned(name, None)} == expected


def test_a_run_trains_with_the_best_of_its_settings(short) -> None:
    seen = []
    context = Context(seed=0, progress=lambda done, message: seen.append((done, message)))
    found = run_grid(2, 16, grid, "isaac-half+adam", context)
    curves = found.curves
    assert {len(values) for values in curves.values()} == {BUDGET}
    rows = list(zip(curves["steps_to_target"], curves["final_loss"], strict=True))
    best = rows.index(min(rows))
    assert found.config["rate"] == curves["rate"][best]
    assert found.config["damping"] == curves["damping"][best]
    assert found.config["problem"] == "mlp-2x16-digits"
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == 1.0


def test_settings_are_tried_with_a_seed_of_their_own(short, monkeypatch) -> None:
    seeds = []
    whole = _perceptron_grid._problem

    def remembered(*arguments):
        seeds.append(arguments[-1])
        return whole(*arguments)

    monkeypatch.setattr(_perceptron_grid, "_problem", remembered)
    run_grid(2, 8, lambda method: [Options(rate=0.1)] * 2, "sgd", Context(seed=3))
    assert seeds == [SEED + 3, SEED + 3, 3]


def test_a_diverging_setting_is_no_best_and_has_a_number(short) -> None:
    settings = [Options(rate=1e9), Options(rate=0.1)]
    found = run_grid(2, 8, lambda method: settings, "sgd", Context(seed=0))
    assert found.config["rate"] == 0.1
    assert found.curves["final_loss"][0] == 100.0
    assert found.curves["damping"] == [0.0, 0.0]


def test_a_heat_map_has_six_rates_and_six_dampings() -> None:
    settings = _perceptron_grid._map("isaac+sgd")
    assert len({each.rate for each in settings}) == len({each.damping for each in settings}) == 6
    assert len(settings) == 36
