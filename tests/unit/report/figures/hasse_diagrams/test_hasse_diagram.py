import math

import numpy as np
import pytest
from tests.oracles import semigroups
from tests.unit.report.figures.diagram_checks import (
    HOSTILE,
    assert_labels_apart,
    assert_nodes_apart,
    assert_well_formed,
    elements_shown,
    partial_bijections,
    transformations,
    with_holes,
)

from cayley.completion import solve
from cayley.report.figures.drawing._marks import Path, Rectangle
from cayley.report.figures.hasse_diagrams._hasse_diagram import hasse_diagram_picture
from cayley.report.figures.hasse_diagrams._natural_order import heights, natural_order
from cayley.tables import Table, generate_family


def edges_of(drawing) -> set[tuple[int, int]]:
    return {(m.data["from"], m.data["to"]) for m in drawing.marks if isinstance(m, Path)}


def reduction(below) -> set[tuple[int, int]]:
    """Return the transitive reduction of a partial order by leaving out what follows."""
    strict = {(a, b) for a, b in zip(*np.nonzero(below), strict=True) if a != b}
    return {
        (int(a), int(b))
        for a, b in strict
        if not any((a, c) in strict and (c, b) in strict for c in range(len(below)))
    }


DIVISORS = [d for d in range(1, 61) if 60 % d == 0]


@pytest.mark.parametrize(
    ("operation", "elements", "below"),
    [
        (math.gcd, DIVISORS, lambda a, b: b % a == 0),
        (math.lcm, DIVISORS, lambda a, b: b % a == 0),
        (min, list(range(7)), lambda a, b: a <= b),
        (max, list(range(7)), lambda a, b: a <= b),
        (lambda a, b: a & b, list(range(16)), lambda a, b: a & b == a),
        (lambda a, b: a | b, list(range(16)), lambda a, b: a & b == a),
    ],
    ids=["gcd", "lcm", "min", "max", "and", "or"],
)
def test_lines_are_the_transitive_reduction(operation, elements, below) -> None:
    table = Table.from_operation(operation, elements)
    drawing = hasse_diagram_picture(table)
    order = np.array([[below(a, b) for b in elements] for a in elements])
    assert edges_of(drawing) == reduction(order)
    assert elements_shown(drawing) == dict.fromkeys(range(len(elements)), 1)
    # Smaller numbers are below, whether they are meets or joins.
    y = {m.data["element"]: m.y for m in drawing.marks if isinstance(m, Rectangle) and m.data}
    assert all(y[a] > y[b] for a, b in reduction(order))
    joins = operation in (max, math.lcm) or "upper" in drawing.description
    assert ("least common upper bound" in drawing.description) == joins


def test_labels_that_are_no_numbers_have_products_below() -> None:
    table = Table.from_operation(max, [0, 1, 2], labels=["low", "middle", "high"])
    assert edges_of(hasse_diagram_picture(table)) == {(2, 1), (1, 0)}


@pytest.mark.parametrize("table", [partial_bijections(2), partial_bijections(3)])
def test_inverse_semigroups_by_restriction_of_maps(table) -> None:
    maps = [eval_label(label) for label in table.rows]
    # a is a restriction of b: that is the natural order, and the lines leave out one point.
    restriction = np.array(
        [[all(x in (-1, y) for x, y in zip(a, b, strict=True)) for b in maps] for a in maps]
    )
    drawing = hasse_diagram_picture(table)
    assert edges_of(drawing) == reduction(restriction)
    assert drawing.key[0][1] == "idempotent"


def eval_label(label: str) -> tuple[int, ...]:
    return tuple(int(part) for part in label.strip("()").split(",") if part.strip())


def test_idempotents_of_maps_of_three_points() -> None:
    table = transformations(3)
    products = table.array
    idempotents = [e for e in range(27) if products[e, e] == e]
    below = np.array(
        [[products[e, f] == e == products[f, e] for f in idempotents] for e in idempotents]
    )
    drawing = hasse_diagram_picture(table)
    assert edges_of(drawing) == {(idempotents[a], idempotents[b]) for a, b in reduction(below)}
    assert set(elements_shown(drawing)) == set(idempotents)


def test_every_semigroup_of_order_three_has_an_order_or_a_reason() -> None:
    for products in semigroups(3):
        try:
            order = natural_order(products)
        except ValueError as error:
            assert "comparable" in str(error)
            continue
        below = order.below
        assert below.diagonal().all()
        assert not (below & below.T & ~np.eye(len(below), dtype=bool)).any()
        assert ((below.astype(int) @ below) > 0).tolist() == below.tolist()
        level = heights(below)
        assert all(level[a] < level[b] for a, b in reduction(below))


@pytest.mark.parametrize(
    "table",
    [
        Table.from_operation(lambda a, b: a & b, range(32), labels=[f"{i:05b}" for i in range(32)]),
        Table.from_operation(min, list(range(24))),
        partial_bijections(3),
        Table.from_operation(math.gcd, [d for d in range(1, 361) if 360 % d == 0]),
        Table.from_array([[0]]),
    ],
    ids=["boolean", "chain", "inverse", "divisors", "one"],
)  # fmt: skip
def test_pictures(table) -> None:
    drawing = hasse_diagram_picture(table)
    assert_labels_apart(drawing)
    assert_nodes_apart(drawing)
    assert_well_formed(drawing)


def test_hostile_labels() -> None:
    drawing = hasse_diagram_picture(Table.from_operation(min, range(9), labels=HOSTILE))
    assert_well_formed(drawing)
    assert_labels_apart(drawing)


def test_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match=r"no Hasse diagram: no two elements .* every group"):
        hasse_diagram_picture(generate_family("C3"))
    with pytest.raises(ValueError, match="no Hasse diagram: the operation is not associative"):
        hasse_diagram_picture(solve(generate_family("mod5:a^2+ab+b^2"), solver="exact"))
    with pytest.raises(ValueError, match="no Hasse diagram, since 2 cells of the table"):
        hasse_diagram_picture(with_holes(Table.from_operation(min, range(6))))
    three = Table(rows="ab", columns="cd", symbols="ef", array=[[0, 0], [0, 1]])
    with pytest.raises(ValueError, match="not the same labels"):
        hasse_diagram_picture(solve(three, solver="exact"))
