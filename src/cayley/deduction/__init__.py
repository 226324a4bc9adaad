r"""What observed products force, if the operation is a group or an isotope of one.

Everything here is exact. The *universal group* of the observations has a generator for each label
and a relation :math:`x_a x_b = x_c` for each product :math:`a \circ b = c`. Todd-Coxeter
enumeration finds out how large it is and which labels coincide in it:

>>> from cayley import deduction
>>> cells = [(0, 1, 1), (1, 1, 2), (1, 2, 3), (1, 3, 0)]
>>> deduction.deduce(cells, order=4, assume="group").table.tolist()
[[0, 1, 2, 3], [1, 2, 3, 0], [2, 3, 0, 1], [3, 0, 1, 2]]

:func:`deduce` proves what the observations force; :func:`decide` settles small orders by a search
through all groups; :func:`find_wrong_entries` finds the observations that contradict the rest;
:func:`deduce_transitions` does so for transformations that are seen only by what they do to states.

Read in this order: ``_relations`` and ``_partial_table`` (from cells to generators and relations),
``_todd_coxeter`` with its two back ends (``_todd_coxeter_python`` for small orders,
``_todd_coxeter_numba`` with its ``_todd_coxeter_kernel`` above), ``_group_of_cosets``,
``_labelings`` and ``_universal_group`` (what the enumerated group means for the cells),
``_clusters`` and ``_evidence`` (a small contradictory set of cells), ``_deduce``; then
``_embeddings`` and ``_exhaustive_search``; then ``_chance``, ``_plausibility``,
``_repeated_symbols`` (whether what a table contradicts looks like wrong entries) and ``_voting``;
``_hitting_sets``, ``_fewest_suspects``, ``_contradictions`` and ``_distance`` (which tables leave
fewest observations wrong, with proof), ``_suspects``, ``_wrong_entries`` and
``_nearest_structure``; then ``_transitions``. Operations that are homotopes of groups, of any
shape, are completed in ``_homotopes``, with ``_homotope_quotients``. The group that a block of a
table generates is found in ``_group_of_block``; ``_infinite_order`` (with ``_elimination``) proves
it infinite, and ``_phases`` reads labels such as ``-X``. Groups that are not given by a table:
``_read_presentation`` and ``_presented_group`` (relations), ``_largest_subgroup`` and
``_near_groups`` (symmetry operations that are no group), ``_read_source`` (files of all kinds).
Proofs that others can check: ``_proof_lines`` (facts and the lines that made them),
``_traced_enumeration`` (a coset enumeration that writes them), ``_case_search`` (cases) and
``_trace`` (what is forced or refuted, as lines).
"""

from cayley.deduction._deduce import deduce
from cayley.deduction._exhaustive_search import Decision, decide
from cayley.deduction._todd_coxeter import Limits
from cayley.deduction._transitions import (
    deduce_transitions,
)
from cayley.deduction._universal_group import Forced, Inconsistent, Undecided
from cayley.deduction._wrong_entries import NotFound, WrongEntries, find_wrong_entries

__all__ = [
    "Decision",
    "Forced",
    "Inconsistent",
    "Limits",
    "NotFound",
    "Undecided",
    "WrongEntries",
    "decide",
    "deduce",
    "deduce_transitions",
    "find_wrong_entries",
]
