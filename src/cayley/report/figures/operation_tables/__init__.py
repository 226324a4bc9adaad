"""Pictures of operation tables: colored, folded, with what open cells can be, and rivals.

Read in this order: ``_table_grid`` (where cells lie, headings), ``_table_cells`` (colors, letters),
``_provenance_marks`` (where cells come from), ``_multiplication_table`` (the table itself, before
and after completion, by provenance), ``_quotient`` (folded by a normal subgroup),
``_possible_values`` and ``_rival_tables``.
"""

__all__: list[str] = []
