"""The adjoint as a custom autograd function: a run in one piece, or in segments (checkpoints)."""

import os
import warnings
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function

from cayley._shapes import Float
from cayley.spiking._checks import ChaoticGradientWarning
from cayley.spiking.adjoint._adjoint_torch import (
    Adjoint,
    ForwardSweep,
    adjoint_sweep,
    forward_sweep,
)
from cayley.spiking.equations._dynamics import Dynamics, GatedState
from cayley.spiking.equations._euler_method import unroll

__all__ = [
    "Backend",
    "DriveSource",
    "Engine",
    "KeptRun",
    "SweepPlan",
    "choose_engine",
    "go_back",
    "go_forward",
    "run_with_adjoint",
]

Backend = Literal["auto", "compiled", "torch", "triton"]


class Engine(NamedTuple):
    """A forward pass and its adjoint, as in :mod:`cayley.spiking.adjoint._adjoint_torch`."""

    forward: Callable[..., ForwardSweep]
    adjoint: Callable[..., Adjoint]
    skips_zeros: bool = False
    """Whether it has a product of its own for inputs that are mostly 0."""


class DriveSource(NamedTuple):
    """What the current from outside is computed from: a product with the input weights.

    Without a weight the inputs are the currents themselves.
    """

    inputs: Float[Tensor, "t b f"]
    weight: Float[Tensor, "n f"] | None
    bias: Float[Tensor, " n"]

    def drive(self, *, skip_zeros: bool = False) -> Float[Tensor, "t b n"]:
        """Return the current from outside in each step, in memory of its own.

        With ``skip_zeros`` inputs that are mostly 0 are multiplied event by event, which needs
        float32 on a CPU.
        """
        if self.weight is None:
            return self.inputs + self.bias
        if skip_zeros:
            # Imported here because it imports the compiler, which other engines do not need.
            from cayley.spiking.adjoint._event_product import event_product, mostly_zero

            if mostly_zero(self.inputs):
                flat = event_product(self.inputs.flatten(0, -2), self.weight, self.bias)
                return flat.view(*self.inputs.shape[:-1], -1)
        # With the weight by columns, torch computes its gradient from the skinny matrix of inputs
        # on the left, four times as fast with two inputs; otherwise `F.linear` is the same.
        by_columns = self.weight.T.contiguous()
        flat = torch.addmm(self.bias, self.inputs.flatten(0, -2), by_columns)
        return flat.view(*self.inputs.shape[:-1], -1)


class SweepPlan(NamedTuple):
    """Options of a run: equations, engine, steps of a segment, clip of a sample's gradient."""

    dynamics: Dynamics
    engine: Engine
    checkpoint: int | None
    clip_samples: float | None


def choose_engine(backend: Backend, like: Tensor) -> Engine:
    """Return the compiled engine where it applies (float32 on a CPU), else plain torch.

    Raises:
        ValueError: If the backend is ``"compiled"`` for another dtype or device, or ``"triton"`` on
            a CPU without Triton's interpreter.
        ImportError: If the backend is ``"triton"`` and there is none.
    """
    if backend == "triton":
        return _triton_engine(like)
    compiled = like.dtype == torch.float32 and like.device.type == "cpu"
    if backend == "compiled" and not compiled:
        raise ValueError(
            '`backend="compiled"` needs float32 on a CPU; '
            f'got {like.dtype} on {like.device}. Use `backend="auto"`.'
        )
    if backend == "torch" or not compiled:
        return Engine(forward_sweep, adjoint_sweep)
    # Imported here because it imports the compiler, which other engines do not need.
    from cayley.spiking.adjoint._adjoint_compiled import compiled_adjoint, compiled_forward

    return Engine(compiled_forward, compiled_adjoint, skips_zeros=True)


def _triton_engine(like: Tensor) -> Engine:
    """Return the sweeps as Triton kernels."""
    if like.device.type == "cpu" and os.environ.get("TRITON_INTERPRET") != "1":
        raise ValueError(
            '`backend="triton"` needs a GPU, or the environment variable TRITON_INTERPRET=1 for '
            'Triton\'s slow interpreter; got parameters on the CPU. Use `backend="auto"`.'
        )
    try:
        from cayley.spiking.adjoint._adjoint_triton import triton_adjoint, triton_forward
    except ModuleNotFoundError as error:
        raise ImportError(
            '`backend="triton"` needs triton, which comes with torch for CUDA: pip install triton.'
        ) from error
    return Engine(triton_forward, triton_adjoint)


def run_with_adjoint(
    source: DriveSource,
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    plan: SweepPlan,
) -> tuple[Float[Tensor, "t b n"], GatedState]:
    """Return outputs and last state of a run whose backward pass is the adjoint.

    The arguments were checked before.
    """
    drive = source.drive(skip_zeros=plan.engine.skips_zeros)
    outputs, *last = _GatedSweep.apply(drive, *state, weights, source, plan)  # type: ignore[no-untyped-call]
    # The last output is also part of the state: the same tensor, so that its gradient adds up.
    return outputs, GatedState(last[0], last[1], outputs[-1])


class KeptRun(NamedTuple):
    """What the adjoint needs of a run: start, pieces and what each piece kept, if anything."""

    drive: Float[Tensor, "t b n"] | None
    starts: list[GatedState]
    length: int
    sweeps: list[ForwardSweep]


