"""Which theories the seen cells support, weighed by how unlikely their agreement is by chance.

Read in this order: ``_chances`` (how likely a cell is by chance), ``_exposures`` for small orders
and ``_exposures_numba`` above (which cells a law predicts), ``_refuted`` and ``_relations`` (many
laws at once), ``_mining``; ``_uncovering`` (an order of the cells that wastes no prediction),
``_evidence`` (of a theory), ``_standing`` (all named theories that are left), ``_nearness`` (those
that few cells contradict) and ``_weighing`` (single laws and conditions).
"""

__all__: list[str] = []
