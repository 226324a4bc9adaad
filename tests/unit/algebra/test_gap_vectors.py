"""What GAP says, from the file that `scripts/generate_gap_vectors.py` wrote."""

import json
from pathlib import Path

import pytest

from cayley.algebra import (
    Group,
    abelian_invariants,
    center,
    character_table,
    derived_series,
    identify,
    is_simple,
    lower_central_series,
    subgroup_lattice,
)

DATA = Path(__file__).resolve().parents[2] / "data/gap/groups.json"
GROUPS = json.loads(DATA.read_text(encoding="utf-8"))["groups"]
IDS = [f"{v['order']}-{v['id']}" for v in GROUPS]


@pytest.fixture(scope="module")
def group_of_vector():
    memory = {}

    def make(vector):
        key = vector["order"], vector["id"]
        if key not in memory:
            memory[key] = Group.from_permutations(vector["generators"])
        return memory[key]

    return make


@pytest.mark.parametrize("vector", GROUPS, ids=IDS)
def test_characters_and_indicators_are_those_of_gap(vector, group_of_vector):
    """Value by value, written as GAP writes them, whatever the order of rows and columns."""
    group = group_of_vector(vector)
    assert group.order == vector["order"]
    table = character_table(group)
    columns = table.classes.orders.tolist(), table.classes.sizes.tolist()
    found = sorted(
        [nu, sorted(map(list, zip(*columns, (v.to_gap() for v in table.row(i)), strict=True)))]
        for i, nu in enumerate(table.indicators)
    )
    assert found == vector["characters"]


@pytest.mark.parametrize("vector", GROUPS, ids=IDS)
def test_series_centre_and_invariants_are_those_of_gap(vector, group_of_vector):
    group = group_of_vector(vector)
    assert [len(s) for s in derived_series(group)] == vector["derived_series"]
    assert [len(s) for s in lower_central_series(group)] == vector["lower_central_series"]
    assert sorted(abelian_invariants(group)) == vector["abelian_invariants"]
    assert len(center(group)) == vector["center"]
    assert is_simple(group).holds == vector["simple"]


# Two groups of order above 300 take as long as all others together: one of them is enough.
@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(vector, id=name, marks=pytest.mark.slow if name == "336-208" else ())
        for vector, name in zip(GROUPS, IDS, strict=True)
    ],
)
def test_subgroups_are_as_many_as_in_gap(vector, group_of_vector):
    lattice = subgroup_lattice(group_of_vector(vector))
    if not lattice:
        assert vector["order"] > 400
        return
    counts = lattice.counts
    found = [counts["all"], counts["classes"], counts["normal"], counts["maximal"]]
    assert [*found, len(lattice.frattini)] == vector["subgroups"]


ALSO_CALLED = {
    "PSL(2,7)": "PSL(3,2)",
    "PGL(2,7)": "PSL(3,2) : C2",
    "((C25 x C5) : C4) : C2": "(C25 x C5) : (C4 x C2)",
}
"""Other names of GAP's for the same groups."""


@pytest.mark.parametrize("vector", GROUPS, ids=IDS)
def test_names_are_those_of_gap(vector, group_of_vector):
    found = identify(group_of_vector(vector))
    if vector["order"] <= 200:
        assert found.gap_id == (vector["order"], vector["id"])
    if found.name is not None:
        assert ALSO_CALLED.get(found.name, found.name) == vector["name"]
