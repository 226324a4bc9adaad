import itertools

import numpy as np
import pytest
from tests.unit.report.figures.diagram_checks import (
    HOSTILE,
    assert_labels_apart,
    assert_nodes_apart,
    assert_well_formed,
    with_holes,
)

from cayley.algebra import Group
from cayley.completion import solve
from cayley.report.figures.drawing._marks import Label, Path, Rectangle
from cayley.report.figures.hasse_diagrams._drawn_lattice import (
    lattice_of_classes,
    lattice_of_subgroups,
)
from cayley.report.figures.hasse_diagrams._subgroup_lattice import subgroup_lattice_picture
from cayley.tables import Table, generate_family

GROUPS = ["C1", "C12", "S3", "Q8", "D12", "C2xC2xC2", "A4", "Dic12"]


def all_subgroups(table) -> set[frozenset[int]]:
    """Find all subgroups by closing sets of at most three elements: enough up to order 12."""

    def closure(members):
        found = set(members)
        while True:
            more = {int(table[a, b]) for a in found for b in found} | found
            if more == found:
                return frozenset(found)
            found = more

    n = len(table)
    e = next(x for x in range(n) if table[x, x] == x)
    sets = itertools.chain.from_iterable(itertools.combinations(range(n), k) for k in range(4))
    return {closure({e, *chosen}) for chosen in sets}


def group_of(name) -> Group:
    return Group.from_table(generate_family(name))


@pytest.mark.parametrize("name", GROUPS)
def test_edges_are_the_covering_relation(name) -> None:
    group = group_of(name)
    found = lattice_of_subgroups(group)
    sets = [frozenset(np.flatnonzero(mask).tolist()) for mask in found.masks]
    assert set(sets) == all_subgroups(group.table)
    assert len(sets) == len(set(sets))
    covering = {
        (i, j)
        for i, j in itertools.permutations(range(len(sets)), 2)
        if sets[i] < sets[j] and not any(sets[i] < between < sets[j] for between in sets)
    }
    assert set(found.edges) == covering


@pytest.mark.parametrize("name", GROUPS)
def test_classes_are_those_of_conjugate_subgroups(name) -> None:
    group = group_of(name)
    found = lattice_of_subgroups(group)
    for i, members in enumerate(found.masks):
        conjugates = set()
        for g in range(group.order):
            images = group.table[group.table[group.inverses[g], np.flatnonzero(members)], g]
            conjugates.add(frozenset(images.tolist()))
        same = {
            frozenset(np.flatnonzero(other).tolist())
            for other, label in zip(found.masks, found.classes, strict=True)
            if label == found.classes[i]
        }
        assert conjugates == same
        assert found.sizes[i] == len(same)


@pytest.mark.parametrize("name", ["S3", "D12", "A4", "S4"])
def test_the_lattice_of_classes_is_that_of_subgroups_folded(name) -> None:
    group = group_of(name)
    whole, folded = lattice_of_subgroups(group), lattice_of_classes(group)
    # Classes are numbered differently: they are compared by one of their members.
    place = {mask.tobytes(): label for mask, label in zip(whole.masks, whole.classes, strict=True)}
    number = [place[mask.tobytes()] for mask in folded.masks]
    edges = {(number[i], number[j]) for i, j in folded.edges}
    assert edges == {(whole.classes[i], whole.classes[j]) for i, j in whole.edges}


def nodes_of(drawing) -> list[Rectangle]:
    return [m for m in drawing.marks if isinstance(m, Rectangle) and "subgroup" in m.data]


@pytest.mark.parametrize("name", [*GROUPS, "S4", "C2xC2xC2xC2", "S5"])
def test_pictures_have_nodes_and_labels_apart(name) -> None:
    drawing = subgroup_lattice_picture(generate_family(name))
    assert_labels_apart(drawing)
    assert_nodes_apart(drawing)
    assert_well_formed(drawing)


@pytest.mark.parametrize("name", ["D12", "S4", "D24", "A5"])
def test_edges_pass_no_node_that_they_do_not_join(name) -> None:
    drawing = subgroup_lattice_picture(generate_family(name))
    nodes = nodes_of(drawing)
    boxes = np.array([(m.x, m.y, m.x + m.width, m.y + m.height) for m in nodes])
    numbers = np.array([mark.data["subgroup"] for mark in nodes])
    for edge in (m for m in drawing.marks if isinstance(m, Path)):
        # Corners are rounded by less than their distance from nodes: lines through all points.
        values = np.array(edge.d[1:].replace("L", " ").replace("Q", " ").split(), float)
        corners = values.reshape(-1, 2)
        t = np.linspace(0, 1, 60)[:, None]
        points = np.concatenate([a + (b - a) * t for a, b in itertools.pairwise(corners)])
        others = boxes[(numbers != edge.data["from"]) & (numbers != edge.data["to"])]
        x, y = points[:, :1], points[:, 1:]
        inside = (x > others[:, 0]) & (x < others[:, 2]) & (y > others[:, 1]) & (y < others[:, 3])
        assert not inside.any(), edge.data


def test_nodes_say_what_they_are_where_symbols_have_another_order() -> None:
    s3 = generate_family("S3")
    order = [4, 2, 0, 5, 1, 3]
    labels = [s3.rows[i] for i in order]
    table = Table(
        rows=s3.rows, columns=s3.columns, symbols=labels, array=np.argsort(order)[s3.array]
    )
    drawing = subgroup_lattice_picture(table)
    found = {
        frozenset(labels[int(x)] for x in mark.data["elements"].split())
        for mark in nodes_of(drawing)
    }
    assert found == {frozenset(s3.rows[x] for x in members) for members in all_subgroups(s3.array)}
    frames = [m for m in drawing.marks if isinstance(m, Rectangle) and "subgroup" not in m.data]
    assert [frame.hint for frame in frames] == ["3 conjugate subgroups"]
    names = [m.text for m in drawing.marks if isinstance(m, Label) and "subgroup" in m.data]
    assert sorted(names) == ["1", "C2", "C2", "C2", "C3", "S3"]
    assert [m.style.width > 2 for m in nodes_of(drawing)].count(True) == 3  # normal ones


def test_hostile_labels_are_hints_only() -> None:
    table = Table.from_array(generate_family("C9").array, labels=HOSTILE)
    assert_well_formed(subgroup_lattice_picture(solve(table)))


def test_says_what_is_missing() -> None:
    with pytest.raises(
        ValueError, match="no subgroup lattice, since 2 cells of the table are still"
    ):
        subgroup_lattice_picture(with_holes(generate_family("S3")))
    magma = solve(generate_family("mod5:a^2+ab+b^2"), solver="exact")
    with pytest.raises(ValueError, match="no subgroup lattice, since no group was found"):
        subgroup_lattice_picture(magma)
    with pytest.raises(ValueError, match="374 classes of subgroups; the limit is 120"):
        subgroup_lattice_picture(generate_family("C2xC2xC2xC2xC2"))
    with pytest.raises(ValueError, match="order 210 is too large"):
        subgroup_lattice_picture(generate_family("C210"))
