"""What a person does with the report."""

from pathlib import Path

import pytest

from cayley.completion import solve
from cayley.report import write_report
from cayley.tables import Table, add_noise, generate_family, mask

HOSTILE = [
    "<script>alert(1)</script>", "\"'&amp;", "\u202eabc", "x" * 200, "😀👩‍👩‍👧", 'id="a"$x$',
    "\x00\x07", "שלום عربي",
]  # fmt: skip


def solutions() -> dict:
    noisy = add_noise(mask(generate_family("D8"), observe=0.95, seed=0), noise=0.02, seed=1)
    return {
        "hostile": solve(Table.from_array(noisy.array, labels=HOSTILE)),
        "learned": solve(mask(generate_family("S3"), observe=0.7, seed=0), solver="hypercube"),
        "order-60": solve(mask(generate_family("A5"), observe=0.5, seed=0)),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory, chromium) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    for name, solution in solutions().items():
        write_report(solution, folder / f"{name}.html")
    return {path.stem: path for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["hostile", "learned", "order-60"])
def test_a_report_is_read_in_every_way(name, pages, visit, screenshots) -> None:
    page = visit(pages[name].as_uri())
    assert page.title().startswith("cayley: solved")
    page.screenshot(path=screenshots / f"report-{name}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=screenshots / f"report-{name}-dark.png", full_page=True)
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=screenshots / f"report-{name}-print.png", full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 800})
    page.screenshot(path=screenshots / f"report-{name}-narrow.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 391


@pytest.mark.parametrize("name", ["hostile", "learned"])
def test_a_report_is_accessible(name, pages, visit, violations) -> None:
    page = visit(pages[name].as_uri())
    page.locator("#cells td").nth(1).click()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_keyboard_search_and_order(pages, visit) -> None:
    page = visit(pages["learned"].as_uri())
    cells, detail = page.locator("#cells tbody td"), page.locator("#detail")
    cells.first.focus()
    first = detail.inner_text()
    assert first.startswith("() ∘ () = ()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.cellIndex") == 2
    assert detail.inner_text() != first
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.cellIndex") == 6
    page.get_by_label("Find a symbol").fill("(1 2)")
    assert page.locator("#found").inner_text() == "6 cells"
    assert page.locator("#cells td.hit").count() == 6
    page.get_by_role("radio", name="as given").check()
    shown = cells.all_inner_texts()
    assert shown.count("") == page.locator("#cells td:not(.observed)").count()
    page.get_by_role("radio", name="in the given order").check()
    heads = page.locator("#cells thead th").all_inner_texts()[1:]
    assert heads == [f"{row}" for row in generate_family("S3").rows]
    page.get_by_role("radio", name="completed").check()
    table = generate_family("S3")
    shown = [text.rstrip("•~!?") for text in cells.all_inner_texts()]
    assert shown == [table.symbols[c] for row in table.array.tolist() for c in row]


def test_hostile_labels_run_nothing(pages, visit) -> None:
    page = visit(pages["hostile"].as_uri())
    assert page.locator("script").count() == 1
    page.locator("#cells td.suspect").first.click()
    assert "given as" in page.locator("#detail").inner_text()
    page.evaluate("const s = document.createElement('script'); s.text = 'window.ran = 1'; "
                  "document.body.append(s)")  # fmt: skip
    assert page.evaluate("window.ran") is None, "the page's policy has to forbid other scripts"
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in text for text in visit.wrong)
    visit.wrong.clear()
