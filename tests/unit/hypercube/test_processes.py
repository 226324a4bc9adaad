"""Training shared among processes against training in one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.tables import generate_family, mask

SCRIPT = Path(__file__).parents[3] / "examples" / "train_across_processes.py"


def across(processes: int, *options: str) -> dict:
    """Run the example script under torchrun, and return what it prints."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc-per-node", str(processes), str(SCRIPT), *options),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("shared", [False, True], ids=["separate", "shared"])
def test_two_ranks_do_as_one(shared: bool) -> None:
    options = ["S4", "--observe", "0.4", "--float64", *(["--shared"] if shared else [])]
    one, two = across(1, *options), across(2, *options)
    assert (one["processes"], two["processes"]) == (1, 2)
    assert one["reason"] == two["reason"] == "accepted"
    assert one["steps"] == two["steps"]
    assert two["loss"] == pytest.approx(one["loss"], rel=1e-9)


def test_a_group_of_one_is_no_group(tmp_path: Path) -> None:
    """Every collective is called, none changes a number; complex factors go through as real."""
    truth = generate_family("S3")
    partial = mask(truth, observe=0.7, seed=0)
    observations = ObservedProducts.from_triples(partial.observations, sizes=(6, 6, 6))

    def run(group: dist.ProcessGroup | None) -> tuple[int, str, torch.Tensor]:
        model = HyperCube(
            6, restarts=2, complex_factors=True, generator=torch.Generator().manual_seed(0)
        )
        steps: list[int] = []
        result = train(
            model,
            observations,
            schedule=TrainingSchedule(max_steps=60),
            accept=lambda decoded: bool((decoded.table == truth.array).all()),
            callback=lambda step: steps.append(step.step),
            process_group=group,
        )
        assert steps == list(range(1, result.last.step + 1))
        return result.last.step, result.reason, model.matrices.detach()

    dist.init_process_group(
        "gloo", init_method=f"file://{tmp_path / 'meeting'}", rank=0, world_size=1
    )
    try:
        grouped = run(dist.group.WORLD)
    finally:
        dist.destroy_process_group()
    alone = run(None)
    assert grouped[:2] == alone[:2]
    assert torch.equal(grouped[2], alone[2])
