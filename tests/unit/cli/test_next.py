import math

import pytest
import typer

from cayley import read_table
from cayley.cli._next import next as next_command
from cayley.cli._next import read_costs

OR = ",F,T\nF,F,T\nT,T,\n"


def test_or(cayley, save):
    outcome = cayley("next", save(OR))
    assert outcome.status == 0
    assert outcome.out.startswith("T o T = ?")
    assert "F: refutes semilattice" in outcome.out


def test_json_is_one_document(cayley, save):
    document = cayley("next", save(OR), "--json", "--count", 2).json()
    assert document["schema"] == "cayley.next/1"
    assert [(each["row"], each["column"]) for each in document["questions"]] == [("T", "T")]


def test_a_dialogue_takes_answers_back_and_keeps_them(cayley, save, tmp_path):
    out = tmp_path / "kept.csv"
    lines = "X\nF\n:undo\n:undo\nT\n\n"
    outcome = cayley("next", save(OR), "--ask", "--out", out, stdin=lines)
    assert outcome.status == 0
    assert "'X' is no symbol" in outcome.err
    assert "there is no answer to take back" in outcome.err
    assert read_table(out)["T", "T"] == "T"


def test_the_end_of_input_keeps_the_answers(cayley):
    outcome = cayley("next", "--labels", "a,b,c", "--ask", "--assume", "group", stdin="b\n")
    assert outcome.status == 0
    assert "1 answer kept above" in outcome.err
    assert sum("b" in line.split(",")[1:] for line in outcome.out.splitlines()[1:]) == 1


def test_an_answer_that_contradicts_the_others_can_be_taken_back(cayley):
    # e o e = a first; then a o b = b would make a the identity, of which e is no root in C5
    lines = "a\nb\n:undo\n:quit\n"
    outcome = cayley("next", "--labels", "e,a,b,c,d", "--assume", "group", "--ask", stdin=lines)
    assert outcome.status == 0
    assert "cannot hold together" in outcome.err
    assert "1 answer kept above" in outcome.err


def test_costs_are_read(save):
    found = read_costs(save("row,column,cost\na,*,2\n*,b,\na,b,0.5\n"))
    assert found == {("a", None): 2.0, (None, "b"): math.inf, ("a", "b"): 0.5}


@pytest.mark.parametrize(
    ("text", "message"),
    [("a,b\n", "line 1: a line is row,column,cost"), ("a,b,x\n", "line 1: 'x'")],
)
def test_a_wrong_line_of_costs_is_named(save, text, message):
    with pytest.raises(ValueError, match=message):
        read_costs(save(text))


def test_what_cannot_be_observed_has_its_own_status(cayley, save):
    costs = save("T,T,\n", "costs.csv")
    outcome = cayley("next", save(OR), "--cost", costs)
    assert (outcome.status, outcome.out) == (
        4,
        "the cells that are open cannot be observed; nothing is left to ask.\n",
    )


def test_contradicting_options_and_cells(cayley, save):
    assert cayley("next", save(OR), "--ask", "--json").status == 2
    assert cayley("next", save(OR), "--out", "x.csv").status == 2
    assert cayley("next").status == 2
    assert cayley("next", "--labels", "a,a").status == 2
    outcome = cayley("next", save(",a,b\na,a,\nb,,b\n"), "--assume", "group")
    assert outcome.status == 2
    assert "a o a = a, b o b = b cannot hold together" in outcome.err


def test_ctrl_c_keeps_the_answers(cayley, monkeypatch, tmp_path):
    lines = iter(["b\n"])

    class Keyboard:
        def isatty(self):
            return False

        def readline(self):
            for line in lines:
                return line
            raise KeyboardInterrupt

    monkeypatch.setattr("cayley.cli._next.sys.stdin", Keyboard())
    out = tmp_path / "kept.csv"
    with pytest.raises(typer.Exit) as ended:
        next_command(None, labels="a,b,c,d", assume="group", ask=True, out=out)
    assert ended.value.exit_code == 0
    assert read_table(out).num_observed == 1


def test_what_each_answer_settles_is_written_with_proofs(cayley, save, tmp_path):
    path = tmp_path / "next.json"
    table = save("*,0,1,2\n0,0,1,2\n1,1,,\n2,2,,\n")
    found = cayley("next", table, "--assume", "semilattice", "--certificate", path)
    assert found.status == 0
    assert "certificate of 1 cells" in found.err
    checked = cayley("check", path, table)
    assert checked.out.startswith(
        "proved: 1 o 2, with the 5 given cells, has at most 2 possible answers, which settle 3 to"
    )
    found = cayley("next", table, "--certificate", path)
    assert found.status == 2
    assert "Name one, such as group" in found.err
    found = cayley("next", table, "--ask", "--certificate", path)
    assert found.status == 2
