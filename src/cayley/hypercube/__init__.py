r"""HyperCube: complete an operation by learning matrices that multiply as it does.

Every left operand gets a matrix :math:`A_a`, every right one :math:`B_b`, every result
:math:`C_c`; the product tensor :math:`T_{abc} = \operatorname{Tr}(A_a B_b C_c) / d` is fitted to
the observed cells while the penalty :math:`H`, a flatness prior, drives the matrices towards
unitary ones, so that what they learn is a representation of the hidden group. What is decoded is
a proposal: :mod:`cayley.algebra` decides what it is.

The files, in the order in which one would read them:

* ``_functional``: ``hypercube_product``, ``hypercube_penalty`` and
  ``hypercube_imbalance``, the formulas; ``_model``: :class:`HyperCube`, the module;
* ``_observed_products``: :class:`ObservedProducts`: a symbol in each observed cell, or weighted,
  soft and conflicting data;
* ``_gradients``: ``data_gradients``, in closed form over observed pairs only; ``_kernels``: the
  three ways to run their sums; ``_pair_index`` and ``_workspace``: their indices and memory;
* ``_train``: :func:`train`, in one process or several; ``_schedule``: :class:`TrainingSchedule`;
  ``_result``: :class:`TrainingStep` and :class:`TrainingResult`; ``_loop``: one step and what is
  changed every few steps, with ``_descent``, ``_plateau``, ``_acceptance`` and ``_processes``;
* ``_compiled_steps`` and ``_compiled_kernel``: the steps of small tables, compiled;
* ``_decoding``: :func:`decode`, from factors to a table;
* ``_array_formulas`` and ``_array_training``: the same training on NumPy arrays, without PyTorch,
  of square tables so small that loading it would take longer;
* ``_complexity``: :func:`measure_complexity`, how far a full table is from a group;
  ``_lower_bounds``: the floor of the penalty, and the penalty weighted by the structure tensor.

Example:
    >>> import torch
    >>> from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
    >>> triples = [[a, b, (a - b) % 5] for a in range(5) for b in range(5) if (a + 2 * b) % 5]
    >>> model = HyperCube(5, restarts=4, generator=torch.Generator().manual_seed(0))
    >>> result = train(model, ObservedProducts.from_triples(triples, sizes=(5, 5, 5)),
    ...                schedule=TrainingSchedule(max_steps=100))
    >>> all(result.decoded.table[a, b] == (a - b) % 5 for a in range(5) for b in range(5))
    True
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.hypercube._result import TrainingResult, TrainingStep
from cayley.hypercube._schedule import TrainingSchedule

if TYPE_CHECKING:
    from cayley.hypercube._complexity import measure_complexity
    from cayley.hypercube._decoding import decode
    from cayley.hypercube._model import HyperCube
    from cayley.hypercube._observed_products import ObservedProducts
    from cayley.hypercube._train import train

__all__ = [
    "HyperCube",
    "ObservedProducts",
    "TrainingResult",
    "TrainingSchedule",
    "TrainingStep",
    "decode",
    "measure_complexity",
    "train",
]

# All of these load torch, which small tables are trained without.
_LATER = {
    "HyperCube": "cayley.hypercube._model",
    "ObservedProducts": "cayley.hypercube._observed_products",
    "decode": "cayley.hypercube._decoding",
    "measure_complexity": "cayley.hypercube._complexity",
    "train": "cayley.hypercube._train",
}
__getattr__ = lazy_names(__name__, _LATER)
