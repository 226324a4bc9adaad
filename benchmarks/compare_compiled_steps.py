"""Steps of HyperCube compiled by numba beside the same by PyTorch's calls, in one run.

    OMP_NUM_THREADS=1 python benchmarks/compare_compiled_steps.py > hypercube_compiled.json

Processor time of five steps, of which the last has statistics, as between two looks. The two sides
take turns; each ratio is of medians over rounds.
"""

import json
import sys
import time

import numpy as np
import torch

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule
from cayley.hypercube._loop import Loop
from cayley.hypercube._processes import Processes
from cayley.hypercube._workspace import Workspace
from cayley.tables import generate_family, mask

FAMILIES = {6: "S3", 12: "A4", 24: "S4"}
CALLS, ROUNDS, STEPS = {6: 60, 12: 30, 24: 8}, 15, 5


def make_loop(order: int, *, restarts: int, shared: bool, compiled: bool) -> Loop:
    table = mask(generate_family(FAMILIES[order]), observe=0.5, seed=0)
    return Loop(
        HyperCube(
            order,
            restarts=restarts,
            shared=shared,
            generator=torch.Generator().manual_seed(0),
        ),
        ObservedProducts.from_triples(table.observations, sizes=(order,) * 3),
        TrainingSchedule(),
        accept=None,
        workspace=Workspace(),
        processes=Processes(None),
        bfloat16=False,
        compiled=compiled,
    )


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    rows = []
    for order in FAMILIES:
        for restarts in (1, 8):
            for shared in (False, True):
                loops = [
                    make_loop(order, restarts=restarts, shared=shared, compiled=compiled)
                    for compiled in (False, True)
                ]
                for loop in loops:
                    loop.advance(STEPS)
                seconds: list[list[float]] = [[], []]
                for _ in range(ROUNDS):
                    for loop, taken in zip(loops, seconds, strict=True):
                        calls = max(1, CALLS[order] // restarts)
                        start = time.process_time()
                        for _ in range(calls):
                            loop.advance(STEPS)
                        taken.append((time.process_time() - start) / calls / STEPS)
                calls_us, compiled_us = (1e6 * float(np.median(taken)) for taken in seconds)
                rows.append(
                    {
                        "order": order,
                        "restarts": restarts,
                        "shared": shared,
                        "calls_us": round(calls_us, 1),
                        "compiled_us": round(compiled_us, 1),
                        "ratio": round(calls_us / compiled_us, 2),
                    }
                )
                print(rows[-1], file=sys.stderr, flush=True)
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    note = "one thread of 2 shared virtual x86-64 cores, float32, half of the cells"
    head = f'"machine": {json.dumps(note)},\n "torch": "{torch.__version__}"'
    print(f'{{{head},\n "rows": [\n{lines}]}}')


if __name__ == "__main__":
    main()
