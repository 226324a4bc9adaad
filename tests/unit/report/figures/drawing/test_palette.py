from itertools import pairwise

import numpy as np
import pytest
from tests.unit.report.figures.color_vision import SEEN_AS, cielab

from cayley.report.figures.drawing._palette import (
    contrast,
    element_colors,
    ink_on,
    structured_colors,
)

SHAPES = [
    (2, 2),
    (3, 2),
    (6, 4),
    (4, 6),
    (2, 12),
    (12, 2),
    (8, 3),
    (3, 8),
    (1, 24),
    (12, 4),
    (5, 1),
]


def in_order(blocks: int, size: int) -> list[str]:
    return structured_colors([range(j * size, (j + 1) * size) for j in range(blocks)])


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 8, 12, 24, 48, 120])
def test_elements_have_colors_of_their_own(n) -> None:
    assert len(set(element_colors(n))) == n


@pytest.mark.parametrize(("blocks", "size"), SHAPES)
def test_elements_of_blocks_have_colors_of_their_own(blocks, size) -> None:
    assert len(set(in_order(blocks, size))) == blocks * size


@pytest.mark.parametrize("seen_as", SEEN_AS)
@pytest.mark.parametrize("shape", [*SHAPES, (1, 6), (10, 12)])
def test_neighbors_in_the_order_stay_apart_for_everybody(seen_as, shape) -> None:
    for colors in (in_order(*shape), element_colors(shape[0] * shape[1])):
        points = [cielab(color, SEEN_AS[seen_as]) for color in colors]
        gaps = [np.linalg.norm(a - b) for a, b in pairwise(points)]
        assert min(gaps) > 10  # about 2 can just be told apart side by side


@pytest.mark.parametrize("shape", [*SHAPES, (10, 12), (40, 1)])
def test_letters_can_be_read_on_every_color(shape) -> None:
    for color in (*in_order(*shape), *element_colors(shape[0] * shape[1])):
        assert ink_on(color) in ("#1c1c1c", "#fefefe")
        assert contrast(ink_on(color), color) >= 4.5


def test_a_block_is_one_family_of_hues() -> None:
    """Colors of one block are nearer to each other in hue than to those of any other block."""

    def hue(color: str) -> float:
        _, a, b = cielab(color, np.eye(3))
        return np.arctan2(b, a)

    colors = in_order(4, 3)
    hues = np.array([hue(color) for color in colors]).reshape(4, 3)
    apart = np.abs(np.angle(np.exp(1j * (hues[:, :, None, None] - hues[None, None]))))
    same = max(apart[i, :, i].max() for i in range(4))
    other = min(apart[i, :, j].min() for i in range(4) for j in range(4) if i != j)
    assert same < other


def test_blocks_name_the_elements_in_any_order() -> None:
    straight = structured_colors([[0, 1], [2, 3]])
    assert structured_colors([[3, 0], [1, 2]]) == [straight[i] for i in (1, 2, 3, 0)]
    assert structured_colors([[2], [0], [1]]) == [element_colors(3)[i] for i in (1, 2, 0)]
    assert structured_colors([]) == []
