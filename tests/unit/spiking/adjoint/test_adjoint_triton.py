"""The Triton kernels against plain torch: on a GPU where there is one, else interpreted."""

import sys

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
from cayley.spiking.adjoint._adjoint_torch import adjoint_sweep, forward_sweep
from cayley.spiking.equations._dynamics import GatedState

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
MEMBRANES = (
    QIF(25.0), NIF(10.0), NIF(10.0, "zero"), LIF(10.0), LIF(10.0, "subtract"), LIF(10.0, "zero"),
)  # fmt: skip
GATES = (PolynomialGate(0.5), CosineGate(0.3), BoxGate(0.5))
F64 = torch.float64


@pytest.fixture(scope="module")
def sweeps():
    """The sweeps as Triton kernels."""
    with pytest.MonkeyPatch.context() as patch:
        if DEVICE == "cpu":
            patch.setenv("TRITON_INTERPRET", "1")  # read when the kernels are imported
        pytest.importorskip("triton")
        from cayley.spiking.adjoint import _adjoint_triton

        yield _adjoint_triton


def check(sweeps, dynamics, synapses, *, with_weights=True):
    """Compare both sweeps of a short run, from any state and for any gradient."""
    generator = torch.Generator().manual_seed(0)
    steps, batch, neurons = 7, 2, 5

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=F64).to(DEVICE)

    drive, weights = 2 * normal(steps, batch, neurons) + 1.5, 0.3 * normal(synapses, 5, 5)
    start, last = (
        GatedState(normal(batch, 5).sigmoid(), normal(batch, synapses, 5), normal(batch, 5))
        for _ in range(2)
    )
    by_outputs = normal(steps, batch, neurons)
    run = forward_sweep(drive, start, weights, dynamics)
    found = sweeps.triton_forward(drive, start, weights, dynamics)
    assert run.turns.any()
    for a, b in zip((*run[:4], *run.state), (*found[:4], *found.state), strict=True):
        torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-11)
    exact, adjoint = (
        sweep(
            each, start, weights, dynamics,
            outputs=by_outputs, state=last, with_weights=with_weights,
        )
        for sweep, each in ((adjoint_sweep, run), (sweeps.triton_adjoint, found))
    )  # fmt: skip
    for a, b in zip(
        (exact.drive, *exact.state, exact.weights),
        (adjoint.drive, *adjoint.state, adjoint.weights),
        strict=True,
    ):
        torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("membrane", MEMBRANES, ids=str)
def test_every_membrane(sweeps, membrane):
    check(sweeps, Dynamics(membrane=membrane, time_constants=(20.0, 5.0)), 2)


@pytest.mark.parametrize("gate", GATES, ids=str)
def test_every_gate(sweeps, gate):
    check(sweeps, Dynamics(membrane=LIF(10.0), gate=gate), 1)


@pytest.mark.parametrize("synapses", [0, 3])
def test_any_number_of_synapses(sweeps, synapses):
    dynamics = Dynamics(time_constants=(20.0, 5.0, 0.0), output_time_constant=0.0)
    check(sweeps, dynamics, synapses, with_weights=synapses == 0)


def test_a_layer_with_checkpoints(sweeps):
    found = []
    for backend in ("torch", "triton"):
        layer = GatedRecurrent(
            3, 6, bias=1.2, backend=backend, checkpoint=3, clip_samples=5.0, dtype=F64,
            generator=torch.Generator().manual_seed(0),
        ).to(DEVICE)  # fmt: skip
        inputs = torch.randn(8, 2, 3, generator=torch.Generator().manual_seed(1), dtype=F64)
        outputs, _ = layer(inputs.to(DEVICE))
        outputs.square().sum().backward()
        found.append([outputs, *(parameter.grad for parameter in layer.parameters())])
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-10)


def test_more_weights_than_registers_hold_are_refused(sweeps):
    layer = GatedRecurrent(3, 257, backend="triton", device=DEVICE)
    with pytest.raises(ValueError, match=r"at most 65536 .* got 1 synapses of 257 neurons"):
        layer(torch.zeros(2, 1, 3, device=DEVICE))


def test_a_processor_without_the_interpreter_is_refused(monkeypatch):
    monkeypatch.delenv("TRITON_INTERPRET", raising=False)
    layer = GatedRecurrent(3, 6, backend="triton")
    with pytest.raises(ValueError, match=r"`backend=.triton.` needs a GPU, or .* TRITON_INTERP"):
        layer(torch.zeros(2, 1, 3))


def test_without_triton_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    monkeypatch.setitem(sys.modules, "triton", None)
    for name in ("_adjoint_triton", "_triton_kernel"):
        monkeypatch.delitem(sys.modules, f"cayley.spiking.adjoint.{name}", raising=False)
    with pytest.raises(ImportError, match=r"needs triton, .* pip install triton"):
        GatedRecurrent(3, 6, backend="triton")(torch.zeros(2, 1, 3))
