"""What a preconditioned layer costs beside the plain one: forward and backward, timed in turn."""

import random
import time
from collections.abc import Callable, Mapping
from statistics import median

import torch
from torch import Tensor, nn

from cayley._random import stream_seed
from cayley.experiments._suite import Context, Measurement
from cayley.optim import ISAACLinear

__all__ = ["BATCHES", "LAYERS", "WIDTHS", "run_overhead", "time_layers"]

# Those at which the records compare with the published package.
WIDTHS = (512, 1600, 4096)
BATCHES = (16, 60, 128)
# The widest layers take 64 times as long as the narrowest: no width shall take most of the time.
_ROUNDS = {512: 200, 1600: 40, 4096: 9}

Layer = Callable[[int], nn.Module]

LAYERS: dict[str, Layer] = {
    "isaac": lambda width: ISAACLinear(width, width, damping=0.1),
    "isaac-relative": lambda width: ISAACLinear(width, width, damping=0.1, relative=True),
    "isaac-bias": lambda width: ISAACLinear(width, width, damping=0.1, precondition_bias=True),
    "isaac-float64": lambda width: ISAACLinear(
        width, width, damping=0.1, solve_dtype=torch.float64
    ),
}


def time_layers(
    layers: Mapping[str, Layer], *, width: int, batch: int, rounds: int, seed: int
) -> dict[str, float]:
    """Return the median seconds of forward and backward of each layer, on normal inputs.

    Every round runs all layers in a new random order, so that a change in the machine's load
    falls on all of them.
    """
    generator = torch.Generator().manual_seed(stream_seed(seed, "inputs"))
    inputs = torch.randn(batch, width, generator=generator).requires_grad_()
    gradients = torch.randn(batch, width, generator=generator)
    built = {name: layer(width) for name, layer in layers.items()}
    seconds: dict[str, list[float]] = {name: [] for name in built}
    order, shuffler = list(built), random.Random(seed)
    for turn in range(rounds + 1):
        shuffler.shuffle(order)
        for name in order:
            elapsed = _time_once(built[name], inputs, gradients)
            if turn:  # the first round warms up
                seconds[name].append(elapsed)
    return {name: median(values) for name, values in seconds.items()}


def _time_once(layer: nn.Module, inputs: Tensor, gradients: Tensor) -> float:
    layer.zero_grad(set_to_none=True)
    inputs.grad = None
    # With one thread, processor time: where others share the machine, a call as long as a time
    # slice would mostly be interrupted, a shorter one mostly not.
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    start = clock()
    layer(inputs).backward(gradients)
    return clock() - start


def run_overhead(method: str, context: Context) -> Measurement:
    """Time one kind of ISAAC layer against ``torch.nn.Linear`` at every width and batch."""
    metrics: dict[str, float] = {}
    sizes = [(width, batch) for width in WIDTHS for batch in BATCHES]
    for done, (width, batch) in enumerate(sizes):
        context.progress(done / len(sizes), f"{width} x {batch}")
        seconds = time_layers(
            {"linear": lambda width: nn.Linear(width, width), method: LAYERS[method]},
            width=width,
            batch=batch,
            rounds=_ROUNDS[width],
            seed=context.seed,
        )
        metrics[f"overhead_{width}x{batch}"] = seconds[method] / seconds["linear"] - 1
    return Measurement(
        metrics={"overhead": median(metrics.values()), **metrics},
        config={"damping": 0.1, "dtype": "float32", "threads": torch.get_num_threads()},
    )
