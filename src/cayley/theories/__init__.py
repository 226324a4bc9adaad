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

Read in this order: ``_terms``, ``_parse`` and ``_numbered`` (laws), ``_conditions``,
``_evaluation`` (laws on a full table), ``_theory`` and ``_catalog`` (theorems and names); then
``_plans`` (laws compiled to joins over known products), ``_cells`` (values, equal cells, reasons),
``_joins_python`` for small orders and ``_joins_numba`` above, ``_demands`` (conditions),
``_propagation``; then ``_reasons``, ``_search`` and ``_complete``.

Which theories the cells themselves speak for, is said by another row of files: ``_chances`` (how
likely a cell is by chance), ``_exposures`` for small orders and ``_exposures_numba`` above (which
cells a law predicts), ``_refuted`` and ``_relations`` (many laws at once), ``_mining``;
``_uncovering`` (an order of the cells that wastes no prediction), ``_evidence``, ``_standing`` and
``_weighing``. Polynomials modulo a prime: ``_formula``, ``_interpolation`` and ``_polynomials``.
A completion as somebody prefers it: ``_preference``.
Wrong entries: ``_violations``, ``_contradictions`` and ``_wrong_entries`` (the fewest given cells
without which a theory holds). Proofs that others can check: ``_condition_trace`` (by conditions)
and ``_trace`` (a search that writes why each cell is forced and each guess refuted).
"""

from cayley.theories._catalog import parse_theory
from cayley.theories._complete import Completion, SearchLimits, complete_under
from cayley.theories._numbered import law, number_of
from cayley.theories._parse import parse_laws
from cayley.theories._terms import Law
from cayley.theories._theory import Theory

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
