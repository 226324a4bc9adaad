"""Every claim of a solution is in its certificate, with a proof; changed ones are not accepted."""

import copy
import re

import numpy as np
import pytest

from cayley import solve
from cayley.algebra import Structure
from cayley.completion import CertificateCheck, check_certificate
from cayley.completion.certificates._certificate import certificate_of, certificate_of_answers
from cayley.experiments.records.certificate_truth import changed, is_true
from cayley.experiments.records.certificates import problem
from cayley.tables import Table, generate_family, isotope, mask, shuffle
from cayley.theories import parse_theory

MEET = [[0, 1, 2, 3], [1, 1, -1, -1], [2, -1, 2, -1], [3, -1, -1, 3]]
SOLVED = {
    "group": (lambda: mask(generate_family("S3"), observe=0.6, seed=0), "group"),
    "isotope": (
        lambda: mask(isotope(generate_family("C5"), seed=1), observe=0.7, seed=0),
        "isotope",
    ),
    "loop": (lambda: Table.from_array([[0, 1, 2], [1, 2, -1], [2, -1, -1]]), "loop"),
    "semilattice": (
        lambda: Table.from_array([[0, 1, 2, 3], [1, 1, -1, -1], [2, 3, -1, -1], [3, -1, -1, -1]]),
        "semilattice",
    ),
    "several": (lambda: Table.from_array(MEET), "semilattice"),
    "several groups": (lambda: Table.from_array([[0, -1, -1, -1], *[[-1] * 4] * 3]), "group"),
    "no group": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "group"),
    "no isotope": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "isotope"),
    "full": (lambda: generate_family("mod5:a^2+ab"), "auto"),
    "wrong entry": (lambda: with_wrong(generate_family("C5"), (2, 3)), "group"),
    "wrong of an isotope": (
        lambda: with_wrong(isotope(generate_family("C5"), seed=1), (2, 3)),
        "isotope",
    ),
    "wrong under laws": (
        lambda: with_wrong(Table.from_array(np.minimum.outer(range(6), range(6))), (1, 3), (4, 4)),
        "semilattice",
    ),
    "homotope": (lambda: Table.from_array([[0, 1, 1], [1, -1, 0], [-1, 0, 0]]), "homotope"),
    "no homotope": (lambda: Table.from_array([[0, 1, 2], [1, 1, -1], [-1, -1, -1]]), "homotope"),
    "polynomial": (lambda: residues(5, lambda a, b: 2 * a + b + 3), "polynomial"),
    "polynomials by parity": (
        lambda: residues(7, lambda a, b: np.where(b % 2, a + b, 2 * a)),
        "polynomial",
    ),
}
CLAIMS = {
    "group": ["group", "named", "characters", "forced"],
    "isotope": ["isotope", "named", "characters", "forced"],
    "wrong entry": ["group", "forced", "wrong"],
    "wrong of an isotope": ["isotope", "forced", "wrong"],
    "wrong under laws": ["forced", "wrong"],
    "homotope": ["forced"],
    "no homotope": ["inconsistent"],
    "polynomial": ["isotope", "polynomial"],
    "polynomials by parity": ["polynomial"],
    "loop": ["group", "forced"],
    "semilattice": ["isotope", "law", "law", "law", "forced"],
    "several": ["not unique", *["possible"] * 3],
    "several groups": ["not unique"],
    "no group": ["inconsistent"],
    "no isotope": ["inconsistent"],
    "full": ["isotope"],
}


def with_wrong(table, *cells):
    """Give a table with the next symbol in some cells."""
    array = table.array.copy()
    for cell in cells:
        array[cell] = (array[cell] + 1) % len(array)
    return table.with_array(array)


def residues(p, function):
    """Give the values of a function modulo a prime, but for some cells."""
    a, b = np.indices((p, p))
    return Table.from_array(np.where((3 * a + b) % 4 == 1, -1, function(a, b) % p))


def answers(make, theory, place):
    document, lacking = certificate_of_answers(make(), theory, [place])
    assert not lacking
    return document


@pytest.fixture(scope="module")
def certificates():
    return {
        name: solve(make(), assume=assume, solver="exact", time_limit=5).certificate
        for name, (make, assume) in SOLVED.items()
    }


@pytest.mark.parametrize("name", SOLVED)
def test_all_claims_are_there_and_proved(certificates, name):
    found = [claim["claim"] for claim in certificates[name]["claims"]]
    assert all(found.count(claim) >= CLAIMS[name].count(claim) for claim in CLAIMS[name]), found
    assert check_certificate(certificates[name])
    assert is_true(certificates[name]) is not False


