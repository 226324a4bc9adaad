"""What the strings in a table mean: unknown, a label, a label in another spelling, or a mistake.

Everything here is about strings only, and knows neither files nor formats.

Read in this order: ``_shown`` (a label in a message), ``_markers`` (which strings mean unknown),
``_spellings`` (which strings are one label in two spellings), ``_unlabeled_grid`` (what the labels
of a grid without labels are), ``_strays`` (values that are no labels: typing errors, or results
outside), ``_formulas`` (what a spreadsheet program calculates with).
"""

__all__: list[str] = []
