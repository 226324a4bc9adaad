"""What a person does in the studio."""

import io
import json
import os
import re
import signal
import time
import urllib.error
import urllib.request

import pytest

from cayley.studio._state import State, decode_state, encode_state
from cayley.studio._visitor_limits import VisitorLimits
from cayley.tables import Table, generate_family, mask, read_table, write_table

PATIENT = 60.0  # seconds

NOT_PROVED = re.compile("Unresolved|Predicted, not proved")
LONG = mask(generate_family("mod23:a^2+ab+b^2"), observe=0.85, seed=0)  # never converges in time


def link(studio, table, **settings) -> str:
    return f"{studio.address}?s={encode_state(State(table=table, **settings))}"


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def complete(page) -> None:
    button(page, "Complete").click()


def verdict(page, text: str | re.Pattern[str], run: int = 0) -> str:
    place = page.locator(".run .verdict").nth(run)
    place.filter(has_text=text).wait_for()
    return place.inner_text()


def uploaded(page, name: str, content: bytes) -> None:
    page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def test_a_person_completes_an_example(studio, visit, screenshots) -> None:
    page = visit(studio.address)
    page.get_by_label("Example").select_option("kariera_sections")
    page.get_by_text("9 of 16 cells known").wait_for()
    page.get_by_label("It is taken to be").select_option("group")
    complete(page)
    assert verdict(page, "group").startswith("This is the group C2 x C2 (GAP 4:2)")
    page.locator(".run td.forced").first.click()
    reason = page.locator(".run .reason", has_text="forced")
    reason.wait_for()
    assert "proved from the given cells" in reason.inner_text()
    with page.expect_download() as waiting:
        button(page, "solution.json").click()
    document = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    assert document["group"] == {"name": "C2 x C2", "gap_id": [4, 2]}
    with page.expect_download() as waiting:
        button(page, "table.csv").click()
    assert read_table(io.BytesIO(waiting.value.path().read_bytes())).is_full
    with page.expect_popup() as waiting:
        page.get_by_role("link", name="Open the report").click()
    report = waiting.value
    report.get_by_role("heading", name="C2 x C2", exact=True).wait_for()
    report.locator("#cells td").nth(2).click()
    assert "∘" in report.locator("#detail").inner_text()
    report.close()
    page.screenshot(path=screenshots / "studio-example.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=screenshots / "studio-dark.png", full_page=True)


def test_too_few_cells_do_not_earn_a_group(studio, visit) -> None:
    page = visit(studio.address)
    page.get_by_label("Example").select_option("kariera_sections")
    page.get_by_text("9 of 16 cells known").wait_for()
    complete(page)
    said = verdict(page, "group")
    assert said.startswith("Supposed, not proved: if this is a group, it is the group C2 x C2")
    assert "This is" not in said


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ragged.csv", b",a,b\na,a\nb,b,a\n", "ragged.csv, line 2"),
        ("../../etc/passwd.csv", b",a,b\na,a,b\na,b,a\n", "passwd.csv, line 3"),
        ("broken.json", b'{"rows": [', "malformed JSON"),
        ("large.csv", b"x" * 70_000, "takes up to 65536"),
        ("order.csv", None, "40"),
    ],
)
def test_a_broken_file_gets_a_message(studio, visit, name, content, message) -> None:
    if content is None:
        stream = io.StringIO()
        write_table(generate_family("C41"), stream, format="csv")
        content = stream.getvalue().encode()
    page = visit(studio.address)
    page.locator("table.grid").wait_for()
    uploaded(page, name, content)
    problem = page.get_by_role("alert").filter(has_text=message)
    problem.wait_for()
    assert ".." not in problem.inner_text().split(":")[0]
    assert page.get_by_text("22 of 36 cells known").count() == 1


def test_open_paste_generate_and_edit(studio, visit) -> None:
    page = visit(studio.address)
    uploaded(page, "c2.csv", b",e,a\ne,e,a\na,a,\n")
    page.get_by_text("3 of 4 cells known").wait_for()
    page.get_by_label("Family, such as S4 or D12").fill("D8")
    button(page, "Make it").click()
    page.get_by_text("64 of 64 cells known").wait_for()
    page.get_by_label("Known cells, %").fill("50")
    button(page, "Hide the others").click()
    page.get_by_text("32 of 64 cells known").wait_for()
    button(page, "Make them wrong").click()
    button(page, "Undo").click()
    button(page, "Undo").click()
    page.get_by_text("64 of 64 cells known").wait_for()
    page.get_by_text("Paste a table").click()
    page.get_by_label("Text of a table").fill(",0,1,2\n0,0,1,2\n1,1,?,?\n2,2,?,1\n")
    button(page, "Read it").click()
    page.get_by_text("6 of 9 cells known").wait_for()
    cells = page.locator("table[data-grid=input] td")
    cells.nth(4).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.get_by_text("7 of 9 cells known").wait_for()
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("banana")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="'banana' is not one of").wait_for()
    cells.nth(0).click()
    page.keyboard.press("Delete")
    page.get_by_text("6 of 9 cells known").wait_for()
    complete(page)
    assert "C3" in verdict(page, "This is")


