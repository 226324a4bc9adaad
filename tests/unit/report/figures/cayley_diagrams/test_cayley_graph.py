import re

import numpy as np
import pytest
from tests.unit.report.figures.pictures import (
    HOSTILE,
    assert_inside,
    assert_labels_apart,
    labels,
    nodes,
    parsed,
    said,
    with_data,
)

from cayley.algebra import Group, generated_submagma
from cayley.completion import solve
from cayley.report.figures.cayley_diagrams._cayley_graph import cayley_graph_layout, cayley_picture
from cayley.report.figures.cayley_diagrams._plain_generators import plain_generators
from cayley.report.figures.cayley_diagrams._polyhedral_layout import crossings, polyhedral_layout
from cayley.report.figures.drawing._marks import Path, label_box
from cayley.tables import Table, generate_family, isotope

NAMES = ["C1", "C2", "S3", "C12", "D12", "Q8", "A4", "S4", "C4xC4", "C2xC2xC2", "SL(2,3)", "21:1",
         "C3xS3", "C2xD12", "C2xC2xC2xC2", "C2xS4", "A5"]  # fmt: skip


# Labels of these are long and stand beside the nodes; those of isotopes are short.
ISOTOPES = ["isotope of S4", "isotope of C3xS3"]


@pytest.fixture(scope="module", params=[*NAMES, *ISOTOPES, "mixed S4"])
def solved(request):
    table = generate_family(request.param.split()[-1])
    if request.param in ISOTOPES:
        return solve(isotope(table, seed=3))
    if request.param == "mixed S4":  # symbols in another order than rows: places are no elements
        array = (5 * table.array + 7) % 24
        symbols = [""] * 24
        for i, label in enumerate(table.symbols):
            symbols[(5 * i + 7) % 24] = label
        table = Table(rows=table.rows, columns=table.columns, symbols=symbols, array=array)
    return solve(table)


@pytest.fixture(scope="module")
def picture(solved):
    return cayley_picture(solved)


def arrows(picture):
    """The lines of the arrows, without their heads."""
    return [m for m in with_data(picture, "from", "to", kind=Path) if m.style.fill == "none"]


def points(path, step=2.5):
    """Points along the line of an arrow."""
    numbers = [float(x) for x in re.findall(r"-?\d+\.?\d*", path.d)]
    ends = np.array(numbers).reshape(-1, 2)
    a, b, c = ends if len(ends) == 3 else (ends[0], ends.mean(axis=0), ends[1])
    t = np.linspace(0, 1, 2 + int(np.linalg.norm(c - a) / step))[:, None]
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c


def test_arrows_multiply_by_their_generators(solved, picture) -> None:
    group, symbols = solved.isotopism.group, solved.isotopism.symbols
    element = symbols.tolist()
    seen = set()
    for arrow in arrows(picture):
        g, h, s = (element[arrow.data[name]] for name in ("from", "to", "generator"))
        assert group.table[g, s] == h
        seen.add((g, s))
        if group.element_orders[s] == 2:
            seen.add((h, s))
    chosen = {s for _, s in seen}
    assert seen == {(g, s) for g in range(group.order) for s in chosen}
    assert len(generated_submagma(group.table, [group.identity, *chosen])) == group.order


def test_heads_are_drawn_only_where_an_arrow_has_a_direction(solved, picture) -> None:
    orders = solved.isotopism.group.element_orders[solved.isotopism.symbols]
    heads = [m for m in with_data(picture, "from", kind=Path) if m.style.fill != "none"]
    assert all(orders[m.data["generator"]] > 2 for m in heads)
    assert len(heads) == sum(orders[m.data["generator"]] > 2 for m in arrows(picture))


def test_nodes_are_apart(solved, picture) -> None:
    found = nodes(picture)
    assert sorted(found) == list(range(len(solved.table.symbols)))
    at = np.array([(m.x, m.y) for m in found.values()])
    radius = next(iter(found.values())).radius
    gaps = np.linalg.norm(at[:, None] - at[None], axis=-1) + 999 * np.eye(len(at))
    assert gaps.min() > 2.5 * radius


def test_arrows_pass_no_other_node(solved, picture) -> None:
    found = nodes(picture)
    passing = 0
    for arrow in arrows(picture):
        path = points(arrow)
        for i, node in found.items():
            if i not in (arrow.data["from"], arrow.data["to"]):
                gap = np.linalg.norm(path - (node.x, node.y), axis=1).min()
                passing += gap < node.radius
    # Where there are many, an arrow may have to touch the rim of one.
    assert passing <= (0 if len(found) <= 24 else 0.02 * len(arrows(picture)))


