"""Figures and tables of `docs/records/synchronization.md` from `results/synchronization-*.json`.

    python benchmarks/plot_synchronization.py [--tables]

Writes `docs/_static/synchronization_*.svg`; with --tables prints the Markdown tables as well.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter

from cayley.synchronization._calibration import calibrated

plt.rcParams["svg.hashsalt"] = "cayley"
HERE = Path(__file__).parent
STATIC = HERE.parent / "docs" / "_static"
ORDERS = {"S3": 6, "S4": 24, "A5": 60, "C97": 97, "S5": 120, "PSL(2,7)": 168, "A6": 360}
Records = list[dict[str, Any]]


def load(part: str) -> Records:
    file = HERE / "results" / f"synchronization-{part}.json"
    return json.loads(file.read_text())["records"] if file.exists() else []


def grouped(records: Records, *keys: str) -> dict[tuple[Any, ...], Records]:
    groups: dict[tuple[Any, ...], Records] = defaultdict(list)
    for record in records:
        groups[tuple(record["job"][key] for key in keys)].append(record)
    return groups


def save(figure: Any, name: str) -> None:
    figure.savefig(STATIC / f"synchronization_{name}.svg", metadata={"Date": None})
    plt.close(figure)


def fractions(tables: bool) -> None:
    learned = [r for r in load("fractions") if "solver" not in r["job"]] + load("targets")
    exact = [r for r in load("fractions") if "solver" in r["job"]]
    groups = grouped(learned, "kind", "family", "observe")
    figure, axes = plt.subplots(2, 2, figsize=(9, 6), sharex="col", layout="constrained")
    for column, kind in enumerate(("group", "isotope")):
        for color, (family, order) in enumerate(ORDERS.items()):
            points = sorted(
                (observe, runs) for (k, f, observe), runs in groups.items()
                if (k, f) == (kind, family)
            )  # fmt: skip
            if not points:
                continue
            label = f"{family}, n = {order}"
            share = [np.mean([r["solved"] and r["right"] for r in runs]) for _, runs in points]
            axes[0, column].plot([o for o, _ in points], share, "o-", color=f"C{color}",
                                 ms=3, label=label)  # fmt: skip
            solved = [(o, [r["cpu"] for r in runs if r["solved"]]) for o, runs in points]
            solved = [(o, times) for o, times in solved if times]
            axes[1, column].plot([o for o, _ in solved], [np.median(t) for _, t in solved], "o-",
                                 color=f"C{color}", ms=3)  # fmt: skip
            deduced = sorted(
                (o, np.median([r["cpu"] for r in runs if r["solved"]]))
                for (k, f, o), runs in grouped(exact, "kind", "family", "observe").items()
                if (k, f) == (kind, family) and any(r["solved"] for r in runs)
            )  # fmt: skip
            axes[1, column].plot(*zip(*deduced, strict=True), ":", lw=1, color=f"C{color}")
            if tables:
                for observe, runs in points:
                    print(row(family, kind, observe, runs))
        axes[0, column].set(title=kind, ylim=(-0.05, 1.05), ylabel="solved and proved")
        axes[1, column].set(xscale="log", yscale="log", xlabel="observed share",
                            ylabel="processor seconds, median")  # fmt: skip
        for axis in axes[:, column]:
            axis.grid(alpha=0.2)
            axis.xaxis.set_major_locator(FixedLocator([0.02, 0.05, 0.1, 0.2, 0.5, 1]))
            axis.xaxis.set_major_formatter(PercentFormatter(1))
            axis.xaxis.set_minor_locator(NullLocator())
    axes[0, 0].legend(fontsize=7)
    axes[1, 0].plot([], [], "k:", lw=1, label="exact deduction")
    axes[1, 0].legend(fontsize=7)
    save(figure, "fractions")
    if tables:
        for solver, records in (("synchronization", learned), ("exact", exact)):
            print_least(solver, records)


def print_least(solver: str, records: Records) -> None:
    """Print the least share from which on all instances of a table were solved."""
    by_table = grouped(records, "family", "kind")
    for (family, kind), runs in by_table.items():
        least = None
        for (observe,), some in sorted(grouped(runs, "observe").items(), reverse=True):
            if not all(r["solved"] and r["right"] for r in some):
                break
            least = observe, np.median([r["cpu"] for r in some])
        print(solver, family, kind, least)


def row(family: str, kind: str, observe: float, runs: Records) -> str:
    good = [r for r in runs if r["solved"]]
    cpu = sorted(r["cpu"] for r in good)
    sweeps = sorted(r["sweeps"] for r in good)
    middle = f"{np.median(sweeps):.0f}" if good else "-"
    times = f"{np.median(cpu):.2f} ({cpu[0]:.2f} to {cpu[-1]:.2f})" if good else "-"
    return f"| {family} {kind} | {observe:.1%} | {len(good)}/{len(runs)} | {middle} | {times} |"


def wrong() -> None:
    groups = grouped(load("wrong"), "family", "kind", "observe", "noise")
    figure, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    curves: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (family, kind, observe, noise), runs in groups.items():
        solved = float(np.mean([r["solved"] and r["right"] for r in runs]))
        curves[f"{family} {kind}, {observe:.0%} observed"].append((noise, solved))
    for label, points in curves.items():
        axis.plot(*zip(*sorted(points), strict=True), "o-", ms=3, label=label)
    axis.set(xlabel="share of observed entries that are wrong", ylabel="recovered and proved",
             ylim=(-0.05, 1.05))  # fmt: skip
    axis.grid(alpha=0.2)
    axis.legend(fontsize=7)
    save(figure, "wrong")


def calibration() -> None:
    records = load("calibration")
    figure, axis = plt.subplots(figsize=(5, 3.4), layout="constrained")
    for color, family in enumerate(("S4", "A5", "S5")):
        runs = [r for r in records if r["job"]["family"] == family]
        weights = np.array([1 / sum(r["counts"]) for r in runs])  # each run counts alike
        counts = np.array([r["counts"] for r in runs])
        right = weights @ np.array([r["right"] for r in runs])
        centers = np.arange(counts.shape[1]) / 2 + 0.25
        seen = counts.sum(0) >= 50
        total = np.maximum(weights @ counts, 1e-12)
        axis.plot(centers[seen], (right / total)[seen], "o", ms=3, color=f"C{color}",
                  label=f"{family}, measured")  # fmt: skip
        axis.plot(centers, calibrated(centers, ORDERS[family]), "-", lw=1, color=f"C{color}")
    axis.set(xlabel="margin, in units of what unrelated matrices have",
             ylabel="share of symbols that are right",
             ylim=(0, 1.02), xlim=(0, 15))  # fmt: skip
    axis.grid(alpha=0.2)
    axis.legend(fontsize=8)
    save(figure, "margins")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", action="store_true")
    arguments = parser.parse_args()
    for part in ("targets", "open", "wrong", "ablation"):
        if arguments.tables:
            keys = ("family", "kind", "observe", "variant" if part == "ablation" else "noise")
            for key, runs in grouped(load(part), *keys).items():
                good = sum(r["solved"] and r["right"] for r in runs)
                false = sum(r["solved"] and not r["right"] for r in runs)
                cpu = [r["cpu"] for r in runs]
                sweeps = [r["sweeps"] for r in runs if r["solved"]]
                print(part, key, f"{good}/{len(runs)} false {false}", "cpu",
                      np.median(cpu), min(cpu), max(cpu), "sweeps",
                      np.median(sweeps) if sweeps else "-")  # fmt: skip
    fractions(arguments.tables)
    wrong()
    calibration()


if __name__ == "__main__":
    main()
