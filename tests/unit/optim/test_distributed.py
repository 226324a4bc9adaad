"""DistributedDataParallel: each rank preconditions its own samples, then gradients are averaged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from cayley.optim import convert, isaac_weight_gradient


def inputs_of(rank: int) -> torch.Tensor:
    return torch.randn(6, 5, generator=torch.Generator().manual_seed(rank), dtype=torch.float64)


def main(rank: int, folder: Path) -> None:
    """One of two processes: write this rank's gradient after the backward pass."""
    torch.set_num_threads(1)
    meeting = f"file://{folder / 'meeting'}"
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=2)
    model = DistributedDataParallel(convert(nn.Linear(5, 3).double(), damping=0.1))
    model(inputs_of(rank)).sum().backward()
    (folder / f"{rank}.json").write_text(json.dumps(model.module.weight.grad.tolist()))
    dist.destroy_process_group()


@pytest.mark.slow
def test_averages_the_gradients_of_the_ranks(tmp_path):
    ranks = [
        subprocess.Popen([sys.executable, __file__, str(rank), str(tmp_path)]) for rank in range(2)
    ]
    assert [process.wait(timeout=120) for process in ranks] == [0, 0]
    first, second = (
        torch.tensor(json.loads((tmp_path / f"{rank}.json").read_text()), dtype=torch.float64)
        for rank in range(2)
    )
    ones = torch.ones(6, 3, dtype=torch.float64)
    expected = sum(isaac_weight_gradient(inputs_of(r), ones, damping=0.1) for r in range(2)) / 2
    assert torch.equal(first, second)
    assert torch.allclose(first, expected, rtol=1e-10)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
