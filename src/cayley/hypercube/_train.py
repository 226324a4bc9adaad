"""Training: full-batch gradient descent on data loss plus penalty, until one of its ends."""

from collections.abc import Callable
from pathlib import Path

import torch
import torch.distributed as dist

from cayley.hypercube._checkpoint import Checkpoint
from cayley.hypercube._compiled_steps import check_compilable, pays_to_compile
from cayley.hypercube._loop import Loop
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observed_products import ObservedProducts
from cayley.hypercube._processes import Processes
from cayley.hypercube._result import DecodedTable, Reason, TrainingResult, TrainingStep
from cayley.hypercube._schedule import TrainingSchedule
from cayley.hypercube._workspace import Workspace, default_bytes

__all__ = ["train"]

_BFLOAT16_DIM = 48
"""Size of matrices from which bfloat16 products were measured to be faster, with AMX."""


@torch.no_grad()
def train(
    model: HyperCube,
    observations: ObservedProducts,
    *,
    schedule: TrainingSchedule | None = None,
    accept: Callable[[DecodedTable], bool] | None = None,
    callback: Callable[[TrainingStep], bool | None] | None = None,
    report_every: int = 1,
    workspace_bytes: int | None = None,
    bfloat16: bool | None = None,
    compiled: bool | None = None,
    process_group: dist.ProcessGroup | None = None,
    checkpoint: Path | None = None,
) -> TrainingResult:
    r"""Train a model in place on :math:`L + \epsilon H`, as one batch of restarts.

    Args:
        model: The factors to train; its device and dtype are used throughout.
        observations: The observed products, on the same device.
        schedule: Rates and limits.
        accept: Exact check of a decoded table; training stops when it returns True. It is called
            when the table has changed, as soon as it fits all observations, and less often
            before that (entries may be wrong).
        callback: Called with the numbers of the best restart; training stops when it returns True.
        report_every: Steps between two calls of the callback. The numbers of a step cost a small
            table as much as the step itself, and on a GPU the processor has to wait for them.
        workspace_bytes: Bound on the temporaries of a step; if None, 32 MiB on a processor and
            1 GiB on a GPU.
        bfloat16: Whether products are taken in bfloat16, with sums in float32, until the factors
            are nearly settled; then in float32. If None, where that is known to be faster: real
            float32 factors of size 48 or more, on a processor with AMX or a GPU.
        compiled: Whether steps are those of a kernel that numba compiles, with the same results up
            to rounding: real factors of size 24 or less on the processor. It takes a tenth of the
            time at order 6 and two fifths at 24, a second to load, and some ten to compile when it
            is first used. If None, where ``max_steps`` may take so long.
        process_group: Processes to share the work, all of which call this function with the same
            model and observations; each takes a part of the pairs, and gradients are added up. The
            model starts as that of the first process, which alone is asked ``accept`` and
            ``callback``; the others must have them, too. An interrupt then ends the processes.
        checkpoint: A file to which the state is written every minute. If it is there, the same
            training goes on from it, with the same steps as if it had never been cut off; it is
            deleted when training ends, unless by an interrupt.

    Returns:
        The best restart's table and numbers. Reaching no fit is a result, not an error.

    Raises:
        ValueError: If the sizes of model and observations differ, there are fewer pairs than
            processes, ``report_every`` is not positive, steps cannot be compiled, or
            ``checkpoint`` is the file of another training or is asked for with several processes.
        TypeError: If ``bfloat16`` is asked for and the factors are not float32.

    Example:
        >>> model = HyperCube(3, generator=torch.Generator().manual_seed(0))
        >>> triples = [[a, b, (a + b) % 3] for a in range(3) for b in range(3) if a + b < 4]
        >>> result = train(model, ObservedProducts.from_triples(triples, sizes=(3, 3, 3)),
        ...                schedule=TrainingSchedule(max_steps=60))
        >>> result.decoded.table.tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]

    References:
        Huh (2024), arXiv:2402.17002, section 4 and appendix (objective, schedule of epsilon).
    """
    if model.sizes != observations.sizes:
        raise ValueError(
            f"`model` has sizes {model.sizes}, `observations` has {observations.sizes}."
        )
    if report_every < 1:
        raise ValueError(f"`report_every` must be at least 1; got {report_every}.")
    if checkpoint is not None and process_group is not None:
        raise ValueError("`checkpoint` is for one process; leave it or `process_group` out.")
    schedule = schedule or TrainingSchedule()
    alone = process_group is None and not bfloat16
    if compiled:
        check_compilable(model)
        if not alone:
            raise ValueError("`compiled` steps are those of one process, and not in bfloat16.")
    elif compiled is None:
        compiled = alone and pays_to_compile(model, observations, schedule)
    loop = Loop(
        model,
        observations,
        schedule,
        accept=accept,
        workspace=Workspace(workspace_bytes or default_bytes(model.matrices.device)),
        processes=Processes(process_group),
        bfloat16=_has_fast_bfloat16(model) if bfloat16 is None else bfloat16,
        compiled=compiled,
    )
    kept = None if checkpoint is None else Checkpoint(checkpoint, loop)
    reason: Reason = "steps"
    try:
        while reason == "steps" and loop.step < loop.schedule.max_steps:
            reason = _next_steps(loop, callback, report_every) or reason
            if kept is not None:
                kept.write_if_due()
    except KeyboardInterrupt:
        # The others would wait forever for the sums of a process that has left the loop.
        if process_group is not None:
            raise
        reason = "interrupted"
    if kept is not None and reason != "interrupted":
        kept.remove()
    return loop.result(reason)


def _next_steps(
    loop: Loop, callback: Callable[[TrainingStep], bool | None] | None, report_every: int
) -> Reason | None:
    """Step to the next look or report; return why to end there, or None to go on."""
    check_every = loop.schedule.check_every
    stops = (check_every,) if callback is None else (check_every, report_every)
    ahead = min(every - loop.step % every for every in stops)
    loop.advance(min(ahead, loop.schedule.max_steps - loop.step))
    if callback is not None and loop.step % report_every == 0 and loop.asks_to_stop(callback):
        return "stopped"
    if loop.step % check_every:
        return None
    if not loop.alive.any():
        return "diverged"
    # Accepted before converged: the table is right long before the factors are at rest.
    return "accepted" if loop.is_accepted() else loop.look()


def _has_fast_bfloat16(model: HyperCube) -> bool:
    """Whether bfloat16 products are known to be faster for a model's factors on their device.

    Example:
        >>> _has_fast_bfloat16(HyperCube(3))  # too small to gain
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
