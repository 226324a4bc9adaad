r"""HyperCube: complete an operation by learning matrices that multiply as it does.

Every left operand gets a matrix :math:`A_a`, every right one :math:`B_b`, every result
:math:`C_c`; the product tensor :math:`T_{abc} = \operatorname{Tr}(A_a B_b C_c) / d` is fitted to
the observed cells while the penalty :math:`H`, a flatness prior, drives the matrices towards
unitary ones, so that what they learn is a representation of the hidden group. What is decoded is
a proposal: :mod:`cayley.algebra` decides what it is.

* ``hypercube_product``, ``hypercube_penalty``, ``hypercube_imbalance``: the formulas;
* ``data_gradients``, ``penalty_gradients``: closed-form gradients over observed pairs only;
* ``Observations``: what was seen: a symbol in each cell, or weighted, soft and conflicting data;
* ``HyperCube``: the module; ``train``: the loop, in one process or several;
* ``decode``: from factors to a table; ``measure_complexity``: how far a full one is from a group.

Example:
    >>> import torch
    >>> from cayley.hypercube import HyperCube, Observations, Schedule, train
    >>> triples = [[a, b, (a - b) % 5] for a in range(5) for b in range(5) if (a + 2 * b) % 5]
    >>> model = HyperCube(5, restarts=4, generator=torch.Generator().manual_seed(0))
    >>> result = train(model, Observations.from_triples(triples, sizes=(5, 5, 5)),
    ...                schedule=Schedule(max_steps=100))
    >>> all(result.decoded.table[a, b] == (a - b) % 5 for a in range(5) for b in range(5))
    True
"""

from cayley.hypercube._complexity import Complexity, measure_complexity
from cayley.hypercube._decoding import Decoded, decode
from cayley.hypercube._functional import (
    hypercube_imbalance,
    hypercube_penalty,
    hypercube_product,
    penalty_gradients,
    second_moments,
)
from cayley.hypercube._gradients import DataTerm, FitStatistics, data_gradients
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observations import Observations
from cayley.hypercube._result import Step, TrainingResult
from cayley.hypercube._schedule import Schedule
from cayley.hypercube._training import train
from cayley.hypercube._workspace import WORKSPACE_BYTES, Workspace

__all__ = [
    "WORKSPACE_BYTES",
    "Complexity",
    "DataTerm",
    "Decoded",
    "FitStatistics",
    "HyperCube",
    "Observations",
    "Schedule",
    "Step",
    "TrainingResult",
    "Workspace",
    "data_gradients",
    "decode",
    "hypercube_imbalance",
    "hypercube_penalty",
    "hypercube_product",
    "measure_complexity",
    "penalty_gradients",
    "second_moments",
    "train",
]
