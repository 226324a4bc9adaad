"""What ``inspect`` says of a completed table, as rows to print: laws, parts, the group, numbers."""

from dataclasses import dataclass

import numpy as np

from cayley.algebra import GroupDescription, analyze, describe
from cayley.algebra.export._format_description import description_lines
from cayley.completion import Inspection, Solution
from cayley.completion.inspection._kinds import kind_of, with_article
from cayley.completion.inspection._part_rows import part_rows
from cayley.completion.inspection._parts import parts_of
from cayley.completion.inspection._short_laws import short_laws
from cayley.theories import law

__all__ = ["Inspected", "PropertyRow", "inspected"]

LARGEST_DESCRIBED = 400
"""Above, the group is only named: the time for subgroups, series, characters grows fast."""

MOST_CLASSES = 40
"""Wider character tables and longer lists of classes are left out."""

_LARGEST_WITH_PARTS = 256
"""Above, the parts of loops, semigroups and racks would take more than a second."""

_LARGEST_WITH_LAWS = 26
"""Up to this order all numbered laws are tried: a third of a second for abelian groups."""

_MOST_LAWS = 40
"""Numbered laws that are written out; the others are only counted."""

# The heading has the group's name; the list of classes and the character table have the rest.
_HAS_A_TABLE = ("group", "classes", "degrees", "character fields", "indicators")

# What says the same as another property of the list, or is what the heading says.
_LEFT_OUT = ("absorbing_element", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyRow:
    """A property: its name, whether it holds (None if undecided), and why or which element."""

    name: str
    holds: bool | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What is decided about a completed table; texts are labels as given.

    Attributes:
        kind: The most special word for it, with an article; empty if that is the group's name.
        description: What is known about the group behind it, or None.
        group_rows: The same as rows of a word and what it says; the word is empty where a row goes
            on from the one before.
        properties: Its properties.
        parts: For each of its parts a name and rows.
        laws: The numbers of the laws of at most four operations that hold, and the laws.
        more_laws: How many of these are not listed.
        laws_tried: Whether these laws were tried.
        complexity: What is known about H / n^2 without training, or None.
        loop_name: The name of a loop, or None.
        numbers: Its numbers in lists of loops, semigroups or quandles, as GAP writes them.
        inspection: What all this repeats.
    """

    kind: str
    description: GroupDescription | None
    group_rows: tuple[tuple[str, str], ...]
    properties: tuple[PropertyRow, ...]
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    laws: tuple[tuple[int, str], ...]
    more_laws: int
    laws_tried: bool
    loop_name: str | None
    numbers: tuple[str, ...]
    inspection: Inspection


def inspected(solution: Solution) -> Inspected | None:
    """Return what is decided about a solution's table; None if it is not complete and square.

    What the solution has proved already is not decided again.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> found = inspected(solve(generate_family("S3")))
        >>> found.kind, [row.name for row in found.properties if row.holds][:3]
        ('', ['Latin', 'associative', 'identity'])
    """
    identification, table = solution.identification, solution.table
    if identification is None or not table.is_full or not table.is_square:
        return None
    ordered = table.aligned() if table.has_one_alphabet else table
    properties = analyze(ordered.array, isotopism=identification.isotopism)
    kind, parts = str(identification.structure), {}
    if ordered.has_one_alphabet and len(ordered.rows) <= _LARGEST_WITH_PARTS:
        parts = parts_of(ordered.array, ordered.rows, properties)
        kind = kind_of(identification.structure, properties, parts)
    found = Inspection(
        table=ordered,
        properties=properties,
        identification=identification,
        description=_description(solution),
        kind=kind,
        parts=parts,
    )
    tried = ordered.has_one_alphabet and len(ordered.rows) <= _LARGEST_WITH_LAWS
    hold = short_laws(ordered.array).hold if tried else ()
    # The first law says x = x.
    numbers = [number for number in hold if number != 1]
    return Inspected(
        kind="" if found.description is not None and parts == {} else with_article(kind),
        description=found.description,
        group_rows=()
        if found.description is None
        else tuple(
            row
            for row in description_lines(found.description)
            if row[1] and row[0] not in _HAS_A_TABLE
        ),
        properties=_properties(found),
        parts=tuple(
            (name, tuple((head, text) for head, text in rows)) for name, rows in part_rows(parts)
        ),
        laws=tuple((number, str(law(number))) for number in numbers[:_MOST_LAWS]),
        more_laws=max(0, len(numbers) - _MOST_LAWS),
        laws_tried=tried,
        loop_name=parts["loop"]["name"] if "loop" in parts else None,
        numbers=tuple(
            text for _, rows in part_rows(parts) for head, text in rows if head == "number"
        ),
        inspection=found,
    )


def _description(solution: Solution) -> GroupDescription | None:
    """Return what is known of the group, in the table's symbols; None if there is none."""
    maps = solution.isotopism
    if maps is None or maps.group.order > LARGEST_DESCRIBED:
        return None
    # argsort inverts the map from symbols to elements: the label of each element.
    labels = [solution.table.symbols[i] for i in np.argsort(maps.symbols).tolist()]
    return describe(maps.group, labels=labels, max_classes=MOST_CLASSES)


_NAMES = {
    "latin": "Latin",
    "moufang": "Moufang",
    "left_bol": "left Bol",
    "right_bol": "right Bol",
    "steiner": "Steiner",
}


def _properties(found: Inspection) -> tuple[PropertyRow, ...]:
    """Return the properties that mean something here: first those that hold."""
    rows = []
    for name, answer in found.properties:
        if not found.applies(name) or name in _LEFT_OUT:
            continue
        why = found.explain(name, answer)
        # A witness, such as the identity, is an index; the label says which element it is.
        if answer.witness is not None:
            why = found.table.rows[answer.witness]
        word = _NAMES.get(name, name.replace("_", " "))
        rows.append(PropertyRow(name=word, holds=bool(answer), why=why))
    if found.properties.medial is None and found.applies("medial"):
        rows.append(PropertyRow(name="medial", holds=None, why="not decided at this order"))
    order = {True: 0, None: 1, False: 2}
    return tuple(sorted(rows, key=lambda row: order[row.holds]))
