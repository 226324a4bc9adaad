import json
import runpy
from pathlib import Path

import numpy as np
import pytest

ACTIONS = Path(__file__).parents[3] / "examples" / "actions"
COMPASS = (
    "state,action,next\nN,right,E\nE,right,S\nS,right,W\nW,right,N\n"
    "N,mirror,N\nE,mirror,W\nS,mirror,S\n"
)


def test_prints_transitions_and_verdict(cayley, save) -> None:
    found = cayley("discover", save(COMPASS))
    assert (found.status, found.err) == (0, "")
    assert found.out.splitlines()[0].split() == ["right", "mirror"]
    assert "W  N      [E]" in found.out
    assert "The 2 transformations generate the group D8 (GAP 8:3)" in found.out


def test_json_and_standard_input(cayley) -> None:
    found = cayley("discover", "-", "--json", stdin=COMPASS)
    document = found.json()
    assert document["schema"] == "cayley.discovery/1"
    assert document["group"]["gap_id"] == [8, 3]
    assert document["cells"]["forced"] == 1
    assert document["transitions"][3] == ["N", "E"]


def test_the_triads_of_the_examples(cayley) -> None:
    document = cayley("discover", ACTIONS / "triads.csv", "--json").json()
    assert (document["status"], document["group"]["name"]) == ("solved", "D24")
    assert len(document["wrong"]) == 4


def test_vectors_are_predicted(cayley) -> None:
    found = cayley("discover", ACTIONS / "ammonia_vectors.csv")
    assert found.status == 3
    assert "Predicted, not proved: the 2 transformations generate the group S3" in found.out
    assert "observation 8: C3 does not fit; mirror does" in found.out


def test_a_group_too_large_for_a_table(cayley) -> None:
    found = cayley("discover", ACTIONS / "pocket_cube.csv", "--quiet")
    assert found.status == 0
    assert "88179840 elements" in found.out


def test_inconsistent_observations_have_status_four(cayley, save) -> None:
    found = cayley("discover", save("state,action,next\na,f,c\nb,f,c\nc,f,d\n"))
    assert found.status == 4
    assert "observations 1, 2 contradict" in found.out


def test_writes_everything_and_the_network_runs(cayley, save, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    assert cayley("discover", save(COMPASS), "--out", out).status == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "discovery.json", "group.g", "network.py", "representation.npz",
        "representation.safetensors", "run.json", "transitions.csv",
    ]  # fmt: skip
    assert json.loads((out / "discovery.json").read_text())["order"] == 8
    assert "W,mirror,E,forced" in (out / "transitions.csv").read_text()
    with np.load(out / "representation.npz") as arrays:
        assert arrays["matrices"].shape == (8, 4, 4)
    capsys.readouterr()
    runpy.run_path(str(out / "network.py"), run_name="__main__")
    assert "commutes with all 8 elements" in capsys.readouterr().out
    again = cayley("discover", save(COMPASS), "--out", out)
    assert (again.status, "exists" in again.err) == (2, True)
    assert cayley("discover", save(COMPASS), "--out", out, "--overwrite").status == 0


@pytest.mark.parametrize("text, message", [
    ("a,b\n", "the header must be"),
    ("state,action,next\na,f\n", "line 2, column 3"),
    ("action,x,y\nf,1,x\n", "no finite number"),
])  # fmt: skip
def test_bad_input_has_one_message_and_writes_nothing(
    cayley, save, tmp_path, text, message
) -> None:
    found = cayley("discover", save(text), "--out", tmp_path / "out")
    assert found.status == 2
    assert message in found.err
    assert len(found.err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_missing_file(cayley, tmp_path) -> None:
    assert cayley("discover", tmp_path / "none.csv").status == 2


def test_help_has_an_example(cayley) -> None:
    assert (
        "Example: cayley discover examples/actions/triads.csv" in cayley("discover", "--help").out
    )


def test_an_automaton_and_its_language(cayley, save) -> None:
    path = save("state,action,next\ns,a,t\ns,b,x\nt,a,x\nt,b,s\nx,a,x\nx,b,x\n")
    found = cayley("discover", path, "--start", "s", "--accept", "s")
    assert found.status == 0
    assert found.out.startswith(
        "transition monoid: order 6, an inverse monoid\nwords: 1, a, b, aa, ab, ba\n"
    )
    assert "2 x 2 cells of 1, groups C1: a, ab, ba, b" in found.out
    assert found.out.endswith("syntactic monoid: the transition monoid\n\nlanguage: star-free\n")
    refused = cayley("discover", path, "--automaton", "--start", "s")
    assert (refused.status, refused.err.count("--start needs --accept")) == (2, 1)


def test_next_names_a_transition_and_says_what_is_supposed(cayley, save) -> None:
    seen = COMPASS.replace("S,mirror,S\n", "")
    found = cayley("discover", save(seen), "--next", "1")
    assert found.status == 0
    assert found.out.splitlines()[0] == "state S, transformation mirror"
    assert found.out.splitlines()[-1] == "Supposed: permutations of the states."
    (question,) = cayley("discover", save(seen), "--next", "1", "--json").json()["questions"]
    assert (question["row"], question["column"]) == ("S", "mirror")
    whole = cayley("discover", save(COMPASS), "--next", "1")
    assert whole.out == "the seen transitions force all others.\n"
    assert cayley("discover", save(seen), "--next", "1", "--out", "x").status == 2
    vectors = cayley("discover", str(ACTIONS / "ammonia_vectors.csv"), "--next", "1")
    assert (vectors.status, "needs transitions" in vectors.err) == (2, True)
