"""K-FAC by the package curvlinops: Kronecker factors of the Fisher matrix, averaged over steps."""

import warnings
from typing import Any

import torch
from torch import Tensor, nn

from cayley._errors import MissingExtraError

__all__ = ["KroneckerFactors"]

# Weight of the past in the running averages. One batch of 60 or 100 samples gives factors of less
# than full rank for layers of 400; 0.95 averages over some 20 updates. Nearer to 1 the factors
# would be those of older weights.
DECAY = 0.95


class KroneckerFactors:
    """Second moments of inputs and output gradients by layer, and their damped inverse.

    curvlinops computes the factors of one batch, with targets drawn from the model's own
    prediction, and the inverse; what is added here is the average over batches. Its damping is
    split between the two factors by the ratio of their mean eigenvalues.

    Args:
        model: Its ``torch.nn.Linear`` and ``torch.nn.Conv2d`` are preconditioned, its other
            parameters are not. Positions of sequences and images count as samples (K-FAC expand).
        loss: ``torch.nn.MSELoss()`` or ``torch.nn.CrossEntropyLoss()``, a mean over samples.
        damping: Added to the curvature, in its units.

    Raises:
        MissingExtraError: If curvlinops is not installed.

    References:
        Martens, Grosse (2015), Optimizing Neural Networks with Kronecker-factored Approximate
        Curvature, Section 6.3.
    """

    def __init__(
        self, model: nn.Module, loss: nn.MSELoss | nn.CrossEntropyLoss, *, damping: float
    ) -> None:
        self.library = _curvlinops()
        self.model, self.loss, self.damping = model, loss, damping
        self.parameters = [
            parameter
            for module in model.modules()
            if isinstance(module, nn.Linear | nn.Conv2d)
            for parameter in module.parameters()
        ]
        self.averages: dict[tuple[str, str], Tensor] = {}
        self.updates = 0
        self.inverse: Any = None

    def update(self, inputs: Tensor, targets: Tensor, generator: torch.Generator) -> None:
        """Average in the factors of one batch and form the inverse."""
        operator = self.library.KFACLinearOperator(
            self.model,
            self.loss,
            self.parameters,
            [(inputs, targets)],
            # The check would compute everything twice.
            check_deterministic=False,
            seed=int(torch.randint(2**31, (1,), generator=generator)),
            separate_weight_and_bias=False,
            num_data=len(inputs),
            num_per_example_loss_terms=1,
        )
        operator.compute_kronecker_factors()
        self.updates += 1
        state = operator.state_dict()
        for kind in ("input_covariances", "gradient_covariances"):
            for layer, new in state[kind].items():
                past = self.averages.get((kind, layer), torch.zeros_like(new))
                average = past.lerp(new, 1 - DECAY)
                self.averages[kind, layer] = average
                # The average starts at zero; dividing removes the weight of that start.
                new.copy_(average / (1 - DECAY**self.updates))
        self.inverse = self.library.KFACInverseLinearOperator(
            operator, damping=self.damping, use_heuristic_damping=True
        )

    @torch.no_grad()
    def precondition(self) -> None:
        """Replace the gradients of these layers by the preconditioned ones, in place.

        Every parameter of theirs must have a gradient.

        Raises:
            RuntimeError: If no batch has been seen.
        """
        if self.inverse is None:
            raise RuntimeError("nothing to precondition with: call `update` first.")
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        for gradient, result in zip(gradients, self.inverse @ gradients, strict=True):
            gradient.copy_(result)


def _curvlinops() -> Any:
    try:
        # Loaded when asked for: an extra. linear_operator, which it imports, still uses
        # torch.jit.script, about which PyTorch warns.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            import curvlinops
    except ImportError:
        raise MissingExtraError("curvlinops-for-pytorch", "bench") from None
    return curvlinops
