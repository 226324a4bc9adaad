"""The text that bytes hold: UTF-8, or UTF-16 and UTF-32 with a byte order mark."""

from cayley.tables.formats._context import ReadContext

__all__ = ["text_of"]

# The marks of UTF-32 begin with those of UTF-16, so they are compared first.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def text_of(content: str | bytes, context: ReadContext) -> str:
    """Return the text of a file, without a byte order mark, its lines ended by line feeds.

    Raises:
        TableFormatError: If the bytes are no text, or the text is empty.
    """
    # Programs on Windows begin files with this mark; it would become part of a label.
    text = (
        content.removeprefix("\ufeff") if isinstance(content, str) else _decoded(content, context)
    )
    if not text.strip():
        raise context.error("the input is empty.")
    # Old programs on Macs end lines with a carriage return only. In any other file it belongs to a
    # line end, or to a label in quotes.
    return text.replace("\r", "\n") if "\r" in text and "\n" not in text else text


def _decoded(content: bytes, context: ReadContext) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                # Excel calls this "Unicode text".
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise context.error(
                    f"the file begins as {encoding.upper()} but is damaged. Save it as UTF-8."
                ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        # Columns count characters, as editors do, not bytes.
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        # Bytes that are no UTF-8 but hold no control characters are text in another encoding.
        is_text = not any(byte < 9 or 13 < byte < 32 for byte in content[:1000])
        hint = "It may be Latin-1 or Windows-1252. " if is_text else ""
        raise context.error(
            f"the byte 0x{content[error.start]:02x} is not UTF-8. {hint}Save the file as UTF-8.",
            line=before.count(b"\n") + 1,
            column=column,
        ) from None
