"""A plain Kronecker-factored preconditioner, to compare with."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import sqrt

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cayley.optim._damping import check_damping

__all__ = ["KFAC", "damped_kronecker_inverses"]


def damped_kronecker_inverses(
    A: Float[Tensor, "n n"], G: Float[Tensor, "m m"], *, damping: float
) -> tuple[Float[Tensor, "n n"], Float[Tensor, "m m"]]:
    r"""Return the two factors of an approximate inverse of :math:`G \otimes A + \lambda I`.

    .. math::
        (A + \pi \sqrt\lambda I)^{-1}, \qquad (G + \tfrac{\sqrt\lambda}{\pi} I)^{-1}, \qquad
        \pi^2 = \frac{\operatorname{tr} A / n}{\operatorname{tr} G / m} .

    Args:
        A: Second moment of the inputs, positive semidefinite.
        G: Second moment of the output gradients, positive semidefinite.
        damping: :math:`\lambda > 0`.

    Example:
        >>> import torch
        >>> A, G = damped_kronecker_inverses(torch.eye(2), torch.eye(3), damping=1.0)
        >>> round(A[0, 0].item(), 4), round(G[0, 0].item(), 4)
        (0.5, 0.5)

    References:
        Martens, Grosse, "Optimizing Neural Networks with Kronecker-factored Approximate
        Curvature", ICML 2015, Section 6.3.
    """
    tiny = torch.finfo(A.dtype).tiny
    ratio = (A.diagonal().mean().clamp(min=tiny) / G.diagonal().mean().clamp(min=tiny)).sqrt()
    return _inverse(A, sqrt(damping) * ratio), _inverse(G, sqrt(damping) / ratio)


def _inverse(factor: Tensor, shift: Tensor) -> Tensor:
    damped = factor.clone()
    damped.diagonal().add_(shift)
    return torch.cholesky_inverse(torch.linalg.cholesky(damped))


class KFAC:
    """Kronecker-factored curvature of the linear layers of a model.

    The second moments of inputs and output gradients are averaged over the backward passes made
    inside :meth:`recording`; :meth:`precondition` then replaces the gradients of those layers
    before any first-order optimizer takes its step. With targets drawn from the model's own
    prediction the curvature is the Fisher matrix, with the true targets the empirical one.

    A baseline, not a product: linear layers only, one process, no clipping.

    Args:
        model: The model; every ``torch.nn.Linear`` in it is preconditioned.
        damping: Added to the curvature; see :func:`damped_kronecker_inverses`.
        decay: Weight of the past in the running averages, from 0 to below 1.

    Raises:
        ValueError: If an option is out of range, or the model has no linear layer.

    Example:
        >>> import torch
        >>> from cayley.optim import KFAC
        >>> model = torch.nn.Linear(3, 2)
        >>> kfac = KFAC(model, damping=0.1)
        >>> with kfac.recording():
        ...     model(torch.ones(4, 3)).square().mean().backward()
        >>> kfac.precondition()
        >>> model.weight.grad.shape
        torch.Size([2, 3])

    References:
        Martens, Grosse, "Optimizing Neural Networks with Kronecker-factored Approximate
        Curvature", ICML 2015.
    """

    def __init__(self, model: nn.Module, *, damping: float, decay: float = 0.95) -> None:
        check_damping(damping)
        if not 0 <= decay < 1:
            raise ValueError(f"`decay` must be from 0 to below 1; got {decay}.")
        self.damping, self.decay = damping, decay
        self._layers = [module for module in model.modules() if isinstance(module, nn.Linear)]
        if not self._layers:
            raise ValueError("`model` has no torch.nn.Linear layer to precondition.")
        self._factors: dict[nn.Linear, tuple[Tensor, Tensor]] = {}
        self._updates: dict[nn.Linear, int] = {}
        self._inverses: dict[nn.Linear, tuple[Tensor, Tensor]] = {}

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Average in the second moments of the forward and backward passes made in the block.

        The loss must be a mean over samples.
        """
        handles = [layer.register_forward_hook(self._watch) for layer in self._layers]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()
        self._inverses = {
            layer: damped_kronecker_inverses(A, G, damping=self.damping)
            for layer, (A, G) in self._corrected().items()
        }

    def precondition(self) -> None:
        """Replace the gradients of the recorded layers by the preconditioned ones, in place.

        Raises:
            RuntimeError: If nothing has been recorded.
        """
        if not self._inverses:
            raise RuntimeError("nothing to precondition with: run a backward pass in `recording`.")
        for layer, (A, G) in self._inverses.items():
            if layer.weight.grad is None:
                continue
            gradient = layer.weight.grad
            if layer.bias is not None and layer.bias.grad is not None:
                gradient = torch.cat([gradient, layer.bias.grad[:, None]], dim=1)
                result = G @ gradient @ A
                layer.bias.grad.copy_(result[:, -1])
            else:
                result = G @ gradient @ A[: layer.in_features, : layer.in_features]
            layer.weight.grad.copy_(result[:, : layer.in_features])

    def _watch(self, layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        assert isinstance(layer, nn.Linear)
        a = inputs[0].detach().reshape(-1, layer.in_features)
        output.register_hook(  # type: ignore[no-untyped-call]
            lambda grad: self._average(layer, a, grad)
        )

    @torch.no_grad()
    def _average(self, layer: nn.Linear, a: Tensor, grad: Tensor) -> None:
        samples = len(a)
        if layer.bias is not None:
            a = torch.cat([a, a.new_ones(samples, 1)], dim=1)
        g = grad.reshape(samples, -1)
        # The loss is a mean: one sample's gradient is N g, the mean of their squares N g' g.
        new = (a.T @ a / samples, g.T @ g * samples)
        old = self._factors.get(layer)
        if old is None:
            old = (torch.zeros_like(new[0]), torch.zeros_like(new[1]))
        pairs = zip(old, new, strict=True)
        A, G = (past.lerp(value, 1 - self.decay) for past, value in pairs)
        self._factors[layer] = (A, G)
        self._updates[layer] = self._updates.get(layer, 0) + 1

    def _corrected(self) -> dict[nn.Linear, tuple[Tensor, Tensor]]:
        """Return the averages without the weight of their start at zero."""
        return {
            layer: (A / (1 - self.decay ** self._updates[layer]),
                    G / (1 - self.decay ** self._updates[layer]))
            for layer, (A, G) in self._factors.items()
        }  # fmt: skip
