"""Two processes that pool their batches do what one process does with both."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import torch
from torch import distributed

from cayley.invariance import AugmentedLagrangian, InvarianceWarning, MRIPenalty

SCRIPT = """
import json, sys, warnings
import torch
from torch import distributed
from cayley.invariance import AugmentedLagrangian, MRIPenalty

rank, store, data = int(sys.argv[1]), sys.argv[2], torch.load(sys.argv[3], weights_only=True)
distributed.init_process_group("gloo", init_method="file://" + store, rank=rank, world_size=2)
net = torch.nn.Linear(2, 1, bias=False, dtype=torch.float64)
torch.nn.init.ones_(net.weight)
net = torch.nn.parallel.DistributedDataParallel(net)
group = distributed.group.WORLD
penalties = [
    MRIPenalty(3, process_group=group),
    AugmentedLagrangian(MRIPenalty(3, process_group=group)).double(),
]
alone = AugmentedLagrangian(MRIPenalty(3)).double()  # has no group, and says so
x, y, ids = (part[data["rank"] == rank] for part in (data["x"], data["y"], data["ids"]))
found = []
for penalty in penalties:
    for _ in range(2):
        net.zero_grad()
        value = penalty(net(x)[:, 0], y, ids)
        value.backward()
        found.append([value.item(), *net.module.weight.grad.ravel().tolist()])
        if isinstance(penalty, AugmentedLagrangian):
            penalty.step()
duals = [torch.zeros_like(penalty.dual) for _ in range(2)]
distributed.all_gather(duals, penalty.dual)
assert torch.equal(*duals), duals  # the multipliers do not drift apart
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for _ in range(2):
        alone(net(x)[:, 0], y, ids)
assert ["2 processes" in str(w.message) for w in caught] == [True], caught
with warnings.catch_warnings():
    warnings.simplefilter("error")
    penalty(net(x)[:, 0], y, ids)
if rank == 0:
    print(json.dumps(found))
distributed.destroy_process_group()
"""


def test_several_processes_without_a_group_are_warned_of_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    y, ids = torch.tensor([1.0, -1.0, 0.5, 2.0]), torch.tensor([0, 1, 0, 1])
    lagrangian = AugmentedLagrangian(MRIPenalty(2))
    monkeypatch.setattr(distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(distributed, "get_world_size", lambda: 4)
    with pytest.warns(
        InvarianceWarning, match=r"4 processes.*MRIPenalty has no `process_group`.*group\.WORLD"
    ):
        lagrangian(y, y, ids)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lagrangian(y, y, ids)
    monkeypatch.setattr(distributed, "get_world_size", lambda: 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MRIPenalty(2)(y, y, ids)


@pytest.mark.slow
@pytest.mark.skipif(
    not (distributed.is_available() and distributed.is_gloo_available()),
    reason="this build of PyTorch has no gloo back end",
)
def test_two_processes_agree_with_one(tmp_path: Path) -> None:
    g = torch.Generator().manual_seed(0)
    x, y = torch.randn(41, 2, generator=g).double(), torch.randn(41, generator=g).double()
    ids = torch.randint(3, (41,), generator=g)
    rank = (torch.rand(41, generator=g) < 0.3).long()
    ids[rank == 1] = ids[rank == 1].clamp(max=1)  # environment 2 is missing from one process
    torch.save({"x": x, "y": y, "ids": ids, "rank": rank}, tmp_path / "data.pt")
    arguments = [str(tmp_path / "store"), str(tmp_path / "data.pt")]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(r), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for r in range(2)
    ]
    outputs = [process.communicate(timeout=120) for process in processes]
    assert processes[0].returncode == 0, outputs[0][1]
    found = json.loads(outputs[0][0].splitlines()[-1])

    expected = []
    for penalty in (MRIPenalty(3), AugmentedLagrangian(MRIPenalty(3)).double()):
        for _ in range(2):
            w = torch.ones(2, dtype=torch.float64, requires_grad=True)
            value = penalty(x @ w, y, ids)
            value.backward()
            if isinstance(penalty, AugmentedLagrangian):
                penalty.step()
            expected.append([value.item(), *w.grad.tolist()])
    torch.testing.assert_close(torch.tensor(found), torch.tensor(expected))
