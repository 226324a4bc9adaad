"""Figures of docs/records/hypercube.md from the record of `cayley.experiments.records.steps`.

    python benchmarks/plot_hypercube.py

One panel per kind of factors: steps to a table without an error, against the observed share, one
line an order; seeds as points, a cross on the upper edge where a seed did not get there. And the
accuracy on the hidden cells of operations that are no group.
"""

import json
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt

plt.rcParams["svg.hashsalt"] = "cayley"
HERE = Path(__file__).parent
RECORD = HERE / "results" / "hypercube_steps.json"
STATIC = HERE.parent / "docs" / "_static"
GROUPS = ("S3", "S4", "A5", "S5")
PUBLISHED = {
    "separate": {0.16: 750, 0.2: 350, 0.3: 130, 0.5: 50, 0.8: 25},
    "shared": {0.05: 600, 0.1: 75, 0.2: 26, 0.3: 15},
}


def of(runs: list[dict], **wanted: object) -> list[dict]:
    return [run for run in runs if all(run[key] == value for key, value in wanted.items())]


def steps(runs: list[dict]) -> None:
    figure, grid = plt.subplots(2, 2, figsize=(9, 6.4), sharex="col", layout="constrained")
    for column, factors in enumerate(("separate", "shared")):
        for row, quantity in enumerate(("steps", "cpu_seconds")):
            axis = grid[row][column]
            for color, group in enumerate(GROUPS):
                mine = of(runs, operation=group, factors=factors, products="default")
                line = {}
                for run in mine:
                    mark = "o" if run["solved"] else "x"
                    axis.plot(run["observe"], run[quantity], mark, color=f"C{color}", ms=3.5,
                              alpha=0.6)  # fmt: skip
                    if run["solved"]:
                        line.setdefault(run["observe"], []).append(run[quantity])
                shares = sorted(line)
                axis.plot(shares, [median(line[s]) for s in shares], color=f"C{color}",
                          label=f"{group}, n = {mine[0]['order']}" if mine else group)  # fmt: skip
            axis.set(xscale="log", yscale="log")
            axis.set_xticks([0.05, 0.1, 0.2, 0.3, 0.5, 0.8], ["5 %", "10", "20", "30", "50", "80"])
            axis.minorticks_off()
            axis.grid(alpha=0.2)
        published = PUBLISHED[factors]
        grid[0][column].plot(*zip(*published.items(), strict=True), "k:", label="S5, published")
        grid[0][column].set_title(f"{factors} factors")
        grid[1][column].set_xlabel("observed share of the cells")
    grid[0][0].set_ylabel("steps to a table without an error")
    grid[1][0].set_ylabel("processor seconds, one thread")
    grid[0][0].legend(fontsize=8)
    figure.savefig(STATIC / "hypercube_steps.svg", metadata={"Date": None})


def operations(runs: list[dict]) -> None:
    modular = sorted({run["operation"] for run in runs if run["operation"].startswith("mod23:")})
    figure, axis = plt.subplots(figsize=(7.2, 4), layout="constrained")
    for color, operation in enumerate(modular):
        mine = of(runs, operation=operation, factors="separate", products="default")
        shares = sorted({run["observe"] for run in mine})
        accuracy = [median(r["hidden_accuracy"] for r in of(mine, observe=s)) for s in shares]
        axis.plot(shares, accuracy, "o-", ms=4, color=f"C{color}", label=operation[6:])
    axis.set(xlabel="observed share of the cells", ylabel="accuracy on the hidden cells",
             title="p = 23, default settings, median of the seeds")  # fmt: skip
    axis.grid(alpha=0.2)
    axis.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(STATIC / "hypercube_operations.svg", metadata={"Date": None})


def main() -> None:
    runs = json.loads(RECORD.read_text())["runs"]
    steps(runs)
    operations(runs)
    for run in sorted({(r["operation"], r["factors"], r["observe"], r["products"]) for r in runs}):
        operation, factors, observe, products = run
        mine = of(runs, operation=operation, factors=factors, observe=observe, products=products)
        taken = [r["steps"] for r in mine if r["solved"]]
        print(
            f"{operation:30} {factors:8} {observe:.0%} {products}: {len(taken)}/{len(mine)} solved,"
            f" steps {sorted(taken)}, hidden {[r['hidden_accuracy'] for r in mine]}"
        )


if __name__ == "__main__":
    main()
