"""Times `explain` on a network of 512 neurons on S5, after loading.

Run with ``python benchmarks/interpretation.py``. Prints processor and wall-clock seconds, the least
of three, of the module and of its arrays; the goal is 10 s.

The network is planted: each neuron is a function of the cosets of one subgroup, with noise, and the
logits are those of the group's table. What is measured does not depend on what is in the numbers.
"""

import time

import numpy as np
import torch
from torch import nn

from cayley.algebra import Group
from cayley.interpretation import explain
from cayley.interpretation.parts._coset_dependence import coset_partitions
from cayley.tables import generate_family

NEURONS = 512


class Network(nn.Module):
    """Two embeddings, added and rectified; the logits are read from a table."""

    def __init__(self, left, right, table):
        super().__init__()
        self.left, self.right = (nn.Embedding.from_pretrained(each) for each in (left, right))
        self.add = nn.Identity()
        self.read = nn.Linear(left.shape[1], len(table), bias=False)
        self.register_buffer("table", torch.tensor(table))

    def forward(self, a, b):
        """Return logits that are right, after the work that a network of this size does."""
        scores = self.read(torch.relu(self.add(self.left(a) + self.right(b))))
        return scores * 1e-6 + nn.functional.one_hot(self.table[a, b], len(self.table))


def planted():
    """Return the network, and the same as arrays."""
    table = generate_family("S5").array
    group = Group.from_table(table)
    partitions, random = coset_partitions(group), np.random.default_rng(0)
    embeddings = []
    for _ in range(2):
        matrix = 0.05 * random.standard_normal((120, NEURONS))
        for i in range(NEURONS):
            cosets = partitions[random.integers(len(partitions))].listed
            matrix[cosets, i] += random.standard_normal((len(cosets), 1))
        embeddings.append(torch.tensor(matrix, dtype=torch.float32))
    network = Network(*embeddings, table)
    arrays = {
        "logits": np.eye(120, dtype=np.float32)[table],
        "neurons": (embeddings[0][:, None] + embeddings[1]).numpy(),
        "unembedding": network.read.weight.detach().numpy(),
    }
    return network, arrays


def main() -> None:
    network, arrays = planted()
    names = {"embedding": ("left", "right"), "unembedding": "read", "layers": ["add"]}
    cases = {
        "module": lambda: explain(network, 120, **names),
        "arrays": lambda: explain(arrays),
    }
    for name, run in cases.items():
        taken = []
        for _ in range(3):
            processor, clock = time.process_time(), time.perf_counter()
            found = run()
            taken.append((time.process_time() - processor, time.perf_counter() - clock))
        processor, clock = map(min, zip(*taken, strict=True))
        print(f"{name:8} {processor:7.2f} s of the processor  {clock:7.2f} s  "
              f"{len(found.neurons)} neurons, {found.solution.identification}")  # fmt: skip


if __name__ == "__main__":
    main()
