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

Read in this order: ``_hypotheses`` (what was asked for), ``_pipeline`` (the stages),
``_other_shapes`` (tables that are not square), ``_accusation`` (when cells are called wrong),
``_exact`` (deduction and repair under groups and isotopes), ``_theories`` (the same under laws),
``_further`` (homotopes, polynomials, open blocks), ``_attempts`` (which learned solvers are tried,
and for how long), ``_learned`` (one loop for both of them), ``_by_synchronization`` and
``_by_hypercube`` (each of them), ``_constrained`` (what of that a theory allows), ``_judge`` (a
proposal against the axioms), ``_outcome`` (what the stages hand on), ``_conclusion`` (which of it
is shown, and with which rivals), ``_findings`` and ``_solution`` (what comes out), ``_as_solution``
(tables as solutions), ``_certificate`` (as claims with proofs), with ``_proved_claims`` (what cells
force), ``_wrong_cells_claim``, ``_polynomial_claim`` and ``_group_claims`` (names and characters),
``_check`` (what the checker says of them), ``_coq`` and ``_drat`` (the same for Coq, and as
formulas with proofs of SAT solvers), ``_wording``
(in sentences), ``_notebook`` (as a notebook shows it), ``_json`` and ``_from_document`` (as a
document and back), ``_progress`` (callbacks and curves), ``_inspection`` (what a full table is),
with ``_reasons`` (why a property fails, in words), ``_short_laws`` (the numbered laws that hold),
``_kinds`` (the most special word for it), ``_parts`` and ``_part_rows`` (what it consists of, as a
document and as rows of text), ``_library_numbers`` (its number in GAP's lists) and ``_two_tables``
(what it is with a second table); ``_partial_inspection`` (what a partial table can still be).
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.completion._check import CertificateCheck, check_certificate
from cayley.completion._findings import Provenance, Refutation, Suspect
from cayley.completion._pipeline import solve
from cayley.completion._progress import Progress
from cayley.completion._solution import Solution

if TYPE_CHECKING:
    from cayley.completion._from_document import solution_from_document
    from cayley.completion._inspection import Inspection, inspect_table, with_complexity

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
    "Inspection": "cayley.completion._inspection",
    "inspect_table": "cayley.completion._inspection",
    "solution_from_document": "cayley.completion._from_document",
    "with_complexity": "cayley.completion._inspection",
}
__getattr__ = lazy_names(__name__, _LATER)
