"""Assertions about algebraic objects, for the tests of this library and of code that uses it.

Each states a theorem or a definition and fails with a counterexample. They are written from the
definitions, by counting and comparing, and share no code with what they test: a mistake in the
library then cannot hide itself.

Read in this order: ``_algebra`` (operation tables), ``_representations`` (matrices),
``_equivariance`` (functions).

>>> from cayley.testing import assert_group
>>> assert_group([[0, 1], [1, 0]])
"""

from cayley.testing._algebra import (
    assert_group,
    assert_homomorphism,
    assert_isotopism,
    assert_latin_square,
)
from cayley.testing._equivariance import assert_equivariant
from cayley.testing._representations import assert_representation, assert_unitary

__all__ = [
    "assert_equivariant",
    "assert_group",
    "assert_homomorphism",
    "assert_isotopism",
    "assert_latin_square",
    "assert_representation",
    "assert_unitary",
]
