import io
import json
import re

import numpy as np
import pytest

from cayley.studio._workers import done
from cayley.studio.answers._exports import SOLUTION_FILES, TABLE_FORMATS
from cayley.studio.answers._table_documents import table_document
from cayley.studio.answers._tasks import TASKS
from cayley.tables import Table, generate_family, isotope, mask, read_table, write_table

TABLE = mask(generate_family("S3"), observe=0.6, seed=0)
ABOUT = {"max_order": 40, "seconds": 20.0}


def ask(task, body=None, **about):
    """Do a task; return its parts, or why it could not be done."""
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    *parts, last = done(task, content, ABOUT | about)
    if last[:1] == b"!":
        return json.loads(last[1:])
    return b"".join(part[1:] for part in parts)


def asked(task, body=None, **about):
    return json.loads(ask(task, body, **about))


def of(table, **more):
    return {"table": table_document(table), "assume": "auto"} | more


def test_the_first_part_says_whether_it_is_settled_at_once() -> None:
    # the server looks for this without reading the rest
    assert b'"settled":true' in ask("first", of(TABLE))[:60]
    line = ask("first", of(Table.from_array([[0, 1], [1, -1]])))
    assert b'"settled":false' in line[:60]
    assert line.count(b"\n") == 1


def test_files_are_read_with_a_sentence_how() -> None:
    found = asked("read", b",e,a\ne,e,a\na,a,?\n", name="c2.csv")
    assert found["table"]["cells"] == [[0, 1], [1, -1]]
    found = asked("read", b"a * b = c\nb * a = c\na * a = b\n", name="x.txt")
    assert "equations" in found["how"]
    found = asked("read", b",e,a\ne,e,x\na,a,\n", name="x.csv", open=True)
    assert found["table"]["symbols"] == ["e", "a", "x"]
    found = asked("read", b"[2,3,1]\n[2,1,3]\n", name="x.txt")
    assert len(found["table"]["cells"]) == 6
    assert found["how"] == "read as 2 permutations that generate a group of order 6."


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b",a,b\na,a\n", "../../../etc/cron.d/a.csv", "a.csv, line 2"),
        (b",a,b\na,a\n", "..\\..\\win.csv", "win.csv, line 2"),
        (b"\x93NUMPY broken", "a.npy", "a.npy"),
        (b"", "a.csv", "a.csv"),
        (b",a,b\na,a,x\nb,b,a\n", "a.csv", "`x`|'x'"),
    ],
)
def test_files_that_are_refused(content, name, message) -> None:
    found = ask("read", content, name=name)
    assert found["status"] == 422
    assert re.search(message, found["message"], re.IGNORECASE)
    assert "/" not in found["message"].split(",")[0]


def test_tables_above_the_limit_are_refused() -> None:
    stream = io.StringIO()
    write_table(generate_family("C41"), stream, format="csv")
    assert "40" in ask("read", stream.getvalue().encode(), name="a.csv")["message"]
    assert "40" in ask("make", {"what": "family", "family": "S5"})["message"]


def test_families_hidden_and_wrong_cells() -> None:
    assert len(asked("make", {"what": "family", "family": "D8"})["table"]["rows"]) == 8
    hidden = asked("make", of(TABLE, what="hide", percent=30, seed=1))["table"]["cells"]
    assert sum(value >= 0 for row in hidden for value in row) == round(0.3 * 36)
    wrong = asked("make", of(TABLE, what="disturb", percent=20, seed=1))["table"]["cells"]
    assert (np.array(wrong) != TABLE.array).sum() == 4
    assert ask("make", {"what": "family", "family": "nothing"})["status"] == 422
    assert ask("make", of(TABLE, what="hide", percent=0))["status"] == 422
    assert ask("make", of(TABLE, what="hide", percent=101))["status"] == 400
    assert ask("make", {"what": "explode"})["status"] == 400


@pytest.mark.parametrize("what", [*TABLE_FORMATS, "spreadsheet"])
def test_every_format_comes_back(what) -> None:
    full = generate_family("C4")
    found = ask("export", of(full, what=what))
    head, _, content = found.partition(b"\n")
    name = json.loads(head)["name"]
    assert read_table(io.BytesIO(content), name=name).num_observed == 16


@pytest.mark.parametrize("what", SOLUTION_FILES)
def test_what_is_thought_can_be_taken_along(what) -> None:
    head, _, content = ask("export", of(TABLE, what=what)).partition(b"\n")
    assert json.loads(head)["name"] == what
    assert len(content) > 100
    if what == "solution.json":
        assert json.loads(content)["group"]["name"] == "S3"


def test_files_that_there_are_not() -> None:
    assert ask("export", of(TABLE, what="../../etc/passwd"))["status"] == 422
    open_ = Table.from_array([[0, -1], [-1, -1]])
    assert (
        "certificate" in ask("export", of(open_, assume="none", what="certificate.json"))["message"]
    )


def test_pictures_that_apply_are_drawn() -> None:
    kinds = [each["kind"] for each in asked("pictures", of(TABLE))["kinds"]]
    assert "table" in kinds and "curves" not in kinds
    drawn = asked("picture", of(TABLE, kind="table"))
    assert "<svg" in drawn["svg"] and drawn["inline"]
    assert 'data-row="0"' in drawn["svg"] and "xmlns" in drawn["file"]
    assert ask("picture", of(TABLE, kind="nothing"))["status"] == 422


def test_a_reason_is_asked_for_a_cell_of_the_table() -> None:
    found = asked("reason", of(TABLE, row=0, column=0))
    assert set(found) == {"from", "steps", "more"}
    assert ask("reason", of(TABLE, row=6, column=0))["status"] == 400
    assert ask("reason", of(TABLE, row=-1, column=0))["status"] == 400


def test_what_makes_no_sense_is_said_in_a_sentence() -> None:
    found = ask("first", of(isotope(TABLE, seed=0), assume="group"))
    assert found["status"] == 422 and "one alphabet" in found["message"]
    assert ask("first", of(TABLE, assume="x*(y"))["status"] == 422


def test_an_error_of_ours_is_told_without_what_it_is_about(monkeypatch) -> None:
    def fail(body, about):
        raise TypeError("the label SECRET")
        yield b""

    monkeypatch.setitem(TASKS, "first", fail)
    found = ask("first", of(TABLE))
    assert found["status"] == 500
    assert "SECRET" not in json.dumps(found)
    assert found["kind"].startswith("TypeError at test_tasks.py:")


def test_memory_and_depth_are_refused(monkeypatch) -> None:
    for error, status in ((MemoryError, 422), (RecursionError, 400)):

        def fail(body, about, error=error):
            raise error
            yield b""

        monkeypatch.setitem(TASKS, "first", fail)
        assert ask("first", of(TABLE))["status"] == status
