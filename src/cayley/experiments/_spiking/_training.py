"""The one loop that trains a spiking network with a readout, and keeps its best moment."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from cayley.spiking import GatedRecurrent

__all__ = ["Network", "Training", "TrainingSettings", "train"]


class Network(nn.Module):
    """Spiking neurons and a linear readout of their traces."""

    def __init__(self, layer: GatedRecurrent, outputs: int, generator: torch.Generator) -> None:
        super().__init__()
        self.layer = layer
        self.readout = nn.Linear(layer.hidden_size, outputs)
        with torch.no_grad():
            # Traces are of order 1: the sum over all of them begins at a few tenths.
            size = 0.3 / math.sqrt(layer.hidden_size)
            self.readout.weight.normal_(generator=generator).mul_(size)
            self.readout.bias.zero_()

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return the readout and the traces that it reads."""
        traces, _ = self.layer(inputs)
        return self.readout(traces), traces


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings:
    """How to train.

    Attributes:
        steps: Updates of the parameters.
        rate: Adam's learning rate at the start; it falls to 1 % of that as a cosine does.
        relative: Learning rates of single parameters relative to ``rate``, by the parameter's
            name; 1 for the others.
        clip: Bound on the norm of the whole gradient.
        average: Decay of a running mean of the parameters, which then is what is validated and
            kept; with 0 the parameters themselves are. Noise of the single steps averages out.
        every: Steps between two looks at the validation set.
        enough: A score that ends training when two looks in a row reach it.
    """

    steps: int = 600
    rate: float = 1e-3
    relative: Mapping[str, float] = field(default_factory=dict)
    clip: float = 1.0
    average: float = 0.0
    every: int = 50
    enough: float = math.inf


@dataclass(slots=True, kw_only=True)
class Training:
    """What training leaves behind: the best parameters, and how it went."""

    best: dict[str, Tensor] = field(default_factory=dict)
    best_score: float = -math.inf
    best_step: int = 0
    steps: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)


def train(
    network: nn.Module,
    losses: Iterator[Tensor],
    settings: TrainingSettings,
    *,
    score: Callable[[], float],
    report: Callable[[float, str], None],
) -> Training:
    """Minimize the losses that ``losses`` yields, keep the parameters with the highest score.

    Args:
        network: Trained in place, and left with the best parameters.
        losses: One loss for each step, computed from the network as it is then.
        settings: How.
        score: Measures the network on validation data; higher is better.
        report: Called with the fraction done and a few words.
    """
    named = dict(network.named_parameters())
    rates = [settings.rate * settings.relative.get(name, 1.0) for name in named]
    optimizer = torch.optim.Adam([{"params": [parameter]} for parameter in named.values()])
    mean = {name: parameter.detach().clone() for name, parameter in named.items()}
    result, running = Training(), 0.0
    for step in range(1, settings.steps + 1):
        fall = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - 1) / settings.steps))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * fall
        optimizer.zero_grad()
        loss = next(losses)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
        if bool(torch.isfinite(norm)):
            optimizer.step()
        decay = min(settings.average, step / (step + 10))  # the start is soon forgotten
        for name, parameter in named.items():
            mean[name].lerp_(parameter.detach(), 1 - decay)
        running += float(loss.detach())
        if step % settings.every == 0 or step == settings.steps:
            with _exchanged(network, mean):
                now = score()
                best = deepcopy(network.state_dict())
            result.steps.append(float(step))
            result.losses.append(running / (1 + (step - 1) % settings.every))
            result.scores.append(now)
            running = 0.0
            if now >= result.best_score:
                result.best_score, result.best_step = now, step
                result.best = best
            report(step / settings.steps, f"loss {result.losses[-1]:.4f} score {now:.4f}")
            if min(result.scores[-2:]) >= settings.enough and len(result.scores) > 1:
                break
        else:
            report(step / settings.steps, "")
    network.load_state_dict(result.best)
    return result


@contextmanager
def _exchanged(network: nn.Module, parameters: Mapping[str, Tensor]) -> Iterator[None]:
    """Put other parameters in place for the block."""
    own = deepcopy(network.state_dict())
    network.load_state_dict(parameters, strict=False)  # buffers stay
    try:
        yield
    finally:
        network.load_state_dict(own)
