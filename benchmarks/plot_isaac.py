"""Curves per step and per second from the JSON of `cayley bench isaac ... --json`.

    python benchmarks/plot_isaac.py RECORD.json FIGURE.svg [--case autoencoder]

One color per method, one thin line per seed, the median where seeds share their steps. Any
record with the curves `step`, `seconds` and `train_loss` can be added: name several files.
"""

import argparse
import json
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt

plt.rcParams["svg.hashsalt"] = "cayley"


def load(files: list[Path], case: str | None) -> list[dict]:
    records = [r for file in files for r in json.loads(file.read_text())["records"]]
    records = [r for r in records if r.get("curves") and case in (None, r["case"])]
    if not records:
        raise SystemExit(f"no record with curves for case {case!r} in {', '.join(map(str, files))}")
    return records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="RECORD... FIGURE")
    parser.add_argument("--case")
    arguments = parser.parse_args()
    *files, figure_file = arguments.files
    records = load(files, arguments.case)
    methods = list(dict.fromkeys(r["method"] for r in records))
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True, layout="constrained")
    for axis, quantity in zip(axes, ("step", "seconds"), strict=True):
        for color, method in enumerate(methods):
            runs = [r["curves"] for r in records if r["method"] == method]
            for run in runs:
                axis.plot(run[quantity], run["train_loss"], color=f"C{color}", lw=0.6, alpha=0.4)
            across = [list(zip(*(r[key] for r in runs), strict=False)) for key in
                      (quantity, "train_loss")]  # fmt: skip
            axis.plot(*([median(values) for values in points] for points in across),
                      color=f"C{color}", lw=1.8, label=method)  # fmt: skip
        axis.axhline(records[0]["config"]["target"], color="gray", ls=":", lw=1)
        axis.set(xlabel=quantity if quantity == "step" else "seconds of training", yscale="log")
        axis.grid(alpha=0.2)
    axes[0].set(ylabel="training loss", title=records[0]["config"]["problem"])
    axes[1].legend(fontsize=8)
    figure.savefig(figure_file, metadata={"Date": None} if figure_file.suffix == ".svg" else None)


if __name__ == "__main__":
    main()
