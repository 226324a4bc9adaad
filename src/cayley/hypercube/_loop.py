"""Training between two steps: one step, and what is looked at and changed every few steps."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from cayley._shapes import Bool, Float
from cayley.hypercube._acceptance import AcceptanceCheck
from cayley.hypercube._compiled_steps import CompiledSteps
from cayley.hypercube._decoding import decode
from cayley.hypercube._descent import Descent
from cayley.hypercube._functional import hypercube_imbalance
from cayley.hypercube._gradients import FitStatistics, data_gradients
from cayley.hypercube._lower_bounds import penalty_floor
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observed_products import ObservedProducts
from cayley.hypercube._plateau import Plateau
from cayley.hypercube._processes import Processes
from cayley.hypercube._result import DecodedTable, Reason, TrainingResult, TrainingStep
from cayley.hypercube._schedule import TrainingSchedule, resolved
from cayley.hypercube._workspace import Workspace

__all__ = ["Loop"]

# Looks at the decoded table for every look at the imbalance, which costs more.
_LOOKS = 4
# Times the imbalance of settled factors, from where products are in full precision: bfloat16 has a
# resolution of 0.004 near 1, and factors could not settle with it.
_NEARLY_SETTLED = 10
# Looks at the table between two checks of a restart that does not fit all observations. Some of
# these may be wrong, and then none ever fits all.
_UNFITTED_LOOKS = 5
# Decoding costs 4 a b d^3 operations, a step 12 m d^3: with this factor decoding adds a fifth.
_DECODING_FACTOR = 5


class Loop:
    """The state of training between two steps.

    Args:
        model: The factors, trained in place.
        observations: All observed products, on every process.
        schedule: Rates and limits.
        accept: Exact check of a decoded table, or None.
        workspace: Memory for the temporaries of a step.
        processes: The processes that share the work.
        bfloat16: Whether products are taken in bfloat16 until the factors nearly settle.
        compiled: Whether steps are those of the compiled kernel.
    """

    def __init__(
        self,
        model: HyperCube,
        observations: ObservedProducts,
        schedule: TrainingSchedule,
        *,
        accept: Callable[[DecodedTable], bool] | None,
        workspace: Workspace,
        processes: Processes,
        bfloat16: bool,
        compiled: bool = False,
    ) -> None:
        rows, columns, _ = model.sizes
        share = len(observations) / (rows * columns)
        self.schedule = schedule = resolved(schedule, shared=model.shared, share=share)
        self.model, self.observations = model, observations
        self.workspace, self.processes, self.bfloat16 = workspace, processes, bfloat16
        count = processes.count
        self.part = observations.part(processes.index, count) if count > 1 else observations
        self.step = 0
        X = model.matrices
        processes.start_alike(X.data)  # before anything is computed from the factors
        self.descent = Descent(model, schedule)
        # About the objective of the start, where all products are small beside the targets.
        start = self.descent.objective(X.real.new_full((len(X),), observations.total))
        self.plateau = Plateau(X, start.detach())
        self.settled_steps = torch.zeros(len(X), dtype=torch.int64, device=X.device)
        self.imbalance = X.real.new_full((len(X),), torch.inf)
        self.check = None if accept is None else AcceptanceCheck(accept, self.decoded)
        self.statistics: FitStatistics | None = None
        self._compiled = (
            CompiledSteps(model, self.part, self.descent, schedule) if compiled else None
        )

    @property
    def fit(self) -> FitStatistics:
        """The statistics of the last step, which must have been one with statistics."""
        assert self.statistics is not None
        return self.statistics

    @property
    def alive(self) -> Bool[Tensor, " r"]:
        """Which restarts have not diverged."""
        return self.fit.loss.isfinite()

    @property
    def best(self) -> int:
        """The restart of the largest fit; of equal ones that of the largest agreement."""
        score = torch.where(self.alive, self.fit.fit + 1e-3 * self.fit.agreement, -1.0)
        return int(score.argmax())

    def advance(self, steps: int = 1, *, look: bool = True) -> None:
        """Take some steps in every restart.

        Args:
            steps: How many.
            look: Whether to compute the statistics of the fit in the last of them, too.
        """
        if self._compiled is not None:
            moments = self._compiled.take(steps)
            self.statistics = FitStatistics.from_moments(moments, self.observations)
            self.step += steps
            return
        for left in range(steps, 0, -1):
            self._step(look=look and left == 1)

    def _step(self, *, look: bool) -> None:
        data = data_gradients(
            *self.model.factors,
            self.part,
            with_statistics=look,
            bfloat16=self.bfloat16,
            workspace=self.workspace,
        )
        self.statistics = None
        if data.moments is not None:
            moments = self.processes.sum(data.moments)
            self.statistics = FitStatistics.from_moments(moments, self.observations)
        # Only the data term is divided among the processes; the penalty is added after the sum.
        gradient = self.processes.sum(self.model.pull_back(data.gradients))
        self.descent.move(gradient, longest=self.schedule.clip * self.observations.total)
        self.step += 1

    def summary(self, restart: int | None = None) -> TrainingStep:
        """Return the numbers of one restart, the best by default."""
        r = self.best if restart is None else restart
        a, b, c = self.model.sizes
        cells = (a * b + b * c + c * a) / 3
        return TrainingStep(
            step=self.step,
            restart=r,
            loss=float(self.fit.loss[r]),
            fit=float(self.fit.fit[r]),
            agreement=float(self.fit.agreement[r]),
            penalty_ratio=float(self.model.penalty()[r]) / cells,
            penalty_floor=self._penalty_floor(r) / cells,
            imbalance=float(self.imbalance[r]),
            epsilon=float(self.descent.epsilon[r].real),
        )

    def _penalty_floor(self, restart: int) -> float:
        """Return the floor over the observed triples at looks: it costs a sixth of a step."""
        if self.step % self.schedule.check_every:
            return math.nan
        A, B, C = (factor[restart] for factor in self.model.factors)
        return float(penalty_floor(A, B, C, self.observations.triples))

    def decoded(self, restart: int) -> DecodedTable:
        """Return the table of one restart."""
        A, B, C = (factor[restart] for factor in self.model.factors)
        return decode(A, B, C, workspace_bytes=self.workspace.num_bytes)

    def asks_to_stop(self, callback: Callable[[TrainingStep], bool | None]) -> bool:
        """Call back with the numbers of the step, and return whether training should stop."""
        device = self.model.matrices.device
        return bool(
            self.processes.agree(lambda: int(bool(callback(self.summary()))), device=device)
        )

    def is_accepted(self) -> bool:
        """Return whether a table that has changed since it was refused is accepted now."""
        check = self.check
        if check is None or self.step % self.decode_every:
            return False
        # A little below what is attainable: fit is a quotient of sums in the factors' precision.
        attainable = self.observations.attainable_fit - 1e-6
        fitting = (self.fit.fit >= attainable) & self.alive
        if not fitting.any() and self.step % (_UNFITTED_LOOKS * self.decode_every):
            return False
        restarts = fitting.nonzero()[:, 0].tolist() or [self.best]
        device = self.model.matrices.device
        found = self.processes.agree(lambda: check.first_accepted(restarts), device=device)
        if found >= 0 and check.accepted is None:  # on all processes but the first
            check.accepted = found, self.decoded(found)
        return found >= 0

    @property
    def decode_every(self) -> int:
        """Steps between two checks of decoded tables: a multiple of those between two looks."""
        a, b, _ = self.model.sizes
        share = a * b / (3 * len(self.observations))
        looks = max(1, round(_DECODING_FACTOR * share / self.schedule.check_every))
        return looks * self.schedule.check_every

    def look(self) -> Reason | None:
        """Measure the imbalance, drop the penalty where it has settled; return why to end, if so.

        Returns:
            ``converged`` if every restart has stopped or diverged without penalty, ``stalled`` if
            the others are on a plateau under the penalty, None to go on.
        """
        schedule, descent = self.schedule, self.descent
        interval = _LOOKS * schedule.check_every
        if self.step % interval:
            return None
        self.imbalance = hypercube_imbalance(*self.model.factors)
        settled = self.imbalance < schedule.imbalance
        self.settled_steps = torch.where(settled, self.settled_steps + interval, 0)
        without = descent.epsilon.flatten() == 0
        stalled = self._on_plateau(interval)  # slows down and goes back where it must, too
        drop = ~without & (self.settled_steps >= schedule.patience)
        if schedule.at_rest == "release":
            drop |= ~without & stalled
        descent.drop_penalty(drop)
        nearly = self.imbalance < _NEARLY_SETTLED * schedule.imbalance
        self.bfloat16 = self.bfloat16 and not bool((nearly | drop).any())
        ended = (descent.has_stopped() | ~self.alive) & without
        if bool(ended.all()):
            return "converged"
        if not bool((ended | (stalled & ~without & ~drop)).all()):
            return None
        if self.bfloat16:  # the rounding of bfloat16 may be what stops progress: go on without it
            self.bfloat16 = False
            self.plateau.restart_window()
            return None
        return "stalled"

    def _on_plateau(self, interval: int) -> Bool[Tensor, " r"]:
        """Halve the rate where the objective rises; return where it has hardly fallen of late."""
        descent, plateau = self.descent, self.plateau
        objective: Float[Tensor, " r"] = descent.objective(self.fit.loss)
        rising, lost = plateau.record(
            objective, self.model.matrices, with_penalty=descent.has_penalty
        )
        descent.rate[rising] *= 0.5
        descent.go_back(lost, plateau.kept)
        looks = max(1, self.schedule.window // interval)
        return plateau.is_reached(looks, self.schedule.progress)

    def state(self) -> dict[str, Tensor]:
        """Return what decides about all further steps, by name."""
        return {
            "matrices": self.model.matrices.detach(),
            "velocity": self.descent.velocity,
            "rate": self.descent.rate,
            "epsilon": self.descent.epsilon,
            "settled_steps": self.settled_steps,
            "imbalance": self.imbalance,
            "step": torch.tensor(self.step),
            "bfloat16": torch.tensor(self.bfloat16),
            **self.plateau.state(),
        }

    def go_on_from(self, state: dict[str, Tensor]) -> None:
        """Be as when `state` was called, in the same memory, which compiled steps work on."""
        self.model.matrices.data.copy_(state["matrices"])
        for name in ("velocity", "rate", "epsilon"):
            getattr(self.descent, name).copy_(state[name])
        self.settled_steps = state["settled_steps"].to(self.settled_steps.device)
        self.imbalance = state["imbalance"].to(self.imbalance.device)
        self.step, self.bfloat16 = int(state["step"]), bool(state["bfloat16"])
        self.plateau.go_on_from(state)

    def result(self, reason: Reason) -> TrainingResult:
        """Return the accepted restart, or else the best one."""
        if self.statistics is None:  # interrupted between two looks
            self.advance()
        accepted = None if self.check is None else self.check.accepted
        restart, decoded = accepted or (self.best, None)
        return TrainingResult(
            decoded=self.decoded(restart) if decoded is None else decoded,
            last=self.summary(restart),
            reason=reason,
        )
