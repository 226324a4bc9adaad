"""Laws and conditions of a single operation, each decided exactly.

Every function takes a full table as a ``Table``, a ``Group``, an array or nested lists, and returns
a :class:`Property`. Its indices are positions in the table; for a ``Table`` over one alphabet they
are positions in ``table.rows``, for rows, columns and symbols alike.

Read in this order: ``_property`` (what every predicate returns), ``_laws`` (laws in one or two
variables), ``_latin_square`` (cancellation), ``_identity_element`` (identities, zeros, inverses),
``_generators`` (what some elements generate), ``_lights_test`` (associativity),
``_translation_laws`` (other laws in three variables, distributivity), ``_mediality`` (a law in
four), ``_homomorphism`` (maps between two tables), ``_structure`` (:class:`Structure`, what an
operation can be).
"""

from cayley.algebra.axioms._generators import generated_submagma, generating_set
from cayley.algebra.axioms._homomorphism import is_homomorphism, is_isomorphism
from cayley.algebra.axioms._identity_element import (
    has_absorbing_element,
    has_identity,
    has_inverses,
    has_left_identity,
    has_right_identity,
)
from cayley.algebra.axioms._latin_square import (
    is_latin_square,
    is_left_cancellative,
    is_right_cancellative,
)
from cayley.algebra.axioms._laws import (
    is_commutative,
    is_flexible,
    is_idempotent,
    is_left_alternative,
    is_right_alternative,
    is_unipotent,
)
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._property import Property
from cayley.algebra.axioms._structure import Structure

__all__ = [
    "Property",
    "Structure",
    "generated_submagma",
    "generating_set",
    "has_absorbing_element",
    "has_identity",
    "has_inverses",
    "has_left_identity",
    "has_right_identity",
    "is_associative",
    "is_commutative",
    "is_flexible",
    "is_homomorphism",
    "is_idempotent",
    "is_isomorphism",
    "is_latin_square",
    "is_left_alternative",
    "is_left_cancellative",
    "is_right_alternative",
    "is_right_cancellative",
    "is_unipotent",
]
