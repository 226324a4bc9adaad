"""What structure a full table has, which group is behind it, and the name of that group.

Read in this order: ``_isotopism`` (Albert's theorem: the group that a Latin square is an isotope
of), ``_analyze`` (all properties at once), ``_fingerprint``, ``_presented_groups``,
``_simple_groups``, ``_listed_presentations``, ``_extensions``, ``_pair_digest`` and
``_structure_description`` (ways to a name), ``_group_name`` (which of them names which group),
``_invariants``, ``_identify`` (the answer about a table), ``_automorphisms`` and
``_schur_multiplier`` of a group. For loops, semigroups and quandles: ``_canonical_form`` (one table
for each isomorphism type, and all automorphisms), ``_smallest_relabeling`` (the same for the
smallest orders) and ``_numbered_structures`` (numbers in GAP's lists).
"""

from cayley.algebra.identification._analyze import Analysis, analyze
from cayley.algebra.identification._identify import Identification, identify
from cayley.algebra.identification._isotopism import (
    Isotopism,
    NotIsotope,
    find_isotopism,
    verify_isotopism,
)

__all__ = [
    "Analysis",
    "Identification",
    "Isotopism",
    "NotIsotope",
    "analyze",
    "find_isotopism",
    "identify",
    "verify_isotopism",
]
