"""A lower bound on the accuracy of a network with one hidden layer, proved from its parts.

Read in this order: ``_rectified_network`` (the network), ``_norms``, ``_kept_parts`` and
``_coset_sums`` (cheaper sums over the inputs), ``_bound_kernels`` (the same, compiled),
``_structures`` (which of them is taken) and ``_accuracy_bound`` (the bound).
"""

__all__: list[str] = []
