"""What the server answers: the page, uploads and reports. It refuses requests that are too long."""

import secrets
from collections import OrderedDict

from nicegui import ui
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cayley.studio._examples import example
from cayley.studio._hosts import refusal
from cayley.studio._page import Page
from cayley.studio._runs import Runner
from cayley.studio._session import Session
from cayley.studio._state import State, decode_state
from cayley.studio._visitor_limits import VisitorLimits

__all__ = ["Guard", "Studio"]

_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
"""What a page may load: its own server's files only. The framework needs inline scripts."""

# A report is made from a visitor's labels. The sandbox gives it an origin of its own, so that even
# a script that got into it could reach nothing of the studio.
_REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "script-src 'unsafe-inline'"
)

_KEPT_REPORTS = 64  # of all visitors together, at most 2 MB each; the oldest go first


class Studio:
    """What all visitors share.

    Args:
        limits: What a visitor may ask for.
    """

    def __init__(self, limits: VisitorLimits) -> None:
        self.limits = limits
        self.runner = Runner(limits.max_runs)
        self._pages: dict[str, Page] = {}
        self._reports: OrderedDict[str, bytes] = OrderedDict()

    async def page(self, request: Request, s: str = "") -> None:
        """Build the page of a visitor, with the state of a link if there is one."""
        problem = ""
        # Something to look at, and what a visitor works on if the link is damaged.
        state = State(table=example("c3v_partial"))
        if s:
            try:
                state = decode_state(s, limits=self.limits)
            except ValueError as error:
                problem = str(error)
        # Who knows it can send files to this page, so it cannot be guessed.
        visitor = secrets.token_urlsafe(16)
        page = Page(
            Session(self.limits, state),
            self.runner,
            upload=f"/tables/{visitor}",
            address=str(request.base_url),
            open_report=self.keep_report,
        )
        ui.add_head_html('<link rel="stylesheet" href="/studio/studio.css">')
        ui.add_body_html('<script src="/studio/studio.js"></script>')
        page.build(problem)
        self._pages[visitor] = page
        client = ui.context.client

        # Called when a page is closed, and not when its connection is lost for a moment.
        def gone() -> None:
            self._pages.pop(visitor, None)
            page.close()

        client.on_delete(gone)

    async def receive(self, request: Request, visitor: str, name: str = "table") -> Response:
        """Take a file that a visitor sends: in memory, up to the limit, its name never a path."""
        page = self._pages.get(visitor)
        if page is None:
            return Response(status_code=404)
        # Counted as it comes: the length that a request declares need not be true.
        content = bytearray()
        async for part in request.stream():
            content += part
            if len(content) > self.limits.max_bytes:
                return Response(status_code=413)
        page.receive(bytes(content), name)
        return Response(status_code=204)

    def keep_report(self, content: bytes) -> str:
        """Keep a report for a while and return its address, which cannot be guessed."""
        token = secrets.token_urlsafe(16)
        self._reports[token] = content
        while len(self._reports) > _KEPT_REPORTS:
            self._reports.popitem(last=False)
        return f"/reports/{token}"

    async def report(self, token: str) -> Response:
        """Return a report that was kept."""
        content = self._reports.get(token)
        if content is None:
            return Response("This report is no longer kept; complete the table again.", 404)
        return HTMLResponse(content, headers={"Content-Security-Policy": _REPORT_POLICY})


class Guard:
    """Refuse requests of other sites' pages and those that are too long, before reading them.

    Pages get headers that forbid them to load anything from elsewhere.

    Args:
        app: What answers the rest.
        limit: Most bytes of a request.
        names: The names by which the server may be called; see ``_hosts``.
    """

    def __init__(self, app: ASGIApp, *, limit: int, names: frozenset[str]) -> None:
        self._app, self._limit, self._names = app, limit, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):  # the server's own start and end
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        reason = refusal(headers, self._names)
        if scope["type"] == "websocket":  # by which the page talks to the server
            if reason is not None:
                await send({"type": "websocket.close", "code": 1008})  # a policy was violated
                return
            await self._app(scope, receive, send)
            return
        if reason is not None:
            await _answer(send, 403, reason)
            return
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > self._limit:
            await _answer(send, 413, "too long")
            return

        # A header that an answer has already, such as the policy of a report, stays.
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {key.lower() for key, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((k, v) for k, v in _HEADERS if k not in known),
                ]
            await send(message)

        await self._app(scope, receive, guarded)


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode("utf-8", "replace")})


# The referrer would tell other hosts the address, and with it the table in a link.
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
