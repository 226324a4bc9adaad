"""Export to NIR: an independent interpreter of the graph spikes as the layer does."""

import numpy as np
import pytest
import torch

from cayley.spiking import (
    LIF,
    NIF,
    QIF,
    Dynamics,
    GatedRecurrent,
    LossyExportWarning,
    PolynomialGate,
    to_nir,
)

nir = pytest.importorskip("nir")


def interpret(graph, inputs, *, dt):
    """Euler's method on the nodes, in seconds, spikes as pulses of weight 1 at the step's end."""
    nodes = graph.nodes
    neuron, traces = nodes["neurons"], sorted(n for n in nodes if n.startswith("trace_"))
    v, out = np.zeros(len(neuron.r)), np.zeros(len(neuron.r))
    kept = {name: np.zeros_like(v) for name in traces}
    counts, outputs = np.zeros_like(v), []
    for x in inputs:
        current = nodes["input_weight"].weight @ x + nodes["input_weight"].bias
        for name in traces:
            current = current + nodes[name.replace("trace", "recurrent")].weight @ kept[name]
        if isinstance(neuron, nir.LIF):
            v = v + dt / neuron.tau * (neuron.v_leak - v + neuron.r * current)
        else:
            v = v + dt * neuron.r * current
        spikes = v >= neuron.v_threshold
        v = np.where(spikes, neuron.v_reset, v)
        for name in traces:
            node = nodes[name]
            kept[name] = kept[name] * np.exp(-dt / node.tau) + spikes * node.r / node.tau
        node = nodes["output_trace"]
        out = out * np.exp(-dt / node.tau) + spikes * node.r / node.tau
        counts += spikes
        outputs.append(out)
    return counts, np.array(outputs)


@pytest.mark.parametrize("membrane", [LIF(10.0), NIF(10.0)], ids=["lif", "nif"])
def test_an_interpreter_of_the_graph_gives_the_same_rates(membrane):
    dynamics = Dynamics(
        membrane=membrane, gate=PolynomialGate(0.01), time_constants=(20.0, 5.0), dt=0.02
    )
    layer = GatedRecurrent(
        2, 5, dynamics=dynamics, bias=1.4, generator=torch.Generator().manual_seed(0)
    )
    layer.initial_potential.zero_()
    with pytest.warns(LossyExportWarning, match="graded charge of the gate .width 0.01."):
        graph = to_nir(layer)
    inputs = 0.3 * torch.ones(10_000, 1, 2)
    with torch.no_grad():
        outputs, _ = layer(inputs)
    counts, interpreted = interpret(graph, inputs[:, 0].numpy().astype(float), dt=0.02e-3)
    assert counts.sum() > 40
    mean = outputs[:, 0].mean(0).numpy()
    assert np.allclose(interpreted.mean(0), mean, rtol=0.03)


def test_readout_shape_and_file(tmp_path):
    layer = GatedRecurrent(2, 5, dynamics=Dynamics(membrane=LIF(10.0)))
    with pytest.warns(LossyExportWarning):
        graph = to_nir(layer, readout=torch.nn.Linear(5, 3))
    assert graph.nodes["output"].output_type["output"].tolist() == [3]
    assert graph.nodes["neurons"].tau.tolist() == pytest.approx([0.01] * 5)  # seconds
    assert ("recurrent_0", "neurons") in graph.edges
    nir.write(tmp_path / "graph.nir", graph)
    assert set(nir.read(tmp_path / "graph.nir").nodes) == set(graph.nodes)


def test_a_phase_neuron_has_no_equivalent():
    with pytest.raises(ValueError, match="NIR has no equivalent of QIF neurons; LIF and NIF can"):
        to_nir(GatedRecurrent(1, 2, dynamics=Dynamics(membrane=QIF())))
