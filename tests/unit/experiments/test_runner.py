import json

import pytest

from cayley.experiments import Case, Measurement, Suite, run_suite, summarize
from cayley.experiments._runner import to_document
from cayley.experiments._suite import Context, load_suite


def _run(method: str, context: Context) -> Measurement:
    context.progress(0.5, "half")
    return Measurement(
        metrics={"value": context.seed + (10 if method == "b" else 0)}, config={"k": 1}
    )


SUITE = Suite(
    name="toy",
    description="",
    cases=(
        Case(name="one", description="", methods=("a", "b"), metrics=("value",), run=_run),
        Case(name="two", description="", methods=("a",), metrics=("value",), run=_run),
    ),
)


def test_every_case_method_and_seed_is_run_once_in_order() -> None:
    records = list(run_suite(SUITE, seeds=range(2)))
    runs = [(r.case, r.method, r.seed) for r in records]
    expected = [("one", "a"), ("one", "b"), ("two", "a")]
    assert runs == [(case, method, seed) for case, method in expected for seed in range(2)]


def test_selection_and_its_errors() -> None:
    assert [r.method for r in run_suite(SUITE, cases=["one"], methods=["b"])] == ["b"]
    with pytest.raises(ValueError, match=r"no case is called 'three'; there are: one, two\."):
        list(run_suite(SUITE, cases=["three"]))
    with pytest.raises(ValueError, match=r"no method is called 'b'; there are: a\."):
        list(run_suite(SUITE, cases=["two"], methods=["b"]))
    with pytest.raises(ValueError, match="no suite is called 'nothing'"):
        load_suite("nothing")


def test_summary_is_over_seeds() -> None:
    summary = summarize(run_suite(SUITE, cases=["one"], methods=["b"], seeds=range(4)))
    (value,) = [row for row in summary if row["metric"] == "value"]
    assert (value["median"], value["min"], value["max"]) == (11.5, 10.0, 13.0)


def test_progress_runs_from_zero_to_one() -> None:
    seen: list[float] = []
    list(run_suite(SUITE, progress=lambda done, message: seen.append(done)))
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert seen[-1] < 1.0


def test_document_is_json_of_its_schema() -> None:
    document = json.loads(json.dumps(to_document("toy", list(run_suite(SUITE)))))
    assert document["schema"] == "cayley.bench/1"
    assert set(document["records"][0]) == {"case", "method", "seed", "metrics", "seconds", "config"}


def test_a_device_is_refused_where_nothing_would_compute_on_it() -> None:
    with pytest.raises(ValueError, match="'isaac' computes on the processor only"):
        list(run_suite("isaac", device="auto"))
