r"""The adjoint of neurons with constants of their own, in plain torch, by hand.

The recursion is that of ``_adjoint_torch``, with a gradient for each constant.
Write :math:`\bar x` for the gradient by x. With :math:`\mu = \bar u`, one step back in time reads

.. math::

    \bar q = \bar o + \bar A + \text{what arrives later}, \quad
    \mu = \bar v' + g(v')\,\bar q, \quad
    \bar J = \mu\,\partial u/\partial J, \quad \bar k = \mu\,\partial u/\partial k, \quad
    \bar v = \mu\,\partial u/\partial v - g(v)\,\bar q,

    \bar\Delta = (G_\Delta(v') - G_\Delta(v))\,\bar q, \quad
    \bar a_k = \bar h_k' h_k, \quad \bar h_k = a_k \bar h_k' + \bar J/\theta, \quad
    \bar{\tilde q}_k = W_k^\top \bar h_k'

and a delay d between m and m + 1 steps has the gradient
:math:`\bar{\tilde q}_k\,(q(t-m-1) - q(t-m))`. Memory is linear in time: potentials, currents and
turns of every step, and the traces that a trained constant needs.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function

from cayley._shapes import Float, Int8
from cayley.spiking.equations._dynamics import Dynamics
from cayley.spiking.equations._neuron_parameters import Constants
from cayley.spiking.equations._population_step import (
    PopulationState,
    delayed_charge,
    gate_density,
    population_step,
    unroll_population,
)

__all__ = ["run_population"]


class _Run(NamedTuple):
    """What the adjoint needs of a run."""

    potentials: Float[Tensor, "s b n"]
    currents: Float[Tensor, "t b n"]
    turns: Int8[Tensor, "t b n"]
    outputs: Float[Tensor, "s b n"]
    charges: Float[Tensor, "d b n"]
    """Of the history, oldest first, then of every step."""
    synaptic: Float[Tensor, "t b k n"]
    adaptation: Float[Tensor, "t b n"]
    rest: Float[Tensor, "t b n"]


def _forward(  # noqa: PLR0917
    drive: Tensor,
    state: PopulationState,
    weights: Tensor,
    dynamics: Dynamics,
    constants: Constants,
    wanted: frozenset[str],
) -> tuple[_Run, PopulationState]:
    """Return a run of all steps, computed without a graph."""
    steps, history = len(drive), state.history.shape[1]
    traces = steps if "decays" in wanted else 0
    # Where a constant is absent nothing is kept: the shape has no steps.
    adapts = steps if constants.adaptation is not None else 0
    rests = steps if constants.refractory is not None else 0
    run = _Run(
        potentials=drive.new_empty(steps + 1, *drive.shape[1:]),
        currents=torch.empty_like(drive),
        turns=torch.empty_like(drive, dtype=torch.int8),
        outputs=drive.new_empty(steps + 1, *drive.shape[1:]),
        charges=drive.new_empty(history + steps, *drive.shape[1:]),
        synaptic=drive.new_empty(traces, *state.currents.shape),
        adaptation=drive.new_empty(adapts, *drive.shape[1:]),
        rest=drive.new_empty(rests, *drive.shape[1:]),
    )
    run.potentials[0], run.outputs[0] = state.potential, state.output
    run.charges[:history] = state.history.transpose(0, 1).flip(0)
    for t, now in enumerate(drive.unbind(0)):
        if traces:
            run.synaptic[t] = state.currents
        if adapts:
            run.adaptation[t] = state.adaptation
        if rests:
            run.rest[t] = state.rest
        step = population_step(now, state, weights, dynamics, constants)
        state = step.state
        run.potentials[t + 1], run.outputs[t + 1] = state.potential, state.output
        run.currents[t], run.turns[t] = step.current, step.turns.clamp(-128, 127)
        run.charges[history + t] = step.charge
    return run, state


def _backward(  # noqa: PLR0912, PLR0915, PLR0917 - the recursion in one piece, as above
    run: _Run,
    last: PopulationState,
    outputs: Float[Tensor, "t b n"],
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    constants: Constants,
    wanted: frozenset[str],
) -> tuple[Tensor, PopulationState, Tensor, dict[str, Tensor]]:
    """Return gradients by drive, first state, weights and constants."""
    c, gate = constants, dynamics.gate
    sums = {name: torch.zeros_like(getattr(c, name)) for name in wanted}
    by_weights, by_drive = torch.zeros_like(weights), torch.empty_like(run.currents)
    by_charges = torch.zeros_like(run.charges)
    history = len(run.charges) - len(run.currents)
    # The history after the run is the newest charges, the last one first.
    if history:
        by_charges[len(by_charges) - history :] += last.history.transpose(0, 1).flip(0)
    p, h, echo, adaptation, rest = (
        last.potential, last.currents, last.output, last.adaptation, last.rest,
    )  # fmt: skip
    whole = part = None
    if c.delays is not None:
        whole, part = c.delays.floor().long(), c.delays - c.delays.floor()
    density, by_width = gate_density(gate, run.potentials[-1], c.width)
    for t in range(len(outputs) - 1, -1, -1):
        v, current = run.potentials[t], run.currents[t]
        echo = echo + outputs[t]
        if "output_decay" in sums:
            sums["output_decay"] += (echo * run.outputs[t]).sum(0)
        q = echo
        if len(weights):
            if "decays" in sums:
                sums["decays"] += (h * run.synaptic[t]).sum(0)
            joined = h.flatten(1)
            if c.delays is None or whole is None or part is None:
                by_weights += (joined.T @ run.charges[history + t]).view(weights.shape)
                q = q + joined @ weights.flatten(0, 1)
            else:
                arriving = delayed_charge(run.charges[t : history + t + 1].flip(0), c.delays)
                by_weights += torch.einsum("bki,bkj->kij", h, arriving)
                back = torch.einsum("bki,kij->bkj", h, weights)
                q = q + _spread(by_charges, history + t, back, whole, part)
                if "delays" in sums:
                    sums["delays"] += _by_delay(run.charges, history + t, back, whole)
        if c.adaptation is not None:
            if "adaptation_decay" in sums:
                sums["adaptation_decay"] += (adaptation * run.adaptation[t]).sum(0)
            q = q + adaptation
        old_density, old_by_width = gate_density(gate, v, c.width)
        if "width" in sums:
            sums["width"] += (q * (by_width - old_by_width)).sum(0)
        mu = p + density * q
        scaled = c.gain * current
        p, by_current, rest = _step_back(mu, rest, run, t, scaled, dynamics, c, sums)
        p = p - old_density * q
        if "gain" in sums:
            sums["gain"] += (by_current * current).sum(0)
        by_drive[t] = c.gain * by_current
        if len(weights):
            h = c.decays * h + by_drive[t][:, None]
        if c.adaptation is not None and c.adaptation_decay is not None:
            adaptation = c.adaptation_decay * adaptation - c.adaptation * by_drive[t]
            if "adaptation" in sums:
                sums["adaptation"] += -(by_drive[t] * run.adaptation[t]).sum(0)
        echo = c.output_decay * echo
        density, by_width = old_density, old_by_width
    first = PopulationState(
        p, h, echo, adaptation, rest, by_charges[:history].flip(0).transpose(0, 1)
    )
    return by_drive, first, by_weights, sums


def _step_back(  # noqa: PLR0917
    mu: Tensor,
    rest: Tensor,
    run: _Run,
    t: int,
    scaled: Tensor,
    dynamics: Dynamics,
    c: Constants,
    sums: dict[str, Tensor],
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients by potential, scaled current and rest through the membrane."""
    v, membrane = run.potentials[t], dynamics.membrane
    if c.refractory is None:
        by_v, by_current, by_rate = membrane.sensitivities_by(v, scaled, c.rate)
        if "rate" in sums:
            sums["rate"] += (mu * by_rate).sum(0)
        return mu * by_v, mu * by_current, rest
    before = run.rest[t]
    active = 1 - before.clamp(max=1)
    by_v, by_current, by_rate = membrane.sensitivities_by(v, scaled, c.rate * active)
    crosses = (run.turns[t] > 0) & (c.refractory > 0)
    # Without a crossing: the potential moves for the active part, and a rest runs out.
    mu = torch.where(crosses, 0.0, mu)
    p, current = mu * by_v, mu * by_current
    by_rate = mu * by_rate
    by_active = c.rate * by_rate
    by_rate = active * by_rate
    before_rest = torch.where(crosses, 0.0, rest * (before > 1))
    # With one: the new rest is R - s, and s = active - (1 - v) / (rate f).
    s = torch.where(crosses, -rest, 0.0)
    f = torch.where(crosses, membrane.velocity(v, scaled), 1.0)
    f_v, f_current = membrane.velocity_derivatives(v, scaled)
    to_go = s * (1 - v) / (c.rate * f)
    p = p + s / (c.rate * f) + to_go * f_v / f
    current = current + to_go * f_current / f
    if "rate" in sums:
        sums["rate"] += (by_rate + to_go / c.rate).sum(0)
    if "refractory" in sums:
        sums["refractory"] += torch.where(crosses, rest, 0.0).sum(0)
    by_active = by_active + s
    return p, current, before_rest - by_active * (before < 1)


