r"""Dual ascent: multipliers that move once per step of the optimizer, and never in ``forward``.

A multiplier is to move by the constraint of the samples that the weights were trained on. A loss
that changed it in ``forward`` would do so once more under activation checkpointing, which calls
``forward`` again; without need under ``no_grad``; and once per part of a batch whose gradients
are accumulated. What really happened is known to the backward pass only. So the sums over samples
travel there, as the gradient of a tensor of zeros that is multiplied by them:

.. math:: \mathrm{term} + \langle 0, (S_e, N_e) \rangle, \qquad
    \frac{\partial}{\partial 0} = (S_e, N_e)

The value and the gradients of the weights stay the same, and gradients add up over the parts of an
accumulated batch as they do for weights. The mean :math:`\sum S_e / \sum N_e` does not
depend on factors that are common to the parts, such as that of a ``GradScaler``.
"""

import re
import warnings
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._diagnostics import InvarianceWarning
from cayley.invariance._environment_means import EnvironmentMeans

__all__ = ["DualAscent"]

# Calls in training mode without a dual step after which the user is told. A batch is rarely
# accumulated from so many parts, nor does a line search call its loss so often.
_SUSPICIOUS_CALLS = 1000


class DualAscent(nn.Module):
    """A term of a loss with multipliers: a buffer that moves in :meth:`step` only."""

    _record: Tensor
    _calls = 0

    def start_record(self, rows: int, columns: int) -> None:
        """Make room for the sums over samples of ``columns`` quantities in ``rows`` environments.

        To be called once by ``__init__``, after the buffers were registered.
        """
        self._shape = (2, rows, columns)
        self._new_record()

    def _new_record(self) -> None:
        """Forget what was recorded. The record is no buffer, as it is no part of the state."""
        buffer = next(self.buffers())
        self._record = torch.zeros(
            self._shape, dtype=buffer.dtype, device=buffer.device, requires_grad=True
        )

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "DualAscent":
        """Move to another device or dtype; called by ``to``, ``double``, ``cuda`` and so on."""
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self._new_record()
        return self

    def recorded(self, term: Float[Tensor, ""], means: EnvironmentMeans) -> Float[Tensor, ""]:
        """Return ``term``; its backward pass adds the sums and counts of ``means`` to the record.

        In evaluation mode nothing is recorded, nor where nothing is to be trained.
        """
        if not (self.training and term.requires_grad):
            return term
        if not torch.compiler.is_compiling():
            self._warn_if_never_moved()
        counts = means.counts.to(means.values.dtype)
        sums = torch.stack([means.values * counts, counts]).detach()
        return term + (self._record.to(sums.dtype) * sums).sum().to(term.dtype)

    def _warn_if_never_moved(self) -> None:
        if self._record.grad is None or self._calls > _SUSPICIOUS_CALLS:
            return
        self._calls += 1
        if self._calls == _SUSPICIOUS_CALLS:
            self._calls += 1  # once
            warnings.warn(
                f"{_SUSPICIOUS_CALLS} calls of {type(self).__name__} in training mode, and no dual "
                "step: its multipliers do not move. Call `step()` after `optimizer.step()`, or "
                "`attach(optimizer)` once before the loop.",
                InvarianceWarning,
                stacklevel=4,
            )

    @torch.no_grad()
    def step(
        self,
        output: Inexact[Tensor, "n *k"] | None = None,
        target: Num[Tensor, "n *t"] | None = None,
        environments: Int[Tensor, " n"] | None = None,
        **more: Tensor,
    ) -> None:
        """Take one dual step, after ``optimizer.step()``.

        Without arguments it is by the samples of all backward passes since the last dual step;
        with them, by samples of the caller's choice, for instance held-out ones.

        Raises:
            RuntimeError: If there is no argument, and no backward pass since the last dual step.
            TypeError: If some of the three arguments are missing.
            ValueError: If the samples given do not fit.
        """
        if output is None and target is None and environments is None:
            means = self._take_record()
            if means is None:
                raise RuntimeError(
                    f"{type(self).__name__} has seen no samples since the last dual step. Call "
                    "`step()` after `loss.backward()`, in training mode, where the loss includes "
                    "its term; or pass samples: `step(output, target, environments)`."
                )
        elif output is None or target is None or environments is None:
            raise TypeError(
                "`step` takes all three of `output`, `target` and `environments`, or none."
            )
        else:
            means = self.measured(output, target, environments, **more)
        self._new_record()
        self._calls = _SUSPICIOUS_CALLS + 1  # who calls `step` once knows about it
        self.ascend(means)

    def _take_record(self) -> EnvironmentMeans | None:
        """Return the means of what was recorded, or None."""
        if self._record.grad is None:
            return None
        sums, counts = self._record.grad
        values = (sums / counts.where(counts != 0, 1)).where(counts != 0, 0)
        return EnvironmentMeans(values, counts.abs())

    def attach(self, optimizer: torch.optim.Optimizer) -> RemovableHandle:
        """Take a dual step after every step of an optimizer that had this term in its loss.

        Nothing happens at steps without the term (a warm-up), and none at those that a
        ``GradScaler`` leaves out. Call ``remove()`` of what is returned to end it.

        Returns:
            The handle of the optimizer's hook.

        Example:
            >>> import torch
            >>> from cayley.invariance import AugmentedLagrangian, MRIPenalty
            >>> w = torch.ones(1, requires_grad=True)
            >>> optimizer = torch.optim.SGD([w], lr=0.1)
            >>> invariance = AugmentedLagrangian(MRIPenalty(2))
            >>> handle = invariance.attach(optimizer)
            >>> x = y = torch.tensor([1.0, -1.0, 2.0, -2.0])
            >>> invariance(w * x, y, torch.tensor([0, 0, 1, 1])).backward()
            >>> optimizer.step()
            >>> bool(invariance.dual.abs() > 0)
            True
        """

        def after_step(*_: Any) -> None:
            if self._record.grad is not None:
                self.step()

        return optimizer.register_step_post_hook(after_step)

    def lightning_callback(self) -> "_LightningCallback":
        """Return a callback for ``lightning.Trainer(callbacks=[...])`` that takes the dual steps.

        It attaches to every optimizer of the trainer while the trainer fits. Lightning is not
        imported: the callback has the methods that Lightning calls.
        """
        return _LightningCallback(self)

    @abstractmethod
    def measured(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> EnvironmentMeans:
        """Return the means over some samples that a dual step is made of."""

    @abstractmethod
    def ascend(self, means: EnvironmentMeans) -> None:
        """Move the multipliers by the means over samples; not at all if one is not finite."""


class _LightningCallback:
    """The methods of a callback of Lightning; those not written out do nothing."""

    def __init__(self, term: DualAscent) -> None:
        self._term = term
        self._handles: list[RemovableHandle] = []

    @property
    def state_key(self) -> str:
        """Return the name under which Lightning would save a state; there is none to save."""
        return f"{type(self._term).__qualname__}.dual_ascent"

    def state_dict(self) -> dict[str, Any]:
        """Return nothing: the multipliers are in the module's own state."""
        return {}

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Take a dual step after every step of an optimizer from now on."""
        self._handles = [self._term.attach(optimizer) for optimizer in trainer.optimizers]

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Leave the optimizers."""
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Leave the optimizers, also where training was interrupted."""
        self.on_train_end(trainer, pl_module)

    def __getattr__(self, name: str) -> Callable[..., None]:
        # Lightning calls every hook of every callback, and releases add hooks.
        if re.fullmatch(r"(on_\w+|setup|teardown|load_state_dict)", name):
            return _nothing
        raise AttributeError(f"a callback of Lightning has no `{name}`.")


def _nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""
