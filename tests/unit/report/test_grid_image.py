import base64
import io

import numpy as np
import pytest

from cayley.report._grid_image import grid_image

Image = pytest.importorskip("PIL.Image")


@pytest.mark.parametrize("count", [3, 300])
def test_pixels_have_the_colors_of_the_cells(count) -> None:
    random = np.random.default_rng(0)
    colors = [f"#{value:06x}" for value in random.integers(0, 1 << 24, count).tolist()]
    cells = random.integers(-1, count, (7, 11))
    address = grid_image(cells, colors, empty="#123456")
    kind, _, text = address.partition(",")
    assert kind == "data:image/png;base64"
    image = Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")
    assert image.size == (11, 7)
    for i in range(7):
        for j in range(11):
            color = colors[cells[i, j]] if cells[i, j] >= 0 else "#123456"
            assert "#{:02x}{:02x}{:02x}".format(*image.getpixel((j, i))) == color