def _spread(
    by_charges: Tensor, now: int, back: Tensor, whole: Tensor, part: Tensor
) -> Float[Tensor, "b n"]:
    """Add gradients of what arrived now to the charges that it came from; return this step's."""
    neuron = torch.arange(back.shape[2], device=back.device)
    for k in range(back.shape[1]):
        rows = by_charges.transpose(1, 2)  # (time, neuron, batch): one row for each neuron
        rows[now - whole[k], neuron] += ((1 - part[k]) * back[:, k]).T
        rows[now - whole[k] - 1, neuron] += (part[k] * back[:, k]).T
    return by_charges[now]


def _by_delay(charges: Tensor, now: int, back: Tensor, whole: Tensor) -> Float[Tensor, "k n"]:
    """Return the gradient by the delays: the charge that moves from one step to the next."""
    neuron = torch.arange(back.shape[2], device=back.device)
    rows = charges.transpose(1, 2)
    found = []
    for k in range(back.shape[1]):
        moves = rows[now - whole[k] - 1, neuron] - rows[now - whole[k], neuron]
        found.append((back[:, k].T * moves).sum(1))
    return torch.stack(found)


class _PopulationRun(Function):
    """A run over time whose backward pass is the adjoint above."""

    @staticmethod
    def forward(ctx: Any, dynamics: Dynamics, drive: Tensor, weights: Tensor, *rest: Any) -> Any:
        parts = len(PopulationState._fields)
        state, constants = PopulationState(*rest[:parts]), Constants(*rest[parts:])
        needed = ctx.needs_input_grad[3 + parts :]
        wanted = frozenset(n for n, need in zip(Constants._fields, needed, strict=True) if need)
        run, last = _forward(drive, state, weights, dynamics, constants, wanted)
        if not bool(torch.isfinite(last.potential).all()):
            raise FloatingPointError(
                f"the potentials overflowed within {len(drive)} steps: recurrent excitation grows "
                "without bound, or an input is not finite. Use a smaller `dt` or smaller recurrent "
                "weights."
            )
        ctx.dynamics, ctx.wanted = dynamics, wanted
        ctx.save_for_backward(drive, weights, *rest)
        ctx.run = run
        # A step without a change hands parts of the state on; results must not be inputs.
        return run.outputs[1:].clone(), *(part.clone() for part in last)

    @staticmethod
    def backward(ctx: Any, outputs: Tensor, *last: Tensor) -> Any:
        drive, weights, *rest = ctx.saved_tensors
        parts = len(PopulationState._fields)
        if torch.is_grad_enabled():  # in a backward pass, only under `create_graph`
            return None, *_differentiable(ctx.dynamics, drive, weights, rest, (outputs, *last))
        constants = Constants(*rest[parts:])
        by_drive, state, by_weights, by = _backward(
            ctx.run, PopulationState(*last), outputs, weights, ctx.dynamics, constants, ctx.wanted
        )
        return None, by_drive, by_weights, *state, *(by.get(name) for name in Constants._fields)


