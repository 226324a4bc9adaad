"""Full-batch gradient descent on data loss plus penalty: no clock, no printing."""

from collections.abc import Callable

import torch
import torch.distributed as dist

from cayley.hypercube._decoding import Decoded
from cayley.hypercube._group import Processes
from cayley.hypercube._loop import Loop, has_fast_bfloat16
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observations import Observations
from cayley.hypercube._result import Reason, Step, TrainingResult
from cayley.hypercube._schedule import Schedule
from cayley.hypercube._workspace import WORKSPACE_BYTES, Workspace

__all__ = ["train"]


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
    loop = Loop(
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
