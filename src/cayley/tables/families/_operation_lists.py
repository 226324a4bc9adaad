"""Lists of symmetry operations as people and CIF files write them: ``-y,x-y,z+1/3``."""

import re
import unicodedata
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from cayley.tables.families._symmetry_operations import TOLERANCE, Operations

__all__ = ["looks_like_operations", "read_operations"]

_CIF_NAMES = ("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz")
_NUMBER = r"\d+(?:\.\d*)?(?:/\d+)?|\.\d+"
# A component is a sum of terms: an optional sign, then a number, a letter, or both.
_TERM = re.compile(rf"([+-]?)(?:({_NUMBER})\*?)?([a-z])?")
_COMPONENT = rf"[+-]?(?:(?:{_NUMBER})\*?[a-z]?|[a-z])(?:[+-](?:(?:{_NUMBER})\*?[a-z]?|[a-z]))*"
_OPERATION = re.compile(rf"{_COMPONENT}(?:,{_COMPONENT}){{1,5}}")
_CENTRING = re.compile(rf"\(((?:{_NUMBER})(?:,(?:{_NUMBER}))+)\)\+?")
# The bar over a letter is a combining mark; keyboards give a minus sign of several kinds.
_BARRED = re.compile("([xyzuvw])[\u0304\u0305]")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})

_Number: TypeAlias = int | Fraction

_MOST_SNIFFED = 200  # lines looked at: the operations of a space group, or the first of a long file
_LARGEST = 10**6  # of a number; those of a crystal are below ten, and floats hold no end of digits
_MOST = 20_000  # operations in one file; the largest group of a conventional cell has 192


def looks_like_operations(text: str) -> tuple[float, str]:
    """Return how sure it is that a text lists symmetry operations, from 0 to 1, and why."""
    if any(name in text.lower() for name in _CIF_NAMES):
        return 1.0, "it has the symmetry operations of a CIF file"
    lines = [line for line in text.splitlines()[:_MOST_SNIFFED] if _plain(line)]
    parts = [each for line in lines for each in _split(line)]
    listed = [each for each in parts if not _CENTRING.fullmatch(each)]
    if not listed or not all(map(_is_operation, listed)):
        return 0.0, ""
    # Labels of a table without margins may be x, y and z; signs and numbers speak of operations.
    if not re.search(r"[-\d]", "".join(parts)) or not all(map(_is_invertible, listed)):
        return 0.0, ""
    # A table without margins has as many rows as columns, and no more labels than these.
    labels = {label for each in listed for label in each.split(",")}
    if len(listed) == listed[0].count(",") + 1 >= len(labels) and parts == listed:
        return 0.4, "its lines are symmetry operations, as many as they have components"
    return 0.9, "its lines are symmetry operations such as -y,x,z"


def read_operations(text: str, *, tolerance: float = TOLERANCE) -> Operations:
    r"""Read symmetry operations.

    Args:
        text: A CIF file with a list of operations, or operations one a line, after numbers in
            parentheses or separated by semicolons; lines such as ``(0,0,0)+ (1/2,1/2,0)+`` are
            centrings.
        tolerance: How far apart two translations are still one, in edges of the cell.

    Raises:
        ValueError: If something is no operation; the message names the line.

    Example:
        >>> read_operations("x,y,z\n-y, x-y, z+1/3").texts()
        ['x,y,z', '-y,x-y,z+1/3']
    """
    listed = _of_cif(text) if looks_like_operations(text)[0] == 1.0 else _of_lines(text)
    if not listed:
        raise ValueError("there is no symmetry operation.")
    if len(listed) > _MOST:
        raise ValueError(f"there are {len(listed)} operations; {_MOST} is the limit.")
    turns: list[list[list[_Number]]] = []
    shifts: list[list[float]] = []
    # Files repeat operations, and operations repeat components: each is read once.
    known: dict[str, tuple[list[list[_Number]], list[_Number]]] = {}
    components: dict[tuple[str, str], tuple[list[_Number], _Number]] = {}
    for line, each in listed:
        if each not in known:
            known[each] = _parsed(each, line, components)
        turn, shift = known[each]
        if turns and len(shift) != len(shifts[0]):
            raise ValueError(
                f"line {line}: {each!r} has {len(shift)} components, others {len(shifts[0])}."
            )
        turns.append(turn)
        shifts.append([float(w) for w in shift])
    try:
        return Operations.of(np.array(turns, float), np.array(shifts), tolerance=tolerance)
    except ValueError as error:
        number = re.search(r"operation (\d+) has", str(error))
        if number is None:
            raise
        line, each = listed[int(number[1]) - 1]
        raise ValueError(f"line {line}: {each!r}: {error}") from None


def _plain(line: str) -> str:
    """Return a line in small letters without quotes, blanks and comments."""
    plain = line.partition("#")[0].lower()
    if not plain.isascii():
        plain = _BARRED.sub(r"-\1", unicodedata.normalize("NFD", plain.translate(_MINUS)))
    return "".join(plain.split()).replace("'", "").replace('"', "")


def _split(line: str) -> list[str]:
    """Return the operations of one line."""
    text = _plain(line)
    centrings = _CENTRING.findall(text)
    if centrings and not _CENTRING.sub("", text).strip("+"):
        return [f"({each})" for each in centrings]
    # "(1) x,y,z (2) -x,-y,z" and "1 x,y,z", as the International Tables and CIF files number them.
    parts = re.split(r"\(\d+\)|;", text)
    return [part for part in parts if part]


