"""Full-batch gradient descent on data loss plus penalty: one loop, no clock, no printing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import torch
import torch.distributed as dist
from jaxtyping import Bool, Float
from torch import Tensor

from cayley.hypercube._decoding import Decoded, decode
from cayley.hypercube._functional import hypercube_imbalance
from cayley.hypercube._gradients import FitStatistics, data_gradients
from cayley.hypercube._group import Processes
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observations import Observations
from cayley.hypercube._workspace import WORKSPACE_BYTES, Workspace

__all__ = ["Schedule", "Step", "TrainingResult", "has_fast_bfloat16", "train"]

_LOOKS = 4  # looks at the decoded table for every look at the imbalance, which costs more
_NEARLY = 10  # times the imbalance of settled factors, from where products are in full precision
_BFLOAT16_DIM = 48  # matrices from this size are faster in bfloat16 (measured with AMX)

Reason = Literal[
    "accepted", "converged", "stalled", "steps", "stopped", "interrupted", "diverged"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    r"""How to descend: ``V <- momentum V + G``, ``X <- X - rate V``, G clipped.

    Attributes:
        rate: Learning rate; if None, 1.0, and for shared factors, on which each observation acts
            three times, no more than a quarter over the observed share of the cells. It is halved
            where the objective rises.
        momentum: Momentum.
        epsilon: Weight of the penalty, until the imbalance has settled; then 0. If None, 0.1, or
            0.05 for shared factors.
        clip: Gradient norms are at most this times the observations' mass, their number if they
            have no weights.
        imbalance: Imbalance below which the factors count as settled.
        patience: Steps that they have to stay so.
        settling: The rate is multiplied by this when epsilon drops: without the penalty the loss
            is sharper, and the full rate would swing about the minimum instead of reaching it.
        max_steps: Most steps.
        tolerance: Converged when the norm of an update is below this share of the parameter's.
        check_every: Steps between two looks at the decoded table, and a quarter as often at
            imbalance and convergence. The table is decoded less often where that would cost more
            than a fifth of the steps.
        window: Steps over which progress is measured; rounded to looks at the imbalance.
        progress: Stalled when the objective has fallen by less than this share over the window,
            under the penalty and in every restart. 0 for never.
        at_rest: What happens then: training stops, or the penalty is dropped as where the imbalance
            has settled, to see where the factors go without it.
    """

    rate: float | None = None
    momentum: float = 0.5
    epsilon: float | None = None
    clip: float = 0.1
    imbalance: float = 1e-5
    patience: int = 30
    settling: float = 0.25
    max_steps: int = 1500
    tolerance: float = 1e-6
    check_every: int = 5
    window: int = 100
    progress: float = 1e-3
    at_rest: Literal["stop", "release"] = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a callback sees: the best restart after a step (largest fit, then agreement).

    Attributes:
        step: Number of steps done.
        restart: Index of the restart that the numbers are about.
        loss: Data loss, a sum over observations.
        fit: Share of observations that the decoded table agrees with.
        agreement: Cosine between products and data on the observed pairs.
        penalty_ratio: H / n^2; 3 at isotopes of groups.
        imbalance: See :func:`~cayley.hypercube.hypercube_imbalance`; of the last look.
        epsilon: Weight of the penalty.
    """

    step: int
    restart: int
    loss: float
    fit: float
    agreement: float
    penalty_ratio: float
    imbalance: float
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """The best restart at the end, its decoded table, and why the loop ended.

    Attributes:
        decoded: The table and its margins.
        last: Numbers of the last step, of the restart that was decoded.
        reason: ``accepted`` by the caller's check, ``converged``, ``stalled`` without progress, out
            of ``steps``, ``stopped`` by the callback, ``interrupted`` from the keyboard, or
            ``diverged`` in every restart.
    """

    decoded: Decoded
    last: Step
    reason: Reason


