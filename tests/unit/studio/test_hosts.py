"""Which requests the studio answers, by their Host and Origin."""

import pytest

from cayley.studio._hosts import allowed_names, refusal

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
