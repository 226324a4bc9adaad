"""Semigroups and monoids: associative operations, with an identity or without.

>>> from cayley.algebra.semigroups import SemigroupParts
>>> product_mod_4 = [[a * b % 4 for b in range(4)] for a in range(4)]
>>> found = SemigroupParts.of(product_mod_4)
>>> found.units, found.zero, [box.elements for box in found.green.boxes]
((1, 3), 0, [(0,), (1, 3), (2,)])

Read in this order: ``_regular`` (regular and inverse semigroups, semilattices), ``_green`` (Green's
relations and egg-boxes), ``_lattice`` (the order of a semilattice), ``_parts`` (all that at once);
``_transition_monoid`` (monoids of automata and languages).
"""

from cayley.algebra.semigroups._parts import SemigroupParts

__all__ = ["SemigroupParts"]
