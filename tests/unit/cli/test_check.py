"""`cayley check`: what it prints, and its exit status."""

import json
import subprocess
import sys

import pytest

from cayley import solve


@pytest.fixture
def certificate(tmp_path):
    path = tmp_path / "certificate.json"
    made = solve([[0, 1, 2], [1, 2, -1], [2, -1, -1]], assume="group").certificate
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def test_every_claim_is_printed(cayley, certificate, save) -> None:
    given = save("*,0,1,2\n0,0,1,2\n1,1,2,\n2,2,,\n")
    found = cayley("check", certificate, given)
    assert found.status == 0
    assert found.out.count("proved: ") == 4
    other = save("*,0,1,2\n0,0,1,2\n1,1,2,\n2,2,,1\n", "other.csv")
    found = cayley("check", certificate, other)
    assert found.status == 4
    assert found.out == "refused: the table has other cells than were given\n"


def test_a_changed_certificate_is_refused(cayley, certificate) -> None:
    made = json.loads(certificate.read_text(encoding="utf-8"))
    made["claims"][1]["proof"].pop(0)
    certificate.write_text(json.dumps(made), encoding="utf-8")
    found = cayley("check", certificate)
    assert found.status == 4
    assert found.out.startswith("refused: forced: ")


def test_the_source_is_a_program_of_its_own(cayley, certificate, tmp_path) -> None:
    source = cayley("check", "--source").out
    path = tmp_path / "checker.py"
    path.write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", path, certificate], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.count("proved: ") == 4


def test_coq_is_written_to_a_file(cayley, certificate, tmp_path) -> None:
    path = tmp_path / "proof.v"
    assert cayley("check", certificate, "--format", "coq", "-o", path).status == 0
    assert "Theorem claim_1 : forall (G : Group)" in path.read_text(encoding="utf-8")


def test_lean_is_said_to_be_unchecked(cayley, certificate, tmp_path) -> None:
    path = tmp_path / "proof.lean"
    assert cayley("check", certificate, "--format", "lean", "-o", path).status == 0
    assert path.read_text(encoding="utf-8").startswith("-- UNCHECKED: ")
    assert "UNCHECKED" in cayley("check", "--help").out


def test_formulas_and_their_proofs_are_written(cayley, certificate, tmp_path) -> None:
    pytest.importorskip("pysat.solvers")
    assert cayley("check", certificate, "--format", "drat").status == 2
    found = cayley("check", certificate, "--format", "drat", "-o", tmp_path / "proof")
    assert found.status == 0
    assert found.out.count("wrote ") == 2
    header = next(
        line
        for line in (tmp_path / "proof-1.cnf").read_text(encoding="utf-8").splitlines()
        if line.startswith("p cnf ")
    )
    assert int(header.split()[2]) > 27
    assert (tmp_path / "proof-1.drat").read_text(encoding="utf-8").endswith("0\n")


def test_what_is_no_certificate_is_one_message(cayley, tmp_path) -> None:
    path = tmp_path / "text.json"
    path.write_text("[", encoding="utf-8")
    found = cayley("check", path)
    assert found.status == 2
    assert cayley("check").status == 2
