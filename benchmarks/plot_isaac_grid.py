"""Heat maps and a table from the JSON of `cayley bench isaac-grid ... --json`.

    python benchmarks/plot_isaac_grid.py RECORD.json FIGURE.svg

One panel for each size and method with a damping: the steps to the target by rate and damping, the
median over seeds, with the tuned setting marked that most seeds chose. The table, printed, has the
median of steps and test accuracy of every method by size, and the range over seeds.
"""

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt

plt.rcParams["svg.hashsalt"] = "cayley"


def grouped(records: list[dict]) -> dict[tuple[str, str], list[dict]]:
    groups = defaultdict(list)
    for record in records:
        groups[record["case"], record["method"]].append(record)
    return dict(groups)


def heat_map(axis, runs: list[dict]) -> None:
    curves = runs[0]["curves"]
    rates, dampings = (sorted(set(curves[name])) for name in ("rate", "damping"))
    values = [[0.0] * len(rates) for _ in dampings]
    for at, place in enumerate(zip(curves["rate"], curves["damping"], strict=True)):
        steps = median(run["curves"]["steps_to_target"][at] for run in runs)
        values[dampings.index(place[1])][rates.index(place[0])] = steps
    most = runs[0]["config"]["steps"]
    axis.imshow(values, origin="lower", cmap="viridis_r", vmin=0, vmax=most, aspect="auto")
    for row, line in enumerate(values):
        for column, steps in enumerate(line):
            shown, color = f"{steps:.0f}", "black" if steps <= most / 2 else "white"
            if steps == most:
                shown = "-"
            axis.text(column, row, shown, ha="center", va="center", fontsize=6, color=color)
    ((rate, damping), _) = Counter(
        (run["config"]["rate"], run["config"]["damping"]) for run in runs
    ).most_common(1)[0]
    axis.plot(rates.index(rate), dampings.index(damping), "s", ms=16, mfc="none", mec="black")
    axis.set_xticks(range(len(rates)), [f"{rate:.2g}" for rate in rates], fontsize=6, rotation=45)
    axis.set_yticks(range(len(dampings)), [f"{damping:g}" for damping in dampings], fontsize=6)


def table(groups: dict[tuple[str, str], list[dict]]) -> list[str]:
    lines = ["| size | method | steps | reached | test accuracy |", "|---|---|---|---|---|"]
    for (case, method), runs in groups.items():
        steps, accuracy = (
            sorted(run["metrics"][name] for run in runs)
            for name in ("steps_to_target", "test_accuracy")
        )
        reached = sum(run["metrics"]["reached"] for run in runs)
        lines.append(
            f"| {case} | {method} | {median(steps):.0f} ({steps[0]:.0f}-{steps[-1]:.0f}) | "
            f"{reached:.0f} of {len(runs)} | "
            f"{median(accuracy):.3f} ({accuracy[0]:.3f}-{accuracy[-1]:.3f}) |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=Path)
    parser.add_argument("figure", type=Path)
    arguments = parser.parse_args()
    groups = grouped(json.loads(arguments.record.read_text())["records"])
    print("\n".join(table(groups)))
    maps = {
        place: runs for place, runs in groups.items() if len(set(runs[0]["curves"]["damping"])) > 1
    }
    cases, methods = (list(dict.fromkeys(place[i] for place in maps)) for i in (0, 1))
    figure, axes = plt.subplots(
        len(cases), len(methods), squeeze=False, layout="constrained",
        figsize=(2.2 * len(methods), 1.9 * len(cases)),
    )  # fmt: skip
    for row, case in enumerate(cases):
        for column, method in enumerate(methods):
            axis = axes[row, column]
            if (case, method) in maps:
                heat_map(axis, maps[case, method])
            else:
                axis.set_axis_off()
            if row == 0:
                axis.set_title(method, fontsize=8)
            if column == 0:
                axis.set_ylabel(f"{case}\ndamping", fontsize=7)
            if row == len(cases) - 1:
                axis.set_xlabel("rate", fontsize=7)
    figure.savefig(
        arguments.figure, metadata={"Date": None} if arguments.figure.suffix == ".svg" else None
    )


if __name__ == "__main__":
    main()
