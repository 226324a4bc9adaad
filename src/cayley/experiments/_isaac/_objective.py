"""What is to be learned: a network, its data, its loss, and when it counts as learned."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley.experiments._isaac._data import Split

__all__ = ["Objective", "matthews"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing to learn.

    Attributes:
        name: Case and data, such as ``"autoencoder-digits"``: the key of its learning rates.
        model: Freshly drawn.
        split: The data.
        batch: Samples per step.
        reconstruct: Whether the target is the input (mean squared error) or a class
            (cross-entropy).
        target: Training loss at which it counts as learned.
        steps: Steps to run.
        look: Training samples, at most, on which the loss is looked at.
        decay: Whether the learning rate falls linearly to zero over the steps.
        preconditioned: Which layers ISAAC takes, by name.
    """

    name: str
    model: nn.Module
    split: Split
    batch: int
    target: float
    steps: int
    look: int = 500  # a look at more would cost more than the steps between two looks
    reconstruct: bool = False
    decay: bool = False
    preconditioned: Callable[[str, nn.Module], bool] = field(default=lambda name, module: True)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss over samples (and positions)."""
        if self.reconstruct:
            return F.mse_loss(outputs, targets)
        return F.cross_entropy(outputs.flatten(0, -2), targets.flatten())

    def sample(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return one batch, drawn with replacement."""
        inputs, targets = self.split.train
        chosen = torch.randint(len(inputs), (self.batch,), generator=generator)
        return inputs[chosen], (inputs if self.reconstruct else targets)[chosen]

    @torch.no_grad()
    def train_loss(self, model: nn.Module) -> float:
        """Return the loss on training data, on ``look`` samples evenly spread."""
        inputs, targets = self.split.train
        every = max(1, len(inputs) // self.look)
        inputs, targets = inputs[::every], targets[::every]
        return float(self.loss(model(inputs), inputs if self.reconstruct else targets))

    @torch.no_grad()
    def test(self, model: nn.Module) -> dict[str, float]:
        """Return the loss on all test data and, for classes, how well they are predicted."""
        outputs, targets = _outputs(model, self.split.test)
        if self.reconstruct:
            return {"test_mse": float(self.loss(outputs, self.split.test[0]))}
        return {
            "test_loss": float(self.loss(outputs, targets)),
            "test_accuracy": _accuracy(outputs, targets),
            "test_matthews": matthews(outputs.argmax(-1).flatten(), targets.flatten()),
        }

    @torch.no_grad()
    def validation_accuracy(self, model: nn.Module) -> float | None:
        """Return the share predicted correctly of the data for tuning, None if there are none."""
        data = self.split.validation
        return None if data is None else _accuracy(*_outputs(model, data))


def _outputs(model: nn.Module, data: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    inputs, targets = data
    # The activations of 10,000 images at once would take a gigabyte.
    parts = [inputs[start : start + 500] for start in range(0, len(inputs), 500)]
    return torch.cat([model(part) for part in parts]), targets


def _accuracy(outputs: Tensor, targets: Tensor) -> float:
    return float((outputs.argmax(-1) == targets).double().mean())


def matthews(predicted: Tensor, targets: Tensor) -> float:
    r"""Return the correlation of predicted and true classes, 0 where either is constant.

    .. math::
        R_K = \frac{c s - \sum_k p_k t_k}{\sqrt{(s^2 - \sum_k p_k^2)(s^2 - \sum_k t_k^2)}}

    with :math:`c` of :math:`s` samples right, :math:`p_k` predicted and :math:`t_k` true members
    of class :math:`k`.

    Args:
        predicted: Classes, int64, shape ``(samples,)``.
        targets: Likewise.

    References:
        Gorodkin (2004), Comparing two K-category assignments by a K-category correlation
        coefficient, Eq. 8.
    """
    classes = int(max(predicted.max(), targets.max())) + 1
    p, t = (torch.bincount(each, minlength=classes).double() for each in (predicted, targets))
    right, samples = float((predicted == targets).sum()), len(targets)
    scale = (samples**2 - float(p @ p)) * (samples**2 - float(t @ t))
    return 0.0 if scale == 0 else (right * samples - float(p @ t)) / scale**0.5
