"""``generate_family``: the table that a name stands for, such as ``S4`` or ``mod97:a+b``."""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cayley.tables._limits import MAX_ORDER, check_order
from cayley.tables._table import Table
from cayley.tables.families._families import (
    alternating_group,
    cyclic_group,
    dicyclic_group,
    dihedral_group,
    direct_product,
    projective_order,
    projective_special_linear_group,
    quaternion_group,
    symmetric_group,
    symmetric_order,
)
from cayley.tables.families._modular import modular_table
from cayley.tables.families._small_groups import all_small_groups, small_group

__all__ = ["generate_family", "word_table"]

_ACCEPTED = (
    "Accepted are C12, S4, A5, D8 (of order 8), Q8, Dic12, PSL(2,7), products such as C3xS3, "
    "ORDER:ID such as 12:3, GAP's structure descriptions of groups up to order 100, words in a "
    "group such as S5:aba^-1, and mod97:a+b."
)

_MODULAR = re.compile(r"mod\s*(\d{1,18})\s*:(.*)", re.DOTALL)
_LISTED = re.compile(r"(\d{1,9})\s*:\s*(\d{1,9})")
_WORD = re.compile(r"[ab](?:\^-?\d{1,9})?(?:\*?[ab](?:\^-?\d{1,9})?)*")
_LETTER = re.compile(r"([ab])(?:\^(-?\d+))?")
# Z6, Z_6, Z/6 and Z/6Z are the integers modulo 6, which is C6; an index may have its underscore.
_RESIDUES = re.compile(r"^[Zℤ](?:_|/)?(\d{1,18})[Zℤ]?$")
_FACTOR = re.compile(r"(C|S|A|D|Dic|Q)_?(\d{1,18})|PSL\(\s*2\s*,\s*(\d{1,18})\s*\)")
# Longer texts are no names; the bound also limits the time of the patterns below.
_LONGEST = 200


class _Kind(NamedTuple):
    build: Callable[..., Table]
    order: Callable[[int], int]


def _itself(order: int) -> int:
    return order


def _half_symmetric_order(degree: int) -> int:
    return max(symmetric_order(degree) // 2, 1)


_KINDS = {
    "C": _Kind(cyclic_group, _itself),
    "S": _Kind(symmetric_group, symmetric_order),
    "A": _Kind(alternating_group, _half_symmetric_order),
    "D": _Kind(dihedral_group, _itself),
    "Dic": _Kind(dicyclic_group, _itself),
    "Q": _Kind(quaternion_group, _itself),
    "PSL": _Kind(projective_special_linear_group, projective_order),
}


def generate_family(spec: str, *, max_order: int = MAX_ORDER) -> Table:
    """Return the full table that a name stands for.

    Args:
        spec: A group: ``C12`` or ``Z12``, ``S4``, ``A5``, ``D8`` (GAP's: of order 8), ``Q16``,
            ``Dic12``, ``PSL(2,7)``, a direct product ``C3xS3`` or ``C2 x C2 x S3``, ``12:3`` (order
            and id of the list of small groups), or a structure description that only one listed
            group has, such as ``SL(2,3)``. A word in a group: ``S5:ab``, ``S5:aba^-1``. An
            operation on residues: ``mod97:a+b``, ``mod97:a^2+ab+b^2``, ``mod97:a/b``.
        max_order: The limit on the order, checked before anything is built.

    Raises:
        ValueError: If the name stands for nothing, or for too large a table.

    Example:
        >>> generate_family("D8").order, generate_family("S3:aba^-1").order
        (8, 6)
    """
    text = spec.strip()
    if not text or len(text) > _LONGEST:
        raise ValueError(f"{text[:_LONGEST]!r} is not a family. {_ACCEPTED}")
    # The order matters: `mod7:ab` would else be taken for a word in a group called mod7.
    if match := _MODULAR.fullmatch(text):
        return modular_table(int(match[1]), match[2], max_order=max_order)
    if match := _LISTED.fullmatch(text):
        check_order(int(match[1]), max_order=max_order, what=text)
        return small_group(int(match[1]), int(match[2]))
    group, colon, word = text.rpartition(":")
    word = "".join(word.split())
    if colon and _WORD.fullmatch(word):
        return word_table(generate_family(group, max_order=max_order), word)
    return _named_group(text, max_order)


def word_table(group: Table, word: str) -> Table:
    r"""Return the operation that multiplies powers of a and b in a group.

    Args:
        group: The full table of a group with one alphabet.
        word: Letters a and b with integer powers, such as ``aba^-1``.

    Raises:
        ValueError: If ``word`` is not such a word, or the table is not full or has no identity.

    Example:
        >>> word_table(cyclic_group(5), "ab^-1")["1", "3"]
        '3'
    """
    if not _WORD.fullmatch(word):
        raise ValueError(f"{word!r} is not a word in a and b such as aba^-1.")
    table = group.aligned().array
    size = np.arange(len(table))
    # The row of the identity lists the elements in order. One such row is all that powers need;
    # that the table is associative and has inverses is not checked here.
    identities = np.flatnonzero((table == size).all(axis=1))
    if not group.is_full or len(identities) != 1:
        raise ValueError("`group` must be the full table of a group.")
    identity = int(identities[0])
    # One row and one column, broadcast as a and b come in: the full table is made only once.
    result = np.full((1, 1), identity)
    for letter, exponent in _LETTER.findall(word):
        factor = _power(table, identity, int(exponent or 1))
        result = table[result, factor[:, None] if letter == "a" else factor[None, :]]
    array = np.broadcast_to(result, table.shape)
    return Table.from_array(array, labels=group.rows)


def _power(table: NDArray[np.int64], identity: int, exponent: int) -> NDArray[np.int64]:
    """Return x^exponent for every element x."""
    base = np.arange(len(table))
    if exponent < 0:
        base, exponent = np.argmax(table == identity, axis=1), -exponent
    result = np.full(len(table), identity)
    while exponent:
        if exponent & 1:
            result = table[result, base]
        base = table[base, base]
        exponent >>= 1
    return result


def _named_group(text: str, max_order: int) -> Table:
    parts = [_RESIDUES.sub(r"C\1", part) for part in re.split(r"\s*[x×]\s*", text)]
    matches = [_FACTOR.fullmatch(part) for part in parts]
    factors = [(m[1] or "PSL", int(m[2] or m[3])) for m in matches if m]
    if len(factors) < len(matches):
        return _described_group(text)
    for kind, number in factors:
        if kind == "D" and number % 2:
            raise ValueError(
                f"D{number} is no group by its order, which is even: the symmetries of a polygon "
                f"with {number} corners are D{2 * number} here, as in GAP."
            )
    # The order of the whole product is checked first; each factor alone may be within the limit.
    order = math.prod(_KINDS[kind].order(number) for kind, number in factors)
    check_order(order, max_order=max_order, what=text)
    tables = [_KINDS[kind].build(number, max_order=max_order) for kind, number in factors]
    return direct_product(*tables, max_order=max_order)


def _described_group(text: str) -> Table:
    # GAP writes blanks around x and :, users often do not.
    wanted = "".join(re.sub(r"(?<![A-Za-z])[Zℤ]_?(?=\d)", "C", text).split())
    found = [group for group in all_small_groups() if "".join(group.name.split()) == wanted]
    if len(found) == 1:
        return small_group(found[0].order, found[0].id)
    if found:
        several = ", ".join(f"{group.order}:{group.id}" for group in found)
        raise ValueError(f"{text!r} describes several groups; choose one of {several}.")
    raise ValueError(f"{text!r} is not a family. {_ACCEPTED}")
