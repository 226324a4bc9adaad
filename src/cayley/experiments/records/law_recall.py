"""How much evidence the seen cells of a structure give for the theory that one would name.

    python -m cayley.experiments.records.law_recall --seconds 280

Each structure is renamed at random and its cells are hidden at random, for five fractions and five
seeds. Recorded are the digits of evidence after correction, whether the theory is earned, whether
every theory that is earned is true of the whole table, and seconds of one thread. A run goes on
where the record stops.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from cayley.experiments._structures import Structure, structures
from cayley.theories import parse_theory
from cayley.theories.laws._conditions import failing_cells
from cayley.theories.laws._evaluation import first_violation
from cayley.theories.mining._evidence import evidence_for
from cayley.theories.mining._standing import standing_theories

RECORD = Path("benchmarks/results") / "law_recall.json"
FRACTIONS = (0.25, 0.4, 0.55, 0.8, 1.0)
SEEDS = 5


def measure(structure: Structure, fraction: float, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    n = len(structure.table)
    names = rng.permutation(n)
    table = np.empty_like(structure.table)
    table[np.ix_(names, names)] = names[structure.table]
    seen = np.where(rng.random((n, n)) < fraction, table, -1)
    theory = parse_theory(structure.theory)
    start = time.process_time()
    found = standing_theories(seen, seed=seed)
    seconds = time.process_time() - start
    evidence = evidence_for(theory, seen, seed=seed)
    earned = [each for each in found if each.standing == "earned"]
    facts = theory.consequences()
    return {
        "digits": round(abs(evidence.corrected), 1),
        "weakest": round(abs(evidence.weakest), 1),
        "earned": evidence.is_earned or any(facts <= e.theory.consequences() for e in earned),
        "best": found[0].theory.name if earned else "",
        "false": [
            each.theory.name
            for each in earned
            if any(first_violation(law, table) is not None for law in each.theory.laws)
            or any(failing_cells(one, table) is not None for one in each.theory.conditions)
        ],
        "seconds": round(seconds, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=280, help="after which to stop")
    parser.add_argument("--largest", type=int, default=120, help="order to go up to")
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    arguments = parser.parse_args()
    record: dict[str, Any] = {}
    if arguments.record.exists():
        record = json.loads(arguments.record.read_text())
    deadline = time.monotonic() + arguments.seconds
    for structure in structures():
        if len(structure.table) > arguments.largest:
            continue
        of = record.setdefault(structure.name, {"order": len(structure.table), "runs": {}})
        for fraction in FRACTIONS:
            runs = of["runs"].setdefault(str(fraction), [])
            while len(runs) < SEEDS and time.monotonic() < deadline:
                runs.append(measure(structure, fraction, len(runs)))
        print(
            structure.name, {f: [r["digits"] for r in v] for f, v in of["runs"].items()}, flush=True
        )
        lines = ",\n".join(
            f" {json.dumps(name)}: {json.dumps(each)}" for name, each in record.items()
        )
        arguments.record.write_text("{\n" + lines + "\n}\n")
        if time.monotonic() > deadline:
            return


if __name__ == "__main__":
    main()
