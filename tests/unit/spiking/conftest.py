"""Layers of every kind that the tests of this room share."""

import itertools

import pytest
import torch

from cayley.spiking import (
    LIF,
    NIF,
    QIF,
    BoxGate,
    CosineGate,
    Dynamics,
    GatedRecurrent,
    PolynomialGate,
)

MEMBRANES = {"qif": QIF(25.0), "nif": NIF(10.0), "lif": LIF(10.0)}
GATES = {"polynomial": PolynomialGate(0.5), "cosine": CosineGate(0.3), "box": BoxGate(0.5)}
KINDS = list(itertools.product(MEMBRANES, GATES))


# Every membrane and every gate once. Compiling the kernel for a pair takes seconds, and it consists
# of a function for each of the two; with the slow tests every pair is compiled.
COMPILED = [("qif", "polynomial"), ("nif", "cosine"), ("lif", "box")]


@pytest.fixture(params=KINDS, ids="-".join)
def dynamics(request):
    """Every membrane with every gate, a slow and a fast synapse."""
    return dynamics_of(*request.param)


@pytest.fixture(
    params=[
        pytest.param(pair, marks=[] if pair in COMPILED else pytest.mark.slow) for pair in KINDS
    ],
    ids="-".join,
)
def compiled_dynamics(request):
    """The same for what has to be compiled."""
    return dynamics_of(*request.param)


def dynamics_of(membrane, gate):
    return Dynamics(membrane=MEMBRANES[membrane], gate=GATES[gate], time_constants=(20.0, 5.0))


@pytest.fixture
def make_layer():
    """Return a function that makes a small, calm layer; the same for the same arguments."""

    def make(dynamics=None, *, seed=0, neurons=6, inputs=3, dtype=torch.float64, **options):
        generator = torch.Generator().manual_seed(seed)
        layer = GatedRecurrent(
            inputs, neurons, dynamics=dynamics, bias=1.2, generator=generator,
            dtype=torch.float64, **options,
        )  # fmt: skip
        return layer.to(dtype)

    return make
