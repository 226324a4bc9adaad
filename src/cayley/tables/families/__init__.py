"""Tables by name and from generators: groups, residues, permutations, matrices, crystals.

Read in this order: ``_families`` (families of groups), ``_modular`` (residues), ``_small_groups``
(by number) and ``_operation_names`` (any of them by name); ``_permutations`` and
``_matrix_groups`` with ``_regular_table`` (from generators to a table), ``_generator_lists`` (as
people write them); ``_symmetry_operations``, ``_operation_lists`` and ``_point_groups`` (crystals).
"""

__all__: list[str] = []
