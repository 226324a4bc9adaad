import base64
import json

import numpy as np
import pytest

from cayley.completion import Provenance, solve
from cayley.report._page_data import as_script_text, page_data, symbol_colors
from cayley.report.figures.element_order._arrangement import arrange
from cayley.tables import Table, add_noise, generate_family, mask


def told(solution):
    return json.loads(str(as_script_text(page_data(solution, arrange(solution)))))


def cells_of(data, shape):
    return np.frombuffer(base64.b64decode(data["cells"]), "<u2").reshape(shape).astype(int) - 1


def test_every_cell_with_its_reason() -> None:
    noisy = add_noise(mask(generate_family("D8"), observe=0.95, seed=0), noise=0.02, seed=1)
    solution = solve(noisy)
    assert solution.suspects
    data = told(solution)
    assert np.array_equal(cells_of(data, (8, 8)), solution.table.array)
    kinds = np.array(list(map(int, data["provenance"]))).reshape(8, 8)
    assert np.array_equal(kinds, solution.provenance)
    assert [kind["name"] for kind in data["kinds"]] == [kind.name.lower() for kind in Provenance]
    given = {(a, b): c for a, b, c in data["given"]}
    for a, b in np.argwhere(solution.provenance == Provenance.SUSPECT).tolist():
        assert given[a, b] == noisy.array[a, b] != solution.table.array[a, b]


def test_unknown_cells_and_what_they_can_be() -> None:
    array = [[max(a, b) for b in range(4)] for a in range(4)]
    for a, b in ((1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)):
        array[a][b] = -1
    solution = solve(Table.from_array(array), assume="semilattice")
    data = told(solution)
    assert np.array_equal(cells_of(data, (4, 4)), solution.table.array)
    listed = {(a, b): tuple(values) for a, b, values in data["possible"]}
    assert listed
    assert listed == {key: tuple(values) for key, values in solution.possible.items()}


def test_margins_of_predicted_cells() -> None:
    # A quadratic form that is no isotope of a group: what is missing is predicted, not forced.
    table = mask(generate_family("mod5:a^2+b^2"), observe=0.9, seed=1)
    solution = solve(table, solver="hypercube", restarts=1, assume="none")
    data = told(solution)
    places = np.argwhere(solution.provenance == Provenance.PREDICTED).tolist()
    assert [row[:2] for row in data["margins"]] == (places if solution.margin is not None else [])


@pytest.mark.parametrize("text", ["</script>", "<!--", "\u2028", "]]>", "&amp;", "\ud800", "'\""])
def test_no_label_ends_the_script_element(text) -> None:
    written = str(as_script_text([text]))
    assert not set("<>&\u2028") & set(written)
    assert written.isascii()
    assert json.loads(written) == [text]


def test_colors_of_one_coset_share_a_hue() -> None:
    import colorsys

    placed = arrange(solve(generate_family("D8")))
    assert placed.block == 4
    colors = symbol_colors(placed)
    assert len(set(colors)) == 8
    hues = [colorsys.rgb_to_hsv(*(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0]
            for c in colors]  # fmt: skip
    blocks = [placed.symbols[:4].tolist(), placed.symbols[4:].tolist()]
    spread = [max(hues[i] for i in block) - min(hues[i] for i in block) for block in blocks]
    apart = abs(hues[blocks[0][0]] - hues[blocks[1][0]])
    assert max(spread) < 0.1 < apart
