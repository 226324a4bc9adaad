"""The tables of docs/records/completion.md and docs/comparison.md, from benchmarks/results.

    python benchmarks/tables.py --keep FOLDER...   # runs.csv of `cayley bench --out` to results
    python benchmarks/tables.py --write            # tables into these pages
    python benchmarks/tables.py                    # print them

A table stands in a page between ``<!-- table: NAME -->`` and ``<!-- end -->``; a test compares.
"""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGES = (ROOT / "docs" / "records" / "completion.md", ROOT / "docs" / "comparison.md")
BLOCK = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)

METHODS = (
    "exact",
    "synchronization",
    "hypercube",
    "hypercube-training",
    "hypercube-shared",
    "sat-group",
    "sat-quasigroup",
    "cp",
    "tucker",
    "autoencoder-groups",
    "autoencoder",
    "transformer",
    "mlp",
    "most-frequent",
)
Run = dict[str, str]


# What is kept of a suite: its runs.csv without what is the same in all its runs.


def keep(folder: Path) -> None:
    """Move columns that are the same in all runs to suites.json, and shorten errors."""
    with (folder / "runs.csv").open(newline="") as file:
        runs = list(csv.DictReader(file))
    for run in runs:
        run["error"] = (run["error"].strip().splitlines() or [""])[-1]
        for name in ("seconds", "cpu_seconds", "metrics.method_seconds"):
            run[name] = run[name] and f"{float(run[name]):.4g}"
    names = ["suite", *(name for name in runs[0] if name.startswith(("config.", "environment.")))]
    same = {}
    for name in names:  # a run that failed has no settings
        values = {run[name] for run in runs} - {""}
        if len(values) == 1:
            same[name] = values.pop()
    suite = runs[0]["suite"]
    path = RESULTS / "suites.json"
    suites = json.loads(path.read_text()) if path.exists() else {}
    suites[suite] = {name: value for name, value in same.items() if name != "suite"}
    path.write_text(json.dumps(dict(sorted(suites.items())), indent=1, ensure_ascii=False) + "\n")
    with (RESULTS / f"{suite}.csv").open("w", newline="") as file:
        columns = [name for name in runs[0] if name not in same]
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(runs)


# Reading.


def runs_of(suite: str) -> list[Run]:
    with (RESULTS / f"{suite}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def rows_of(figure: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        (RESULTS / f"reproduce-{figure}.json").read_text(encoding="utf-8")
    )["rows"]
    return rows


# Writing.


