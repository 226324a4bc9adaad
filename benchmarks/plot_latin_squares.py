"""The figure of `docs/records/hypercube.md` on Latin squares, from `results/latin_squares.json`.

python benchmarks/plot_latin_squares.py docs/_static/hypercube_latin_squares.svg
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

RECORD = Path(__file__).parent / "results" / "latin_squares.json"


def main(path: Path) -> None:
    runs = [run for run in json.loads(RECORD.read_text())["runs"] if run["value"] is not None]
    mpl.rcParams["svg.hashsalt"] = "cayley"  # equal bytes for equal records
    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for isotope, marker, label in (
        (True, "s", "isotopes of groups"),
        (False, "o", "other Latin squares"),
    ):
        chosen = [run for run in runs if run["is_isotope"] is isotope]
        axes.scatter(
            [run["order"] for run in chosen],
            [run["value"] for run in chosen],
            marker=marker,
            facecolors="none" if not isotope else None,
            edgecolors="C0",
            label=label,
        )
    axes.axhline(3, color="0.7", linewidth=0.8, zorder=0)
    axes.set_xlabel("order")
    axes.set_ylabel("H / n²")
    axes.set_xticks(sorted({run["order"] for run in runs}))
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
