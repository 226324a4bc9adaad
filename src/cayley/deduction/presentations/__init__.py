"""Groups that are given by relations or generators instead of a table.

Read in this order: ``_read_presentation`` (relations as people write them), ``_presented_group``
(the table of the group, by coset enumeration), ``_largest_subgroup`` and ``_near_groups`` (symmetry
operations that are no group), and ``_read_source`` (files of all kinds, tables among them).
"""

__all__: list[str] = []
