"""Draw the figures of the page on invariance, and print its tables.

Reads the records of ``cayley bench invariance --json`` in ``benchmarks/results`` and, for the
operation, trains anew (a minute). Run from the root of the repository:

    python benchmarks/plot_invariance.py
"""

import json
from pathlib import Path
from statistics import mean, stdev

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from cayley.experiments._invariance._spurious_cue import fit_operation, operation_table
from cayley.experiments._invariance._two_bits import invariant_value, risk_of_pair, wrong_root
from cayley.experiments._suite import Context

ROOT = Path(__file__).parent
RESULTS, STATIC = ROOT / "results", ROOT.parent / "docs" / "_static"
COLORS = {"erm": "#b04030", "irm": "#c08a20", "mri": "#2a6fb0", "oracle": "#555555"}
STYLE = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "0"}


def records(name: str) -> list[dict]:
    return json.loads((RESULTS / f"invariance-{name}.json").read_text())["records"]


def save(figure: plt.Figure, name: str) -> None:
    figure.savefig(STATIC / f"invariance_{name}.svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def draw_roots() -> None:
    """The plane of weights of the two-feature problem: curves of IRM-v1, line of MRI."""
    w0, w1 = np.meshgrid(np.linspace(-0.9, 1.1, 600), np.linspace(-0.5, 1.5, 600))
    figure, axis = plt.subplots(figsize=(4.6, 3.8))
    for r, style in ((1.0, "-"), (0.8, "--")):
        excess = w0**2 + w1**2 + 1.5 * r * w0 * w1 - 0.75 * w0 - r * w1
        axis.contour(w0, w1, excess, levels=[0], colors=COLORS["irm"], linestyles=style)
        axis.plot([], [], style, color=COLORS["irm"], label=f"IRM-v1, correlation {r}")
    axis.axhline(0, color=COLORS["mri"], label="MRI-v1, both environments")
    wrong = np.array([[2 / 3, 18**-0.5], [2 / 3, -(18**-0.5)], [0, 0]])
    axis.plot(*wrong.T, "o", mfc="white", color=COLORS["irm"], label="wrong roots of IRM-v1")
    axis.plot(0.75, 0, "*", ms=13, color="black", label="invariant predictor")
    axis.plot(0.2618, 0.7233, "s", color=COLORS["erm"], label="least squares")
    axis.set(xlabel="weight of the cause", ylabel="weight of the spurious feature")
    axis.legend(frameon=False, fontsize=7, loc="upper right")
    save(figure, "roots")


def draw_colored() -> None:
    """Accuracy of every seed in the test environment of Colored MNIST."""
    rows = records("colored-mnist")
    methods = [
        m
        for m in ("erm", "irm", "irm-relaxed", "irm-alm", "mri", "mri-alm", "oracle")
        if any(row["method"] == m for row in rows)
    ]
    figure, axis = plt.subplots(figsize=(4.6, 2.6))
    for i, method in enumerate(methods):
        values = [r["metrics"]["ood_accuracy"] for r in rows if r["method"] == method]
        axis.plot(
            values, [i] * len(values), "o", ms=5, alpha=0.7, color=COLORS[method.split("-")[0]]
        )
    axis.axvline(0.75, color="#bbbbbb", lw=0.8)
    top = axis.get_xaxis_transform()
    axis.text(0.75, 1.01, "best possible", fontsize=7, ha="center", va="bottom", transform=top)
    axis.set_yticks(range(len(methods)), methods)
    axis.set(xlabel="accuracy where color disagrees with the label", xlim=(0, 0.8))
    save(figure, "colored_mnist")


def draw_shapes() -> None:
    """Cross entropy of every seed in the test environment of shapes and textures."""
    rows = records("shapes")
    causal = 1 - 2 * rows[0]["config"]["noise"]
    loss, cue = rows[0]["config"]["loss"], 2 * rows[0]["config"]["test_agreement"] - 1
    exact = {
        "invariant predictor": (invariant_value(causal, loss),) * 2,
        "wrong root of IRM-v1": wrong_root(causal, loss),
    }
    methods = list(dict.fromkeys(row["method"] for row in rows))
    figure, axis = plt.subplots(figsize=(5.0, 0.26 * len(methods) + 1))
    for i, method in enumerate(methods):
        values = [r["metrics"]["ood_risk"] for r in rows if r["method"] == method]
        color = COLORS.get(method.split("-")[0], "#777777")
        axis.plot(values, [i] * len(values), "o", ms=5, alpha=0.7, color=color)
    for name, pair in exact.items():
        at = risk_of_pair(pair, causal, cue, loss)
        axis.axvline(at, color="#bbbbbb", lw=0.8)
        top = axis.get_xaxis_transform()
        axis.text(at, 1.01, name, fontsize=7, ha="center", va="bottom", transform=top)
    axis.set_yticks(range(len(methods)), methods)
    axis.set(xlabel="cross entropy where the texture misleads", xlim=(0.1, 0.6))
    save(figure, "shapes")


def draw_operation() -> None:
    """Share of right answers per cell of S3 when the cue is wrong, and what the cue is worth."""
    fits = {m: fit_operation("S3", m, Context(seed=0)) for m in ("erm", "irm-alm", "mri-alm")}
    table = operation_table("S3")
    order = len(table)
    wrong = np.arange(order)[None, None] != table[..., None]
    figure, axes = plt.subplots(1, 5, figsize=(11, 2.4), layout="constrained")
    axes[0].imshow(table, cmap="tab10", vmax=9)
    axes[0].set_title("the operation: S3")
    for axis, (method, fit) in zip(axes[1:], fits.items(), strict=False):
        right = ((fit.table == table[..., None]) & wrong).sum(2) / wrong.sum(2)
        image = axis.imshow(right, vmin=0, vmax=1, cmap="viridis")
        axis.set_title(f"{method}: {fit.ood_accuracy:.0%} right")
    for axis in axes[:4]:
        axis.set_xticks([])
        axis.set_yticks([])
    figure.colorbar(image, ax=axes[1:4], fraction=0.03, label="right, cue wrong")
    axes[4].bar(
        list(fits),
        [fit.cue_effect for fit in fits.values()],
        color=[COLORS[m.split("-")[0]] for m in fits],
    )
    axes[4].set_ylabel("logit that the cue is worth")
    axes[4].tick_params(axis="x", labelsize=7)
    save(figure, "operation")


def print_tables() -> None:
    """One Markdown table per case: mean and standard deviation over seeds."""
    for path in sorted(RESULTS.glob("invariance-*.json")):
        rows = json.loads(path.read_text())["records"]
        names = list(rows[0]["metrics"])
        print(f"\n{path.stem}: {len({row['seed'] for row in rows})} seeds\n")
        print("| method | " + " | ".join(names) + " | seconds | n |")
        print("|---" * (len(names) + 3) + "|")
        for method in dict.fromkeys(row["method"] for row in rows):
            own = [row for row in rows if row["method"] == method]
            columns = [[row["metrics"][n] for row in own] for n in names]
            columns.append([row["seconds"] for row in own])
            cells = [
                f"{mean(c):.3f} ± {stdev(c):.3f}" if len(c) > 1 else f"{c[0]:.3f}" for c in columns
            ]
            print(f"| {method} | " + " | ".join(cells) + f" | {len(own)} |")


if __name__ == "__main__":
    plt.rcParams.update(STYLE)
    STATIC.mkdir(parents=True, exist_ok=True)
    draw_roots()
    draw_colored()
    draw_shapes()
    draw_operation()
    print_tables()
