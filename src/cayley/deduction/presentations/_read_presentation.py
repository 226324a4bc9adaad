"""Presentations as people write them: ``< a, b | a^4, b^2 >``, ``a^4 = b^2 = (a b)^2 = 1``."""

import re
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["WrittenPresentation", "looks_like_presentation", "read_presentation"]

Word: TypeAlias = tuple[int, ...]
"""Letters ``1..r`` for generators and ``-1..-r`` for their inverses."""

# Exponents are written out, so that a^1000000000 must be refused before it fills the memory.
_LONGEST_WORD = 20_000
_MOST_CHARACTERS = 200_000  # ten of the longest words; a million would take a second to read
_DEEPEST = 50  # parentheses inside parentheses

_SIGNS = str.maketrans(
    {"²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9",
     "\u2212": "-", "·": "*", "⋅": "*", "∘": "*", "×": "*", "⟨": "<", "⟩": ">", "〈": "<",
     "〉": ">", "∣": "|"}
)  # fmt: skip
_NAME = r"[^\W\d_]+(?:_?\d+)?'*"
# One product of a table, a * b = c; several lines of them are a table and no relations.
_CELL = re.compile(r"[^\s*=]+\s*\*\s*[^\s*=]+\s*=\s*[^\s*=]+")
_TOKEN = re.compile(rf"\s*(?:(\d+)|({_NAME})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPresentation:
    """Generators and relators as written.

    Attributes:
        names: Names of the generators.
        relators: Words that are the identity.
    """

    names: tuple[str, ...]
    relators: tuple[Word, ...]


def looks_like_presentation(text: str) -> tuple[float, str]:
    """Return how sure it is that a text is a presentation, from 0 to 1, and why."""
    plain = _plain(text)
    if _bracketed(plain) and not re.search(r"</|<\w+\s*>|=\"", plain):
        return 1.0, "it is written < generators | relations >"
    lines = [line for line in plain.splitlines() if line.strip()]
    # Equations a * b = c of a table have one letter on each side and no power; a relation has one.
    said = [line for line in lines if "=" in line]
    if len(lines) > 1 and all(_CELL.fullmatch(line.strip()) for line in lines):
        return 0.0, ""
    if lines and len(said) == len(lines) and len(plain) < _LONGEST_WORD:
        powers = re.search(r"[\w)]\s*\^\s*\(?-?\d", plain)
        ends = all(re.fullmatch(r"1|e|id", line.rpartition("=")[2].strip(" ;,.")) for line in lines)
        allowed = re.fullmatch(r"[\w\s^*()\[\]=,;.'-]*", plain)
        if allowed and powers and (ends or "^" in plain):
            return 0.8, "it is relations between words with powers"
    return 0.0, ""


def read_presentation(text: str) -> WrittenPresentation:
    """Read a presentation.

    Args:
        text: ``< a, b | relations >``, or relations alone, whose generators are the single letters
            (with a number, such as ``s1``, where they have one) in order of appearance. Relations
            are separated by commas, semicolons or lines. A relation is a word, which is the
            identity, or a chain of equal words; ``1``, and ``e`` or ``id`` if no generator has that
            name, is the identity. Words have powers, inverses ``a^-1``, parentheses, commutators
            ``[a,b]`` (``a^-1 b^-1 a b``) and conjugates ``a^b`` (``b^-1 a b``). A capital letter is
            the inverse of the small one if only the latter is listed as a generator.

    Raises:
        ValueError: If it is none; the message says where.

    Example:
        >>> read_presentation("a^4 = b^2 = (a b)^2 = 1").relators
        ((1, 1, 1, 1), (2, 2), (1, 2, 1, 2))
        >>> read_presentation("< r, s | r^3, s^2, srs = r^-1 >").names
        ('r', 's')
    """
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(
            f"the presentation has {len(text)} characters; {_MOST_CHARACTERS} is the limit."
        )
    plain = _plain(text)
    found = _bracketed(plain)
    listed = None
    if found:
        listed = [name for name in re.split(r"[\s,]+", found[0]) if name]
        odd = next((name for name in listed if not re.fullmatch(_NAME, name)), None)
        if odd is not None or len(set(listed)) < len(listed):
            what = "is no name" if odd is not None else "name a generator twice"
            raise ValueError(f"the generators {found[0][:60]!r}: {odd or 'they'} {what}.")
        plain = found[1]
    names = listed if listed is not None else _names_in(plain)
    parts = [part for part in _separated(plain) if part.strip()]
    relators: list[Word] = []
    for part in parts:
        sides = [_Parser(side, names).word() for side in part.split("=")]
        # In a chain each side equals the last, so that a^4 = b^2 = 1 says two relators.
        last = _inverse(sides[-1])
        relators += [_reduced(side + last) for side in sides[:-1]] or [_reduced(sides[0])]
    relators = [relator for relator in dict.fromkeys(relators) if relator]
    return WrittenPresentation(names=tuple(names), relators=tuple(relators))


def _plain(text: str) -> str:
    lines = (line.partition("#")[0].partition("//")[0] for line in text.splitlines())
    plain = "\n".join(lines).translate(_SIGNS).replace("\\langle", "<").replace("\\rangle", ">")
    plain = plain.replace("\\mid", "|").replace("**", "^").replace("⁻¹", "^-1").replace("⁻", "^-")
    return re.sub(r"\^\s*\{([^{}]*)\}", r"^(\1)", plain).replace("^-^", "^-").strip()


def _bracketed(plain: str) -> tuple[str, str] | None:
    """Return what stands before and after the bar in < generators | relations >, or None."""
    inside = plain.rstrip("; ")
    if not (inside.startswith("<") and inside.endswith(">")):
        return None
    found = re.search(r"[|:<>]", inside[1:])
    if found is None or found[0] not in "|:":
        return None
    return inside[1 : found.start() + 1].strip(), inside[found.end() + 1 : -1].strip()


def _separated(text: str) -> list[str]:
    """Return the relations: parts between commas, semicolons and lines outside brackets."""
    parts, depth, begin = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "([") - (c in ")]")
        if c in ",;\n" and depth == 0:
            parts.append(text[begin:i])
            begin = i + 1
    return [*parts, text[begin:].rstrip(". ")]


