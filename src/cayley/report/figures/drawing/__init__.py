"""Pictures as values, how they are shown, and the colors and sizes that all share.

Read in this order: ``_style`` (what matplotlib figures share), ``_text_width`` (how wide a text
is), ``_marks`` (the value), ``_arcs``, ``_drawing_as_figure`` and ``_drawing`` (to matplotlib and
to SVG), ``_palette`` (colors of elements) and ``_nodes`` (boxes with a text).
"""

__all__: list[str] = []
