"""The exact gradient: forward pass and adjoint, in plain torch and compiled.

Read in this order: ``_adjoint_torch`` (as on paper), ``_adjoint_kernel`` and ``_adjoint_numba``
(compiled, and its call from torch), ``_adjoint`` (the autograd function that runs either of the
two), ``_operators`` (as operators that torch.compile calls), ``_population_adjoint`` (with
constants of each neuron) and ``_garbage_collection`` (a pause during compilation).
"""

__all__: list[str] = []
