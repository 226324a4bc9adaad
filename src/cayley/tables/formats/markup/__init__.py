"""Formats of texts that are typeset: ``_labeled_text`` (the rows to write) comes first.

Then ``_markdown``, ``_latex_text`` (labels in LaTeX), ``_latex`` and ``_html``.
"""

__all__: list[str] = []
