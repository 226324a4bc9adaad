"""A certificate as a file for Coq: checkers with their proofs, the lines, and theorems.

``common.v``, ``groups.v``, ``laws.v`` and ``tables.v`` define programs that read proofs and tables,
and prove that what they accept is true. What is written behind them are the cells, the lines and
the claims; Coq runs the programs on them.

Read in this order: ``_lines`` (the lines of a proof for Coq), ``_groups`` (what the cells of groups
and isotopes force), ``_laws`` (what cells force under laws and conditions), ``_tables`` (what full
tables are), ``_text`` (the file).
"""

from cayley.completion.certificates._coq._text import coq_text

__all__ = ["coq_text"]
