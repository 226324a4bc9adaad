"""What preconditioned convolutions cost beside `torch.nn.Conv2d`: forward and backward, in one run.

    OMP_NUM_THREADS=1 python benchmarks/compare_isaac_convolutions.py > isaac_convolutions.json

Kernels of 3 x 3 on images of 16 x 16 and 32 x 32, 32 in a batch, as many channels out as in. Every
round times all layers in a new random order; processor time, medians over rounds.
"""

import json
import random
import sys
import time
from statistics import median

import torch
from torch import nn

from cayley.optim import ISAACConv2d

CHANNELS, SIZES, BATCH, ROUNDS = (16, 64), (16, 32), 32, 45
SAMPLES = (256, 1024)


def layers(channels: int) -> dict[str, nn.Module]:
    made: dict[str, nn.Module] = {"plain": nn.Conv2d(channels, channels, 3, padding=1)}
    for name, most in (("all positions", None), *((f"{most} positions", most) for most in SAMPLES)):
        made[name] = ISAACConv2d(channels, channels, 3, padding=1, damping=0.1, max_samples=most)
    return made


def seconds_once(layer: nn.Module, inputs: torch.Tensor, gradients: torch.Tensor) -> float:
    layer.zero_grad(set_to_none=True)
    inputs.grad = None
    start = time.process_time()
    layer(inputs).backward(gradients)
    return time.process_time() - start


def main() -> None:
    torch.set_num_threads(1)
    rows = []
    for channels in CHANNELS:
        for size in SIZES:
            generator = torch.Generator().manual_seed(0)
            shape = (BATCH, channels, size, size)
            inputs = torch.randn(shape, generator=generator).requires_grad_()
            gradients = torch.randn(shape, generator=generator)
            made = layers(channels)
            seconds: dict[str, list[float]] = {name: [] for name in made}
            order, shuffler = list(made), random.Random(0)
            for turn in range(ROUNDS + 1):
                shuffler.shuffle(order)
                for name in order:
                    taken = seconds_once(made[name], inputs, gradients)
                    if turn:  # the first round warms up
                        seconds[name].append(taken)
            plain = median(seconds["plain"])
            ratios = {
                name: round(median(values) / plain, 2)
                for name, values in seconds.items()
                if name != "plain"
            }
            rows.append(
                {
                    "channels": channels,
                    "size": size,
                    "batch": BATCH,
                    "plain_ms": round(1e3 * plain, 2),
                    "times_plain": ratios,
                }
            )
            print(rows[-1], file=sys.stderr, flush=True)
    head = f'"torch": "{torch.__version__}",\n "note": "float32, one thread of 2 shared cores"'
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    print(f'{{{head},\n "rows": [\n{lines}]}}')


if __name__ == "__main__":
    main()
