"""The universal group of observed products, and what it forces or contradicts.

Read in this order: ``_partial_table`` (observed products, with what is assumed of the operation),
``_labelings`` and ``_universal_group`` (what the enumerated group means for the cells),
``_clusters`` and ``_evidence`` (a small contradictory set of cells), ``_deduce`` (both together);
``_embeddings`` and ``_exhaustive_search`` (small orders, by all groups); ``_transitions`` (the same
for transformations that are seen only by what they do to states).
"""

__all__: list[str] = []
