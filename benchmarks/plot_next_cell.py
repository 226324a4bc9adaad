"""The figure and the tables of `docs/records/next-cell.md` from `results/next_cell.json`.

    python benchmarks/plot_next_cell.py [--tables]

Writes `docs/_static/next_cell.svg`; with --tables prints the Markdown tables as well.
"""

import argparse
import json
import math
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt

from cayley.experiments.records.next_cell import GOALS, LAWS

plt.rcParams["svg.hashsalt"] = "cayley"
HERE = Path(__file__).parent
TARGET = HERE.parent / "docs" / "_static" / "next_cell.svg"
# Automorphisms of each group, for the bits that single one table out of those of the group.
AUTOMORPHISMS = {"S4": 24, "C24": 8, "D24": 48, "A5": 120, "S5": 120, "PSL(2,7)": 336}
ORDERS = {"S4": 24, "C24": 24, "D24": 24, "A5": 60, "S5": 120, "PSL(2,7)": 168}
WAYS = {"chosen": "chosen by next_cells", "random": "at random", "walk": "walk on two generators"}


def load():
    return json.loads((HERE / "results" / "next_cell.json").read_text())["records"]


def counts(records, way, name, assume):
    prefix = f"{way}/{name}/{assume}/"
    found = [each["cells"] for key, each in records.items() if key.startswith(prefix)]
    return [each for each in found if each is not None]


def floor(name, assume):
    """Return how many answers the bits of a table take at least."""
    n = ORDERS[name]
    bits = math.lgamma(n + 1) / math.log(2)
    total = bits - math.log2(AUTOMORPHISMS[name])
    if assume == "isotope":
        # (n!)^3 isotopisms, and n^2 |Aut G| of them are autotopisms
        total = 3 * bits - 2 * math.log2(n) - math.log2(AUTOMORPHISMS[name])
    return total / math.log2(n)


def figure(records):
    drawing, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    kinds = list(GOALS)
    styles = {"chosen": ("C0", "o"), "random": ("C1", "x"), "walk": ("C2", "+")}
    for place, (name, assume) in enumerate(kinds):
        n = ORDERS[name]
        for shift, (way, (color, marker)) in enumerate(styles.items()):
            found = counts(records, way, name, assume)
            label = WAYS[way] if place == 0 else None
            axes.scatter(
                [place + 0.2 * (shift - 1)] * len(found),
                [each / n for each in found],
                color=color,
                marker=marker,
                s=22,
                label=label,
            )
        axes.hlines(floor(name, assume) / n, place - 0.35, place + 0.35, color="black", lw=1,
                    label="floor by bits" if place == 0 else None)  # fmt: skip
        axes.hlines(GOALS[name, assume] / n, place - 0.35, place + 0.35, color="gray", lw=1,
                    linestyle=":", label="goal" if place == 0 else None)  # fmt: skip
    axes.set_xticks(range(len(kinds)))
    axes.set_xticklabels(
        [name if assume == "group" else f"{name}\nisotope" for name, assume in kinds]
    )
    axes.set_ylabel("cells until proved / order")
    axes.set_ylim(0)
    axes.legend(frameon=False, fontsize=8)
    drawing.savefig(TARGET, metadata={"Date": None})


def spread(found):
    return f"{median(found):g} ({min(found)} to {max(found)})" if found else ""


def processor_time(made):
    usual = median(each["seconds"] for each in made)
    return f"{usual:.2f} ({max(each['most_seconds'] for each in made):.2f})"


def tables(records):
    print("| | goal | chosen | seconds, median (most) | at random | walk | floor by bits |")
    print("|---|---|---|---|---|---|---|")
    for (name, assume), goal in GOALS.items():
        prefix = f"chosen/{name}/{assume}/"
        made = [each for key, each in records.items() if key.startswith(prefix)]
        if not made:
            continue
        seconds = (
            f"{median(r['seconds'] for r in made):.2f} ({max(r['most_seconds'] for r in made):.2f})"
        )
        proved = all(each["unique"] == "yes" and each["right"] for each in made)
        found = [spread(counts(records, way, name, assume)) for way in ("chosen", "random", "walk")]
        title = name if assume == "group" else f"{name} isotope"
        title += "" if proved else " (not all proved)"
        print(
            f"| {title} | {goal} | {found[0]} | {seconds} | {found[1]} | {found[2]} | "
            f"{floor(name, assume):.1f} |"
        )
    for (name, theory), goal in LAWS.items():
        made = [each for key, each in records.items() if key.startswith(f"laws/{name}/{theory}/")]
        if made:
            seconds = processor_time(made)
            found = [each["cells"] for each in made]
            print(f"| {name}, {theory} | {goal} | {spread(found)} | {seconds} | | | |")
    noisy = [each for key, each in records.items() if key.startswith("noisy/")]
    if noisy:
        right = sum(each["right"] for each in noisy)
        print(
            f"\nnoisy: {spread([each['cells'] for each in noisy])}, right {right} of {len(noisy)}"
        )
    for key in ("order 8/next_cells", "order 8/all tables"):
        if key in records:
            print(key, records[key])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", action="store_true")
    options = parser.parse_args()
    stored = load()
    figure(stored)
    if options.tables:
        tables(stored)
