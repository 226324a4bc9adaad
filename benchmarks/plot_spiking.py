"""Figures of docs/records/spiking.md from the folders of `cayley bench spiking --out`.

    cayley bench spiking --case xor --out xor
    python benchmarks/plot_spiking.py activity xor/xor-three-way-0.npz FIGURE.png
    python benchmarks/plot_spiking.py learning RECORDS.json ... FIGURE.svg
    python benchmarks/plot_spiking.py groups RECORDS.json ... FIGURE.svg

`activity` draws one trial: inputs, raster, potentials, currents, readout against target, and
learned against predicted fast weights where there are some. `learning` draws the validation score
of every record with curves, by step. `groups` draws the accuracy of delayed products by group, as
trained, with a narrow zone, and of the surrogate networks, a point for each seed, in the order of
the groups' sizes. Runs that were broken off go on from their store:

    cayley bench spiking --case delayed-group --store groups.sqlite --out groups
"""

import argparse
import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cayley.report.figures._activity import draw_activity

plt.rcParams["svg.hashsalt"] = "cayley"


def learning(files: list[Path], figure_file: Path) -> None:
    records = [r for file in files for r in json.loads(file.read_text())["records"]]
    drawn = [r for r in records if "score" in r.get("curves", {})]
    if not drawn:
        raise SystemExit("no record has a curve called score")
    figure, axis = plt.subplots(figsize=(6, 3.2), layout="constrained")
    names = list(dict.fromkeys((r["case"], r["method"]) for r in drawn))
    for r in drawn:
        place = names.index((r["case"], r["method"]))
        first = r is next(s for s in drawn if (s["case"], s["method"]) == names[place])
        axis.plot(r["curves"]["step"], r["curves"]["score"], color=f"C{place}", lw=1,
                  marker=".", label=" ".join(names[place]) if first else None)  # fmt: skip
    axis.set(xlabel="step", ylabel="accuracy on validation trials", ylim=(0, 1.02))
    axis.grid(alpha=0.2)
    axis.legend(fontsize=8)
    figure.savefig(figure_file, metadata={"Date": None} if figure_file.suffix == ".svg" else None)


def groups(files: list[Path], figure_file: Path) -> None:
    records = [r for file in files for r in json.loads(file.read_text())["records"]]
    drawn = [r for r in records if r["case"].startswith("delayed-group") and r["metrics"]]
    if not drawn:
        raise SystemExit("no record of delayed-group")
    orders = {r["method"]: r["config"]["order"] for r in drawn}
    names = sorted(orders, key=lambda name: (orders[name], name))
    figure, axis = plt.subplots(figsize=(6, 3), layout="constrained")
    for shift, case, metric, label in (
        (-0.2, "delayed-group", "accuracy", "exact gradient"),
        (0.0, "delayed-group", "accuracy_narrow", "exact gradient, narrow zone"),
        (0.2, "delayed-group-surrogate", "accuracy", "surrogate gradient"),
    ):
        of_case = [r for r in drawn if r["case"] == case]
        places = [names.index(r["method"]) + shift for r in of_case]
        if of_case:
            axis.plot(places, [r["metrics"][metric] for r in of_case], "o", ms=4, label=label)
    chance = [1 / orders[name] for name in names]
    axis.step(range(len(names)), chance, where="mid", color="gray", lw=1, label="chance")
    axis.set(ylabel="accuracy", ylim=(0, 1.02), xticks=range(len(names)), xticklabels=names)
    axis.tick_params(axis="x", labelrotation=30)
    axis.grid(alpha=0.2)
    axis.legend(fontsize=8, loc="center right")
    figure.savefig(figure_file, metadata={"Date": None} if figure_file.suffix == ".svg" else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("activity", "learning", "groups"))
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE... FIGURE")
    arguments = parser.parse_args()
    *files, figure_file = arguments.files
    if arguments.kind == "activity":
        draw_activity(dict(np.load(files[0])), figure_file, title=files[0].stem)
    else:
        {"learning": learning, "groups": groups}[arguments.kind](files, figure_file)


if __name__ == "__main__":
    main()
