"""Figures of docs/records/equivariance.md from records of `cayley bench symmetry ... --json`.

    python benchmarks/plot_symmetry.py RECORD.json... --out docs/_static [--merge MERGED.json]

Learning curves: one color per method, thin lines per seed, the median bold. Capacity: the share of
symbols found again by the number of bound pairs. `--merge` writes all records into one file.
"""

import argparse
import json
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt

plt.rcParams["svg.hashsalt"] = "cayley"
PROBLEMS = {
    "point-cloud": ("charges in an octahedral cage", "squared error / variance"),
    "digits": ("digits turned by right angles", "share of wrong digits"),
    "cube": ("best turn of a 2x2x2 cube", "share of bad turns"),
}
METHODS = ("plain", "augmented", "frame-average", "group-average", "equivariant")


def curves(axis, records, case, methods, x, y):
    for method in methods:
        runs = [r["curves"] for r in records if (r["case"], r["method"]) == (case, method)]
        if not runs:
            continue
        color = f"C{methods.index(method)}"
        for run in runs:
            axis.plot(run[x], run[y], color=color, lw=0.6, alpha=0.5)
        middle = [median(values) for values in zip(*(run[y] for run in runs), strict=True)]
        axis.plot(runs[0][x], middle, color=color, lw=1.8, marker="o", ms=3, label=method)
    axis.grid(alpha=0.2)


def learning(records, folder):
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    for axis, (case, (title, label)) in zip(axes, PROBLEMS.items(), strict=True):
        curves(axis, records, case, METHODS, "samples", "error")
        axis.set(xscale="log", yscale="log" if case == "point-cloud" else "linear", title=title,
                 xlabel="training samples", ylabel=label)  # fmt: skip
        sizes = next(r["curves"]["samples"] for r in records if r["case"] == case)
        axis.set_xticks(sizes, [f"{size:.0f}" for size in sizes], minor=False)
        axis.set_xticks([], minor=True)
    axes[-1].legend(fontsize=8)
    figure.savefig(folder / "symmetry_learning.svg", metadata={"Date": None})


def capacity(records, folder):
    figure, axis = plt.subplots(figsize=(5.5, 3.4), layout="constrained")
    methods = sorted({r["method"] for r in records if r["case"] == "binding"})
    curves(axis, records, "binding", methods, "pairs", "accuracy")
    axis.set(xlabel="bound pairs in one vector", ylabel="symbols found again", xscale="log")
    axis.legend(fontsize=8)
    figure.savefig(folder / "symmetry_binding.svg", metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--merge", type=Path)
    arguments = parser.parse_args()
    records = [r for file in arguments.files for r in json.loads(file.read_text())["records"]]
    records.sort(key=lambda r: (r["case"], r["method"], r["seed"]))
    if arguments.merge:
        document = {"schema": "cayley.bench/1", "suite": "symmetry", "records": records}
        arguments.merge.write_text(json.dumps(document, indent=1) + "\n")
    learning(records, arguments.out)
    capacity(records, arguments.out)


if __name__ == "__main__":
    main()
