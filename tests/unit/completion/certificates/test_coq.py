"""Certificates are written for Coq, which accepts them where it is installed."""

import re
import shutil
import subprocess

import pytest

from cayley import solve
from cayley.completion.certificates._coq import coq_text
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


def theorems_of(text, module):
    """Give what is stated in one of the parts of a file, one theorem each."""
    part = text[text.index(f"Module {module}.") : text.index(f"End {module}.")]
    return re.findall(r"^Theorem claim.*?^Proof", part, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", list(TABLES)[:7])
def test_the_theorem_can_be_read(name):
    text = text_of(name)
    (theorem,) = theorems_of(text, "Groups")
    assert "forall (G : Group)" in theorem
    assert ("False" in theorem) == name.startswith("no ")
    assert "Admitted" not in text
    assert not re.search(r"^(Axiom|Parameter|Conjecture)", text, re.MULTILINE)


@pytest.mark.parametrize("name", LAWS)
def test_the_theorem_states_laws_and_conditions(name):
    text = text_of(name)
    theorems = theorems_of(text, "Laws")
    assert "Admitted" not in text
    stated = {
        "semilattice": "(forall x y : T, op x y = op y x)",
        "loop": "has_unit op",
        "Steiner": "left_cancellation op",
        "Moufang": "right_cancellation op",
        "inverses": "has_inverses op",
    }
    for theorem in theorems:
        assert "forall (T : Type) (op : T -> T -> T) (f : N -> T)" in theorem
        assert stated.get(name, "forall") in theorem
        assert ("False" in theorem) == (name in ("possible", "not commutative", "unnamed"))


def test_what_full_tables_are_is_stated_in_their_cells():
    text = text_of("semilattice")
    theorems = theorems_of(text, "Tables")
    assert len(theorems) == 3
    x_y = "forall x, x < 4 -> forall y, y < 4 -> "
    assert any(f"{x_y}cell table_3_0 x y = cell table_3_0 y x" in each for each in theorems)
    (theorem,) = theorems_of(text, "Groups")
    assert "~ has f g h cells_0" in theorem
    theorems = theorems_of(text_of("possible"), "Tables")
    assert "agrees table_0_1 cells_0" in theorems[0]
    assert "cell table_0_0" in theorems[0] and "<>" in theorems[0]
    assert sum("<>" in each for each in theorems) == 1
    (theorem,) = theorems_of(text_of("forced isotope"), "Tables")
    assert "isotope 6 table_0_0" in theorem
    document = solve([[0, 1], [1, 1]], assume="none").certificate
    law = {"claim": "law", "law": [[0, 0], 0], "instance": [0]}
    wrong = {"claim": "law", "law": [[0, [0, 1]], 1], "instance": [1, 0]}
    text = coq_text(document | {"table": [[0, 1], [1, 1]], "claims": [wrong]})
    assert "~ (forall x, x < 2 -> forall y, y < 2 ->" in theorems_of(text, "Tables")[0]
    del law["instance"]
    text = coq_text(document | {"table": [[0, 1], [1, 1]], "claims": [law]})
    assert "forall x, x < 2 -> cell table_0_0 x x = x" in theorems_of(text, "Tables")[0]


def accepted(text, path):
    """Compile a file; give its theorems without axioms, or None if Coq refuses it."""
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["coqc", path.name], cwd=path.parent, capture_output=True, text=True, check=False
    )
    closed = done.stdout.count("Closed under the global context")
    return closed if done.returncode == 0 else None


with_coq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="no coqc; install it with: apt-get install coq"
)


@pytest.mark.slow
@with_coq
@pytest.mark.parametrize("name", [*TABLES, *LAWS])
def test_coq_accepts_it_without_axioms(name, tmp_path):
    text = text_of(name)
    theorems = len(re.findall(r"^Theorem claim", text, re.MULTILINE))
    assert accepted(text, tmp_path / "proof.v") == theorems


@pytest.mark.slow
@with_coq
@pytest.mark.parametrize(
    ("name", "start", "one", "other"),
    [
        ("forced group", "Definition table_1_0 : list", r"\((\d), (\d), \d\)\)", r"(\1, \2, 5))"),
        ("no isotope", "Definition cells_0_0", r"\(0, 2, 1\)", "(0, 2, 2)"),
        ("semilattice", "Definition table_4_0 : list (positive", r"\(3, 3, 3\)", "(3, 3, 2)"),
        ("not commutative", "Theorem claim_0", r"op x y = op y x", "op x y = op x y"),
        ("semilattice", "Definition table_3_0", r"\[3; ", "[2; "),
        ("possible", "Definition table_0_1", r"\[1; 1", "[1; 0"),
    ],
)  # fmt: skip
def test_coq_refuses_what_is_changed(name, start, one, other, tmp_path):
    text = text_of(name)
    at = text.index(start)
    wrong = text[:at] + re.sub(one, other, text[at:], count=3)
    assert wrong != text
    assert accepted(wrong, tmp_path / "proof.v") is None


def test_what_is_not_written_for_coq_is_named():
    document = solve([[0, 1], [1, 0]], assume="none").certificate
    document["claims"] = [each for each in document["claims"] if each["claim"] == "named"]
    with pytest.raises(ValueError, match="no claim that is written for Coq"):
        coq_text(document)
    document["cells"].pop()
    with pytest.raises(ValueError, match="refused"):
        coq_text(document)
