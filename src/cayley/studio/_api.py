"""What the server answers: the page, its files, and the requests of the page as JSON.

The server reads no table itself. It knows visitors by their cookies, counts what they ask for,
hands bodies on to worker processes and their answers back.
"""

import asyncio
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cayley.studio._doors import Doors
from cayley.studio._guard import LOG, REPORT_POLICY
from cayley.studio._jobs import SOLVERS, Job
from cayley.studio._runs import Run, Runs
from cayley.studio._visitor_limits import VisitorLimits
from cayley.studio._workers import Refused, Superseded, Tasks
from cayley.studio.answers._examples import example_documents
from cayley.studio.answers._exports import MEDIA, SOLUTION_FILES, TABLE_FORMATS
from cayley.studio.answers._table_documents import (
    LARGEST_SEED,
    Malformed,
    assumption_in,
    integer_in,
    number_in,
    object_of,
    table_in,
    text_in,
)
from cayley.studio.answers._tasks import dumped

__all__ = ["Studio", "application"]

_STATIC = Path(__file__).parent / "static"

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_LOGIN_SECONDS = 0.5
"""Every wrong password takes so long, one after another: some thousand guesses an hour."""

_MOST_GUESSING = 40
"""Passwords that wait to be compared; a class that comes in at once has thirty right ones."""

_PAGES = 16
"""Pages of one visitor that can think at a time; what comes beyond supersedes another's."""

_MOST_DONE_AT_ONCE = 6
"""Tasks of one visitor that are done or wait at a time, beside thinking: a page needs two."""


