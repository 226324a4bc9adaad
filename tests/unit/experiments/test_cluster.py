"""A real Ray cluster of two nodes on this machine."""

import os
import socket
from contextlib import closing

import pytest

from cayley.experiments import Store, _cluster, run_sweep
from cayley.experiments._cluster import RayWorkers, parse_cluster
from cayley.experiments._trial import Trial


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


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Ray and what it brings
def test_a_sweep_from_afar(toy, tmp_path, monkeypatch) -> None:
    """Through the server for clients, as ``--cluster ray://HOST:PORT`` does it."""
    pytest.importorskip("ray")
    pytest.importorskip("grpc", reason="ray[client]")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.cluster_utils import Cluster

    port = free_port()
    node = {"num_cpus": 2, "include_dashboard": False, "ray_client_server_port": port}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        store = Store(tmp_path / "runs.sqlite")
        wanted = [
            Trial(suite=toy, case="one", method=method, seed=seed)
            for method, seed in (("where", 0), ("where", 1), ("fine", 2), ("raises", 3))
        ]
        workers = parse_cluster(f"ray://127.0.0.1:{port}")
        assert run_sweep(wanted[:2], store, workers=workers).ran == 2
        report = run_sweep(wanted, store, workers=workers)
        assert ray.util.client.ray.is_connected(), "not a driver on the cluster itself"
        assert (report.total, report.ran, report.failed) == (4, 2, 1)
        metrics = {r.trial.seed: r.record.metrics for r in store.results() if not r.error}
        assert {seed: m["value"] for seed, m in metrics.items()} == {0: 0.0, 1: 1.0, 2: 2.0}
        assert metrics[0]["node"] == metrics[1]["node"] > 0
        (error,) = (r.error for r in store.results() if r.error)
        assert "ArithmeticError: seed 3 is no good" in error
    finally:
        ray.shutdown()
        cluster.shutdown()


def test_a_client_that_is_missing_is_named(monkeypatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.setattr(_cluster, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"`grpcio` is not installed.*cayley\[cluster\]"):
        _ = parse_cluster("ray://127.0.0.1:1").count
