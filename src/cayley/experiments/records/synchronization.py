"""Orthogonal synchronization: time, success, wrong entries, ablations, false acceptance, margins.

    python -m cayley.experiments.records.synchronization PART [--seconds 150]

PART is one of targets, fractions, wrong, open, ablation, false, calibration. Records go to
`benchmarks/results/synchronization-PART.json`, one after the other, and what is there is not run
again: a part can be run in pieces. Everything runs on one thread; instances have seeds from 2000
on, which no setting was chosen with. Processor time is recorded beside wall time.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cayley.completion import solve
from cayley.synchronization import SweepSchedule, synchronize
from cayley.synchronization._schedule import matrix_size
from cayley.tables import Table, add_noise, generate_family, isotope, mask, shuffle
from cayley.tables.families._families import direct_product

RESULTS = Path("benchmarks/results")  # from the root of the repository
FIRST_SEED = 2000
ORDERS = {6: "S3", 24: "S4", 60: "A5", 97: "C97", 120: "S5", 168: "PSL(2,7)", 360: "A6"}
Job = dict[str, Any]

TARGETS = [
    ("S4", "group", 0.06, 1),
    ("S5", "group", 0.10, 2),
    ("S5", "group", 0.05, 5),
    ("S5", "group", 0.03, 20),
    ("S5", "isotope", 0.16, 10),
    ("A6", "group", 0.034, 20),
]
FRACTIONS = {
    ("S3", "group"): (0.5, 0.65, 0.8),
    ("S3", "isotope"): (0.7, 0.8, 0.9),
    ("S4", "group"): (0.05, 0.06, 0.08, 0.15, 0.3),
    ("S4", "isotope"): (0.16, 0.18, 0.2, 0.3, 0.5),
    ("A5", "group"): (0.028, 0.031, 0.04, 0.08, 0.15),
    ("A5", "isotope"): (0.12, 0.13, 0.15, 0.2, 0.4),
    ("C97", "group"): (0.03, 0.04, 0.06, 0.12),
    ("C97", "isotope"): (0.15, 0.2, 0.4),
    ("S5", "group"): (0.025, 0.03, 0.05, 0.1, 0.2),
    ("S5", "isotope"): (0.12, 0.13, 0.16, 0.3),
    ("PSL(2,7)", "group"): (0.025, 0.04, 0.08),
    ("PSL(2,7)", "isotope"): (0.13, 0.2),
    ("A6", "group"): (0.034, 0.06),
    ("A6", "isotope"): (0.1,),
}
BELOW = {
    ("S4", "group"): (0.045,),
    ("S4", "isotope"): (0.14, 0.15),
    ("A5", "group"): (0.02, 0.024),
    ("A5", "isotope"): (0.075, 0.085, 0.1),
    ("C97", "group"): (0.016, 0.02),
    ("C97", "isotope"): (0.055, 0.07, 0.1),
    ("S5", "group"): (0.014, 0.018),
    ("S5", "isotope"): (0.05, 0.06, 0.08),
    ("PSL(2,7)", "group"): (0.012, 0.016),
    ("PSL(2,7)", "isotope"): (0.045, 0.055, 0.08),
    ("A6", "group"): (0.006, 0.01, 0.02),
    ("A6", "isotope"): (0.03, 0.04, 0.06),
}
"""Shares below those of synchronization, where exact deduction is tried too."""
WRONG = {
    ("S4", "group", 0.4): (0.4, 0.2, 0.5, 0.6),
    ("S4", "group", 1.0): (0.7, 0.5, 0.75, 0.8),
    ("S5", "group", 0.1): (0.2, 0.3),
    ("S4", "isotope", 0.3): (0.1, 0.2, 0.3),
    ("S4", "isotope", 1.0): (0.3, 0.5, 0.6),
}
OPEN = [
    ("S5", "group", 0.02, 0.0),
    ("S5", "isotope", 0.10, 0.0),
    ("A5", "isotope", 0.12, 0.0),
    ("S4", "isotope", 1.0, 0.5),
    ("D500", "group", 0.03, 0.0),
    ("S5xC4", "group", 0.025, 0.0),
    ("C500", "group", 0.025, 0.0),
    ("D1000", "group", 0.02, 0.0),
]
ABLATION = [("S4", "group", 0.06), ("S4", "isotope", 0.18), ("A5", "group", 0.035),
            ("A5", "isotope", 0.14)]  # fmt: skip


def family(name: str) -> Table:
    if name == "S5xC4":
        return direct_product(generate_family("S5"), generate_family("C4"))
    return generate_family(name)


def instance(job: Job) -> tuple[Table, Table]:
    """Return the hidden table and what is observed of it."""
    seed = FIRST_SEED + job["seed"]
    truth = family(job["family"])
    truth = isotope(truth, seed=seed) if job["kind"] == "isotope" else shuffle(truth, seed=seed)
    partial = mask(truth, observe=job["observe"], seed=seed) if job["observe"] < 1 else truth
    return truth, add_noise(partial, noise=job["noise"], seed=seed) if job["noise"] else partial


def job(family: str, kind: str, observe: float, seed: int, **more: Any) -> Job:
    return {"family": family, "kind": kind, "observe": observe, "noise": 0.0, "seed": seed} | more


def targets() -> Iterator[Job]:
    for name, kind, observe, limit in TARGETS:
        for seed in range(5):
            yield job(name, kind, observe, seed, limit=limit)


def fractions() -> Iterator[Job]:
    """Synchronization alone, and exact deduction alone on the same cells and below."""
    for (name, kind), observed in FRACTIONS.items():
        for observe in observed:
            for seed in range(1 if name == "A6" else 3):
                yield job(name, kind, observe, seed, limit=60)
        for observe in (*BELOW.get((name, kind), ()), *observed):
            for seed in range(3):
                yield job(name, kind, observe, seed, limit=60, solver="exact")


def wrong() -> Iterator[Job]:
    """The first share of wrong entries of every problem, ten seeds; then the others, five."""
    for first in (True, False):
        for (name, kind, observe), noises in WRONG.items():
            for noise in noises[:1] if first else noises[1:]:
                for seed in range(10 if first else 5):
                    yield job(name, kind, observe, seed, noise=noise, solver="auto", limit=60)


def open_challenges() -> Iterator[Job]:
    for name, kind, observe, noise in OPEN:
        for seed in range(1 if name[-2:] in ("00", "C4") else 2):
            yield job(name, kind, observe, seed, noise=noise, limit=10)


def run_solve(one: Job) -> Job:
    """Time `solve`: synchronization alone unless the job says otherwise, to a proved table.

    A full table that is returned as given, a magma, counts as solved here, but not as right.
    """
    truth, partial = instance(one)
    start, cpu = time.perf_counter(), time.process_time()
    found = solve(
        partial,
        solver=one.get("solver", "synchronization"),
        seed=one["seed"],
        time_limit=max(15 * one["limit"], 60),  # of the wall clock, which others share
    )
    return {
        "solved": found.status == "solved",
        "right": bool(np.array_equal(found.table.array, truth.array)),
        "accuracy": round(float((found.table.array == truth.array).mean()), 4),
        "unique": found.unique,
        "by": found.solver,
        "sweeps": found.steps,
        "suspects": len(found.suspects),
        "seconds": round(time.perf_counter() - start, 3),
        "cpu": round(time.process_time() - cpu, 3),
    }


VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "no momentum": {"momentum": 0.0},
    "no whitening": {"whitening": (0.0, 0.0)},
    "whitening 0.25": {"whitening": (0.25, 0.25)},
    "whitening 0.5": {"whitening": (0.5, 0.5)},
    "damping 0.5": {"damping": (0.5, 0.5)},
    "annealed": {"damping": (0.2, 0.0), "whitening": (0.25, 0.1)},
    "no self-training": {"training_after": None},
    "self-training from 25": {"training_after": 25},
    "weights by agreement": {"robust_after": 20},
    "complex": {"dtype": torch.complex64},
    "d / 1.5": {"scale": 1 / 1.5},
    "d * 1.5": {"scale": 1.5},
}


def ablation() -> Iterator[Job]:
    for name, kind, observe in ABLATION:
        for variant in VARIANTS:
            for seed in range(5):
                yield job(name, kind, observe, seed, variant=variant)


def run_variant(one: Job) -> Job:
    """One restart of `synchronize`, one setting changed."""
    truth, partial = instance(one)
    changes = dict(VARIANTS[one["variant"]])
    dtype, scale = changes.pop("dtype", torch.float32), changes.pop("scale", 1.0)
    sizes, triples = (truth.order,) * 3, partial.observations
    if one["kind"] == "group":
        truth, triples = truth.aligned(), partial.aligned().observations
    schedule = replace(SweepSchedule.chosen(one["kind"]), **changes)
    start = time.process_time()
    found = synchronize(
        triples,
        sizes=sizes,
        assume=one["kind"],
        size=round(scale * matrix_size(sizes, len(triples))),
        restarts=1,
        schedule=schedule,
        seed=one["seed"],
        dtype=dtype,
    )
    return {
        "solved": found.accepted,
        "right": bool(np.array_equal(found.table, truth.array)),
        "sweeps": found.sweeps,
        "d": found.factors[0].shape[-1],
        "cpu": round(time.process_time() - start, 3),
    }


NOISY_ISOTOPES = [("S4", 0.3, 0.2), ("S4", 0.25, 0.15), ("D12", 0.8, 0.35), ("A4", 0.6, 0.2),
                  ("C2xC2xC2xC2", 0.5, 0.3), ("D16", 0.45, 0.25), ("C12", 0.7, 0.25),
                  ("Q8xC2", 0.6, 0.35), ("C4xC4", 0.4, 0.2), ("C15", 0.5, 0.25)]  # fmt: skip


def false_acceptance() -> Iterator[Job]:
    """50 instances of every problem, and 125 more of those that take least time: 1,000."""
    for seed in range(175):
        for name, observe, noise in NOISY_ISOTOPES:
            if seed < 50 or name in ("D12", "A4", "C12", "C15"):
                yield job(name, "isotope", observe, seed, noise=noise)


def run_noisy(one: Job) -> Job:
    truth, partial = instance(one)
    start = time.process_time()
    found = synchronize(
        partial.observations,
        sizes=(truth.order,) * 3,
        assume="isotope",
        noisy=True,
        restarts=2,
        schedule=SweepSchedule.chosen("isotope", noisy=True, max_sweeps=120),
        seed=one["seed"],
    )
    return {
        "solved": found.accepted,
        "right": bool(np.array_equal(found.table, truth.array)),
        "sweeps": found.sweeps,
        "cpu": round(time.process_time() - start, 3),
    }


def calibration() -> Iterator[Job]:
    for name, kind, observe, noise in (
        ("S4", "group", 0.05, 0.0), ("S4", "group", 0.3, 0.5), ("S4", "isotope", 0.17, 0.0),
        ("S4", "isotope", 0.3, 0.3), ("A5", "group", 0.028, 0.0), ("A5", "isotope", 0.13, 0.0),
        ("S5", "group", 0.02, 0.0), ("A5", "group", 0.1, 0.4),
    ):  # fmt: skip
        for sweeps in (10, 20, 40, 80):
            for seed in range(4):
                yield job(name, kind, observe, seed, noise=noise, sweeps=sweeps)


def run_margins(one: Job) -> Job:
    """Stop early, and count right cells in bins of the margin in units of 1/k."""
    truth, partial = instance(one)
    if one["kind"] == "group":
        truth, partial = truth.aligned(), partial.aligned()
    found = synchronize(
        partial.observations,
        sizes=(truth.order,) * 3,
        assume=one["kind"],
        noisy=one["noise"] > 0,
        restarts=1,
        schedule=SweepSchedule.chosen(
            one["kind"], noisy=one["noise"] > 0, max_sweeps=one["sweeps"]
        ),
        seed=one["seed"],
        accept=lambda _: False,
    )
    decoded = found.decoded
    hidden = partial.array < 0
    margin = (decoded.margin / decoded.unit)[hidden]
    right = (decoded.table == truth.array)[hidden]
    edges = np.arange(0, 30.5, 0.5)
    counts, _ = np.histogram(margin.clip(0, 29.9), edges)
    hits, _ = np.histogram(margin[right].clip(0, 29.9), edges)
    return {"counts": counts.tolist(), "right": hits.tolist(), "accuracy": float(right.mean())}


PARTS = {
    "targets": (targets, run_solve),
    "fractions": (fractions, run_solve),
    "wrong": (wrong, run_solve),
    "open": (open_challenges, run_solve),
    "ablation": (ablation, run_variant),
    "false": (false_acceptance, run_noisy),
    "calibration": (calibration, run_margins),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--seconds", type=float, default=150.0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    file = RESULTS / f"synchronization-{arguments.part}.json"
    document: dict[str, Any] = {
        "machine": "x86-64 with AVX-512, 2 virtual cores shared with others, one thread used; "
        f"PyTorch {torch.__version__}, float32",
        "command": f"python -m cayley.experiments.records.synchronization {arguments.part}",
        "records": [],
    }
    if file.exists():
        document["records"] = json.loads(file.read_text())["records"]
    jobs, run = PARTS[arguments.part]
    done = {json.dumps(r["job"], sort_keys=True) for r in document["records"]}
    start = time.monotonic()
    if run is run_solve:  # imports and compiled code are not what is timed
        run_solve(job("S4", "group", 0.5, 0, limit=60))
    for one in jobs():
        if json.dumps(one, sort_keys=True) in done:
            continue
        if time.monotonic() - start > arguments.seconds:
            print("more to do")
            break
        record = {"job": one, **run(one)}
        document["records"].append(record)
        print(json.dumps(record)[:200], flush=True)
        body = ",\n".join("  " + json.dumps(r) for r in document["records"])
        head = json.dumps({k: document[k] for k in ("machine", "command")})[:-1]
        file.write_text(f'{head}, "records": [\n{body}\n]}}\n')


if __name__ == "__main__":
    main()
