"""Pictures of trained networks: energies by part, one neuron by cosets, energies over training.

Read in this order: ``_part_energies``, ``_neuron_cosets`` and ``_energies_over_training`` (one
picture each) and ``_network_figures`` (the pictures by name).
"""

__all__: list[str] = []
