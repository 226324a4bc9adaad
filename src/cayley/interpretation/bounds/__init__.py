"""A lower bound on the accuracy of a network with one hidden layer, proved from its parts.

Read in this order: ``_rectified_network`` (the network), ``_accuracy_bound`` (the bound),
``_block_unembedding`` and ``_coset_sums`` (cheaper sums over the inputs) and ``_bound_kernels``
(the same, compiled).
"""

__all__: list[str] = []
