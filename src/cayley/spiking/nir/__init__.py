"""Exchange of networks by NIR, as each program reads it.

Read in this order: ``_nir_profiles`` (what each program holds), ``_nir_neurons``, ``_nir_export``,
``_nir_graph``, ``_nir_import`` and ``_nir`` (both directions).
"""

__all__: list[str] = []
