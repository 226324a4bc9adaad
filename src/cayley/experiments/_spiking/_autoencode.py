"""Predictive auto-encoding: trained neurons beside the greedy network and its analytic weights."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from cayley._random import stream_seed
from cayley.experiments._spiking._raster import one_trial
from cayley.experiments._spiking._training import Network, TrainingSettings, train
from cayley.experiments._suite import Context, Measurement
from cayley.spiking import NIF, Dynamics, GatedRecurrent, PolynomialGate, PredictiveAutoencoding
from cayley.spiking.tasks._delayed_response import Trials
from cayley.spiking.tasks._predictive_coding import (
    circle_decoder,
    greedy_network,
    predictive_weights,
)

__all__ = ["METHODS", "AutoencoderRecipe", "run_autoencode"]

METHODS = ("trained", "trained-even", "greedy", "analytic")
FAST = 1  # place of the fast synapse
RELATIVE = {"layer.input_weight": 30.0, "layer.recurrent_weight": 30.0, "layer.bias": 3.0}
"""Currents are of the order of ten, readouts of a tenth: so are their learning rates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoencoderRecipe:
    """Thirty neurons without leak, a slow and a fast synapse, fast weights from 0.

    ``column`` is the size of a neuron's part in the greedy and in the analytic readout,
    ``start_column`` that at the start of training. The analytic fast weights are scaled by
    ``analytic_gain``: inhibition takes a millisecond to arrive, and at full strength several
    neurons answer one error at once and the network diverges. ``wanted_rate`` in hertz is what the
    rate of every neuron is drawn to, by the square of its distance in units of 50 Hz times
    ``rate_weight``; near that of the greedy network it makes the code even (``EVEN``).
    """

    neurons: int = 30
    dynamics: Dynamics = field(
        default_factory=lambda: Dynamics(
            membrane=NIF(10.0),
            gate=PolynomialGate(0.5),
            time_constants=(10.0, 1.0),
            output_time_constant=10.0,
            dt=0.2,  # a fifth of the fast synapse's time constant
        )
    )
    batch: int = 24
    column: float = 0.15  # the greedy network's error is near its square over 12: 0.0019
    start_column: float = 0.12
    analytic_gain: float = 0.7
    rate_weight: float = 5e-3
    wanted_rate: float = 0.0
    settings: TrainingSettings = field(
        default_factory=lambda: TrainingSettings(steps=500, rate=2e-3, relative=RELATIVE)
    )


EVEN = AutoencoderRecipe(rate_weight=0.05, wanted_rate=20.0)
"""A recipe with homeostasis: silent neurons are woken, and fast ones slowed down."""


def run_autoencode(
    method: str, context: Context, recipe: AutoencoderRecipe | None = None
) -> Measurement:
    """Measure one method on 50 fresh signals of 300 ms."""
    recipe = recipe or (EVEN if method == "trained-even" else AutoencoderRecipe())
    test = PredictiveAutoencoding().trials(50, seed=stream_seed(context.seed, "test"))
    config = {"neurons": recipe.neurons, "width": recipe.dynamics.gate.width,
              "dt_ms": recipe.dynamics.dt}  # fmt: skip
    if method == "greedy":
        run = greedy_network(test.inputs, circle_decoder(recipe.neurons, size=recipe.column))
        return Measurement(
            metrics={
                "nmse": nmse(test, run.outputs),
                **_regularity(run.spikes, recipe.dynamics.dt),
            },
            config=config,
        )
    network = build(recipe, context.seed, analytic=method == "analytic")
    curves: dict[str, list[float]] = {}
    if method.startswith("trained"):
        validation = PredictiveAutoencoding().trials(
            30, seed=stream_seed(context.seed, "validation")
        )

        @torch.no_grad()
        def score() -> float:
            return -nmse(validation, network(validation.inputs)[0])

        losses = _losses(network, recipe, context.seed)
        training = train(network, losses, recipe.settings, score=score, report=context.progress)
        curves = {"step": training.steps, "nmse": [-value for value in training.scores]}
    recording = network.layer.record(test.inputs)
    with torch.no_grad():
        readout = network.readout(recording.outputs)
    learned, predicted = fast_weights(network)
    correlation = float(np.corrcoef(learned, predicted)[0, 1])
    return Measurement(
        metrics={
            "nmse": nmse(test, readout),
            **_regularity(recording.spikes, recipe.dynamics.dt),
            "fast_correlation": correlation,
        },
        config={**config, "steps": recipe.settings.steps if curves else 0},
        curves=curves,
        arrays={
            **one_trial(recording, readout, test, recipe.dynamics.dt),
            "learned_fast": learned,
            "predicted_fast": predicted,
        },
    )


