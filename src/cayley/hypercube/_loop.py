"""The state of training between two steps, and what happens to it at a step and at a look."""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from cayley.hypercube._decoding import Decoded, decode
from cayley.hypercube._functional import hypercube_imbalance
from cayley.hypercube._gradients import FitStatistics, data_gradients
from cayley.hypercube._group import Processes
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observations import Observations
from cayley.hypercube._result import Reason, Step, TrainingResult
from cayley.hypercube._schedule import Schedule, resolved
from cayley.hypercube._workspace import Workspace

__all__ = ["Loop", "has_fast_bfloat16"]

_LOOKS = 4  # looks at the decoded table for every look at the imbalance, which costs more
_LOST = 2  # times the lowest objective, from where descent goes back to it
_NEARLY = 10  # times the imbalance of settled factors, from where products are in full precision
_BFLOAT16_DIM = 48  # matrices from this size are faster in bfloat16 (measured with AMX)


def has_fast_bfloat16(model: HyperCube) -> bool:
    """Whether bfloat16 products are known to be faster for a model's factors, where they are.

    Example:
        >>> has_fast_bfloat16(HyperCube(3))  # too small to gain
        False
    """
    X = model.matrices
    if X.dtype != torch.float32 or model.dim < _BFLOAT16_DIM:
        return False
    if X.device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Not in all supported releases of PyTorch; without it, nothing is known.
    capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return X.device.type == "cpu" and bool(capabilities.get("amx_bf16"))


