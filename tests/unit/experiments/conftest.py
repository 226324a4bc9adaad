"""A suite of runs that take a moment, in a module of its own that workers can import."""

import textwrap

import pytest

TOY = """
import os, time
from cayley.experiments import Case, Measurement, Suite

def run(method, context):
    time.sleep(0.01)
    if method == "raises":
        raise ArithmeticError(f"seed {context.seed} is no good")
    if method == "dies":
        os._exit(9)
    node = 0.0
    if method == "where":
        import ray
        time.sleep(0.3)
        node = float(int(ray.get_runtime_context().get_node_id()[:8], 16))
    metrics = {"value": float(context.seed), "node": node}
    return Measurement(metrics=metrics, notes={"verdict": method})

SUITE = Suite(name="toy", description="", cases=(
    Case(name="one", description="", methods=("fine", "raises", "dies", "where"),
         metrics=("value",), run=run),
))
"""


@pytest.fixture
def toy(tmp_path_factory, monkeypatch) -> str:
    folder = tmp_path_factory.mktemp("toy")
    (folder / "toy_suite.py").write_text(textwrap.dedent(TOY))
    monkeypatch.syspath_prepend(str(folder))
    import os

    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{known}")
    return "toy_suite:SUITE"
