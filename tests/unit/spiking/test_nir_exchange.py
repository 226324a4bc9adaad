"""Exchange by NIR without the package: what is written is read again, and refusals.

The nodes here are plain objects with the names of NIR's; the programs themselves are met in
``test_nir_peers.py``.
"""

import sys
import types

import numpy as np
import pytest
import torch
from torch import nn

from cayley.spiking import (
    LIF,
    NIF,
    QIF,
    AxonalDelay,
    Dynamics,
    GatedRecurrent,
    GatedStack,
    LossyExportWarning,
    NeuronParameters,
    PolynomialGate,
    from_nir,
    to_nir,
)
from cayley.spiking.nir._nir_graph import chain_of

F64 = torch.float64
KINDS = (
    "Input", "Output", "Affine", "Linear", "Scale", "Conv1d", "Conv2d", "Flatten", "AvgPool2d",
    "SumPool2d", "LIF", "CubaLIF", "IF", "LI", "Delay", "NIRGraph", "Threshold",
)  # fmt: skip


@pytest.fixture
def nir(monkeypatch):
    """Return a module with NIR's nodes as plain objects, in the place of the package."""
    module = types.ModuleType("nir")
    for kind in KINDS:
        setattr(module, kind, type(kind, (types.SimpleNamespace,), {}))
    monkeypatch.setitem(sys.modules, "nir", module)
    return module


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


def layer(size, hidden, *, membrane=None, width=1e-6, seed=0, **options):
    dynamics = Dynamics(
        membrane=membrane or LIF(10.0), gate=PolynomialGate(width),
        time_constants=options.pop("synapses", (20.0,)),
        output_time_constant=options.pop("output", 5.0),
    )  # fmt: skip
    options.setdefault("recurrent", False)
    made = GatedRecurrent(
        size, hidden, dynamics=dynamics, bias=options.pop("bias", 1.3), dtype=F64,
        generator=torch.Generator().manual_seed(seed), **options,
    )  # fmt: skip
    made.initial_potential.zero_()
    return made


def own(size, **more):
    return NeuronParameters(
        membrane=np.linspace(5, 20, size), thresholds=np.linspace(0.6, 1.3, size), **more
    )


