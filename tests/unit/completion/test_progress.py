import json
import math
from itertools import pairwise

import pytest
import torch

from cayley.completion import Progress, solution_from_document, solve
from cayley.completion._progress import LONGEST, History
from cayley.completion.solution._json import history_from_document, history_to_document
from cayley.tables import add_noise, generate_family, isotope, mask


def progress(step: int, **changes) -> Progress:
    numbers = {
        "fit": 0.5,
        "penalty_ratio": 3.0,
        "agreement": 0.1,
        "loss": 2.0,
        "imbalance": math.inf,
    }
    return Progress(solver="hypercube", stage="s", step=step, **(numbers | changes))


@pytest.mark.parametrize("count", [0, 1, 3, LONGEST, LONGEST + 1, 5 * LONGEST + 7])
def test_history_is_short_even_and_ends_at_the_end(count) -> None:
    told = []
    history = History(lambda p: told.append(p.step))
    for step in range(1, count + 1):
        history(progress(step, factors=lambda: ()))
    steps = [p.step for p in history.records]
    assert told == list(range(1, count + 1))
    assert len(steps) <= LONGEST + 1
    assert all(p.factors is None for p in history.records)
    if count:
        assert (steps[0], steps[-1]) == (1, count)
        gaps = {b - a for a, b in pairwise(steps[:-1])}
        assert len(gaps) <= 1


def test_the_callback_ends_the_search() -> None:
    assert History(lambda p: True)(progress(1)) is True
    assert History(None)(progress(1)) is None


def test_a_document_holds_the_curves_as_json() -> None:
    document = history_to_document((progress(1), progress(2, imbalance=math.pi)))
    text = json.dumps(document, allow_nan=False)
    again = history_from_document(json.loads(text))
    assert [p.step for p in again] == [1, 2]
    assert math.isnan(again[0].imbalance)
    assert again[1].imbalance == 3.14159
    assert history_from_document(None) == ()
    floors = history_from_document(history_to_document((progress(1, penalty_floor=2.5),)))
    assert floors[0].penalty_floor == 2.5


@pytest.mark.parametrize(
    "columns", [[], {"step": [1]}, {"step": [1], "solver": [], "stage": []}, {"step": ["x"]}, 5]
)
def test_broken_histories_are_refused(columns) -> None:
    with pytest.raises(ValueError, match="`history` must hold lists of one length"):
        history_from_document(columns)


def test_factors_are_there_while_it_runs() -> None:
    seen = []

    def look(p: Progress) -> None:
        A, B, C = p.factors()
        seen.append((A.shape, torch.equal(A, B), torch.equal(C, A.mT)))

    solution = solve(
        mask(generate_family("S3"), observe=0.7, seed=0), solver="hypercube", callback=look
    )
    assert set(seen) == {((6, 6, 6), True, True)}
    assert len(solution.history) == len(seen)
    assert solution.history[-1].fit == 1.0


TABLES = {
    "group": mask(generate_family("S3"), observe=0.7, seed=0),
    "isotope": mask(isotope(generate_family("C5"), seed=1), observe=0.8, seed=0),
    "noisy": add_noise(generate_family("D12"), noise=0.03, seed=0),
    "open": mask(generate_family("C4"), observe=0.2, seed=0),
    "no group": generate_family("mod5:a^2+b^2"),
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_solution_comes_back_from_its_document(name) -> None:
    solution = solve(TABLES[name], solver="exact")
    again = solution_from_document(json.loads(json.dumps(solution.to_document(), allow_nan=False)))
    assert again.to_document() == solution.to_document()
    assert again.given == solution.given
    assert again.isotopism is None or again.isotopism.group == solution.isotopism.group


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "other"}, "must be a solution"),
        ({"status": "perfect"}, "`status` must be one of"),
        ({"provenance": [["observed"]]}, "`provenance` must hold"),
        ({"suspects": [{"row": "()"}]}, "`suspects` must hold"),
        ({"suspects": [{"row": "?", "column": "()", "given": "()", "expected": "()"}]}, "no label"),
        ({"seed": "a"}, "`seed` must be a number"),
        ({"evidence": [["a"]]}, "`evidence` must hold"),
        ({"table": [["()"]]}, "`table` must be a list of 6 rows"),
        ({"history": {"step": [1]}}, "`history` must hold"),
    ],
)
def test_broken_documents_are_refused(change, message) -> None:
    document = solve(TABLES["group"]).to_document() | change
    with pytest.raises(ValueError, match=message):
        solution_from_document(document)
    with pytest.raises(ValueError, match="must be a solution"):
        solution_from_document([])
