"""Labels that are one label in two spellings, and when they may be taken for one.

Two spellings are unified only if that makes rows, columns and results one alphabet, which then is
hardly chance. Differences that one cannot see come first, then numbers with a decimal point, then
case; the first step that succeeds is taken.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Spellings", "plain_number", "plain_spelling", "unify"]

# One character for all that look alike: minus signs and hyphens (also the dashes U+2013 and U+2014,
# which word processors make of a hyphen), primes and quotes, spaces.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u02b9\u02bc\u2032\u00b4\u0060\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u02ba\u2033\uff02", '"'),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),
        # Not seen at all: zero width spaces and joiners, direction marks, byte order marks.
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", ""),
    }
)
# Letters, digits and signs of East Asian typesetting, as wide as an ideograph.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WHOLE = re.compile(r"([+-]?\d+)[.,]0*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """What stands for which label.

    Attributes:
        label: The label for every string that is one in another spelling.
        case_only: Whether what differs is the case of letters.
    """

    label: Mapping[str, str]
    case_only: bool = False


def plain_spelling(label: str) -> str:
    r"""Return a label in the spelling that all of the same look share.

    Example:
        >>> plain_spelling("\N{MINUS SIGN}1"), plain_spelling("a\N{PRIME}")
        ('-1', "a'")
    """
    # Most labels are a few ASCII characters, which all these steps leave as they are.
    if label.isascii() and "`" not in label:
        return label
    return unicodedata.normalize("NFC", label.translate(_WIDE).translate(_ALIKE)).strip()


def plain_number(label: str) -> str:
    """Return a whole number without the decimal point that spreadsheets and pandas add.

    Example:
        >>> plain_number("1.0"), plain_number("2,00"), plain_number("1.5"), plain_number("10")
        ('1', '2', '1.5', '10')
    """
    plain = plain_spelling(label)
    found = _WHOLE.fullmatch(plain)
    return found[1] if found else plain


def _any_case(label: str) -> str:
    return plain_number(label).casefold()


# Each step includes the ones before it.
_STEPS: tuple[Callable[[str], str], ...] = (plain_spelling, plain_number, _any_case)


def unify(
    rows: Sequence[str], columns: Sequence[str], values: Mapping[str, int]
) -> Spellings | None:
    """Return which strings are one label in two spellings, or None if nothing is to be unified.

    Args:
        rows: Row labels; their spelling is the one that is kept.
        columns: Column labels.
        values: The values in the cells, each with the number of cells.

    Returns:
        Spellings with which rows and columns are one set of labels, and the results are within it,
        or most of them are: then the others are typing errors, or meant to be outside.

    Example:
        >>> unify(["1", "2"], ["1", "2"], {"1.0": 3, "2.0": 1}).label
        {'1.0': '1', '2.0': '2'}
        >>> unify("ab", "xy", {"p": 4}) is None
        True
    """
    if set(rows) == set(columns) and values.keys() <= set(rows):
        return None
    best: tuple[int, Spellings] | None = None
    total = sum(values.values())
    for step in _STEPS:
        label_of = {step(row): row for row in rows}
        keys = [step(column) for column in columns]
        if len(label_of) < len(rows) or set(keys) != set(label_of) or len(set(keys)) < len(keys):
            continue
        found = {
            written: label_of[step(written)]
            for written in (*columns, *values)
            if step(written) in label_of and written != label_of[step(written)]
        }
        within = sum(count for value, count in values.items() if step(value) in label_of)
        if step is _any_case and not _is_systematic(found, columns, values, set(rows)):
            continue
        spellings = Spellings(label=found, case_only=step is _any_case)
        if within == total:
            return spellings if found else None
        # With results outside, the least step that takes in most of them.
        if 2 * within > total and (best is None or within > best[0]):
            best = within, spellings
    return best[1] if best and best[1].label else None


def _is_systematic(
    found: Mapping[str, str], columns: Sequence[str], values: Iterable[str], rows: set[str]
) -> bool:
    """Return whether every label with letters differs in case, not one among others.

    A single capital is a typing error; a table whose whole header is in capitals is not.
    """
    for group in (columns, values):
        cased = [label for label in group if _has_case(label) and (label in rows or label in found)]
        differ = [
            label for label in cased if plain_number(label) != plain_number(found.get(label, label))
        ]
        if 0 < len(differ) < len(cased):
            return False
    return True


def _has_case(label: str) -> bool:
    return label.lower() != label.upper()