@dataclass(slots=True, kw_only=True)
class Studio:
    """What all visitors share.

    Attributes:
        limits: What a visitor may ask for.
        doors: Who may come in.
        quick: Does what takes milliseconds.
        slow: Does what takes seconds.
        readers: Read what visitors send.
        runs: The runs of all visitors.
    """

    limits: VisitorLimits
    doors: Doors
    quick: Tasks
    slow: Tasks
    readers: Tasks
    runs: Runs
    busy: Counter[str] = field(default_factory=Counter)
    reading: Counter[str] = field(default_factory=Counter)
    guesses: asyncio.Lock = field(default_factory=asyncio.Lock)
    guessing: int = 0
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in _STATIC.iterdir():
            if path.suffix in _KINDS:
                content = path.read_bytes()
                tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
                self.files[path.name] = _KINDS[path.suffix], tag, content

    def visitor(self, request: Request) -> str | None:
        """Return who sends a request; None if it has to say the password first."""
        found = self.doors.visitor_of(request.headers.get("cookie", ""))
        if found is not None or self.doors.is_locked:
            return found
        # Somebody without a cookie, such as a program: one visitor for each address.
        return f"at {request.client.host if request.client else 'nowhere'}"

    # ---- the page and its files

    async def page(self, request: Request) -> Response:
        """Return the page, or the one that asks for the password; with a first cookie."""
        known = self.doors.visitor_of(request.headers.get("cookie", ""))
        locked = self.doors.is_locked and known is None
        response = self._file(request, "login.html" if locked else "index.html")
        if known is None and not locked:
            response.headers["set-cookie"] = self.doors.cookie()
        return response

    async def static(self, request: Request) -> Response:
        """Return one of the page's own files; the names are known, so none can be a path."""
        name = request.path_params["name"]
        if name not in self.files or name.endswith(".html"):
            return _json(404, {"message": "There is no such file."})
        return self._file(request, name)

    def _file(self, request: Request, name: str) -> Response:
        media, tag, content = self.files[name]
        # Asked for each time, answered in a line if nothing has changed.
        headers = {"cache-control": "no-cache", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media, headers=headers)

    async def login(self, request: Request) -> Response:
        """Let in who knows the password."""
        word = text_in(object_of(await request.body()), "password", most=500)
        if self.guessing >= _MOST_GUESSING:
            raise Refused(429, "Too many are at the door; try again in a moment.", "limit")
        self.guessing += 1
        try:
            async with self.guesses:  # one guess at a time, of all visitors together
                if not self.doors.is_right(word):
                    await asyncio.sleep(_LOGIN_SECONDS)
                    raise Refused(401, "That is not the password.", "password")
        finally:
            self.guessing -= 1
        return _json(200, {}, {"set-cookie": self.doors.cookie()})

    # ---- what the page asks

    async def start(self, request: Request, visitor: str) -> Response:
        """Say what the page has to know to begin."""
        limits = self.limits
        return _json(
            200,
            {
                "limits": {
                    "order": limits.max_order,
                    "bytes": limits.max_bytes,
                    "seconds": limits.time_limit,
                    "runs": limits.max_waiting,
                    "seed": LARGEST_SEED,
                },
                "formats": TABLE_FORMATS,
                "files": SOLUTION_FILES,
                "examples": example_documents(),
            },
        )

    async def think(self, request: Request, visitor: str) -> Response:
        """Say what can be said of a table, line after line, as it becomes known."""
        body = await request.body()
        # Newer requests of a page supersede its older ones. What a page calls itself only chooses
        # among a few places, since a visitor may claim to have any number of pages.
        page = zlib.crc32(request.headers.get("x-page", "").encode("latin-1", "replace"))
        key = f"{visitor}/{page % _PAGES}"
        about = {"max_order": self.limits.max_order}
        parts = self.quick.run("first", body, about, key=key)
        # A refusal has a status of its own, so the answer begins with the first part.
        first = await anext(parts)
        async for _ in parts:
            pass

        async def lines() -> AsyncIterator[bytes]:
            yield first
            settled = {"settled": b'"settled":true' in first[:60]}
            try:
                async for part in self.slow.run("further", body, about | settled, key=key):
                    yield part
            except Superseded:
                return
            except Refused as error:
                _note("think", error)
                yield dumped({"part": "error", "message": str(error)})

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    async def read(self, request: Request, visitor: str) -> Response:
        """Read a file that was opened, dropped or pasted; its name is never a path."""
        if self.reading[visitor] >= self.limits.max_uploads:
            raise Refused(429, "A table of yours is still being read; wait for it.", "limit")
        body = await request.body()
        if len(body) > self.limits.max_bytes:
            raise Refused(
                413,
                f"The file has {len(body)} bytes; this studio takes up to {self.limits.max_bytes}.",
                "too long",
            )
        about = {
            "max_order": self.limits.max_order,
            "name": request.query_params.get("name", "table")[:300],
            "open": request.query_params.get("open") == "1",
        }
        self.reading[visitor] += 1
        try:
            return await _whole(self.readers.run("read", body, about))
        finally:
            self.reading[visitor] -= 1
            if not self.reading[visitor]:
                del self.reading[visitor]  # visitors come and go; nothing is kept of them

    def task(self, name: str, *, quick: bool = False) -> "_Handler":
        """Return what answers a request by doing one task."""

        async def handle(request: Request, visitor: str) -> Response:
            lane = self.quick if quick else self.slow
            body = b"{}" if request.method == "GET" else await request.body()
            with self._one_more(visitor):
                return await _whole(lane.run(name, body, {"max_order": self.limits.max_order}))

        return handle

    async def export(self, request: Request, visitor: str) -> Response:
        """Return a file of a table, or of what is thought of it."""
        body = await request.body()
        with self._one_more(visitor):
            parts = self.slow.run("export", body, {"max_order": self.limits.max_order})
            whole = b"".join([part async for part in parts])
        head, _, content = whole.partition(b"\n")
        about = json.loads(head)
        return _download(about["name"], about["media"], content)

    def _one_more(self, visitor: str) -> "_Counted":
        if self.busy[visitor] >= _MOST_DONE_AT_ONCE:
            raise Refused(429, "Too much at once; wait a moment.", "limit")
        return _Counted(self.busy, visitor)

    # ---- runs

    async def run(self, request: Request, visitor: str) -> Response:
        """Start a run."""
        asked = object_of(await request.body())
        solver = text_in(asked, "solver", "auto")
        if solver not in SOLVERS:
            raise Malformed(f"`solver` must be one of {', '.join(SOLVERS)}.")
        seconds = number_in(asked, "seconds", 60, least=0, most=1e9)
        if not 0.1 <= seconds <= self.limits.time_limit:
            raise ValueError(f"Seconds must be a number from 0.1 to {self.limits.time_limit:g}.")
        job = Job(
            table=table_in(asked, max_order=self.limits.max_order),
            solver=next(each for each in SOLVERS if each == solver),
            assume=assumption_in(asked),
            seed=integer_in(asked, "seed", 0, least=0, most=LARGEST_SEED),
            time_limit=seconds,
            allowance=self.limits.max_memory,
        )
        return _json(200, {"id": self.runs.start(visitor, job).id})

    def _run(self, request: Request, visitor: str) -> Run:
        found = self.runs.get(visitor, request.path_params["id"])
        if found is None:
            raise Refused(404, "This run is no longer kept; complete the table again.", "gone")
        return found

    async def news(self, request: Request, visitor: str) -> Response:
        """Return what has happened to a run."""
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Malformed("`after` must be a number.")
        content = await self.runs.news(self._run(request, visitor), int(after))
        return Response(content, media_type="application/json")

    async def stop(self, request: Request, visitor: str) -> Response:
        """Ask a run to end with the best so far."""
        self._run(request, visitor).stop()
        return _json(200, {})

    async def file(self, request: Request, visitor: str) -> Response:
        """Return a file of a run; a report is shown, others are downloaded."""
        name = request.path_params["name"]
        content = self._run(request, visitor).files.get(name)
        if content is None:
            raise Refused(404, "There is no such file.", "gone")
        if name == "report.html" and "download" not in request.query_params:
            headers = {"content-security-policy": REPORT_POLICY}
            return Response(content, media_type="text/html", headers=headers)
        media = MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
        return _download(name, media, content)


