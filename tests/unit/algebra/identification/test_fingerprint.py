import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.algebra import Group
from cayley.algebra.identification._fingerprint import fingerprint


def listed():
    data = resources.files("cayley.algebra.identification") / "data" / "group_fingerprints.jsonl"
    return [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]


def test_the_list_has_every_group_once_and_no_fingerprint_twice(small_groups):
    records = listed()
    keys = ("order", "id", "name")
    assert [[r[k] for k in keys] for r in records] == [[g[k] for k in keys] for g in small_groups]
    assert len(records) == 1048
    assert len({(r["order"], r["fingerprint"]) for r in records}) == 1048


@pytest.mark.parametrize(
    "step", [7, pytest.param(1, marks=pytest.mark.slow)], ids=["every seventh", "all"]
)
def test_the_list_is_what_the_groups_give(small_groups, step):
    chosen = small_groups[::step]
    found = [fingerprint(Group.from_permutations(g["generators"])) for g in chosen]
    assert found == [record["fingerprint"] for record in listed()[::step]]


@given(st.sampled_from([(8, 3), (12, 1), (27, 3), (32, 6), (64, 241), (64, 242)]), st.integers(0))
@settings(deadline=None, max_examples=40)
def test_fingerprints_do_not_depend_on_labels(tables, group_of, gap_id, seed):
    group = group_of(*gap_id)
    relabeled = tables.relabeled(group.table, np.random.default_rng(seed))
    assert fingerprint(Group.from_table(relabeled)) == fingerprint(group)
