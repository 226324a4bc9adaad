"""Todd-Coxeter enumeration: from relations to the table of the group that they present.

Read in this order: ``_relations`` (the presentation of the universal group of a partial table),
``_todd_coxeter`` (the enumeration over the trivial subgroup, with its limits), its two back ends
``_todd_coxeter_python`` (small orders) and ``_todd_coxeter_numba`` with ``_todd_coxeter_kernel``
(above), ``_todd_coxeter_numpy`` (tables that need no back end), and ``_group_of_cosets`` (the coset
table read as a group and checked from scratch).
"""

__all__: list[str] = []
