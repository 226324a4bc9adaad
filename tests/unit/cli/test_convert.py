import json

import pytest
from typer.testing import CliRunner

from cayley.cli._app import app
from cayley.tables import Table, read_table, write_table

XOR = Table.from_array([[0, 1], [1, -1]], labels="ea")


@pytest.fixture
def run():
    runner = CliRunner()

    def invoke(*arguments):
        return runner.invoke(app, [*map(str, arguments)])

    return invoke


def test_converts_and_says_how_it_read(run, tmp_path):
    (tmp_path / "in.csv").write_text("0;1;2\n1;2;0\n2;_;1\n")
    result = run("convert", tmp_path / "in.csv", "-o", tmp_path / "out.json")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "cayley: read as a table without labels with semicolons; unknown: `_` (1); no labels: "
        "numbers from 0.",
        f"cayley: 3 x 3, 8 of 9 cells known; written to {tmp_path / 'out.json'}.",
    ]
    table = Table.from_array([[0, 1, 2], [1, 2, 0], [2, -1, 1]])
    assert read_table(tmp_path / "out.json") == table


def test_standard_output_needs_a_format(run, tmp_path):
    write_table(XOR, tmp_path / "t.csv")
    result = run("convert", tmp_path / "t.csv", "-o", "-")
    assert result.exit_code == 2
    assert "standard output needs a format; give it with --to" in result.stderr
    result = run("convert", tmp_path / "t.csv", "-o", "-", "--to", "triples")
    assert result.stdout == "left,right,result\ne,e,e\ne,a,a\na,e,a\n"


def test_what_a_format_cannot_hold_is_refused_and_nothing_written(run, tmp_path):
    write_table(XOR, tmp_path / "t.csv")
    result = run("convert", tmp_path / "t.csv", "-o", tmp_path / "t.npy")
    assert result.exit_code == 2
    assert "npy holds square tables only whose rows" in result.stderr
    assert not (tmp_path / "t.npy").exists()


def test_an_unknown_format_is_named_with_the_known_ones(run, tmp_path):
    write_table(XOR, tmp_path / "t.csv")
    for options in (("--to", "grid"), ("--format", "doc")):
        result = run("convert", tmp_path / "t.csv", "-o", tmp_path / "x.csv", *options)
        assert result.exit_code == 2
        assert f"{options[1]!r} is not one of csv, tsv, " in result.stderr


def test_format_decides_between_two_readings(run, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("i,j,k\nj,k,i\nk,i,j\n")
    result = run("convert", path, "-o", tmp_path / "x.json")
    assert result.exit_code == 2
    assert result.stderr.endswith("Say which with --format grid or triples.\n")
    for name, known in (("grid", 9), ("triples", 3)):
        assert run("convert", path, "-o", tmp_path / "x.json", "--format", name).exit_code == 0
        assert read_table(tmp_path / "x.json").num_observed == known


def test_open_results_and_declared_markers(run, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(",X,Y\nX,1,iZ\nY,-iZ,nope\n")
    result = run("convert", path, "-o", "-", "--to", "json", "--unknown", "nope")
    assert result.exit_code == 2
    assert "If they are meant, declare them with --open." in result.stderr
    result = run("convert", path, "-o", "-", "--to", "json", "--unknown", "nope", "--open")
    document = json.loads(result.stdout)
    assert document["symbols"] == ["X", "Y", "1", "iZ", "-iZ"]
    assert document["table"][1] == ["-iZ", None]


@pytest.mark.parametrize("command", ["complete", "inspect"])
def test_other_commands_say_how_they_read_only_if_it_is_not_obvious(run, tmp_path, command):
    plain, odd = tmp_path / "plain.csv", tmp_path / "odd.csv"
    plain.write_text(",e,a\ne,e,a\na,a,e\n")
    odd.write_text("0,1,2\n1,2,0\n2,0,1\n")
    result = run(command, plain, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    result = run(command, odd, "--json")
    assert result.exit_code == 0
    assert (
        result.stderr
        == "cayley: read as a table without labels with commas; no labels: numbers from 0.\n"
    )
    assert run(command, odd, "--json", "--format", "grid").exit_code == 0
    assert run(command, odd, "--json", "--input-format", "grid").exit_code == 0


def test_complete_has_the_reading_in_its_document(run, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(",0,1\n0,0.0,1.0\n1,1.0,nan\n")
    document = json.loads(run("complete", path, "--json").stdout)
    assert document["reading"]["format"] == "csv"
    assert document["reading"]["unknown"] == [{"marker": "nan", "cells": 1}]
    assert document["reading"]["unified"][0] == {"written": "0.0", "label": "0"}


@pytest.mark.parametrize(
    ("text", "order", "how"),
    [
        ("[2,3,1]\n[2,1,3]\n", 6, "2 permutations that generate a group of order 6"),
        ("(1,2,3)\n(1,2)\n", 6, "2 permutations"),
        ("[[0,-1],[1,0]]\n[[1,0],[0,-1]]\n", 8, "2 matrices"),
        ("-x,y,z\nx,-y,z\nx,y,-z\n", 8, "The smallest group that contains them has 8 operations"),
        ("a^4 = b^2 = (ab)^2 = 1\n", 8, "a presentation with 2 generators"),
    ],
)
def test_of_what_stands_for_a_group_the_table_is_written(run, tmp_path, text, order, how):
    (tmp_path / "in.txt").write_text(text)
    result = run("convert", tmp_path / "in.txt", "-o", tmp_path / "out.json")
    assert result.exit_code == 0, result.stderr
    assert how in result.stderr
    assert read_table(tmp_path / "out.json").order == order


def test_formats_that_the_help_lists_are_taken(run, tmp_path):
    (tmp_path / "in.txt").write_text("x,y,z\n-x,-y,z\n")
    result = run("convert", tmp_path / "in.txt", "-o", "-", "--to", "csv", "--format", "operations")
    assert result.exit_code == 0
    assert result.stdout.startswith(',"x,y,z","-x,-y,z"')
