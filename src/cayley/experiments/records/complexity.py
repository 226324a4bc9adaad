"""H / n^2 of full tables at an exact fit, as the order grows towards the published sizes.

    python -m cayley.experiments.records.complexity "a^3+ab" "a^2+ab+b^2" --modulus 7 11 23 47
    python -m cayley.experiments.records.complexity aba --degree 5 --restarts 1 --max-steps 600

Every measurement is added to the record as it ends, in place of an earlier one of the same table.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch

from cayley.hypercube import TrainingStep, measure_complexity
from cayley.tables import generate_family

RECORD = Path("benchmarks/results") / "hypercube_complexity.json"


def measure(spec: str, arguments: argparse.Namespace) -> dict[str, Any]:
    table = generate_family(spec)
    last: list[TrainingStep] = []

    def callback(step: TrainingStep) -> None:
        last[:] = [step]
        if step.step % 50 == 0:
            print(f"{spec} step {step.step} loss {step.loss:.3g} H/n2 {step.penalty_ratio:.4f}")

    start = time.process_time()
    found = measure_complexity(
        table.array,
        restarts=arguments.restarts,
        max_steps=arguments.max_steps,
        callback=callback,
    )
    return {
        "operation": spec,
        "order": table.order,
        "value": round(found.value, 4) if found.values else None,
        "values": [round(value, 4) for value in found.values],
        "restarts": found.restarts,
        "steps": found.steps,
        "reason": found.reason,
        "last_loss": round(last[0].loss, 4),
        "last_penalty_ratio": round(last[0].penalty_ratio, 4),
        "cpu_seconds": round(time.process_time() - start, 2),
    }


def add(record: dict[str, Any], file: Path) -> None:
    """Add one measurement to the file, in place of an earlier one of the same table."""
    runs = json.loads(file.read_text())["runs"] if file.exists() else []
    runs = [old for old in runs if old["operation"] != record["operation"]]
    runs.append(record)
    runs.sort(key=lambda one: (one["operation"].partition(":")[2], one["order"]))
    machine = f"x86-64, one thread of 2 shared virtual cores, PyTorch {torch.__version__}, seed 0"
    lines = ",\n".join(f"  {json.dumps(one)}" for one in runs)
    file.write_text(f'{{"machine": {json.dumps(machine)},\n "runs": [\n{lines}]}}\n')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("operation", nargs="+")
    parser.add_argument("--modulus", type=int, nargs="+", default=[])
    parser.add_argument("--degree", type=int, nargs="+", default=[])
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--max-steps", type=int, default=6000)
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for operation in arguments.operation:
        specs = [f"mod{p}:{operation}" for p in arguments.modulus]
        for spec in specs + [f"S{k}:{operation}" for k in arguments.degree]:
            record = measure(spec, arguments)
            add(record, arguments.record)
            print(record, flush=True)


if __name__ == "__main__":
    main()
