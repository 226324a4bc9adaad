"""A certificate as Lean 4 text, of the core library only: theorems that nothing here has checked.

``common.lean`` states each rule of a proof as a small theorem, and the other ``.lean`` files what
some claims need besides. A line of a proof becomes one theorem for each fact that it adds, proved
by the theorem of its rule from those before, so nothing is computed but full tables. No Lean can be
run where this is written, which the first line says.

Read in this order: ``_models`` (what is known of the elements), ``_lines`` (the lines of a proof),
``_consequences`` (what cells force, and which are wrong), ``_tables`` (what full tables are),
``_polynomials``, ``_text`` (the file).
"""

from cayley.completion.certificates._lean._text import lean_text

__all__ = ["lean_text"]
