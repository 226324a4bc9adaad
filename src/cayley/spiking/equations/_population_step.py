r"""One step of neurons with constants of their own, and its unrolling for autograd.

.. math::

    J = \tfrac1\theta\Bigl(\sum_k h_k + \mathrm{drive} - \beta A\Bigr), \quad
    u = \mathrm{advance}(v, J), \quad v' = u - \lfloor u \rfloor, \quad
    q = \lfloor u \rfloor + G(v') - G(v),

    h_k' = a_k h_k + W_k \tilde q_k, \quad A' = a_A A + q, \quad o' = a_o o + q, \quad
    \tilde q_k(t) = (1 - f)\,q(t - m) + f\,q(t - m - 1), \quad m + f = d_k / dt .

A neuron that rests for another ``c`` steps moves in the part ``1 - min(c, 1)`` of the step. Where
it crosses the threshold with the part ``s`` of the step left, it is reset and rests for ``R - s``
more.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking.equations._dynamics import Dynamics
from cayley.spiking.equations._gates import Gate
from cayley.spiking.equations._neuron_parameters import Constants

__all__ = [
    "PopulationState",
    "PopulationStep",
    "delayed_charge",
    "gate_charge",
    "gate_density",
    "population_step",
    "unroll_population",
]


class PopulationState(NamedTuple):
    """Everything that a layer with constants of its own carries from one step to the next.

    Attributes:
        potential: In units of the threshold, ``(batch, neurons)``.
        currents: Of the synapses, in the neurons that receive them, ``(batch, synapses, neurons)``.
        output: The trace that is put out, ``(batch, neurons)``.
        adaptation: The adaptation trace, ``(batch, neurons)``.
        rest: Steps of rest that are left, ``(batch, neurons)``.
        history: Charges of earlier steps, the last one first, ``(batch, steps, neurons)``.
    """

    potential: Float[Tensor, "b n"]
    currents: Float[Tensor, "b k n"]
    output: Float[Tensor, "b n"]
    adaptation: Float[Tensor, "b n"]
    rest: Float[Tensor, "b n"]
    history: Float[Tensor, "b d n"]

    def detach(self) -> "PopulationState":
        """Return the state detached from the graph, for truncated backpropagation."""
        return PopulationState(*(part.detach() for part in self))


class PopulationStep(NamedTuple):
    """The next state, and the quantities of the step that lead to it."""

    state: PopulationState
    current: Float[Tensor, "b n"]
    reached: Float[Tensor, "b n"]
    turns: Float[Tensor, "b n"]
    charge: Float[Tensor, "b n"]


def gate_charge(gate: Gate, v: Float[Tensor, "*b n"], width: Tensor) -> Float[Tensor, "*b n"]:
    """Return ``G`` for a width of each neuron."""
    return gate._charge(((v - 1) / width + 1).clamp(0, 1))


def gate_density(
    gate: Gate, v: Float[Tensor, "*b n"], width: Tensor
) -> tuple[Float[Tensor, "*b n"], Float[Tensor, "*b n"]]:
    """Return the derivatives of ``G`` by the potential and by the width."""
    y = ((v - 1) / width + 1).clamp(0, 1)
    density = gate._density(y) / width
    return density, density * (1 - y)


def delayed_charge(
    charges: Float[Tensor, "s b n"], delays: Float[Tensor, "k n"]
) -> Float[Tensor, "b k n"]:
    """Return the charges that arrive, from those of this step (first) and the steps before."""
    whole = delays.detach().floor().long()
    part = (delays - whole)[:, None]
    batch = torch.arange(charges.shape[1], device=charges.device)[:, None]
    neuron = torch.arange(charges.shape[2], device=charges.device)
    near = charges[whole[:, None], batch, neuron]
    far = charges[whole[:, None] + 1, batch, neuron]
    return ((1 - part) * near + part * far).transpose(0, 1)


def population_step(
    drive: Float[Tensor, "b n"],
    state: PopulationState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    constants: Constants,
    *,
    record: bool = False,
) -> PopulationStep:
    """Take one step; ``weights[k, i, j]`` goes from neuron j to i.

    Where the line leads without a reset (``reached``) is computed on request, for a recording.
    """
    membrane, gate, width = dynamics.membrane, dynamics.gate, constants.width
    v, current = state.potential, drive
    if len(weights):
        current = current + state.currents.sum(1)
    if constants.adaptation is not None:
        current = current - constants.adaptation * state.adaptation
    scaled = constants.gain * current
    rate, rest = constants.rate.expand_as(v), state.rest
    if constants.refractory is not None:
        rate = rate * (1 - rest.clamp(max=1))
    advanced = membrane.advance_by(v, scaled, rate)
    reached = membrane.reach_by(v, scaled, rate) if record else advanced
    turns = membrane.turns(advanced)
    potential = advanced - turns
    if constants.refractory is not None:
        crosses = (turns > 0) & (constants.refractory > 0)
        # The part of the step after the crossing, at the velocity of Euler's line.
        velocity = torch.where(crosses, membrane.velocity(v, scaled), 1.0)
        left = (1 - rest.clamp(max=1)) - (1 - v) / (constants.rate * velocity)
        rest = torch.where(crosses, constants.refractory - left, (rest - 1).clamp(min=0))
        potential = torch.where(crosses, torch.zeros_like(v), potential)
        turns = torch.where(crosses, torch.ones_like(turns), turns)
        if record:
            # The crossing is found where it is although the line did not begin with the step.
            line = v + (1 - v) / torch.where(crosses, 1 - left, 1.0)
            reached = torch.where(crosses, line, reached)
    charge = turns + gate_charge(gate, potential, width) - gate_charge(gate, v, width)
    currents, history = state.currents, state.history
    if len(weights) and constants.delays is None:
        # One product over all synapses at once.
        arrived = (charge @ weights.flatten(0, 1).T).view(currents.shape)
        currents = constants.decays * currents + arrived
    elif len(weights) and constants.delays is not None:
        joined = torch.cat([charge[:, None], history], 1)
        arriving = delayed_charge(joined.transpose(0, 1), constants.delays)
        history = joined[:, :-1]
        currents = constants.decays * currents + torch.einsum("bkj,kij->bki", arriving, weights)
    adaptation = state.adaptation
    if constants.adaptation_decay is not None:
        adaptation = constants.adaptation_decay * adaptation + charge
    output = constants.output_decay * state.output + charge
    after = PopulationState(potential, currents, output, adaptation, rest, history)
    return PopulationStep(after, current, reached, turns, charge)


def unroll_population(
    drive: Float[Tensor, "t b n"],
    state: PopulationState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    constants: Constants,
) -> tuple[Float[Tensor, "t b n"], PopulationState]:
    """Return outputs and last state of a run whose gradient autograd computes."""
    outputs = []
    for now in drive.unbind(0):
        state = population_step(now, state, weights, dynamics, constants).state
        outputs.append(state.output)
    return torch.stack(outputs), state