def test_no_arrow_lies_on_another(solved, picture) -> None:
    lines = [points(arrow) for arrow in arrows(picture)]
    for i, line in enumerate(lines):
        # The ends of two arrows meet at a node; their middles must not lie on each other.
        middle = line[len(line) // 5 : -(len(line) // 5) or None]
        for other in lines[:i]:
            gaps = np.linalg.norm(middle[:, None] - other[None], axis=-1).min(axis=1)
            assert (gaps < 2.5).mean() < 0.5


def test_labels_are_apart_from_each_other_and_from_nodes(solved, picture) -> None:
    assert_labels_apart(picture)
    assert_inside(picture)
    for label in labels(picture):
        if "element" not in label.data:  # inside a node, or in the key
            continue
        box = np.array(label_box(label))
        for node in nodes(picture).values():
            near = np.clip((node.x, node.y), box[:2], box[2:])
            assert np.hypot(*(near - (node.x, node.y))) >= node.radius
    for symbol in solved.table.symbols:
        assert symbol in said(picture)


@pytest.mark.parametrize("name", ["A4", "S4", "A5", "C2xC2xC2", "D12", "S3"])
def test_groups_of_solids_are_drawn_without_crossings(name) -> None:
    group = Group.from_table(generate_family(name).array)
    chosen = plain_generators(group)
    edges = {tuple(sorted((g, int(h)))) for s in chosen for g, h in enumerate(group.table[:, s])}
    assert crossings(cayley_graph_layout(group, chosen), np.array(sorted(edges))) == 0


@pytest.mark.parametrize(
    ("name", "orders"), [("A4", (3, 3)), ("S4", (3, 4)), ("C2xA4", (6, 3)), ("A5", (5, 3))]
)
def test_a_polyhedron_is_never_drawn_with_crossings(name, orders) -> None:
    """Other generators: either nothing crosses, or another layout is taken."""
    group = Group.from_table(generate_family(name).array)
    a, b = next(
        (a, b)
        for a in np.flatnonzero(group.element_orders == orders[0]).tolist()
        for b in np.flatnonzero(group.element_orders == orders[1]).tolist()
        if len(generated_submagma(group.table, [group.identity, a, b])) == group.order
    )
    places = polyhedral_layout(group, [a, b])
    if places is not None:
        edges = {
            tuple(sorted((g, int(h)))) for s in (a, b) for g, h in enumerate(group.table[:, s])
        }
        assert crossings(places, np.array(sorted(edges))) == 0


@pytest.mark.parametrize("name", ["Q8", "Q16", "D12", "C12xC2", "21:1"])
def test_arrows_between_rings_are_alike(name) -> None:
    """Those of the second generator come in few lengths: the picture is the same all around."""
    group = Group.from_table(generate_family(name).array)
    a, b = plain_generators(group)
    places = cayley_graph_layout(group, (a, b))
    lengths = np.linalg.norm(places[group.table[:, b]] - places, axis=1).round(6)
    rings = group.order // int(group.element_orders[a])
    assert len(set(lengths.tolist())) <= max(1, rings * (rings - 1) // 2)


def test_dihedral_groups_and_quaternions_are_two_rings() -> None:
    for name in ("D12", "Q8", "Q16", "C2xC6"):
        group = Group.from_table(generate_family(name).array)
        places = cayley_graph_layout(group, plain_generators(group))
        radii = np.linalg.norm(places, axis=1).round(6)
        assert sorted(set(radii.tolist())) == [0.5, 1.0]


def test_crossings_are_counted() -> None:
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    assert crossings(square, np.array([[0, 1], [1, 2], [2, 3], [0, 3]])) == 0
    assert crossings(square, np.array([[0, 2], [1, 3], [0, 1]])) == 1


def test_arrows_with_the_same_ends_part() -> None:
    """With both 1 and 3 of C4 each pair of neighbors has two arrows, and none lies on another."""
    solution = solve(generate_family("C4"))
    picture = cayley_picture(solution, generators=["1", "3"])
    lines = [points(arrow) for arrow in arrows(picture)]
    assert len(lines) == 8
    for i, line in enumerate(lines):
        middle = line[len(line) // 4 : -len(line) // 4]
        for other in lines[:i]:
            gaps = np.linalg.norm(middle[:, None] - other[None], axis=-1).min(axis=1)
            assert gaps.max() > 5


@pytest.mark.parametrize("name", [pytest.param("S5", marks=pytest.mark.slow), "C10xC12", "C2xA5"])
def test_order_120_shows_its_structure(name) -> None:
    """Cosets of the first generator are round: their elements are nearer than most others."""
    solution = solve(generate_family(name))
    picture = cayley_picture(solution)
    assert len(nodes(picture)) == 120
    assert_labels_apart(picture)
    for symbol in solution.table.symbols:
        assert symbol in said(picture)


def test_hostile_labels_are_text() -> None:
    solution = solve(Table.from_array(generate_family("S3").array, labels=HOSTILE))
    picture = cayley_picture(solution)
    parsed(picture)
    assert_labels_apart(picture)
    assert_inside(picture)


def test_large_groups_and_others_are_refused() -> None:
    with pytest.raises(ValueError, match="order 240 is too large"):
        cayley_picture(solve(generate_family("C240")))
    with pytest.raises(ValueError, match="there is no Cayley graph"):
        cayley_picture(solve(generate_family("mod5:a^2+ab+b^2"), solver="exact"))


@pytest.mark.parametrize("name", ["C1", "C12", "S4", "Q8", "C2xC2xC2xC2", "C2xD12", "A4xC4"])
def test_generators_are_few_and_generate(name) -> None:
    group = Group.from_table(generate_family(name).array)
    chosen = plain_generators(group)
    assert len(generated_submagma(group.table, [group.identity, *chosen])) == group.order
    assert len(chosen) <= len(group.generators)
