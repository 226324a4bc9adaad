"""What a table is: a full one, with names and parts; a partial one, with what it can still be.

Read in this order: ``_inspection``, ``_reasons`` (why a property fails, in words), ``_short_laws``
(the numbered laws that hold), ``_kinds`` (the most special word), ``_parts`` and ``_part_rows``
(what it consists of, as a document and as rows of text), ``_library_numbers`` (its number in GAP's
lists), ``_two_tables`` (with a second table) and ``_partial_inspection``.
"""

__all__: list[str] = []
