"""Wrong entries under a theory: the fewest given cells without which it holds.

Read in this order: ``_violations`` (cells in instances that fail), ``_contradictions`` (what some
cells force) and ``_wrong_entries``.
"""

__all__: list[str] = []