ANSWERS = {
    "group": (lambda: Table.from_array([[0, 1, 2], [-1] * 3, [-1] * 3]), Structure.GROUP, "12"),
    "isotope": (
        lambda: mask(isotope(generate_family("C4"), seed=1), observe=0.6, seed=2),
        Structure.GROUP_ISOTOPE,
        ("r3", "c0"),
    ),
    "laws": (
        lambda: Table.from_array([[0, 1, 2], [1, -1, -1], [2, -1, -1]]),
        parse_theory("semilattice"),
        "12",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_each_answer_settles_is_proved(name):
    document = answers(*ANSWERS[name])
    assert is_true(document)
    (sentence,) = check_certificate(document).claims
    assert "answers, which settle" in sentence
    settled = [len(cells) for _, cells, _ in document["claims"][0]["answers"]]
    assert max(settled) > 1
    # One cell more than follows is refused.
    wanted = max((each[1] for each in document["claims"][0]["answers"]), key=len)
    wanted[0][2] = (wanted[0][2] + 1) % len(document["rows"])
    assert "does not follow" in check_certificate(document).reason


def test_what_is_too_little_to_accuse_cells_is_refused(certificates):
    document = copy.deepcopy(certificates["wrong entry"])
    claim = next(each for each in document["claims"] if each["claim"] == "wrong")
    assert claim["only"]
    document["claims"] = [claim]
    assert "if no more are, these" in check_certificate(document).claims[0]
    refuted = list(claim["refuted"])
    claim["refuted"] = [[refuted[0][0], [], refuted[0][2]], *refuted[1:]]
    assert "these cells are not refuted" in check_certificate(document).reason
    claim["refuted"] = refuted[:1]
    assert "others may be wrong" in check_certificate(document).reason
    claim["only"] = False
    assert "at least 1 given" in check_certificate(document).claims[0]
    claim["refuted"] = []
    assert "fewer cells may be wrong" in check_certificate(document).reason
    claim["without"] = []
    assert not check_certificate(document)  # that no cell need be wrong says nothing
    document = copy.deepcopy(certificates["wrong under laws"])
    claim = next(each for each in document["claims"] if each["claim"] == "wrong")
    document["claims"], claim["only"] = [claim], False
    claim["refuted"] = claim["refuted"][:2]
    assert "at least 2 given" in check_certificate(document).claims[0]
    claim["refuted"] = claim["refuted"][:1]
    assert "fewer cells may be wrong" in check_certificate(document).reason


def test_each_value_of_a_cell_is_shown_or_refuted(certificates):
    document = copy.deepcopy(certificates["several"])
    claim = next(each for each in document["claims"] if each["claim"] == "possible")
    document["claims"] = [claim]
    assert "can only be" in check_certificate(document).claims[0]
    for change, reason in (
        (lambda claim: claim["refuted"][0].__setitem__(1, []), "a value is not decided"),
        (lambda claim: claim["refuted"].pop(), "a value is not decided"),
        (lambda claim: claim["tables"].pop(), "a value is not decided"),
        (lambda claim: claim["tables"][0][3].__setitem__(3, 0), "a table"),
    ):
        other = copy.deepcopy(document)
        change(other["claims"][0])
        assert reason in check_certificate(other).reason
    document = answers(*ANSWERS["laws"])
    document["claims"][0]["answers"].pop()
    assert "not each answer" in check_certificate(document).reason


def test_of_wrong_polynomials_nothing_is_forced(certificates):
    document = copy.deepcopy(certificates["polynomial"])
    claim = next(each for each in document["claims"] if each["claim"] == "polynomial")
    for change, reason in (
        ({"modulus": 25}, "no prime"),
        ({"modulus": 3}, "no residues"),
        ({"modulus": 7}, "no polynomial has the cells|does not follow"),
        ({"monomials": [[[0, 0], [1, 0]]]}, "no polynomial has the cells"),
        ({"monomials": [[[i, j] for i in range(5) for j in range(5)]]}, "does not follow"),
    ):
        checked = check_certificate(document | {"claims": [claim | change]})
        assert re.search(reason, checked.reason)


def test_names_are_checked_where_that_is_elementary():
    said = {
        "S3": "points: S3",
        "A4": "points: A4",
        "C6": "points: C6",
        "D10": "points: D10",
        "Q8": "Q8, a name that is not checked",
        "C2xC2": "a name that is not checked",
    }
    for family, sentence in said.items():
        document = solve(generate_family(family)).certificate
        assert any(claim.endswith(sentence) for claim in check_certificate(document).claims), family
        claim = next(each for each in document["claims"] if each["claim"] == "named")
        claim["name"] = "S4"
        assert any("S4, a name that is not" in each for each in check_certificate(document).claims)
        degree = len(claim["permutations"][0])
        for other in ("C4", "C6", "C8", "D8", f"A{degree}", f"S{degree}", "S9"):
            claim["name"] = other
            said = check_certificate(document).claims
            known = any(each.endswith(f"points: {other}") for each in said)
            assert known == (other == family), (family, other)
        claim["relators"].append([1])
        assert "a relation does not hold" in check_certificate(document).reason


@pytest.mark.parametrize("family", ["C6", "S3", "Q8", "A4", "C7", "D10"])
def test_a_changed_character_is_refused(family):
    document = solve(generate_family(family)).certificate
    document["claims"] = [each for each in document["claims"] if each["claim"] == "characters"]
    assert check_certificate(document)
    rows = document["claims"][0]["values"]
    for i in range(len(rows)):
        for j in range(len(rows)):
            other = copy.deepcopy(document)
            value = other["claims"][0]["values"][i][j]
            other["claims"][0]["values"][i][j] = [*value, [0, 1]]
            assert not check_certificate(other), (i, j)
    # Rows in another order are the same characters, those of other classes are not.
    other = copy.deepcopy(document)
    other["claims"][0]["values"].reverse()
    assert check_certificate(other)
    other = copy.deepcopy(document)
    for row in other["claims"][0]["values"]:
        row[0], row[-1] = row[-1], row[0]
    assert not check_certificate(other)


def test_orthonormal_rows_that_are_no_characters_are_refused():
    document = solve(generate_family("C3")).certificate
    document["claims"] = [each for each in document["claims"] if each["claim"] == "characters"]
    # Exchanging the values at two classes of the same size keeps all rows orthonormal; of C3 that
    # is an automorphism. A sign before a row keeps them too, and is none.
    row = document["claims"][0]["values"][1]
    document["claims"][0]["values"][1] = [[[k, -c] for k, c in value] for value in row]
    assert "degree" in check_certificate(document).reason
    document = solve(generate_family("C5")).certificate
    document["claims"] = [each for each in document["claims"] if each["claim"] == "characters"]
    claim = document["claims"][0]
    swapped = copy.deepcopy(claim["values"])
    for row in swapped:
        row[1], row[2] = row[2], row[1]
    claim["values"] = swapped
    assert "no multiple of a character" in check_certificate(document).reason


def test_characters_twice_or_multiples_of_them_are_refused():
    document = solve(generate_family("S3")).certificate
    claim = next(each for each in document["claims"] if each["claim"] == "characters")
    rows = claim["values"]
    double = [[[k, 2 * c] for k, c in value] for value in rows[0]]
    for values, reason in (([double, *rows[1:]], "norm"), ([rows[1], *rows[1:]], "a row twice")):
        checked = check_certificate(document | {"claims": [claim | {"values": values}]})
        assert reason in checked.reason


def test_three_alphabets_hold_no_group(certificates):
    document = certificates["isotope"]
    for claim, why in (
        ({"claim": "group"}, "no group"),
        ({"claim": "inconsistent", "theory": {"name": "group"}, "proof": []}, "several alphabets"),
    ):
        assert why in check_certificate(document | {"claims": [claim]}).reason


def test_a_homotope_is_no_isotope(certificates):
    document = copy.deepcopy(certificates["homotope"])
    claim = next(each for each in document["claims"] if each["claim"] == "forced")
    assert len(claim["maps"]["group"]) < 3  # rows and columns are equal, onto a smaller group
    document["claims"] = [{"claim": "isotope", "maps": claim["maps"]}]
    assert "not one-to-one" in check_certificate(document).reason
    document["claims"] = [claim | {"theory": {"name": "isotope of a group"}}]
    assert "not one-to-one" in check_certificate(document).reason


def full_document(family, claim):
    document = copy.deepcopy(solve(generate_family(family)).certificate)
    return document | {"claims": [claim]}


@pytest.mark.parametrize(
    ("family", "generators", "permutations", "reason"),
    [
        ("C4", [1], [[1, 0]], "no isomorphism"),
        ("C3", [1], [[1, 2, 3, 0]], "no isomorphism"),
        ("C3", [0], [[0, 1, 2]], "no isomorphism"),
        ("C3", [1], [[1, 1, 0]], "no permutations"),
        ("C3", [1, 2], [[1, 2, 0]], "generators: no list of its size"),
    ],
)
def test_what_is_no_isomorphism_to_permutations_is_refused(
    family, generators, permutations, reason
):
    claim = {"claim": "named", "name": "C3", "generators": generators, "relators": []}
    document = full_document(family, claim | {"permutations": permutations})
    assert reason in check_certificate(document).reason


def test_classes_that_are_not_those_of_conjugate_elements_are_refused():
    one = [[0, 1]]
    claim = {"claim": "characters", "classes": [[0, 1]], "root": 1, "values": [[one]]}
    assert "no classes" in check_certificate(full_document("C2", claim)).reason
    document = solve(generate_family("S3")).certificate
    claim = next(each for each in document["claims"] if each["claim"] == "characters")
    claim = copy.deepcopy(claim)
    classes = sorted(claim["classes"], key=len)
    classes[1][0], classes[2][0] = classes[2][0], classes[1][0]
    assert "no classes" in check_certificate(document | {"claims": [claim]}).reason


def many_documents(certificates):
    more = {f"answers, {name}": answers(*each) for name, each in ANSWERS.items()}
    return certificates | more


def test_changed_certificates_are_refused_or_true_as_well(certificates):
    rng = np.random.default_rng(3)
    accepted = refused = 0
    for document in many_documents(certificates).values():
        for _ in range(40):
            other = changed(document, rng)
            if other == document:
                continue
            if check_certificate(other):
                accepted += 1
                assert is_true(other) is not False, other
            else:
                refused += 1
    assert accepted
    assert refused > 4 * accepted


@pytest.mark.slow
def test_changed_claims_of_each_kind_are_refused_or_true_as_well(certificates):
    rng = np.random.default_rng(5)
    by_kind = {}
    for document in many_documents(certificates).values():
        for claim in document["claims"]:
            by_kind.setdefault(claim["claim"], []).append(document | {"claims": [claim]})
    assert set(by_kind) >= {"wrong", "next", "named", "characters", "polynomial", "forced"}
    for documents in by_kind.values():
        for i in range(400):
            other = changed(documents[i % len(documents)], rng)
            if check_certificate(other):
                assert is_true(other) is not False, other


def test_the_order_of_labels_and_of_cells_makes_no_difference():
    table = mask(generate_family("S3"), observe=0.6, seed=0)
    document = solve(table, assume="group").certificate
    assert check_certificate(document, table)
    shown = shuffle(table, seed=1)
    assert check_certificate(document, shown)
    assert not check_certificate(document, generate_family("S3"))
    rows = [3, 1, 0, 2, 5, 4]
    moved = Table(
        rows=[table.rows[i] for i in rows], columns=table.columns, symbols=table.symbols,
        array=table.array[rows],
    )  # fmt: skip
    assert check_certificate(document, moved)
    assert check_certificate(solve(moved, assume="group").certificate, table)


def test_wrong_entries_are_set_aside():
    table = generate_family("S3")
    array = table.array.copy()
    array[2, 3] = (array[2, 3] + 1) % 6
    document = solve(table.with_array(array), assume="group").certificate
    forced = next(claim for claim in document["claims"] if claim["claim"] == "forced")
    assert [document["cells"][i][:2] for i in forced["without"]] == [[2, 3]]
    assert "without 1 others" in check_certificate(document).claims[1]


def test_several_completions_without_wrong_entries_are_said_to_be_without_them():
    table, assume, _ = problem(467)  # of a band, two cells wrong; the others leave one of them open
    solution = solve(table, assume=assume, solver="exact", time_limit=2)
    assert solution.suspects
    assert solution.unique == "no"
    document, lacking = certificate_of(solution)
    assert not lacking
    claims = check_certificate(document).claims
    assert len(claims) > 1
    assert all("(without 2 others)" in each for each in claims)


def test_two_results_for_a_cell_contradict_each_other():
    triples = [("a", "a", "a"), ("a", "a", "b"), ("b", "a", "b")]
    table = Table.from_triples(triples, labels=["a", "b"])
    solution = solve(table, assume="semilattice", solver="exact")
    assert solution.status == "inconsistent"
    claim = check_certificate(solution.certificate).claims[0]
    assert claim.startswith("no table with the 3 given cells is of this kind: semilattice")


def test_what_cannot_be_certified_is_said():
    homotope = Table(rows="ab", columns="xyz", symbols="xyz", array=[[0, 1, 2], [1, 2, 0]])
    made, lacking = certificate_of(solve(homotope, assume="none", solver="exact"))
    assert made is None
    assert lacking == ("Certificates are written for square tables only.",)
    group = solve(mask(generate_family("S3"), observe=0.6, seed=0), assume="group", check=False)
    made, lacking = certificate_of(group, time_limit=0)
    assert made is None
    assert len(lacking) == 4


def test_a_file_is_read_and_other_files_are_named(tmp_path, certificates):
    import json

    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(certificates["loop"]), encoding="utf-8")
    checked = check_certificate(path)
    assert isinstance(checked, CertificateCheck)
    assert checked.accepted
    assert check_certificate(str(path)) == checked
    wrong = copy.deepcopy(certificates["loop"])
    wrong["table"][2][2] = 2
    checked = check_certificate(wrong)
    assert not checked
    assert checked.claims == ()
    assert checked.reason
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="Expecting"):
        check_certificate(path)
    with pytest.raises(FileNotFoundError):
        check_certificate(tmp_path / "none.json")
