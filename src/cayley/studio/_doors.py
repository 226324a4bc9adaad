"""Who may come in: visitors told apart by a signed cookie, and a password for a classroom."""

import hashlib
import hmac
import secrets
import time
from http.cookies import CookieError, SimpleCookie

__all__ = ["COOKIE", "Doors"]

COOKIE = "cayley_studio"

_VALID = 12 * 3600
"""Seconds that a cookie is good for: a school day."""


class Doors:
    """Knows visitors by their cookies, which nobody else can make.

    Args:
        password: What a visitor has to say first; None if everybody may come in.

    Example:
        >>> doors = Doors("open sesame")
        >>> doors.is_right("open sesame"), doors.is_right("open")
        (True, False)
        >>> doors.visitor_of(doors.cookie().partition(";")[0]) is not None
        True
    """

    def __init__(self, password: str | None = None) -> None:
        # A key of this process: who was let in before a new start says the password again.
        self._key = secrets.token_bytes(32)
        self._password = None if password is None else self._digest(password)

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)

    @property
    def is_locked(self) -> bool:
        """Whether a password is asked for."""
        return self._password is not None

    def is_right(self, word: str) -> bool:
        """Return whether a word is the password; the time that takes says nothing about it."""
        # Digests are equally long, so that not even the length of the password shows.
        return self._password is not None and hmac.compare_digest(
            self._digest(word), self._password
        )

    def cookie(self) -> str:
        """Return the header that gives a visitor a cookie."""
        body = f"{secrets.token_urlsafe(12)}.{int(time.time()) + _VALID}"
        value = f"{body}.{self._digest(body).hex()}"
        # Not "Secure": most studios are served on this machine without TLS.
        return f"{COOKIE}={value}; Path=/; Max-Age={_VALID}; HttpOnly; SameSite=Strict"

    def visitor_of(self, header: str) -> str | None:
        """Return who sends a cookie header; None if nobody that was let in."""
        try:
            morsel = SimpleCookie(header).get(COOKIE)
        except CookieError:
            return None
        if morsel is None:
            return None
        name, _, rest = morsel.value.partition(".")
        until, _, signature = rest.partition(".")
        good = hmac.compare_digest(
            self._digest(f"{name}.{until}").hex().encode(), signature.encode("utf-8", "replace")
        )
        if not good or not until.isdigit() or int(until) < time.time():
            return None
        return name
