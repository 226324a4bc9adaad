"""The page without a browser: NiceGUI's simulated visitor builds it, events are called directly."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

pytest.importorskip("nicegui", reason="no nicegui; install it with: pip install 'cayley[studio]'")

from nicegui import ui
from nicegui.testing import user_simulation
from starlette.requests import Request

from cayley.completion import solve
from cayley.studio._card import Card
from cayley.studio._jobs import Job, finished_of
from cayley.studio._runs import Run
from cayley.studio._state import State, encode_state
from cayley.studio._visitor_limits import VisitorLimits
from cayley.studio._web import Studio
from cayley.tables import Table


@pytest.fixture
def visit():
    """Build the page of a visitor and do something with it."""

    def run(act, query: str = "") -> None:
        async def visited() -> None:
            studio = Studio(VisitorLimits(max_order=20, max_runs=1))

            # A function of this file: at the end the simulation takes the module of every page
            # and all its parents out of sys.modules, unless the name begins with "tests.". With
            # studio.page it took `cayley` out, and later tests met a second copy of the package.
            async def page(request: Request, s: str = "") -> None:
                await studio.page(request, s)

            async with user_simulation() as user:
                ui.page("/")(page)
                await user.open(f"/{query}")
                (page,) = studio._pages.values()
                with user:
                    act(page, page._editor, page._form)

        # In a thread of its own: Playwright leaves a loop in the one where it was used.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: asyncio.run(visited())).result()

    return run


def event(**arguments) -> SimpleNamespace:
    return SimpleNamespace(args=arguments)


def test_a_damaged_link_shows_a_problem_and_a_table(visit) -> None:
    def act(page, editor, form) -> None:
        assert editor._problem.text == "The link is damaged: it does not hold a table."
        assert editor._summary.text.startswith("6 × 6, 22 of 36 cells known, one alphabet. Choose")

    visit(act, "?s=bad")


def test_cells_are_pointed_at_and_edited(visit) -> None:
    def act(page, editor, form) -> None:
        page._on_cell(event(grid="input", a=0, b=1))
        assert editor._reason.text == "E ∘ C3: unknown"
        page._on_edit(event(grid="input", a=0, b=0, value=""))
        assert (editor._problem.text, editor._reason.text) == ("", "E ∘ E: unknown")
        page._on_edit(event(grid="input", a=0, b=0, value="zz"))
        assert "'zz' is not one of the table's symbols" in editor._problem.text
        for wrong in (event(grid="input", a=-1, b=0), event(a="0"), SimpleNamespace(args=None)):
            page._on_cell(wrong)
            page._on_edit(wrong)
        editor.attempt(editor._undo)
        assert (editor._problem.text, page.session.table.num_observed) == ("", 22)

    visit(act)


def test_tables_are_received_or_refused(visit) -> None:
    def act(page, editor, form) -> None:
        page.receive(b",a,b\na,a,\n", "x.csv")
        assert "as many rows as columns" in editor._problem.text
        page.receive(b",a,b\na,a,\nb,,a\n", "x.csv")
        assert (editor._problem.text, page.session.table.num_observed) == ("", 2)
        page._on_refused(event(size=10**9))
        assert "The file has 1000000000 bytes" in editor._problem.text
        page._on_refused(SimpleNamespace(args=None))
        assert editor._problem.text == "The file could not be sent."

    visit(act)


def test_jobs_start_side_by_side_within_the_limit(visit, monkeypatch) -> None:
    started: list[Job] = []

    async def go(run: Run) -> None:
        started.append(run._job)
        await asyncio.sleep(0)

    monkeypatch.setattr(Run, "go", go)

    def act(page, editor, form) -> None:
        form._solvers.clear()
        editor.attempt(form._complete)
        assert editor._problem.text == "Choose at least one solver."
        form._solvers.update(["hypercube", "auto"])
        editor.attempt(form._complete)
        editor.attempt(form._next_seed)
        runs = [card.run._job for card in page._cards.values()]
        assert [(job.solver, job.seed) for job in runs] == [
            ("auto", 0), ("hypercube", 0), ("auto", 1), ("hypercube", 1),
        ]  # fmt: skip
        assert editor._problem.text == ""
        editor.attempt(form._complete)
        assert "4 runs at a time are the limit" in editor._problem.text
        editor.attempt(form._link)
        assert "?s=" in form._link_field.value
        page.close()

    visit(act)


def test_the_operation_is_taken_to_be_what_is_typed(visit) -> None:
    def act(page, editor, form) -> None:
        form._other._take(SimpleNamespace(args="x*(y*z = y"))
        assert form._assume.value == "other"
        editor.attempt(form._link)
        assert "Column 8" in editor._problem.text
        form._other._take(SimpleNamespace(args=" left Bol loop "))
        editor.attempt(form._link)
        assert editor._problem.text == ""
        assert page.session.state.assume == "left Bol loop"
        form._assume._take(SimpleNamespace(args="semilattice"))
        assert form._other.value == ""
        editor.attempt(form._link)
        assert page.session.state.assume == "semilattice"

    visit(act)


def test_a_link_fills_what_is_typed(visit) -> None:
    def act(page, editor, form) -> None:
        assert (form._assume.value, form._other.value) == ("other", "x*y = y")

    table = Table.from_array([[0, 1], [1, -1]])
    visit(act, f"?s={encode_state(State(table=table, assume='x*y = y'))}")


def test_a_finished_run_shows_what_it_rests_on(visit) -> None:
    solution = solve(Table.from_array([[0, 1], [1, -1]], labels=["<b>", "&"]))

    def act(page, editor, form) -> None:
        card = Card("auto", "run-1", lambda content: "/reports/x")
        card.take(finished_of(solution))
        card.point(1, 1)
        assert "forced by the given cells if this is a group, which is not proved" in (
            card._reason.text
        )
        texts = [getattr(e, "text", "") for e in card._more.descendants()]
        assert any("supposed, not proved" in text for text in texts)
        assert "If it is a band instead (supposed)" in texts
        assert "& ∘ &: <b> here, & there" in texts
        assert "<b>" not in card._grid.content

    visit(act)
