"""A certificate's claims as formulas without a model, with proofs of that in the DRAT format.

Nothing here goes through the lines of a certificate: the claim is put as a formula in conjunctive
normal form, a SAT solver looks for a model, and the clauses that it learns until there is none
are the proof. Any checker for DRAT reads both.

Read in this order: ``_formula`` (the clauses), ``_proof`` (the solver, the files).
"""

from cayley.completion.certificates._drat._proof import Refutation, refutations

__all__ = ["Refutation", "refutations"]
