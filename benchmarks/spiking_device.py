"""A layer of gated spiking neurons on a GPU: right gradients, and its time beside peers there.

    python benchmarks/spiking_device.py --out spiking_device.json   # a minute on a GPU
    python benchmarks/spiking_device.py --device cpu --steps 50 --rounds 1   # tried without one

The layer runs there in plain torch (`backend="auto"`), and with `backend="triton"` where triton is
installed. Its gradients are compared with those in float64 on the processor, over a calm run. Then
forward and backward of 1,000 steps are timed in turn with norse and snntorch, where they are
installed, and with the layer captured as a CUDA graph, which launches all steps at once. Without a
GPU, TRITON_INTERPRET=1 runs the Triton kernels in an interpreter, some steps a second.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from cayley.spiking import Dynamics, GatedRecurrent, PolynomialGate
from cayley.spiking.adjoint._adjoint import Backend

NEURONS, FEATURES = 100, 2
# Over longer runs chaos parts float32 from float64, whatever the program.
CALM_STEPS = 60


def layer_on(
    device: str, dtype: torch.dtype = torch.float32, backend: Backend = "auto"
) -> GatedRecurrent:
    layer = GatedRecurrent(
        FEATURES, NEURONS, dynamics=Dynamics(gate=PolynomialGate(0.5)), backend=backend,
        generator=torch.Generator().manual_seed(0),
    )  # fmt: skip
    return layer.to(device, dtype)  # not made in it, which would draw other weights


def inputs_of(steps: int, batch: int) -> Tensor:
    return 0.5 * torch.randn(steps, batch, FEATURES, generator=torch.Generator().manual_seed(0))


def gradients(device: str, dtype: torch.dtype, backend: Backend) -> list[Tensor]:
    layer = layer_on(device, dtype, backend)
    outputs, _ = layer(inputs_of(CALM_STEPS, 16).to(device, dtype))
    outputs.square().sum().backward()
    return [parameter.grad.double().cpu() for parameter in layer.parameters()]


def backends(device: str) -> list[Backend]:
    interpreted = os.environ.get("TRITON_INTERPRET") == "1"
    if find_spec("triton") and (device != "cpu" or interpreted):
        return ["auto", "triton"]
    print("triton is not installed, or there is nothing to run it on")
    return ["auto"]


def deviation(device: str, backend: Backend) -> float:
    """Return the largest relative difference of a parameter's gradient from that in float64."""
    exact = gradients("cpu", torch.float64, "torch")
    found = gradients(device, torch.float32, backend)
    return max(float((a - b).norm() / b.norm()) for a, b in zip(found, exact, strict=True))


def works(device: str, steps: int, batch: int) -> dict[str, Callable[[], Any]]:
    """Return what is timed: a forward and a backward pass each."""
    inputs = inputs_of(steps, batch).to(device)

    def finish(module: nn.Module, outputs: Tensor) -> None:
        module.zero_grad(set_to_none=True)
        outputs.sum().backward()

    def run(layer: GatedRecurrent) -> None:
        finish(layer, layer(inputs)[0])

    found: dict[str, Callable[[], Any]] = {
        f"cayley, {backend}": partial(run, layer_on(device, backend=backend))
        for backend in backends(device)
    }
    if device != "cpu":
        captured = layer_on(device)
        graph = torch.cuda.CUDAGraph()
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            finish(captured, captured(inputs)[0])
        torch.cuda.current_stream().wait_stream(aside)
        try:
            with torch.cuda.graph(graph):
                finish(captured, captured(inputs)[0])
            found["cayley, captured"] = graph.replay
        except RuntimeError as error:
            # The check for overflow reads a result, which a graph that is captured cannot.
            print(f"not captured: {error}")
    try:
        norse = import_module("norse.torch").LIFRecurrent(FEATURES, NEURONS).to(device)
        found["norse"] = lambda: finish(norse, norse(inputs)[0])
    except ImportError:
        print("norse is not installed")
    try:
        snn = import_module("snntorch")
        neuron = snn.RLeaky(beta=0.9, linear_features=NEURONS).to(device)
        both = nn.ModuleList([nn.Linear(FEATURES, NEURONS).to(device), neuron])

        def leaky() -> None:
            spikes, potential = (part.to(device) for part in neuron.reset_mem())
            outputs = []
            for current in both[0](inputs).unbind(0):
                spikes, potential = neuron(current, spikes, potential)
                outputs.append(spikes)
            finish(both, torch.stack(outputs))

        found["snntorch"] = leaky
    except ImportError:
        print("snntorch is not installed")
    return found


def timed(run: Callable[[], Any], device: str) -> float:
    start = time.perf_counter()
    run()
    if device != "cpu":
        torch.cuda.synchronize(device)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batches", type=int, nargs="+", default=[64, 1024])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    device = arguments.device
    document: dict[str, Any] = {
        "device": torch.cuda.get_device_name(device) if device != "cpu" else "cpu",
        "torch": torch.__version__,
        "relative_deviation_of_gradients": {
            backend: deviation(device, backend) for backend in backends(device)
        },
        "milliseconds": {},
    }
    for batch in arguments.batches:
        runs = works(device, arguments.steps, batch)
        times: dict[str, list[float]] = {name: [] for name in runs}
        for turn in range(arguments.rounds + 1):
            for name, run in runs.items():
                value = timed(run, device)
                if turn:  # the first warms up
                    times[name].append(value)
        document["milliseconds"][str(batch)] = {n: median(v) for n, v in times.items()}
    text = json.dumps(document, indent=1)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
