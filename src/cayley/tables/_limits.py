"""The limits on the size of a table, and the messages that refuse a larger one."""

__all__ = ["MAX_ORDER", "check_order", "max_bytes", "too_large"]

# Array algorithms of this library make a few arrays of n x n int64: at order 5000 some 200 MB each,
# which an ordinary machine has. A user with more memory raises `max_order`; without a limit a
# typing error such as S10 would take all memory before it fails.
MAX_ORDER = 5000
"""The default limit on the number of rows, columns or symbols: 200 MB of products."""

_BYTES_PER_CELL = 8  # int64
# A cell of a text format takes a label and a separator. 64 bytes a cell leaves room for long
# labels, and the floor lets small tables carry very long ones.
_BYTES_PER_TEXT_CELL = 64
_SMALLEST_BYTE_LIMIT = 1 << 24


def check_order(order: int, *, max_order: int, what: str) -> None:
    """Refuse a table that would be too large, before anything is allocated.

    Raises:
        ValueError: If ``order`` exceeds ``max_order``; the message says the memory needed.

    Example:
        >>> check_order(40320, max_order=5000, what="S8")
        Traceback (most recent call last):
        ValueError: S8 has order 40320, over the limit of 5000: its table alone needs 13.0 GB.
        Raise `max_order` to allow it.
    """
    if order > max_order:
        raise ValueError(
            f"{what} has order {_number(order)}, {too_large(order, order, max_order=max_order)}"
        )


def too_large(rows: int, columns: int, *, max_order: int) -> str:
    """Return the words that refuse a table of ``rows`` times ``columns`` cells."""
    needed = _memory(_BYTES_PER_CELL * rows * columns)
    return (
        f"over the limit of {max_order}: its table alone needs {needed}. "
        "Raise `max_order` to allow it."
    )


def max_bytes(max_order: int) -> int:
    """Return the size of input, in bytes, beyond which no table within the limit is expected."""
    return max(_SMALLEST_BYTE_LIMIT, _BYTES_PER_TEXT_CELL * max_order**2)


def _number(value: int) -> str:
    # The digits of such a number say no more to a reader than how many they are.
    return str(value) if value < 10**15 else f"more than 10^{len(str(value)) - 1}"


def _memory(num_bytes: int) -> str:
    # Orders of symmetric groups are bounds by then (see `symmetric_order`): a precise number of
    # bytes would be made up.
    if num_bytes >= 10**18:
        return "more than a million TB"
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if num_bytes >= size:
            return f"{num_bytes / size:.1f} {unit}"
    return f"{num_bytes} bytes"
