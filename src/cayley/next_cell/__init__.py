"""Which cell to observe next, so that few observations determine the table.

Each observation costs an experiment, a question to an informant, or a call of a function.
:func:`next_cells` says which product to look at, why, and what each answer would settle:

>>> from cayley.next_cell import next_cells
>>> (question,) = next_cells([["F", "T"], ["T", None]])
>>> print(question, "because", question.why)
T o T = ? because group and semilattice say different things here

Read in this order: ``_question`` (what a question is), ``_costs`` (what an observation costs, and
which proposal is taken), ``_consistent_groups`` and ``_entropy`` (all groups of a small order that
agree with the cells, and the cell that divides them most), ``_short_words``, ``_cayley_graph`` and
``_naming`` (larger orders and isotopes: cycles of the Cayley graph, then a cell for each label),
``_for_groups`` (which of the two), ``_from_theories`` (rivals, and laws), ``_noisy`` (answers that
may be wrong), ``_working_table`` (questions under one theory), ``_rivals`` (under all that stand),
``_next_cells`` (the entry), ``_dialogue`` (question, answer, undo) and
``_black_box`` (the same with a function).
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.next_cell._next_cells import next_cells
from cayley.next_cell._question import Question

if TYPE_CHECKING:
    from cayley.next_cell._black_box import identify_black_box

__all__ = ["Question", "identify_black_box", "next_cells"]

# Asking needs no solver.
_LATER = {"identify_black_box": "cayley.next_cell._black_box"}
__getattr__ = lazy_names(__name__, _LATER)
