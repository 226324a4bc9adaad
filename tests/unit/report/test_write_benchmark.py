import json
import re

import pytest

from cayley.experiments import Store
from cayley.experiments._reproduce import REPRODUCTIONS, reproduce
from cayley.experiments._reproduce._points import PaperFigure, Reproduction, read_rows
from cayley.experiments._trial import Result, Trial, perform
from cayley.report._write_benchmark import summarize_results, write_benchmark
from cayley.report._write_reproduction import (
    reproduction_document,
    reproduction_text,
    write_reproduction,
)


@pytest.fixture(scope="module")
def results() -> list[Result]:
    settings = {"operation": "C3", "observe": 0.7}
    trials = [
        Trial(suite="completion", case=case, method=method, seed=seed, settings=settings)
        for case in ("C3", "<b>|&")
        for method in ("exact", "most-frequent", "nothing")
        for seed in range(2)
    ]
    return [perform(trial) for trial in trials]


def test_medians_and_failures(results) -> None:
    lines = {(line.case, line.method): line for line in summarize_results(results)}
    assert lines["C3", "exact"].metrics["correct"] == (1.0, 1.0, 1.0)
    assert (lines["C3", "nothing"].runs, lines["C3", "nothing"].failed) == (2, 2)
    assert lines["C3", "nothing"].verdict.startswith("ValueError: no method is called 'nothing'")
    low, high = lines["C3", "most-frequent"].metrics["accuracy"][1:]
    assert low <= high


def test_a_folder_with_everything(results, tmp_path) -> None:
    pytest.importorskip("polars")
    written = write_benchmark(results, tmp_path / "out", title="three < four")
    names = {"runs.csv", "runs.parquet", "summary.md", "summary.html", "summary.svg"}
    assert {path.name for path in written} == names
    page = (tmp_path / "out" / "summary.html").read_text()
    assert "<title>cayley: three &lt; four</title>" in page
    assert "&lt;b&gt;|&amp;" in page
    assert "<b>" not in page
    assert page.count("Traceback") == 1, "equal failures are shown once"
    assert "<svg" in page
    assert "data:" not in page, "a page that may load nothing shows no embedded picture"
    markdown = (tmp_path / "out" / "summary.md").read_text()
    assert "12 runs, 4 failed." in markdown
    table = [line for line in markdown.splitlines() if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert len(widths) == 1


FIGURE = REPRODUCTIONS["fractions"]


def small(metric: str = "steps_to_perfect", **changes) -> PaperFigure:
    from dataclasses import replace

    def experiments(full, seeds):
        return [
            e for e in REPRODUCTIONS["diagonal"].experiments(full, seeds) if e.operation == "D8"
        ][:2]

    return replace(FIGURE, metric=metric, experiments=experiments, **changes)


def test_rows_have_medians_successes_and_the_published_number() -> None:
    experiments = [
        e for e in FIGURE.experiments(False, 3) if e.observe == 0.3 and "training" in e.method
    ]
    assert [e.seed for e in experiments] == [0, 1, 2]
    steps = [{"steps_to_perfect": 120.0}, {"steps_to_perfect": 100.0}, {}]
    runs = []
    for experiment, metrics in zip(experiments, steps, strict=True):
        trial = Trial(suite="completion", case="", method=experiment.method, seed=experiment.seed)
        result = perform(trial)
        record = result.record
        object.__setattr__(record, "metrics", {**metrics, "method_seconds": 2.0})
        runs.append((experiment, result))
    (row,) = read_rows(FIGURE, runs)
    assert (row.series, row.x, row.runs, row.successes) == ("hypercube", 0.3, 3, 2)
    assert (row.value, row.low, row.high) == (110.0, 100.0, 120.0)
    assert row.published is not None
    assert (row.published.value, row.published.problem) == (130, "S5")
    text = reproduction_text(Reproduction(figure=FIGURE, full=False, rows=[row]))
    assert re.search(r"S4\s+hypercube\s+0\.3\s+2/3\s+110\s+100 to 120\s+2\s+130\s+S5", text)


def test_every_figure_is_data_of_both_sizes() -> None:
    from cayley.tables import generate_family

    for name, figure in REPRODUCTIONS.items():
        for full in (False, True):
            experiments = figure.experiments(full, 2)
            assert len(experiments) == len({repr(e) for e in experiments})
            assert {e.seed for e in experiments} <= {0, 1}
            for experiment in experiments:
                figure.place(experiment)
            if not full and name != "factors":
                for operation in {e.operation for e in experiments}:
                    assert generate_family(operation).order <= 24


def test_the_factors_of_s3_are_split_into_its_irreducibles(tmp_path) -> None:
    found = reproduce("factors", Store(tmp_path / "runs.sqlite"))
    assert found.document["group"] == "S3"
    assert found.document["blocks"] == [1, 1, 2, 2]
    outside = [(0, 1), (0, 2), (1, 2), (2, 4), (3, 5)]
    for image in found.matrices["block-diagonal"]:
        assert max(abs(image[a, b]) + abs(image[b, a]) for a, b in outside) < 1e-6
    written = write_reproduction(found, tmp_path)
    assert [path.name for path in written] == ["factors.svg", "factors.json"]
    document = json.loads(written[1].read_text())
    assert document["schema"] == "cayley.reproduction/1"
    assert document["rows"][0]["published"]["value"] == 3.0


def test_a_figure_goes_on_where_it_was_and_is_drawn(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(REPRODUCTIONS, "small", small(curves=False))
    store = Store(tmp_path / "runs.sqlite")
    seen = []
    first = reproduce("small", store, seeds=1, progress=seen.append)
    count = store.num_attempts()
    second = reproduce("small", store, seeds=1)
    assert store.num_attempts() == count == len(first.results)
    assert first.rows == second.rows
    assert write_reproduction(first, tmp_path)[0].read_text().count("<svg") == 1
    assert reproduction_document(first)["runs"][0]["settings"]["operation"] == "D8"
    with pytest.raises(ValueError, match="no figure is called 'nothing'; there are: fractions"):
        reproduce("nothing", store)
