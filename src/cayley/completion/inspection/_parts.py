"""The parts of a table that is a quasigroup, a semigroup or a rack, in labels, as JSON has them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Analysis, Group, Structure, identify
from cayley.algebra.groups._schreier_sims import PermutationGroup
from cayley.algebra.loops import LoopParts
from cayley.algebra.quandles import QuandleParts
from cayley.algebra.semigroups import SemigroupParts
from cayley.algebra.semigroups._green import EggBox
from cayley.completion.inspection._library_numbers import (
    automorphisms,
    isotopic_loops,
    loop_numbers,
    name_from,
    quandle_numbers,
    semigroup_numbers,
)

__all__ = ["parts_of"]

_MOST_NAMED = 200
"""Largest group that is named: nearly every group of at most this order has a name."""


def parts_of(
    products: Int[NDArray[Any], "n n"], labels: Sequence[str], properties: Analysis
) -> dict[str, Any]:
    """Return the parts of a full table over one alphabet.

    Args:
        products: Products, shape ``(n, n)``.
        labels: The label of each element.
        properties: What `analyze` returned for them.

    Returns:
        A member for each of ``loop`` (of loops that are no group), ``quasigroup`` (without an
        identity), ``semigroup`` (no group) and ``rack`` (left or right) that it is; none for a
        group, and for what is none of these.
    """
    parts: dict[str, Any] = {}
    if properties.structure is Structure.GROUP:
        return parts
    known = {**dict(properties), "medial": properties.medial}
    if properties.latin:
        name = "loop" if properties.identity else "quasigroup"
        parts[name] = _of_loop(LoopParts.of(products, known=known), products, labels)
    elif properties.associative:
        parts["semigroup"] = _of_semigroup(
            SemigroupParts.of(products, associative=properties.associative), products, labels
        )
    sides = [
        (side, QuandleParts.of(array, medial=properties.medial))
        for side, array, distributive, cancellative in (
            ("left", products, properties.left_distributive, properties.left_cancellative),
            ("right", products.T, properties.right_distributive, properties.right_cancellative),
        )
        if distributive and cancellative
    ]
    if sides:
        # What is a rack on both sides is described on that where it is involutory, else as a left
        # one.
        side, found = next((each for each in sides if "involutory" in each[1].classes), sides[0])
        array = products if side == "left" else np.ascontiguousarray(products.T)
        parts["rack"] = {"side": side, **_of_quandle(found, array, labels)}
    return parts


def _of_loop(
    found: LoopParts, products: Int[NDArray[Any], "n n"], labels: Sequence[str]
) -> dict[str, Any]:
    nuclei = found.nuclei
    whole = found.multiplication_group
    numbers = loop_numbers(products, found.classes) if found.identity is not None else []
    sets = {
        "left_nucleus": nuclei.left,
        "middle_nucleus": nuclei.middle,
        "right_nucleus": nuclei.right,
        "nucleus": nuclei.nucleus,
        "commutant": nuclei.commutant,
        "center": nuclei.center,
    }
    return {
        "name": _name_of_loop(found, products) or name_from(numbers),
        "numbers": numbers,
        "isotopic_loops": isotopic_loops(products) if found.identity is not None else None,
        "classes": list(found.classes),
        "undecided": list(found.undecided),
        **{name: _named(elements, labels) for name, elements in sets.items()},
        "multiplication_group": _of_permutations(whole),
        "inner_mapping_group": None
        if found.inner_order is None
        else {
            "order": found.inner_order,
            # What fixes a point in all (even) permutations are those of the other points.
            "name": f"{whole.giant}{len(products) - 1}"
            if whole.giant is not None
            else _name_of_permutations(found.inner_mappings, found.inner_order),
        },
        "automorphism_group": _of_some(automorphisms(products)),
    }


def _name_of_loop(found: LoopParts, products: Int[NDArray[Any], "n n"]) -> str | None:
    """Return the name of a loop that Chein's construction makes of a named group."""
    doubling = found.doubling
    if doubling is None:
        return None
    name = _name_of_subgroup(products, doubling.group)
    if doubling.square == found.identity:
        return None if name is None else f"M({name}, 2)"
    # In the quaternions only -1 is a central square beside 1.
    return "octonion loop" if name == "Q8" else None


