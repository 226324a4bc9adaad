"""Proofs that laws and conditions force cells or leave no table, as lines to be replayed.

Read in this order: ``_condition_trace`` (by conditions) and ``_trace`` (a search that writes why
each cell is forced and each guess refuted).
"""

__all__: list[str] = []