def go_forward(
    drive: Float[Tensor, "t b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    plan: SweepPlan,
    *,
    keep: bool = True,
    reuse_drive: bool = False,
) -> tuple[Float[Tensor, "t b n"], GatedState, KeptRun]:
    """Return outputs, last state and what the adjoint needs; see :func:`forward_sweep`."""
    # One segment of all steps without checkpoints. With them, only the state before each
    # segment is kept, and the drive must stay as it is for the second forward pass.
    whole = plan.checkpoint is None
    length = plan.checkpoint or len(drive)
    pieces, starts, sweeps = [], [], []
    for piece in torch.split(drive, length):
        starts.append(state)
        run = plan.engine.forward(
            piece, state, weights, plan.dynamics, reuse_drive=reuse_drive and whole
        )
        state = run.state
        pieces.append(run.outputs)
        if keep and whole:
            sweeps.append(run)
    _refuse_divergence(state.potential, len(drive))
    outputs = pieces[0] if len(pieces) == 1 else torch.cat(pieces)
    return outputs, state, KeptRun(None if whole else drive, starts, length, sweeps)


def go_back(
    run: KeptRun,
    weights: Float[Tensor, "k n n"],
    plan: SweepPlan,
    outputs: Float[Tensor, "t b n"],
    state: GatedState,
    *,
    with_weights: bool = True,
) -> Adjoint:
    """Return the adjoint of the whole run for the gradients of its outputs and last state."""
    clip = plan.clip_samples
    if clip is not None:
        # A first pass without the weights measures each sample; the second one is scaled.
        first = _sweep_back(run, weights, plan, outputs, state, with_weights=False)
        keep = _sample_scale(first.drive, clip)
        # The adjoint is linear in what comes in, so that scaling it scales a sample's gradient.
        outputs = torch.where(keep[:, None] > 0, outputs * keep[:, None], 0)
        state = GatedState(
            *(torch.where(s > 0, part * s, 0) for part, s in zip(
                state, (keep[:, None], keep[:, None, None], keep[:, None]), strict=True))
        )  # fmt: skip
    adjoint = _sweep_back(run, weights, plan, outputs, state, with_weights=with_weights)
    _warn_of_chaos(adjoint, run.length * len(run.starts))
    return adjoint


def _sweep_back(
    run: KeptRun,
    weights: Tensor,
    plan: SweepPlan,
    outputs: Tensor,
    state: GatedState,
    *,
    with_weights: bool,
) -> Adjoint:
    """Return the adjoint, from the last segment of the run to its first."""
    gradients, total = [], torch.zeros_like(weights)
    for index in range(len(run.starts) - 1, -1, -1):
        start, piece = run.starts[index], slice(index * run.length, (index + 1) * run.length)
        if run.drive is None:
            sweep = run.sweeps[index]
        else:
            sweep = plan.engine.forward(run.drive[piece], start, weights, plan.dynamics)
        adjoint = plan.engine.adjoint(
            sweep,
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
        source: DriveSource,
        plan: SweepPlan,
    ) -> tuple[Tensor, Tensor, Tensor]:
        state = GatedState(potential, traces, output)
        keep = any(ctx.needs_input_grad)
        # Nothing else shares the memory of the drive, which the currents may take.
        outputs, last, run = go_forward(drive, state, weights, plan, keep=keep, reuse_drive=True)
        ctx.plan, ctx.run = plan, None
        if keep:
            # Without outputs and last state, which would hold the function that holds them.
            sweeps = [sweep._replace(outputs=drive, state=state) for sweep in run.sweeps]
            ctx.run = run._replace(sweeps=sweeps)
            ctx.save_for_backward(*state, weights, *source)
        return outputs, last.potential, last.traces

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        potential, traces, output, weights, *source = ctx.saved_tensors
        # In a backward pass gradients are enabled only under `create_graph`.
        if torch.is_grad_enabled():
            start = GatedState(potential, traces, output)
            return *_differentiable(ctx, start, weights, DriveSource(*source), grads), None, None
        last = GatedState(grads[1], grads[2], torch.zeros_like(grads[1]))
        with torch.autocast(weights.device.type, enabled=False):
            adjoint = go_back(
                ctx.run, weights, ctx.plan, grads[0], last, with_weights=ctx.needs_input_grad[4]
            )
        return adjoint.drive, *adjoint.state, adjoint.weights, None, None


def _differentiable(
    ctx: Any,
    start: GatedState,
    weights: Tensor,
    source: DriveSource,
    grads: tuple[Tensor, ...],
) -> tuple[Tensor | None, ...]:
    """Return the gradients by drive, state and weights, which can be differentiated again.

    The adjoint is computed outside of any graph. So the run is repeated here in one, from the
    tensors that it started from, and autograd differentiates it.
    """
    if ctx.plan.clip_samples is not None:
        raise RuntimeError(
            "with `clip_samples` the backward pass does not return a gradient, so that it cannot "
            "be differentiated again (`create_graph=True`). Use `clip_samples=None`."
        )
    with torch.autocast(weights.device.type, enabled=False):
        drive = source.drive()
        # Views of their own: an initial state that has no graph still needs derivatives by it.
        wanted = [
            each.view_as(each) if each.requires_grad else each.detach().requires_grad_()
            for each in (drive, *start, weights)
        ]
        outputs, last = unroll(wanted[0], GatedState(*wanted[1:4]), wanted[4], ctx.plan.dynamics)
        return torch.autograd.grad(
            (outputs, last.potential, last.traces),
            wanted,
            grads,
            create_graph=True,
            materialize_grads=True,
        )


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