EXACT = {
    "stack": lambda: GatedStack([layer(4, 8), nn.Linear(8, 6, dtype=F64), layer(6, 5, seed=1)]),
    "integrators": lambda: layer(4, 8, membrane=NIF(10.0)),
    "everything": lambda: layer(
        4, 8, synapses=(20.0, 5.0), recurrent=True,
        neurons=own(8, synapses=np.linspace(3, 20, 16).reshape(2, 8), adaptation=0.1,
                    delays=np.linspace(0, 6, 16).reshape(2, 8)),
    ),
    "delay": lambda: GatedStack([
        layer(4, 8), AxonalDelay(8, np.linspace(0, 5, 8), dt=1.0, dtype=F64),
        layer(8, 3, seed=1, output=0.0)]),
    "convolution": lambda: GatedStack([
        layer(1, 32, inputs=nn.Conv2d(1, 2, 3, dtype=F64)),
        nn.Unflatten(1, (2, 4, 4)), nn.AvgPool2d(2), nn.Flatten(),
        layer(8, 5, seed=1)]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_the_continuous_equations_are_read_as_they_were_written(nir, name):
    torch.manual_seed(0)
    network = EXACT[name]()
    shape = (1, 6, 6) if name == "convolution" else (4,)
    inputs = noise(60, 2, *shape)
    with pytest.warns(LossyExportWarning, match="graded charge of the gate"):
        graph = to_nir(network, input_shape=shape)
    stack = from_nir(graph, dtype=F64)
    with torch.no_grad():
        expected, _ = network(inputs)
        found, _ = stack(inputs)
    assert expected.abs().sum() > 10
    # A layer that puts out charge is read with pulses of area 1 in seconds.
    scale = 1000.0 if name == "delay" else 1.0
    assert torch.allclose(found / scale, expected, atol=1e-8)


def test_weights_before_neurons_become_the_layers_own(nir):
    with pytest.warns(LossyExportWarning):
        stack = from_nir(to_nir(layer(4, 8)), dtype=F64)
    (only,) = stack.layers
    assert only.neurons is None
    assert torch.allclose(only.input_weight, layer(4, 8).input_weight)
    only.dynamics = only.dynamics.with_width(0.5)
    stack(noise(20, 2, 4))[0].sum().backward()
    assert only.input_weight.grad.abs().sum() > 0


PROFILES = {
    "norse": LIF(10.0, "zero"),
    "snntorch": LIF(10.0, "zero"),
    "sinabs": LIF(10.0, "subtract"),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_what_a_profile_writes_is_read_again_with_the_same_spikes(nir, profile, recwarn):
    made = layer(4, 8, membrane=PROFILES[profile], neurons=own(8), output=0.0)
    loops = {"recurrent": True, "synapses": (0.0,)} if profile != "sinabs" else {}
    above = layer(8, 5, membrane=PROFILES[profile], seed=1, **loops)
    network = GatedStack([made, above])
    graph = to_nir(network, profile=profile)
    assert not recwarn
    inputs = noise(300, 2, 4)
    with torch.no_grad():
        found, _ = from_nir(graph, profile=profile, dt=1.0, dtype=F64)(inputs)
        expected = above.record(made(inputs)[0]).charges
    assert expected.sum() > 50
    assert torch.allclose(found, expected, atol=1e-6)
    steps = {"norse": 0.02, "snntorch": 20e-4, "sinabs": None}[profile]
    if steps:  # in seconds, and in seconds of snntorch's own step
        assert graph.nodes["neurons"].tau[-1] == pytest.approx(steps)


@pytest.mark.parametrize(
    ("profile", "options", "message"),
    [
        ("nir", {"membrane": QIF(25.0)}, "NIR has no equivalent of QIF neurons"),
        ("nir", {"neurons": NeuronParameters(refractory=3.0)}, "NIR has no rest after a spike"),
        ("norse", {}, r'norse resets its neurons to 0, and the layer has `reset="exact"`. Train'),
        ("sinabs", {"membrane": LIF(10.0, "zero")}, "sinabs resets its neurons by subtraction"),
        ("snntorch", {"membrane": NIF(10.0, "zero")}, "snntorch reads no IF nodes"),
        ("norse", {"membrane": LIF(10.0, "zero"), "recurrent": True}, "norse reads recurrent weig"),
        ("sinabs", {"membrane": LIF(10.0, "subtract"), "recurrent": True}, "sinabs reads no recur"),
        ("norse", {"membrane": LIF(10.0, "zero"), "readout": nn.Linear(3, 1)}, "reads no LI nodes"),
        (
            "loihi",
            {},
            "`profile` must be one of nir, norse, snntorch, sinabs, spikingjelly; got 'loihi'",
        ),
    ],
)
@pytest.mark.usefixtures("nir")
def test_what_a_profile_cannot_hold_is_refused(profile, options, message):
    readout = options.pop("readout", None)
    with pytest.raises(ValueError, match=message):
        to_nir(layer(2, 3, **options), profile=profile, readout=readout)
    if readout is not None:
        options["readout"] = readout


@pytest.mark.usefixtures("nir")
def test_stacks_that_cannot_be_written():
    first = layer(2, 3)
    for layers, message in [
        ([first, nn.LayerNorm(3)], "NIR has no equivalent of LayerNorm"),
        ([nn.Linear(2, 3)], "`layer` has no layer of neurons"),
        ([nn.Conv1d(1, 2, 2), first], "`input_shape` is needed where Conv1d comes first"),
    ]:
        with pytest.raises(ValueError, match=message):
            to_nir(GatedStack(layers))
    with pytest.raises(ValueError, match="NIR has no readout over time"):
        to_nir(GatedStack([first], readout="count"))
    wide = layer(2, 3, membrane=LIF(10.0, "zero"), width=0.5)
    with pytest.warns(LossyExportWarning, match="width 0.5"):
        to_nir(wide, profile="norse")


def graph_of(nir, nodes, edges, size=2):
    shape = np.array([size])
    ends = {"in": nir.Input(input_type={"input": shape}), "out": nir.Output(output_type={})}
    return nir.NIRGraph(nodes={**ends, **nodes}, edges=edges)


def leaky(nir, size=2, **options):
    ones = np.ones(size)
    return nir.LIF(**{"tau": 0.01 * ones, "r": ones, "v_leak": 0 * ones, "v_threshold": ones,
                      "v_reset": 0 * ones, **options})  # fmt: skip


def test_graphs_that_are_no_chain_or_unknown(nir):
    a, w = leaky(nir), nir.Linear(weight=np.eye(2))
    line = [("in", "a"), ("a", "out")]
    for nodes, edges, message in [
        ({"a": a, "b": w}, [*line, ("in", "b"), ("b", "out")], r"must be a chain.*after 'in' it"),
        ({"a": a}, [("in", "a")], "after 'a' it goes to nothing"),
        ({"a": a, "b": w}, line, r"nodes \['b'\] are not on the way"),
        ({"a": nir.Threshold()}, line, r"nir reads no Threshold nodes \('a'\)"),
        ({"a": leaky(nir, 3)}, line, "node 'a': parameters of 3 neurons; the graph has 2 there"),
        ({"a": leaky(nir, tau=np.full(2, 1e-4))}, line, "time constants must be above the step"),
        ({"a": a, "b": nir.LI(tau=np.ones(2), r=np.ones(2), v_leak=np.zeros(2))},
         [*line, ("a", "b"), ("b", "a")], "a loop needs weights"),
        ({"a": a, "b": nir.Linear(weight=np.eye(3))}, [*line, ("a", "b"), ("b", "a")],
         "recurrent weights must be 2 x 2; got .3, 3"),
        ({"a": nir.Linear(weight=np.eye(3))}, line, r"does not take inputs of shape \(2,\)"),
        ({"a": nir.Linear(weight=np.full((2, 2), np.nan))}, line, "a parameter is not finite"),
        ({}, [("in", "out")], "nothing between its input and its output"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=message):
            from_nir(graph_of(nir, nodes, edges))
    with pytest.raises(TypeError, match=r"`graph` must be a .*; got int"):
        from_nir(3)


@pytest.mark.parametrize("kind", ["Linear", "Conv2d"])
def test_an_axis_for_the_batch_is_left_out(nir, kind):
    first, shape = nir.Linear(weight=np.ones((2, 3))), [3]
    if kind == "Conv2d":
        kernel = np.ones((2, 1, 2, 2))
        options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": np.zeros(2)}
        first = nir.Conv2d(input_shape=(4, 4), weight=kernel, **options)
        shape = [1, 4, 4]
    outputs = []
    for axis in ([], [1]):  # a sample, and a batch of one
        ends = {"in": nir.Input(input_type={"input": np.array([*axis, *shape])}),
                "out": nir.Output(output_type={})}  # fmt: skip
        neurons = leaky(nir, 2 if kind == "Linear" else 2 * 3 * 3)
        graph = nir.NIRGraph(
            nodes={**ends, "w": first, "n": neurons}, edges=[("in", "w"), ("w", "n"), ("n", "out")]
        )
        outputs.append(from_nir(graph)(torch.ones(5, 2, *shape))[0])
    assert outputs[0].shape[:2] == (5, 2)
    torch.testing.assert_close(*outputs, rtol=0, atol=0)


def test_a_graph_in_a_graph_is_written_out(nir):
    inner = graph_of(nir, {"lif": leaky(nir), "w": nir.Linear(weight=np.eye(2))},
                     [("in", "lif"), ("lif", "w"), ("w", "lif"), ("lif", "out")])  # fmt: skip
    outer = graph_of(nir, {"first": nir.Linear(weight=np.eye(2)), "rnn": inner},
                     [("in", "first"), ("first", "rnn"), ("rnn", "out")])  # fmt: skip
    _, chain, loops = chain_of(outer)
    assert chain == ["in", "first", "rnn.lif", "out"]
    assert loops == {"rnn.lif": [["rnn.w"]]}


def test_resets_and_time_scales_can_be_given(nir):
    graph = graph_of(nir, {"a": leaky(nir, tau=np.full(2, 1e-5))}, [("in", "a"), ("a", "out")])
    stack = from_nir(graph, profile="norse", time_scale=1000.0, reset="subtract", width=0.3)
    dynamics = stack.layers[0].dynamics
    assert dynamics.membrane.reset == "subtract"
    assert dynamics.membrane.time_constant == pytest.approx(10.0)
    assert dynamics.gate == PolynomialGate(0.3)
    low = leaky(nir, v_reset=np.full(2, -1.0), v_leak=np.full(2, 0.5))
    # From -1 to 1 is the cycle: the leak potential lies three quarters up.
    (only,) = from_nir(graph_of(nir, {"a": low}, [("in", "a"), ("a", "out")])).layers[:1]
    assert (only.bias * only.neurons.value("thresholds").reciprocal()).tolist() == [0.75, 0.75]