class Loop:
    """The state of training between two steps."""

    def __init__(
        self,
        model: HyperCube,
        observations: Observations,
        schedule: Schedule,
        *,
        workspace: Workspace,
        processes: Processes,
        bfloat16: bool,
    ) -> None:
        self.schedule = schedule = resolved(schedule, model, observations)
        assert schedule.rate is not None
        assert schedule.epsilon is not None
        self.model, self.observations = model, observations
        self.workspace, self.processes, self.bfloat16 = workspace, processes, bfloat16
        count = processes.count
        self.part = observations.part(processes.index, count) if count > 1 else observations
        self.step = 0
        X = model.matrices
        processes.start_alike(X.data)
        self.velocity = torch.zeros_like(X)
        self.epsilon = X.new_full((len(X), 1, 1, 1), schedule.epsilon)
        self.rate = X.new_full((len(X), 1, 1, 1), schedule.rate)
        self.settled = torch.zeros(len(X), dtype=torch.int64, device=X.device)
        self.imbalance = X.real.new_full((len(X),), torch.inf)
        self.objectives: list[Float[Tensor, " r"]] = []
        self.calm = torch.zeros(len(X), dtype=torch.int64, device=X.device)
        # About the objective of the start, where all products are small beside the targets.
        self.lowest = observations.total + schedule.epsilon * model.penalty().detach()
        self.kept = X.detach().clone()
        a, b, c = model.sizes
        self.cells = (a * b + b * c + c * a) / 3
        # Decoding costs 4 a b d^3, a step 12 m d^3: decode so seldom that it adds a fifth at most.
        share = a * b / (3 * len(observations))
        looks = max(1, round(5 * share / schedule.check_every))
        self.decode_every = looks * schedule.check_every
        self.rejected: dict[int, bytes] = {}
        self.accepted_by: tuple[int, Decoded] | None = None
        self.statistics: FitStatistics | None = None

    def advance(self, *, look: bool = True) -> None:
        """Take one step of gradient descent with momentum in every restart."""
        X, V, schedule = self.model.matrices, self.velocity, self.schedule
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
        G = self.processes.sum(self.model.pull_back(data.gradients))
        G.addcmul_(self.epsilon, self.model.penalty_gradient())
        norm = torch.linalg.vector_norm(G, dim=(1, 2, 3), keepdim=True)
        scale = (schedule.clip * self.observations.total / norm).clamp_max_(1.0)
        V.mul_(schedule.momentum).addcmul_(G, scale.to(G.dtype))
        X.addcmul_(V, self.rate, value=-1)
        self.step += 1

    @property
    def fit(self) -> FitStatistics:
        """The statistics of the last step, which was one to look at."""
        assert self.statistics is not None
        return self.statistics

    @property
    def alive(self) -> Bool[Tensor, " r"]:
        """Which restarts have not diverged."""
        return self.fit.loss.isfinite()

    @property
    def best(self) -> int:
        """The restart of the largest fit, then agreement."""
        score = torch.where(self.alive, self.fit.fit + 1e-3 * self.fit.agreement, -1.0)
        return int(score.argmax())

    def summary(self, restart: int | None = None) -> Step:
        """Return the numbers of one restart, the best by default."""
        r = self.best if restart is None else restart
        return Step(
            step=self.step,
            restart=r,
            loss=float(self.fit.loss[r]),
            fit=float(self.fit.fit[r]),
            agreement=float(self.fit.agreement[r]),
            penalty_ratio=float(self.model.penalty()[r]) / self.cells,
            imbalance=float(self.imbalance[r]),
            epsilon=float(self.epsilon[r].real),
        )

    def decode(self, restart: int) -> Decoded:
        """Return the table of one restart."""
        A, B, C = (factor[restart] for factor in self.model.factors)
        return decode(A, B, C, workspace_bytes=self.workspace.num_bytes)

    def asks_to_stop(self, callback: Callable[[Step], bool | None]) -> bool:
        """Tell the callback about the step, and return whether it wants to stop."""
        device = self.model.matrices.device
        return bool(
            self.processes.agree(lambda: int(bool(callback(self.summary()))), device=device)
        )

    def accepted(self, accept: Callable[[Decoded], bool]) -> bool:
        """Ask for a verdict on the tables that have changed since they were last refused."""
        attainable = self.observations.attainable_fit - 1e-6
        fitting = (self.fit.fit >= attainable) & self.alive
        if self.step % self.decode_every or not (
            fitting.any() or self.step % (5 * self.decode_every) == 0
        ):
            return False
        restarts = fitting.nonzero()[:, 0].tolist() or [self.best]
        device = self.model.matrices.device
        found = self.processes.agree(lambda: self._first_accepted(restarts, accept), device=device)
        if found >= 0 and self.accepted_by is None:
            self.accepted_by = found, self.decode(found)
        return found >= 0

    def _first_accepted(self, restarts: list[int], accept: Callable[[Decoded], bool]) -> int:
        for restart in restarts:
            decoded = self.decode(restart)
            table = decoded.table.tobytes()
            if self.rejected.get(restart) == table:
                continue
            if accept(decoded):
                self.accepted_by = restart, decoded
                return restart
            self.rejected[restart] = table
        return -1

    def look(self) -> Reason | None:
        """Look at the imbalance, drop the penalty where it has settled, and say if all is over."""
        X, schedule = self.model.matrices, self.schedule
        interval = _LOOKS * schedule.check_every
        if self.step % interval:
            return None
        self.imbalance = hypercube_imbalance(*self.model.factors)
        self.settled = torch.where(self.imbalance < schedule.imbalance, self.settled + interval, 0)
        dropped = self.epsilon.flatten() == 0
        resting = self._rests(interval)
        drop = ~dropped & (self.settled >= schedule.patience)
        if schedule.at_rest == "release":
            drop |= ~dropped & resting
        self.epsilon[drop] = 0.0
        self.rate[drop] *= schedule.settling
        nearly = self.imbalance < _NEARLY * schedule.imbalance
        self.bfloat16 = self.bfloat16 and not bool((nearly | drop).any())
        size = torch.linalg.vector_norm(X, dim=(1, 2, 3))
        update = torch.linalg.vector_norm(self.rate * self.velocity, dim=(1, 2, 3))
        ended = ((update < schedule.tolerance * size) | ~self.alive) & dropped
        if bool(ended.all()):
            return "converged"
        over = bool((ended | (resting & ~dropped & ~drop)).all())
        if over and self.bfloat16:  # perhaps it is the rounding that is in the way
            self.bfloat16 = False
            self.objectives.clear()
            return None
        return "stalled" if over else None

    def _rests(self, interval: int) -> Bool[Tensor, " r"]:
        """Halve the rate where the objective rises; return where it has hardly fallen since."""
        objective = self.fit.loss + self.epsilon.flatten().real * self.model.penalty()
        penalized = self.epsilon.flatten().real > 0
        before = self.objectives[-1] if self.objectives else _LOST * self.lowest
        rising = ~(objective <= 1.01 * before) & penalized
        self.rate[rising] *= 0.5
        self.calm = torch.where(rising, 0, self.calm + 1)
        lost = rising & ~(objective <= _LOST * self.lowest)
        self._go_back(lost)
        objective = torch.where(lost, self.lowest, objective)
        better = penalized & (objective < self.lowest)
        self.lowest[better] = objective[better]
        self.kept[better] = self.model.matrices[better]
        self.objectives.append(objective)
        back = max(1, self.schedule.window // interval)
        if len(self.objectives) <= back or not self.schedule.progress:
            return torch.zeros_like(objective, dtype=torch.bool)
        fallen = self.objectives[-1 - back] - objective
        return (fallen < self.schedule.progress * objective) & (self.calm >= back)

    @torch.no_grad()
    def _go_back(self, lost: Bool[Tensor, " r"]) -> None:
        """Return to the best factors where a rate too large has thrown them away."""
        self.model.matrices[lost] = self.kept[lost]
        self.velocity[lost] = 0

    def result(self, reason: Reason) -> TrainingResult:
        """Return the accepted restart, or else the best one."""
        if self.statistics is None:  # interrupted between two looks
            self.advance()
        restart, decoded = self.accepted_by or (self.best, None)
        return TrainingResult(
            decoded=self.decode(restart) if decoded is None else decoded,
            last=self.summary(restart),
            reason=reason,
        )
