"""Partitions of the elements that a page can color by: classes, orders, orbits, subgroups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group, GroupDescription, SubgroupLattice, conjugacy_classes
from cayley.algebra.groups._subgroup_lattice import subgroup_lattice
from cayley.completion import Inspection, Solution
from cayley.report._inspected import LARGEST_DESCRIBED

__all__ = ["Partition", "SubgroupChoice", "partitions", "stands_for", "subgroup_choices"]

_MOST_SUBGROUPS = 160
"""More are listed as one of each class of conjugate subgroups; S5 has 156."""

_LARGEST_WITH_SUBGROUPS = 400
"""Above, subgroups are not looked for: it is the limit of :func:`subgroup_lattice`, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Blocks of symbols, each with a name."""

    name: str
    blocks: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupChoice:
    """A subgroup to color the cosets of.

    Attributes:
        name: Its isomorphism type.
        elements: The symbols that stand for its elements, the identity first.
        conjugates: How many subgroups are conjugate to it, itself included.
        number: The number of its class of conjugate subgroups.
    """

    name: str
    elements: tuple[int, ...]
    conjugates: int
    number: int


def stands_for(solution: Solution) -> tuple[list[int], list[int]] | None:
    """Return for each row and each column the symbol that stands for the same element.

    Of an isotope of a group, and of a group, the maps say which. Other tables over one alphabet
    have the same label there. None where rows and symbols are different things.
    """
    maps, table = solution.isotopism, solution.table
    if maps is not None:
        symbol_of = np.argsort(maps.symbols)
        return symbol_of[maps.rows].tolist(), symbol_of[maps.columns].tolist()
    if not table.has_one_alphabet:
        return None
    place = {label: i for i, label in enumerate(table.symbols)}
    return [place[a] for a in table.rows], [place[b] for b in table.columns]


def subgroup_choices(
    solution: Solution, description: GroupDescription | None
) -> tuple[SubgroupChoice, ...]:
    """Return the proper subgroups, and the whole group, by rising order; empty without a group."""
    maps = solution.isotopism
    if maps is None or description is None or maps.group.order > _LARGEST_WITH_SUBGROUPS:
        return ()
    found = subgroup_lattice(maps.group)
    if not isinstance(found, SubgroupLattice) or found.classes is None:
        return ()
    # Named only where the description goes so far; its classes are the same, in the same order.
    described = description.subgroup_classes
    symbol_of = np.argsort(maps.symbols)
    all_of_them = found.num_subgroups <= _MOST_SUBGROUPS
    choices = []
    for k, each in enumerate(found.classes):
        name = None if described is None else described[k].name
        conjugates = (
            _conjugates(maps.group, each.elements)
            if all_of_them
            else [tuple(each.elements.tolist())]
        )
        choices += [
            SubgroupChoice(
                name=name or f"of order {each.order}",
                # The identity first: a coset is then named by the element that made it.
                elements=tuple(
                    symbol_of[sorted(elements, key=lambda x: x != maps.group.identity)].tolist()
                ),
                conjugates=each.size,
                number=k,
            )
            for elements in conjugates
        ]
    return tuple(choices)


def _conjugates(group: Group, elements: Int[NDArray[Any], " k"]) -> list[tuple[int, ...]]:
    """Return the subgroups conjugate to one, each ascending, the smallest first."""
    moved = group.table[group.table[:, elements], group.inverses[:, None]]  # [g] = g H g^-1
    return sorted({tuple(row) for row in np.sort(moved, axis=1).tolist()})


def partitions(solution: Solution, found: Inspection | None) -> tuple[Partition, ...]:
    """Return the partitions of the symbols that the structure has, besides cosets."""
    if found is None:
        return ()
    maps = solution.isotopism
    if maps is not None:
        small = maps.group.order <= LARGEST_DESCRIBED
        return _of_group(maps.group, np.argsort(maps.symbols)) if small else ()
    place = {label: i for i, label in enumerate(solution.table.symbols)}
    result = []
    semigroup, rack = found.parts.get("semigroup"), found.parts.get("rack")
    if semigroup is not None:
        result += _of_semigroup(semigroup, place)
    if rack is not None:
        result.append(_named("orbits", rack["orbits"], place, "an orbit"))
    for kind in ("loop", "quasigroup"):
        part = found.parts.get(kind)
        if part is not None:
            result += _of_loop(part, place)
    return tuple(result)


def _of_group(group: Group, symbol_of: Int[NDArray[Any], " n"]) -> tuple[Partition, ...]:
    classes = conjugacy_classes(group)
    result = []
    if not group.is_abelian:  # else every element is alone
        result.append(
            Partition(
                name="conjugacy classes",
                blocks=tuple(
                    tuple(symbol_of[classes.members(i)].tolist()) for i in range(len(classes))
                ),
                names=tuple(f"class {name}" for name in classes.names),
            )
        )
    orders = sorted(set(group.element_orders.tolist()))
    blocks = [symbol_of[np.flatnonzero(group.element_orders == k)].tolist() for k in orders]
    if len(orders) > 1:
        result.append(
            Partition(
                name="orders of elements",
                blocks=tuple(map(tuple, blocks)),
                names=tuple(f"elements of order {k}" for k in orders),
            )
        )
    return tuple(result)


def _of_semigroup(part: dict[str, Any], place: dict[str, int]) -> list[Partition]:
    """Return Green's classes; those that part nothing, or everything, are left out."""
    boxes = [box["cells"] for box in part["egg_boxes"]]
    rows = [[a for cell in row for a in cell] for cells in boxes for row in cells]
    columns = [
        [a for row in cells for a in row[k]] for cells in boxes for k in range(len(cells[0]))
    ]
    found = {
        "D": [[a for row in cells for cell in row for a in cell] for cells in boxes],
        "R": rows,
        "L": columns,
        "H": [cell for cells in boxes for row in cells for cell in row],
    }
    return [
        # The names of the letters D, H, L and R: only that of D begins with a consonant.
        _named(
            f"Green's {letter}-classes", blocks, place, f"a{'n' * (letter != 'D')} {letter}-class"
        )
        for letter, blocks in found.items()
        if 1 < len(blocks) < len(place)
    ]


def _of_loop(part: dict[str, Any], place: dict[str, int]) -> list[Partition]:
    """Return each nucleus and the center with the other elements, where that parts anything."""
    result = []
    for key in ("nucleus", "center", "commutant"):
        inside = part[key]
        if 1 < len(inside) < len(place):
            rest = [label for label in place if label not in set(inside)]
            names = (f"the {key}", f"outside the {key}")
            result.append(
                Partition(
                    name=f"the {key}",
                    blocks=tuple(tuple(place[a] for a in block) for block in (inside, rest)),
                    names=names,
                )
            )
    return result


def _named(
    name: str, blocks: Iterable[Sequence[str]], place: dict[str, int], each: str
) -> Partition:
    listed = tuple(tuple(place[a] for a in block) for block in blocks)
    names = tuple(f"{each} of {len(block)}" for block in listed)
    return Partition(name=name, blocks=listed, names=names)
