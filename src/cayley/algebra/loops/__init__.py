"""Loops and quasigroups: Latin squares, with an identity or without.

A *quasigroup* is an operation whose table is a Latin square; a *loop* is one with an identity. A
loop need not be associative, and its kinds are told apart by what is left of associativity:

>>> from cayley.algebra.loops import LoopParts
>>> steiner = [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]]
>>> LoopParts.of(steiner).classes[:4]
('Moufang', 'left Bol', 'right Bol', 'Steiner')

Read in this order: ``_moufang`` (the laws of Moufang and Bol), ``_steiner`` (Steiner quasigroups
and Steiner loops), ``_inverse_property`` (inverses, powers, conjugacy closed loops), ``_nuclei``
(elements that associate or commute with all), ``_inner_mappings`` (automorphic loops), ``_chein``
(Moufang loops made of a group and a copy of it), ``_parts`` (all that at once).
"""

from cayley.algebra.loops._parts import LoopParts

__all__ = ["LoopParts"]