_Handler = Callable[[Request, str], Awaitable[Response]]


class _Counted:
    """Counts one more while its block lasts."""

    def __init__(self, counter: Counter[str], key: str) -> None:
        self._counter, self._key = counter, key

    def __enter__(self) -> None:
        self._counter[self._key] += 1

    def __exit__(self, *_: object) -> None:
        self._counter[self._key] -= 1
        if not self._counter[self._key]:
            del self._counter[self._key]


def application(studio: Studio) -> Starlette:
    """Return the application that answers all requests; :class:`~_guard.Guard` stands before it."""

    def answered(name: str, handle: _Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                visitor = studio.visitor(request)
                if visitor is None:
                    raise Refused(401, "Say the password first.", "password")
                return await handle(request, visitor)
            except ClientDisconnect:
                return Response(status_code=400)
            except Malformed as error:
                refused = Refused(400, str(error), "malformed")
            except ValueError as error:
                refused = Refused(422, str(error), "refused")
            except Refused as error:
                refused = error
            _note(name, refused)
            return _json(refused.status, {"message": str(refused)})

        return answer

    async def anybody(request: Request, visitor: str) -> Response:
        return await studio.login(request)

    def open_(name: str, handle: _Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await handle(request, "")
            except Malformed as error:
                refused = Refused(400, str(error), "malformed")
            except Refused as error:
                refused = error
            _note(name, refused)
            return _json(refused.status, {"message": str(refused)})

        return answer

    asked = {
        "/api/think": studio.think,
        "/api/read": studio.read,
        "/api/reason": studio.task("reason"),
        "/api/make": studio.task("make", quick=True),
        "/api/export": studio.export,
        "/api/pictures": studio.task("pictures"),
        "/api/picture": studio.task("picture"),
        "/api/lesson": studio.task("lesson", quick=True),
        "/api/runs": studio.run,
        "/api/runs/{id}/stop": studio.stop,
    }
    shown = {
        "/api/start": studio.start,
        "/api/lessons": studio.task("lessons", quick=True),
        "/api/runs/{id}": studio.news,
        "/api/runs/{id}/files/{name}": studio.file,
    }
    return Starlette(
        routes=[
            Route("/", studio.page, methods=["GET"]),
            Route("/static/{name}", studio.static, methods=["GET"]),
            Route("/api/login", open_("/api/login", anybody), methods=["POST"]),
            *(Route(path, answered(path, do), methods=["POST"]) for path, do in asked.items()),
            *(Route(path, answered(path, do), methods=["GET"]) for path, do in shown.items()),
        ]
    )


_USUAL = frozenset({"refused", "superseded", "gone"})
"""What visitors do all day: a mistyped cell is no news for whoever keeps the studio."""


def _note(name: str, refused: Refused) -> None:
    """Write one line about a request that was no usual one; nothing of what was sent."""
    if refused.kind not in _USUAL:
        LOG.warning("%s: %d, %s", name, refused.status, refused.kind)


async def _whole(parts: AsyncIterator[bytes]) -> Response:
    return Response(b"".join([part async for part in parts]), media_type="application/json")


def _json(status: int, document: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(
        dumped(document), status_code=status, media_type="application/json", headers=headers
    )


def _download(name: str, media: str, content: bytes) -> Response:
    # Names are ours: a format's suffix or a file of a solution.
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=media, headers=headers)
