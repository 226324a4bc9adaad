"""The augmented Lagrangian: a constraint imposed exactly, by multipliers that learn."""

import torch
from jaxtyping import Float, Inexact, Int, Num
from torch import Tensor, nn

from cayley.invariance._environments import EnvironmentMeans, contrast_basis
from cayley.invariance._functional import augmented_lagrangian
from cayley.invariance._penalties import ConstraintPenalty

__all__ = ["AugmentedLagrangian"]


class AugmentedLagrangian(nn.Module):
    r"""Impose a penalty's constraint by the augmented Lagrangian in place of its square.

    .. math:: \frac{\mu}{2}\,\mathrm{mean}\left(|g + s|^2 - |s|^2\right), \qquad
        s \leftarrow s + \rho\, g

    For constraints that compare environments :math:`g = U\,\mathrm{oy}`, with :math:`U` the
    ``E - 1`` orthonormal contrasts orthogonal to the ones; for those that compare with zero (IRM)
    :math:`U = I`. At a stationary point of the multipliers ``s`` the constraint holds exactly, for
    any :math:`\mu`; the penalty method needs :math:`\lambda \to \infty` for that.

    The multipliers are a buffer (saved, moved and restored with the module) and are detached from
    the graph. Each call in training mode takes one dual step, as batch normalization updates its
    statistics; in evaluation mode nothing changes. Set ``automatic`` to False and call
    :meth:`step` to take dual steps elsewhere, for instance on samples that training never sees.

    Args:
        penalty: The constraint; its ``weight`` is not used, its ``unbiased`` is.
        mu: Weight of the quadratic term, ``> 0``.
        rate: Dual rate, ``>= 0``, independent of the optimizer's learning rate. May be reassigned,
            for instance lowered towards the end.
        automatic: Take the dual step in ``forward`` in training mode.

    Raises:
        TypeError: If ``penalty`` holds no constraint.
        ValueError: If ``mu`` or ``rate`` is out of range.

    Example:
        >>> import torch
        >>> from cayley.invariance import MRIPenalty
        >>> lagrangian = AugmentedLagrangian(MRIPenalty(2), mu=10.0, rate=0.1)
        >>> y = torch.tensor([1.0, -1.0, 1.0, -1.0])
        >>> color = torch.tensor([1.0, -1.0, 1.0, 1.0])
        >>> term = lagrangian(color, y, torch.tensor([0, 0, 1, 1]))
        >>> round(float(term), 4), round(float(lagrangian.dual), 4)
        (2.5, 0.0707)

    References:
        Huh and Baidya, "The Missing Invariance Principle Found", NeurIPS 2022, arXiv:2205.14546;
        Nocedal and Wright, "Numerical Optimization", 2006, chapter 17.
    """

    dual: Float[Tensor, "rows c"]
    contrasts: Float[Tensor, "rows e"]

    def __init__(
        self,
        penalty: ConstraintPenalty,
        *,
        mu: float = 10.0,
        rate: float = 0.1,
        automatic: bool = True,
    ) -> None:
        super().__init__()
        if not isinstance(penalty, ConstraintPenalty):
            raise TypeError(
                "`penalty` must be MRIPenalty, IRMPenalty or RelaxedIRMPenalty; "
                f"got {type(penalty).__name__}, which holds no constraint."
            )
        if not mu > 0:
            raise ValueError(f"`mu` must be > 0; got {mu}.")
        if not rate >= 0:
            raise ValueError(f"`rate` must be >= 0; got {rate}.")
        self.penalty = penalty
        self.mu = mu
        self.rate = rate
        self.automatic = automatic
        number = penalty.num_environments
        basis = contrast_basis(number) if penalty.centered else torch.eye(number)
        self.register_buffer("contrasts", basis, persistent=False)
        self.register_buffer("dual", torch.zeros(len(basis), penalty.num_components))

    def _rows(self, constraint: EnvironmentMeans) -> Float[Tensor, "rows c"]:
        values = constraint.values
        return self.contrasts.to(values.dtype) @ values

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return the term to add to the loss; in training mode, then take a dual step."""
        rows = self._rows(self.penalty.constraint(output, target, environments))
        squared = None
        if self.penalty.unbiased:
            halves = self.penalty.half_batch_constraints(output, target, environments)
            first, second = (
                self._rows(EnvironmentMeans(half.values * half.present, half.present))
                for half in halves
            )
            squared = (first * second).sum()
        dual = self.dual.to(rows.dtype, copy=True)  # the step below must not reach the graph
        if self.training and self.automatic:
            self._ascend(rows)
        return augmented_lagrangian(rows, dual, mu=self.mu, squared=squared)

    @torch.no_grad()
    def step(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> None:
        """Take a dual step on samples of the caller's choice, whatever the mode."""
        self._ascend(self._rows(self.penalty.constraint(output, target, environments)))

    @torch.no_grad()
    def _ascend(self, rows: Float[Tensor, "rows c"]) -> None:
        self.dual.add_(rows.to(self.dual.dtype), alpha=self.rate)

    def extra_repr(self) -> str:
        """Show mu and the dual rate."""
        return f"mu={self.mu}, rate={self.rate}, automatic={self.automatic}"
