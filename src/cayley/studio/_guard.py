"""What stands before every request: names, lengths, the policy, and one line for what is wrong."""

import logging
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cayley.studio._hosts import refusal

__all__ = ["LOG", "POLICY", "REPORT_POLICY", "Guard"]

LOG = logging.getLogger("cayley.studio")
"""Says what was refused and why, and nothing of what visitors send."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a page may do: load this server's own files and talk to it, and nothing else."""

REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "script-src 'unsafe-inline'"
)
"""A report is one file with its own scripts, made from a visitor's labels. The sandbox gives it an
origin of its own, so that even a script that got into it could reach nothing of the studio."""

_ROOM = 1 << 16
"""Bytes beside a table in a request: what is asked of it, and the commas of its document."""

_READ_AWAY = 1 << 26
"""Most bytes of a request that is too long that are read all the same. A browser that is cut off
while it still sends shows an error of the network and not the answer."""

# The referrer would tell other hosts the address.
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """Refuse requests of other sites' pages, and those that are too long, without keeping them.

    Pages get headers that forbid them to load anything from elsewhere.

    Args:
        app: What answers the rest.
        limit: Most bytes of a request's table.
        names: The names by which the server may be called; see ``_hosts``.
    """

    def __init__(self, app: ASGIApp, *, limit: int, names: frozenset[str]) -> None:
        self._app, self._limit, self._names = app, limit + _ROOM, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # the server's own start and end
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here talks in another way
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        reason = refusal(headers, self._names)
        if reason is not None:
            await _answer(send, 403, reason)
            return
        length = headers.get("content-length", "0")
        state = _State()
        if not (length.isascii() and length.isdigit()) or int(length) > self._limit:
            state.more = length.isascii() and length.isdigit() and int(length) <= _READ_AWAY
            await self._too_long(receive, send, state)
            return

        # The length that a request declares need not be true, so its bytes are counted as well.
        async def counted() -> Message:
            message = await receive()
            state.count += len(message.get("body", b""))
            state.more = message.get("more_body", False)
            return {"type": "http.disconnect"} if state.count > self._limit else message

        # A header that an answer has already, such as the policy of a report, stays.
        async def guarded(message: Message) -> None:
            if state.count > self._limit:
                if not state.began:
                    state.began = True
                    await self._too_long(receive, send, state)
                return
            if message["type"] == "http.response.start":
                state.began = True
                known = {key.lower() for key, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((k, v) for k, v in _HEADERS if k not in known),
                ]
            await send(message)

        try:
            await self._app(scope, counted, guarded)
        except Exception as error:
            # The kind and no message: messages can hold labels. One line, since a visitor that
            # wants to fill a disk with tracebacks should not be able to.
            LOG.error("a request failed: %s", type(error).__name__)
            if not state.began:
                await _answer(send, 500, "That went wrong here.")

    async def _too_long(self, receive: Receive, send: Send, state: "_State") -> None:
        while state.more and state.count <= _READ_AWAY:
            message = await receive()
            state.count += len(message.get("body", b""))
            state.more = message.get("more_body", False)
        await _answer(send, 413, f"This studio takes up to {self._limit - _ROOM} bytes.")


@dataclass(slots=True)
class _State:
    """Of one request: the bytes that have come, whether there are more, and of its answer."""

    count: int = 0
    more: bool = False
    began: bool = False


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode("utf-8", "replace")})
