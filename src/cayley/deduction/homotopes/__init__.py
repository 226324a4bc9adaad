"""Homotopes of groups and blocks of their tables: tables of any shape, results outside of them.

Read in this order: ``_homotopes`` (completes a table whose operation is a homotope of a group) with
``_homotope_quotients`` (all of them, if the universal group is finite); ``_group_of_block`` (the
group that a block of a table generates); ``_infinite_order`` with ``_elimination`` (a proof that it
is infinite), and ``_phases`` (labels such as ``-X``).
"""

__all__: list[str] = []