def markdown(head: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, body)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def number(value: float) -> str:
    """Three digits, and no more than are needed; what is not 1 does not look like it."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return "0.999" if text == "1" and value < 1 else text


def spread(values: list[float], show: Callable[[float], str] = number) -> str:
    """Median, with the range where it shows."""
    if not values:
        return "–"
    low, middle, high = show(min(values)), show(median(values)), show(max(values))
    return middle if low == high else f"{middle} ({low} to {high})"


def share(value: float) -> str:
    """An accuracy in two digits; only 1 is 1 and only 0 is 0."""
    if 0.995 <= value < 1:
        return "0.99+"
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def cell(runs: list[Run], metric: str, show: Callable[[float], str] = number) -> str:
    """A metric over seeds; a refusal where the method refused."""
    if not runs:
        return ""
    if all(run["status"] == "failed" for run in runs):
        return "refused" if metric == "metrics.test_accuracy" else ""
    return spread([float(run[metric]) for run in runs if run.get(metric)], show)


def count(runs: list[Run], metric: str) -> str:
    if all(run["status"] == "failed" for run in runs):
        return ""
    return f"{sum(run[metric] == '1.0' for run in runs)} of {len(runs)}"


def seconds(value: float) -> str:
    return "< 0.01" if value < 0.01 else f"{value:.2g}"


def chosen(runs: list[Run], case: str, method: str) -> list[Run]:
    return [run for run in runs if (run["case"], run["method"]) == (case, method)]


# The tables.


def by_method(suite: str, cases: dict[str, str], last: str) -> str:
    """Accuracy by method and case; seconds and proofs of the last case named."""
    runs = runs_of(suite)
    body = [
        [
            f"`{method}`",
            *(cell(chosen(runs, case, method), "metrics.test_accuracy", share) for case in cases),
            cell(chosen(runs, last, method), "cpu_seconds", seconds),
            count(chosen(runs, last, method), "metrics.proved"),
        ]
        for method in METHODS
    ]
    where = cases[last]
    return markdown(["method", *cases.values(), f"s, {where}", f"proved, {where}"], body)


def groups() -> str:
    cases = {"S3@0.3": "S3 30 %", "S3@0.5": "S3 50 %", "mod7:a+b@0.5": "C7 50 %"}
    cases |= {"S4@0.3": "S4 30 %", "S4@0.5": "S4 50 %", "S4@0.8": "S4 80 %"}
    return by_method("groups", cases, "S4@0.3")


def isotopes() -> str:
    cases = {"S3-isotope@0.5": "S3 50 %", "S3-isotope@0.8": "S3 80 %"}
    cases |= {"S4-isotope@0.5": "S4 50 %", "S4-isotope@0.8": "S4 80 %"}
    return by_method("isotopes", cases, "S4-isotope@0.5")


def noise() -> str:
    runs = runs_of("noise")
    few, many = "S4@0.8~0.03", "S4@0.8~0.1"
    body = [
        [
            f"`{method}`",
            cell(chosen(runs, few, method), "metrics.test_accuracy", share),
            cell(chosen(runs, many, method), "metrics.test_accuracy", share),
            count(chosen(runs, few, method), "metrics.correct"),
            count(chosen(runs, many, method), "metrics.correct"),
            cell(chosen(runs, many, method), "cpu_seconds", seconds),
        ]
        for method in METHODS
    ]
    head = ["method", "hidden, 3 % wrong", "hidden, 10 % wrong", "table right, 3 %"]
    return markdown([*head, "table right, 10 %", "s, 10 %"], body)


def operations() -> str:
    runs = runs_of("operations")
    methods = ("exact", "synchronization", "hypercube", "hypercube-training", "cp")
    methods += ("autoencoder", "sat-quasigroup", "transformer", "most-frequent")
    cases = dict.fromkeys(run["case"] for run in runs)
    order = [f"{spec}@0.8" for spec in OPERATIONS]
    assert set(order) == set(cases)
    body = [
        [
            name,
            *(
                cell(chosen(runs, f"{spec}@0.8", method), "metrics.test_accuracy", share)
                for method in methods
            ),
        ]
        for spec, name in OPERATIONS.items()
    ]
    return markdown(["operation", *(f"`{method}`" for method in methods)], body)


OPERATIONS = {
    "mod7:a+b": "a+b",
    "mod7:a-b": "a−b",
    "mod7:a/b": "a/b",
    "mod7:a/b if b odd else a-b": "a/b or a−b by parity",
    "mod7:a^2+b^2": "a²+b²",
    "mod7:a^2+ab+b^2": "a²+ab+b²",
    "mod7:a^2+ab+b^2+a": "a²+ab+b²+a",
    "mod7:a^3+ab": "a³+ab",
    "mod7:a^3+ab^2+b": "a³+ab²+b",
    "S3:ab": "S3: ab",
    "S3:aba^-1": "S3: aba⁻¹",
    "S3:aba": "S3: aba",
}


def tuned() -> str:
    runs = runs_of("tuned")
    cases = {"mod7:a+b@0.6": "C7 60 %", "S4@0.6": "S4 60 %"}
    methods = [f"tuned-{method}" for method in METHODS]
    body = [
        [
            f"`{method}`",
            *(cell(chosen(runs, case, method), "metrics.test_accuracy", share) for case in cases),
            *(cell(chosen(runs, case, method), "metrics.steps") for case in cases),
        ]
        for method in methods
        if chosen(runs, "S4@0.6", method)
    ]
    return markdown(["method", *cases.values(), "steps, C7", "steps, S4"], body)


def summary() -> str:
    """The few numbers of the comparison."""
    cases = {"groups": "S4@0.3", "isotopes": "S4-isotope@0.5", "noise": "S4@0.8~0.1"}
    methods = ("exact", "synchronization", "hypercube", "sat-group", "cp", "transformer")
    suites = {suite: runs_of(suite) for suite in cases}
    body = []
    for method in methods:
        runs = {suite: chosen(suites[suite], cases[suite], method) for suite in cases}
        accuracies = [cell(runs[suite], "metrics.test_accuracy", share) for suite in cases]
        times = cell(runs["groups"], "cpu_seconds", seconds)
        body.append([f"`{method}`", *accuracies, times, count(runs["groups"], "metrics.proved")])
    head = ["method", "S4, 30 % shown", "S4 isotope, 50 %", "S4, 80 %, a tenth wrong"]
    return markdown([*head, "s, S4 30 %", "proved"], body)


def of_rows(rows: list[dict[str, Any]], **where: Any) -> dict[str, Any] | None:
    return next((row for row in rows if all(row[k] == v for k, v in where.items())), None)


def steps(row: dict[str, Any] | None) -> str:
    """Steps with their range, and how many seeds came to them if not all did."""
    if row is None:
        return ""
    if not row["successes"]:
        return f"0 of {row['runs']}"
    text = spread([row["low"], row["value"], row["high"]])
    return (
        text if row["successes"] == row["runs"] else f"{text}; {row['successes']} of {row['runs']}"
    )


def fractions() -> str:
    rows = rows_of("fractions")
    series = ("hypercube", "hypercube, shared", "transformer")
    body = []
    for x in (0.05, 0.1, 0.16, 0.2, 0.3, 0.5, 0.8):
        line = [f"{x:.0%}".replace("%", " %")]
        for name in series:
            row = of_rows(rows, series=name, x=x)
            published = row and row["published"]
            line += [steps(row), f"{published['value']:,.0f}" if published else ""]
        body.append(line)
    head = ["shown", "hypercube", "published, S5", "shared", "published, S5"]
    return markdown([*head, "transformer, 600 steps", "published, S5"], body)


def twelve() -> str:
    rows = rows_of("operations")
    shares = (0.5, 0.7, 0.9)
    body = [
        [name, *(steps(of_rows(rows, series=spec.partition(":")[2], x=x)) for x in shares)]
        for spec, name in OPERATIONS.items()
    ]
    return markdown(["operation", *(f"{x:.0%}".replace("%", " %") for x in shares)], body)


def complexity() -> str:
    rows = rows_of("complexity")

    def ratio(value: float) -> str:
        return f"{value:.2f}"

    body = []
    for spec, name in OPERATIONS.items():
        row = of_rows(rows, x=spec.partition(":")[2])
        assert row is not None
        values = [row[k] for k in ("low", "value", "high") if row[k] is not None]
        published = row["published"]
        body.append([name, spread(values, ratio), f"{published['value']:g}" if published else ""])
    return markdown(["operation", "ours, p = 7 or S3", "published, p = 97 or S5"], body)


PROBLEMS = {"D8@0.5": "D8", "mod7:a+b@0.6": "a+b", "mod7:a^2+b^2@0.8": "a²+b²"}


def penalty() -> str:
    rows = rows_of("penalty")
    kinds = {"hypercube": "H", "l2": "L2", "nuclear": "nuclear norm", "none": "none"}

    def best(panel: str, kind: str) -> str:
        found = [r for r in rows if (r["panel"], r["series"]) == (panel, kind) and r["successes"]]
        if not found:
            return "never"
        row = min(found, key=lambda r: (-r["successes"], r["value"]))
        weight = f" ({row['x']:g})" if kind != "none" else ""
        return f"{row['successes']} of {row['runs']}, {number(row['value'])} steps{weight}"

    body = [[name, *(best(panel, kind) for kind in kinds)] for panel, name in PROBLEMS.items()]
    return markdown(["", *kinds.values()], body)


def sensitivity(figure: str) -> str:
    rows = rows_of(figure)
    values = sorted({row["x"] for row in rows})
    body = [
        [name, *(steps(of_rows(rows, series=problem, x=x)) for x in values)]
        for problem, name in PROBLEMS.items()
    ]
    return markdown(["", *(f"{x:g}" for x in values)], body)


def accuracies(figure: str, columns: dict[str, str]) -> str:
    rows = rows_of(figure)

    def one(problem: str, x: str) -> str:
        row = of_rows(rows, series=problem, x=x)
        assert row is not None, x
        return spread([row["low"], row["value"], row["high"]], share)

    body = [[name, *(one(problem, x) for x in columns)] for problem, name in PROBLEMS.items()]
    return markdown(["", *columns.values()], body)


def diagonal() -> str:
    names = ("real matrices", "complex matrices", "complex diagonal", "real diagonal")
    return accuracies("diagonal", {name: name for name in names})


def factorizations() -> str:
    columns = {
        "hypercube": "HyperCube",
        "none": "tensor ring, no penalty",
        "diagonal, l2": "CP, descent, L2",
        "tucker, l2": "Tucker, descent, L2",
        "cp 1.0": "CP, TensorLy, rank n",
        "cp 2.0": "rank 2n",
        "tucker 0.5": "Tucker, TensorLy, rank n/2",
        "tucker 0.75": "rank 3n/4",
    }
    return accuracies("factorisations", columns)


TABLES: dict[str, Callable[[], str]] = {
    "fractions": fractions,
    "twelve": twelve,
    "complexity": complexity,
    "penalty": penalty,
    "epsilon": lambda: sensitivity("epsilon"),
    "rate": lambda: sensitivity("rate"),
    "scale": lambda: sensitivity("scale"),
    "dimension": lambda: sensitivity("dimension"),
    "diagonal": diagonal,
    "factorizations": factorizations,
    "groups": groups,
    "isotopes": isotopes,
    "noise": noise,
    "operations": operations,
    "tuned": tuned,
    "summary": summary,
}


def written(page: str) -> str:
    """Return a page with its tables made anew."""
    return BLOCK.sub(lambda found: found[1] + "\n" + TABLES[found[2]]() + "\n", page)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["--keep", *folders]:
            for folder in folders:
                keep(Path(folder))
        case ["--write"]:
            for page in PAGES:
                page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")
        case _:
            for name, table in TABLES.items():
                print(f"{name}\n\n{table()}")


if __name__ == "__main__":
    main(sys.argv[1:])
