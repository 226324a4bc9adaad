"""The experiments on discovered symmetries: what they start from, and a quick run of each kind."""

import dataclasses

import numpy as np
import pytest
import torch

from cayley.experiments._suite import Context, load_suite
from cayley.experiments._symmetry import _aggregation, _recovery, _sample_efficiency
from cayley.experiments._symmetry._discovered import EQUIVARIANT_TASKS, _near_solved, _quarter_turns
from cayley.experiments._symmetry._parameter_matched import METHODS, build, num_parameters
from cayley.testing import assert_equivariant


@pytest.fixture(scope="module", params=list(EQUIVARIANT_TASKS))
def problem(request):
    return EQUIVARIANT_TASKS[request.param](0)


def test_the_symmetry_is_discovered(problem):
    assert problem.is_right


def test_all_networks_have_as_many_parameters(problem):
    counts = [num_parameters(build(problem, method, 0)) for method in METHODS]
    assert max(counts) < 1.1 * min(counts)


def test_symmetric_networks_are_symmetric(problem):
    x = problem.test[0][:16]
    for method in ("equivariant", "frame-average"):
        network = build(problem, method, 0)
        assert_equivariant(network, x, problem.in_rep, problem.out_rep, tolerance=2e-6)
    with pytest.raises(AssertionError):
        assert_equivariant(build(problem, "plain", 0), x, problem.in_rep, problem.out_rep)


def test_the_truth_has_the_symmetry():
    """Augmented targets are the targets of augmented states: good turns move along."""
    problem = EQUIVARIANT_TASKS["cube"](0)
    states, best = _near_solved(_quarter_turns().tobytes())
    known = {state.tobytes(): good for state, good in zip(states, best, strict=True)}
    x, y = problem.test[0][:20], problem.test[1][:20]
    for g in (3, 17):
        moved = (x @ problem.in_rep.matrices[g].float()).argmax(1).numpy()
        targets = problem.moves(g, y).flatten(1).numpy()
        for state, target in zip(moved, targets, strict=True):
            assert np.array_equal(known[state.tobytes()][:12], target)


def test_training_a_little_is_better_than_nothing(monkeypatch):
    def small(seed):
        return dataclasses.replace(EQUIVARIANT_TASKS["digits"](seed), sizes=(200,), steps=60)

    monkeypatch.setitem(_sample_efficiency.EQUIVARIANT_TASKS, "few digits", small)
    outcome = _sample_efficiency.run_problem("few digits", "equivariant", Context(seed=0))
    assert outcome.metrics["error_200"] < 0.6
    assert outcome.metrics["equivariance_defect"] <= 1e-5
    assert outcome.metrics["group_is_right"] == 1


def test_recovery(monkeypatch):
    monkeypatch.setattr(_recovery, "_TABLES", 3)
    monkeypatch.setattr(_recovery, "_GRID", ((1.0, 0.0), (1.0, 0.05)))
    metrics = _recovery.run_recovery("S4-regular", Context(seed=0)).metrics
    assert metrics["right_100_0"] == metrics["right_100_5"] == 1
    assert metrics["solved_but_wrong_100_5"] == 0


def test_sets_and_their_answers():
    random = np.random.default_rng(0)
    sets, answers = _aggregation.draw_sets("gcd", random, 5, 50)
    assert [np.gcd.reduce(row) for row in sets.numpy()] == answers.tolist()
    assert int(sets.min()) >= 1
    assert int(sets.max()) <= 60


def test_bindings():
    case = next(case for case in load_suite("symmetry").cases if case.name == "binding")
    random, holographic = (
        case.run(method, Context(seed=0)).metrics for method in ("random-64", "holographic-64")
    )
    assert random["accuracy_1"] == 1
    assert random["accuracy_24"] < random["accuracy_2"]
    assert random["capacity"] >= holographic["capacity"]
    assert torch.get_num_threads() >= 1
