r"""Orthogonal synchronization: complete an operation by sweeps over matrices that multiply like it.

Every label gets an orthogonal matrix, :math:`A_a B_b \approx C_c` wherever :math:`a \circ b = c`
was observed. One sweep replaces every matrix by the orthogonal one nearest to the mean of what the
observed products imply for it, and representations of the hidden group emerge. HyperCube's gradient
descent finds the same matrices more slowly. A group has one factor, an isotope three, an action of
one alphabet on another two. The table decoded is a proposal: :mod:`cayley.algebra` decides what it
is, and the first that is accepted ends the run.

The files, in the order in which one would read them:

* ``_synchronize``: :func:`synchronize`, the solver; ``_result``: :class:`Synchronization`, what it
  returns, and :class:`Sweep`, what a callback is given;
* ``_assumption`` and ``_partial_operation``: the input, checked;
* ``_schedule``: :class:`SweepSchedule`, the settings, and :func:`matrix_size`;
* ``_sweeps``: one sweep; ``_terms``: its sums over triples; ``_polar_decomposition`` and
  ``_whitening``: its linear algebra;
* ``_run``: what happens between sweeps: ``_coherence``, ``_decoding`` and ``_calibration`` lead
  from matrices to tables with confidences, ``_latin_squares``, ``_relabeling`` and ``_proposals``
  to full tables, ``_acceptance`` is the exact check that ends a run, and ``_self_training`` counts
  the surest cells as observations.

Example:
    >>> import numpy as np
    >>> a, b = np.nonzero(np.random.default_rng(0).random((11, 11)) < 0.5)
    >>> subtraction = np.stack([a, b, (a - b) % 11], axis=1)
    >>> found = synchronize(subtraction, sizes=(11, 11, 11), assume="isotope")
    >>> found.accepted, int(found.table[3, 5])
    (True, 9)
"""

from cayley.synchronization._result import Sweep, Synchronization
from cayley.synchronization._schedule import SweepSchedule
from cayley.synchronization._synchronize import synchronize

__all__ = ["Sweep", "SweepSchedule", "Synchronization", "synchronize"]
