"""XML without its dangers: a stream of elements, no document type, no entities of its own."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol, TypeAlias
from xml.parsers import expat

from cayley.tables.formats._context import ReadContext

__all__ = ["XMLReader", "parse_xml"]


_Start: TypeAlias = Callable[[str, dict[str, str]], None]
_End: TypeAlias = Callable[[str], None]


class XMLReader(Protocol):
    """What is told about the elements of a document, one after another."""

    parser: expat.XMLParserType | None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def characters(self, text: str) -> None:
        """Take a piece of text."""


# The root stands in the first lines; with a prefix, as in <x:worksheet>, all names have one.
_PREFIXED = re.compile(rb"<[A-Za-z_][\w.-]*+:[A-Za-z_]")
_FIRST_LINES = 2048
# Elements in elements: documents have below twenty, and expat keeps 80 bytes or more of each.
_DEEPEST = 1000
_PIECE = 1 << 16  # bytes of a text that are parsed before the depth is looked at again


def parse_xml(
    content: str | Iterable[bytes],
    reader: XMLReader,
    context: ReadContext,
    *,
    part: str = "",
    keeps_prefixes: bool = False,
) -> None:
    """Read XML and tell ``reader`` of its elements, whose names come without their prefixes.

    With ``keeps_prefixes`` names come as they are written, which is faster.

    Raises:
        TableFormatError: If the XML is malformed or has a document type: only there can entities be
            declared that stand for a billion others, or for a file of this machine.
    """
    where = f"in {part}: " if part else ""
    # Text has been decoded, whatever encoding its first line states.
    parser = expat.ParserCreate("utf-8" if isinstance(content, str) else None)
    parser.buffer_text = True
    reader.parser = parser

    def refuse(*_: object) -> None:
        raise context.error(
            f"{where}a document type (<!DOCTYPE ...>) is not read, as it may define entities. "
            "Delete it.",
            line=parser.CurrentLineNumber,
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    started: _Start = reader.start
    ended: _End = reader.end
    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = reader.characters
    try:
        pieces = iter(_pieces(content.encode()) if isinstance(content, str) else content)
        first = next(pieces, b"")
        if not keeps_prefixes and _PREFIXED.search(first[:_FIRST_LINES]):
            started, ended = _without_prefixes(reader)
            parser.StartElementHandler, parser.EndElementHandler = started, ended
        unclosed, is_counted = 0, False
        for piece in chain((first,), pieces):
            # More than there are: comments and closed elements count too. To count exactly takes
            # a call in Python for every element, and is done only where it may be needed.
            unclosed += piece.count(b"<") - 2 * piece.count(b"</") - piece.count(b"/>")
            if unclosed > _DEEPEST and not is_counted:
                is_counted = True
                parser.StartElementHandler, parser.EndElementHandler = _with_a_limit(
                    started, ended, lambda: context.error(f"{where}{_TOO_DEEP}")
                )
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise context.error(
            f"{where}malformed XML: {expat.ErrorString(error.code)}.",
            line=error.lineno,
            # In an archive nobody looks a column up, and plain rows before it are left out.
            column=None if part else error.offset + 1,
        ) from None
    except (LookupError, ValueError) as error:
        # An encoding that Python does not know, or half of a surrogate pair.
        if isinstance(error, type(context.error(""))):
            raise
        raise context.error(f"{where}malformed XML: {error}.") from None


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


_TOO_DEEP = f"elements are nested more than {_DEEPEST} deep, as in no table."


def _without_prefixes(reader: XMLReader) -> tuple[_Start, _End]:
    """Return what a reader is told through, so that it gets names without their prefixes."""

    def start(name: str, attributes: dict[str, str]) -> None:
        reader.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        reader.end(name.rpartition(":")[2])

    return start, end


def _with_a_limit(
    started: _Start, ended: _End, refusal: Callable[[], Exception]
) -> tuple[_Start, _End]:
    """Return the same calls, which refuse elements too deep below those that are open now."""
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise refusal()
        started(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ended(name)

    return start, end
