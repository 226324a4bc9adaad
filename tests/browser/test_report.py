"""What a person does with the report."""

import math
from pathlib import Path

import pytest

from cayley.completion import solve
from cayley.report import write_report
from cayley.tables import Table, add_noise, generate_family, mask

HOSTILE = [
    "</script><script>alert(1)</script>", "\"'&amp;", "\u202eabc", "x" * 200, "😀👩‍👩‍👧",
    'id="a"$x$', "\x00\x07", "שלום عربي",
]  # fmt: skip


def solutions() -> dict:
    noisy = add_noise(mask(generate_family("D8"), observe=0.95, seed=0), noise=0.02, seed=1)
    maximum = [[max(a, b) for b in range(4)] for a in range(4)]
    for a, b in ((1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)):
        maximum[a][b] = -1
    return {
        "hostile": solve(Table.from_array(noisy.array, labels=HOSTILE)),
        "learned": solve(mask(generate_family("S3"), observe=0.7, seed=0), solver="hypercube"),
        "s4": solve(mask(generate_family("S4"), observe=0.5, seed=0)),
        "few": solve(mask(generate_family("D8"), observe=0.3, seed=3), assume="group"),
        "s5": solve(generate_family("S5")),
        "open": solve(Table.from_array(maximum), assume="semilattice"),
        "or": solve([[0, 1], [1, -1]]),
    }


@pytest.fixture(scope="module")
def solved() -> dict:
    return solutions()


@pytest.fixture(scope="module")
def pages(solved, tmp_path_factory, chromium) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    for name, solution in solved.items():
        write_report(solution, folder / f"{name}.html")
    return {path.stem: path for path in folder.iterdir()}


def labels_of(solution) -> dict[str, int]:
    return {label: i for i, label in enumerate(solution.table.symbols)}


def cell(page, row: int, column: int):
    return page.locator(f'#cells td[data-row="{row}"][data-column="{column}"]')


def element(page, picture: str, number: int):
    return page.locator(f'#picture-{picture} :not(text)[data-element="{number}"]').first


def color(locator) -> str:
    return locator.evaluate("node => getComputedStyle(node).backgroundColor")


def oklab_hue(color: str) -> float:
    """The hue of a color as the eye sees it, in degrees (Ottosson, 2020)."""
    values = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return math.degrees(
        math.atan2(
            0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
            1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        )
    )


@pytest.mark.parametrize("name", ["hostile", "learned", "s4", "s5", "open", "or"])
def test_a_report_is_read_in_every_way(name, pages, visit, screenshots) -> None:
    page = visit(pages[name].as_uri())
    assert page.title().startswith("cayley: ")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
    page.screenshot(path=screenshots / f"report-{name}.png", full_page=name != "s5")
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=screenshots / f"report-{name}-narrow.png", full_page=name != "s5")


@pytest.mark.parametrize(
    "name",
    [
        "hostile",
        "s4",
        *(pytest.param(x, marks=pytest.mark.slow) for x in ("learned", "s5", "open")),
    ],
)
def test_a_report_is_accessible(name, pages, visit, violations) -> None:
    # A small window has few cells of a large table, and each cell takes the check its time.
    small = {"viewport": {"width": 500, "height": 400}} if name == "s5" else {}
    page = visit(pages[name].as_uri(), **small)
    page.locator("#cells td[data-row]").nth(1).click()
    assert violations(page) == []
    if name == "hostile":  # the dark colors are the same everywhere
        page.emulate_media(color_scheme="dark")
        assert violations(page) == []


def test_a_product_is_marked_everywhere_at_once(pages, solved, visit) -> None:
    table, place = solved["s4"].table, labels_of(solved["s4"])
    page = visit(pages["s4"].as_uri())
    a, b = place["(1 2)"], place["(1 2 3 4)"]
    c = int(table.array[a, b])
    cell(page, a, b).hover()
    said = page.locator("#sentence").inner_text()
    assert said.startswith(f"(1 2) ∘ (1 2 3 4) = {table.symbols[c]} ")
    assert "proved from the given cells" in said or "observed: given" in said
    for picture in ("cayley-graph", "cycle-graph"):
        for number, role in ((a, "is-left"), (b, "is-right"), (c, "is-result")):
            assert role in element(page, picture, number).get_attribute("class")
    names = page.locator("#mats figcaption").all_inner_texts()
    assert names == ["(1 2)", "(1 2 3 4)", table.symbols[c]]
    assert page.locator("#mats canvas").count() == 3
    assert page.locator("#cells th.is-left").inner_text() == "(1 2)"
    # From the diagram the same is seen in the table: the element's cells, and its row and column.
    element(page, "cycle-graph", c).hover(force=True)
    assert page.locator("#cells td.same").count() == 24
    assert page.locator("#sentence").inner_text().startswith(f"{table.symbols[c]} order")
    page.keyboard.press("Escape")
    assert page.locator("#bar").is_hidden()
    assert page.locator(".same, .is-left, .is-right, .is-result").count() == 0