def _differentiable(
    dynamics: Dynamics, drive: Tensor, weights: Tensor, rest: list[Any], grads: tuple[Tensor, ...]
) -> tuple[Tensor | None, ...]:
    """Return gradients that can be differentiated again: the run is repeated in a graph."""
    parts = len(PopulationState._fields)
    inputs = [drive, weights, *rest]
    leaves: list[Any] = [
        each if each is None
        else each.view_as(each) if each.requires_grad
        else each.detach().requires_grad_()
        for each in inputs
    ]  # fmt: skip
    state, constants = PopulationState(*leaves[2 : 2 + parts]), Constants(*leaves[2 + parts :])
    outputs, last = unroll_population(leaves[0], state, leaves[1], dynamics, constants)
    wanted = [each for each in leaves if each is not None]
    found = iter(
        torch.autograd.grad(
            (outputs, *last), wanted, grads, create_graph=True, materialize_grads=True
        )
    )
    return tuple(None if each is None else next(found) for each in leaves)


@torch.compiler.disable  # type: ignore[untyped-decorator] # its loop would be traced step by step
def run_population(
    drive: Float[Tensor, "t b n"],
    state: PopulationState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    constants: Constants,
) -> tuple[Float[Tensor, "t b n"], PopulationState]:
    """Return outputs and last state of a run whose backward pass is the adjoint."""
    outputs, *last = _PopulationRun.apply(dynamics, drive, weights, *state, *constants)  # type: ignore[no-untyped-call]
    return outputs, PopulationState(*last)
