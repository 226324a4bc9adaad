"""Gradient descent with momentum on the factors of all restarts, each with its own rate."""

import torch
from torch import Tensor

from cayley._shapes import Bool, Float, Inexact
from cayley.hypercube._model import HyperCube
from cayley.hypercube._schedule import TrainingSchedule

__all__ = ["Descent"]


class Descent:
    """The velocity, the rate and the weight of the penalty of every restart.

    Args:
        model: The factors, moved in place.
        schedule: Rates, resolved.

    Attributes:
        velocity: Shape of the factors.
        rate: Shape ``(r, 1, 1, 1)``.
        epsilon: Weight of the penalty, shape ``(r, 1, 1, 1)``.
    """

    def __init__(self, model: HyperCube, schedule: TrainingSchedule) -> None:
        assert schedule.rate is not None
        assert schedule.epsilon is not None
        self._model, self._schedule = model, schedule
        X = model.matrices
        self.velocity = torch.zeros_like(X)
        self.epsilon = X.new_full((len(X), 1, 1, 1), schedule.epsilon)
        self.rate = X.new_full((len(X), 1, 1, 1), schedule.rate)

    @property
    def has_penalty(self) -> Bool[Tensor, " r"]:
        """Which restarts are still trained with the penalty."""
        return self.epsilon.flatten().real > 0

    def objective(self, loss: Float[Tensor, " r"]) -> Float[Tensor, " r"]:
        """Return the loss plus the weighted penalty."""
        return loss + self.epsilon.flatten().real * self._model.penalty()

    def move(self, gradient: Inexact[Tensor, "r n d d"], *, longest: float) -> None:
        """Take one step against a gradient of the loss, which is overwritten.

        Args:
            gradient: Gradient of the loss with respect to the factors.
            longest: Norm to which the gradient of the objective is clipped.
        """
        G, X, V = gradient, self._model.matrices, self.velocity
        G.addcmul_(self.epsilon, self._model.penalty_gradient())
        norm = torch.linalg.vector_norm(G, dim=(1, 2, 3), keepdim=True)
        scale = (longest / norm).clamp_max_(1.0)
        V.mul_(self._schedule.momentum).addcmul_(G, scale.to(G.dtype))
        X.addcmul_(V, self.rate, value=-1)

    def drop_penalty(self, which: Bool[Tensor, " r"]) -> None:
        """Train some restarts without penalty from now on, at a smaller rate."""
        self.epsilon[which] = 0.0
        self.rate[which] *= self._schedule.settling

    @torch.no_grad()
    def go_back(self, which: Bool[Tensor, " r"], kept: Inexact[Tensor, "r n d d"]) -> None:
        """Give some restarts the factors that were kept, and no velocity."""
        self._model.matrices[which] = kept[which]
        self.velocity[which] = 0

    def has_stopped(self) -> Bool[Tensor, " r"]:
        """Return which restarts move by less than the tolerance, relative to their factors."""
        size = torch.linalg.vector_norm(self._model.matrices, dim=(1, 2, 3))
        update = torch.linalg.vector_norm(self.rate * self.velocity, dim=(1, 2, 3))
        stopped: Bool[Tensor, " r"] = update < self._schedule.tolerance * size
        return stopped
