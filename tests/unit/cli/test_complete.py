import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from cayley import completion
from cayley.cli import main
from cayley.cli._complete import _left
from cayley.tables import generate_family, mask, read_table, write_table

GROUP = ",e,a,b\ne,e,a,b\na,a,b,?\nb,b,,\n"


def test_prints_the_table_and_the_verdict(cayley, save) -> None:
    found = cayley("complete", save(GROUP), "--assume", "group")
    assert found.status == 0
    assert found.err == ""
    lines = found.out.splitlines()
    assert lines[0].split() == ["e", "a", "b"]
    assert lines[2].split() == ["a", "a", "b", "[e]"]
    assert "This is the group C3 (GAP 3:1)" in found.out
    assert "[x] proved" in found.out


def test_json_is_one_document_of_its_schema(cayley, save) -> None:
    found = cayley("complete", save(GROUP), "--json")
    assert found.err == ""
    document = found.json()
    assert document["schema"] == "cayley.solution/1"
    assert document["order"] == 3
    assert document["table"][1] == ["a", "b", "e"]
    assert document["cells"] == {
        "observed": 6, "forced": 3, "predicted": 0, "suspect": 0, "unknown": 0,
    }  # fmt: skip
    required = {
        "schema", "order", "rows", "columns", "symbols", "table", "status", "structure", "proved",
        "group", "isotopism", "assumption", "unique", "unique_among", "cells", "suspects",
        "complexity", "solver", "seed", "seconds", "version",
    }  # fmt: skip
    assert required <= document.keys()


def test_standard_input(cayley) -> None:
    found = cayley("complete", "-", "--quiet", "--assume", "group", stdin=GROUP)
    assert found.out.startswith("This is the group C3")


@pytest.mark.parametrize("solver", ["auto", "exact", "hypercube"])
def test_every_solver_completes(cayley, save, solver) -> None:
    arguments = ("--assume", "group", "--solver", solver)
    assert cayley("complete", save(GROUP), *arguments).status == 0


def test_a_theory_that_little_speaks_for_is_supposed_with_status_three(cayley, save) -> None:
    found = cayley("complete", save(GROUP))
    assert found.status == 3
    assert "if this is a group, it is the group C3 (GAP 3:1)" in found.out
    assert "[x] forced, if this is a group" in found.out
    or_table = save(",F,T\nF,F,T\nT,T,\n", "or.csv")
    document = cayley("complete", or_table, "--json").json()
    assert document["theory"]["standing"] == "supposed"
    assert document["rivals"][0]["differs"] == [{"row": "T", "column": "T", "value": "T"}]


def test_theories_and_identities_are_assumed(cayley, save) -> None:
    text = ",1,2,3\n1,1,2,3\n2,2,2,\n3,3,,3\n"
    found = cayley("complete", save(text), "--assume", "semilattice")
    assert found.status == 4
    assert "open: 2 o 3 is one of 2, 3" in found.out.replace("1, ", "")
    found = cayley("complete", save(text), "--assume", "x*y = y*x; x*(y*y) = x*x", "--json")
    assert found.status == 4
    document = found.json()
    assert document["status"] == "inconsistent"
    assert "fails at" in document["refuted"][0]["reason"]
    found = cayley("complete", save(text), "--assume", "moufang lop")
    assert found.status == 2
    assert "no known theory" in found.err
    found = cayley("complete", save(text), "--assume", "x*y = y*")
    assert found.status == 2
    assert "Column 9" in found.err


def test_predicted_tables_have_status_three(cayley, save) -> None:
    # no law stands here: x o x has three values, and 0 o 1 differs from 1 o 0
    path = save(",0,1,2\n0,1,0,2\n1,2,0,0\n2,1,1,\n", "t.csv")
    found = cayley("complete", path, "--restarts", "2", "--assume", "none")
    assert found.status == 3
    assert "Predicted, not proved" in found.out
    assert "<x> predicted" in found.out


def test_inconsistent_tables_have_status_four(cayley, save) -> None:
    found = cayley("complete", save(",a,b,c\na,b,,\nb,,c,c\nc,,,\n"), "--assume", "isotope")
    assert found.status == 4
    assert "contradict" in found.out


def test_suspects_are_listed(cayley, examples) -> None:
    found = cayley("complete", examples / "dihedral12_noisy.csv")
    assert found.status == 0
    assert found.out.count("suspect: ") == 4


