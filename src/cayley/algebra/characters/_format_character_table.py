"""``format_character_table``: a character table as plain text."""

from collections.abc import Sequence
from itertools import count
from string import ascii_uppercase

from cayley.algebra.characters._character_table import CharacterTable
from cayley.algebra.characters._cyclotomic import Cyclotomic

__all__ = ["Abbreviations", "format_character_table"]

_LETTERS = ascii_uppercase.replace("E", "")  # E is taken: E(n) is a root of unity


class Abbreviations:
    """Gives letters to long values: ``A``, its negative ``-A``, its conjugate ``/A``.

    Args:
        longest: Values of more characters than this get a letter.

    Example:
        >>> short, value = Abbreviations(6), Cyclotomic.root(7) + Cyclotomic.root(7, 6)
        >>> short(value), short(-value), short(Cyclotomic.root(4)), short.legend
        ('A', '-A', 'i', ('A = E(7)+E(7)^6',))
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._known: dict[Cyclotomic, str] = {}
        self._legend: list[str] = []
        self._letters = (letter + str(k or "") for k in count() for letter in _LETTERS)

    def __call__(self, value: Cyclotomic) -> str:
        """Return the text of a value, or its letter if the text is long."""
        if value not in self._known:
            text = str(value)
            self._known[value] = text
            if len(text) > self._longest:
                name = next(self._letters)
                self._legend.append(f"{name} = {text}")
                conjugate = value.conjugate()
                # The value itself is entered last: a real value equals its conjugate, and is to be
                # A, not /A.
                self._known |= {-conjugate: f"-/{name}", conjugate: f"/{name}"}
                self._known |= {-value: f"-{name}", value: name}
        return self._known[value]

    @property
    def legend(self) -> tuple[str, ...]:
        """What the letters mean, one line each."""
        return tuple(self._legend)


def format_character_table(table: CharacterTable, *, width: int = 100, longest: int = 10) -> str:
    """Return a character table as plain text.

    One line a character, with its Frobenius-Schur indicator (``+``, ``o`` or ``-``), one column a
    class, named by the order of its elements. Long values become letters, explained below the
    table with ``/A`` for the conjugate of ``A``. A table wider than ``width`` is cut in blocks.

    Args:
        table: The character table.
        width: The longest line, in characters, if a single column fits.
        longest: Values of more characters than this become letters.

    Example:
        >>> from cayley.algebra import Group, character_table
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> print(format_character_table(character_table(s3)))
                1a  2a  3a
        size     1   3   2
        X.1  +   1   1   1
        X.2  +   1  -1   1
        X.3  +   2   .  -1
    """
    short = Abbreviations(longest)
    texts = {code: short(value) if value else "." for code, value in enumerate(table.values)}
    signs = {1: "+", 0: "o", -1: "-"}
    heads = ["", "size", *(f"X.{i}" for i in range(1, len(table) + 1))]
    marks = ["", "", *(signs[indicator] for indicator in table.indicators)]
    stub = [
        f"{text:<{max(map(len, heads))}}  {mark:<1}"
        for text, mark in zip(heads, marks, strict=True)
    ]
    columns = [
        [name, str(size), *(texts[code] for code in codes)]
        for name, size, codes in zip(
            table.classes.names, table.classes.sizes.tolist(), table.codes.T.tolist(), strict=True
        )
    ]
    blocks = _blocks(stub, columns, width)
    legend = "\n".join(short.legend)
    return "\n\n".join([*blocks, legend] if legend else blocks)


def _blocks(stub: Sequence[str], columns: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return blocks of columns side by side, as many as fit the width, each after the stub."""
    padded = []
    for column in columns:
        size = max(map(len, column))
        padded.append([f"  {text:>{size}}" for text in column])
    blocks, lines = list[str](), list(stub)
    for column in padded:
        # At least one column in every block, even if it is wider than allowed.
        if len(lines[0]) + len(column[0]) > width and lines != list(stub):
            blocks.append("\n".join(line.rstrip() for line in lines))
            lines = list(stub)
        lines = [line + text for line, text in zip(lines, column, strict=True)]
    return [*blocks, "\n".join(line.rstrip() for line in lines)]
