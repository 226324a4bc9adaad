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


def text_of(name):
    make, assume = TABLES[name]
    return coq_text(solve(make(), assume=assume, solver="exact", time_limit=5).certificate)


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
@pytest.mark.parametrize("name", TABLES)
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


def test_what_goes_by_laws_is_not_written():
    document = solve([[0, 1], [1, -1]], assume="semilattice").certificate
    with pytest.raises(ValueError, match="no claim that is written for Coq"):
        coq_text(document)
    document["cells"].pop()
    with pytest.raises(ValueError, match="refused"):
        coq_text(document)
