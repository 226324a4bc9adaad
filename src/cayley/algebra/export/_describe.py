"""``describe``: what is known about a group as one value, ready for JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.characters._character_fields import CharacterField, character_fields
from cayley.algebra.characters._character_table import character_table
from cayley.algebra.characters._irreducible_characters import exponent
from cayley.algebra.groups._conjugacy_classes import (
    ConjugacyClasses,
    abelian_invariants,
    center,
    conjugacy_classes,
)
from cayley.algebra.groups._group import Group, as_group, restricted_to
from cayley.algebra.groups._presentation import Presentation, short_presentation
from cayley.algebra.groups._series import derived_series, is_simple, lower_central_series
from cayley.algebra.groups._subgroup_classes import maximal_cycles
from cayley.algebra.groups._subgroup_lattice import SubgroupLattice, subgroup_lattice
from cayley.algebra.identification._automorphisms import (
    AutomorphismGroup,
    automorphisms_of_group,
)
from cayley.algebra.identification._identify import identify
from cayley.algebra.identification._schur_multiplier import schur_multiplier
from cayley.algebra.identification._structure_description import abelian_name
from cayley.tables import Table
from cayley.tables._full_square import TableLike, with_labels

__all__ = [
    "ClassDescription",
    "GroupDescription",
    "IrrepDescription",
    "SubgroupDescription",
    "describe",
]

# The square of it is written out as text; more would make a page that nobody can read.
MAX_DESCRIBED_CLASSES = 120
"""The default limit on the classes for which characters are written out."""

# The search goes over the Cayley graph for each relator it tries, so its time grows with the order.
MAX_PRESENTED_ORDER = 1200
"""The default limit on the order for which a presentation is looked for."""


MAX_LATTICE_ORDER = 200
"""Classes of subgroups, cycles and automorphisms are described up to this order."""

_LARGEST_NAMED = 400
"""An automorphism group up to this order is named: a third of a second at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDescription:
    """One conjugacy class: its usual name, a representative's label, its size and order."""

    name: str
    representative: str
    size: int
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupDescription:
    """One class of conjugate subgroups.

    Attributes:
        order: The order of each of them.
        size: How many they are; 1 if the subgroup is normal.
        name: Their structure description, or None.
        generators: Labels of elements that generate one of them.
        maximal: Places of the classes whose members are maximal subgroups of one of this class.
    """

    order: int
    size: int
    name: str | None
    generators: tuple[str, ...]
    maximal: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IrrepDescription:
    """One irreducible representation.

    Attributes:
        degree: The size of its matrices.
        indicator: The indicator of Frobenius and Schur: 1 if the representation is real, 0 if its
            character is not, -1 if the character is real but the representation is not
            (quaternionic).
        field: The field that the values of its character generate.
        kernel_order: How many elements act as the identity; 1 if it is faithful.
        characters: The values on the classes, as text.
    """

    degree: int
    indicator: int
    field: CharacterField
    kernel_order: int
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDescription:
    """What is known about a group; ``None`` where it was not computed.

    Attributes:
        order: The number of elements.
        name: The structure description.
        gap_id: Order and number in GAP's library.
        exponent: The least common multiple of the orders of the elements.
        abelian: Whether all elements commute.
        nilpotent: Whether the lower central series ends at 1.
        solvable: Whether the derived series ends at 1.
        perfect: Whether it is its own derived subgroup.
        simple: Whether it has exactly two normal subgroups.
        center_order: The order of the center.
        derived_series: The orders of the derived series, the group first.
        lower_central_series: The orders of the lower central series.
        abelian_invariants: The prime powers of the group modulo its derived subgroup.
        frattini_order: The order of the intersection of the maximal subgroups.
        subgroups: Numbers of ``all``, ``classes``, ``normal`` and ``maximal`` subgroups.
        subgroup_classes: The classes of conjugate subgroups, by rising order, up to order 200.
        cycle_graph: The labels of each maximal cyclic subgroup as powers of a generator, the
            identity last, up to order 200.
        automorphism_group: ``order`` and ``name`` of the automorphism group, up to order 200.
        schur_multiplier: The prime powers of the Schur multiplier, up to order 100 and where a
            theorem gives it; empty if it is trivial.
        generators: Labels of the generators ``a``, ``b``, ... of the presentation.
        presentation: A short presentation, proved.
        classes: The conjugacy classes.
        irreps: The irreducible representations in the order of the character table.
        not_computed: Why what is missing is missing, by attribute.
    """

    order: int
    name: str | None
    gap_id: tuple[int, int] | None
    exponent: int
    abelian: bool
    nilpotent: bool
    solvable: bool
    perfect: bool
    simple: bool
    center_order: int
    derived_series: tuple[int, ...]
    lower_central_series: tuple[int, ...]
    abelian_invariants: tuple[int, ...]
    frattini_order: int | None
    subgroups: dict[str, int] | None
    subgroup_classes: tuple[SubgroupDescription, ...] | None
    cycle_graph: tuple[tuple[str, ...], ...] | None
    automorphism_group: dict[str, Any] | None
    schur_multiplier: tuple[int, ...] | None
    generators: tuple[str, ...] | None
    presentation: str | None
    classes: tuple[ClassDescription, ...]
    irreps: tuple[IrrepDescription, ...] | None
    not_computed: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return dictionaries, lists, strings and numbers only, with the attributes as keys."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def describe(
    group: TableLike,
    *,
    labels: Sequence[str] | None = None,
    max_classes: int = MAX_DESCRIBED_CLASSES,
    max_presented_order: int = MAX_PRESENTED_ORDER,
) -> GroupDescription:
    """Return what is known about a group.

    Args:
        group: A group of order ``n``, or its table in any form that :meth:`Group.from_table` takes.
        labels: Names of its elements; by default the labels of the ``Table`` if one is given, else
            ``0..n-1``.
        max_classes: Write out characters for at most so many classes.
        max_presented_order: Look for a presentation up to this order.

    Raises:
        ValueError: If there is not one label per element, or a table is not that of a group.

    Example:
        >>> found = describe(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> found.name, found.solvable, found.nilpotent, found.presentation
        ('S3', True, False, '< a, b | a^2, b^3, (ab)^2 >')
        >>> found.to_json()["irreps"][2]
        {'degree': 2, 'indicator': 1, 'field': {'name': 'Q', 'degree': 1, 'conductor': 1,
        'fixed_by': [1]}, 'kernel_order': 1, 'characters': ['2', '0', '-1']}
    """
    group = with_labels(group)
    if labels is None and isinstance(group, Table):
        labels = group.rows
    group = as_group(group)
    names = tuple(map(str, range(group.order) if labels is None else labels))
    if len(names) != group.order:
        raise ValueError(f"`labels` must name {group.order} elements; got {len(names)}.")
    found = identify(group)
    missing: dict[str, str] = {}
    # Solvable, nilpotent and perfect are read off the series, which are needed anyway.
    derived = tuple(len(subgroup) for subgroup in derived_series(group))
    central = tuple(len(subgroup) for subgroup in lower_central_series(group))
    words = _presentation(group, max_presented_order, missing)
    lattice = _lattice(group, missing)
    return GroupDescription(
        order=group.order,
        name=found.name,
        gap_id=found.gap_id,
        exponent=exponent(group),
        abelian=group.is_abelian,
        nilpotent=central[-1] == 1,
        solvable=derived[-1] == 1,
        perfect=len(derived) == 1,
        simple=bool(is_simple(group)),
        center_order=len(center(group)),
        derived_series=derived,
        lower_central_series=central,
        abelian_invariants=abelian_invariants(group),
        frattini_order=None if lattice is None else len(lattice.frattini),
        subgroups=None if lattice is None else lattice.counts,
        subgroup_classes=_subgroup_classes(group, found.name, lattice, names, missing),
        cycle_graph=None
        if group.order > MAX_LATTICE_ORDER
        else tuple(tuple(names[x] for x in cycle) for cycle in maximal_cycles(group)),
        automorphism_group=_automorphisms(group, missing),
        schur_multiplier=_multiplier(group, found.gap_id, missing),
        generators=None if words is None else tuple(names[x] for x in words.generators),
        presentation=None if words is None else str(words),
        classes=_classes(conjugacy_classes(group), names),
        irreps=_irreps(group, max_classes, missing),
        not_computed=missing,
    )


