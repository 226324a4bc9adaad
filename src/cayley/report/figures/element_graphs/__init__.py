"""Graphs on the elements of a group or quandle: its cycle graph, and how it moves itself.

Read in this order: ``_cycle_bundles``, ``_petal``, ``_cycle_layout`` and ``_cycle_graph``;
``_rack_action`` and ``_quandle_graph``. Cayley diagrams have a room of their own.
"""

__all__: list[str] = []
