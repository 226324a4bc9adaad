r"""Orthogonal synchronization: complete an operation by sweeps over matrices that multiply like it.

Every label gets an orthogonal matrix, :math:`A_a B_b \approx C_c` wherever :math:`a \circ b = c`
was observed. The products of observed neighbors say what a matrix should be; it becomes the
nearest orthogonal one to that, again and again, and representations of the hidden group emerge.
This is what HyperCube's gradient descent does slowly, done directly. A group has one factor, an
isotope three, an action of one alphabet on another two. The table decoded is a proposal:
:mod:`cayley.algebra` decides what it is, and the first that is accepted ends the run.

* :func:`synchronize` is the solver, :class:`Synchronization` its result, :class:`Sweep` what a
  callback sees, :class:`Schedule` the settings, :func:`matrix_size` the size of the matrices;
* :func:`newton_schulz`, :func:`polar_factor` and :func:`whiten` are the mathematics;
* :func:`coherence` says which directions of the matrices already multiply as observed;
* :func:`decode`, :func:`assign_rows` and :func:`latin_singles` lead from matrices to tables, and
  :func:`relabeled` puts labels where most observations want them;
* :func:`exact_acceptance` is the check that ends a run.

Example:
    >>> import numpy as np
    >>> a, b = np.nonzero(np.random.default_rng(0).random((11, 11)) < 0.5)
    >>> subtraction = np.stack([a, b, (a - b) % 11], axis=1)
    >>> found = synchronize(subtraction, sizes=(11, 11, 11), kind="isotope")
    >>> found.accepted, int(found.table[3, 5])
    (True, 9)
"""

from cayley.synchronization._acceptance import exact_acceptance
from cayley.synchronization._coherence import coherence
from cayley.synchronization._decoding import Decoded, decode
from cayley.synchronization._latin import assign_rows, latin_singles
from cayley.synchronization._polar import newton_schulz, polar_factor
from cayley.synchronization._problem import Problem
from cayley.synchronization._relabeling import relabeled
from cayley.synchronization._result import Sweep, Synchronization
from cayley.synchronization._schedule import Schedule, matrix_size
from cayley.synchronization._synchronize import synchronize
from cayley.synchronization._whitening import whiten

__all__ = [
    "Decoded",
    "Problem",
    "Schedule",
    "Sweep",
    "Synchronization",
    "assign_rows",
    "coherence",
    "decode",
    "exact_acceptance",
    "latin_singles",
    "matrix_size",
    "newton_schulz",
    "polar_factor",
    "relabeled",
    "synchronize",
    "whiten",
]
