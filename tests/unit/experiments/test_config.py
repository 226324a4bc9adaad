import math
from pathlib import Path

import pytest

from cayley.experiments import read_sweep
from cayley.experiments._trial import Trial, perform


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sweep.toml"
    path.write_text(text)
    return path


GRID = '[grid]\noperation = "S3"\nobserve = 0.5\nmethod = "exact"\n'


def test_every_combination_once(tmp_path) -> None:
    text = """
    store = "elsewhere.sqlite"
    [[grid]]
    operation = ["S3", "C5"]
    observe = [0.5, 1]
    noise = [0, 0.1]
    method = ["exact", "cp"]
    seed = [3, 4]
    steps = 10
    seconds = inf
    [grid.options]
    rank = [1.0, 2.0]
    [[grid]]
    operation = "S3"
    observe = 0.5
    noise = 0.0
    method = "exact"
    seed = [3, 4, 5]
    steps = 10
    seconds = inf
    """
    config = read_sweep(write(tmp_path, text))
    assert config.store == tmp_path / "elsewhere.sqlite"
    assert len(config.trials) == 2 * 2 * 2 * 2 * (1 + 2) + 1  # of the second grid one is new
    assert len({trial.key for trial in config.trials}) == len(config.trials)
    exact = next(trial for trial in config.trials if trial.method == "exact")
    assert exact.settings["seconds"] is None
    assert math.isclose(exact.settings["observe"], 0.5)
    assert {t.settings["options"].get("rank") for t in config.trials} == {None, 1.0, 2.0}


def test_a_number_of_seeds_counts_from_zero(tmp_path) -> None:
    config = read_sweep(write(tmp_path, GRID + "seed = 3"))
    assert [trial.seed for trial in config.trials] == [0, 1, 2]
    assert config.name == "sweep"
    assert config.store.name == "sweep.sqlite"


def test_suites_can_be_swept_too(tmp_path) -> None:
    text = '[grid]\nsuite = "groups"\ncase = "S3@0.5"\nmethod = ["exact", "cp"]\nseed = 2'
    trials = read_sweep(write(tmp_path, text)).trials
    assert [(t.case, t.method, t.seed) for t in trials] == [
        ("S3@0.5", method, seed) for method in ("exact", "cp") for seed in (0, 1)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("grid = [", "no TOML"),
        ("", r"there must be a \[grid\]"),
        ("[other]\nx = 1", "no field is called 'other'"),
        (GRID + "color = 1", "no field is called 'color'; there are: operation"),
        ('[grid]\noperation = "S3"\nobserve = 0.5', "`method` is missing"),
        (GRID.replace("exact", "exakt"), "no method is called 'exakt'; there are: exact"),
        (GRID.replace("S3", "S3000"), r"S3000"),
        (GRID.replace("0.5", "1.5"), "shares must be numbers between 0 and 1; got 1.5"),
        (GRID + "seed = 0", "`seed` must be a number >= 1 or a list"),
        (GRID + "seed = [-1]", "seeds must be whole numbers >= 0"),
        (GRID + "steps = []", "`steps` is empty"),
        (GRID + "steps = -5", "`steps` must be positive"),
        (GRID + "[grid.options]\nrank = 2", "no method of this grid has an option 'rank'"),
        ('[grid]\nsuite = "groups"\ncase = "x"', "suite 'groups' has no case 'x'"),
        ('[grid]\nsuite = "nothing"', "no suite is called 'nothing'"),
        ("store = 3\n" + GRID, "`store` must be text"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(tmp_path, text, message) -> None:
    with pytest.raises(ValueError, match=message):
        read_sweep(write(tmp_path, text))


def test_a_trial_repeats_from_what_is_stored(tmp_path) -> None:
    config = read_sweep(write(tmp_path, GRID))
    (trial,) = config.trials
    first, second = perform(trial), perform(Trial(**trial.to_dict()))
    numbers = ("accuracy", "correct", "test_accuracy", "steps")
    assert [first.record.metrics[n] for n in numbers] == [second.record.metrics[n] for n in numbers]
    assert first.environment["cayley"]
    assert first.environment["cores"] >= 1
