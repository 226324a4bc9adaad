"""The exact gradient: forward pass and adjoint, in plain torch and compiled.

Read in this order: ``_adjoint_torch`` (as on paper), ``_adjoint_kernel`` and ``_adjoint_compiled``
(compiled, and its call from torch), ``_vector_code`` and ``_llvm`` (how kernels are written and
compiled), ``_event_product`` (inputs that are mostly 0), ``_triton_kernel`` and ``_adjoint_triton``
(for GPUs), ``_adjoint`` (the autograd function that runs any of them), ``_operators`` (as
operators that torch.compile calls) and ``_population_adjoint`` (with constants of each neuron).
"""

__all__: list[str] = []
