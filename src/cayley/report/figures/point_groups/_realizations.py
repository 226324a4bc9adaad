"""Groups as symmetries of objects: which object has a group, by which isomorphism."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group, identify
from cayley.algebra.identification._canonical_form import canonical_form
from cayley.report.figures.point_groups._symmetric_objects import SymmetricObject, symmetric_objects

__all__ = ["Realization", "cycles_text", "realization", "realizations"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Realization:
    """A group as the symmetries of an object.

    Attributes:
        thing: The object.
        to: The symmetry that each element of the group is, shape ``(n,)``: an isomorphism.
        choices: How many isomorphisms there are, as many as automorphisms.
        agrees: Whether every label of an element is the permutation of corners that it is drawn as,
            in cycles.
    """

    thing: SymmetricObject
    to: Int[NDArray[Any], " n"]
    choices: int
    agrees: bool


def realizations(group: Group, names: tuple[str, ...]) -> list[Realization]:
    """Return all objects whose group is isomorphic to a group, each with one isomorphism.

    Of the isomorphisms the one is taken under which most labels are the permutation of corners, in
    cycles, that they are drawn as; of equal ones the first, so that turns by small angles come to
    the elements that are listed first.

    Args:
        group: A group.
        names: The labels of its elements.

    Example:
        >>> group = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> found = realizations(group, ("()", "(2 3)", "(1 2)", "(1 2 3)", "(1 3 2)", "(1 3)"))
        >>> [(each.thing.name, each.choices, each.agrees) for each in found]
        [('triangle', 6, True)]
    """
    found = []
    orders = sorted(group.element_orders.tolist())
    form = None
    for thing in symmetric_objects(group.order):
        # Equal canonical forms take longer; most groups differ in the orders of elements already.
        if sorted(thing.group.element_orders.tolist()) != orders:
            continue
        form = canonical_form(group.table, group=True) if form is None else form
        other = canonical_form(thing.group.table, group=True)
        if form is None or other is None or not np.array_equal(form.table, other.table):
            continue
        one = np.argsort(other.places)[form.places]
        every = one[form.automorphisms]  # first an automorphism of the group, then `one`
        written = [cycles_text(image) for image in thing.images.tolist()]
        agreeing = [
            sum(written[s] == name for s, name in zip(to, names, strict=True))
            for to in every.tolist()
        ]
        best = min(range(len(every)), key=lambda k: (-agreeing[k], every[k].tolist()))
        found.append(
            Realization(
                thing=thing,
                to=every[best],
                choices=len(every),
                agrees=agreeing[best] == len(names),
            )
        )
    return found


def realization(
    group: Group, names: tuple[str, ...], solid: Literal["tetrahedron", "cube"] | None = None
) -> Realization:
    """Return the object that is drawn for a group.

    Raises:
        ValueError: If no object is drawn that has this group, or not the solid asked for.
    """
    found = realizations(group, names)
    if solid is not None:
        found = [each for each in found if each.thing.name == solid]
    if not found:
        name = identify(group).name or f"a group of order {group.order}"
        what = "no object that is drawn" if solid is None else f"no {solid}"
        raise ValueError(
            f"there are no symmetries to draw: {what} has the group {name}. Objects are drawn for "
            "C1 to C8, for the groups of the rectangle and the regular polygons of up to 8 sides, "
            "of the box and the square and hexagonal prisms, and for A4, S4 and C2 x S4."
        )
    return found[0]


def cycles_text(image: list[int]) -> str:
    """Write a permutation in cycles, points counted from 1.

    Example:
        >>> cycles_text([1, 0, 2]), cycles_text([0, 1])
        ('(1 2)', '()')
    """
    seen: set[int] = set()
    parts = []
    for start in range(len(image)):
        cycle = []
        x = start
        while x not in seen:
            seen.add(x)
            cycle.append(x + 1)
            x = image[x]
        if len(cycle) > 1:
            parts.append("(" + " ".join(map(str, cycle)) + ")")
    return "".join(parts) or "()"
