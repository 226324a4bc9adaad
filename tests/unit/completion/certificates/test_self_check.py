"""What is called proved has passed the checker; a proof that it refuses is said to be refused."""

import dataclasses

import numpy as np
import pytest

from cayley import solve
from cayley.completion import Solution
from cayley.completion._findings import Provenance
from cayley.completion.certificates import _claims
from cayley.completion.certificates._self_check import self_checked
from cayley.completion.solution._from_document import solution_from_document
from cayley.tables import Table, generate_family, isotope, mask

TABLES = {
    "group": (lambda: mask(generate_family("S3"), observe=0.6, seed=0), "group"),
    "isotope": (lambda: mask(isotope(generate_family("C5"), seed=1), observe=0.7, seed=0), "auto"),
    "loop": (lambda: Table.from_array([[0, 1, 2], [1, 2, -1], [2, -1, -1]]), "loop"),
    "several": (lambda: Table.from_array([[0, -1, -1, -1], *[[-1] * 4] * 3]), "group"),
    "no group": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "group"),
    "full": (lambda: generate_family("S3"), "auto"),
    "homotope": (lambda: Table.from_array([[0, 1, 1], [1, -1, 0], [-1, 0, 0]]), "homotope"),
}


def solved(name, **options):
    make, assume = TABLES[name]
    return solve(make(), assume=assume, solver="exact", **options)


@pytest.mark.parametrize("name", TABLES)
def test_a_check_changes_nothing_where_the_proof_is_right(name):
    plain, checked = solved(name, check=False), solved(name, check=True)
    assert plain.checked is None
    assert checked.checked is True
    for field in dataclasses.fields(Solution):
        if field.name in ("status", "unique", "proved", "notes", "num_completions", "refuted"):
            assert getattr(plain, field.name) == getattr(checked, field.name), field.name
    assert (plain.provenance == checked.provenance).all()
    assert plain.verdict == checked.verdict
    assert {**plain.to_document(), "seconds": 0} == {**checked.to_document(), "seconds": 0}


def spoiled(make):
    """Change what makes a proof: its last line is left out, or one cell of a table changed."""

    def made(*arguments, **options):
        claim = make(*arguments, **options)
        if "proof" in claim:
            return claim | {"proof": claim["proof"][:-1]}
        tables = np.array(claim["tables"])
        tables[0, -1, -1] = (tables[0, -1, -1] + 1) % len(tables[0])
        return claim | {"tables": tables.tolist()}

    return made


@pytest.mark.parametrize(
    ("name", "maker", "status"),
    [
        ("group", "forced_claim", "predicted"),
        ("isotope", "forced_claim", "predicted"),
        ("loop", "forced_claim", "predicted"),
        ("several", "not_unique_claim", "predicted"),
        ("no group", "inconsistent_claim", "unresolved"),
    ],
)
def test_what_the_checker_refuses_is_not_called_proved(name, maker, status, monkeypatch):
    monkeypatch.setattr(_claims, maker, spoiled(getattr(_claims, maker)))
    solution = solved(name, check=True)
    assert solution.status == status
    assert solution.checked is False
    assert (solution.unique, solution.proved) == ("unknown", False)
    assert solution.counts["forced"] == 0
    assert not solution.possible
    assert solution.num_completions is None
    assert solution.verdict.startswith("Nothing is proved here. The checker refuses the proof")
    assert "error of cayley: " in solution.notes[-1]
    assert not any(str(each.structure) == "group" for each in solution.refuted)
    document = solution.to_document()
    assert document["unique"] == "unknown"
    assert solution_from_document(document).verdict == solution.verdict


def test_a_refused_proof_is_said_at_the_command_line(monkeypatch, tmp_path):
    from typer.testing import CliRunner

    from cayley.cli._app import app

    monkeypatch.setattr(_claims, "forced_claim", spoiled(_claims.forced_claim))
    path = tmp_path / "table.csv"
    path.write_text("*,e,a,b\ne,e,a,b\na,a,b,\nb,b,,\n", encoding="utf-8")
    arguments = ["complete", str(path), "--assume", "group", "--quiet"]
    done = CliRunner().invoke(app, [*arguments, "--check"])
    assert done.exit_code == 3
    assert "Nothing is proved here. The checker refuses" in done.stdout
    done = CliRunner().invoke(app, [*arguments, "--no-check"])
    assert done.exit_code == 0


def test_without_a_wish_only_so_much_is_begun_as_is_not_noticed_or_a_part_of_the_search(
    monkeypatch,
):
    solution = solved("group", check=False)
    assert self_checked(solution, seconds=5.0, share=0.0).checked is True
    monkeypatch.setattr("cayley.completion.certificates._self_check._UNNOTICED", 0.0)
    assert self_checked(solution, seconds=5.0, share=1e-3).checked is None
    assert self_checked(solution, seconds=5.0, share=5.0).checked is True
    assert solved("group", check=5.0).checked is True
    monkeypatch.setattr("cayley.completion._pipeline.SHARE_OF_SEARCH", 0.0)
    assert solved("group").checked is None


def test_by_default_small_tables_are_checked_whatever_the_search_took(monkeypatch):
    monkeypatch.setattr("cayley.completion._pipeline.SHARE_OF_SEARCH", 0.0)
    for name in TABLES:
        assert solved(name).checked is True, name
    larger = mask(generate_family("C60"), observe=0.3, seed=0)
    assert solve(larger, assume="group").checked is None


def test_what_was_proved_for_the_check_is_not_proved_again_for_the_certificate(monkeypatch):
    solution, plain = solved("isotope", check=True), solved("isotope", check=False)
    expected = plain.certificate
    monkeypatch.setattr(_claims, "forced_claim", None)  # calling it would fail
    assert solution.certificate == expected
    # What does not belong to the table any more is refused, as any other claim is.
    other = dataclasses.replace(plain, _proofs=({"claim": "group"},))
    assert other.certificate is None or {"claim": "group"} not in other.certificate["claims"]


def test_a_proof_that_is_not_found_in_time_leaves_everything_as_it_was():
    solution = solved("group", check=False)
    assert self_checked(solution, seconds=0.0) is solution
    solution = solved("group", check=True, time_limit=1e-9)
    assert solution.checked is None


def test_bad_wishes_are_refused():
    with pytest.raises(ValueError, match="`check` must be True, False or seconds >= 0"):
        solve([[0, 1], [1, -1]], check=-1.0)


def test_an_interrupted_check_shows_what_was_found(monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(_claims, "forced_claim", interrupted)
    solution = solved("group", check=True)
    assert (solution.status, solution.interrupted, solution.checked) == ("solved", True, None)


def test_provenance_is_not_shared_with_the_solution_that_was_refused(monkeypatch):
    solution = solved("group", check=False)
    monkeypatch.setattr(_claims, "forced_claim", spoiled(_claims.forced_claim))
    refused = self_checked(solution, seconds=5.0)
    assert Provenance.FORCED in solution.provenance
    assert Provenance.FORCED not in refused.provenance
    assert not refused.provenance.flags.writeable
