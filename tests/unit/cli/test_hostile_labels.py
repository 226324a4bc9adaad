"""Labels that would change a terminal, or that a spreadsheet would calculate with."""

import json

import pytest

from cayley.tables import Table, read_table, write_table

# Clears the screen, colors by a C1 character, rings, turns the direction, overwrites the line.
LABELS = ["\x1b[2Je", "\x9b31m", "a\x07", "\u202eb", "c\rd", "\u2066x\u200b"]
SHIFT = [[(i + j) % 6 for j in range(6)] for i in range(6)]


def is_harmless(text):
    return all(c.isprintable() or c == "\n" for c in text)


@pytest.fixture
def hostile(tmp_path):
    """Files by what is in them: a full table, holes, a wrong entry, results outside, no labels."""
    cells = [[*row] for row in SHIFT]
    holes = [[-1 if (i, j) in ((2, 3), (4, 1)) else c for j, c in enumerate(row)]
             for i, row in enumerate(cells)]  # fmt: skip
    wrong = [[*row] for row in cells]
    wrong[1][2] = 0
    open_cells = [[c if i < 2 else -1 for c in row] for i, row in enumerate(cells)]
    files = {}
    for name, array in (("full", cells), ("holes", holes), ("wrong", wrong), ("open", open_cells)):
        files[name] = tmp_path / f"{name}\x1b[5m\u202e.json"
        write_table(Table.from_array(array, labels=LABELS), files[name])
    triples = [["left", "right", "result"], [LABELS[0], LABELS[1], LABELS[1]]]
    conflict = [*triples, [LABELS[0], LABELS[1], LABELS[2]], [LABELS[3], "\x1b]0;t\x07", "z"]]
    files["conflict"] = tmp_path / "conflict.json"
    files["conflict"].write_text(json.dumps(conflict))
    stray = json.loads(files["full"].read_text())
    del stray["symbols"]
    stray["table"][1][1] = "\x1b[31mstray"
    files["stray"] = tmp_path / "stray.json"
    files["stray"].write_text(json.dumps(stray))
    return files


@pytest.mark.parametrize(
    "command",
    [
        "complete full",
        "complete full --json",
        "complete holes --quiet",
        "complete wrong",
        "complete open --assume latin --all 2",
        "complete conflict",
        "complete conflict --allow-conflicts",
        "complete stray",
        "complete stray --open",
        "inspect full",
        "inspect full --json",
        "inspect wrong",
        "inspect holes",
        "inspect holes --json",
        "inspect stray --open",
        "inspect conflict --allow-conflicts",
        "convert holes -o {tmp}/x\x1b[2J.csv",
        "convert stray -o {tmp}/x.csv",
        "convert stray -o {tmp}/x.csv --open",
        "convert holes -o {tmp}/x.nothing\x1b",
    ],
)
def test_no_label_reaches_the_terminal_as_it_is(command, hostile, cayley, tmp_path):
    words = [
        str(hostile.get(word, word)).replace("{tmp}", str(tmp_path)) for word in command.split(" ")
    ]
    done = cayley(*words)
    assert is_harmless(done.out), ascii(done.out)
    assert is_harmless(done.err), ascii(done.err)
    assert "Traceback" not in done.err
    if "--json" in words:
        labels = json.dumps(LABELS)
        assert json.loads(labels)[0] in json.dumps(done.json(), ensure_ascii=False).replace(
            "\\u001b", "\x1b"
        )


@pytest.mark.parametrize("output", ["gap", "latex"])
def test_code_goes_to_files_as_it_is_and_to_a_terminal_escaped(
    output, hostile, cayley, monkeypatch
):
    command = ("inspect", hostile["full"], "--format", output)
    assert "\u202eb" in cayley(*command).out
    monkeypatch.setattr("cayley.cli._console._is_terminal", lambda: True)
    assert is_harmless(cayley(*command).out)


def test_observations_with_such_labels(cayley, save):
    lines = ["state,action,next", *(f"{a},\x1b[2Jr,{b}" for a, b in ("ab", "bc", "ca"))]
    lines += ["a,\u202es,b", "b,\u202es,a", "c,\u202es,\x9b31m"]
    for file in (save("\n".join(lines)), save("\x1b[2J,\x07\n1,2\n", "x\x1b[2J.csv")):
        for options in ((), ("--json",)):
            done = cayley("discover", file, *options)
            assert is_harmless(done.out + done.err), ascii(done.out + done.err)


FORMULAS = ",=1+1,-a\n=1+1,=1+1,-a\n-a,-a,\n"


def test_formulas_are_said_or_quoted(cayley, save, tmp_path):
    file, out = save(FORMULAS), tmp_path / "out.csv"
    said = cayley("convert", file, "-o", out).err
    assert "begin with = + - or @" in said
    assert "=1+1, -a. --spreadsheet makes them text" in said
    assert read_table(out).rows == ("=1+1", "-a")
    quiet = cayley("convert", file, "-o", out, "--spreadsheet").err
    assert "begin with" not in quiet
    assert read_table(out).rows == ("'=1+1", "'-a")
    # A workbook says itself that labels are text, and numbers are no formulas.
    assert "begin with" not in cayley("convert", file, "-o", tmp_path / "t.xlsx").err
    numbers = save(",-1,1\n-1,1,-1\n1,-1,1\n")
    assert "begin with" not in cayley("convert", numbers, "-o", out).err


def test_formulas_in_what_complete_writes(cayley, save, tmp_path, monkeypatch):
    # The report is HTML, where labels are no formulas, and takes seconds to draw.
    monkeypatch.setattr("cayley.report._write_solution.render_report", lambda *args, **options: "")
    file = save(FORMULAS)
    done = cayley("complete", file, "--out", tmp_path / "a")
    assert "begin with = + - or @; in" in done.err
    assert "=1+1,=1+1" in (tmp_path / "a" / "table.csv").read_text()
    done = cayley("complete", file, "--out", tmp_path / "b", "--spreadsheet")
    assert "begin with" not in done.err
    for name in ("table.csv", "cells.csv"):
        fields = (tmp_path / "b" / name).read_text().replace("\n", ",").split(",")
        assert "'=1+1" in fields
        assert not any(field.startswith(("=", "-a")) for field in fields)


def test_an_apostrophe_that_makes_two_labels_one_is_refused(cayley, save, tmp_path):
    file = save(",=a,'=a\n=a,=a,'=a\n'=a,'=a,=a\n")
    done = cayley("convert", file, "-o", tmp_path / "x.csv", "--spreadsheet")
    assert done.status == 2
    assert "write the table as xlsx" in done.err


def test_commands_that_read_a_table_have_the_same_options():
    import inspect

    from cayley.cli._complete import complete
    from cayley.cli._convert import convert
    from cayley.cli._inspect import inspect as inspect_command
    from cayley.cli._plot import plot

    shared = {"input_format", "unknown", "open_results", "allow_conflicts", "max_order"}
    for command in (complete, convert, inspect_command, plot):
        assert shared <= set(inspect.signature(command).parameters), command
