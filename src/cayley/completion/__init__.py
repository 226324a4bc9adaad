"""The pipeline from a partial table to a verdict: exact first, learned where it must be.

:func:`solve` goes through the stages: exact deduction under groups and their isotopes, under
theories of laws, under homotopes and polynomials; then synchronization and HyperCube, whose every
proposal is judged by exact algebra; then certificate and identification. A theory is given, earned
by the cells, or only supposed. A :class:`Solution` holds the completed table, the theory, its
rivals, the verdict, and for each cell its :class:`Provenance`.

The exact path does not import torch.

Example:
    >>> from cayley.completion import solve
    >>> from cayley.tables import Table
    >>> kariera = Table.from_array([[0, 1, 2, 3], [1, 0, -1, -1], [2, 3, 0, -1], [3, -1, -1, 0]])
    >>> solution = solve(kariera, assume="group")
    >>> str(solution.identification), solution.counts["forced"]
    ('C2 x C2 (GAP 4:2)', 5)

Read in this order: ``_hypotheses`` (what was asked for), ``_call`` (that, with its limits),
``_pipeline`` (the stages), ``_other_shapes`` (tables that are not square), ``_accusation`` (when
cells are called wrong), ``_exact`` (deduction and repair under groups and isotopes), ``_theories``,
``_theory_repairs`` and ``_theory_results`` (the same under laws), ``_repairs`` (when and how long
wrong entries are looked for), ``_further`` (homotopes, polynomials, open blocks), ``learned`` (a
room: synchronization and HyperCube), ``_judge`` (a proposal against the axioms), ``_outcome`` (what
the stages hand on), ``_outcome_reading``, ``_label_order`` and ``_conclusion`` (which of it is
shown, in the order of the labels given, and with which rivals), ``_findings`` (what comes out),
``solution`` (a room: what a user gets, in sentences and as a document), ``certificates`` (a room:
claims with proofs), ``_as_solution`` (tables as solutions), ``_progress`` (callbacks and curves)
and ``inspection`` (a room: what a table is).
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.completion._findings import Provenance, Refutation, Suspect
from cayley.completion._pipeline import solve
from cayley.completion._progress import Progress
from cayley.completion.certificates._check import CertificateCheck, check_certificate
from cayley.completion.solution._solution import Solution

if TYPE_CHECKING:
    from cayley.completion.inspection._inspection import Inspection, inspect_table, with_complexity
    from cayley.completion.solution._from_document import solution_from_document

__all__ = [
    "CertificateCheck",
    "Inspection",
    "Progress",
    "Provenance",
    "Refutation",
    "Solution",
    "Suspect",
    "check_certificate",
    "inspect_table",
    "solution_from_document",
    "solve",
    "with_complexity",
]

# Completing a table needs none of these; inspection brings the character tables along.
_LATER = {
    "Inspection": "cayley.completion.inspection._inspection",
    "inspect_table": "cayley.completion.inspection._inspection",
    "solution_from_document": "cayley.completion.solution._from_document",
    "with_complexity": "cayley.completion.inspection._inspection",
}
__getattr__ = lazy_names(__name__, _LATER)