def _of_semigroup(
    found: SemigroupParts, products: Int[NDArray[Any], "n n"], labels: Sequence[str]
) -> dict[str, Any]:
    lattice = found.lattice
    return {
        "numbers": semigroup_numbers(products),
        "classes": list(found.classes),
        "identity": None if found.identity is None else labels[found.identity],
        "zero": None if found.zero is None else labels[found.zero],
        "units": {
            "elements": _named(found.units, labels),
            "group": _name_of_subgroup(products, found.units) if found.units else None,
        },
        "idempotents": _named(found.idempotents, labels),
        "idempotent_order": _edges(found.idempotent_order, labels),
        "minimal_ideal": _named(found.minimal_ideal, labels),
        "egg_boxes": [_of_box(box, products, labels) for box in found.green.boxes],
        "ideal_order": [list(edge) for edge in found.green.order],
        "lattice": None
        if lattice is None
        else {
            "covers": _edges(lattice.covers, labels),
            "joins": lattice.join is not None,
            "distributive": None if lattice.distributive is None else bool(lattice.distributive),
            "modular": None if lattice.modular is None else bool(lattice.modular),
        },
    }


def _of_box(
    box: EggBox, products: Int[NDArray[Any], "n n"], labels: Sequence[str]
) -> dict[str, Any]:
    # All maximal subgroups in a class of D are isomorphic.
    groups = (
        cell
        for cells, row in zip(box.cells, box.groups, strict=True)
        for cell, e in zip(cells, row, strict=True)
        if e is not None
    )
    subgroup = next(groups, None)
    return {
        "cells": [[_named(cell, labels) for cell in row] for row in box.cells],
        "idempotents": [[None if e is None else labels[e] for e in row] for row in box.groups],
        "regular": box.is_regular,
        "group": None if subgroup is None else _name_of_subgroup(products, subgroup),
    }


def _of_quandle(
    found: QuandleParts, products: Int[NDArray[Any], "n n"], labels: Sequence[str]
) -> dict[str, Any]:
    connected = "connected" in found.classes
    return {
        "numbers": quandle_numbers(products)
        if connected and "quandle" in found.classes
        else list[dict[str, Any]](),
        "classes": list(found.classes),
        "undecided": list(found.undecided),
        "inner_group": _of_permutations(found.inner_group),
        "displacement_group": _of_permutations(found.displacement_group),
        "automorphism_group": _of_some(automorphisms(products, products if connected else None)),
        "orbits": [_named(orbit, labels) for orbit in found.orbits],
    }


def _of_some(group: PermutationGroup | None) -> dict[str, Any] | None:
    return None if group is None else _of_permutations(group)


def _of_permutations(group: PermutationGroup) -> dict[str, Any]:
    if group.giant is not None:
        degree = max(len(orbit) for orbit in group.orbits)
        return {"order": group.order, "name": f"{group.giant}{degree}"}
    return {
        "order": group.order,
        "name": _name_of_permutations(group.generators, group.order),
    }


def _name_of_permutations(generators: Int[NDArray[Any], "k n"] | None, order: int) -> str | None:
    if generators is None or order > _MOST_NAMED:
        return None
    group = Group.from_permutations(generators.tolist(), max_order=_MOST_NAMED)
    return identify(group).name


def _name_of_subgroup(products: Int[NDArray[Any], "n n"], elements: Sequence[int]) -> str | None:
    """Return the name of the group that some elements are under the operation."""
    if len(elements) == 1:
        return "C1"  # there are often many, and each look would take a millisecond
    inside = np.array(elements)
    return identify(np.searchsorted(inside, products[np.ix_(inside, inside)])).name


def _named(elements: Iterable[int], labels: Sequence[str]) -> list[str]:
    return [labels[a] for a in elements]


def _edges(edges: Iterable[tuple[int, int]], labels: Sequence[str]) -> list[list[str]]:
    return [[labels[a], labels[b]] for a, b in edges]