def _names_in(text: str) -> list[str]:
    """Return the generators of relations that list none: letters, each with its number."""
    names = dict.fromkeys(re.findall(r"[^\W\d_](?:_?\d+)?'*", text))
    sides = [side.strip(" .") for part in _separated(text) for side in part.split("=")]
    # A letter that only ever stands alone, opposite to words, is the identity.
    for one in ("e", "id"):
        count = len(re.findall(rf"(?<![^\W\d_]){one}(?![^\W\d_])", text))
        if sides.count(one) == count and one in sides:
            for letter in one:
                if letter in names and not any(letter in s for s in sides if s != one):
                    del names[letter]
    for name in names:
        if name.lower() != name and name.lower() in names:
            raise ValueError(
                f"{name} may be the inverse of {name.lower()} or a generator: list the generators, "
                f"as in < {', '.join(n for n in names if n != name)} | ... >."
            )
    return list(names)


class _Parser:
    """Reads one word by recursive descent."""

    def __init__(self, text: str, names: list[str]) -> None:
        self._text = text.strip()
        self._number = {name: i for i, name in enumerate(names, 1)}
        self._tokens: list[tuple[str, str, str]] = [
            t for t in _TOKEN.findall(self._text) if any(part.strip() for part in t)
        ]
        self._split_names()
        self._place = 0
        self._depth = 0

    def word(self) -> Word:
        """Return the whole text as a word."""
        if not self._tokens:
            raise ValueError("a relation has an empty side.")
        word = self._product()
        if self._place < len(self._tokens):
            raise self._error()
        return word

    def _split_names(self) -> None:
        """Take ``ab`` for a b where no generator is called ab."""
        tokens: list[tuple[str, str, str]] = []
        longest = sorted(self._number, key=len, reverse=True)
        whole = {*self._number, "e", "id"}
        most = max(map(len, whole))  # a longer text is none of them, and is not looked up
        for digits, name, sign in self._tokens:
            start = 0
            while start < len(name) and not (len(name) - start <= most and name[start:] in whole):
                first = next((each for each in longest if name.startswith(each, start)), None)
                first = first or (name[start] if name[start].lower() in self._number else None)
                if first is None:
                    unknown = name[start : start + 60]
                    raise ValueError(
                        f"{unknown!r} in {self._text[:60]!r} is no generator; they are "
                        f"{', '.join(self._number) or 'none'}. A power is written a^2."
                    )
                tokens.append(("", first, ""))
                start += len(first)
            if start < len(name) or not name:
                tokens.append((digits, name[start:], sign))
        self._tokens = tokens

    def _product(self) -> Word:
        word: list[int] = []
        while self._place < len(self._tokens):
            digits, name, sign = self._tokens[self._place]
            if sign == "*" and self._place:
                self._place += 1
                continue
            if not (digits or name or sign in "(["):
                break
            word.extend(self._factor())
            if len(word) > _LONGEST_WORD:
                raise ValueError(f"a word is longer than the limit of {_LONGEST_WORD} letters.")
        return tuple(word)

    def _factor(self) -> Word:
        word = self._atom()
        while self._sign() == "^":
            self._place += 1
            word = self._raised(word)
        return word

    def _atom(self) -> Word:
        digits, name, sign = self._next()
        if name in self._number:
            return (self._number[name],)
        if name.lower() in self._number:
            return (-self._number[name.lower()],)
        if digits == "1" or name in ("e", "id"):
            return ()
        if sign not in ("(", "["):
            raise self._error()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"parentheses are nested deeper than {_DEEPEST}.")
        word = self._product()
        if sign == "[":
            self._expect(",")
            other = self._product()
            word = _inverse(word) + _inverse(other) + word + other
        self._expect(")" if sign == "(" else "]")
        self._depth -= 1
        return word

    def _raised(self, word: Word) -> Word:
        """Return a power, or a conjugate if the exponent is a word."""
        place = self._place
        closing = self._sign() == "("
        self._place += closing
        negative = self._sign() == "-"
        self._place += negative
        digits = self._tokens[self._place][0] if self._place < len(self._tokens) else ""
        if not digits:
            if negative:
                raise self._error()
            self._place = place
            by = self._atom()
            return _inverse(by) + word + by
        self._place += 1
        if closing:
            self._expect(")")
        if len(digits) > 9 or int(digits) * max(len(word), 1) > _LONGEST_WORD:
            raise ValueError(f"a word is longer than the limit of {_LONGEST_WORD} letters.")
        return (_inverse(word) if negative else word) * int(digits)

    def _sign(self) -> str:
        return self._tokens[self._place][2] if self._place < len(self._tokens) else ""

    def _next(self) -> tuple[str, str, str]:
        if self._place == len(self._tokens):
            raise self._error()
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, sign: str) -> None:
        if self._sign() != sign:
            raise self._error()
        self._place += 1

    def _error(self) -> ValueError:
        before = max(self._place - 1, 0)
        near = "".join("".join(each) for each in self._tokens[before : before + 4])
        return ValueError(f"{self._text[:60]!r} is no word in the generators, at {near!r}.")


def _inverse(word: Word) -> Word:
    return tuple(-letter for letter in reversed(word))


def _reduced(word: Word) -> Word:
    reduced: list[int] = []
    for letter in word:
        if reduced and reduced[-1] == -letter:
            reduced.pop()
        else:
            reduced.append(letter)
    return tuple(reduced)
