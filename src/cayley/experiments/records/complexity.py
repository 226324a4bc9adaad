"""H / n^2 of full tables at an exact fit, as the order grows towards the published sizes.

    python -m cayley.experiments.records.complexity "a^3+ab" "a^2+ab+b^2" --modulus 7 11 23 47
    python -m cayley.experiments.records.complexity aba --degree 5 --restarts 1 --steady

Every measurement is added to the record as it ends, in place of an earlier one of the same table. A
training writes its state every minute to a folder beside the record, and the same command goes on
from there.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any
from zlib import crc32

import torch

from cayley.hypercube import TrainingStep, measure_complexity
from cayley.tables import generate_family

RECORD = Path("benchmarks/results") / "hypercube_complexity.json"


def measure(spec: str, arguments: argparse.Namespace) -> dict[str, Any]:
    table = generate_family(spec)
    last: list[TrainingStep] = []
    ratios: list[float] = []  # since the penalty was dropped
    start = time.process_time()

    def callback(step: TrainingStep) -> bool:
        first = last[0] if last else step
        last[:] = [first, step]
        if step.epsilon == 0:
            ratios.append(step.penalty_ratio)
        if step.step % 50 == 0:
            each = (time.process_time() - start) / max(1, step.step - first.step)
            print(
                f"{spec} step {step.step} of {arguments.max_steps}, loss {step.loss:.3g}, "
                f"H/n2 {step.penalty_ratio:.4f}, {each:.2g} s a step",
                flush=True,
            )
        return arguments.steady and is_steady(ratios)

    found = measure_complexity(
        table.array,
        restarts=arguments.restarts,
        max_steps=arguments.max_steps,
        callback=callback,
        checkpoint=checkpoint_of(spec, arguments.record),
    )
    return {
        "operation": spec,
        "order": table.order,
        "value": round(found.value, 4) if found.values else None,
        "values": [round(value, 4) for value in found.values],
        "restarts": found.restarts,
        "steps": found.steps,
        "reason": found.reason,
        "last_loss": round(last[-1].loss, 4),
        "last_penalty_ratio": round(last[-1].penalty_ratio, 4),
        "cpu_seconds": round(time.process_time() - start, 2),
    }


def is_steady(ratios: list[float]) -> bool:
    """Whether H / n^2 has moved by less than 1 % in 300 steps."""
    return len(ratios) > 300 and abs(ratios[-1] - ratios[-301]) < 0.01 * ratios[-1]


def checkpoint_of(spec: str, record: Path) -> Path:
    """Return the file from which the training of a table goes on if it was cut off."""
    name = "".join(c if c.isalnum() else "-" for c in spec) + f"-{crc32(spec.encode()):08x}"
    return record.with_name(f"{record.stem}-unfinished") / f"{name}.safetensors"


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
    parser.add_argument(
        "--steady",
        action="store_true",
        help="end where H / n^2 moves by less than 1 %% in 300 steps without the penalty",
    )
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
