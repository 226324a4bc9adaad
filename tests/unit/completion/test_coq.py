"""Certificates are written for Coq, which accepts them where it is installed."""

import re
import shutil
import subprocess

import pytest

from cayley import solve
from cayley.completion._coq import coq_text
from cayley.tables import Table, generate_family, isotope, mask

TABLES = {
    "forced group": (lambda: mask(generate_family("S3"), observe=0.5, seed=1), "group"),
    "unused label": (lambda: Table.from_array([[-1, 1, -1], [1, -1, -1], [-1, -1, -1]]), "group"),
    "forced isotope": (
        lambda: mask(isotope(generate_family("S3"), seed=1), observe=0.75, seed=0),
        "isotope",
    ),
    "by cases": (lambda: Table.from_array([[0, 1, 2], [1, 2, -1], [2, -1, -1]]), "isotope"),
    "some cells": (lambda: mask(generate_family("C4"), observe=0.3, seed=1), "group"),
    "no group": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "group"),
    "no isotope": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "isotope"),
    "order 12": (lambda: mask(generate_family("A4"), observe=0.25, seed=0), "group"),
    "order 24": (lambda: mask(generate_family("S4"), observe=0.1, seed=0), "group"),
}
LAWS = {
    "semilattice": ([[0, 1, 2, 3], [1, 1, -1, -1], [2, 3, -1, -1], [3, -1, -1, -1]], "semilattice"),
    "loop": ([[0, 1, 2], [1, 2, -1], [2, -1, -1]], "loop"),
    "possible": ([[0, 1, 2, 3], [1, 1, -1, -1], [2, -1, 2, -1], [3, -1, -1, 3]], "semilattice"),
    "Steiner": ([[0, 2, -1], [-1, -1, -1], [-1, -1, -1]], "Steiner quasigroup"),
    "not commutative": ([[0, 1], [0, -1]], "commutative"),
    "Moufang": (mask(generate_family("S3"), observe=0.6, seed=2), "Moufang loop"),
    "cases": (mask(generate_family("C5"), observe=0.3, seed=2), "commutative loop"),
    "cases of a monoid": (mask(generate_family("C5"), observe=0.2, seed=0), "monoid"),
    "inverses": (mask(generate_family("C5"), observe=0.3, seed=2), "x*(y*z)=(x*y)*z; inverses"),
    "quandle": (
        mask(
            Table.from_array([[(2 * a - b) % 5 for b in range(5)] for a in range(5)]),
            observe=0.2,
            seed=0,
        ),
        "left quandle",
    ),
    "unnamed": ([[0, 1, 2], [2, -1, -1], [-1, -1, -1]], "x*(y*z) = (x*y)*(x*z); quasigroup"),
}


def text_of(name):
    table, assume = TABLES[name] if name in TABLES else LAWS[name]
    table = table() if callable(table) else table
    return coq_text(solve(table, assume=assume, solver="exact", time_limit=5).certificate)


@pytest.mark.parametrize("name", list(TABLES)[:7])
def test_the_theorem_can_be_read(name):
    text = text_of(name)
    theorem = text[text.rindex("Theorem ") :]
    assert "forall (G : Group)" in theorem
    assert ("False" in theorem) == name.startswith("no ")
    assert "Admitted" not in text
    assert not re.search(r"^(Axiom|Parameter|Conjecture)", text, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("coqc") is None, reason="no coqc; install it with: apt-get install coq"
)
@pytest.mark.parametrize("name", [*TABLES, *LAWS])
def test_coq_accepts_it_without_axioms(name, tmp_path):
    path = tmp_path / "proof.v"
    path.write_text(text_of(name), encoding="utf-8")
    done = subprocess.run(["coqc", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["Closed", "under", "the", "global", "context"]


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("coqc") is None, reason="no coqc; install it with: apt-get install coq"
)
def test_coq_refuses_a_wrong_table(tmp_path):
    text = text_of("forced group")
    start = text.index("Definition table_0_0")
    wrong = text[:start] + re.sub(
        r"\((\d), (\d), (\d)\)\);", r"(\1, \2, 5));", text[start:], count=3
    )
    assert wrong != text
    path = tmp_path / "proof.v"
    path.write_text(wrong, encoding="utf-8")
    done = subprocess.run(["coqc", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode != 0


@pytest.mark.parametrize("name", LAWS)
def test_the_theorem_states_laws_and_conditions(name):
    text = text_of(name)
    theorem = text[text.rindex("Theorem ") :]
    assert "forall (T : Type) (op : T -> T -> T) (f : N -> T)" in theorem
    assert "Admitted" not in text
    stated = {
        "semilattice": "(forall x y : T, op x y = op y x)",
        "loop": "has_unit op",
        "Steiner": "left_cancellation op",
        "Moufang": "right_cancellation op",
    }
    assert stated.get(name, "forall") in theorem


def test_what_is_not_written_for_coq_is_named():
    document = solve([[0, 1], [1, 0]], assume="none").certificate
    document["claims"] = [each for each in document["claims"] if each["claim"] == "named"]
    with pytest.raises(ValueError, match="no claim that is written for Coq"):
        coq_text(document)
    document["cells"].pop()
    with pytest.raises(ValueError, match="refused"):
        coq_text(document)
