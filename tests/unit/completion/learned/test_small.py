"""Below order 10: the nearest tables, then HyperCube on arrays, and PyTorch is never loaded."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch

from cayley.algebra import Structure
from cayley.completion import Progress, solve
from cayley.completion.learned._by_small_hypercube import BySmallHyperCube
from cayley.report import read_solution, write_solution
from cayley.report._write_solution import _write_factors
from cayley.tables import Table, add_noise, generate_family, isotope, mask, shuffle, write_table


def random_table(order=6, *, seen=0.7, seed=0, several=False) -> Table:
    random = np.random.default_rng(seed)
    array = random.integers(0, order, (order, order))
    array[random.random(array.shape) >= seen] = -1
    names = [f"{kind}{i}" for kind in "rcs" for i in range(order)]
    if not several:
        return Table.from_array(array)
    rows, columns, symbols = (tuple(names[k * order : (k + 1) * order]) for k in range(3))
    return Table(rows=rows, columns=columns, symbols=symbols, array=array)


WITHOUT = """
import json, sys
import cayley
for file, assume, solver in json.loads(sys.argv[1]):
    found = cayley.solve(cayley.read_table(file), assume=assume, solver=solver)
    found.verdict, found.to_document(), found.certificate
    for folder in sys.argv[2:]:
        cayley.report.write_solution(found, folder)
    print(json.dumps([found.solver, found.status, "torch" in sys.modules]))
