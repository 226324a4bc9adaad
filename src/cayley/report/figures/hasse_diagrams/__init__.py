"""Diagrams of orders: subgroup lattices, Hasse diagrams, egg-boxes.

Nodes stand on levels, larger ones above, and lines are the covering relation. The pictures need a
complete table, and say what is missing if there is nothing to draw.

Read in this order: ``_crossing_reduction``, ``_layered_layout`` and ``_layered_marks`` (nodes on
levels, lines that pass no node); ``_drawn_lattice`` and ``_subgroup_lattice``;
``_natural_order`` and ``_hasse_diagram``; ``_egg_box``.
"""

__all__: list[str] = []