@pytest.mark.parametrize("name", ["s4", "few"])
def test_a_forced_cell_is_explained_by_given_ones(name, pages, solved, visit) -> None:
    solution = solved[name]
    table, n = solution.table.array, len(solution.table.symbols)
    given = solution.provenance == 0
    names = solution.table.symbols

    def reasons(a: int, b: int) -> set[str]:
        """All ways from given cells to a cell by one use of associativity."""
        found = set()
        for d in range(n):
            for e in range(n):
                if not given[d, e]:
                    continue
                f, g = table[a, d], table[e, b]
                ways = []
                if table[d, e] == b and given[a, d] and given[f, e]:
                    ways.append(((d, e), (a, d), (f, e)))
                if table[d, e] == a and given[e, b] and given[d, g]:
                    ways.append(((d, e), (e, b), (d, g)))
                found |= {
                    " and ".join(f"{names[p]} ∘ {names[q]} = {names[table[p, q]]}" for p, q in way)
                    for way in ways
                }
        return found

    forced = [(a, b) for a in range(n) for b in range(n) if solution.provenance[a, b] == 1]
    if name == "few":  # of those that take more than one step, too
        forced.sort(key=lambda cell: len(reasons(*cell)))
        assert not reasons(*forced[0])
    page = visit(pages[name].as_uri())
    for a, b in forced[:4]:
        cell(page, a, b).hover()
        said, known = page.locator("#sentence").inner_text(), reasons(a, b)
        assert any(f"since {way} are given" in said for way in known) == bool(known)
        assert ("in several steps" in said) == (not known)


def test_cosets_of_a_picked_subgroup_are_colored_everywhere(pages, solved, visit) -> None:
    table = solved["s4"].table
    page = visit(pages["s4"].as_uri())
    before = color(cell(page, 0, 5))
    nodes = page.locator("#picture-subgroup-lattice [data-subgroup][data-elements]")
    numbers = [set(map(int, node.get_attribute("data-elements").split())) for node in nodes.all()]
    # The permutations of 2, 3 and 4, which are not normal: left and right cosets differ.
    names = ("()", "(3 4)", "(2 3)", "(2 3 4)", "(2 4 3)", "(2 4)")
    subgroup = {table.symbols.index(x) for x in names}
    nodes.nth(numbers.index(subgroup)).click(force=True)

    def is_one_hue_a_coset(products) -> bool:
        """Whether each coset has its own quarter of the circle of hues, with a gap to the next."""
        colors = page.evaluate(
            """() => Array.from({length: 24}, (_, i) =>
            getComputedStyle(document.documentElement).getPropertyValue(`--e${i}`).trim())"""
        )
        hues = list(map(oklab_hue, colors))
        return all(
            abs((hues[x] - hues[y] + 180) % 360 - 180) < 70 for x in range(24) for y in products(x)
        )

    def left(x):
        return [int(table.array[x, h]) for h in subgroup]

    def right(x):
        return [int(table.array[h, x]) for h in subgroup]

    assert "left cosets of S3" in page.locator("#sentence").inner_text()
    assert is_one_hue_a_coset(left)
    assert not is_one_hue_a_coset(right)
    circle = element(page, "cycle-graph", 5)
    assert circle.evaluate("node => getComputedStyle(node).fill") == color(
        page.locator('#cells td[data-value="5"]').first
    )
    page.get_by_role("radio", name="right").check(force=True)
    assert "right cosets" in page.locator("#sentence").inner_text()
    assert is_one_hue_a_coset(right)
    assert not is_one_hue_a_coset(left)
    page.keyboard.press("Escape")
    assert color(cell(page, 0, 5)) == before
    # The same from the list, with the pointer elsewhere.
    page.mouse.move(1, 1)
    page.locator("#coloring").select_option(label="conjugacy classes")
    assert "conjugacy classes" in page.locator("#sentence").inner_text()


def test_generators_of_the_diagram_are_picked_on_the_page(pages, solved, visit) -> None:
    table, place = solved["s4"].table, labels_of(solved["s4"])
    page = visit(pages["s4"].as_uri())
    picks, arrows = page.locator("#generators"), page.locator("#picture-cayley-graph [data-from]")
    assert picks.locator("button").count() == 2
    for _ in range(2):
        picks.locator("button").first.click()
    assert arrows.count() == 0
    r, s = place["(1 2 3 4)"], place["(1 2)"]
    for g in (r, s):
        picks.locator("select").select_option(str(g))
    assert "24 of 24" in page.locator("#spoken").inner_text()
    drawn = {
        tuple(int(node.get_attribute(f"data-{key}")) for key in ("from", "generator", "to"))
        for node in arrows.all()
    }
    expected = {(x, r, int(table.array[x, r])) for x in range(24)}
    pairs = {frozenset((x, int(table.array[x, s]))) for x in range(24)}
    assert {arrow for arrow in drawn if arrow[1] == r} == expected
    assert {frozenset((x, y)) for x, g, y in drawn if g == s} == pairs
    places = page.locator("#picture-cayley-graph circle").evaluate_all(
        "nodes => nodes.map(n => [n.cx.baseVal.value, n.cy.baseVal.value, n.r.baseVal.value])"
    )
    assert len(places) == 24
    for i, (x, y, radius) in enumerate(places):
        for u, v, _ in places[:i]:
            assert (x - u) ** 2 + (y - v) ** 2 > (2 * radius) ** 2


