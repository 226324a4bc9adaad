"""What the commands print follows the schemas that the documentation has as files."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from cayley import read_table, solve
from cayley.cli._app import app
from cayley.completion import inspect_table
from cayley.completion.inspection._inspection import with_laws, with_other
from cayley.completion.inspection._partial_inspection import inspect_partial
from cayley.discovery import Transitions, discover, read_observations
from cayley.discovery._automaton import automaton_monoids
from cayley.experiments import run_suite
from cayley.experiments._runner import to_document
from cayley.experiments._suite import SUITES, load_suite
from cayley.interpretation import explain
from cayley.next_cell._next_cells import advise
from cayley.tables import Table, add_noise, generate_family, isotope, mask

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
TABLES = Path(__file__).parents[2] / "examples" / "tables"
ACTIONS = TABLES.parent / "actions"


def validate(document, name):
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(document, allow_nan=False)), schema)


def noisy():
    return add_noise(generate_family("D12"), noise=0.03, seed=0)


PARTIAL = {
    "forced": lambda: read_table(TABLES / "c3v_partial.csv"),
    "isotope": lambda: read_table(TABLES / "subtraction_mod11_isotope.csv"),
    "wrong entries": noisy,
    "not unique": lambda: mask(generate_family("C7"), observe=0.12, seed=0),
    "no group": lambda: mask(generate_family("mod5:a^2+b^2"), observe=0.9, seed=0),
}


@pytest.mark.parametrize("name", PARTIAL)
def test_solutions_follow_their_schema(name):
    validate(solve(PARTIAL[name](), restarts=1).to_document(), "solution-1")


@pytest.mark.parametrize("name", PARTIAL)
def test_certificates_follow_their_schema(name):
    made = solve(PARTIAL[name](), restarts=1).certificate
    if made is not None:
        validate(made, "certificate-1")
    assert name == "no group" or made is not None


OR = [[0, 1], [1, -1]]
MEET = [[0, 1, 2, 3], [1, 1, -1, -1], [2, -1, 2, -1], [3, -1, -1, 3]]
THEORIES = {
    "earned": ([[max(a, b) for b in range(12)] for a in range(11)] + [[-1] * 12], "auto"),
    "rivals": (OR, "auto"),
    "given": (OR, "band"),
    "identities": (OR, "x*x = x; x*y = y*x"),
    "open": (MEET, "semilattice"),
    "refuted": (MEET, "Moufang loop"),
    "nothing assumed": (OR, "none"),
}
EXPECTED = {
    "earned": ("solved", "earned"),
    "rivals": ("predicted", "supposed"),
    "given": ("solved", "given"),
    "identities": ("solved", "given"),
    "open": ("unresolved", "given"),
    "refuted": ("inconsistent", "given"),
}


@pytest.mark.parametrize("name", THEORIES)
def test_solutions_under_theories_follow_the_same_schema(name):
    table, assume = THEORIES[name]
    document = solve(Table.from_array(table), assume=assume).to_document()
    validate(document, "solution-1")
    theory = document["theory"]
    found = document["status"], theory and theory["standing"]
    assert found == EXPECTED.get(name, ("predicted", None))
    assert bool(document["rivals"]) == (name == "rivals")
    assert bool(document["possible"]) == (name == "open")
    assert bool(document["refuted"]) == (name in {"earned", "refuted"})


def test_what_the_command_prints_says_how_the_file_was_read(tmp_path):
    (tmp_path / "or.csv").write_text(",0,1\n0,0,1\n1,1,?\n")
    ran = CliRunner().invoke(app, ["complete", str(tmp_path / "or.csv"), "--json"])
    document = json.loads(ran.stdout)
    validate(document, "solution-1")
    assert document["reading"]["unknown"] == [{"marker": "?", "cells": 1}]


@pytest.mark.parametrize(
    "change", [{"standing": "believed"}, {"laws": [{"law": "x = x"}]}, {"log10_chance": "small"}]
)
def test_a_theory_that_breaks_the_schema_is_seen(change):
    document = solve(Table.from_array(OR), assume="band").to_document()
    document["theory"] |= change
    with pytest.raises(jsonschema.ValidationError):
        validate(document, "solution-1")


FULL = {
    "group": lambda: generate_family("Q8"),
    "isotope": lambda: isotope(generate_family("A4"), seed=0),
    "magma": lambda: generate_family("mod5:a^2+b^2"),
    "trivial": lambda: generate_family("C1"),
    "monoid": lambda: generate_family("mod6:ab"),
    "quandle": lambda: generate_family("S3:aba^-1"),
    "Latin quandle": lambda: Table.from_array([[0, 2, 1], [2, 1, 0], [1, 0, 2]]),
    "semilattice": lambda: Table.from_array([[0, 0, 0], [0, 1, 0], [0, 0, 2]]),
}


@pytest.mark.parametrize("name", FULL)
def test_inspections_follow_their_schema(name):
    found = inspect_table(FULL[name]())
    validate(found.to_document(), "inspection-1")
    document = with_laws(found).to_document()
    assert ("laws" in document) == found.table.has_one_alphabet
    validate(document, "inspection-1")


def test_two_operations_follow_their_schema():
    found = with_other(inspect_table(generate_family("mod6:ab")), generate_family("mod6:a+b"))
    document = found.to_document()
    assert document["two_operations"]["sum"] == "second"
    validate(document, "inspection-1")


@pytest.mark.parametrize("name", ["forced", "not unique", "no group"])
def test_inspections_of_partial_tables_follow_the_same_schema(name):
    validate(inspect_partial(PARTIAL[name](), seconds=1.0).to_document(), "inspection-1")


@pytest.mark.parametrize("name", ["triads", "ammonia_vectors"])
def test_discoveries_follow_their_schema(name):
    found = discover(read_observations(ACTIONS / f"{name}.csv"))
    validate(found.to_document(), "discovery-1")


@pytest.mark.parametrize("language", [{}, {"start": "p", "accepting": ["q"]}])
def test_automata_follow_their_schema(language):
    rows = [("p", "a", "q"), ("q", "a", "q"), ("p", "b", "p"), ("q", "b", "q")]
    document = automaton_monoids(Transitions.from_labels(rows), **language).to_document()
    validate(document, "automaton-1")
    validate(document["transition_monoid"]["inspection"], "inspection-1")


@pytest.mark.parametrize("assume", ["auto", "group", "semilattice", "none"])
def test_questions_follow_their_schema(assume):
    advice = advise(Table.from_array(OR), assume=assume, count=2)
    validate(advice.to_document(), "next-1")
    noisy_advice = advise(Table.from_array(OR), assume="group", wrong_rate=0.1)
    validate(noisy_advice.to_document(), "next-1")
    assert noisy_advice.posterior


def explained(name):
    table = generate_family(name)
    logits = np.eye(table.order)[table.array]
    neurons = np.maximum(np.eye(table.order)[:, None] + np.eye(table.order) - 1, -0.5)
    return explain({"logits": logits, "left": np.arange(table.order)[:, None], "neurons": neurons})


@pytest.mark.parametrize("name", ["S3", "C5", "mod5:a^2+b^2"])
def test_explanations_follow_their_schema(name):
    document = explained(name).to_document()
    validate(document, "explanation-1")
    assert (document["group"] is None) == (name == "mod5:a^2+b^2")


def test_benchmarks_follow_their_schema():
    suite = load_suite("groups")
    records = list(run_suite(suite, cases=["S3@0.8"], methods=["exact"], seeds=range(2)))
    validate(to_document("groups", records), "bench-1")


def test_a_document_that_breaks_the_schema_is_seen():
    document = solve(PARTIAL["forced"]()).to_document() | {"status": "done"}
    with pytest.raises(jsonschema.ValidationError, match="'done' is not one of"):
        validate(document, "solution-1")


def test_every_suite_is_documented_by_name():
    page = (SCHEMAS.parent / "benchmarks.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in SUITES)