def _presentation(group: Group, max_order: int, missing: dict[str, str]) -> Presentation | None:
    if group.order <= max_order:
        return short_presentation(group)
    reason = f"order {group.order} is over the limit of {max_order}"
    missing |= dict.fromkeys(("generators", "presentation"), reason)
    return None


def _lattice(group: Group, missing: dict[str, str]) -> SubgroupLattice | None:
    found = subgroup_lattice(group)
    if isinstance(found, SubgroupLattice):
        return found
    missing |= dict.fromkeys(("subgroups", "frattini_order"), found.reason)
    return None


def _subgroup_classes(
    group: Group,
    name: str | None,
    lattice: SubgroupLattice | None,
    names: Sequence[str],
    missing: dict[str, str],
) -> tuple[SubgroupDescription, ...] | None:
    if lattice is None or lattice.classes is None or group.order > MAX_LATTICE_ORDER:
        missing["subgroup_classes"] = (
            f"order {group.order} is over the limit of {MAX_LATTICE_ORDER}"
            if group.order > MAX_LATTICE_ORDER
            else "there are too many subgroups"
        )
        return None
    return tuple(
        SubgroupDescription(
            order=each.order,
            size=each.size,
            name=name if each.order == group.order else _name(group, each.elements),
            generators=tuple(names[x] for x in each.generators),
            maximal=each.maximal,
        )
        for each in lattice.classes
    )


