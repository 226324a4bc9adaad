"""Exact algebra: what an operation is, which group is behind it, and why.

Everything here works on integers and decides by proof. A statement is true, or false with a
counterexample; nothing rests on a tolerance, and torch is never imported.

A table of products is an array ``(n, n)`` of integers ``0..n-1``: row ``a``, column ``b`` holds
``ab``. Its properties are asked one at a time (:func:`is_associative`) or all at once
(:func:`analyze`):

>>> from cayley import algebra
>>> table = [[(a - b) % 5 for b in range(5)] for a in range(5)]
>>> answer = algebra.is_associative(table)
>>> bool(answer), answer.counterexample
(False, (0, 0, 1))

Subtraction is no group, but relabelling its columns makes it one. A Latin square is an *isotope*
of a group if three relabellings, of rows, columns and symbols, turn it into the group's table.
:func:`find_isotopism` finds them or proves that there are none:

>>> algebra.structure_kind(table)
'group isotope'
>>> isotopism = algebra.find_isotopism(table)
>>> isotopism.columns.tolist()
[0, 4, 3, 2, 1]
>>> bool(algebra.verify_isotopism(table, isotopism))
True

:func:`identify` names the group, with proof for every group of order at most 100 and for the
families listed there:

>>> print(algebra.identify(table))
isotope of C5 (GAP 5:1)

A :class:`Group` is a value with what follows from its table: orders, generators,
:func:`conjugacy_classes`, :func:`center`, series of subgroups, a :func:`subgroup_lattice`, a
:func:`short_presentation`, and the :func:`character_table` with exact entries. :func:`describe`
collects all that; :func:`to_gap` and :func:`to_latex` export it.

>>> s3 = algebra.Group.from_permutations([[1, 2, 0], [1, 0, 2]])
>>> print(algebra.format_character_table(algebra.character_table(s3)))
        1a  2a  3a
size     1   3   2
X.1  +   1   1   1
X.2  +   1  -1   1
X.3  +   2   .  -1

From a few observed products, :func:`deduce` proves what they force if the operation is a group or
an isotope of one, :func:`decide` settles small orders by a search, and
:func:`find_wrong_entries` finds the observations that contradict the rest:

>>> cells = [(0, 1, 1), (1, 1, 2), (1, 2, 3), (1, 3, 0)]
>>> algebra.deduce(cells, order=4, assume="group").table.tolist()
[[0, 1, 2, 3], [1, 2, 3, 0], [2, 3, 0, 1], [3, 0, 1, 2]]

:func:`deduce_transitions` does so for transformations that are seen only by what they do to states.
"""

from cayley.algebra._associativity import is_associative
from cayley.algebra._assumption import AssumptionChoice, choose_assumption
from cayley.algebra._chance import log10_agreeing_by_chance
from cayley.algebra._character_table import CharacterTable, character_table
from cayley.algebra._character_text import format_character_table
from cayley.algebra._classes import (
    ConjugacyClasses,
    abelian_invariants,
    center,
    conjugacy_classes,
    derived_subgroup,
    element_power,
    power_map,
)
from cayley.algebra._closure import generated_submagma, generating_set
from cayley.algebra._cyclotomic import Cyclotomic
from cayley.algebra._decision import Decision, decide
from cayley.algebra._description import (
    ClassDescription,
    GroupDescription,
    IrrepDescription,
    describe,
)
from cayley.algebra._description_text import format_description
from cayley.algebra._enumeration import Limits
from cayley.algebra._export import to_gap
from cayley.algebra._fingerprint import fingerprint
from cayley.algebra._group import Group
from cayley.algebra._homomorphism import is_homomorphism, is_isomorphism
from cayley.algebra._identification import Identification, identify
from cayley.algebra._invariants import Invariants
from cayley.algebra._isotopism import Isotopism, NotIsotope, find_isotopism, verify_isotopism
from cayley.algebra._latex import to_latex
from cayley.algebra._lattice import NotComputed, SubgroupLattice, subgroup_lattice
from cayley.algebra._plausibility import Plausibility, label_tallies, weigh_observations
from cayley.algebra._properties import (
    has_absorbing_element,
    has_identity,
    has_inverses,
    has_left_identity,
    has_right_identity,
    is_commutative,
    is_flexible,
    is_idempotent,
    is_latin_square,
    is_left_alternative,
    is_left_cancellative,
    is_right_alternative,
    is_right_cancellative,
    is_unipotent,
)
from cayley.algebra._property import Property
from cayley.algebra._series import (
    derived_series,
    is_nilpotent,
    is_perfect,
    is_simple,
    is_solvable,
    lower_central_series,
)
from cayley.algebra._short_presentation import Presentation, short_presentation
from cayley.algebra._stabilizer_chain import permutation_group_order
from cayley.algebra._structure import Properties, StructureKind, analyze, structure_kind
from cayley.algebra._transitions import (
    ForcedTransitions,
    InconsistentTransitions,
    UndecidedTransitions,
    deduce_transitions,
)
from cayley.algebra._universal import deduce
from cayley.algebra._verdict import Forced, Inconsistent, Undecided
from cayley.algebra._wrong_entries import NotFound, WrongEntries, find_wrong_entries

__all__ = [
    "AssumptionChoice",
    "CharacterTable",
    "ClassDescription",
    "ConjugacyClasses",
    "Cyclotomic",
    "Decision",
    "Forced",
    "ForcedTransitions",
    "Group",
    "GroupDescription",
    "Identification",
    "Inconsistent",
    "InconsistentTransitions",
    "Invariants",
    "IrrepDescription",
    "Isotopism",
    "Limits",
    "NotComputed",
    "NotFound",
    "NotIsotope",
    "Plausibility",
    "Presentation",
    "Properties",
    "Property",
    "StructureKind",
    "SubgroupLattice",
    "Undecided",
    "UndecidedTransitions",
    "WrongEntries",
    "abelian_invariants",
    "analyze",
    "center",
    "character_table",
    "choose_assumption",
    "conjugacy_classes",
    "decide",
    "deduce",
    "deduce_transitions",
    "derived_series",
    "derived_subgroup",
    "describe",
    "element_power",
    "find_isotopism",
    "find_wrong_entries",
    "fingerprint",
    "format_character_table",
    "format_description",
    "generated_submagma",
    "generating_set",
    "has_absorbing_element",
    "has_identity",
    "has_inverses",
    "has_left_identity",
    "has_right_identity",
    "identify",
    "is_associative",
    "is_commutative",
    "is_flexible",
    "is_homomorphism",
    "is_idempotent",
    "is_isomorphism",
    "is_latin_square",
    "is_left_alternative",
    "is_left_cancellative",
    "is_nilpotent",
    "is_perfect",
    "is_right_alternative",
    "is_right_cancellative",
    "is_simple",
    "is_solvable",
    "is_unipotent",
    "label_tallies",
    "log10_agreeing_by_chance",
    "lower_central_series",
    "permutation_group_order",
    "power_map",
    "short_presentation",
    "structure_kind",
    "subgroup_lattice",
    "to_gap",
    "to_latex",
    "verify_isotopism",
    "weigh_observations",
]