def _is_operation(text: str) -> bool:
    if not _OPERATION.fullmatch(text):
        return False
    size = text.count(",") + 1
    used = set(re.findall("[a-z]", text))
    return any(
        size <= len(letters) and bool(used) and used <= set(letters[:size])
        for letters in ("xyzuvw", "abc")
    )


def _is_invertible(text: str) -> bool:
    """Return whether an operation moves points to points one to one."""
    try:
        turn, _ = _parsed(text, 0)
    except ValueError:  # a division by zero: the reader says in which line
        return True
    return bool(abs(np.linalg.det(np.array(turn, float))) > 0.5)


def _of_lines(text: str) -> list[tuple[int, str]]:
    listed: list[tuple[int, str]] = []
    shifts: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        for each in _split(line):
            if _CENTRING.fullmatch(each):
                shifts.append(each.strip("()+"))
            elif _is_operation(each):
                listed.append((number, each))
            else:
                raise ValueError(f"line {number}: {each[:40]!r} is no operation such as -y,x,z.")
    letters = "xyzuvw"
    for shift in shifts:
        parts = [f"{letter}+{w}" for letter, w in zip(letters, shift.split(","), strict=False)]
        listed.append((0, ",".join(parts)))
    return listed


def _of_cif(text: str) -> list[tuple[int, str]]:
    """Return the operations of the only list in a CIF file, with their lines."""
    lines = text.splitlines()
    lists: list[list[tuple[int, str]]] = []
    place = 0
    while place < len(lines):
        head = lines[place].strip().lower()
        if head == "loop_":
            place, columns, rows = _loop(lines, place + 1)
            wanted = [i for i, name in enumerate(columns) if name in _CIF_NAMES]
            if wanted:
                lists.append([(n, _column(row, wanted[0], len(columns), n)) for n, row in rows])
            continue
        if head.startswith(_CIF_NAMES):
            lists.append([(place + 1, _plain(lines[place].strip().split(None, 1)[1]))])
        place += 1
    # Files of many structures, and old names beside new ones: the first list may be another's.
    different = {tuple(sorted(each for _, each in found)) for found in lists}
    if len(different) > 1:
        raise ValueError(
            f"there are {len(different)} different lists of symmetry operations; keep the data "
            "block that is meant."
        )
    return lists[0] if lists else []


def _loop(lines: list[str], place: int) -> tuple[int, list[str], list[tuple[int, str]]]:
    """Return where a loop ends, the names of its columns and its rows with their lines."""
    columns: list[str] = []
    while place < len(lines) and lines[place].strip().startswith("_"):
        columns.append(lines[place].strip().lower())
        place += 1
    rows = []
    while place < len(lines):
        text = lines[place].strip()
        if text.startswith(("_", "loop_", "data_", "#", "save_")) or not text:
            break
        rows.append((place + 1, text))
        place += 1
    return place, columns, rows


def _column(row: str, wanted: int, count: int, line: int) -> str:
    """Return one field of a row; the others have no blanks, as their numbers do."""
    quoted = [each[1] or each[2] for each in re.finditer(r"'([^']*)'|\"([^\"]*)\"", row)]
    operations = [each for each in quoted if "," in each]
    if len(operations) == 1:
        return _plain(operations[0])
    before, after = wanted, count - 1 - wanted
    parts = row.split(None, before)
    rest = parts[-1] if len(parts) > before else ""
    text = _plain(rest.rsplit(None, after)[0] if after and rest else rest)
    if not text:
        raise ValueError(f"line {line}: there is no operation in {row[:40]!r}.")
    return text


def _parsed(
    text: str,
    line: int,
    known: dict[tuple[str, str], tuple[list[_Number], _Number]] | None = None,
) -> tuple[list[list[_Number]], list[_Number]]:
    """Return the rotation part and the translation part, exactly as written.

    ``known`` keeps what the components seen so far mean, by their letters and their text.
    """
    if not _is_operation(text):
        raise ValueError(f"line {line}: {text[:40]!r} is no operation such as -y,x,z.")
    known = {} if known is None else known
    components = text.split(",")
    letters = "xyzuvw"[: len(components)]
    if set(re.findall("[a-z]", text)) <= set("abc"):
        letters = "abc"[: len(components)]
    turn, shift = [], []
    for component in components:
        if (letters, component) not in known:
            known[letters, component] = _component(component, letters, line)
        row, constant = known[letters, component]
        turn.append(row)
        shift.append(constant)
    return turn, shift


def _component(text: str, letters: str, line: int) -> tuple[list[_Number], _Number]:
    """Return the coefficients of the letters in a sum of terms, and what has no letter."""
    row: list[_Number] = [0] * len(letters)
    constant: _Number = 0
    for sign, number, letter in _TERM.findall(text):
        if not number and not letter:
            continue
        try:
            size: _Number = 1 if not number else _fraction(number)
        except ZeroDivisionError:
            raise ValueError(f"line {line}: {number} divides by zero.") from None
        if size > _LARGEST:
            raise ValueError(f"line {line}: {number[:40]} is beyond the limit of {_LARGEST}.")
        size = -size if sign == "-" else size
        if letter:
            row[letters.index(letter)] += size
        else:
            constant += size
    return row, constant


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    if above.isdecimal():
        # From integers in a fifth of the time that Fraction takes to look at a text.
        return Fraction(int(above), int(below or 1))
    return Fraction(above) / Fraction(below or 1)
