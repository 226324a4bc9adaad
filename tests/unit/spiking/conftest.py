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


@pytest.fixture(params=KINDS, ids="-".join)
def dynamics(request):
    """Every membrane with every gate, a slow and a fast synapse."""
    membrane, gate = request.param
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
