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

Read in this order: ``todd_coxeter`` (from relations to a group), ``universal_group`` (what the
group means for the cells), ``wrong_entries`` (which observations to drop), ``homotopes`` (tables of
any shape, blocks), ``presentations`` (groups that are not given by a table) and ``proofs`` (what
was found, as lines that others can check).
"""

from cayley.deduction.todd_coxeter._todd_coxeter import Limits
from cayley.deduction.universal_group._deduce import deduce
from cayley.deduction.universal_group._exhaustive_search import Decision, decide
from cayley.deduction.universal_group._transitions import (
    deduce_transitions,
)
from cayley.deduction.universal_group._universal_group import Forced, Inconsistent, Undecided
from cayley.deduction.wrong_entries._wrong_entries import NotFound, WrongEntries, find_wrong_entries

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
