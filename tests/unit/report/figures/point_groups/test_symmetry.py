import itertools
from fractions import Fraction

import numpy as np
import pytest
from tests.unit.report.figures.diagram_checks import (
    HOSTILE,
    assert_labels_apart,
    assert_well_formed,
    with_holes,
)

from cayley.algebra import Group, identify
from cayley.completion import solve
from cayley.report.figures.drawing._marks import Circle, Label, Rectangle
from cayley.report.figures.point_groups._realizations import cycles_text, realization, realizations
from cayley.report.figures.point_groups._symmetric_objects import motion_of, symmetric_objects
from cayley.report.figures.point_groups._symmetry import symmetry_picture
from cayley.tables import Table, generate_family, isotope, shuffle

NAMES = {
    **{f"C{n}": f"C{n}" for n in range(1, 9)},
    "C2xC2": "C2 x C2", "S3": "S3", "D8": "D8", "D10": "D10", "D12": "D12", "D14": "D14",
    "D16": "D16", "C2xC2xC2": "C2 x C2 x C2", "C2xD8": "C2 x D8", "C2xD12": "C2 x C2 x S3",
    "A4": "A4", "S4": "S4", "C2xS4": "C2 x S4",
}  # fmt: skip

SOLIDS = [("S4", "cube"), ("S4", "tetrahedron"), *((name, None) for name in NAMES)]


def moved(drawing) -> dict[int, dict[int, int]]:
    """Return where each element moves each corner, as it is drawn."""
    found: dict[int, dict[int, int]] = {}
    for mark in drawing.marks:
        if isinstance(mark, Circle) and "corner" in mark.data:
            images = found.setdefault(mark.data["element"], {})
            images[mark.data["corner"]] = mark.data["place"]
    return found


@pytest.mark.parametrize(("name", "solid"), SOLIDS)
def test_corners_move_as_the_table_says(name, solid) -> None:
    table = shuffle(generate_family(name), seed=3).aligned()
    drawing = symmetry_picture(solve(table), solid=solid)
    images = moved(drawing)
    assert set(images) == set(range(table.order))
    for a, b in itertools.product(range(table.order), repeat=2):
        product = int(table.array[a, b])
        # first a, then b
        assert all(images[b][images[a][i]] == images[product][i] for i in images[a])
    if solid is not None:
        assert drawing.title == f"symmetries of the {solid}"
    if name not in ("C1", "C2xD8", "C2xD12", "C2xC2xC2"):  # there all but C1 are faithful too
        assert len({tuple(sorted(each.items())) for each in images.values()}) == table.order


@pytest.mark.parametrize("order", [*range(1, 9), 10, 12, 14, 16, 24, 48])
def test_objects_have_the_groups_that_they_are_said_to_have(order) -> None:
    for thing in symmetric_objects(order):
        assert thing.group.order == order == len(thing.matrices)
        Group.from_table(thing.group.table)
        for matrix, image in zip(thing.matrices, thing.images, strict=True):
            assert np.allclose(matrix @ matrix.T, np.eye(3))
            assert np.allclose(thing.corners @ matrix.T, thing.corners[image])
            lengths = [np.linalg.norm(thing.corners[i] - thing.corners[j]) for i, j in thing.edges]
            moved_lengths = [
                np.linalg.norm(thing.corners[image[i]] - thing.corners[image[j]])
                for i, j in thing.edges
            ]
            assert np.allclose(lengths, moved_lengths)
        names = {
            "Oh": "C2 x S4",
            "Td": "S4",
            "O": "S4",
            "T": "A4",
            "D4h": "C2 x D8",
            "D2": "C2 x C2",
        }
        if thing.symbol in names:
            assert identify(thing.group).name == names[thing.symbol]


def test_every_symmetry_of_cube_and_tetrahedron_is_there() -> None:
    for name, order in (("cube", 48), ("tetrahedron", 24)):
        thing = next(each for each in symmetric_objects(order) if each.name == name)
        distance = np.linalg.norm(thing.corners[:, None] - thing.corners, axis=2).round(6)
        m = len(thing.corners)
        # Symmetries are the permutations of corners that keep all distances, by search.
        partial: list[tuple[int, ...]] = [()]
        for i in range(m):
            partial = [
                (*p, x)
                for p in partial
                for x in range(m)
                if x not in p and all(distance[x, p[j]] == distance[i, j] for j in range(i))
            ]
        assert set(partial) == {tuple(image) for image in thing.images.tolist()}


