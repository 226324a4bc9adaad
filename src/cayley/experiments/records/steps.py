"""Steps and seconds until HyperCube's table is wholly right, per operation, fraction and seed.

    python -m cayley.experiments.records.steps S5 --observe 0.5 0.8 --seeds 0 1 2 3 4
    python -m cayley.experiments.records.steps "mod97:a^2+b^2" --observe 0.6 --float32

Settings are the library's defaults; the seed draws both the observed cells and the start. Every run
is added to the record as it ends, in place of an earlier one of the same case.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, TrainingStep, train
from cayley.tables import generate_family, mask

RECORD = Path("benchmarks/results") / "hypercube_steps.json"
KEY = ("operation", "observe", "factors", "seed", "products")


def run(spec: str, observe: float, seed: int, arguments: argparse.Namespace) -> dict[str, Any]:
    truth = generate_family(spec)
    n = truth.order
    partial = mask(truth, observe=observe, seed=seed) if observe < 1 else truth
    model = HyperCube(n, shared=arguments.shared, generator=torch.Generator().manual_seed(seed))
    curve: list[tuple[int, float, float]] = []

    def callback(step: TrainingStep) -> None:
        if step.step % 50 == 0:
            curve.append((step.step, round(step.loss, 4), round(step.penalty_ratio, 4)))

    wall, cpu = time.perf_counter(), time.process_time()
    result = train(
        model,
        ObservedProducts.from_triples(partial.observations, sizes=(n, n, n)),
        schedule=TrainingSchedule(max_steps=arguments.max_steps, rate=arguments.rate),
        accept=lambda decoded: bool((decoded.table == truth.array).all()),
        bfloat16=False if arguments.float32 else None,
        callback=callback if arguments.curve else None,
    )
    right = result.decoded.table == truth.array
    hidden = partial.array < 0
    return {
        "operation": spec,
        "order": n,
        "observe": observe,
        "factors": "shared" if arguments.shared else "separate",
        "seed": seed,
        "products": "float32" if arguments.float32 else "default",
        "solved": bool(right.all()),
        "steps": result.last.step,
        "reason": result.reason,
        "fit": round(result.last.fit, 4),
        "hidden_accuracy": round(float(right[hidden].mean()), 4) if hidden.any() else None,
        "penalty_ratio": round(result.last.penalty_ratio, 4),
        "seconds": round(time.perf_counter() - wall, 3),
        "cpu_seconds": round(time.process_time() - cpu, 3),
        **({"rate": arguments.rate} if arguments.rate else {}),
        **({"curve": curve} if arguments.curve else {}),
    }


def add(record: dict[str, Any], file: Path) -> None:
    """Add one run to the file, in place of an earlier one of the same case."""
    records = json.loads(file.read_text())["runs"] if file.exists() else []
    records = [old for old in records if any(old[key] != record[key] for key in KEY)]
    records.append(record)
    records.sort(key=lambda one: [str(one[key]) for key in KEY])
    machine = (
        f"x86-64, {torch.backends.cpu.get_cpu_capability()}, one thread of 2 shared virtual cores, "
        f"PyTorch {torch.__version__}"
    )
    lines = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in records)
    file.write_text(f'{{"machine": {json.dumps(machine)},\n "runs": [\n{lines}]}}\n')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("operation", nargs="+")
    parser.add_argument("--observe", type=float, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--max-steps", type=int, default=1500)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--float32", action="store_true", help="no bfloat16 products")
    parser.add_argument("--curve", action="store_true", help="keep loss and penalty every 50 steps")
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for spec in arguments.operation:
        for observe in arguments.observe:
            for seed in arguments.seeds:
                record = run(spec, observe, seed, arguments)
                add(record, arguments.record)
                print({key: value for key, value in record.items() if key != "curve"}, flush=True)


if __name__ == "__main__":
    main()
