"""Diagrams of structure: each a function that takes a solution and returns a ``Drawing``.

Cycle graphs, subgroup lattices and symmetries of objects for groups; egg-boxes and Hasse diagrams
for semigroups; the graph of a quandle. They need a complete table, and say what is missing if there
is nothing to draw.

Read in this order: ``_what_there_is`` (what a picture needs of a solution), ``_nodes``;
``_layered_layout`` and ``_layered_marks`` (nodes on levels, few crossings); ``_drawn_lattice`` and
``_subgroup_lattice``; ``_natural_order`` and ``_hasse_diagram``; ``_egg_box``; ``_cycle_bundles``,
``_petal``, ``_cycle_layout`` and ``_cycle_graph``; ``_rack_action`` and ``_quandle_graph``;
``_symmetric_objects``, ``_realizations``, ``_object_views`` and ``_symmetry``.
"""

__all__: list[str] = []