def test_motions_are_what_they_are_called() -> None:
    for thing in symmetric_objects(48):
        kinds = [motion_of(matrix, is_plane=False) for matrix in thing.matrices]
        counts = {
            kind: sum(motion.kind == kind for motion in kinds) for kind in {m.kind for m in kinds}
        }
        assert counts == {
            "identity": 1, "turn": 23, "inversion": 1, "mirror": 9, "turn and mirror": 14,
        }  # fmt: skip
        for matrix, motion in zip(thing.matrices, kinds, strict=True):
            if motion.kind in ("identity", "inversion"):
                continue
            u = motion.axis
            angle = 2 * np.pi * float(motion.angle)
            cross = np.cross(np.eye(3), -u).T
            turn = (
                np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
            )  # Rodrigues
            mirror = np.eye(3) - 2 * np.outer(u, u)
            expected = {"turn": turn, "mirror": mirror, "turn and mirror": mirror @ turn}
            assert np.allclose(matrix, expected[motion.kind]), motion


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["S3", "A4", "S4"])
def test_labels_in_cycles_are_the_permutations_of_corners(name, seed) -> None:
    table = shuffle(generate_family(name), seed=seed)
    drawing = symmetry_picture(solve(table))
    for element, images in moved(drawing).items():
        listed = [images[i + 1] - 1 for i in range(len(images))]
        assert cycles_text(listed) == table.symbols[element]
    assert "the labels are the permutations of corners" in drawing.description


@pytest.mark.parametrize("n", range(2, 9))
def test_turns_of_the_plane_are_counterclockwise(n) -> None:
    thing = next(each for each in symmetric_objects(n) if each.symbol == f"C{n}")
    for k, matrix in enumerate(thing.matrices):
        x, y, _ = matrix @ np.array([1.0, 0.0, 0.0])
        assert np.isclose(np.arctan2(y, x) % (2 * np.pi), 2 * np.pi * k / n)
        assert motion_of(matrix, is_plane=True).angle == Fraction(k, n)


def test_the_isomorphism_is_said_and_counted() -> None:
    group = Group.from_table(generate_family("D8"))
    found = realizations(group, generate_family("D8").symbols)
    square = next(each for each in found if each.thing.name == "square")
    assert square.choices == 8
    assert not square.agrees
    to = square.to
    assert np.array_equal(square.thing.group.table[np.ix_(to, to)], to[group.table])
    text = symmetry_picture(generate_family("D8")).description
    assert "one of 8: r is drawn as turn by 90°, corners (1 2 3 4)" in text
    assert "point group D4" in text


def test_elements_of_a_class_are_in_one_frame() -> None:
    table = generate_family("S4")
    drawing = symmetry_picture(table)
    frames = [m for m in drawing.marks if isinstance(m, Rectangle)]
    captions = [m for m in drawing.marks if isinstance(m, Label) and "corner" not in m.data]
    classes = []
    for frame in frames:
        inside = [
            m.data["element"]
            for m in captions
            if "element" in m.data
            and frame.x < m.x < frame.x + frame.width
            and frame.y < m.y < frame.y + frame.height
        ]
        shapes = {tuple(sorted(map(len, table.symbols[x].split(")")))) for x in inside}
        assert len(shapes) == 1
        classes.append(len(inside))
    assert sorted(classes) == [1, 3, 6, 6, 8]
    headings = [m.text for m in captions if m.bold]
    assert headings == [
        "Identity", "3 turns by 180° about axes through edges",
        "8 turns by 120° about axes through corners", "6 mirrors", "6 turns by 90° and mirror",
    ]  # fmt: skip


def test_turns_of_the_tetrahedron_differ_by_their_direction() -> None:
    headings = [m.text for m in symmetry_picture(generate_family("A4")).marks
                if isinstance(m, Label) and m.bold and "turns by 120" in m.text]  # fmt: skip
    assert sorted(headings) == [
        "4 turns by 120° about axes through corners, clockwise",
        "4 turns by 120° about axes through corners, counterclockwise",
    ]


@pytest.mark.parametrize(("name", "solid"), SOLIDS)
def test_pictures(name, solid) -> None:
    drawing = symmetry_picture(generate_family(name), solid=solid)
    assert_labels_apart(drawing)
    assert_well_formed(drawing)


def test_isotopes_and_hostile_labels() -> None:
    table = isotope(generate_family("S3"), seed=1)
    assert len(moved(symmetry_picture(solve(table)))) == 6
    labels = HOSTILE[:8]
    drawing = symmetry_picture(solve(Table.from_array(generate_family("D8").array, labels=labels)))
    assert_well_formed(drawing)
    assert_labels_apart(drawing)


def test_says_what_is_missing() -> None:
    for name in ("Q8", "C9", "C4xC2"):
        with pytest.raises(ValueError, match="no symmetries to draw: no object that is drawn has"):
            symmetry_picture(generate_family(name))
    s3 = generate_family("S3")
    with pytest.raises(ValueError, match="no cube has the group S3"):
        realization(Group.from_table(s3), s3.symbols, "cube")
    with pytest.raises(ValueError, match="no symmetries, since 2 cells of the table"):
        symmetry_picture(with_holes(s3))
