"""The objective over time: where it rises, where it has become far too large, where it stalls."""

import torch
from torch import Tensor

from cayley._shapes import Bool, Float, Inexact

__all__ = ["Plateau"]

# Times the objective of the look before, from where it counts as rising: a rise of 1 % is more than
# rounding makes, and a rate too large soon makes more.
_RISE = 1.01
# Times the lowest objective, from where descent goes back to the factors of that: halving the rate
# alone would not lead back from there.
_LOST = 2


class Plateau:
    """The objectives so far, and the factors of the lowest one, for every restart.

    Args:
        matrices: The factors of the start.
        objective: An upper bound of the objective of the start, shape ``(r,)``.
    """

    def __init__(
        self, matrices: Inexact[Tensor, "r n d d"], objective: Float[Tensor, " r"]
    ) -> None:
        self.lowest = objective
        self.kept = matrices.detach().clone()
        self._objectives: list[Float[Tensor, " r"]] = []
        self._calm = torch.zeros(len(matrices), dtype=torch.int64, device=matrices.device)

    def record(
        self,
        objective: Float[Tensor, " r"],
        matrices: Inexact[Tensor, "r n d d"],
        *,
        with_penalty: Bool[Tensor, " r"],
    ) -> tuple[Bool[Tensor, " r"], Bool[Tensor, " r"]]:
        """Compare the objective with that of the look before and with the lowest.

        Args:
            objective: Of every restart.
            matrices: The factors that have it.
            with_penalty: Which restarts have the penalty: without it the objective is another one,
                and is not compared.

        Returns:
            Where the objective rises, and where it is so high that descent should go back.
        """
        before = self._objectives[-1] if self._objectives else _LOST * self.lowest
        # Not "objective > ...": an objective that is NaN rises and is lost, too.
        rising = ~(objective <= _RISE * before) & with_penalty
        self._calm = torch.where(rising, 0, self._calm + 1)
        lost = rising & ~(objective <= _LOST * self.lowest)
        objective = torch.where(lost, self.lowest, objective)
        better = with_penalty & (objective < self.lowest)
        self.lowest[better] = objective[better]
        self.kept[better] = matrices[better]
        self._objectives.append(objective)
        return rising, lost

    def is_reached(self, looks: int, share: float) -> Bool[Tensor, " r"]:
        """Return where the objective has fallen by less than a share over so many looks.

        A restart whose objective rose within them is not on a plateau: its rate was halved, and it
        has to show what it does now.
        """
        latest = self._objectives[-1]
        if len(self._objectives) <= looks or not share:
            return torch.zeros_like(latest, dtype=torch.bool)
        fallen = self._objectives[-1 - looks] - latest
        return (fallen < share * latest) & (self._calm >= looks)

    def state(self) -> dict[str, Tensor]:
        """Return all of it by name."""
        objectives = torch.stack([self.lowest, *self._objectives])[1:]
        return {
            "lowest": self.lowest, "kept": self.kept, "calm": self._calm, "objectives": objectives,
        }  # fmt: skip

    def go_on_from(self, state: dict[str, Tensor]) -> None:
        """Be as when `state` was called."""
        self.lowest.copy_(state["lowest"])
        self.kept.copy_(state["kept"])
        self._calm = state["calm"].to(self._calm.device)
        self._objectives = list(state["objectives"].to(self.lowest.device))

    def restart_window(self) -> None:
        """Delete the objectives: a plateau then takes as many looks as at the start."""
        self._objectives.clear()
