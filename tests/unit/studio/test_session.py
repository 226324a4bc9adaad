import numpy as np
import pytest

from cayley.completion import solve
from cayley.report._explanations import explain
from cayley.studio._examples import EXAMPLES, example
from cayley.studio._grid import input_grid, result_grid
from cayley.studio._jobs import Finished
from cayley.studio._pictures import curves_svg, heat_map, matrix_strip
from cayley.studio._session import Session
from cayley.studio._state import State
from cayley.studio._visitor_limits import VisitorLimits
from cayley.tables import Table, generate_family


def session(**limits) -> Session:
    return Session(VisitorLimits(**limits), State(table=generate_family("S3")))


def test_no_side_of_a_table_may_be_too_long() -> None:
    s = session(max_order=6)
    labels = [f"x{i}" for i in range(7)]
    for rows, columns in ((labels, ["a"]), (["a"], labels)):
        array = np.zeros((len(rows), len(columns)), int)
        with pytest.raises(ValueError, match="this studio takes up to 6"):
            s.replace(Table(rows=rows, columns=columns, symbols=["a"], array=array))
    assert s.table == generate_family("S3")


def test_steps_can_be_undone() -> None:
    s = session()
    s.hide(50, seed=1)
    s.disturb(10, seed=1)
    s.edit(0, 0, "")
    assert s.table.num_observed in (17, 18)
    assert all(s.undo() for _ in range(3))
    assert s.table == generate_family("S3")
    assert not s.undo()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"x" * 2000, "a.csv", "2000 bytes; this studio takes up to 1000"),
        (b",a,b\na,a\n", "../../../etc/cron.d/a.csv", r"^a\.csv, line 2"),
        (b",a,b\na,a\n", "..\\..\\win.csv", r"^win\.csv, line 2"),
        (b"\x93NUMPY broken", "a.npy", "a.npy"),
        (b"", "a.csv", "a.csv"),
        (b",a,b,c\na,a,b,c\n", "a.csv", "equally many|rows"),
    ],
)
def test_files_that_are_refused(content, name, message) -> None:
    s = session(max_bytes=1000)
    with pytest.raises(ValueError, match=message):
        s.read(content, name)
    assert s.table == generate_family("S3")


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda s: s.generate("C61"), "60"),
        (lambda s: s.generate("nothing"), "not a family"),
        (lambda s: s.hide(0, 0), "above 0"),
        (lambda s: s.disturb(-1, 0), "between 0 and 1"),
        (lambda s: s.edit(0, 0, "x"), "not one of the table's symbols"),
        (lambda s: s.edit(6, 0, ""), "no such cell"),
        (lambda s: s.edit(0, -1, ""), "no such cell"),
    ],
)
def test_what_is_refused_changes_nothing(act, message) -> None:
    s = session()
    with pytest.raises(ValueError, match=message):
        act(s)
    assert s.table == generate_family("S3")


def test_the_last_known_cell_stays() -> None:
    s = Session(VisitorLimits(), State(table=Table.from_array([[0]])))
    with pytest.raises(ValueError, match="At least one cell"):
        s.edit(0, 0, "")


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_are_there(name) -> None:
    assert example(name).num_observed


def test_examples_are_names_and_no_paths() -> None:
    with pytest.raises(ValueError, match="is no example"):
        example("../../pyproject")


def test_grids_escape_labels() -> None:
    labels = ["<script>", '" onclick="x', "\u202e", "y" * 200]
    table = Table.from_array(generate_family("C4").array, labels=labels)
    document = {
        "rows": labels, "columns": labels, "table": [labels] * 4,
        "provenance": [["forced"] * 4] * 4,
    }  # fmt: skip
    order = [0, 1, 2, 3]
    finished = Finished(
        document=document, rows=order, columns=order, block=2, how="", margins=None, meanings={},
        explained=explain(solve(table)),
    )  # fmt: skip
    for page in (input_grid(table), result_grid(finished, name="r")):
        assert "<script>" not in page
        assert 'onclick="x' not in page.replace("&quot;", "~")
        assert "\u202e" not in page
        assert page.count("<td ") == 16


def test_pictures_are_pngs_that_can_be_read() -> None:
    import base64
    import io

    image = pytest.importorskip("PIL.Image")
    uri = heat_map(np.array([[0, 1], [2, -1]]), count=3)
    with image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as found:
        pixels = np.array(found)
    assert pixels.shape == (2, 2, 3)
    assert pixels[1, 1].tolist() == [205, 205, 205]
    assert len({tuple(p) for p in pixels.reshape(-1, 3).tolist()}) == 4
    uri = matrix_strip(np.stack([np.eye(3), -np.eye(3)]))
    with image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as found:
        assert found.size == (7, 3)


def test_curves_of_nothing() -> None:
    assert curves_svg(()).count("<svg") == 4
