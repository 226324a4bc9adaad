"""What is learned where exact algebra leaves cells open; algebra judges every proposal.

Read in this order: ``_attempts`` (which solvers are tried, and for how long), ``_learned`` (one
loop for both), ``_by_synchronization`` and ``_by_hypercube`` (each of them; they load torch), and
``_constrained`` (what of a prediction a theory allows).
"""

__all__: list[str] = []
