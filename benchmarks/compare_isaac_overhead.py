"""ISAAC's overhead beside torch.nn.Linear and beside the authors' package, in one run.

    OMP_NUM_THREADS=1 python benchmarks/compare_isaac_overhead.py > overhead.json

Needs the package `isaac` 0.1.1 (pip install --no-deps isaac==0.1.1), which the library itself
never imports. Every round times all layers in a new random order.
"""

import argparse
import json
import platform
import sys

import isaac
import torch
from torch import nn

from cayley.experiments._isaac._overhead import BATCHES, LAYERS, WIDTHS, time_layers

ROUNDS = {512: 600, 1600: 120, 4096: 25}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    layers = {
        "linear": lambda width: nn.Linear(width, width),
        **LAYERS,
        "official": lambda width: isaac.Linear(width, width, 0.1),
    }
    rows = []
    for seed in range(parser.parse_args().seeds):
        for width in WIDTHS:
            for batch in BATCHES:
                seconds = time_layers(
                    layers, width=width, batch=batch, rounds=ROUNDS[width], seed=seed
                )
                overhead = {
                    name: round(value / seconds["linear"] - 1, 4)
                    for name, value in seconds.items()
                    if name != "linear"
                }
                rows.append(
                    {
                        "width": width,
                        "batch": batch,
                        "seed": seed,
                        "linear_seconds": seconds["linear"],
                        "overhead": overhead,
                    }
                )
                print(rows[-1], file=sys.stderr, flush=True)
    machine = {
        "machine": platform.machine(),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "note": "shared machine; every round times all layers in random order, medians of rounds",
    }
    print(json.dumps({"machine": machine, "rounds": ROUNDS, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
