"""Exact numbers, words in generators, and labels as HTML."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["cleaned", "typeset_number", "typeset_words"]

# Roots in GAP's notation: E(n)^k is a power of the n-th root of unity, w that of the third.
_ROOT = re.compile(r"E\((\d+)\)(?:\^(\d+))?|w(?:\^(\d+))?|√(\d+)")
_POWER = re.compile(r"\^(-?\d+)")
# These turn the direction of all text after them, also that outside of a label.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def typeset_number(text: str) -> "Markup":
    r"""Return an exact number with its roots of unity and square roots typeset.

    Example:
        >>> str(typeset_number("2*E(7)^3-1"))
        '2ζ<sub>7</sub><sup>3</sup>−1'
    """
    from markupsafe import Markup, escape

    # Escaped first: the markup that is put in afterwards has to stay.
    plain = str(escape(text)).replace("-", "\N{MINUS SIGN}").replace("*", "")
    return Markup(_ROOT.sub(_root, plain))


def _root(found: re.Match[str]) -> str:
    """Return one root as HTML."""
    order, power, power_of_w, radicand = found.groups()
    if radicand is not None:
        return f"√{radicand}"
    name, power = (f"ζ<sub>{order}</sub>", power) if order else ("ω", power_of_w)
    return name if power is None else f"{name}<sup>{power}</sup>"


def typeset_words(text: str) -> "Markup":
    """Return words in generators with their exponents raised.

    Example:
        >>> str(typeset_words("< a, b | a^2 >"))
        '⟨ a, b | a<sup>2</sup> ⟩'
    """
    from markupsafe import Markup, escape

    # Brackets first: afterwards they would have become entities.
    plain = text.replace("<", "⟨").replace(">", "⟩")
    return Markup(_POWER.sub(r"<sup>\1</sup>", str(escape(plain))))


def cleaned(value: Any) -> Any:
    r"""Return text without the characters that HTML forbids; any other value as it is.

    Control characters, lone surrogates and noncharacters are replaced by U+FFFD, and so are the
    controls that would turn the direction of the text after them.

    Example:
        >>> cleaned("a\x00b"), cleaned(3)
        ('a�b', 3)
    """
    from markupsafe import Markup

    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    # Printable text, almost all there is, has none of them: one fast test instead of a loop.
    return "".join(map(_allowed, value)) if not value.isprintable() else value


def _allowed(character: str) -> str:
    """Return a character, a space for a line break or a tab, or U+FFFD for one not allowed."""
    if character in "\n\t":
        return " "
    code = ord(character)
    # The noncharacters of Unicode: the last two of each plane, and 32 more.
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    if nothing or character in _OVERRIDES or unicodedata.category(character) in ("Cc", "Cs"):
        return "\N{REPLACEMENT CHARACTER}"
    return character
