r"""Rows of ordinary cells, taken out of the XML of a sheet before it is parsed.

A parser tells a program of one element after another: ten seconds for a million cells. Nearly all
rows of a sheet hold nothing but cells with a value, in which a regular expression finds all of them
at once. Such rows are read here, and the parser gets an empty element in the place of each.

What is read must not depend on which of the two reads it. So a row is taken only where the parser
would say the same: its tags are written as programs write them, nothing is escaped, and the file
has no comment, no CDATA section and no encoding but UTF-8. Everything else goes to the parser as it
is, and so does a row that the reader of the format declines, such as one with a date.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["Meanings", "Unusual", "plain_attributes", "plain_text", "without_plain_rows"]

_Value = TypeVar("_Value")

# Attributes as all programs write them: a blank, a name, a value in double quotes. A single quote,
# an entity or a line end between them is left to the parser.
_ATTRIBUTE = re.compile(rb' ([A-Za-z_][\w.:-]*)="([^"<>&\x00-\x1f\x80-\xff]*)"')
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^<>]*\?>")
_UTF_8 = re.compile(rb"""encoding=["']utf-8["']""", re.IGNORECASE)
# A row of 5000 cells of the longest labels that a table may hold. A file without the end of a row
# for longer is hostile, and would be searched from the start with every piece.
_LONGEST_ROW = 1 << 21
_MOST_MEANINGS = 1 << 16  # distinct cells that are remembered: more are no labels of a table
# Characters that XML forbids and that UTF-8 can write; the parser refuses them.
_FORBIDDEN = frozenset("\ufffe\uffff")


class Unusual(Exception):
    """A row or a cell is to be read by the parser."""


class Meanings(dict[bytes, _Value]):
    """What each cell means, worked out once for all that are written alike."""

    def __init__(self, meaning: Callable[[bytes], _Value]) -> None:
        self._meaning = meaning

    def __missing__(self, cell: bytes) -> _Value:
        if len(self) >= _MOST_MEANINGS:
            self.clear()
        self[cell] = found = self._meaning(cell)
        return found


def without_plain_rows(
    pieces: Iterable[bytes],
    *,
    end: bytes,
    row: re.Pattern[bytes],
    take: Callable[[re.Match[bytes]], bool],
) -> Iterator[bytes]:
    """Yield a document without its plain rows, each given to ``take`` when its turn comes.

    What comes before a row has been parsed when the row is taken, if the caller parses every piece
    before it asks for the next. So rows are read in the order of the document, whoever reads them.

    Args:
        pieces: The document, in pieces of any length.
        end: The end tag of a row.
        row: A plain row from start to end tag.
        take: Reads a row, or declines it without a trace; returns whether it was read.
    """
    held, is_plain = b"", True
    for number, piece in enumerate(pieces):
        block = held + piece
        start = 0
        if number == 0:
            declared = _DECLARATION.match(block)
            start = declared.end() if declared else 0
            is_plain = declared is None or (
                b"encoding" not in declared[0] or _UTF_8.search(declared[0]) is not None
            )
        # From a comment or a CDATA section on, what looks like a row may be none.
        if block.find(b"<!", start) >= 0 or block.find(b"<?", start) >= 0:
            is_plain = False
        if not is_plain or len(held) > _LONGEST_ROW:
            is_plain, held = False, b""
            yield block
            continue
        cut = block.rfind(end)
        cut = cut + len(end) if cut >= 0 else 0
        held = block[cut:]
        if cut:
            yield from _between_rows(block[:cut], row, take)
    if held:
        yield held


def _between_rows(
    block: bytes,
    row: re.Pattern[bytes],
    take: Callable[[re.Match[bytes]], bool],
) -> Iterator[bytes]:
    start = 0
    for found in row.finditer(block):
        yield block[start : found.start()]
        if take(found):
            # An element stays in its place, so that the parser refuses it where none may stand, and
            # line ends, so that messages name the line.
            yield b"<r/>" + b"\n" * found[0].count(b"\n")
        else:
            yield found[0]
        start = found.end()
    yield block[start:]


def plain_attributes(text: bytes) -> dict[str, str]:
    """Return the attributes in a start tag.

    Raises:
        Unusual: If they are written in another way than programs do, or one stands there twice.
    """
    text = text.rstrip(b" ")
    pairs = _ATTRIBUTE.findall(text)
    # Four characters a pair besides name and value: the whole text is these pairs.
    whole = sum(len(name) + len(value) + 4 for name, value in pairs) == len(text)
    found = {name.decode(): value.decode() for name, value in pairs}
    if not whole or len(found) < len(pairs):
        raise Unusual
    return found


def plain_text(text: bytes) -> str:
    """Return the text of a cell.

    Raises:
        Unusual: If it is not what XML in UTF-8 may hold.
    """
    try:
        found = text.decode()
    except UnicodeDecodeError:
        raise Unusual from None
    if not _FORBIDDEN.isdisjoint(found):
        raise Unusual
    return found
