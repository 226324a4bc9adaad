"""Networks whose inside is known: sums of chosen parts, functions of chosen cosets."""

import numpy as np
import pytest
import torch
from torch import nn

from cayley.algebra import Group, character_table
from cayley.interpretation.parts._coset_dependence import coset_partitions, cosets_of
from cayley.interpretation.parts._real_irreducibles import adapted_basis
from cayley.tables import generate_family


@pytest.fixture
def group_of():
    """Return the group of a family, element ``i`` its symbol ``i``."""
    return lambda name: Group.from_table(generate_family(name))


@pytest.fixture
def planted():
    """Return an embedding that is exactly a sum of chosen parts, and noise if asked for."""

    def make(group, parts, *, width=40, noise=0.0, seed=0):
        random = np.random.default_rng(seed)
        functions = random.standard_normal((group.order, width))
        matrix = projection(group, parts) @ functions
        matrix /= np.sqrt((matrix**2).mean())
        return matrix + noise * random.standard_normal(matrix.shape)

    return make


def projection(group, parts):
    """The projection by its definition: characters, one element at a time."""
    table = character_table(group)
    values = table.to_complex()[:, table.classes.labels]
    total = np.zeros((group.order, group.order), complex)
    for part in parts:
        for row in adapted_basis(group).irreducibles[part].rows:
            degree = values[row, group.identity].real
            for a in range(group.order):
                for b in range(group.order):
                    quotient = group.table[a, group.inverses[b]]
                    total[a, b] += degree / group.order * values[row, quotient]
    assert abs(total.imag).max() < 1e-9
    return total.real


@pytest.fixture(name="projection")
def projection_fixture():
    """Return the projection on parts as a matrix, from the characters alone."""
    return projection


class CosetNetwork(nn.Module):
    """A network built by hand that multiplies in a group, by the cosets of conjugate subgroups.

    The neuron of a subgroup H and two cosets is active if a is in the one, xH, and b in the other,
    Hy; then ab is in xHy, whose elements get one point. The product gets a point from each
    subgroup, any other element fewer, as the conjugates of H have only the identity in common.
    """

    def __init__(self, group, order):
        super().__init__()
        table, n = group.table, group.order
        subgroups = {
            each.elements for each in coset_partitions(group) if len(each.elements) == order
        }
        left, right, read = [], [], []
        self.subgroups = []
        for members in sorted(subgroups):
            for first in cosets_of(group, members, "left").tolist():
                for second in cosets_of(group, members, "right").tolist():
                    left.append(np.isin(range(n), first))
                    right.append(np.isin(range(n), second))
                    inside = {int(table[x, y]) for x in first for y in second}
                    read.append(np.isin(range(n), sorted(inside)))
                    self.subgroups.append(members)
        as_tensor = lambda rows: torch.tensor(np.array(rows, np.float32))  # noqa: E731
        self.left = nn.Embedding.from_pretrained(as_tensor(left).T.contiguous())
        self.right = nn.Embedding.from_pretrained(as_tensor(right).T.contiguous())
        self.add = nn.Identity()
        self.read = nn.Linear(len(read), n, bias=False)
        self.read.weight = nn.Parameter(as_tensor(read).T.contiguous())

    def forward(self, a, b):
        return self.read(torch.relu(self.add(self.left(a) + self.right(b) - 1)))

    def arrays(self):
        """The same network as arrays of a file."""
        left, right = self.left.weight.numpy(), self.right.weight.numpy()
        neurons = left[:, None] + right - 1
        read = self.read.weight.detach().numpy()
        return {
            "neurons": neurons,
            "unembedding": read,
            "logits": np.maximum(neurons, 0) @ read.T,
        }


NAMES = {"embedding": ("left.weight", "right"), "unembedding": "read", "layers": ["add"]}


@pytest.fixture(scope="session")
def s4_network():
    """The network of the four subgroups of order 6 in S4: 64 neurons."""
    return CosetNetwork(Group.from_table(generate_family("S4")), 6)


@pytest.fixture
def names():
    """The names of the parts of a coset network."""
    return NAMES
