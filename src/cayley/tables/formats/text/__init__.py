"""Formats of plain text: CSV and TSV, with labels or without, products, equations, columns, JSON.

Read in this order: ``_csv_records`` (lines, quotes and delimiters), ``_delimited_sheet`` (the
rectangle in a CSV text, and what it may be), ``_square_csv`` (csv, tsv and grid), ``_triples``,
``_equations``, ``_aligned`` and ``_json``.
"""

__all__: list[str] = []
