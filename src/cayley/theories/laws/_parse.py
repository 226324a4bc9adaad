r"""Identities as people write them, turned into laws.

Grammar, from the loosest to the tightest::

    laws      law (";" law)*
    law       side "=" side
    side      factor | factor operator factor
    factor    atom | atom atom            juxtaposition binds tighter than an operator
    atom      variable | "(" side ")"

The operation need not be associative, so three factors in a row are refused and not guessed.
"""

import re
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias

from cayley.theories.laws._terms import Law, Term

__all__ = ["parse_laws"]

_Kind: TypeAlias = Literal["variable", "operator", "(", ")", "=", ";", "end"]

_OPERATORS = "*∗·⋅.∘◦◇⋄×+"
_TOKENS = re.compile(
    rf"""(?P<space>[ \t]+)
    | (?P<operator>[{re.escape(_OPERATORS)}])
    | (?P<variable>[^\W\d_](?:_?\d+)?['′]*)
    | (?P<open>[(\[{{]) | (?P<close>[)\]}}])
    | (?P<equals>==?|≈|≃) | (?P<semicolon>;|\r?\n)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str
    place: int  # counted from 0


def parse_laws(text: str) -> tuple[Law, ...]:
    """Return the laws in a text, one or more identities separated by ``;`` or line ends.

    A product is written with ``*``, ``.``, ``·``, ``∘``, ``◇``, ``×``, ``+``, with an ``o``
    between blanks, or by putting operands side by side, which binds tighter: ``xy * zx`` is
    ``(x*y)*(z*x)``. A variable is a letter, with digits or primes behind it if need be.

    Args:
        text: The identities.

    Raises:
        ValueError: If a law cannot be read: with the column and what was expected there.

    Example:
        >>> [str(law) for law in parse_laws("x(yz) = (xy)z; a ∘ b = b ∘ a")]
        ['x*(y*z) = (x*y)*z', 'x*y = y*x']
        >>> parse_laws("x*(y*z = y")
        Traceback (most recent call last):
        ...
        ValueError: Column 8: expected an operator or ')', found '='.
          x*(y*z = y
                 ^
    """
    return _Parser(text).laws()


class _Parser:
    """Reads tokens from left to right; every method leaves the place behind what it read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0

    def laws(self) -> tuple[Law, ...]:
        laws: list[Law] = []
        while True:
            while self._is_at(";"):
                self._at += 1
            if self._is_at("end") and laws:
                return tuple(laws)
            laws.append(self._law())
            if not self._is_at(";", "end"):
                self._fail("an operator, ';' or the end")

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _is_at(self, *kinds: _Kind) -> bool:
        return self._now.kind in kinds

    def _law(self) -> Law:
        numbers: dict[str, int] = {}
        left = self._side(numbers)
        if not self._is_at("="):
            self._fail("an operator or '='")
        self._at += 1
        return Law(left, self._side(numbers))

    def _side(self, numbers: dict[str, int]) -> Term:
        left = self._factor(numbers)
        if not self._is_at("operator"):
            return left
        self._at += 1
        term = (left, self._factor(numbers))
        if self._is_at("operator"):
            self._fail_for_three()
        return term

    def _factor(self, numbers: dict[str, int]) -> Term:
        left = self._atom(numbers)
        if not self._is_at("variable", "("):
            return left
        term = (left, self._atom(numbers))
        if self._is_at("variable", "("):
            self._fail_for_three()
        return term

    def _atom(self, numbers: dict[str, int]) -> Term:
        token = self._now
        if token.kind == "variable":
            self._at += 1
            return numbers.setdefault(token.text, len(numbers))
        if token.kind != "(":
            self._fail("a variable or '('")
        self._at += 1
        term = self._side(numbers)
        if not self._is_at(")"):
            self._fail("an operator or ')'")
        self._at += 1
        return term

    def _fail(self, expected: str) -> NoReturn:
        token = self._now
        found = "the end" if token.kind == "end" else repr(token.text)
        raise _error(self._text, token.place, f"expected {expected}, found {found}.")

    def _fail_for_three(self) -> NoReturn:
        raise _error(
            self._text,
            self._now.place,
            "three factors in a row: the operation need not be associative, so write parentheses.",
        )


def _tokens(text: str) -> list[_Token]:
    kinds: dict[str, _Kind] = {
        "operator": "operator",
        "variable": "variable",
        "open": "(",
        "close": ")",
        "equals": "=",
        "semicolon": ";",
    }
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        match = _TOKENS.match(text, place)
        if match is None or match.lastgroup is None:
            raise _error(text, place, f"{text[place]!r} is no variable, operator or parenthesis.")
        if match.lastgroup != "space":
            kind = kinds[match.lastgroup]
            if kind == "variable" and match[0] == "o" and _is_operator(tokens, text, match):
                kind = "operator"
            tokens.append(_Token(kind, match[0], place))
        place = match.end()
    return [*tokens, _Token("end", "", len(text))]


def _is_operator(tokens: list[_Token], text: str, match: re.Match[str]) -> bool:
    """Whether a letter o stands between blanks and where an operator can stand."""
    around = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return bool(tokens) and tokens[-1].kind in ("variable", ")") and around == (" ", " ")


def _error(text: str, place: int, message: str) -> ValueError:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    line = text[start : None if end < 0 else end].rstrip("\r")
    column = place - start
    where = f"Line {text.count(chr(10), 0, place) + 1}, column" if "\n" in text else "Column"
    return ValueError(f"{where} {column + 1}: {message}\n  {line}\n  {' ' * column}^")
