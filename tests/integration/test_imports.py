"""What is exact never waits for torch, and nothing is imported that is not needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "tables" / "c3v_partial.csv"
HEAVY = ("torch", "matplotlib", "numba", "scipy", "rich", "jinja2", "sympy", "jaxtyping")


def loaded(code: str) -> list[str]:
    check = (
        f"{code}\nimport sys, json\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(result.stdout.splitlines()[-1])
    return names


@pytest.mark.parametrize(
    "code",
    [
        "import cayley",
        "import cayley.tables, cayley.algebra, cayley.completion",
        f"import cayley; cayley.solve(cayley.read_table({str(EXAMPLE)!r})).verdict",
        "import cayley; cayley.identify([[0, 1], [1, 0]])",
        "from cayley.cli._app import app",
    ],
)
def test_the_exact_path_imports_nothing_heavy(code) -> None:
    assert loaded(code) == []


def test_rooms_with_torch_import_no_extra_and_no_compiler() -> None:
    """In one process for several rooms, since each takes its time to import torch."""
    optional = ("tensorboard", "mlflow", "ray", "joblib", "polars", "tensorly", "pysat", "nir")
    code = (
        "import sys, cayley.invariance, cayley.spiking\n"
        "print([name for name in ('sklearn', 'numba', 'nir') if name in sys.modules])\n"
        "import cayley.experiments, cayley.experiments.baselines, cayley.report\n"
        f"print([name for name in {optional!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"
