"""The work that preconditioning adds to a layer, here and in the authors' package.

    OMP_NUM_THREADS=1 python benchmarks/compare_isaac_extra_work.py > extra_work.json

Everything but the layer's own three large products, whose time (and the page faults of whose
results) would drown the difference: the factors of the weight gradient, against the published
formula `g' (I - 1/lam a a' / N (a a' / (N lam) + I)^-1)` written out as in `isaac` 0.1.1. Medians
of rounds in random order, in microseconds of processor time (one thread).
"""

import json
import platform
import random
import time
from statistics import median

import torch
from torch import Tensor

from cayley.experiments._isaac._overhead import BATCHES, WIDTHS
from cayley.optim._weight_gradient import _factors

DAMPING = 0.1
ROUNDS = 300


def ours(a: Tensor, g: Tensor) -> Tensor:
    return _factors(a, g, DAMPING, False, None, "auto", None)[1]


def published(a: Tensor, g: Tensor) -> Tensor:
    gram = a @ a.T / a.shape[0]
    identity = torch.eye(len(gram))
    inverse = gram @ torch.inverse(gram / DAMPING + identity)
    return g.T @ (identity - 1.0 / DAMPING * inverse)


def measure(samples: int, features: int, outputs: int) -> dict[str, float]:
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(samples, features, generator=generator)
    g = torch.randn(samples, outputs, generator=generator)
    functions = {"ours": ours, "published": published}
    times: dict[str, list[float]] = {name: [] for name in functions}
    shuffler = random.Random(0)
    for _ in range(ROUNDS):
        for name in shuffler.sample(list(functions), 2):
            start = time.process_time()
            functions[name](a, g)
            times[name].append((time.process_time() - start) * 1e6)
    return {name: round(median(values), 1) for name, values in times.items()}


def main() -> None:
    sizes = [(width, width) for width in WIDTHS] + [(4096, 1024), (1024, 4096)]
    rows = [
        {"samples": batch, "features": n, "outputs": m, **measure(batch, n, m)}
        for n, m in sizes
        for batch in BATCHES
    ]
    machine = {"machine": platform.machine(), "torch": torch.__version__}
    print(json.dumps({"microseconds": rows, "rounds": ROUNDS, **machine}, indent=1))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
