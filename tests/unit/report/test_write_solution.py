"""The folder of a solution: equal runs write equal bytes, and what was written is read back."""

import json

import pytest

from cayley.completion import solve
from cayley.report import read_solution, write_solution
from cayley.tables import Table, generate_family, mask

TABLES = {
    "deduced": mask(generate_family("S3"), observe=0.7, seed=0),
    "learned": Table.from_array([[0, 0, 1], [2, -1, 0], [1, 1, 1]]),
}


def written(table, folder):
    solution = solve(table, seed=3)
    write_solution(solution, folder)
    return solution, {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", TABLES)
def test_equal_runs_write_equal_bytes_but_for_the_file_of_the_run(tmp_path, kind) -> None:
    _, one = written(TABLES[kind], tmp_path / "one")
    _, two = written(TABLES[kind], tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] in ([], ["run.json"])


def test_seconds_stand_in_the_file_of_the_run_and_are_read_back(tmp_path) -> None:
    solution, files = written(TABLES["deduced"], tmp_path / "out")
    assert "seconds" not in json.loads(files["solution.json"])
    assert json.loads(files["run.json"])["seconds"] == solution.seconds > 0
    assert read_solution(tmp_path / "out" / "solution.json").seconds == solution.seconds
    for content in ("", "[]", '{"seconds": "1"}', '{"seconds": NaN}', '{"seconds": -1.0}'):
        (tmp_path / "out" / "run.json").write_text(content)
        assert read_solution(tmp_path / "out" / "solution.json").seconds == 0