def _regularity(spikes: Tensor, dt: float) -> dict[str, float]:
    """Return how often neurons fire, how evenly, and how irregularly.

    ``rate_spread`` is the standard deviation of the neurons' rates over their mean: 0 where all
    fire alike. ``interval_cv`` is the standard deviation of the intervals between the spikes of a
    neuron in a trial over their mean, the median over neurons with at least five spikes: 0 for a
    clock, 1 for a Poisson process.
    """
    counts = spikes.clamp(min=0)
    rates = counts.mean((0, 1)) * 1000 / dt
    ratios = []
    for trial in range(counts.shape[1]):
        for neuron in torch.nonzero(counts[:, trial].sum(0) >= 5)[:, 0]:
            gaps = torch.nonzero(counts[:, trial, neuron])[:, 0].diff().double()
            if len(gaps) > 1:
                ratios.append(float(gaps.std(correction=0) / gaps.mean()))
    found = {
        "rate_hz": float(rates.mean()),
        "rate_spread": float(rates.std(correction=0) / rates.mean()),
    }
    return {**found, "interval_cv": float(np.median(ratios))} if ratios else found


def nmse(trials: Trials, readout: Tensor) -> float:
    """Return the squared error within the window, over the squared signal."""
    return float(_nmse(trials, readout))


def _nmse(trials: Trials, readout: Tensor) -> Tensor:
    window = trials.window[..., None]
    error = (window * (readout - trials.targets) ** 2).sum()
    return error / (window * trials.targets**2).sum()


def build(recipe: AutoencoderRecipe, seed: int, *, analytic: bool) -> Network:
    """Return the network: analytic, or with a random decoder and no recurrence yet."""
    generator = torch.Generator().manual_seed(stream_seed(seed, "weights"))
    layer = GatedRecurrent(
        2,
        recipe.neurons,
        dynamics=recipe.dynamics,
        bias=0.0,
        clip_samples=2.0,
        generator=generator,
    )
    directions = torch.randn(2, recipe.neurons, generator=generator)
    decoder = recipe.start_column * directions / directions.norm(dim=0)
    if analytic:
        decoder = circle_decoder(recipe.neurons, size=recipe.column)
    weights = predictive_weights(decoder, recipe.dynamics)
    network = Network(layer, 2, generator)
    with torch.no_grad():
        layer.input_weight.copy_(weights.input_weight)
        layer.recurrent_weight.zero_()
        if analytic:
            layer.recurrent_weight[FAST] = recipe.analytic_gain * weights.fast
        network.readout.weight.copy_(decoder)
    return network


def _losses(network: Network, recipe: AutoencoderRecipe, seed: int) -> Iterator[Tensor]:
    task, step = PredictiveAutoencoding(duration=200.0), 0
    while True:
        trials = task.trials(recipe.batch, seed=stream_seed(seed, "train", step))
        readout, traces = network(trials.inputs)
        rates = traces.mean((0, 1)) * 1000 / recipe.dynamics.output_time_constant
        distance = ((rates - recipe.wanted_rate) / 50) ** 2
        yield _nmse(trials, readout) + recipe.rate_weight * distance.mean()
        step += 1


def fast_weights(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return the fast weights between different neurons: learned, and predicted by the readout."""
    layer = network.layer
    decoder = network.readout.weight.detach()
    predicted = predictive_weights(decoder, layer.dynamics).fast
    between = ~torch.eye(layer.hidden_size, dtype=torch.bool)
    return layer.recurrent_weight[FAST].detach()[between].numpy(), predicted[between].numpy()