def _name(group: Group, elements: Int[NDArray[Any], " k"]) -> str | None:
    subgroup = restricted_to(group, elements)
    # Most subgroups are abelian, and their orders of elements give the name at once.
    if subgroup.is_abelian:
        return abelian_name(abelian_invariants(subgroup)) if subgroup.order > 1 else "C1"
    return identify(subgroup).name


def _automorphisms(group: Group, missing: dict[str, str]) -> dict[str, Any] | None:
    reason = f"order {group.order} is over the limit of {MAX_LATTICE_ORDER}"
    if group.order <= MAX_LATTICE_ORDER:
        found = automorphisms_of_group(group)
        if found is not None:
            return {"order": found.order, "name": _name_of_maps(found)}
        reason = "too many images of generators had to be tried"
    missing["automorphism_group"] = reason
    return None


def _multiplier(
    group: Group, gap_id: tuple[int, int] | None, missing: dict[str, str]
) -> tuple[int, ...] | None:
    found = schur_multiplier(group, None if gap_id is None else gap_id[1])
    if found is None:
        missing["schur_multiplier"] = "it is listed up to order 100, and no theorem here gives it"
    return found


def _name_of_maps(found: AutomorphismGroup) -> str | None:
    if found.order > _LARGEST_NAMED:
        return None
    maps = Group.from_permutations(found.generators.tolist(), max_order=found.order)
    return identify(maps).name


def _classes(classes: ConjugacyClasses, names: Sequence[str]) -> tuple[ClassDescription, ...]:
    columns = (classes.names, classes.representatives, classes.sizes, classes.orders)
    return tuple(
        ClassDescription(name=name, representative=names[x], size=int(size), order=int(order))
        for name, x, size, order in zip(*columns, strict=True)
    )


def _irreps(
    group: Group, max_classes: int, missing: dict[str, str]
) -> tuple[IrrepDescription, ...] | None:
    num_classes = len(conjugacy_classes(group))
    if num_classes > max_classes:
        missing["irreps"] = f"{num_classes} classes are over the limit of {max_classes}"
        return None
    table = character_table(group)
    fields = character_fields(table)
    # Few values are different: each is put into text once.
    texts = [str(value) for value in table.values]
    return tuple(
        IrrepDescription(
            degree=int(degree),
            indicator=indicator,
            field=fields[i],
            kernel_order=len(table.kernel(i)),
            characters=tuple(texts[code] for code in table.codes[i].tolist()),
        )
        for i, (degree, indicator) in enumerate(zip(table.degrees, table.indicators, strict=True))
    )


def _plain(value: Any) -> Any:
    """Return a value with lists in place of tuples, at every depth."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
