"""Full-batch gradient descent on data loss plus penalty: one loop, no clock, no printing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from cayley.hypercube._decoding import Decoded, decode
from cayley.hypercube._functional import hypercube_imbalance
from cayley.hypercube._gradients import WORKSPACE_BYTES, DataTerm, data_gradients
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observations import Observations

__all__ = ["Schedule", "Step", "TrainingResult", "train"]

Reason = Literal["accepted", "converged", "steps", "stopped", "interrupted", "diverged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    r"""How to descend: ``V <- momentum V + G``, ``X <- X - rate V``, G clipped.

    Attributes:
        rate: Learning rate; 0.5, or 1.0 for shared factors, if None.
        momentum: Momentum.
        epsilon: Weight of the penalty, until the imbalance has settled; then 0.
        clip: Gradient norms are at most this times the number of observations.
        imbalance: Imbalance below which the factors count as settled.
        patience: Steps that they have to stay so.
        settling: The rate is multiplied by this when epsilon drops: without the penalty the loss
            is sharper, and the full rate would swing about the minimum instead of reaching it.
        max_steps: Most steps.
        tolerance: Converged when the norm of an update is below this share of the parameter's.
        check_every: Steps between two looks at imbalance, convergence and the decoded table;
            the table is decoded less often where that would cost more than a fifth of the steps.
    """

    rate: float | None = None
    momentum: float = 0.5
    epsilon: float = 0.1
    clip: float = 0.1
    imbalance: float = 1e-5
    patience: int = 30
    settling: float = 0.5
    max_steps: int = 1500
    tolerance: float = 1e-6
    check_every: int = 5


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
        reason: ``accepted`` by the caller's check, ``converged``, out of ``steps``, ``stopped`` by
            the callback, ``interrupted`` from the keyboard, or ``diverged`` in every restart.
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

    Returns:
        The best restart's table and numbers. Reaching no fit is a result, not an error.

    Raises:
        ValueError: If the sizes of model and observations differ.

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
    loop = _Loop(model, observations, schedule or Schedule(), workspace_bytes)
    reason: Reason = "steps"
    try:
        while reason == "steps" and loop.step < loop.schedule.max_steps:
            last = loop.step + 1 == loop.schedule.max_steps
            look = (loop.step + 1) % loop.schedule.check_every == 0
            loop.advance(with_fit=look or last or callback is not None)
            if callback is not None and callback(loop.summary()):
                reason = "stopped"
            elif look and not loop.alive.any():
                reason = "diverged"
            elif look and accept is not None and loop.accepted(accept):
                reason = "accepted"
            elif look and loop.converged():
                reason = "converged"
    except KeyboardInterrupt:
        reason = "interrupted"
    return loop.result(reason)


class _Loop:
    """The state of training between two steps."""

    def __init__(
        self, model: HyperCube, observations: Observations, schedule: Schedule, workspace: int
    ) -> None:
        rate = schedule.rate or (1.0 if model.shared else 0.5)
        self.schedule = replace(schedule, rate=rate)
        self.model, self.observations, self.workspace = model, observations, workspace
        self.rate = torch.full((len(model.matrices),), rate, device=model.matrices.device)
        self.step = 0
        X = model.matrices
        self.velocity = torch.zeros_like(X)
        self.epsilon = torch.full((len(X),), schedule.epsilon, device=X.device, dtype=X.real.dtype)
        self.settled = torch.zeros(len(X), dtype=torch.int64, device=X.device)
        self.imbalance = torch.full_like(self.epsilon, torch.inf)
        a, b, c = model.sizes
        self.cells = (a * b + b * c + c * a) / 3
        # Decoding costs 4 a b d^3, a step 12 m d^3: decode so seldom that it adds a fifth at most.
        share = a * b / (3 * len(observations))
        looks = max(1, round(5 * share / schedule.check_every))
        self.decode_every = looks * schedule.check_every
        self.rejected: dict[int, bytes] = {}
        self.accepted_by: tuple[int, Decoded] | None = None
        self.data: DataTerm | None = None
        self.penalty: Float[Tensor, " r"] = torch.zeros_like(self.epsilon)

    def advance(self, *, with_fit: bool = True) -> None:
        """Take one step of gradient descent with momentum in every restart."""
        X, V, schedule = self.model.matrices, self.velocity, self.schedule
        self.data = data_gradients(
            *self.model.factors,
            self.observations,
            with_fit=with_fit,
            workspace_bytes=self.workspace,
        )
        self.penalty, penalty = self.model.penalty_gradients()
        G = self.model.pull_back(self.data.gradients)
        G.addcmul_(self.epsilon.view(-1, 1, 1, 1).to(G.dtype), penalty)
        norm = torch.linalg.vector_norm(G, dim=(1, 2, 3))
        scale = (schedule.clip * len(self.observations) / norm).clamp_max_(1.0)
        V.mul_(schedule.momentum).addcmul_(G, scale.view(-1, 1, 1, 1).to(G.dtype))
        X.addcmul_(V, self.rate.view(-1, 1, 1, 1).to(G.dtype), value=-1)
        self.step += 1

    @property
    def alive(self) -> Bool[Tensor, " r"]:
        """Which restarts have not diverged."""
        assert self.data is not None
        return self.data.loss.isfinite()

    @property
    def best(self) -> int:
        """The restart of the largest fit, then agreement."""
        data = self.data
        assert data is not None
        assert data.fit is not None
        assert data.agreement is not None
        score = torch.where(self.alive, data.fit + 1e-3 * data.agreement, -1.0)
        return int(score.argmax())

    def summary(self, restart: int | None = None) -> Step:
        """Return the numbers of one restart, the best by default."""
        data = self.data
        assert data is not None
        assert data.fit is not None
        assert data.agreement is not None
        r = self.best if restart is None else restart
        return Step(
            step=self.step,
            restart=r,
            loss=float(data.loss[r]),
            fit=float(data.fit[r]),
            agreement=float(data.agreement[r]),
            penalty_ratio=float(self.penalty[r]) / self.cells,
            imbalance=float(self.imbalance[r]),
            epsilon=float(self.epsilon[r]),
        )

    def decode(self, restart: int) -> Decoded:
        """Return the table of one restart."""
        A, B, C = (factor[restart] for factor in self.model.factors)
        return decode(A, B, C, workspace_bytes=self.workspace)

    def accepted(self, accept: Callable[[Decoded], bool]) -> bool:
        """Ask for a verdict on the tables that have changed since they were last refused."""
        assert self.data is not None
        assert self.data.fit is not None
        fitting = (self.data.fit == 1) & self.alive
        if self.step % self.decode_every or not (
            fitting.any() or self.step % (5 * self.decode_every) == 0
        ):
            return False
        for restart in fitting.nonzero()[:, 0].tolist() or [self.best]:
            decoded = self.decode(restart)
            table = decoded.table.tobytes()
            if self.rejected.get(restart) == table:
                continue
            if accept(decoded):
                self.accepted_by = restart, decoded
                return True
            self.rejected[restart] = table
        return False

    def converged(self) -> bool:
        """Look at the imbalance, drop the penalty where it has settled, and say if all is still."""
        X, schedule = self.model.matrices, self.schedule
        self.imbalance = hypercube_imbalance(*self.model.factors)
        under = self.imbalance < schedule.imbalance
        self.settled = torch.where(under, self.settled + schedule.check_every, 0)
        dropped = self.epsilon == 0
        self.epsilon.masked_fill_(self.settled >= schedule.patience, 0.0)
        self.rate[~dropped & (self.epsilon == 0)] *= schedule.settling
        size = torch.linalg.vector_norm(X, dim=(1, 2, 3))
        update = self.rate * torch.linalg.vector_norm(self.velocity, dim=(1, 2, 3))
        still = (update < schedule.tolerance * size) & dropped
        return bool((still | ~self.alive).all())

    def result(self, reason: Reason) -> TrainingResult:
        """Return the accepted restart, or else the best one."""
        if self.data is None or self.data.fit is None:  # interrupted between two looks
            self.advance()
        restart, decoded = self.accepted_by or (self.best, None)
        return TrainingResult(
            decoded=self.decode(restart) if decoded is None else decoded,
            last=self.summary(restart),
            reason=reason,
        )
