"""Certificates: the claims of a solution with proofs that a program of its own checks.

Read in this order: ``_certificate`` (the document), ``_proved_claims`` (each claim with its proof),
``_group_claims``, ``_polynomial_claim`` and ``_wrong_cells_claim`` (claims of a kind), ``_claims``
(what a solution claims), ``_self_check`` (what `solve` checks before it says so), ``_check`` (what
the checker says), ``_witnesses`` (what provers are given besides), ``_prefix_notation`` (terms as
provers write them), ``_coq`` and ``_lean`` (rooms: the same for Coq, and as unchecked text for
Lean) and ``_drat`` (formulas with proofs of a SAT solver).
"""

__all__: list[str] = []
