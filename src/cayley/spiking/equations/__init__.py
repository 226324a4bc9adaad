"""The equations of gated synapses and their neurons, as values, and one step of them.

Read in this order: ``_gates``, ``_membranes`` and ``_dynamics`` (the equations), ``_euler_method``
(one step, and its unrolling for autograd); ``_neuron_parameters`` and ``_population_step`` (the
same with constants of each neuron, delays, adaptation and rest).
"""

__all__: list[str] = []
