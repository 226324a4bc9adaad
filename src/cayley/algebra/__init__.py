"""Exact algebra: what an operation is, which group is behind it, and why.

Everything here works on integers and decides by proof. A statement is true, or false with a
counterexample; nothing rests on a tolerance, and torch is never imported.

A full table is given as a :class:`~cayley.tables.Table`, a :class:`Group`, an array ``(n, n)`` of
integers ``0..n-1`` or nested lists: row ``a``, column ``b`` holds ``ab``. Its properties are asked
one at a time (:func:`is_associative`) or all at once (:func:`analyze`):

>>> from cayley import algebra
>>> table = [[(a - b) % 5 for b in range(5)] for a in range(5)]
>>> answer = algebra.is_associative(table)
>>> bool(answer), answer.counterexample
(False, (0, 0, 1))

Subtraction is no group, but relabeling its columns makes it one. A Latin square is an *isotope*
of a group if three relabelings, of rows, columns and symbols, turn it into the group's table.
:func:`find_isotopism` finds them or proves that there are none:

>>> print(algebra.analyze(table).structure)
group isotope
>>> isotopism = algebra.find_isotopism(table)
>>> isotopism.columns.tolist()
[0, 4, 3, 2, 1]
>>> bool(algebra.verify_isotopism(table, isotopism))
True

:func:`identify` names the group, with proof for every group of order at most 200 and for the
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

Every function whose name begins with ``is_`` or ``has_`` returns a :class:`Property`: true or false
as a condition, with a counterexample where it is false.

The rooms: ``axioms`` (laws and conditions), ``groups``, ``loops``, ``semigroups``, ``quandles``,
``rings`` (two operations), ``characters``, ``identification`` (isotopisms and names), ``export``
(descriptions, GAP, LaTeX).
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.algebra.axioms import (
    Property,
    Structure,
    generated_submagma,
    generating_set,
    has_absorbing_element,
    has_identity,
    has_inverses,
    has_left_identity,
    has_right_identity,
    is_associative,
    is_commutative,
    is_flexible,
    is_homomorphism,
    is_idempotent,
    is_isomorphism,
    is_latin_square,
    is_left_alternative,
    is_left_cancellative,
    is_right_alternative,
    is_right_cancellative,
    is_unipotent,
)
from cayley.algebra.groups import (
    ConjugacyClasses,
    Group,
    Presentation,
    SubgroupLattice,
    abelian_invariants,
    center,
    conjugacy_classes,
    derived_series,
    derived_subgroup,
    is_nilpotent,
    is_perfect,
    is_simple,
    is_solvable,
    lower_central_series,
    short_presentation,
    subgroup_lattice,
)
from cayley.algebra.identification import (
    Analysis,
    Identification,
    Isotopism,
    NotIsotope,
    analyze,
    find_isotopism,
    identify,
    verify_isotopism,
)

if TYPE_CHECKING:
    from cayley.algebra.characters import (
        CharacterTable,
        Cyclotomic,
        character_table,
        format_character_table,
    )
    from cayley.algebra.export import (
        GroupDescription,
        describe,
        format_description,
        to_gap,
        to_latex,
    )

__all__ = [
    "Analysis",
    "CharacterTable",
    "ConjugacyClasses",
    "Cyclotomic",
    "Group",
    "GroupDescription",
    "Identification",
    "Isotopism",
    "NotIsotope",
    "Presentation",
    "Property",
    "Structure",
    "SubgroupLattice",
    "abelian_invariants",
    "analyze",
    "center",
    "character_table",
    "conjugacy_classes",
    "derived_series",
    "derived_subgroup",
    "describe",
    "find_isotopism",
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
    "lower_central_series",
    "short_presentation",
    "subgroup_lattice",
    "to_gap",
    "to_latex",
    "verify_isotopism",
]

# Naming a group needs no characters: what describes it is loaded when it is asked for.
_LATER = {
    "CharacterTable": "cayley.algebra.characters",
    "Cyclotomic": "cayley.algebra.characters",
    "character_table": "cayley.algebra.characters",
    "format_character_table": "cayley.algebra.characters",
    "GroupDescription": "cayley.algebra.export",
    "describe": "cayley.algebra.export",
    "format_description": "cayley.algebra.export",
    "to_gap": "cayley.algebra.export",
    "to_latex": "cayley.algebra.export",
}
__getattr__ = lazy_names(__name__, _LATER)
