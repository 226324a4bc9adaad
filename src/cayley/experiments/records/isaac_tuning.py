"""Learning rates of the experiments `cayley bench isaac`: a grid per method, one tuning seed.

    python -m cayley.experiments.records.isaac_tuning autoencoder [--data FILE] [--methods a,b]

Every method gets the same budget: twelve settings, which are twelve learning rates, or four times
three dampings, spread evenly over the method's range (on a logarithmic scale). The setting with the
fewest steps to the target wins, and where none reaches it, the one with the lowest training loss;
in fine-tuning the one with the best accuracy on data that are neither for training nor for testing.
The tuning seed, 100, is not among those reported. Prints one JSON document.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cayley.experiments._isaac._cases import OBJECTIVES
from cayley.experiments._isaac._optimizer import METHODS
from cayley.experiments._isaac._tuning import SEED, attempt, grid, rank

_PLACE = ("problem", "method", "rate", "damping", "steps")


def tuned(
    name: str, data: Path | None, methods: list[str], steps: int | None, rows: Path | None
) -> Iterator[dict[str, Any]]:
    """Yield a row for each setting of each method; those that the file has are not run again."""
    known = (
        [json.loads(line) for line in rows.read_text().splitlines()]
        if rows and rows.is_file()
        else []
    )
    for method in methods:
        for options in grid(method):
            problem = OBJECTIVES[name](data, SEED)
            problem = dataclasses.replace(problem, steps=steps or problem.steps)
            place = (problem.name, method, options.rate, options.damping, problem.steps)
            row = next((row for row in known if tuple(row[key] for key in _PLACE) == place), None)
            if row is None:
                row = attempt(
                    problem, method, options, seed=SEED, report=lambda done, message: None
                )
                print(row, file=sys.stderr, flush=True)
                if rows is not None:
                    with rows.open("a") as file:
                        file.write(json.dumps(row) + "\n")
            yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", choices=OBJECTIVES)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--steps", type=int)
    parser.add_argument("--rows", type=Path, help="keep each row in this file, and go on from it")
    arguments = parser.parse_args()
    methods = arguments.methods.split(",")
    rows = list(tuned(arguments.problem, arguments.data, methods, arguments.steps, arguments.rows))
    best = [min((row for row in rows if row["method"] == each), key=rank) for each in methods]
    print(json.dumps({"seed": SEED, "best": best, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
