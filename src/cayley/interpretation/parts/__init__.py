"""What is measured: the energy of parts, neurons, cosets.

Read in this order: ``_measured_parts`` (the values), ``_real_irreducibles`` (a basis of the
functions on a group that is adapted to its parts), ``_isotypic_energy`` (energies, what chance
explains, the claim), ``_coset_dependence``, ``_neurons`` and ``_matrix_parts`` (all matrices of a
network).
"""

__all__: list[str] = []
