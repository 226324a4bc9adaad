"""The API without a server and without processes: tasks are done here, runs wait."""

import asyncio
import json
import logging
import time

import pytest

pytest.importorskip(
    "starlette", reason="no starlette; install it with: pip install 'cayley[studio]'"
)

from cayley.studio._api import Studio, application
from cayley.studio._doors import Doors
from cayley.studio._guard import Guard
from cayley.studio._hosts import allowed_names
from cayley.studio._runs import Run, Runs
from cayley.studio._visitor_limits import VisitorLimits
from cayley.studio._workers import context_of_workers
from cayley.studio.answers._table_documents import table_document
from cayley.tables import Table, generate_family, mask
from studio_requests import InThisProcess, in_a_loop, send

TABLE = mask(generate_family("S3"), observe=0.6, seed=0)
SECRET = "Zaphod"


def of(table, **more):
    return {"table": table_document(table), "assume": "auto"} | more


def requests(*asked, password=None, limits=None, act=None):
    """Send requests to a studio of its own; return the answers."""
    limits = limits or VisitorLimits(max_order=20, max_bytes=5000)

    async def go():
        here = InThisProcess()
        studio = Studio(
            limits=limits, doors=Doors(password), quick=here, slow=here, readers=here,
            runs=Runs(context_of_workers(), limits),
        )  # fmt: skip
        app = Guard(
            application(studio), limit=1 << 18, names=allowed_names("127.0.0.1", ["school.example"])
        )
        if act is not None:
            return await act(app, studio)
        return [await send(app, *each[:3], **(each[3] if len(each) > 3 else {})) for each in asked]

    return in_a_loop(go())


def test_the_page_comes_with_a_strict_policy_and_a_cookie() -> None:
    (page,) = requests(("GET", "/"))
    assert page.status == 200 and b"<title>cayley studio" in page.body
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy and "*" not in policy
    assert {"HttpOnly", "SameSite=Strict"} <= set(page.headers["set-cookie"].split("; "))
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert not [name for name in page.headers if name.startswith("access-control")]


def test_its_files_are_known_names_and_asked_for_once() -> None:
    first, *missing = requests(
        ("GET", "/static/main.js"), ("GET", "/static/../_api.py"), ("GET", "/static/nothing"),
        ("GET", "/static/index.html"), ("GET", "/static/%2e%2e/_api.py"),
    )  # fmt: skip
    assert first.headers["content-type"].startswith("text/javascript")
    assert [each.status for each in missing] == [404] * 4
    tag = {"if_none_match": first.headers["etag"]}
    (again,) = requests(("GET", "/static/main.js", b"", tag))
    assert (again.status, again.body) == (304, b"")


def test_thinking_comes_line_by_line() -> None:
    (found,) = requests(("POST", "/api/think", of(TABLE)))
    assert [line["part"] for line in found.lines()] == ["first", "next", "theories"]
    assert found.lines()[0]["headline"] == "The group S3"
    (found,) = requests(("POST", "/api/think", of(Table.from_array([[0, 1], [1, -1]]))))
    assert [line["part"] for line in found.lines()] == ["first", "answer", "next", "theories"]


def test_files_are_read_and_written() -> None:
    read, written = requests(
        ("POST", "/api/read?name=a.csv", b",e,a\ne,e,a\na,a,?\n"),
        ("POST", "/api/export", of(TABLE, what="csv")),
    )
    assert read.json()["table"]["cells"] == [[0, 1], [1, -1]]
    assert written.headers["content-disposition"] == 'attachment; filename="table.csv"'
    assert written.body.startswith(b",")


def test_the_start_says_what_there_is() -> None:
    (start,) = requests(("GET", "/api/start"))
    found = start.json()
    assert found["limits"]["order"] == 20 and len(found["examples"]) == 8
    assert "csv" in found["formats"] and "report.html" in found["files"]


MALFORMED = [
    ("/api/think", b""),
    ("/api/think", b"{"),
    ("/api/think", b"[" * 50_000),
    ("/api/think", {"table": SECRET}),
    ("/api/think", of(TABLE) | {"assume": 3}),
    ("/api/make", {"what": SECRET}),
    ("/api/reason", of(TABLE, row=SECRET)),
    ("/api/lesson", {"name": SECRET}),
    ("/api/runs", of(TABLE, solver=SECRET)),
    ("/api/runs", of(TABLE, seed=-1)),
    ("/api/runs", {}),
]


