"""Draw the figures of the page on the report, and measure the report.

    python benchmarks/plot_report.py            # figures into docs/_static
    python benchmarks/plot_report.py --measure  # sizes and times into benchmarks/results

Run from the root of the repository. The screenshots of the page and of the studio come from the
tests in a browser: ``CAYLEY_SCREENSHOTS=docs/_static pytest tests/browser``.
"""

import json
import platform
import sys
import time
from pathlib import Path
from statistics import median

from cayley import read_table, solve
from cayley.report import (
    draw_characters,
    draw_curves,
    draw_matrices,
    render_report,
    save_figure,
)
from cayley.report.figures._figure_kinds import picture_of
from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.tables import generate_family, isotope, mask

ROOT = Path(__file__).parents[1]
STATIC, RESULTS = ROOT / "docs" / "_static", ROOT / "benchmarks" / "results"
CASES = ["S3", "D12", "S4", "A5", "S5"]


def draw() -> None:
    ammonia = solve(read_table(ROOT / "examples" / "tables" / "c3v_partial.csv"))
    hexagon = solve(read_table(ROOT / "examples" / "tables" / "dihedral12_noisy.csv"))
    symmetric = solve(mask(generate_family("S4"), observe=0.16, seed=0), solver="hypercube")
    renamed = isotope(generate_family("S3"), seed=2)
    learned = solve(mask(renamed, observe=0.61, seed=0), solver="hypercube")
    # Pictures as values become much smaller files than by matplotlib.
    for name, kind, solution in (
        ("before_after", "before-after", ammonia),
        ("suspects", "before-after", hexagon),
        ("table", "table", symmetric),
        ("cayley_graph", "cayley-graph", hexagon),
    ):
        picture = picture_of(kind, solution)
        assert picture is not None
        svg = drawing_svg(picture, name=kind, standalone=True)
        (STATIC / f"report_{name}.svg").write_text(svg + "\n", encoding="utf-8")
    for name, figure in {
        "matrices": draw_matrices(learned),
        "curves": draw_curves(symmetric),
        "characters": draw_characters(solve(generate_family("SL(2,3)"))),
    }.items():
        save_figure(figure, STATIC / f"report_{name}.svg")


def measure(repeats: int = 3) -> None:
    rows = []
    for family in CASES:
        for solver in ("exact", "hypercube"):
            table = mask(generate_family(family), observe=0.5, seed=0)
            if solver == "hypercube" and table.order > 24:
                continue
            solution = solve(table, solver=solver)
            processor, wall = [], []
            for _ in range(repeats):
                start, used = time.perf_counter(), time.process_time()
                page = render_report(solution)
                wall.append(time.perf_counter() - start)
                processor.append(time.process_time() - used)
            rows.append(
                {
                    "family": family,
                    "order": table.order,
                    "solver": solution.solver,
                    "bytes": len(page.encode()),
                    "processor_seconds": round(median(processor), 2),
                    "wall_seconds": round(median(wall), 2),
                }
            )
            print(rows[-1])
    record = {"python": platform.python_version(), "machine": platform.machine(), "rows": rows}
    (RESULTS / "report.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    measure() if "--measure" in sys.argv else draw()
