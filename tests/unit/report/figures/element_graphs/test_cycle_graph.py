import itertools

import numpy as np
import pytest
from tests.unit.report.figures.diagram_checks import (
    HOSTILE,
    assert_labels_apart,
    assert_nodes_apart,
    assert_well_formed,
    elements_shown,
    with_holes,
)

from cayley.algebra import Group
from cayley.completion import solve
from cayley.report.figures.drawing._marks import Path
from cayley.report.figures.element_graphs._cycle_bundles import cycle_bundles
from cayley.report.figures.element_graphs._cycle_graph import cycle_graph_picture
from cayley.report.figures.element_graphs._cycle_layout import cycle_layout
from cayley.tables import Table, generate_family

GROUPS = ["C1", "C2", "C12", "S3", "Q8", "D16", "C4xC2", "C6xC2", "A4", "C4xC4", "Dic24", "S4"]


def cyclic(table) -> set[frozenset[int]]:
    """Return all cyclic subgroups by multiplying on."""
    found = set()
    for x in range(len(table)):
        members, y = {x}, x
        while (y := int(table[y, x])) != x:
            members.add(y)
        found.add(frozenset(members))
    return found


@pytest.mark.parametrize("name", GROUPS)
def test_cycles_are_the_maximal_cyclic_subgroups(name) -> None:
    table = generate_family(name)
    drawing = cycle_graph_picture(table)
    every = cyclic(table.array)
    maximal = {c for c in every if not any(c < other for other in every)} if name != "C1" else set()
    curves = [mark for mark in drawing.marks if isinstance(mark, Path)]
    shown = {frozenset(map(int, mark.data["elements"].split())) for mark in curves}
    assert shown == maximal
    assert len(curves) == len(maximal)
    assert elements_shown(drawing) == dict.fromkeys(range(table.order), 1)


@pytest.mark.parametrize("name", GROUPS[1:])
def test_neighbors_on_a_curve_differ_by_its_generator(name) -> None:
    group = Group.from_table(generate_family(name))
    bundles = cycle_bundles(group)
    for cycles in bundles:
        for cycle in cycles:
            assert cycle[-1] == group.identity
            for x, y in itertools.pairwise(cycle):
                assert group.table[x, cycle[0]] == y
    members = [set().union(*cycles) - {group.identity} for cycles in bundles]
    assert not any(a & b for a, b in itertools.combinations(members, 2))


@pytest.mark.parametrize("name", ["Q8", "C6xC2", "Dic24", "C12xC2", "C4xC4"])
def test_shared_elements_have_one_phase(name) -> None:
    for cycles in cycle_bundles(Group.from_table(generate_family(name))):
        phases = [{x: (j + 1) / len(c) for j, x in enumerate(c)} for c in cycles]
        for one, other in itertools.combinations(phases, 2):
            assert all(one[x] == other[x] for x in one.keys() & other.keys())


@pytest.mark.parametrize("name", [*GROUPS, "C6xC6", "C2xS4", "D48", "C2xC2xC2xC2"])
def test_labels_and_nodes_are_apart(name) -> None:
    drawing = cycle_graph_picture(generate_family(name))
    assert_labels_apart(drawing)
    assert_nodes_apart(drawing)
    assert_well_formed(drawing)


def test_a_cyclic_group_is_a_regular_polygon() -> None:
    group = Group.from_table(generate_family("C12"))
    layout = cycle_layout(group, np.full((12, 2), 20.0))
    middle = layout.places.mean(axis=0)
    assert np.ptp(np.linalg.norm(layout.places - middle, axis=1)) < 1e-9
    ordered = layout.places[list(layout.cycles[0].elements)]
    sides = np.linalg.norm(ordered - np.roll(ordered, 1, axis=0), axis=1)
    assert np.ptp(sides) < 1e-9


@pytest.mark.parametrize("name", ["S4", "D16", "A4"])
def test_no_mark_covers_the_curve_of_another_bundle(name) -> None:
    group = Group.from_table(generate_family(name))
    sizes = np.tile([40.0, 22.0], (group.order, 1))
    layout = cycle_layout(group, sizes)
    for cycle in layout.cycles:
        on = {x for c in layout.cycles if c.bundle == cycle.bundle for x in c.elements}
        places = layout.places[[cycle.elements[-1], *cycle.elements]]
        for k, (p, q) in enumerate(itertools.pairwise(places)):
            control = [p, p + cycle.tangents[k] / 3, q - cycle.tangents[k + 1] / 3, q]
            for t in np.linspace(0, 1, 20):
                weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]
                point = np.array(weights) @ np.array(control)
                for x in set(range(group.order)) - on:
                    inside = np.abs(point - layout.places[x]) < sizes[x] / 2
                    assert not inside.all()


def test_larger_groups_are_dots_with_hints() -> None:
    drawing = cycle_graph_picture(generate_family("A5"))
    assert elements_shown(drawing) == dict.fromkeys(range(60), 1)
    hints = {mark.hint for mark in drawing.marks}
    assert "(1 2 3 4 5), of order 5" in hints
    assert_nodes_apart(drawing)


def test_hostile_labels() -> None:
    drawing = cycle_graph_picture(
        solve(Table.from_array(generate_family("C9").array, labels=HOSTILE))
    )
    assert_well_formed(drawing)
    assert_labels_apart(drawing)
    assert any((mark.hint or "").startswith("x" * 200) for mark in drawing.marks)


def test_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="no cycle graph, since 2 cells of the table are still"):
        cycle_graph_picture(with_holes(generate_family("S3")))
    with pytest.raises(ValueError, match="order 121 is too large"):
        cycle_graph_picture(generate_family("C121"))
