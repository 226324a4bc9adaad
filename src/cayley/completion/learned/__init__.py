"""What is proposed where exact deduction leaves cells open; algebra judges every proposal.

Read in this order: ``_attempts`` (which solvers are tried, and for how long), ``_by_assignment``
(below order 10: the nearest groups and isotopes, for which nothing is learned), ``_learned`` (one
loop for what learns), ``_by_small_hypercube`` (HyperCube below order 10, on NumPy's arrays),
``_by_synchronization`` and ``_by_hypercube`` (which load torch), ``_torch_rate`` (how fast that
is), and ``_constrained`` (what of a prediction a theory allows).
"""

__all__: list[str] = []
