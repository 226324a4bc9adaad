"""Sparse and convolutional input weights beside dense ones of as many synapses.

    python benchmarks/input_weights.py --out input_weights.json   # some minutes on one core

Forward and backward of a layer (batch 64, 100 steps, float32, one thread, loss the sum of all
outputs), processor time, all kinds in turn, the median of the rounds. Inputs are spike trains, 3 %
of them 1, or numbers none of which is 0. `1,000 pruned` has a tenth of the weights of 1,000
channels to 100 neurons, pruned by `torch.nn.utils.prune`; `100 dense` as many synapses, of 100
channels; `module` computes the pruned weights as a module in `inputs=`, by a dense product with
zeros. A convolution of one channel of 16 x 16 to eight of 12 x 12 by 5 x 5 has as many synapses and
neurons as `25 dense`.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn.utils import prune

from cayley.spiking import LIF, Dynamics, GatedRecurrent

STEPS, BATCH, NEURONS = 100, 64, 100


def drawn(*shape: int, spikes: bool) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    if spikes:
        return (torch.rand(STEPS, BATCH, *shape, generator=generator) < 0.03).float()
    return torch.randn(STEPS, BATCH, *shape, generator=generator)


def layer(channels: int, neurons: int, *, recurrent: bool, inputs: nn.Module | None = None):
    return GatedRecurrent(
        channels, neurons, dynamics=Dynamics(membrane=LIF(20.0)), recurrent=recurrent, bias=0.9,
        inputs=inputs, generator=torch.Generator().manual_seed(0),
    )  # fmt: skip


def mask(channels: int) -> Tensor:
    return torch.rand(NEURONS, channels, generator=torch.Generator().manual_seed(1)) < 0.1


def runs(spikes: bool) -> dict[str, tuple[nn.Module, Tensor]]:
    many, few = drawn(1000, spikes=spikes), drawn(100, spikes=spikes)
    pixels, parts = drawn(1, 16, 16, spikes=spikes), drawn(25, spikes=spikes)
    found: dict[str, tuple[nn.Module, Tensor]] = {}
    for recurrent in (True, False):
        name = "recurrent" if recurrent else "feed-forward"
        pruned = layer(1000, NEURONS, recurrent=recurrent)
        prune.custom_from_mask(pruned, "input_weight", mask(1000))
        linear = nn.Linear(1000, NEURONS, bias=False)
        prune.custom_from_mask(linear, "weight", mask(1000))
        found[f"{name}, 100 dense"] = layer(100, NEURONS, recurrent=recurrent), few
        found[f"{name}, 1000 pruned"] = pruned, many
        found[f"{name}, 1000 module"] = (
            layer(1000, NEURONS, recurrent=recurrent, inputs=linear), many,
        )  # fmt: skip
    found["convolution"] = (
        layer(256, 1152, recurrent=False, inputs=nn.Conv2d(1, 8, 5, bias=False)), pixels,
    )  # fmt: skip
    found["convolution, 25 dense"] = layer(25, 1152, recurrent=False), parts
    return found


def timed(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    document: dict[str, dict[str, float]] = {}
    for kind in ("spikes", "numbers"):
        times: dict[str, list[float]] = {}
        works = runs(kind == "spikes")
        for turn in range(arguments.rounds + 1):
            for name, (module, inputs) in works.items():

                def work(module: nn.Module = module, inputs: Tensor = inputs) -> None:
                    module.zero_grad(set_to_none=True)
                    module(inputs)[0].sum().backward()

                value = timed(work)
                if turn:  # the first compiles
                    times.setdefault(name, []).append(value)
        document[kind] = {name: round(median(values), 2) for name, values in times.items()}
    text = json.dumps({"torch": torch.__version__, "milliseconds": document}, indent=1)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
