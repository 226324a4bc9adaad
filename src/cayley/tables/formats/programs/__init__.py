"""Formats of programs for algebra, and of those that look for models.

Most of them call elements by numbers: ``_numbered`` (how their files list labels beside them) and
``_bracket_lists`` (lists of rows) come first. Then one file a program: ``_gap``, ``_loops`` (the
GAP package LOOPS), ``_sage``, ``_mace4``, ``_uacalc``, ``_tptp``, ``_minizinc``,
``_mathematica``.
"""

__all__: list[str] = []