@torch.no_grad()
def train(
    model: HyperCube,
    observations: Observations,
    *,
    schedule: Schedule | None = None,
    accept: Callable[[Decoded], bool] | None = None,
    callback: Callable[[Step], bool | None] | None = None,
    workspace_bytes: int = WORKSPACE_BYTES,
    bfloat16: bool | None = None,
    process_group: dist.ProcessGroup | None = None,
) -> TrainingResult:
    r"""Train a model in place on :math:`L + \epsilon H`, as one batch of restarts.

    Args:
        model: The factors to train; its device and dtype are used throughout.
        observations: The observed products, on the same device.
        schedule: Rates and limits.
        accept: Exact check of a decoded table; training stops when it says yes. It is asked
            when the table has changed, as soon as it fits all observations, and now and then
            before that (entries may be wrong).
        callback: Called after every step; training stops when it returns True.
        workspace_bytes: Bound on the temporaries of a step.
        bfloat16: Whether products are taken in bfloat16, with sums in float32, until the factors
            are nearly settled; then in float32. If None, where that is known to be faster: real
            float32 factors of size 48 or more, on a processor with AMX or a GPU.
        process_group: Processes to share the work, all of which call this function with the same
            model and observations; each takes a part of the pairs, and gradients are added up. The
            model starts as that of the first process, which alone is asked ``accept`` and
            ``callback``; the others must have them, too. An interrupt then ends the processes.

    Returns:
        The best restart's table and numbers. Reaching no fit is a result, not an error.

    Raises:
        ValueError: If the sizes of model and observations differ, or there are fewer pairs than
            processes.
        TypeError: If ``bfloat16`` is asked for and the factors are not float32.

    Example:
        >>> model = HyperCube(3, generator=torch.Generator().manual_seed(0))
        >>> triples = [[a, b, (a + b) % 3] for a in range(3) for b in range(3) if a + b < 4]
        >>> result = train(model, Observations.from_triples(triples, sizes=(3, 3, 3)),
        ...                schedule=Schedule(max_steps=60))
        >>> result.decoded.table.tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]

    References:
        Huh (2024), arXiv:2402.17002, section 4 and appendix (objective, schedule of epsilon).
    """
    if model.sizes != observations.sizes:
        raise ValueError(
            f"`model` has sizes {model.sizes}, `observations` has {observations.sizes}."
        )
    loop = _Loop(
        model,
        observations,
        schedule or Schedule(),
        workspace=Workspace(workspace_bytes),
        processes=Processes(process_group),
        bfloat16=has_fast_bfloat16(model) if bfloat16 is None else bfloat16,
    )
    reason: Reason = "steps"
    try:
        while reason == "steps" and loop.step < loop.schedule.max_steps:
            last = loop.step + 1 == loop.schedule.max_steps
            look = (loop.step + 1) % loop.schedule.check_every == 0
            loop.advance(look=look or last or callback is not None)
            if callback is not None and loop.asks_to_stop(callback):
                reason = "stopped"
            elif look and not loop.alive.any():
                reason = "diverged"
            elif look and accept is not None and loop.accepted(accept):
                reason = "accepted"
            elif look:
                reason = loop.look() or reason
    except KeyboardInterrupt:
        if process_group is not None:
            raise
        reason = "interrupted"
    return loop.result(reason)


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
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()  # not in all supported releases
    return X.device.type == "cpu" and bool(capabilities.get("amx_bf16"))


def _resolved(schedule: Schedule, model: HyperCube, observations: Observations) -> Schedule:
    """Return the schedule with the rate and the weight of the penalty that suit the model."""
    rate, epsilon = schedule.rate, schedule.epsilon
    if rate is None:
        share = len(observations) / (model.sizes[0] * model.sizes[1])
        rate = min(1.0, 0.25 / share) if model.shared else 1.0
    if epsilon is None:
        epsilon = 0.05 if model.shared else 0.1
    return replace(schedule, rate=rate, epsilon=epsilon)


class _Loop:
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
        self.schedule = schedule = _resolved(schedule, model, observations)
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
        still = (update < schedule.tolerance * size) & dropped
        if bool((still | ~self.alive).all()):
            return "converged"
        over = bool((still | ~self.alive | (resting & ~dropped & ~drop)).all())
        if over and self.bfloat16:  # perhaps it is the rounding that is in the way
            self.bfloat16 = False
            self.objectives.clear()
            return None
        return "stalled" if over else None

    def _rests(self, interval: int) -> Bool[Tensor, " r"]:
        """Halve the rate where the objective rises; return where it has hardly fallen."""
        objective = self.fit.loss + self.epsilon.flatten().real * self.model.penalty()
        if self.objectives:
            rising = (objective > 1.01 * self.objectives[-1]) & (self.epsilon.flatten().real > 0)
            self.rate[rising] *= 0.5
        self.objectives.append(objective)
        back = max(1, self.schedule.window // interval)
        if len(self.objectives) <= back or not self.schedule.progress:
            return torch.zeros_like(objective, dtype=torch.bool)
        fallen = self.objectives[-1 - back] - objective
        return fallen < self.schedule.progress * objective

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
