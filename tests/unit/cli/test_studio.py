import socket

import pytest


def test_help_names_the_limits(cayley) -> None:
    shown = cayley("studio", "--help").out
    for option in ("--host", "--port", "--no-open", "--max-order", "--time-limit", "--max-runs"):
        assert option in shown
    assert "127.0.0.1" in shown


def test_a_port_that_is_taken(cayley, monkeypatch) -> None:
    monkeypatch.setattr("cayley.studio._server.find_spec", lambda name: name)  # the extra is there
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        found = cayley("studio", "--no-open", "--port", port)
    assert found.status == 2
    assert f"cannot listen at 127.0.0.1:{port}" in found.err


def test_without_the_extra(cayley, monkeypatch) -> None:
    server = pytest.importorskip("cayley.studio._server")
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    found = cayley("studio", "--no-open", "--port", 1)
    assert found.status == 2
    assert "pip install 'cayley[studio]'" in found.err
    assert "http://" not in found.err  # no address before it is known that something listens