"""


def without_torch(calls, *folders) -> list[list[object]]:
    """Solve tables in a process of its own; return (solver, status, whether torch was loaded)."""
    code = "import cayley.report\n" * bool(folders) + WITHOUT
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(calls), *folders],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_small_tables_are_settled_and_unsettled_without_torch(tmp_path) -> None:
    noisy = add_noise(isotope(generate_family("C9"), seed=0), noise=0.25, seed=0)
    several = random_table(6, several=True)
    for name, table in {"random": random_table(9), "several": several, "noisy": noisy}.items():
        write_table(table, tmp_path / f"{name}.json")
    calls = [
        (str(tmp_path / f"{name}.json"), assume, solver)
        for name, assume, solver in (
            ("random", "auto", "auto"),
            ("random", "isotope", "hypercube"),
            ("several", "none", "auto"),
            ("noisy", "auto", "auto"),
        )
    ]
    assert without_torch(calls) == [
        ["hypercube", "predicted", False],
        ["hypercube", "predicted", False],
        ["hypercube", "predicted", False],
        ["exact", "solved", False],
    ]


def test_a_folder_about_an_unsettled_small_table_is_written_without_torch(tmp_path) -> None:
    write_table(random_table(6), tmp_path / "table.json")
    calls = [(str(tmp_path / "table.json"), "auto", "auto")]
    assert without_torch(calls, str(tmp_path / "out")) == [["hypercube", "predicted", False]]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"factors.safetensors", "representation.safetensors", "report.html"} <= names


def test_wrong_entries_beyond_deduction_are_found_without_learning() -> None:
    truth = isotope(generate_family("C9"), seed=0)
    observed = add_noise(truth, noise=0.3, seed=0)
    found = solve(observed)
    assert (found.status, found.solver, found.steps) == ("solved", "exact", 0)
    assert (found.table.array == truth.array).all()
    assert len(found.suspects) == round(0.3 * 81)
    assert (found.unique, found.standing) == ("yes", "earned")
    assert found.margin is None
    assert found.factors is None
    assert all(each.margin is None for each in found.suspects)
    assert found.evidence_against_suspects.endswith("the remaining 57 force this table.")
    assert solve(observed, solver="exact").verdict == found.verdict


def test_an_isotope_that_leaves_fewer_wrong_is_preferred_to_a_group() -> None:
    """Two tables of the kinds differ in 2 n cells: with 12 wrong entries a group is near, too."""
    truth = isotope(generate_family("C3xC3"), seed=193)
    observed = add_noise(truth, noise=0.15, seed=193)
    found = solve(observed)
    assert found.assumption is Structure.GROUP_ISOTOPE
    assert (found.table.array == truth.array).all()


def test_without_an_assumption_the_nearest_table_is_predicted_and_nothing_learned_is_named() -> (
    None
):
    truth = shuffle(generate_family("C9"), seed=92)
    observed = add_noise(mask(truth, observe=0.7, seed=92), noise=0.15, seed=92)
    found = solve(observed, assume="none")
    assert (found.status, found.solver, found.assumption) == ("predicted", "exact", None)
    assert (found.table.array == truth.array).all()
    assert "filled by a search for the nearest table." in found.verdict
    assert found.counts["forced"] == 0


def test_random_tables_are_no_isotope_with_wrong_entries() -> None:
    for seed in range(6):
        found = solve(random_table(6, seen=1.0 if seed % 2 else 0.6, seed=seed))
        assert not found.suspects
        assert found.status in {"predicted", "solved", "unresolved"}
        assert found.structure is None or found.structure is Structure.MAGMA


def test_the_same_seed_gives_the_same_table_matrices_and_file(tmp_path) -> None:
    table = random_table(5, seen=0.8, seed=2)
    one, two, other = (solve(table, seed=seed, solver="hypercube") for seed in (3, 3, 4))
    assert one.learned is not None
    assert two.learned is not None
    assert other.learned is not None
    assert all((x == y).all() for x, y in zip(one.learned, two.learned, strict=True))
    assert not all((x == y).all() for x, y in zip(one.learned, other.learned, strict=True))
    assert (one.table.array == two.table.array).all()
    for solution, name in ((one, "one"), (two, "two")):
        _write_factors(solution.learned, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_factors_are_tensors_in_files_and_for_users(tmp_path) -> None:
    from safetensors.torch import save

    solution = solve(random_table(5, seen=0.8, seed=2))
    assert solution.factors is not None
    assert all(isinstance(factor, torch.Tensor) for factor in solution.factors)
    A, B, C = (factor.double().numpy() for factor in solution.factors)
    scores = np.einsum("aij,bjk,cki->abc", A, B, C) / 5
    assert (scores.max(2) - np.sort(scores, axis=2)[:, :, -2]) == pytest.approx(
        solution.margin, abs=1e-5
    )
    write_solution(solution, tmp_path / "out")
    again = read_solution(tmp_path / "out" / "solution.json")
    assert again.factors is not None
    assert all(torch.equal(x, y) for x, y in zip(again.factors, solution.factors, strict=True))
    left, right, symbols = (factor.contiguous() for factor in solution.factors)
    expected = save({"left": left, "right": right, "symbols": symbols})
    assert (tmp_path / "out" / "factors.safetensors").read_bytes() == expected


def test_a_callback_sees_the_matrices_as_they_are_and_can_stop() -> None:
    seen: list[Progress] = []
    kept = []

    def callback(progress: Progress) -> bool:
        assert progress.factors is not None
        seen.append(progress)
        kept.append(progress.factors()[0])
        return len(seen) == 3

    solution = solve(random_table(6, seed=1), callback=callback)
    assert solution.interrupted
    assert [progress.step for progress in seen] == [5, 10, 15]
    assert {progress.solver for progress in seen} == {"hypercube"}
    assert not torch.equal(kept[0], kept[1])  # copies, not views of what is trained


def test_ctrl_c_keeps_the_best_so_far() -> None:
    calls = []

    def interrupt(progress: Progress) -> bool:
        calls.append(progress)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return False

    solution = solve(random_table(6, seed=1), callback=interrupt)
    assert solution.interrupted
    assert solution.steps == 10
    assert solution.table.is_full


def test_more_restarts_than_fit_a_batch_are_batches_of_their_own() -> None:
    solver = BySmallHyperCube(structure=None, observed=random_table(), refuted=False, seed=0)
    assert list(solver.batches(20)) == [(0, 8), (8, 8), (16, 4)]
    runs = [
        solver.run(first, 1, lambda table: False, lambda progress: progress.step >= 5)
        for first in (0, 8)
    ]
    assert not (runs[0].factors[0] == runs[1].factors[0]).all()


@pytest.mark.parametrize("shared", [True, False])
def test_a_group_from_some_of_its_cells_is_learned_by_hypercube_alone(shared) -> None:
    truth = shuffle(generate_family("C7"), seed=1)
    partial = mask(truth, observe=0.6, seed=1)
    found = solve(partial, solver="hypercube", assume="group" if shared else "none")
    assert found.solver == "hypercube"
    assert (found.table.array == truth.array).all()
