"""Wrong entries: which observations to drop so that a group or an isotope fits, with proof.

Read in this order: ``_chance`` (how many tables would agree by chance), ``_plausibility``,
``_repeated_symbols`` (whether what a table contradicts looks like wrong entries), ``_voting``
(labels by votes); ``_hitting_sets`` and ``_fewest_suspects`` (which tables leave fewest
observations wrong, and no rival unsaid), ``_contradictions`` and ``_distance`` (how many wrong
entries leave no doubt); ``_suspects``, ``_wrong_entries`` (the search) ``_nearest_structure``
(groups and isotopes compared), and ``_alternating_assignment`` (below order 10, by local search).
"""

__all__: list[str] = []
