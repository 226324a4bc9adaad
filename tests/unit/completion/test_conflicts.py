"""Tables whose cells were observed several times, with conflicting results."""

import numpy as np
import pytest

from cayley.completion import solve
from cayley.tables import Table, generate_family


def observed_with_conflicts(spec: str, *, cells: float, times: int, wrong: float) -> Table:
    """Some cells observed several times, each observation wrong with some probability."""
    truth = generate_family(spec)
    rng = np.random.default_rng(0)
    n = truth.order
    triples = []
    for a, b in np.argwhere(rng.random((n, n)) < cells):
        for _ in range(times):
            c = rng.integers(n) if rng.random() < wrong else truth.array[a, b]
            triples.append((truth.rows[a], truth.columns[b], truth.symbols[c]))
    return Table.from_triples(
        triples, rows=truth.rows, columns=truth.columns, symbols=truth.symbols
    )


@pytest.mark.parametrize(
    ("assume", "cells", "wrong"), [("group", 0.7, 0.15), ("isotope", 0.9, 0.1)]
)
def test_a_group_is_found_through_conflicts(assume: str, cells: float, wrong: float) -> None:
    table = observed_with_conflicts("S4", cells=cells, times=3, wrong=wrong)
    a, b, c = table.repeats.T
    assert (table.array[a, b] != c).any()
    solution = solve(table, assume=assume, solver="hypercube", seed=0)
    assert solution.status == "solved"
    assert np.array_equal(solution.table.array, generate_family("S4").array)


def test_conflicts_come_in_by_the_command_line(tmp_path) -> None:
    from typer.testing import CliRunner

    from cayley.cli._app import app

    table = observed_with_conflicts("C7", cells=0.9, times=3, wrong=0.2)
    path = tmp_path / "seen.csv"
    lines = ["left,right,result", *(",".join(triple) for triple in table.triples())]
    path.write_text("\n".join(lines) + "\n")
    refused = CliRunner().invoke(app, ["complete", str(path)])
    assert refused.exit_code == 2
    assert "--allow-conflicts" in refused.output
    found = CliRunner().invoke(
        app, ["complete", str(path), "--allow-conflicts", "--solver", "hypercube", "--quiet"]
    )
    assert found.exit_code == 0, found.output
    assert "C7" in found.output
