"""A few pictures, compared with images that a person has looked at.

``python -m tests.unit.report.figures.test_images`` draws the images anew; look at each before it is
committed.
"""

from pathlib import Path

import numpy as np
import pytest

from cayley.report import draw_picture
from cayley.tables import Table, generate_family

IMAGES = Path(__file__).parents[3] / "data" / "pictures"

DRAWN = {
    "table of S4": ("table", lambda: generate_family("S4"), {}),
    "Cayley diagram of A4": ("cayley-graph", lambda: generate_family("A4"), {}),
    "cycle graph of Q8": ("cycle-graph", lambda: generate_family("Q8"), {}),
    "subgroups of D12": ("subgroup-lattice", lambda: generate_family("D12"), {}),
    "symmetries of the square": ("symmetry", lambda: generate_family("D8"), {}),
    "characters of A5": ("characters", lambda: generate_family("A5"), {}),
    "quotient of D12": ("quotient", lambda: generate_family("D12"), {}),
    "divisors of 12": (
        "hasse",
        lambda: Table.from_operation(np.gcd, [1, 2, 3, 4, 6, 12]),
        {},
    ),
    "rivals": ("rivals", lambda: Table.from_array([[0, 1], [1, -1]]), {}),
}


def image_of(name: str) -> Path:
    return IMAGES / f"{name.lower().replace(' ', '_')}.png"


def drawn(name: str) -> np.ndarray:
    """Return the picture as an array of colors, shape ``(height, width, 3)``."""
    kind, table, options = DRAWN[name]
    figure = draw_picture(kind, table(), **options).figure
    figure.set_dpi(72)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3].astype(float)


def blocks(image: np.ndarray) -> np.ndarray:
    """Return the means over blocks of 4 by 4 pixels: edges of letters differ between versions."""
    h, w = (side // 4 for side in image.shape[:2])
    return image[: 4 * h, : 4 * w].reshape(h, 4, w, 4, 3).mean(axis=(1, 3))


def share_that_differs(a: np.ndarray, b: np.ndarray) -> float:
    """Return the share of blocks whose color differs by more than a tenth of the range."""
    return float((np.abs(blocks(a) - blocks(b)).max(axis=2) > 25.5).mean())


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_are_as_they_were(name) -> None:
    import matplotlib
    from matplotlib.image import imread
    from PIL import Image

    with Image.open(image_of(name)) as image:  # other versions draw letters elsewhere
        if f"version{matplotlib.__version__}," not in image.info["Software"]:
            pytest.skip("pictures are compared with those of one version of Matplotlib")
    before = imread(image_of(name))[:, :, :3] * 255.0
    now = drawn(name)
    assert now.shape == before.shape
    assert share_that_differs(before, now) < 0.002  # three cells of the table of S4


def test_a_change_of_one_cell_is_seen() -> None:
    name = "table of S4"
    now = drawn(name)
    changed = now.copy()
    h, w = now.shape[:2]
    changed[h // 2 : h // 2 + h // 26, w // 2 : w // 2 + w // 26] = 0
    assert share_that_differs(now, changed) > 0.0005


if __name__ == "__main__":
    from matplotlib.image import imsave

    IMAGES.mkdir(exist_ok=True)
    for each in DRAWN:
        imsave(image_of(each), drawn(each).astype(np.uint8))
