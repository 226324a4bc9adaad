"""Arrays out of NumPy files that may be damaged, or made to fill the memory of who opens them."""

import io
import lzma
import math
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cayley._errors import TableFormatError
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._packing import check_packing

__all__ = ["DAMAGED", "archive_names", "as_format_error", "read_archive", "read_array"]

# Everything that numpy and zipfile raise on a damaged file. What is missing here reaches the
# user as a traceback in place of a message.
DAMAGED = (
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    OSError,
    RuntimeError,
    MemoryError,
    OverflowError,
    NotImplementedError,
    UserWarning,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tokenize.TokenError,
)
"""What reading a damaged array or archive may raise."""

# Numbers are read into 8 bytes each, and labels may be long: this much in one array, but for a
# table of the largest order, is no list of labels.
_MOST_BYTES = 1 << 26


_LAST_POINT = 0x10FFFF  # of Unicode; between 0xD800 and 0xDFFF are halves of UTF-16's pairs


def read_archive(
    data: bytes, most: Mapping[str, int], context: ReadContext
) -> dict[str, NDArray[Any]]:
    """Return the arrays of an ``.npz`` archive that have one of some names.

    Args:
        data: The archive.
        most: The names, each with the number of entries beyond which its array is refused unread.
        context: Names the file in messages.

    Raises:
        TableFormatError: If the archive or one of these arrays is damaged, too large or pickled.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name.removesuffix(".npy"): name for name in archive.namelist()}
            arrays: dict[str, NDArray[Any]] = {}
            for name, limit in most.items():
                if name in members:
                    check_packing(archive.getinfo(members[name]), context)
                    with archive.open(members[name]) as stream:
                        arrays[name] = read_array(stream, f"`{name}`", context, most=limit)
    except DAMAGED as error:
        raise as_format_error(error, "the archive", context) from None
    return arrays


def archive_names(data: bytes) -> list[str]:
    """Return the names of the arrays in an archive that can be opened."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sorted(name.removesuffix(".npy") for name in archive.namelist())


def read_array(stream: IO[bytes], name: str, context: ReadContext, *, most: int) -> NDArray[Any]:
    """Read one array after checking the size that its header declares.

    Args:
        stream: A stream at the beginning of the array.
        name: What messages call it.
        context: Names the file in messages.
        most: The number of entries beyond which it is refused unread.

    Raises:
        TableFormatError: If it is damaged, cut short, too large or pickled.
    """
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
        elif version == (2, 0):
            shape, fortran, dtype = np.lib.format.read_array_header_2_0(stream)
        else:
            raise context.error(f"{name} has version {version} of the NumPy format; use 1.0.")
    except DAMAGED as error:
        raise as_format_error(error, name, context) from None
    # Objects are stored as pickles, and loading a pickle runs code from the file.
    if dtype.hasobject:
        raise context.error(f"{name} holds Python objects; only numbers and text are read.")
    if any(size < 0 for size in shape):
        raise context.error(f"{name} declares the impossible shape {shape}.")
    count = math.prod(shape)
    # The header decides how much would be allocated, and it may lie: its size is checked before,
    # and the data are read up to that size only. This also stops archives that unpack to terabytes.
    num_bytes = count * dtype.itemsize
    if count > most or num_bytes > max(8 * most, _MOST_BYTES):
        raise context.error(
            f"{name} has shape {shape}, which needs {num_bytes} bytes; at most {most} entries "
            "are read. Raise `max_order` to allow more."
        )
    try:
        data = stream.read(num_bytes)
        if len(data) != num_bytes:
            raise context.error(f"{name} is cut short: {len(data)} of {num_bytes} bytes.")
        flat = np.frombuffer(data, dtype=dtype, count=count)
        if dtype.kind == "U" and not _is_unicode(np.frombuffer(data, dtype.byteorder + "u4")):
            raise context.error(f"{name} holds text with numbers that are no characters.")
        return flat.reshape(shape, order="F" if fortran else "C")
    except DAMAGED as error:
        raise as_format_error(error, name, context) from None


def _is_unicode(points: NDArray[Any]) -> bool:
    """Return whether all are code points that text can hold; NumPy reads any, Python not."""
    return not bool(((points > _LAST_POINT) | ((points >= 0xD800) & (points < 0xE000))).any())


def as_format_error(error: Exception, name: str, context: ReadContext) -> Exception:
    """Return format errors as they are, anything else as a damaged file."""
    if isinstance(error, TableFormatError):
        return error
    reason = str(error).split("\n", 1)[0][:200] or type(error).__name__
    # The reason may quote bytes of the file.
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in reason)
    return context.error(f"{name} cannot be read as a NumPy file: {plain}.")
