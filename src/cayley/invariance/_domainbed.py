"""DomainBed's interface: an algorithm with ``update(minibatches)`` and ``predict(x)``."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from cayley._shapes import Inexact, Num
from cayley.invariance._dual_ascent import DualAscent
from cayley.invariance._empirical_risk import sample_losses
from cayley.invariance._regularization import EnvironmentPenalty

__all__ = ["DomainBedAlgorithm"]


class DomainBedAlgorithm(nn.Module):
    r"""A network and a penalty, trained and asked as DomainBed trains and asks its algorithms.

    .. math:: \mathrm{mean}_i\,\ell_i + \mathrm{term}(o, y, e)

    with the loss of the penalty's task, over the batches of all environments together. The number
    of an environment is the place of its batch in the list. Where the term has multipliers, they
    move once per update.

    Args:
        network: Its outputs are what the penalty takes, for K classes ``(n, K)`` logits. One
            output per sample may have the shape ``(n, 1)``.
        penalty: Any penalty of this room but ``CORALPenalty``, or an ``AugmentedLagrangian``; None
            to minimize the risk alone.
        optimizer: Of the network's parameters.
        task: What the output is, where there is no penalty to say so.
        warm_updates: Updates without the penalty at the beginning.

    Raises:
        ValueError: If ``warm_updates`` is negative.

    Example:
        >>> import torch
        >>> from cayley.invariance import AugmentedLagrangian, MRIPenalty
        >>> network = torch.nn.Linear(4, 3)
        >>> algorithm = DomainBedAlgorithm(
        ...     network,
        ...     AugmentedLagrangian(MRIPenalty(2, task="multiclass", num_outputs=3)),
        ...     torch.optim.Adam(network.parameters(), lr=1e-3),
        ... )
        >>> minibatches = [(torch.randn(8, 4), torch.arange(8) % 3) for _ in range(2)]
        >>> sorted(algorithm.update(minibatches))
        ['loss', 'penalty']
        >>> algorithm.predict(torch.randn(5, 4)).shape
        torch.Size([5, 3])

    References:
        Gulrajani and Lopez-Paz, "In Search of Lost Domain Generalization", ICLR 2021,
        arXiv:2007.01434; the class ``Algorithm`` of its code.
    """

    updates: Tensor

    def __init__(
        self,
        network: nn.Module,
        penalty: nn.Module | None,
        optimizer: torch.optim.Optimizer,
        *,
        task: Any = "multiclass",
        warm_updates: int = 0,
    ) -> None:
        super().__init__()
        if warm_updates < 0:
            raise ValueError(f"`warm_updates` must be >= 0; got {warm_updates}.")
        inner = getattr(penalty, "penalty", penalty)
        self.network = network
        self.penalty = penalty
        self.optimizer = optimizer
        self.task = inner.task if isinstance(inner, EnvironmentPenalty) else task
        self.warm_updates = warm_updates
        self.register_buffer("updates", torch.zeros((), dtype=torch.long))

    def update(
        self,
        minibatches: Sequence[tuple[Inexact[Tensor, "..."], Num[Tensor, "..."]]],
        unlabeled: Any = None,
    ) -> dict[str, float]:
        """Take one step.

        Args:
            minibatches: Inputs and labels of each environment, in the same order every time.
            unlabeled: Not used; DomainBed passes it to algorithms that adapt to a test domain.

        Returns:
            The mean loss, and what the penalty added to it.

        Raises:
            ValueError: If the batches do not fit the penalty.
        """
        inputs = torch.cat([x for x, _ in minibatches])
        target = torch.cat([y for _, y in minibatches])
        sizes = torch.tensor([len(y) for _, y in minibatches], device=target.device)
        ids = torch.arange(len(minibatches), device=target.device).repeat_interleave(sizes)
        output = self.network(inputs)
        if output.ndim == target.ndim + 1 and output.shape[-1] == 1:
            output = output.squeeze(-1)
        loss = sample_losses(output, target, task=self.task).mean()
        term = loss.new_zeros(())
        if self.penalty is not None and int(self.updates) >= self.warm_updates:
            term = self.penalty(output, target, ids)
        self.optimizer.zero_grad()
        (loss + term).backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        if isinstance(self.penalty, DualAscent) and term.requires_grad:
            self.penalty.step()
        self.updates += 1
        return {"loss": loss.item(), "penalty": term.item()}

    def predict(self, x: Inexact[Tensor, "..."]) -> Tensor:
        """Return the outputs of the network."""
        output: Tensor = self.network(x)
        return output
