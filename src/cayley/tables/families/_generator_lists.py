"""Generators of groups as people and GAP write them: cycles, lists of images, integer matrices."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cayley.tables._limits import MAX_ORDER
from cayley.tables._table import Table
from cayley.tables.families._matrix_groups import matrix_group_table
from cayley.tables.families._permutations import (
    cycle_notation,
    multiplication_table,
    permutation_group_elements,
)

__all__ = ["Generators", "looks_like_generators", "read_generators"]

_CYCLE = r"\(\s*(?:\d+(?:[\s,]+\d+)*)?\s*\)"
_CYCLES = re.compile(rf"(?:{_CYCLE}\s*)+")
_LIST = re.compile(r"\[\s*\d+(?:[\s,]+\d+)*\s*\]")
_NAMED = re.compile(r"^\s*[A-Za-z]\w*\s*:?=\s*")
_GROUP = re.compile(r"^\s*(?:[A-Za-z]\w*\s*:?=\s*)?Group\s*\((.*)\)\s*;*\s*$", re.DOTALL)
_MODULUS = re.compile(r"^\s*mod(?:ulo)?\s*(\d{1,9})\s*$", re.IGNORECASE)

_MOST_POINTS = (
    2_000  # with 5000 elements that takes 160 MB; a typing error (1 1000000000) all memory
)
_LARGEST = 2**31  # entries of matrices: products of smaller ones do not leave 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Generators:
    """Generators as read.

    Attributes:
        kind: What they are.
        values: Images of ``0..k-1``, or matrices, as nested lists.
        first: The number of the first point, 0 or 1, of permutations.
        modulus: What matrices are reckoned modulo; None for whole numbers.
    """

    kind: Literal["permutations", "matrices"]
    values: tuple[Any, ...]
    first: int = 1
    modulus: int | None = None

    def table(self, *, max_order: int = MAX_ORDER) -> Table:
        """Return the table of the group that they generate.

        Raises:
            ValueError: If the group is infinite or too large, or a matrix has no inverse.
        """
        if self.kind == "matrices":
            matrices = [np.array(each) for each in self.values]
            return matrix_group_table(matrices, modulus=self.modulus, max_order=max_order)
        elements = permutation_group_elements(self.values, max_order=max_order)
        labels = [cycle_notation(images) for images in elements.tolist()]
        if self.first == 0:  # the points of the labels are those of the file
            labels = [re.sub(r"\d+", lambda point: str(int(point[0]) - 1), each) for each in labels]
        return Table.from_array(multiplication_table(elements), labels=labels)


def looks_like_generators(text: str) -> tuple[float, str]:
    """Return how sure it is that a text lists generators, from 0 to 1, and why."""
    lines = _lines(text)
    if not lines:
        return 0.0, ""
    body = " ".join(lines)
    if ((found := _GROUP.match(body)) and found[1].strip()) or _MODULUS.match(lines[0]):
        return 1.0, "it says Group( ... ) or modulo what matrices are reckoned"
    plain = [_NAMED.sub("", line).rstrip(";, ") for line in lines]
    # A grid of such labels, with margins or without, has several on each of several lines.
    pieces = [_at_top(line) for line in plain]
    alone = len(plain) == 1 or all(len(each) == 1 for each in pieces)
    if alone and any(pieces) and all(_is_product(each) for line in pieces for each in line):
        return 0.9, "its lines are permutations in cycles"
    if all(_LIST.fullmatch(line) for line in plain):
        images = [_images(line) for line in plain]
        same = len({len(each) for each in images}) == 1
        if same and all(_is_list_of_images(each) for each in images):
            # As many lists as points are a table too, if no list occurs twice.
            square = len(images) == len(images[0]) > 1
            return (0.4, "its lines are lists of images, as many as there are points") if square \
                else (0.9, "its lines are permutations as lists of images")  # fmt: skip
    try:
        found_matrices = _matrices(text, alone=False)
    except ValueError:  # numbers beyond the limit of matrices are labels, if they are anything
        return 0.0, ""
    return (0.9, "it has square integer matrices of one size") if found_matrices else (0.0, "")


def _is_product(text: str) -> bool:
    """Return whether a text is one permutation: cycles side by side, or ``()`` by itself."""
    identity = re.search(r"\(\s*\)", text) is not None
    return (
        _CYCLES.fullmatch(text) is not None
        and "\t" not in text
        and (not identity or text.count("(") == 1)
    )


def read_generators(text: str) -> Generators:
    r"""Read generators.

    Args:
        text: Permutations in cycles ``(1 2 3)(4 5)`` or as images ``[2,3,1]``, one a line, with or
            without names ``a = ...``; GAP's ``Group((1,2,3),(1,2))``; or integer matrices as nested
            lists, or as lines of numbers with a blank line between two matrices, after a line
            ``mod 5`` modulo 5. Points count from 1, or from 0 if a 0 occurs.

    Raises:
        ValueError: If it is none of that, or a list is no permutation.

    Example:
        >>> read_generators("(1 2 3)(4 5)\n(1 2)").values
        ([1, 2, 0, 4, 3], [1, 0, 2, 3, 4])
    """
    lines = _lines(text)
    body = " ".join(lines)
    found = _GROUP.match(body)
    if found:
        lines = [found[1].strip().removeprefix("[").removesuffix("]").strip()] if _CYCLES.search(
            found[1]) else [found[1].strip()]  # fmt: skip
    plain = [_NAMED.sub("", line).rstrip(";, ") for line in lines]
    pieces = [each for line in plain for each in _at_top(line)]
    if pieces and all(_CYCLES.fullmatch(each) for each in pieces):
        return _of_cycles(pieces)
    if pieces and all(_LIST.fullmatch(each) for each in pieces):
        return _of_lists([_images(each) for each in pieces])
    matrices = _matrices("\n".join([*lines]) if found else text, alone=True)
    if matrices:
        return matrices
    raise ValueError(
        "these are no generators: permutations in cycles such as (1 2 3)(4 5) or as images such as "
        "[2,3,1], one a line, or square integer matrices."
    )


def _lines(text: str) -> list[str]:
    """Return the lines that are not blank, without comments."""
    plain = (re.split(r"#|//", line)[0].strip() for line in text.splitlines())
    return [line for line in plain if line]


def _at_top(line: str) -> list[str]:
    """Return the parts of a line between commas and semicolons outside parentheses."""
    parts, depth, begin = [], 0, 0
    for i, c in enumerate(line):
        depth += (c in "([") - (c in ")]")
        if c in ",;" and depth == 0:
            parts.append(line[begin:i])
            begin = i + 1
    return [part.strip() for part in [*parts, line[begin:]] if part.strip()]


def _of_cycles(pieces: list[str]) -> Generators:
    listed = [
        [[int(p) for p in re.findall(r"\d{1,18}", cycle)] for cycle in re.findall(_CYCLE, each)]
        for each in pieces
    ]
    points = [p for cycles in listed for cycle in cycles for p in cycle]
    first = 0 if 0 in points else 1
    degree = max(points, default=first) + 1 - first
    if degree > _MOST_POINTS:
        raise ValueError(f"the point {max(points)} is beyond the limit of {_MOST_POINTS}.")
    values = []
    for piece, cycles in zip(pieces, listed, strict=True):
        images = list(range(degree))
        for cycle in cycles:
            if len(set(cycle)) < len(cycle):
                raise ValueError(f"{piece!r} has a cycle in which a point occurs twice.")
            step = {
                p - first: q - first for p, q in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True)
            }
            # Cycles that overlap are multiplied from left to right, as in GAP.
            images = [step.get(image, image) for image in images]
        values.append(images)
    return Generators(kind="permutations", values=tuple(values), first=first)


def _images(text: str) -> list[int]:
    return [int(p) for p in re.findall(r"\d{1,18}", text)]


def _is_list_of_images(images: list[int]) -> bool:
    return len(images) > 1 and set(images) in (
        set(range(len(images))),
        set(range(1, len(images) + 1)),
    )


def _of_lists(listed: list[list[int]]) -> Generators:
    first = 0 if any(0 in images for images in listed) else 1
    degree = max(map(len, listed))
    for images in listed:
        if sorted(images) != list(range(first, first + len(images))) or len(images) != degree:
            raise ValueError(
                f"{images} is no permutation of {first}..{degree + first - 1} as a list of images."
            )
    values = tuple([p - first for p in images] for images in listed)
    return Generators(kind="permutations", values=values, first=first)


def _matrices(text: str, *, alone: bool) -> Generators | None:
    """Return matrices, or None; a matrix that is ``alone`` may be a table as well."""
    lines = text.strip().splitlines()
    modulus = None
    if lines and (found := _MODULUS.match(lines[0])):
        modulus, lines = int(found[1]), lines[1:]
        if modulus < 2:
            raise ValueError(f"matrices modulo {modulus} are all equal; give a modulus from 2 on.")
    body = "\n".join(re.split(r"#|//", line)[0] for line in lines).strip()
    values = _bracketed(body) if body.startswith("[") else _blocks(body)
    square = values and all(
        len(each) == len(values[0]) and all(len(row) == len(each) for row in each)
        for each in values
    )
    if values and any(abs(k) >= _LARGEST for each in values for row in each for k in row):
        raise ValueError(f"an entry of a matrix is beyond the limit of {_LARGEST}.")
    # Two blocks of d x d numbers are no square; one is a table as it stands.
    nested = re.match(r"\[\s*\[\s*\[", body)
    if not square or (len(values) == 1 and modulus is None and not alone and not nested):
        return None
    return Generators(kind="matrices", values=tuple(values), modulus=modulus)


def _bracketed(body: str) -> list[list[list[int]]]:
    """Return nested lists of depth three, or several of depth two; empty if it is none."""
    try:
        document = json.loads("[" + re.sub(r"\]\s*;?\s*\[", "],[", body).rstrip(";, \n") + "]")
    except (ValueError, RecursionError):
        return []
    if len(document) == 1 and _depth(document[0]) == 3:
        document = document[0]
    return document if all(_depth(each) == 2 for each in document) else []


def _depth(value: Any) -> int:
    """Return 2 for a list of lists of integers, 3 for a list of these, else 0."""
    if not isinstance(value, list) or not value:
        return 0
    if all(isinstance(row, list) and row and all(type(k) is int for k in row) for row in value):
        return 2
    inner = {_depth(each) for each in value if isinstance(each, list)}
    return 3 if inner == {2} and all(isinstance(each, list) for each in value) else 0


def _blocks(body: str) -> list[list[list[int]]]:
    """Return blocks of lines of integers; empty if something else stands there."""
    if not re.fullmatch(r"[\d\s,;-]+", body):
        return []
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", body)]
    try:
        return [[[int(k) for k in re.split(r"[\s,;]+", row.strip())] for row in b] for b in blocks]
    except ValueError:
        return []
