"""Certificates are written for Lean; the text is looked at, as no Lean is at hand."""

import re
from pathlib import Path

import pytest

from cayley import solve
from cayley.completion.certificates import _lean
from cayley.completion.certificates._lean import lean_text
from cayley.completion.certificates._lean._consequences import _Consequences
from claims_of_all_kinds import RULES, document_of
from lean_terms import Refused, checked_theorems

FILES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in Path(_lean.__file__).parent.glob("*.lean")
}

NAMES = ["forced group", "by cases", "no group", "semilattice", "possible", "Moufang", "cases"]
NAMES += ["homotope", "no homotope", "wrong", "wrong under laws", "next", "next of an isotope"]
NAMES += ["C6", "D10", "Q8", "order 12", "polynomial", "parity"]


def text_of(name, *kinds):
    document = document_of(name)
    claims = [each for each in document["claims"] if not kinds or each["claim"] in kinds]
    return lean_text(document | {"claims": claims})


def without_comments(text):
    return re.sub(r"/-.*?-/|--[^\n]*", "", text, flags=re.DOTALL)


def statement_of(text, name):
    """Give what a theorem states, on one line."""
    found = re.search(rf"^theorem {name}\b(.*?)(:=|\n  \|)", text, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split())


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_whole(name):
    text = text_of(name)
    assert text.startswith("-- UNCHECKED: ")
    rest, open_ = without_comments(text), []
    for each in rest:
        if each in "([{⟨":
            open_.append(each)
        elif each in ")]}⟩":
            assert open_.pop() + each in ("()", "[]", "{}", "⟨⟩")
    assert not open_
    names = re.findall(r"^(?:namespace|section) ?(\w*)$|^end ?(\w*)$", rest, re.MULTILINE)
    spaces = []
    for begun, ended in names:
        if begun:
            spaces.append(begun)
        else:
            assert spaces.pop() == ended
    assert not spaces
    # Lean refuses what leaves a gap, and these words would hide one.
    assert not re.search(r"\b(sorry|admit|axiom|unsafe|native_decide|#eval)\b", rest)
    assert not re.search(r"^import", rest, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_used_is_defined_before(name):
    rest = without_comments(text_of(name))
    defined = set()
    space = ""
    for line in rest.splitlines():
        if begun := re.match(r"namespace (Proof_\w+)", line):
            space = begun[1]
        if re.match(r"end Proof_", line):
            space = ""
        header = re.match(r"(?:theorem|noncomputable def) ((?:e|bad|cases|x|row)_\d+)", line)
        used = re.findall(r"(?<![\w.])((?:e|bad|cases|x|row)_\d+) M", line)
        assert all((space, each) in defined for each in used), line
        if header:
            assert space
            assert (space, header[1]) not in defined
            defined.add((space, header[1]))


@pytest.mark.parametrize("name", NAMES)
def test_each_number_of_the_certificate_arrives(name):
    document, text = document_of(name), text_of(name)
    for number, claim in enumerate(document["claims"]):
        kind = claim["claim"]
        cells = document["cells"]
        without = set(claim.get("without", ()))
        kept = [cell for i, cell in enumerate(cells) if i not in without]
        if kind in ("forced", "inconsistent", "possible", "next"):
            listed = ", ".join(f"({a}, {b}, {c})" for a, b, c in kept)
            assert f"def given_{number} : List Cell :=\n  [{listed}]" in text
        if kind == "wrong":
            sets = {f"cellsAt given_{number} {places}" for places, _, _ in claim["refuted"]}
            assert all(each in text for each in sets)
        if kind == "forced":
            wanted = claim["cells"]
            if wanted == "all":
                wanted = [
                    (a, b, c) for a, row in enumerate(document["table"]) for b, c in enumerate(row)
                ]
            part = text[text.index(f"def forced_{number} ") :].split("\n\n")[0]
            assert re.findall(r"\((\d+), (\d+), (\d+)\)", part) == [
                tuple(map(str, cell)) for cell in wanted
            ]
        if kind == "named":
            for values in claim["permutations"]:
                assert f"[{', '.join(map(str, values))}]" in text
            assert text.count("walk table") >= len(claim["relators"])


@pytest.mark.parametrize("name", NAMES)
def test_each_proof_is_one_of_its_statement(name):
    text = text_of(name)
    consequences = ("forced", "inconsistent", "possible", "next", "wrong")
    kinds = {claim["claim"] for claim in document_of(name)["claims"]}
    assert bool(checked_theorems(text)) == bool(kinds & set(consequences))


@pytest.mark.parametrize(
    ("name", "kind", "one", "other"),
    [
        ("forced group", "forced", r"(= \(M\.f) 2\)", r"\1 3)"),  # what is stated
        ("by cases", "forced", r"apart M\.rows\.1 2 0", "apart M.rows.1 1 0"),
        ("by cases", "forced", r"\| 1, _, _, h0 => \(bad_\d+", "| 1, _, _, h0 => (bad_44"),
        ("by cases", "forced", r"put_right M\.column_one", "put_left M.column_one"),
        ("Moufang", "forced", r"M\.law_0 \(M\.f 1\)", "M.law_0 (M.f 2)"),
        ("homotope", "forced", r"M\.G\.cancel_left _ _", "M.G.cancel_right _ _"),
        ("semilattice", "forced", r"\.trans \(times", ".trans (e_0 M) (times"),
        ("order 12", "forced", r"associate_3 M", "associate_2 M"),
    ],
)
def test_a_changed_proof_is_none(name, kind, one, other):
    text = text_of(name, kind)
    assert checked_theorems(text)
    changed = re.sub(one, other, text, count=1)
    assert changed != text
    with pytest.raises((Refused, IndexError)):
        checked_theorems(changed)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_written_under_every_kind_of_theory(name):
    text = text_of(name)
    assert checked_theorems(text) > 90
    if name == "all rules":
        written = ("M.G.over", "M.G.under", "M.G.inv ", "some_left", "some_right", "M.has_inverse")
        written += ("times_under", "associate_0", "associate_1", "associate_2", "associate_3")
        assert all(each in text for each in written)
        assert {line[0] for claim in document_of(name)["claims"] for line in claim["proof"]} >= {
            "law", "inverse", "unit", "define", "only", "associate", "cases", "same", "clash",
        }  # fmt: skip


def test_the_theorem_is_the_claim():
    stated = statement_of(text_of("forced group", "forced"), "claim_0")
    assert stated == (
        "(G : Group) (f : Nat → G.T) (labels : Bijective 6 f) (cells : Holds G.op f f f given_0) :"
        " HoldsAll G.op f f f forced_0"
    )
    stated = statement_of(text_of("by cases", "forced"), "claim_0")
    assert "(fs : Bijective 3 f) (gs : Bijective 3 g) (hs : Bijective 3 h)" in stated
    assert stated.endswith("(cells : Holds G.op f g h given_0) : HoldsAll G.op f g h forced_0")
    stated = statement_of(text_of("homotope", "forced"), "claim_0")
    assert "(maps : Homotope 3 G f g h o) (cells : Agrees o given_0) : AgreesAll o" in stated
    stated = statement_of(text_of("no group", "inconsistent"), "claim_0")
    assert stated.endswith("(cells : Holds G.op f f f given_0) : False")
    stated = statement_of(text_of("semilattice", "forced"), "claim_0")
    assert "∀ x y : T, op x y = op y x)" in stated
    assert stated.endswith("HoldsAll op f f f forced_0")
    stated = statement_of(text_of("inverses", "forced"), "claim_0")
    assert "(inverses : ∃ e, (∀ x, op e x = x ∧ op x e = x) ∧ ∀ x, ∃ y," in stated
    stated = statement_of(text_of("possible", "possible"), "claim_0")
    assert re.search(r"∀ c, c < 4 → Holds op f f f \[\(\d, \d, c\)\] → c = \d( ∨ c = \d)+$", stated)
    stated = statement_of(text_of("next", "next"), "claim_0")
    assert "∀ c, c < 3 → Holds G.op f f f [(1, 2, c)] → (c = 0 ∧ HoldsAll" in stated
    for name, least in (("wrong", 1), ("wrong under laws", 2), ("wrong of an isotope", 1)):
        text = text_of(name, "wrong")
        claim = next(c for c in document_of(name)["claims"] if c["claim"] == "wrong")
        these = sorted(claim["without"])
        assert claim["only"]
        stated = statement_of(text, "claim_0")
        assert "(allBut bad 0 given_0))" in stated
        assert stated.endswith(
            f": {least} ≤ bad.length ∧ (bad.length ≤ {least} → ∀ i, among i bad = among i {these})"
        )


def test_a_choice_of_wrong_cells_that_takes_a_search_is_not_written():
    document = document_of("wrong")
    claim = next(each for each in document["claims"] if each["claim"] == "wrong")
    twice = claim | {"refuted": [claim["refuted"][0]] * 2, "only": False, "without": [1, 2]}
    writer = _Consequences(document, twice, "_0")
    assert "is not written for Lean here" in writer.wrong()
    # Of these three sets any two have a common cell, and no cell meets them all.
    writer = _Consequences(document, claim | {"only": False, "without": [1, 2]}, "_0")
    assert writer._choices([[1, 2], [2, 3], [1, 3]], [1, 2]) is None
    assert writer._choices([[1, 2], [3, 4]], [1, 3]) is not None


def test_what_full_tables_are_is_stated_in_their_cells():
    text = text_of("possible", "not unique")
    assert "∀ x, x < 4 → ∀ y, y < 4 → cell table_0_0 x y = cell table_0_0 y x" in text
    assert re.search(r"cell table_0_0 \d \d ≠ cell table_0_1 \d \d", text)
    document = solve([[0, 1], [1, 1]], assume="none").certificate
    wrong = {"claim": "law", "law": [[0, [0, 1]], 1], "instance": [1, 0]}
    text = lean_text(document | {"table": [[0, 1], [1, 1]], "claims": [wrong]})
    assert "¬ (∀ x, x < 2 → ∀ y, y < 2 → cell table_0_0 x (cell table_0_0 x y) = y)" in text
    assert "absurd (law 1 (by decide) 0 (by decide)) (by decide)" in text
    text = text_of("D10")
    assert "IsIsotope 10 table_1_1 table_1_0" in text
    assert "IsIsomorphism 10 table_1_0 5 " in text
    text = text_of("C6", "characters")
    assert "AreOrthonormal 6 classOf_0\n    [1, 1] values_0" in text  # modulo z^2 + z + 1
    text = text_of("semilattice", "isotope")
    assert "(cells : Holds G.op f g h given_0) : False" in text


@pytest.mark.parametrize("name", NAMES)
def test_each_file_has_what_its_theorems_use(name):
    text = without_comments(text_of(name))
    words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", text))
    defined = {}
    for file, content in FILES.items():
        names = r"^(?:theorem|def|noncomputable def|abbrev|structure|instance) (\w+)"
        for each in re.findall(names, without_comments(content), re.MULTILINE):
            defined[each] = file
    used = {defined[each] for each in words & set(defined)}
    assert used == {file for file, content in FILES.items() if content in text_of(name)}


def test_labels_are_not_written():
    table = [["*", "-/", "(by"], ["-/", "-/", "(by"], ["(by", "(by", "?"]]
    document = solve(table, assume="group").certificate
    text = lean_text(document)
    assert "(by)" not in text
    assert text.count("-/") == sum(x.count("-/") for x in FILES.values() if x in text)


@pytest.mark.parametrize("name", ["polynomial", "parity"])
def test_polynomials_are_all_of_a_form(name):
    text = text_of(name, "polynomial")
    document = document_of(name)
    claim = next(each for each in document["claims"] if each["claim"] == "polynomial")
    p = claim["modulus"]
    assert statement_of(text, "claim_0") == (
        f": ∀ coefficients, Through {p} monomials_0 coefficients cells_0 →"
        f" Through {p} monomials_0 coefficients table_0"
    )
    listed = ", ".join(
        f"({a}, {b}, {c})" for a, row in enumerate(document["table"]) for b, c in enumerate(row)
    )
    assert f"def table_0 : List Residues :=\n  [{listed}]" in text
    for each in claim["monomials"]:
        assert f"[{', '.join(f'({i}, {j})' for i, j in each)}]" in text


def test_what_the_checker_refuses_is_not_written():
    document = document_of("parity")
    with pytest.raises(ValueError, match="refused"):
        lean_text(document | {"sha256": ""})
