"""Finite groups given by their tables: elements, classes, subgroups, series, presentations.

Read in this order: ``_element_orders``, ``_small_generating_set``, ``_other_libraries`` (groups of
SymPy) and ``_group`` (the value :class:`Group`), ``_conjugacy_classes``, ``_normal_subgroups``,
``_quotients``, ``_direct_product``, ``_series``, ``_subgroup_lattice``, ``_words``,
``_cayley_graph`` and ``_presentation``.
"""

from cayley.algebra.groups._conjugacy_classes import (
    ConjugacyClasses,
    abelian_invariants,
    center,
    conjugacy_classes,
    derived_subgroup,
)
from cayley.algebra.groups._group import Group
from cayley.algebra.groups._presentation import Presentation, short_presentation
from cayley.algebra.groups._series import (
    derived_series,
    is_nilpotent,
    is_perfect,
    is_simple,
    is_solvable,
    lower_central_series,
)
from cayley.algebra.groups._subgroup_lattice import SubgroupLattice, subgroup_lattice

__all__ = [
    "ConjugacyClasses",
    "Group",
    "Presentation",
    "SubgroupLattice",
    "abelian_invariants",
    "center",
    "conjugacy_classes",
    "derived_series",
    "derived_subgroup",
    "is_nilpotent",
    "is_perfect",
    "is_simple",
    "is_solvable",
    "lower_central_series",
    "short_presentation",
    "subgroup_lattice",
]
