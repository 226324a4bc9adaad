"""Certificates are written for Coq, which accepts them where it is installed."""

import re
import resource
import shutil
import subprocess

import pytest

from cayley import solve
from cayley.completion.certificates._coq import coq_text
from claims_of_all_kinds import ANSWERS, LAWS, MORE, RULES, TABLES, document_of


def text_of(name, *kinds):
    document = document_of(name)
    claims = [each for each in document["claims"] if not kinds or each["claim"] in kinds]
    return coq_text(document | {"claims": claims})


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
        assert ("False" in theorem) == (name in ("not commutative", "unnamed"))
        assert ("In c [" in theorem) == (name == "possible")


def test_what_full_tables_are_is_stated_in_their_cells():
    text = text_of("semilattice")
    theorems = theorems_of(text, "Tables")
    assert len(theorems) == 4
    x_y = "forall x, x < 4 -> forall y, y < 4 -> "
    assert any(f"{x_y}cell table_3_0 x y = cell table_3_0 y x" in each for each in theorems)
    # The table that is forced exists: it satisfies the laws, and has the cells.
    assert f"{x_y}cell table_4_0 x y = cell table_4_0 y x" in theorems[3]
    assert "agrees table_4_0 cells_4" in theorems[3]
    (theorem,) = theorems_of(text, "Groups")
    assert "~ has f g h cells_0" in theorem
    theorems = theorems_of(text_of("possible"), "Tables")
    assert "agrees table_0_1 cells_0" in theorems[0]
    assert "cell table_0_0" in theorems[0] and "<>" in theorems[0]
    assert sum("<>" in each for each in theorems) == 1
    theorems = theorems_of(text_of("forced isotope", "isotope"), "Tables")
    assert "isotope 6 table_0_0" in theorems[0]
    document = solve([[0, 1], [1, 1]], assume="none").certificate
    law = {"claim": "law", "law": [[0, 0], 0], "instance": [0]}
    wrong = {"claim": "law", "law": [[0, [0, 1]], 1], "instance": [1, 0]}
    text = coq_text(document | {"table": [[0, 1], [1, 1]], "claims": [wrong]})
    assert "~ (forall x, x < 2 -> forall y, y < 2 ->" in theorems_of(text, "Tables")[0]
    del law["instance"]
    text = coq_text(document | {"table": [[0, 1], [1, 1]], "claims": [law]})
    assert "forall x, x < 2 -> cell table_0_0 x x = x" in theorems_of(text, "Tables")[0]


def test_a_homotope_is_an_operation_with_maps_to_a_group():
    (theorem,) = theorems_of(text_of("homotope", "forced"), "Groups")
    assert "(o : N -> N -> N)" in theorem
    assert "homotope 3 f g h o" in theorem
    assert "agrees o cells_0 -> agrees o forced_0" in theorem
    (theorem,) = theorems_of(text_of("homotope", "forced"), "Tables")
    assert "homotope 3 table_0_0" in theorem
    (theorem,) = theorems_of(text_of("no homotope"), "Groups")
    assert "agrees o cells_0 -> False" in theorem


def test_wrong_cells_are_counted_and_named():
    for name, module, least in (
        ("wrong", "Groups", 1),
        ("wrong of an isotope", "Groups", 1),
        ("wrong under laws", "Laws", 2),
    ):
        (theorem,) = theorems_of(text_of(name, "wrong"), module)
        claim = next(each for each in document_of(name)["claims"] if each["claim"] == "wrong")
        these = "; ".join(map(str, sorted(claim["without"])))
        assert "(all_but bad cells_0)" in theorem
        assert f"({least} <= length bad)%nat" in theorem
        assert f"(length bad <= {least})%nat -> forall i, In i bad <-> In i [{these}]" in theorem


@pytest.mark.parametrize("name", ANSWERS)
def test_each_answer_is_impossible_or_settles_cells(name):
    text = text_of(name)
    (theorem,) = theorems_of(text, "Laws" if name == "next under laws" else "Groups")
    assert "exists more, In (c, more) answers_0 /\\" in theorem
    (counts,) = re.findall(r"^Theorem counts.*?^Proof", text, re.MULTILINE | re.DOTALL)
    claim = document_of(name)["claims"][0]
    settled = {value: len(cells) for value, cells, _ in claim["answers"] if cells}
    assert settled
    for value, count in settled.items():
        assert f"({value}, {count}%nat)" in counts


