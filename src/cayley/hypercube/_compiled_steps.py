"""Compiled steps of a training on a small table: when they pay, and their call.

One call takes all steps up to the next look in every restart, so that what PyTorch's calls cost,
most of the time up to order 12, is paid once a look. The kernel is in ``_compiled_kernel``, and
numba is imported by its first use.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float
from cayley.hypercube._descent import Descent
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observed_products import ObservedProducts
from cayley.hypercube._schedule import TrainingSchedule

__all__ = ["CompiledSteps", "check_compilable", "pays_to_compile"]

_LARGEST = 24
"""Largest matrices: above, products are large enough for PyTorch's to be as fast."""

_COMPILING = 12.0
"""Seconds that numba takes to compile the kernel; from its cache it is loaded in one. Which of the
two it is must not decide how a training is rounded, so that only those are compiled by themselves
which might gain the larger one."""

# A step by PyTorch, measured: what its calls take, and the rate of small products.
_CALLS, _RATE = 2.5e-4, 3e10


def pays_to_compile(
    model: HyperCube, observations: ObservedProducts, schedule: TrainingSchedule
) -> bool:
    """Return whether a training might take so long that compiling its steps pays.

    It depends on what is trained alone, so that a seed gives the same bytes every time.
    """
    if _what_prevents(model) is not None:
        return False
    operations = 12.0 * model.restarts * len(observations) * model.dim**3
    return schedule.max_steps * (_CALLS + operations / _RATE) >= _COMPILING


def check_compilable(model: HyperCube) -> None:
    """Raise unless steps of this model can be compiled.

    Raises:
        ValueError: If they cannot.
    """
    reason = _what_prevents(model)
    if reason is not None:
        raise ValueError(f"`compiled` steps need {reason}. Leave the argument out.")


def _what_prevents(model: HyperCube) -> str | None:
    X = model.matrices
    if X.is_complex():
        return f"real factors; got {X.dtype}"
    if X.device.type != "cpu":
        return f"a model on the processor; got one on {X.device}"
    if max(model.dim, *model.sizes) > _LARGEST:
        return f"sizes up to {_LARGEST}; got {model.sizes} and matrices of size {model.dim}"
    return None


class CompiledSteps:
    """Takes steps of gradient descent, in place, on the arrays of a model and of its descent.

    Args:
        model: Small real factors.
        observations: What is fitted.
        descent: Velocities, rates and weights of the penalty, which may change between two calls.
        schedule: Momentum and clipping.
    """

    def __init__(
        self,
        model: HyperCube,
        observations: ObservedProducts,
        descent: Descent,
        schedule: TrainingSchedule,
    ) -> None:
        from cayley.hypercube._compiled_kernel import take_steps

        X, index = model.matrices.detach(), observations.index
        self._kernel, self._dtype = take_steps, X.dtype
        self._state = (
            _stacked(X),
            _stacked(descent.velocity),
            descent.rate.flatten().numpy(),
            descent.epsilon.flatten().numpy(),
            np.array([schedule.momentum, schedule.clip * observations.total]),
        )
        self._shared = model.shared
        self._data = (
            np.array(model.sizes),
            np.array(index.row_bounds),
            observations.right.numpy(),
            np.array(index.term_bounds),
            observations.symbol.numpy(),
            observations.mass.to(X.dtype).numpy(),
            observations.weight.to(X.dtype).numpy(),
        )

    def take(self, steps: int) -> Float[Tensor, "4 r"]:
        """Take steps, and return the moments of the last one as ``Sums.moments`` has them."""
        moments: NDArray[Any] = self._kernel(*self._state, steps, self._shared, *self._data)
        return torch.from_numpy(moments).to(self._dtype)


def _stacked(matrices: Tensor) -> NDArray[Any]:
    """Return the matrices of each restart one below the other, in the same memory."""
    r, n, d, _ = matrices.shape
    stacked: NDArray[Any] = matrices.view(r, n * d, d).numpy()
    return stacked
