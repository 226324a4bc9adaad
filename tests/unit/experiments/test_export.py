import csv

import pytest

from cayley._errors import MissingExtraError
from cayley.experiments._export import result_rows, write_csv, write_parquet
from cayley.experiments._trial import Trial, perform


@pytest.fixture
def results(toy):
    return [
        perform(Trial(suite=toy, case="one", method=method, seed=seed))
        for method in ("fine", "raises")
        for seed in range(2)
    ]


def test_csv_has_a_row_for_each_run(results, tmp_path) -> None:
    write_csv(results, tmp_path / "runs.csv")
    with open(tmp_path / "runs.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["method"], row["seed"], row["status"]) for row in rows] == [
        ("fine", "0", "done"),
        ("fine", "1", "done"),
        ("raises", "0", "failed"),
        ("raises", "1", "failed"),
    ]
    assert float(rows[1]["metrics.value"]) == 1.0
    assert rows[2]["metrics.value"] == ""
    assert "ArithmeticError" in rows[2]["error"]
    assert rows[0]["environment.cayley"]


def test_parquet_has_the_same(results, tmp_path) -> None:
    polars = pytest.importorskip("polars")
    write_parquet(results, tmp_path / "runs.parquet")
    frame = polars.read_parquet(tmp_path / "runs.parquet")
    assert frame.columns == list(result_rows(results)[0])
    assert frame["metrics.value"].to_list() == [0.0, 1.0, None, None]


def test_mixed_columns_and_no_rows(tmp_path) -> None:
    pytest.importorskip("polars")
    from cayley.experiments._export import _of_one_type

    assert _of_one_type([1, 2.5, None]) == [1.0, 2.5, None]
    assert _of_one_type([1, "x", None]) == ["1", "x", None]
    write_parquet([], tmp_path / "none.parquet")
    write_csv([], tmp_path / "none.csv")


def test_without_polars_the_extra_is_named(results, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(MissingExtraError, match=r"cayley\[bench\]"):
        write_parquet(results, tmp_path / "runs.parquet")
