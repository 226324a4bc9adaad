"""Cayley diagrams: which generators, where the elements lie, how arrows and labels keep apart.

Read in this order: ``_plain_generators``, ``_polyhedral_layout`` (groups of solids),
``_coset_layout`` (rings and circles of circles), ``_arrows`` and ``_diagram`` (all in
pixels), ``_label_places`` and ``_node_labels``, ``_cayley_graph`` (the picture).
"""

__all__: list[str] = []
