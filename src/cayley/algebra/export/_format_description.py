"""``format_description``: the description of a group as plain text."""

from collections import Counter
from collections.abc import Iterable

from cayley.algebra.export._describe import GroupDescription
from cayley.algebra.identification._structure_description import abelian_name

__all__ = ["description_lines", "format_description"]

_KINDS = {1: "real", 0: "complex", -1: "quaternionic"}
"""Frobenius-Schur indicators as words for the representation."""


def format_description(description: GroupDescription) -> str:
    """Return a few aligned lines about a group, without its character table.

    See :func:`~cayley.algebra.format_character_table` for that.

    Args:
        description: What :func:`~cayley.algebra.describe` returned.

    Example:
        >>> from cayley.algebra import Group, describe
        >>> print(format_description(describe(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))))
        group            S3 (GAP 6:1), order 6
        properties       solvable, not nilpotent, exponent 6
        center           order 1
        derived series   6 > 3 > 1
        abelianization   C2
        subgroups        6 in 4 classes, 3 normal, 4 maximal; Frattini subgroup of order 1
                         1 C1, 3 C2, 1 C3, 1 S3
        automorphisms    order 6, S3
        Schur multiplier trivial
        presentation     < a, b | a^2, b^3, (ab)^2 >
                         a = 1, b = 3
        classes          1a: 1, 2a: 3, 3a: 2
        degrees          1, 1, 2
        character fields Q (3)
        indicators       3 real
    """
    lines = [line for line in description_lines(description) if line[1]]
    size = max(len(head) for head, _ in lines)
    return "\n".join(f"{head:<{size}} {text}" for head, text in lines)


def description_lines(found: GroupDescription) -> Iterable[tuple[str, str]]:
    """Yield a head and a text for each line; the head is empty where a line continues another."""
    number = "" if found.gap_id is None else f" (GAP {found.gap_id[0]}:{found.gap_id[1]})"
    yield "group", f"{found.name or 'not identified'}{number}, order {found.order}"
    yield "properties", ", ".join([*_properties(found), f"exponent {found.exponent}"])
    yield "center", f"order {found.center_order}"
    yield "derived series", _series(found.derived_series)
    # With two terms it says no more than the orders of G and G', which the derived series lists.
    if len(found.lower_central_series) > 2:
        yield "lower central series", _series(found.lower_central_series)
    yield "abelianization", " x ".join(f"C{q}" for q in found.abelian_invariants) or "1"
    yield "subgroups", _subgroups(found)
    if found.subgroup_classes is not None:
        each = [f"{c.size} {c.name or f'of order {c.order}'}" for c in found.subgroup_classes]
        yield "", _shortened(each)
    if found.automorphism_group is not None:
        name = found.automorphism_group["name"]
        yield (
            "automorphisms",
            f"order {found.automorphism_group['order']}" + (f", {name}" if name else ""),
        )
    if found.schur_multiplier is not None:
        multiplier = abelian_name(found.schur_multiplier)
        yield "Schur multiplier", "trivial" if multiplier == "1" else multiplier
    if found.presentation is None:
        yield "presentation", f"not computed: {found.not_computed['presentation']}"
    else:
        yield "presentation", found.presentation
        # Generators have the letters that the presentation uses.
        pairs = zip("abcdefghijklmnopqrstuvwxyz", found.generators or (), strict=False)
        yield "", ", ".join(f"{letter} = {label}" for letter, label in pairs)
    yield "classes", _shortened([f"{c.name}: {c.size}" for c in found.classes])
    if found.irreps is None:
        yield "degrees", f"not computed: {found.not_computed['irreps']}"
    else:
        yield "degrees", _shortened([str(irrep.degree) for irrep in found.irreps])
        fields = Counter(irrep.field.name for irrep in found.irreps)
        yield "character fields", _shortened([f"{name} ({n})" for name, n in fields.items()])
        kinds = Counter(irrep.indicator for irrep in found.irreps)
        yield "indicators", ", ".join(f"{kinds[i]} {_KINDS[i]}" for i in (1, 0, -1) if kinds[i])


def _properties(found: GroupDescription) -> Iterable[str]:
    # From the strongest statement on: what follows from a printed one is left out.
    if found.simple:
        yield "simple"
    if found.abelian:
        yield "abelian"
    elif found.nilpotent:
        yield f"nilpotent of class {len(found.lower_central_series) - 1}"
    elif found.solvable:
        yield from ("solvable", "not nilpotent")
    elif found.perfect:
        yield "perfect"
    else:
        yield "not solvable"


def _subgroups(found: GroupDescription) -> str:
    if found.subgroups is None:
        return f"not computed: {found.not_computed['subgroups']}"
    counts = found.subgroups
    return (
        f"{counts['all']} in {counts['classes']} classes, {counts['normal']} normal, "
        f"{counts['maximal']} maximal; Frattini subgroup of order {found.frattini_order}"
    )


def _series(orders: tuple[int, ...]) -> str:
    return " > ".join(map(str, orders))


def _shortened(parts: list[str], most: int = 24) -> str:
    left = len(parts) - most
    return ", ".join(parts[:most]) + (f", and {left} more" if left > 0 else "")
