"""A certificate as a file for Coq: programs with their proofs, the lines, and theorems.

The ``.v`` files define programs that read proofs and tables, and prove that what they accept is
true. What is written behind them are the cells, the lines and the claims; Coq runs the programs on
them. ``common.v`` is what all need; ``proofs.v`` reads the lines of proofs, about groups, isotopes
and homotopes (``groups.v``) or operations with laws (``laws.v``); ``choices.v`` goes through
choices of wrong cells; ``tables.v``, ``named.v`` and ``characters.v`` compute full tables, and
``polynomials.v`` linear equations.

Read in this order: ``_lines`` (the lines of a proof for Coq), ``_settings`` (what a theorem about
all tables of a theory begins with), ``_consequences`` (what cells force, and which are wrong),
``_tables`` (what full tables are), ``_behind`` (the name and the characters of a group),
``_polynomials``, ``_text`` (the file).
"""

from cayley.completion.certificates._coq._text import coq_text

__all__ = ["coq_text"]
