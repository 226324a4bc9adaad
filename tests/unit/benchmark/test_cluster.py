"""A real Ray cluster of two nodes on this machine."""

import os

import pytest

from cayley.benchmark import RayWorkers, Store, Trial, parse_cluster, run_sweep


def test_clusters_are_told_by_their_address() -> None:
    assert parse_cluster("ray", jobs=3, threads=2) == RayWorkers(jobs=3, threads=2)
    assert parse_cluster("ray://10.0.0.7:10001").address == "ray://10.0.0.7:10001"
    for text in ("dask", "ray://", "ray:10.0.0.7"):
        with pytest.raises(ValueError, match="`cluster` must be ray or ray://ADDRESS"):
            parse_cluster(text)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Ray and what it brings
def test_a_sweep_on_two_nodes(toy, tmp_path, monkeypatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        cluster.add_node(num_cpus=1)
        store = Store(tmp_path / "runs.sqlite")
        wanted = [
            Trial(suite=toy, case="one", method=method, seed=seed)
            for method, count in (("where", 6), ("raises", 1), ("dies", 1))
            for seed in range(count)
        ]
        workers = RayWorkers(address=cluster.address)
        report = run_sweep(wanted, store, workers=workers)
        assert workers.count == 2
        assert (report.total, report.failed) == (8, 2)
        results = store.results()
        nodes = {r.record.metrics["node"] for r in results if r.trial.method == "where"}
        assert len(nodes) == 2, "both nodes worked"
        errors = {r.trial.method: r.error for r in results if r.error}
        assert "ArithmeticError: seed 0 is no good" in errors["raises"]
        assert errors["dies"].startswith("The process of this run died")
        assert run_sweep(wanted, store, workers=workers).ran == 0
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    finally:
        ray.shutdown()
        cluster.shutdown()
