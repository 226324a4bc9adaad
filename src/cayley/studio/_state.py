"""A table and its settings as a link: compressed, and checked when the link is opened."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal, get_args

import numpy as np

from cayley.completion._hypotheses import asked_for
from cayley.studio._visitor_limits import VisitorLimits
from cayley.tables import UNKNOWN, Table

__all__ = [
    "LARGEST_SEED",
    "SOLVERS",
    "State",
    "checked_assumption",
    "decode_state",
    "encode_state",
]

SolverChoice = Literal["auto", "exact", "synchronization", "hypercube"]
SOLVERS: tuple[str, ...] = get_args(SolverChoice)

# Bytes that a link may unpack to. A link of the default length could unpack to a thousand times as
# much; a table of order 60 takes some ten kB and room for its labels.
_LONGEST_TEXT = 1 << 20

# Characters of a theory: the longest identities that people name have some fifty, and the parser
# goes three calls deeper with every bracket, so that far more would exceed Python's stack.
_LONGEST_ASSUMPTION = 200

LARGEST_SEED = 2**31 - 1
"""The largest seed that a visitor may choose: a number that JavaScript and a C int can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a page shows before anything is completed.

    Attributes:
        table: The table in the grid.
        solvers: The solvers to compare.
        assume: What the operation is taken to be: ``auto``, ``none``, ``group``, ``isotope``, or
            the name or the identities of a theory, as :func:`~cayley.completion.solve` takes it.
        seed: The seed of the completion.
    """

    table: Table
    solvers: tuple[str, ...] = ("auto",)
    assume: str = "auto"
    seed: int = 0


def checked_assumption(text: str) -> str:
    """Return what the operation is taken to be, without blanks around it, if it can be read.

    Args:
        text: What a visitor has chosen or typed.

    Raises:
        ValueError: If it is empty, too long, or neither a name nor identities; in one line.

    Example:
        >>> checked_assumption(" commutative Moufang loop "), checked_assumption("x*y = y*x")
        ('commutative Moufang loop', 'x*y = y*x')
    """
    text = text.strip()
    if not text:
        raise ValueError("Name what the operation is taken to be, or choose it from the list.")
    if len(text) > _LONGEST_ASSUMPTION:
        raise ValueError(
            f"What the operation is taken to be has {len(text)} characters; "
            f"at most {_LONGEST_ASSUMPTION} are read."
        )
    try:
        asked_for(text)
    except RecursionError:
        raise ValueError("The identities have too many brackets inside each other.") from None
    except ValueError as error:
        # First what may be given at all, then what is wrong. Further lines point at the place,
        # which only a fixed font can show, or list all names, which would fill the page.
        first, *lines = str(error).splitlines()
        wrong = takewhile(lambda line: not line.startswith((" ", "Names:")), lines)
        reason = " ".join(wrong) or first.removeprefix("`assume` must be ")
        raise ValueError(reason[:1].upper() + reason[1:]) from None
    return text


def encode_state(state: State) -> str:
    """Return a state as letters, digits, ``-`` and ``_``, for the query of a link.

    Example:
        >>> encode_state(State(table=Table.from_array([[0]])))[:4]
        'eNo9'
    """
    table = state.table
    document = {
        "rows": table.rows,
        # Alphabets that are equal are written once: most tables have one, and links are short.
        "columns": None if table.columns == table.rows else table.columns,
        "symbols": None if table.symbols == table.rows else table.symbols,
        "array": table.array.tolist(),
        "repeats": table.repeats.tolist(),
        "solvers": state.solvers,
        "assume": state.assume,
        "seed": state.seed,
    }
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    # A lone surrogate can be written, so that this never fails; reading refuses it.
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_state(text: str, *, limits: VisitorLimits) -> State:
    """Return the state of a link after checking everything about it.

    Args:
        text: What :func:`encode_state` returned.
        limits: The largest table, the longest link.

    Raises:
        ValueError: If it is too long, damaged, or describes no table; in words for a visitor.
    """
    if len(text) > limits.max_link:  # before anything is unpacked
        raise ValueError(
            f"The link has {len(text)} characters, more than {limits.max_link}; "
            "download the table and upload it instead."
        )
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpack = zlib.decompressobj()
        content = unpack.decompress(packed, _LONGEST_TEXT)  # a small link may hold a huge text
        if unpack.unconsumed_tail or not unpack.eof:
            raise ValueError
        document = json.loads(content)
        rows = _labels(document["rows"])
        state = State(
            table=_table(document, rows, limits),
            solvers=_chosen(document["solvers"], SOLVERS),
            assume=_assumption(document["assume"]),
            seed=_seed(document["seed"]),
        )
    except _TooLargeError:
        raise ValueError(f"The link holds a table above order {limits.max_order}.") from None
    # One message for all damage: what exactly is wrong inside a link helps no visitor.
    except (ValueError, TypeError, KeyError, zlib.error, binascii.Error, RecursionError):
        raise ValueError("The link is damaged: it does not hold a table.") from None
    return state


class _TooLargeError(Exception):
    """The table is larger than the limits allow."""


def _table(document: dict[str, Any], rows: tuple[str, ...], limits: VisitorLimits) -> Table:
    """Return the table of a document; Table checks what is not checked here."""
    columns, symbols = (
        rows if document[name] is None else _labels(document[name])
        for name in ("columns", "symbols")
    )
    if max(len(rows), len(columns), len(symbols)) > limits.max_order:
        raise _TooLargeError
    array = np.array(document["array"])
    if array.dtype.kind not in "iu" or array.min() < UNKNOWN:
        raise ValueError
    # No repeats is an empty list, which has no second axis of its own.
    repeats = np.array(document["repeats"], dtype=np.int64).reshape(-1, 3)
    if len(repeats) > array.size:
        raise ValueError
    return Table(rows=rows, columns=columns, symbols=symbols, array=array, repeats=repeats)


def _labels(values: Any) -> tuple[str, ...]:
    """Return a list of texts after checking that it is one."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError
    for value in values:
        value.encode()  # a lone surrogate is no text
    return tuple(values)


def _chosen(values: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return words after checking that each is known, without repeats."""
    if not isinstance(values, list) or not values or not set(values) <= set(known):
        raise ValueError
    return tuple(dict.fromkeys(values))


def _assumption(value: Any) -> str:
    """Return what the operation is taken to be after checking that it can be read."""
    if not isinstance(value, str):
        raise ValueError
    value.encode()  # a lone surrogate is no text
    return checked_assumption(value)


def _seed(value: Any) -> int:
    """Return a seed after checking that it is one; True is a number in Python, but no seed."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SEED:
        raise ValueError
    return value