def test_names_say_what_shows_them():
    shown = {
        "A4": ("2 * 12 = factorial 4", "isomorphic 12 table_0_0 4"),
        "D10": ("isotope_of 10 table_0_0 group_0_1", "isomorphic 10 group_0_1"),
        "C6": ("length permutations_0 = 1%nat", "isomorphic 6 table_0_0 6"),
        "Q8": ("relation 8 table_0_0 [(", "isomorphic 8 table_0_0"),
        "forced group": ("6 = factorial 3", "group 6 table_0_0"),
    }
    for name, parts in shown.items():
        (theorem,) = theorems_of(text_of(name, "named"), "Named")
        assert all(part in theorem for part in parts), name
    # A dihedral group is one by two involutions, which the theorem states as cells.
    (theorem,) = theorems_of(text_of("D10", "named"), "Named")
    assert re.search(r"cell group_0_1 (\d) \1 = 0 /\\ cell group_0_1 \(cell", theorem)
    (theorem,) = theorems_of(text_of("C6", "characters"), "Characters")
    assert "characters 6 table_0_0 0 3 classes_0 values_0" in theorem


@pytest.mark.parametrize("name", ["polynomial", "parity"])
def test_polynomials_are_all_of_a_form(name):
    (theorem,) = theorems_of(text_of(name, "polynomial"), "Polynomials")
    assert "forall coefficients, through" in theorem
    assert "through 5 monomials_0 solution_0" in theorem or "is_prime 7" in theorem


MOST_SECONDS = 60  # of processor time, so that a busy machine makes no difference


def accepted(text, path):
    """Compile a file; give its theorems without axioms, or None if Coq refuses it."""
    path.write_text(text, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        ["coqc", path.name], cwd=path.parent, capture_output=True, text=True, check=False
    )
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < MOST_SECONDS
    closed = done.stdout.count("Closed under the global context")
    return closed if done.returncode == 0 else None


with_coq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="no coqc; install it with: apt-get install coq"
)


@pytest.mark.slow
@with_coq
@pytest.mark.parametrize("name", [*TABLES, *LAWS, *MORE, *ANSWERS, *RULES])
def test_coq_accepts_it_without_axioms(name, tmp_path):
    text = text_of(name)
    theorems = len(re.findall(r"^Theorem claim", text, re.MULTILINE))
    assert accepted(text, tmp_path / "proof.v") == theorems


@pytest.mark.slow
@with_coq
@pytest.mark.parametrize(
    ("name", "kind", "start", "one", "other"),
    [
        ("forced group", "forced", "Definition forced_0", r"\((\d), (\d), \d\)\]", r"(\1, \2, 9)]"),
        ("no isotope", "inconsistent", "Definition cells_0", r"\(0, 2, 1\)", "(0, 2, 2)"),
        ("semilattice", "forced", "Definition forced_0", r"\(3, 3, 3\)", "(3, 3, 2)"),
        ("not commutative", "inconsistent", "Theorem claim_0", "op y x", "op x y"),
        ("semilattice", "law", "Definition table_2_0", r"\[3; ", "[2; "),
        ("possible", "not unique", "Definition table_0_1", r"\[1; 1", "[1; 0"),
        ("possible", "possible", "Theorem claim_0", r"In c \[\d; ", "In c ["),
        ("homotope", "forced", "Definition forced_0", r"\(1, 1, 0\)", "(1, 1, 1)"),
        ("no homotope", "inconsistent", "Definition cells_0", r"\(1, 1, 1\)", "(1, 1, 2)"),
        ("wrong", "wrong", "Theorem claim_0", r"\(1 <= length", "(2 <= length"),
        ("wrong", "wrong", "Theorem claim_0", r"In i \[\d+\]", "In i [0]"),
        ("wrong under laws", "wrong", "Definition sets_0", r"; \d+\]", "]"),
        ("next", "next", "Definition more_0", r"\(2, 1, 0\)", "(2, 1, 1)"),
        ("next", "next", "Theorem counts_0", r"\(0, \d%nat\)", "(0, 9%nat)"),
        ("A4", "named", "Definition permutations_0", r"\[1; 2; 0; 3\]", "[1; 0; 2; 3]"),
        ("A4", "named", "Lemma part_0", r"factorial 4", "factorial 5"),
        ("Q8", "named", "Theorem claim_0", r", true\)", ", false)"),
        ("C6", "characters", "Definition values_0", r"\(1, \(1\)%Z\)", "(2, (1)%Z)"),
        ("A4", "characters", "Definition classes_0", r"; \d+\]", "]"),
        ("polynomial", "polynomial", "Definition table_0", r"\(4, 4, \d\)", "(4, 4, 9)"),
        ("parity", "polynomial", "Definition monomials_0", r"\(\(1\), \(0\)\)", "((2), (0))"),
    ],
)  # fmt: skip
def test_coq_refuses_what_is_changed(name, kind, start, one, other, tmp_path):
    text = text_of(name, kind)
    at = text.index(start)
    wrong = text[:at] + re.sub(one, other, text[at:], count=1)
    assert wrong != text
    assert accepted(wrong, tmp_path / "proof.v") is None


def test_what_the_checker_refuses_is_not_written():
    document = solve([[0, 1], [1, 0]], assume="none").certificate
    document["cells"].pop()
    with pytest.raises(ValueError, match="refused"):
        coq_text(document)
