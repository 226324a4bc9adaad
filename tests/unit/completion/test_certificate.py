"""Every claim of a solution is in its certificate, with a proof; changed ones are not accepted."""

import copy

import numpy as np
import pytest

from cayley import solve
from cayley.completion import CertificateCheck, check_certificate
from cayley.completion._certificate import certificate_of
from cayley.experiments.records.certificates import changed, is_true
from cayley.tables import Table, generate_family, isotope, mask, shuffle

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
}
CLAIMS = {
    "group": ["group", "forced"],
    "isotope": ["isotope", "forced"],
    "loop": ["group", "forced"],
    "semilattice": ["isotope", "law", "law", "law", "forced"],
    "several": ["not unique", *["possible"] * 3],
    "several groups": ["not unique"],
    "no group": ["inconsistent"],
    "no isotope": ["inconsistent"],
    "full": ["isotope"],
}


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


def test_changed_certificates_are_refused_or_true_as_well(certificates):
    rng = np.random.default_rng(3)
    accepted = refused = 0
    for document in certificates.values():
        for _ in range(60):
            other = changed(document, rng)
            if other == document:
                continue
            if check_certificate(other):
                accepted += 1
                assert is_true(other) is not False, other
            else:
                refused += 1
    assert accepted
    assert refused > 5 * accepted


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
    assert "without 1 others" in check_certificate(document).claims[-1]


def test_two_results_for_a_cell_contradict_each_other():
    triples = [("a", "a", "a"), ("a", "a", "b"), ("b", "a", "b")]
    table = Table.from_triples(triples, labels=["a", "b"])
    solution = solve(table, assume="semilattice", solver="exact")
    assert solution.status == "inconsistent"
    assert check_certificate(solution.certificate).claims[0].startswith("no table with the given")


def test_what_cannot_be_certified_is_said():
    homotope = Table(rows="ab", columns="xyz", symbols="xyz", array=[[0, 1, 2], [1, 2, 0]])
    made, lacking = certificate_of(solve(homotope, assume="none", solver="exact"))
    assert made is None
    assert lacking == ("Certificates are written for square tables only.",)
    group = solve(mask(generate_family("S3"), observe=0.6, seed=0), assume="group")
    made, lacking = certificate_of(group, time_limit=0)
    assert made is None
    assert len(lacking) == 2


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
