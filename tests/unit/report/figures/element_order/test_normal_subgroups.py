import numpy as np
import pytest
from tests.unit.report.figures.diagram_checks import assert_labels_apart, assert_nodes_apart

from cayley.algebra import Group, subgroup_lattice
from cayley.report import draw_normal_subgroups
from cayley.report.figures.element_order._normal_subgroups import normal_subgroups
from cayley.report.figures.hasse_diagrams._drawn_lattice import lattice_of_normal_subgroups
from cayley.report.figures.hasse_diagrams._subgroup_lattice import normal_subgroups_picture
from cayley.tables import generate_family

GROUPS = ["C1", "S4", "D12", "Q8", "C12", "A5", "C2xC2xC2"]


@pytest.mark.parametrize("name", GROUPS)
def test_they_are_as_many_as_the_lattice_counts(name) -> None:
    group = Group.from_table(generate_family(name).array)
    found = normal_subgroups(group)
    assert len(found) == subgroup_lattice(group).num_normal
    for mask in found:  # closed under conjugation by every element
        members = np.flatnonzero(mask)
        for g in range(group.order):
            moved = group.table[group.table[group.inverses[g], members], g]
            assert mask[moved].all()


@pytest.mark.parametrize("name", GROUPS)
def test_edges_are_the_covering_relation(name) -> None:
    lattice = lattice_of_normal_subgroups(Group.from_table(generate_family(name).array))
    sets = [frozenset(np.flatnonzero(mask).tolist()) for mask in lattice.masks]
    pairs = [(i, j) for i, a in enumerate(sets) for j, b in enumerate(sets) if a < b]
    assert set(lattice.edges) == {
        (i, j) for i, j in pairs if not any(sets[i] < s < sets[j] for s in sets)
    }


@pytest.mark.parametrize("name", GROUPS)
def test_pictures(name) -> None:
    picture = normal_subgroups_picture(generate_family(name))
    assert_labels_apart(picture)
    assert_nodes_apart(picture)
    assert picture.key == ()


def test_too_many_are_refused() -> None:
    with pytest.raises(ValueError, match="too many to draw"):
        draw_normal_subgroups(generate_family("C2xC2xC2xC2xC2"))
