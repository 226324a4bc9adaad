"""Forward and backward of one layer over time, beside other packages in the same run."""

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from cayley._errors import MissingExtraError
from cayley._random import stream_seed
from cayley.experiments._suite import Context, Measurement
from cayley.spiking import Dynamics, GatedRecurrent, PolynomialGate

__all__ = ["METHODS", "Sizes", "run_speed", "time_in_turn"]

WIDTHS = {"gated-1": 1.0, "gated-0.5": 0.5, "gated-0.25": 0.25, "gated-0.05": 0.05}
METHODS = (*WIDTHS, "gated-torch", "gated-autograd")
PEERS = {"norse": "norse.torch", "snntorch": "snntorch"}

Work = Callable[[], None]
Sizes = tuple[int, int, int, int]
SIZES: Sizes = (1000, 64, 100, 2)
"""Steps, batch, neurons, inputs."""


def run_speed(method: str, context: Context, sizes: Sizes = SIZES, rounds: int = 7) -> Measurement:
    """Time one method against the peers, in turn; with one thread, in processor time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        inputs = _inputs(sizes, context.seed)
        works = {"gated": _gated(method, inputs, sizes)}
        for peer in PEERS:
            works[peer] = _peer(peer, inputs, sizes)
        seconds = time_in_turn(works, rounds=rounds, report=context.progress)
    finally:
        torch.set_num_threads(threads)
    own = seconds["gated"]
    metrics = {"milliseconds": 1000 * median(own)}
    for peer in PEERS:
        metrics[f"milliseconds_{peer}"] = 1000 * median(seconds[peer])
        # The ratio of each round, so that a change in the machine's load falls on both sides.
        pairs = zip(seconds[peer], own, strict=True)
        metrics[f"times_faster_than_{peer}"] = median(theirs / ours for theirs, ours in pairs)
    steps, batch, neurons, features = sizes
    return Measurement(
        metrics=metrics,
        config={"steps": steps, "batch": batch, "neurons": neurons, "inputs": features,
                "dtype": "float32", "threads": 1, "rounds": rounds, "torch": torch.__version__},
        curves={name: [1000 * value for value in values] for name, values in seconds.items()},
    )  # fmt: skip


def time_in_turn(
    works: Mapping[str, Work], *, rounds: int, report: Callable[[float, str], None]
) -> dict[str, list[float]]:
    """Return seconds of processor time of every round, after one to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            start = time.process_time()
            work()
            if turn:
                seconds[name].append(time.process_time() - start)
        report((turn + 1) / (rounds + 1), f"round {turn}")
    return seconds


def _inputs(sizes: Sizes, seed: int) -> Tensor:
    steps, batch, _, features = sizes
    generator = torch.Generator().manual_seed(stream_seed(seed, "inputs"))
    return 0.5 * torch.randn(steps, batch, features, generator=generator)


def _gated(method: str, inputs: Tensor, sizes: Sizes) -> Work:
    _, _, neurons, features = sizes
    layer = GatedRecurrent(
        features,
        neurons,
        dynamics=Dynamics(gate=PolynomialGate(WIDTHS.get(method, 0.5))),
        gradient="autograd" if method == "gated-autograd" else "adjoint",
        backend="auto" if method in WIDTHS else "torch",
        generator=torch.Generator().manual_seed(0),
    )

    def work() -> None:
        _finish(layer, layer(inputs)[0])

    return work


def _peer(name: str, inputs: Tensor, sizes: Sizes) -> Work:
    _, _, neurons, features = sizes
    try:
        module: Any = import_module(PEERS[name])
    except ImportError:
        raise MissingExtraError(name, "bench") from None
    if name == "norse":
        layer = module.LIFRecurrent(features, neurons)

        def work() -> None:
            _finish(layer, layer(inputs)[0])

        return work
    weights = nn.Linear(features, neurons)
    neuron = module.RLeaky(beta=0.9, linear_features=neurons)
    together = nn.ModuleList([weights, neuron])

    def run() -> None:
        spikes, potential = neuron.reset_mem()
        outputs = []
        # By unbind, not by index: indexing would make its backward pass quadratic in time.
        for current in weights(inputs).unbind(0):
            spikes, potential = neuron(current, spikes, potential)
            outputs.append(spikes)
        _finish(together, torch.stack(outputs))

    return run


def _finish(module: nn.Module, outputs: Tensor) -> None:
    module.zero_grad(set_to_none=True)
    outputs.sum().backward()  # type: ignore[no-untyped-call]
