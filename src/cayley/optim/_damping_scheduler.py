"""A schedule of the damping, used like a scheduler of the learning rate."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from cayley.optim._damping import check_damping
from cayley.optim._layers import Damped

__all__ = ["DampingScheduler"]


class DampingScheduler:
    """Multiply the damping of every ISAAC layer of a model by a factor that changes with the steps.

    It is used like ``torch.optim.lr_scheduler.LambdaLR``: each layer's damping is the one that it
    had at the start times ``factor(step)``; step 0 is set at once, and :meth:`step` goes on to the
    next. Compiled layers are not compiled anew.

    Args:
        model: With ISAAC layers.
        factor: From the number of steps taken to a factor above 0.

    Raises:
        TypeError: If ``model`` is no module.
        ValueError: If the model has no ISAAC layer, or a damping would be out of range; the layers
            are then unchanged.

    Example:
        >>> from torch import nn
        >>> from cayley.optim import DampingScheduler, convert
        >>> model = convert(nn.Sequential(nn.Linear(4, 3)), damping=0.5)
        >>> scheduler = DampingScheduler(model, lambda step: 0.1**step)
        >>> scheduler.step()
        >>> model[0].damping
        0.05
        >>> scheduler.last_damping()
        {'0': 0.05}
    """

    def __init__(self, model: nn.Module, factor: Callable[[int], float]) -> None:
        if not isinstance(model, nn.Module):
            raise TypeError(f"`model` must be a torch.nn.Module; got {type(model).__name__}.")
        self._layers = {n: m for n, m in model.named_modules() if isinstance(m, Damped)}
        if not self._layers:
            raise ValueError("`model` has no ISAAC layer; call `cayley.optim.convert` first.")
        self.factor = factor
        self.base = {name: layer.damping for name, layer in self._layers.items()}
        self.last_step = 0
        self._set(0)

    def step(self) -> None:
        """Go on to the damping of the next step."""
        self._set(self.last_step + 1)

    def last_damping(self) -> dict[str, float]:
        """Return the damping of each layer, by name."""
        return {name: layer.damping for name, layer in self._layers.items()}

    def state_dict(self) -> dict[str, Any]:
        """Return the number of steps taken and the dampings at the start; not the factor."""
        return {"last_step": self.last_step, "base": dict(self.base)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state; raise if it is of other layers."""
        if set(state["base"]) != set(self.base):
            raise ValueError(
                f"the state is of layers {sorted(state['base'])}; the model has "
                f"{sorted(self.base)}. Convert the same layers."
            )
        before, self.base = self.base, dict(state["base"])
        try:
            self._set(int(state["last_step"]))
        except (TypeError, ValueError):
            self.base = before
            raise

    def _set(self, step: int) -> None:
        factor = self.factor(step)
        dampings = {name: base * factor for name, base in self.base.items()}
        for damping in dampings.values():
            check_damping(damping)
        for name, layer in self._layers.items():
            layer.damping = dampings[name]
        self.last_step = step