def test_out_holds_everything_and_reads_back(cayley, save, tmp_path) -> None:
    out = tmp_path / "out"
    assert cayley("complete", save(GROUP), "--assume", "group", "--out", out).status == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "cells.csv", "certificate.json", "report.html", "representation.safetensors", "run.json",
        "solution.json", "table.csv",
    ]  # fmt: skip
    table = read_table(out / "table.csv")
    assert table.is_full
    assert table["a", "b"] == "e"
    document = json.loads((out / "solution.json").read_text(encoding="utf-8"))
    assert document["status"] == "solved"
    assert read_table(out / "solution.json").array.tolist() == table.array.tolist()
    assert "<!doctype html>" in (out / "report.html").read_text(encoding="utf-8")
    assert len((out / "cells.csv").read_text(encoding="utf-8").splitlines()) == 10


def test_out_is_not_replaced_unasked(cayley, save, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("precious", encoding="utf-8")
    found = cayley("complete", save(GROUP), "--out", out)
    assert found.status == 2
    assert "exists. Choose another folder, or say --overwrite." in found.err
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
    found = cayley("complete", save(GROUP), "--out", out, "--overwrite")
    assert found.status == 2
    assert "files that cayley did not write: 'mine.txt'" in found.err
    assert (out / "mine.txt").read_text(encoding="utf-8") == "precious"
    (out / "mine.txt").rename(tmp_path / "mine.txt")
    assert cayley("complete", save(GROUP), "--out", out).status == 3
    before = (out / "solution.json").stat().st_ino
    assert cayley("complete", save(GROUP), "--out", out).status == 2
    assert cayley("complete", save(GROUP), "--out", out, "--overwrite").status == 3
    assert (out / "solution.json").stat().st_ino != before


def test_out_in_a_missing_folder_is_refused_before_any_work(cayley, save, tmp_path) -> None:
    found = cayley("complete", save(GROUP), "--out", tmp_path / "no" / "out")
    assert found.status == 2
    assert "does not exist" in found.err
    assert not (tmp_path / "no").exists()


def test_nothing_is_left_when_writing_fails(cayley, save, tmp_path, monkeypatch) -> None:
    import cayley.report._write_solution as artifacts

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device", "report.html")

    monkeypatch.setattr(artifacts, "render_report", fail)
    out, path = tmp_path / "out", save(GROUP)
    before = sorted(tmp_path.iterdir())
    found = cayley("complete", path, "--out", out)
    assert found.status == 2
    assert "No space left" in found.err
    assert sorted(tmp_path.iterdir()) == before


BAD = {
    "duplicate row": (",a,b\na,a,b\na,b,a\n", "line 3, column 1: the row label 'a'"),
    "duplicate column": (",a,a\na,a,b\nb,b,a\n", "line 1, column 3: the column label 'a'"),
    "ragged": (",a,b\na,a\nb,b,a\n", "line 2"),
    "not square": (",a,b\na,a,b\n", "as many rows as columns"),
    "empty": ("", "the input is empty"),
    "nothing known": (",a,b\na,,\nb,?,NA\n", "no product is known"),
    "contradiction": ("left,right,result\na,a,a\na,a,b\n", "line 3"),
    "not UTF-8": (b",a\na,\xff\n", "is not UTF-8"),
    "alphabet": ('{"rows":["a"],"columns":["a"],"symbols":["a"],"table":[["z"]]}', "'z'"),
    "JSON": ('{"rows": [', "line 1"),
    "too large": (",".join(["", *map(str, range(60))]), "60"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_message_and_status_two(cayley, save, case, tmp_path) -> None:
    text, message = BAD[case]
    path = save(text, "input.json" if case in ("alphabet", "JSON") else "input.csv")
    out = tmp_path / "out"
    found = cayley("complete", path, "--out", out, "--max-order", "50")
    assert found.status == 2
    assert found.out == ""
    assert found.err.count("\n") == 1
    assert found.err.startswith("cayley: ")
    assert str(path) in found.err
    assert message in found.err
    assert not out.exists()


def test_contradicting_triples_name_both_lines_and_may_be_allowed(cayley, save) -> None:
    triples = [f"{a},{b},{(a + b) % 5}" for a in range(5) for b in range(5)]
    text = "\n".join(["left,right,result", *triples, "1,1,4", ""])
    found = cayley("complete", save(text))
    assert found.status == 2
    assert "line 27" in found.err
    assert "line 8" in found.err
    allowed = cayley("complete", save(text), "--allow-conflicts")
    assert allowed.status == 0
    assert "suspect: 1 o 1 was given as 4, expected 2" in allowed.out


def test_unknown_marker_as_a_label(cayley, save) -> None:
    text = ",+,-\n+,+,-\n-,-,x\n"
    found = cayley("complete", save(text), "--unknown", "x", "--assume", "group")
    assert found.status == 0
    assert "the group C2" in found.out
    assert cayley("complete", save(text)).status == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--assume", "group"], "Use --assume isotope or --assume latin for three alphabets."),
        (["--max-order", "1"], "Raise --max-order to allow it."),
        (["--seed", "-1"], "seed"),
        (["--solver", "magic"], "magic"),
        (["--restarts", "0"], "restarts"),
    ],
)
def test_wrong_usage_has_status_two(cayley, save, arguments, message) -> None:
    isotope = ",x,y\na,u,v\nb,v,\n"
    found = cayley("complete", save(isotope), *arguments)
    assert found.status == 2
    assert message in found.err


def test_missing_files_and_folders(cayley, tmp_path) -> None:
    found = cayley("complete", tmp_path / "nothing.csv")
    assert found.status == 2
    assert "No such file" in found.err
    assert cayley("complete", tmp_path).status == 2


@pytest.mark.parametrize("suffix", ["csv", "tsv", "triples", "json", "npz", "npy"])
def test_every_format_completes(cayley, tmp_path, suffix) -> None:
    partial = mask(generate_family("C6"), observe=0.8, seed=0)
    path = tmp_path / f"table.{'csv' if suffix == 'triples' else suffix}"
    write_table(partial, path, format=suffix)
    found = cayley("complete", path, "--json")
    assert found.status == 0
    assert np.array(found.json()["table"]).tolist() == [
        [str((a + b) % 6) for b in range(6)] for a in range(6)
    ]


def test_hostile_labels_do_no_harm(cayley, save, tmp_path) -> None:
    labels = ["<script>alert(1)</script>", '"; rm -rf /', "مرحبا\u202e"]
    header = '"","' + '","'.join(label.replace('"', '""') for label in labels) + '"'
    rows = [header]
    for a in range(3):
        cells = [labels[(a + b) % 3].replace('"', '""') for b in range(3)]
        name = labels[a].replace('"', '""')
        rows.append(f'"{name}","' + '","'.join(cells) + '"')
    out = tmp_path / "out"
    found = cayley("complete", save("\n".join(rows) + "\n"), "--out", out)
    assert found.status == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# The command, which gets Ctrl-C as soon as something is learned, wherever it is then. Before the
# first step there is nothing to keep, and how long that takes depends on the machine.
CTRL_C = """
import os, signal
from contextlib import contextmanager
from threading import Timer
from cayley.cli import _progress, main

original = _progress.search_progress

@contextmanager
def watched(**options):
    with original(**options) as callback:
        def count(progress):
            if progress.step == 30:
                Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
            return callback is not None and callback(progress)
        yield count

_progress.search_progress = watched
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent the POSIX way")
def test_ctrl_c_keeps_the_best_and_writes_it(tmp_path) -> None:
    path, out = tmp_path / "t.csv", tmp_path / "out"
    write_table(mask(generate_family("mod29:a^2+ab+b^2"), observe=0.6, seed=0), path, reorder=True)
    command = [sys.executable, "-c", CTRL_C, "complete", path, "--solver", "hypercube",
               "--assume", "none", "--json", "--out", out]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False, timeout=280)
    document = json.loads(done.stdout)
    assert document["status"] in ("unresolved", "predicted")
    assert done.returncode in (3, 4)
    assert b"ended early" in done.stderr
    assert (out / "solution.json").exists()


@pytest.mark.parametrize(
    ("limit", "started", "left"),
    [
        (4.9, 2.0, 4.9),  # the start comes on top
        (5.0, 2.0, 3.0),  # and is included
        (600.0, 2.0, 598.0),
        (10.0, 60.0, 2.0),  # something is searched for, even on a machine that is very busy
    ],
)
def test_a_limit_of_five_seconds_includes_the_start(limit, started, left) -> None:
    assert _left(limit, time.monotonic() - started) == pytest.approx(left, abs=0.1)
    assert _left(limit, None) == limit


def test_the_program_says_when_it_started(save, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(completion, "solve", lambda *_, time_limit, **__: seen.append(time_limit))
    monkeypatch.setattr(
        sys, "argv", ["cayley", "complete", str(save(GROUP)), "--time-limit", "100"]
    )
    with pytest.raises(AttributeError):  # of what was solved: nothing
        main(time.monotonic() - 10)
    assert seen == [pytest.approx(90, abs=5)]
