"""Gates: a density of integral 1 on the active zone, and its integral."""

import pytest
import torch

from cayley.spiking import BoxGate, CosineGate, PolynomialGate

GATES = (PolynomialGate, CosineGate, BoxGate)


@pytest.mark.parametrize("kind", GATES)
@pytest.mark.parametrize("width", [0.01, 0.25, 0.5, 1.0])
def test_the_density_integrates_to_one(kind, width):
    gate = kind(width)
    edges = torch.linspace(1 - width, 1, 20_001, dtype=torch.float64)
    middle = (edges[1:] + edges[:-1]) / 2
    total = (gate.density(middle) * (edges[1:] - edges[:-1])).sum().item()
    assert total == pytest.approx(1, abs=1e-8)
    assert gate.charge(edges[-1]).item() == pytest.approx(1, abs=1e-12)
    assert gate.charge(edges[0]).item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("kind", GATES)
def test_the_density_is_the_derivative_of_the_charge(kind):
    gate = kind(0.4)
    v = torch.linspace(-0.5, 0.995, 400, dtype=torch.float64).requires_grad_()
    (slope,) = torch.autograd.grad(gate.charge(v).sum(), v)
    assert torch.allclose(slope, gate.density(v), atol=1e-12)
    assert bool((slope >= 0).all())
    assert bool((slope[v < 0.6] == 0).all())


@pytest.mark.parametrize("kind", GATES)
def test_bad_widths_are_refused(kind):
    for width in (0, -0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=r"`width` is a part of the cycle"):
            kind(width)
    with pytest.raises(TypeError, match="`width` must be a number"):
        kind("wide")


def test_gates_are_values():
    assert PolynomialGate(0.5) == PolynomialGate(0.5) != CosineGate(0.5)
    assert repr(BoxGate(0.25)) == "BoxGate(width=0.25)"
