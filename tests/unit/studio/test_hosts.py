"""Which requests the studio answers, by their Host and Origin."""

import asyncio

import pytest

pytest.importorskip("nicegui", reason="no nicegui; install it with: pip install 'cayley[studio]'")

from cayley.studio._hosts import allowed_names, refusal
from cayley.studio._web import Guard

LOCAL = allowed_names("127.0.0.1")
EVERYWHERE = allowed_names("0.0.0.0")

ANSWERED = [
    (LOCAL, "127.0.0.1:8080", None),
    (LOCAL, "localhost", "http://localhost"),
    (LOCAL, "LOCALHOST:8080", "http://localhost:8080"),
    (LOCAL, "[::1]:8080", "http://[::1]:8080"),
    (allowed_names("192.0.2.7"), "192.0.2.7:80", None),
    (allowed_names("127.0.0.1", ["algebra.example"]), "algebra.example", "https://algebra.example"),
    (EVERYWHERE, "192.0.2.7:8080", "http://192.0.2.7:8080"),
    (EVERYWHERE, "[2001:db8::1]", None),
]
REFUSED = [
    (LOCAL, "", None),
    (LOCAL, "rebound.example", None),
    (LOCAL, "localhost.rebound.example", None),
    (LOCAL, "127.0.0.1.rebound.example:8080", None),
    (LOCAL, "192.0.2.7:8080", None),
    (LOCAL, "rebound.example:8080", "http://rebound.example:8080"),
    (LOCAL, "localhost:8080", "https://other.example"),
    (LOCAL, "localhost:8080", "http://localhost:9000"),
    (LOCAL, "localhost:8080", "null"),
    (LOCAL, "127.0.0.1:8080", "http://localhost:8080"),
    (LOCAL, "[::1", None),
    (LOCAL, "other.example@localhost", "http://other.example"),
    (EVERYWHERE, "rebound.example", None),
]


def headers(host: str, origin: str | None) -> dict[str, str]:
    return {"host": host} | ({} if origin is None else {"origin": origin})


@pytest.mark.parametrize(("names", "host", "origin"), ANSWERED)
def test_requests_to_its_own_names_are_answered(names, host, origin):
    assert refusal(headers(host, origin), names) is None


@pytest.mark.parametrize(("names", "host", "origin"), REFUSED)
def test_requests_of_other_sites_are_refused(names, host, origin):
    assert refusal(headers(host, origin), names) is not None


def asked(kind: str, host: str, origin: str | None, **more: str) -> tuple[bool, list[dict]]:
    """Send one request through the guard; return whether it went on, and what was answered."""
    reached, sent = [], []

    async def app(scope, receive, send) -> None:
        reached.append(scope)

    async def send(message) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "headers": [
            (key.encode(), value.encode()) for key, value in (headers(host, origin) | more).items()
        ],
    }
    asyncio.run(Guard(app, limit=100, names=LOCAL)(scope, None, send))
    return bool(reached), sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_guard_stops_both_kinds_of_requests(kind):
    assert asked(kind, "localhost:8080", "http://localhost:8080") == (True, [])
    for host, origin in [("rebound.example", None), ("localhost", "https://other.example")]:
        went_on, sent = asked(kind, host, origin)
        assert not went_on
        refused = {"http": ("http.response.start", 403), "websocket": ("websocket.close", 1008)}
        assert (sent[0]["type"], sent[0].get("status") or sent[0].get("code")) == refused[kind]


@pytest.mark.parametrize("length", ["101", "-1", "x", "\u00b2"])
def test_the_guard_stops_what_is_too_long(length):
    went_on, sent = asked("http", "localhost", None, **{"content-length": length})
    assert not went_on and sent[0]["status"] == 413
