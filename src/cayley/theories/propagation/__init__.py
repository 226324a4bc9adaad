"""What a theory forces in a partial table: propagation, and an exhaustive search of the rest.

Read in this order: ``_plans`` (laws compiled to joins over known products), ``_cells`` (values,
equal cells, reasons), ``_joins_python`` for small orders and ``_joins_numba`` above, ``_demands``
(conditions), ``_propagation``; ``_reasons`` (why a cell is forced), ``_search`` and ``_complete``;
``_preference`` (a completion as somebody prefers it).
"""

__all__: list[str] = []
