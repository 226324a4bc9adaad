"""The adjoint as a custom autograd function: a run in one piece, or in segments (checkpoints)."""

import warnings
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from cayley._shapes import Float
from cayley.spiking._adjoint_torch import Adjoint, ForwardSweep, adjoint_sweep, forward_sweep
from cayley.spiking._checks import ChaoticGradientWarning
from cayley.spiking._dynamics import Dynamics, GatedState
from cayley.spiking._garbage_collection import no_collection

__all__ = ["Backend", "Engine", "SweepPlan", "choose_engine", "run_with_adjoint"]

Backend = Literal["auto", "numba", "torch"]


class Engine(NamedTuple):
    """A forward pass and its adjoint, as in :mod:`cayley.spiking._adjoint_torch`."""

    forward: Callable[..., ForwardSweep]
    adjoint: Callable[..., Adjoint]


class SweepPlan(NamedTuple):
    """Options of a run: equations, engine, steps of a segment, clip of a sample's gradient."""

    dynamics: Dynamics
    engine: Engine
    checkpoint: int | None
    clip_samples: float | None


def choose_engine(backend: Backend, like: Tensor) -> Engine:
    """Return the compiled engine where it applies (float32 on a CPU), else plain torch.

    Raises:
        ValueError: If the backend is ``"numba"`` for another dtype or device.
    """
    compiled = like.dtype == torch.float32 and like.device.type == "cpu"
    if backend == "numba" and not compiled:
        raise ValueError(
            '`backend="numba"` needs float32 on a CPU; '
            f'got {like.dtype} on {like.device}. Use `backend="auto"`.'
        )
    if backend == "torch" or not compiled:
        return Engine(forward_sweep, adjoint_sweep)
    with no_collection():
        # Imported here because it imports numba, which other engines do not need.
        from cayley.spiking._adjoint_numba import compiled_adjoint, compiled_forward

    return Engine(compiled_forward, compiled_adjoint)


def run_with_adjoint(
    drive: Float[Tensor, "t b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    plan: SweepPlan,
) -> tuple[Float[Tensor, "t b n"], GatedState]:
    """Return outputs and last state of a run whose backward pass is the adjoint.

    The arguments were checked before. No other tensor may share the memory of ``drive``, because
    the run may overwrite it.
    """
    outputs, *last = _GatedSweep.apply(drive, *state, weights, plan)  # type: ignore[no-untyped-call]
    # The last output is also part of the state: the same tensor, so that its gradient adds up.
    return outputs, GatedState(last[0], last[1], outputs[-1])


class _GatedSweep(Function):
    """A run over time; the last output trace of the state is given by the outputs, see above."""

    @staticmethod
    def forward(  # noqa: PLR0917 - autograd passes by position
        ctx: Any,
        drive: Tensor,
        potential: Tensor,
        traces: Tensor,
        output: Tensor,
        weights: Tensor,
        plan: SweepPlan,
    ) -> tuple[Tensor, Tensor, Tensor]:
        state = GatedState(potential, traces, output)
        keep = any(ctx.needs_input_grad)
        # One segment of all steps without checkpoints. With them, only the state before each
        # segment is kept, and the drive must stay as it is for the second forward pass.
        length = plan.checkpoint or len(drive)
        pieces, starts, runs = [], [], []
        for piece in torch.split(drive, length):
            starts.append(state)
            run = plan.engine.forward(
                piece, state, weights, plan.dynamics, reuse_drive=plan.checkpoint is None
            )
            state = run.state
            pieces.append(run.outputs)
            if keep and plan.checkpoint is None:
                runs.append(run)
        _refuse_divergence(state.potential, len(drive))
        ctx.plan, ctx.starts, ctx.length = plan, starts, length
        if keep:
            ctx.kept = [(run.potentials, run.currents, run.turns) for run in runs]
            ctx.save_for_backward(drive if plan.checkpoint else None, weights)
        outputs = pieces[0] if len(pieces) == 1 else torch.cat(pieces)
        return outputs, state.potential, state.traces

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        outputs, potential, traces = grads
        state = GatedState(potential, traces, torch.zeros_like(potential))
        clip = ctx.plan.clip_samples
        if clip is not None:
            # A first pass without the weights measures each sample; the second one is scaled.
            first = _go_back(ctx, outputs, state, with_weights=False)
            keep = _sample_scale(first.drive, clip)
            # The adjoint is linear in what comes in, so that scaling it scales a sample's gradient.
            outputs = torch.where(keep[:, None] > 0, outputs * keep[:, None], 0)
            state = GatedState(
                *(torch.where(s > 0, part * s, 0) for part, s in zip(
                    state, (keep[:, None], keep[:, None, None], keep[:, None]), strict=True))
            )  # fmt: skip
        adjoint = _go_back(ctx, outputs, state, with_weights=ctx.needs_input_grad[4])
        _warn_of_chaos(adjoint, ctx.length * len(ctx.starts))
        return adjoint.drive, *adjoint.state, adjoint.weights, None


def _go_back(ctx: Any, outputs: Tensor, state: GatedState, *, with_weights: bool) -> Adjoint:
    """Return the adjoint of the whole run, from its last segment to its first."""
    drive, weights = ctx.saved_tensors
    plan: SweepPlan = ctx.plan
    gradients, total = [], torch.zeros_like(weights)
    for index in range(len(ctx.starts) - 1, -1, -1):
        start, piece = ctx.starts[index], slice(index * ctx.length, (index + 1) * ctx.length)
        if plan.checkpoint is None:
            potentials, currents, turns = ctx.kept[index]
            run = ForwardSweep(outputs, potentials, currents, turns, start)
        else:
            run = plan.engine.forward(drive[piece], start, weights, plan.dynamics)
        adjoint = plan.engine.adjoint(
            run,
            start,
            weights,
            plan.dynamics,
            outputs=outputs[piece],
            state=state,
            with_weights=with_weights,
        )
        gradients.append(adjoint.drive)
        state = adjoint.state
        total += adjoint.weights
    by_drive = gradients[0] if len(gradients) == 1 else torch.cat(gradients[::-1])
    return Adjoint(by_drive, state, total)


def _sample_scale(by_drive: Float[Tensor, "t b n"], clip: float) -> Float[Tensor, " b"]:
    """Return factors that limit each sample's gradient to ``clip`` times the batch's median norm.

    A sample whose gradient overflowed gets 0.
    """
    norms = by_drive.square().sum((0, 2)).sqrt()
    usable = torch.isfinite(norms)
    if not usable.any():
        return torch.zeros_like(norms)
    limit = clip * norms[usable].median()
    scale = torch.where(norms > limit, limit / norms, 1.0)
    return torch.where(usable, scale, 0.0)


def _refuse_divergence(potential: Float[Tensor, "b n"], steps: int) -> None:
    """Raise if the last potentials are not finite."""
    if not bool(torch.isfinite(potential).all()):
        raise FloatingPointError(
            f"the potentials overflowed within {steps} steps: recurrent excitation grows without "
            "bound, or an input is not finite. Use a smaller `dt` or smaller recurrent weights."
        )


def _warn_of_chaos(adjoint: Adjoint, steps: int) -> None:
    """Warn if the gradient by the first potentials is not finite."""
    if not bool(torch.isfinite(adjoint.state.potential).all()):
        warnings.warn(
            f"the gradient overflowed on its way back through {steps} steps: over that length the "
            "network is chaotic. Shorten the run, `state.detach()` between pieces, set "
            "`clip_samples=2.0`, or start from weaker recurrent weights.",
            ChaoticGradientWarning,
            stacklevel=2,
        )
