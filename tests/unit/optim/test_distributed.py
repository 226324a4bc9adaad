"""DistributedDataParallel: each rank preconditions its own samples, or all do so together."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from cayley.optim import convert, isaac_weight_gradient, pool_statistics


def inputs_of(rank: int) -> torch.Tensor:
    return torch.randn(6, 5, generator=torch.Generator().manual_seed(rank), dtype=torch.float64)


def main(rank: int, folder: Path) -> None:
    """One of two processes: write this rank's gradient after the backward pass."""
    torch.set_num_threads(1)
    meeting = f"file://{folder / 'meeting'}"
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=2)
    model = DistributedDataParallel(convert(nn.Linear(5, 3).double(), damping=0.1))
    model(inputs_of(rank)).sum().backward()
    gradients = [model.module.weight.grad.tolist()]
    model.zero_grad()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    pool_statistics(model, optimizer)
    inputs = inputs_of(rank)
    with model.no_sync():  # two microbatches, the second one synchronizes
        (model(inputs[:2]).square().sum() / 6).backward()
    (model(inputs[2:]).square().sum() / 6).backward()
    optimizer.step()
    gradients.append(model.module.weight.grad.tolist())
    if rank == 0:
        gradients.append(model.module.weight.tolist())
        gradients.append(model.module.bias.tolist())
    (folder / f"{rank}.json").write_text(json.dumps(gradients))
    dist.destroy_process_group()


@pytest.mark.slow
def test_ranks_average_their_gradients_or_pool_their_statistics(tmp_path):
    ranks = [
        subprocess.Popen([sys.executable, __file__, str(rank), str(tmp_path)]) for rank in range(2)
    ]
    assert [process.wait(timeout=120) for process in ranks] == [0, 0]
    found = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in range(2)]
    first, second = (torch.tensor(each[0], dtype=torch.float64) for each in found)
    ones = torch.ones(6, 3, dtype=torch.float64)
    expected = sum(isaac_weight_gradient(inputs_of(r), ones, damping=0.1) for r in range(2)) / 2
    assert torch.equal(first, second)
    assert torch.allclose(first, expected, rtol=1e-10)

    # Pooled: the gradient of the mean loss over both ranks' microbatches, at these weights.
    joint = nn.Linear(5, 3).double()
    with torch.no_grad():
        joint.weight.copy_(torch.tensor(found[0][2], dtype=torch.float64))
        joint.bias.copy_(torch.tensor(found[0][3], dtype=torch.float64))
    convert(joint, damping=0.1)
    (joint(torch.cat([inputs_of(0), inputs_of(1)])).square().sum() / 12).backward()
    for each in found:
        assert torch.allclose(
            torch.tensor(each[1], dtype=torch.float64), joint.weight.grad, rtol=1e-9
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
