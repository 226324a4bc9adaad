"""A rectangle of fields, which a file or a sheet of a workbook holds: what table is in it?

Read in this order: ``_merged_cells`` (cells that span several), ``_sheet`` (titles, notes and blank
margins taken off), ``_arrangement`` (is it a table with labels, without, or a list of products?),
``_raw_from_sheet`` (what is read, once that is decided).
"""

__all__: list[str] = []