def test_a_link_holds_the_table(studio, visit) -> None:
    table = mask(generate_family("S3"), observe=0.7, seed=5)
    page = visit(link(studio, table, solvers=("exact",), assume="group", seed=7))
    page.get_by_text(f"{table.num_observed} of 36 cells known").wait_for()
    button(page, "Link to this state").click()
    page.wait_for_function("document.querySelector('input[readonly]').value.includes('?s=')")
    address = page.get_by_label("Link", exact=True).input_value()
    state = decode_state(address.partition("?s=")[2], limits=VisitorLimits())
    assert (state.table, state.solvers, state.assume, state.seed) == (table, ("exact",), "group", 7)
    page.goto(address)
    complete(page)
    assert "S3" in verdict(page, "This is")
    page.goto(f"{studio.address}?s=nothing")
    page.get_by_role("alert").filter(has_text="The link is damaged").wait_for()
    assert page.locator("table.grid").count() == 1


def test_pictures_change_while_it_runs_and_stop_keeps_the_best(studio, visit, screenshots) -> None:
    page = visit(link(studio, LONG, solvers=("exact", "hypercube")))
    complete(page)
    learning = page.locator(".run").nth(1)
    learning.locator("img.heat").wait_for()
    first = learning.locator(".curves").get_attribute("aria-label")
    page.wait_for_function(
        "before => document.querySelectorAll('.run')[1].querySelector('.curves')"
        ".getAttribute('aria-label') !== before",
        arg=first,
    )
    assert learning.locator("img.strip").count() == 1
    page.screenshot(path=screenshots / "studio-running.png", full_page=True)
    page.locator(".run").nth(0).locator("table.grid").wait_for()
    learning.get_by_role("button", name="Stop").click()
    verdict(page, NOT_PROVED, run=1)
    assert page.locator(".run").count() == 2


def test_two_visitors_and_a_killed_run(studio, visit) -> None:
    one = visit(link(studio, LONG, solvers=("hypercube",)))
    complete(one)
    one.locator(".run[data-pid]").wait_for()
    process = int(one.locator(".run").get_attribute("data-pid"))
    other = visit(studio.address)
    start = time.monotonic()
    complete(other)
    assert "S3" in verdict(other, "This is")
    assert time.monotonic() - start < PATIENT
    os.kill(process, signal.SIGKILL)
    assert "signal 9" in verdict(one, "ended unexpectedly")
    one.get_by_label("Example").select_option("c3v_partial")
    one.get_by_text("22 of 36 cells known").wait_for()
    one.locator("label", has_text=re.compile("^ ?exact deduction$")).locator("input").check()
    one.locator("label", has_text=re.compile("^ ?HyperCube$")).locator("input").uncheck()
    complete(one)
    assert "S3" in verdict(one, "This is")


def test_the_studio_is_accessible(studio, visit, violations) -> None:
    table = mask(generate_family("S3"), observe=0.7, seed=0)
    page = visit(link(studio, table, solvers=("hypercube",)))
    complete(page)
    verdict(page, "This is the group S3")
    button(page, "report.html").wait_for()
    assert page.locator(".curves polyline").count() >= 3
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_a_visitor_has_limits(studio, visit) -> None:
    page = visit(link(studio, LONG, solvers=("hypercube",)))
    page.get_by_label("Seconds").fill("1000")
    complete(page)
    page.get_by_role("alert").filter(has_text="from 0.1 to 120").wait_for()
    page.get_by_label("Seconds").fill("1")
    complete(page)
    verdict(page, NOT_PROVED)
    page.get_by_label("Family, such as S4 or D12").fill("S5")
    button(page, "Make it").click()
    page.get_by_role("alert").filter(has_text="40").wait_for()


def test_labels_are_data_and_narrow_pages_work(studio, visit, screenshots) -> None:
    labels = ["<img src=x onerror=alert(1)>", "\"'&", "\u202eabc", "x" * 200]
    table = Table.from_array(generate_family("C4").array, labels=labels)
    page = visit(link(studio, table), viewport={"width": 390, "height": 800})
    complete(page)
    assert "C4" in verdict(page, "This is")
    assert page.locator("img[onerror]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
    button(page, "report.html").wait_for()
    page.screenshot(path=screenshots / "studio-narrow.png", full_page=True)


def test_the_server_refuses_what_is_too_long_or_unknown(studio) -> None:
    def status(path: str, data: bytes | None = None) -> int:
        try:
            with urllib.request.urlopen(studio.address + path, data=data, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert status("tables/nobody?name=a.csv", b"x") == 404
    assert status("tables/nobody?name=a.csv", b"x" * 70_000) == 413
    assert status("reports/nothing") == 404
    with urllib.request.urlopen(studio.address, timeout=60) as answer:
        assert "connect-src 'self'" in answer.headers["content-security-policy"]
