"""Quandles and racks.

Read in this order: ``_quandle`` (left and right quandles).
"""

__all__: list[str] = []
