"""Synchronization in the pipeline: proved tables, suspects with evidence, clean stops."""

import numpy as np
import pytest
import torch

from cayley.algebra import Structure
from cayley.completion import Progress, solve
from cayley.completion._judge import can_be_noisy, judge
from cayley.completion.learned._torch_rate import threads_for
from cayley.tables import Table, add_noise, generate_family, isotope, mask, shuffle


@pytest.mark.parametrize(
    ("seed", "observe", "noise"),
    [
        (0, 0.4, 0.4),
        (1, 1.0, 0.7),
        pytest.param(1, 0.4, 0.4, marks=pytest.mark.slow),
        pytest.param(0, 1.0, 0.7, marks=pytest.mark.slow),
    ],
)
def test_wrong_entries_beyond_deduction_are_recovered_and_proved(observe, noise, seed) -> None:
    truth = shuffle(generate_family("S4"), seed=seed)
    partial = mask(truth, observe=observe, seed=seed) if observe < 1 else truth
    solution = solve(add_noise(partial, noise=noise, seed=seed), seed=seed)
    assert (solution.status, solution.solver, solution.unique) == ("solved", "synchronization",
                                                                   "yes")  # fmt: skip
    assert (solution.table.array == truth.array).all()
    wrong = round(noise * partial.num_observed)
    assert len(solution.suspects) == wrong
    kept = partial.num_observed - wrong
    assert (
        solution.evidence_against_suspects
        == f"Without these {wrong} cells the remaining {kept} force this table."
    )


def test_suspects_carry_evidence_and_so_does_the_document() -> None:
    truth = isotope(generate_family("S4"), seed=0)
    observed = add_noise(mask(truth, observe=0.5, seed=0), noise=0.2, seed=0)
    solution = solve(observed, solver="synchronization")
    assert solution.status == "solved"
    assert len(solution.suspects) == round(0.2 * observed.num_observed)
    for suspect in solution.suspects:
        assert observed[suspect.row, suspect.column] == suspect.given
        assert truth[suspect.row, suspect.column] == suspect.expected
        assert suspect.certified
        near = [
            (truth[r, c] == s)
            for r, c, s in observed.triples()
            if (r, c) != (suspect.row, suspect.column)
            and (r == suspect.row or c == suspect.column or s in (suspect.given, suspect.expected))
        ]
        assert (suspect.support, suspect.opposed) == (sum(near), len(near) - sum(near))
    A, B, C = (factor.double().numpy() for factor in solution.factors)
    scores = np.einsum("aij,bjk,cki->abc", A, B, C) / A.shape[-1]
    a, b, c = observed.observations.T
    right = truth.array[a, b] == c
    assert np.median(scores[a, b, c][right]) > 1.5 * np.median(scores[a, b, c][~right])
    for suspect in solution.suspects:
        place = (observed.rows.index(suspect.row), observed.columns.index(suspect.column),
                 observed.symbols.index(suspect.given))  # fmt: skip
        assert suspect.agreement == pytest.approx(scores[place], abs=1e-3)
    document = solution.to_document()
    assert document["suspects"][0]["certified"] is True
    assert set(document["suspects"][0]) >= {"row", "column", "given", "expected", "margin",
                                            "agreement", "support", "opposed"}  # fmt: skip
    assert document["evidence_against_suspects"].startswith("Without these")


def test_suspects_found_by_deduction_have_no_learned_numbers() -> None:
    truth = generate_family("D12")
    array = truth.array.copy()
    array[3, 4] = (array[3, 4] + 1) % 12
    solution = solve(truth.with_array(array), solver="exact")
    (suspect,) = solution.suspects
    assert (suspect.margin, suspect.agreement, suspect.certified) == (None, None, True)
    assert solution.evidence_against_suspects == (
        "Without this cell the remaining 143 force this table."
    )
    assert solve(truth).evidence_against_suspects == ""


@pytest.mark.parametrize("kind", ["group", "isotope"])
def test_synchronization_alone_proves_what_is_left_to_it(kind) -> None:
    truth = generate_family("S4") if kind == "group" else isotope(generate_family("S4"), seed=1)
    partial = mask(truth, observe=0.15 if kind == "group" else 0.3, seed=1)
    solution = solve(partial, solver="synchronization", assume=kind)
    assert (solution.status, solution.solver) == ("solved", "synchronization")
    assert (solution.table.array == truth.array).all()
    assert solution.factors is not None
    A, B, C = solution.factors
    scores = np.einsum("aij,bjk,cki->abc", *(F.double().numpy() for F in (A, B, C)))
    assert (scores.argmax(2) == truth.array).mean() > 0.5
    assert solution.representation is not None


def test_progress_is_reported_and_can_stop_the_search() -> None:
    seen: list[Progress] = []

    def stop(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) == 3

    partial = mask(generate_family("S4"), observe=0.05, seed=3)
    solution = solve(partial, solver="synchronization", callback=stop)
    assert solution.interrupted
    assert [progress.step for progress in seen] == [1, 2, 3]
    assert {progress.solver for progress in seen} == {"synchronization"}
    limited = solve(partial, solver="synchronization", time_limit=0.01)
    assert limited.interrupted


def test_the_same_seed_gives_the_same_table_and_matrices() -> None:
    partial = mask(generate_family("A4"), observe=0.3, seed=0)
    one, two = (solve(partial, solver="synchronization", seed=2) for _ in range(2))
    assert (one.table.array == two.table.array).all()
    assert one.factors is not None and two.factors is not None
    assert all((x == y).all() for x, y in zip(one.factors, two.factors, strict=True))


def test_a_table_that_cannot_be_noisy_is_not_tried() -> None:
    """One symbol in every cell: a Latin square agrees with one cell of each row at most."""
    constant = Table.from_array(np.zeros((12, 12), int))
    assert not can_be_noisy(constant, assume=Structure.GROUP_ISOTOPE)
    noisy = add_noise(generate_family("S4"), noise=0.5, seed=0)
    assert can_be_noisy(noisy, assume=Structure.GROUP)


def test_a_rival_is_no_proof() -> None:
    truth = isotope(generate_family("S4"), seed=0)
    noisy = add_noise(mask(truth, observe=0.6, seed=0), noise=0.2, seed=0)
    assert judge(truth.array, noisy, assume=Structure.GROUP_ISOTOPE).accepted
    assert not judge(
        truth.array[[1, 0, *range(2, 24)]], noisy, assume=Structure.GROUP_ISOTOPE
    ).accepted


@pytest.mark.parametrize(("order", "expected"), [(16, 1), (17, 2)])
def test_small_tables_are_learned_in_one_thread_and_the_others_come_back(order, expected) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with threads_for(order):
            within = torch.get_num_threads()
        after = torch.get_num_threads()
    finally:
        torch.set_num_threads(before)
    assert (within, after) == (expected, 2)