@pytest.mark.parametrize(("path", "body"), MALFORMED)
def test_malformed_bodies_end_in_a_sentence_and_one_line(path, body, caplog) -> None:
    with caplog.at_level(logging.DEBUG, "cayley.studio"):
        (found,) = requests(("POST", path, body))
    assert found.status == 400
    message = found.json()["message"]
    assert message.endswith(".") and "\n" not in message
    assert len(caplog.records) == 1
    assert SECRET not in caplog.text


def test_what_a_visitor_mistypes_is_told_to_them_and_to_no_log(caplog) -> None:
    table = table_document(Table.from_array([[0, 1], [1, 0]], labels=[SECRET, "a"]))
    with caplog.at_level(logging.DEBUG):
        read, family, think, seconds = requests(
            ("POST", f"/api/read?name={SECRET}.csv", f",e,a\ne,e,{SECRET}\na,a,\n".encode()),
            ("POST", "/api/make", {"what": "family", "family": SECRET}),
            ("POST", "/api/think", {"table": table, "assume": SECRET}),
            ("POST", "/api/runs", {"table": table, "seconds": 1000}),
        )
    assert {each.status for each in (read, family, think, seconds)} == {422}
    assert SECRET in read.json()["message"] and "0.1 to 120" in seconds.json()["message"]
    assert SECRET not in caplog.text


