r"""Theories: laws and conditions that an operation may have, and what they force.

Everything here is exact. A *law* is an equation of two terms that holds for all elements; laws are
read as people write them and have the numbers of the Equational Theories Project:

>>> from cayley import theories
>>> associative, commutative = theories.parse_laws("x(yz) = (xy)z; x*y = y*x")
>>> theories.number_of(associative), str(theories.law(43))
(4512, 'x*y = y*x')

A *condition* is something else that a finite operation can have: cancellation, a unit, a zero,
inverses. A *theory* is a set of laws and conditions. Many have names, adjectives go before them,
and listed theorems say which follow from which:

>>> loop = theories.parse_theory("Moufang loop")
>>> theories.parse_theory("abelian group").implies(loop)
True
>>> theories.parse_theory("commutative idempotent medial quasigroup").implies(loop)
False

:func:`complete_under` fills in a partial table. What it says holds *if* the theory does: which
cells are forced, each with a reason; whether the completion is unique, after an exhaustive search;
else two completions and the possible values of every open cell; or why there is none.

>>> table = [[0, 1, 2, 3], [1, 1, -1, -1], [2, 3, -1, -1], [3, -1, -1, -1]]
>>> completion = theories.complete_under(table, "semilattice")
>>> completion.unique, completion.table.tolist()
('yes', [[0, 1, 2, 3], [1, 1, 3, 3], [2, 3, 2, 3], [3, 3, 3, 3]])
>>> print(completion.reason(1, 2))
x*y = y*x at x = 1, y = 2, because of (2, 1)
>>> table[2][1] = -1
>>> completion = theories.complete_under(table, "semilattice")
>>> completion.unique, completion.num_completions, completion.possible[1, 2]
('no', 9, (1, 2, 3))
>>> print(theories.complete_under(table, "group").refutation)
refuted: left cancellation, because of (1, 0), (1, 1)

Read in this order: ``laws`` (laws, conditions, theories and their names), ``propagation`` (what a
theory forces), ``mining`` (which theories the cells speak for), ``polynomials`` (residues modulo a
prime), ``wrong_entries`` (the fewest cells without which a theory holds) and ``proofs`` (lines that
others can check).
"""

from cayley.theories.laws._catalog import parse_theory
from cayley.theories.laws._numbered import law, number_of
from cayley.theories.laws._parse import parse_laws
from cayley.theories.laws._terms import Law
from cayley.theories.laws._theory import Theory
from cayley.theories.propagation._complete import Completion, SearchLimits, complete_under

__all__ = [
    "Completion",
    "Law",
    "SearchLimits",
    "Theory",
    "complete_under",
    "law",
    "number_of",
    "parse_laws",
    "parse_theory",
]
