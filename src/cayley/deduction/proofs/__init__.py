"""Proofs that others can check: what is forced or refuted, as lines to be replayed.

Read in this order: ``_proof_lines`` (facts, and the lines that made them), ``_relation_tables``
(where a relation says something new), ``_traced_enumeration`` (a coset enumeration that writes
it down), ``_case_search`` (cases) and ``_trace`` (the proof of a table, or of a contradiction).
"""

__all__: list[str] = []