def test_everything_by_keyboard(pages, solved, visit) -> None:
    page = visit(pages["s4"].as_uri())
    table, spoken = page.locator("#cells"), page.locator("#spoken")
    table.focus()
    page.keyboard.press("Home")
    assert spoken.inner_text().startswith("() ∘ () = ()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    active = page.locator("#active")
    assert table.get_attribute("aria-activedescendant") == "active"
    assert (active.get_attribute("data-row"), active.get_attribute("data-column")) != ("0", "0")
    kept = spoken.inner_text()
    page.keyboard.press("Enter")
    assert spoken.inner_text() == f"Kept: {kept}"
    page.keyboard.press("Control+End")
    assert page.locator("#active").get_attribute("aria-colindex") == "25"
    page.keyboard.press("Escape")
    assert spoken.inner_text() == "Cleared."
    lattice = page.locator("#picture-subgroup-lattice .canvas")
    lattice.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert spoken.inner_text().startswith("subgroup ")
    page.keyboard.press("Enter")
    assert "cosets of" in spoken.inner_text()
    page.get_by_label("Find a symbol").fill("(1 2)(3 4)")
    assert page.locator("#found").inner_text() == "24 cells"


def test_the_views_of_the_table(pages, solved, visit) -> None:
    solution = solved["learned"]
    page = visit(pages["learned"].as_uri())
    page.get_by_role("radio", name="as given").last.check(force=True)
    heads = page.locator("#cells thead th").all_inner_texts()[1:]
    assert heads == list(solution.table.columns)
    page.get_by_role("radio", name="as given").first.check(force=True)
    values = page.locator("#cells td").evaluate_all(
        "nodes => nodes.map(n => Number(n.dataset.value))"
    )
    assert values == solution.given.array.ravel().tolist()
    page.get_by_role("radio", name="completed").check(force=True)
    values = page.locator("#cells td").evaluate_all(
        "nodes => nodes.map(n => Number(n.dataset.value))"
    )
    assert values == solution.table.array.ravel().tolist()
    stages = page.locator("#stage option").all_inner_texts()
    assert stages[:3] == ["as learned: A, B, C", "gauge fixed", "all irreducible blocks"]


def test_a_table_of_order_120_is_drawn_where_it_is_seen(pages, solved, visit) -> None:
    solution = solved["s5"]
    page = visit(pages["s5"].as_uri())
    cells = page.locator("#cells td[data-row]")
    assert cells.count() < 6000
    assert page.locator("#cells").get_attribute("aria-rowcount") == "121"
    page.locator("#cells").focus()
    page.keyboard.press("Control+End")
    active = page.locator("#active")
    a, b, c = (int(active.get_attribute(f"data-{key}")) for key in ("row", "column", "value"))
    assert solution.table.array[a, b] == c
    box = page.locator("#box").bounding_box()
    place = active.bounding_box()
    assert box["x"] <= place["x"]
    assert place["x"] + place["width"] <= box["x"] + box["width"] + 1
    assert place["y"] + place["height"] <= box["y"] + box["height"] + 1
    for node in cells.all()[:40]:
        a, b, c = (int(node.get_attribute(f"data-{key}")) for key in ("row", "column", "value"))
        assert solution.table.array[a, b] == c


def test_a_report_without_scripts_is_read_too(pages, visit) -> None:
    page = visit(pages["s4"].as_uri(), java_script_enabled=False)
    assert page.locator("#cells tbody tr").count() == 24
    assert page.locator("#picture-cycle-graph svg").is_visible()
    assert page.locator("#tools").is_hidden()
    page = visit(pages["s5"].as_uri(), java_script_enabled=False)
    assert page.locator("#overview").is_visible()


def test_light_and_dark(pages, visit) -> None:
    page = visit(pages["or"].as_uri(), color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("button", name="light or dark").click()
    assert page.evaluate(paper) == "rgb(255, 255, 255)" != dark
    page.emulate_media(media="print")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


def test_hostile_labels_run_nothing(pages, visit) -> None:
    page = visit(pages["hostile"].as_uri())
    assert page.locator("script").count() == 2
    page.locator("#cells td.suspect").first.click()
    assert "given as" in page.locator("#sentence").inner_text()
    page.evaluate("const s = document.createElement('script'); s.text = 'window.ran = 1'; "
                  "document.body.append(s)")  # fmt: skip
    assert page.evaluate("window.ran") is None, "the page's policy has to forbid other scripts"
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in text for text in visit.wrong)
    visit.wrong.clear()
