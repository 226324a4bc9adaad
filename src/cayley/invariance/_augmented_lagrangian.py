"""The augmented Lagrangian: it imposes a constraint exactly, by multipliers that are updated.

A quadratic penalty leaves a violation of order ``1 / weight``; multipliers remove it at any weight.
"""

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._dual_ascent import DualAscent
from cayley.invariance._environment_means import (
    EnvironmentMeans,
    center_environments,
    contrast_basis,
)
from cayley.invariance._quadratic_penalty import ConstraintPenalty
from cayley.invariance._regularization import check_nonnegative, full_precision

__all__ = ["AugmentedLagrangian", "augmented_lagrangian"]


class AugmentedLagrangian(DualAscent):
    r"""Impose a penalty's constraint by the augmented Lagrangian in place of its square.

    .. math:: \frac{\mu}{2}\,\mathrm{mean}\left(|g + s|^2 - |s|^2\right), \qquad
        s \leftarrow s + \rho\, g

    For constraints that compare environments :math:`g = U\,\mathrm{oy}`, with :math:`U` the
    ``E - 1`` orthonormal contrasts orthogonal to the ones; for those that compare with zero (IRM)
    :math:`U = I`. At a stationary point of the multipliers ``s`` the constraint holds exactly, for
    any :math:`\mu`; the penalty method needs :math:`\lambda \to \infty` for that.

    A call is a pure function of the batch and of the multipliers ``s``, which are a buffer (saved,
    moved and restored with the module). Only :meth:`step` changes them, once per step of the
    optimizer: by hand, by :meth:`attach` to an optimizer, or by :meth:`lightning_callback`. It
    uses the samples of all backward passes since the last dual step, so that activation
    checkpointing, evaluation in between, accumulated gradients and the factor of a ``GradScaler``
    change nothing.

    Args:
        penalty: The constraint; its ``weight`` is not used, its ``unbiased`` is.
        mu: Weight of the quadratic term, ``> 0``.
        rate: Dual rate, ``>= 0``, independent of the optimizer's learning rate. May be reassigned,
            for instance lowered towards the end.

    Raises:
        TypeError: If ``penalty`` holds no constraint.
        ValueError: If ``mu`` or ``rate`` is out of range.

    Example:
        >>> import torch
        >>> from cayley.invariance import MRIPenalty
        >>> lagrangian = AugmentedLagrangian(MRIPenalty(2), mu=10.0, rate=0.1)
        >>> y = torch.tensor([1.0, -1.0, 1.0, -1.0])
        >>> color = torch.tensor([1.0, -1.0, 1.0, 1.0], requires_grad=True)
        >>> term = lagrangian(color, y, torch.tensor([0, 0, 1, 1]))
        >>> term.backward()
        >>> lagrangian.step()  # after the step of the optimizer
        >>> round(term.item(), 4), round(lagrangian.dual.item(), 4)
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
    ) -> None:
        super().__init__()
        if not isinstance(penalty, ConstraintPenalty):
            raise TypeError(
                "`penalty` must be MRIPenalty, IRMPenalty or RelaxedIRMPenalty; "
                f"got {type(penalty).__name__}, which holds no constraint."
            )
        if not mu > 0:
            raise ValueError(f"`mu` must be > 0; got {mu}.")
        check_nonnegative(rate, "rate")
        self.penalty = penalty
        self.mu = mu
        self.rate = rate
        number = penalty.num_environments
        # Centered constraints of E environments sum to 0, so only E - 1 of them are independent:
        # one multiplier for each contrast, so that every multiplier is determined.
        basis = contrast_basis(number) if penalty.centered else torch.eye(number)
        self.register_buffer("contrasts", basis, persistent=False)
        self.register_buffer("dual", torch.zeros(len(basis), penalty.num_components))
        self.start_record(number, penalty.num_components)

    def _rows(self, constraint: EnvironmentMeans) -> Float[Tensor, "rows c"]:
        """Return the rows ``g`` of the constraint, one for each multiplier."""
        values = constraint.values
        with full_precision(values):
            return self.contrasts.to(values.dtype) @ values

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return the term to add to the loss."""
        moment = self.penalty.moment(output, target, environments, weights=weights)
        rows = self._rows(self.penalty.compare(moment))
        squared = None
        if self.penalty.unbiased:
            halves = self.penalty.half_batch_constraints(
                output, target, environments, weights=weights
            )
            first, second = (
                # IRM's values of an environment with one half are not zeroed by centering.
                self._rows(EnvironmentMeans(half.values * half.present, half.counts))
                for half in halves
            )
            squared = (first * second).sum()
        # A copy, because autograd keeps it for the backward pass and a step changes the buffer in
        # place.
        dual = self.dual.to(rows.dtype, copy=True)
        term = augmented_lagrangian(rows, dual, mu=self.mu, squared=squared)
        return self.recorded(term, moment)

    def measured(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> EnvironmentMeans:
        """Return the moments whose constraint moves the multipliers."""
        moment = self.penalty.moment(output, target, environments, weights=weights)
        self.penalty.compare(moment)  # refuses a batch of one environment
        return moment

    def ascend(self, means: EnvironmentMeans) -> None:
        """Add ``rate`` times the constraint to the multipliers."""
        constraint = center_environments(means) if self.penalty.centered else means
        change = self.rate * self._rows(constraint).to(self.dual.dtype)
        self.dual.add_(change.where(change.isfinite().all(), 0))

    def extra_repr(self) -> str:
        """Return mu and the dual rate as text."""
        return f"mu={self.mu}, rate={self.rate}"


def augmented_lagrangian(
    constraint: Float[Tensor, "rows c"],
    dual: Float[Tensor, "rows c"],
    *,
    mu: float,
    squared: Float[Tensor, ""] | None = None,
) -> Float[Tensor, ""]:
    r"""Return the augmented Lagrangian's term for constraints that have to be zero.

    .. math:: \frac{\mu}{2}\,\mathrm{mean}_r \left( |g_r + s_r|^2 - |s_r|^2 \right)
        = \frac{\mu}{2 R} \left( |g|^2 + 2 \langle s, g \rangle \right)

    Args:
        constraint: ``g``, shape ``(rows, c)``.
        dual: ``s``, the multipliers divided by ``mu``, same shape, no gradient.
        mu: Weight ``> 0``.
        squared: Estimate of ``|g|^2`` to use instead of the square of ``constraint``.

    Example:
        >>> import torch
        >>> g, s = torch.tensor([[1.0]]), torch.tensor([[0.5]])
        >>> float(augmented_lagrangian(g, s, mu=2.0))  # (1 + 0.5)^2 - 0.5^2
        2.0
    """
    square = constraint.square().sum() if squared is None else squared
    return mu / 2 * (square + 2 * (dual * constraint).sum()) / max(len(constraint), 1)
