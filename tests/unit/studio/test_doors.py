import pytest

from cayley.studio import _doors
from cayley.studio._doors import COOKIE, Doors


def value(doors: Doors) -> str:
    return doors.cookie().partition(";")[0]


def test_a_cookie_names_its_visitor_and_no_two_are_equal() -> None:
    doors = Doors()
    first, second = value(doors), value(doors)
    assert (
        doors.visitor_of(first) == doors.visitor_of(f"other=1; {first}") != doors.visitor_of(second)
    )


def test_nobody_else_makes_cookies() -> None:
    cookie = value(Doors())
    assert Doors().visitor_of(cookie) is None  # of another start
    doors = Doors()
    good = value(doors)
    name, until, signature = good.partition("=")[2].split(".")
    for forged in (
        "", COOKIE, f"{COOKIE}=", f"{COOKIE}=a.b.c", f"{COOKIE}={name}.{until}",
        f"{COOKIE}=x{name}.{until}.{signature}", f"{COOKIE}={name}.{int(until) + 1}.{signature}",
        f"{COOKIE}={name}.{until}.{signature[:-1]}", f"{COOKIE}=..", "\x00", "\udc80",
    ):  # fmt: skip
        assert doors.visitor_of(forged) is None, forged


def test_a_cookie_ends(monkeypatch) -> None:
    doors = Doors()
    good = value(doors)
    now = _doors.time.time()
    monkeypatch.setattr(_doors.time, "time", lambda: now + 13 * 3600)
    assert doors.visitor_of(good) is None


@pytest.mark.parametrize("word", ["", "sesam", "sesame ", "Sesame", "\udcff", "x" * 500])
def test_only_the_password_is_right(word) -> None:
    doors = Doors("sesame")
    assert doors.is_locked and doors.is_right("sesame")
    assert not doors.is_right(word)
    assert not Doors().is_right(word)