@pytest.mark.parametrize(("declared", "read"), [("1000000", 4), ("1", 4), (str(1 << 40), 0)])
def test_who_sends_too_much_sends_it_to_the_end_and_sees_the_answer(declared, read) -> None:
    """A browser that is cut off while it sends shows an error of the network."""
    events = []

    async def asks(scope, receive, send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        events.append("read")
        more = events.count("read") < 4
        return {"type": "http.request", "body": b"x" * 250_000, "more_body": more}

    async def take(message) -> None:
        events.append(message.get("status", "body"))

    headers = [(b"host", b"localhost"), (b"content-length", declared.encode())]
    app = Guard(asks, limit=1000, names=allowed_names("127.0.0.1", []))
    in_a_loop(app({"type": "http", "headers": headers}, receive, take))
    assert events == ["read"] * read + [413, "body"]


def test_what_is_too_long_is_refused_before_it_is_kept() -> None:
    declared, bad, long = requests(
        ("POST", "/api/think", b"x", {"content_length": str(1 << 20)}),
        ("POST", "/api/think", b"x", {"content_length": "-1"}),
        ("POST", "/api/read?name=a.csv", b"x" * 5001),
    )
    assert [each.status for each in (declared, bad, long)] == [413] * 3
    assert "up to 5000" in long.json()["message"]
    # the declared length need not be true
    (lied,) = requests(("POST", "/api/think", b"x" * (1 << 19), {"content_length": "1"}))
    assert lied.status == 413


def test_other_sites_and_other_names_are_refused() -> None:
    answers = requests(
        ("GET", "/", b"", {"host": "rebound.example"}),
        ("POST", "/api/think", of(TABLE), {"origin": "https://other.example"}),
        ("POST", "/api/think", of(TABLE), {"origin": "null"}),
        ("GET", "/", b"", {"host": "school.example"}),
        ("POST", "/api/think", of(TABLE), {"origin": "http://localhost"}),
    )
    assert [each.status for each in answers] == [403, 403, 403, 200, 200]


def test_a_password_stands_before_everything() -> None:
    async def act(app, studio):
        doors = [await send(app, "GET", path) for path in ("/", "/api/start", "/api/lessons")]
        doors += [
            await send(app, "POST", path, of(TABLE))
            for path in ("/api/think", "/api/read", "/api/export", "/api/runs")
        ]
        wrong = await send(app, "POST", "/api/login", {"password": "sesam"})
        right = await send(app, "POST", "/api/login", {"password": "sesame"})
        cookie = right.headers["set-cookie"].partition(";")[0]
        forged = cookie[:-4] + ("0000" if cookie[-4:] != "0000" else "1111")
        inside = await send(app, "GET", "/api/start", cookie=cookie)
        page = await send(app, "GET", "/", cookie=cookie)
        outside = await send(app, "GET", "/api/start", cookie=forged)
        malformed = await send(app, "POST", "/api/login", {"password": 1})
        return doors, wrong, inside, page, outside, malformed

    doors, wrong, inside, page, outside, malformed = requests(password="sesame", act=act)
    assert b"Password" in doors[0].body and "set-cookie" not in doors[0].headers
    assert [each.status for each in doors[1:]] == [401] * 6
    assert wrong.status == 401 and "set-cookie" not in wrong.headers
    assert inside.status == 200 and b"Workbench" in page.body
    assert outside.status == 401
    assert malformed.status == 400


def test_those_who_guess_wait_for_each_other_and_not_too_many() -> None:
    async def act(app, studio):
        begun = time.monotonic()
        guesses = [send(app, "POST", "/api/login", {"password": str(i)}) for i in range(3)]
        found = await asyncio.gather(*guesses)
        took = time.monotonic() - begun
        studio.guessing = 40
        return found, took, await send(app, "POST", "/api/login", {"password": "sesame"})

    found, took, refused = requests(password="sesame", act=act)
    assert [each.status for each in found] == [401] * 3
    assert took >= 1.5
    assert refused.status == 429


def test_a_visitor_has_own_runs_and_limits(monkeypatch) -> None:
    async def wait(self) -> None:
        self.files["report.html"] = b"<p>"
        self._tell(b'{"type":"started"}')

    monkeypatch.setattr(Run, "go", wait)

    async def act(app, studio):
        ann, bob = (studio.doors.cookie().partition(";")[0] for _ in range(2))
        started = [await send(app, "POST", "/api/runs", of(TABLE), cookie=ann) for _ in range(5)]
        name = started[0].json()["id"]
        mine = await send(app, "GET", f"/api/runs/{name}?after=0", cookie=ann)
        theirs = [
            await send(app, method, f"/api/runs/{name}{path}", cookie=bob)
            for method, path in (("GET", ""), ("POST", "/stop"), ("GET", "/files/report.html"))
        ]
        wrong = await send(app, "GET", f"/api/runs/{name}?after=x", cookie=ann)
        report = await send(app, "GET", f"/api/runs/{name}/files/report.html", cookie=ann)
        missing = await send(app, "GET", f"/api/runs/{name}/files/nothing", cookie=ann)
        stopped = await send(app, "POST", f"/api/runs/{name}/stop", cookie=ann)
        return started, mine, theirs, wrong, report, missing, stopped

    started, mine, theirs, wrong, report, missing, stopped = requests(act=act)
    assert [each.status for each in started] == [200] * 4 + [429]
    assert mine.json()["messages"] == [{"type": "started"}]
    assert [each.status for each in theirs] == [404] * 3
    assert (wrong.status, missing.status, stopped.status) == (400, 404, 200)
    assert report.headers["content-security-policy"].startswith("sandbox allow-scripts;")


def test_one_visitor_cannot_keep_all_busy() -> None:
    async def act(app, studio):
        studio.reading["at 192.0.2.1"] = 2
        studio.busy["at 192.0.2.1"] = 6
        read = await send(app, "POST", "/api/read?name=a.csv", b",a\na,a\n")
        made = await send(app, "POST", "/api/make", {"what": "family", "family": "C3"})
        studio.reading.clear()
        studio.busy.clear()
        again = await send(app, "POST", "/api/read?name=a.csv", b",a\na,a\n")
        return read, made, again, studio

    read, made, again, studio = requests(act=act)
    assert (read.status, made.status, again.status) == (429, 429, 200)
    assert not studio.reading and not studio.busy  # nothing is kept of who has left


def test_an_error_of_ours_is_one_line_without_labels(caplog, monkeypatch) -> None:
    def fail(*_: object):
        raise TypeError(SECRET)

    monkeypatch.setattr(Studio, "visitor", fail)
    with caplog.at_level(logging.DEBUG, "cayley.studio"):
        (found,) = requests(("GET", "/api/start"))
    assert found.status == 500 and SECRET.encode() not in found.body
    assert [record.getMessage() for record in caplog.records] == ["a request failed: TypeError"]
    assert SECRET not in caplog.text


def test_the_page_holds_no_inline_code() -> None:
    page, login = requests(("GET", "/")), requests(("GET", "/"), password="x")
    for text in (page[0].body.decode(), login[0].body.decode()):
        assert " style=" not in text and "<style" not in text and " onclick" not in text
        assert "<script>" not in text and "http://" not in text and "https://" not in text


def test_no_script_parses_data_as_html() -> None:
    async def act(app, studio):
        return {name: content.decode() for name, (_, _, content) in studio.files.items()}

    for name, text in requests(act=act).items():
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                     "new Function", "srcdoc", 'setAttribute("style"'):  # fmt: skip
            assert word not in text, (name, word)


def test_messages_are_json_that_browsers_read() -> None:
    (found,) = requests(("POST", "/api/make", {"what": "nothing"}))
    assert json.loads(found.body)["message"]
    assert found.headers["content-type"] == "application/json"
