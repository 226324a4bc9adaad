"""The same spikes as other programs, neuron by neuron, over 1,000 steps of noise.

The programs are norse, snntorch, sinabs and spikingjelly, which wants nirtorch 2.6.
"""

import logging
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from cayley.spiking import (
    LIF,
    NIF,
    Dynamics,
    GatedRecurrent,
    GatedStack,
    NeuronParameters,
    PolynomialGate,
    from_nir,
    to_nir,
)
from cayley.spiking._delays import CurrentFilter

nir = pytest.importorskip("nir")
pytestmark = pytest.mark.filterwarnings("ignore")
F64 = torch.float64
STEPS = 1000
JELLY = "spikingjelly.activation_based.nir_exchange"


def run_norse(graph, inputs):
    norse = pytest.importorskip("norse.torch")
    logging.disable(logging.WARNING)
    module, state, spikes = norse.from_nir(graph), None, []
    with torch.no_grad():
        for now in inputs.float():
            out, state = module(now, state)
            spikes.append(out)
    logging.disable(logging.NOTSET)
    return torch.stack(spikes)


def run_snntorch(graph, inputs):
    reader = pytest.importorskip("snntorch.import_nir")
    module, spikes = reader.import_from_nir(graph), []
    state = []
    with torch.no_grad():
        for now in inputs.float():
            out, *state = module(now, *state)
            spikes.append(out)
    return torch.stack(spikes)


def run_sinabs(graph, inputs):
    reader = pytest.importorskip("sinabs.nir")
    module = reader.from_nir(graph, batch_size=inputs.shape[1])
    with torch.no_grad():
        # It takes samples and steps in one axis, samples first.
        flat = inputs.float().transpose(0, 1).flatten(0, 1)
        out = module(flat)
        out = out[0] if isinstance(out, tuple) else out
    return out.unflatten(0, (inputs.shape[1], len(inputs))).transpose(0, 1)


def run_spikingjelly(graph, inputs, dt=1e-3):
    reader = pytest.importorskip(f"{JELLY}.from_nir")
    module = reader.import_from_nir(graph, dt=dt, dtype=torch.float32)
    state, spikes = None, []
    with torch.no_grad():
        for now in inputs.float():
            out, state = module(now, state)
            spikes.append(out)
    return torch.stack(spikes)


PEERS = {
    "norse": run_norse, "snntorch": run_snntorch, "sinabs": run_sinabs,
    "spikingjelly": run_spikingjelly,
}  # fmt: skip
RESET = {"norse": "zero", "snntorch": "zero", "sinabs": "subtract", "spikingjelly": "zero"}


def moved(ours, theirs):
    """Return the number of spikes, and how many have none within one step on the other side."""
    count, lost = 0, 0
    for a, b in ((ours, theirs), (theirs, ours)):
        near = torch.nn.functional.max_pool1d(b.flatten(1).T[None].float(), 3, stride=1, padding=1)[
            0
        ].T
        count += int(a.sum())
        lost += int(((a.flatten(1) > 0.5) & (near < 0.5)).sum())
    return count // 2, lost // 2


def agree(ours, theirs, least=500):
    count, lost = moved(ours.round(), theirs)
    assert count >= least
    assert lost <= count / 1000
    return count, lost


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


def layer(profile, size, hidden, *, membrane=LIF, time=10.0, bias=0.6, seed=0, **options):
    options.setdefault("recurrent", False)
    made = GatedRecurrent(
        size, hidden, bias=bias, dtype=F64, generator=torch.Generator().manual_seed(seed),
        dynamics=Dynamics(
            membrane=membrane(time, RESET[profile]), gate=PolynomialGate(1e-6),
            time_constants=options.pop("synapses", (20.0,)),
            output_time_constant=options.pop("output", 5.0),
        ), **options,
    )  # fmt: skip
    made.initial_potential.zero_()
    return made


def spikes_of(stack, inputs):
    """Return the charges of the last layer, which are spikes where the zone is narrow."""
    layers = list(stack.layers) if isinstance(stack, GatedStack) else [stack]
    if layers[:-1]:
        inputs, _ = GatedStack(layers[:-1])(inputs)
    return layers[-1].record(inputs).charges


def synapse(size, low=4.0, high=20.0):
    """A filter with one time constant for each neuron, in milliseconds."""
    decay = torch.exp(-1 / torch.linspace(low, high, size, dtype=F64))
    return CurrentFilter(decay, torch.full_like(decay, 0.7), torch.zeros(size, dtype=F64))


NETWORKS = {
    "one layer": lambda p: layer(p, 5, 20),
    "several time constants": lambda p: layer(
        p, 5, 20, neurons=NeuronParameters(membrane=np.linspace(4, 30, 20))
    ),
    "thresholds": lambda p: layer(
        p, 5, 20, neurons=NeuronParameters(thresholds=np.linspace(0.5, 1.5, 20))
    ),
    "no leak": lambda p: layer(p, 5, 20, membrane=NIF, bias=0.5),
    "two layers": lambda p: GatedStack([
        layer(p, 5, 20), layer(p, 20, 15, seed=1), nn.Linear(15, 8, dtype=F64),
        layer(p, 8, 10, seed=2, bias=1.5),
    ]),
    "instant stack": lambda p: GatedStack([
        layer(p, 5, 20, output=0.0), layer(p, 20, 15, seed=1, bias=1.2),
    ]),
    "recurrent": lambda p: layer(p, 5, 20, recurrent=True, synapses=(20.0, 5.0)),
    "recurrent, instant": lambda p: layer(p, 5, 20, recurrent=True, synapses=(0.0,)),
    "recurrent, own constants": lambda p: layer(
        p, 5, 20, recurrent=True, bias=1.2,
        neurons=NeuronParameters(
            synapses=np.linspace(4, 20, 20)[None], adaptation=0.05, adaptation_time=50.0
        ),
    ),
    "current based": lambda p: GatedStack([
        nn.Linear(5, 20, bias=False, dtype=F64), synapse(20),
        layer(p, 20, 20, inputs=nn.Identity(), bias=0.0),
    ]),
    "current based, one time constant": lambda p: GatedStack([
        nn.Linear(5, 20, dtype=F64), synapse(20, 6.0, 6.0),
        layer(p, 20, 20, inputs=nn.Identity(), bias=0.0),
    ]),
    "current based, recurrent, one time constant": lambda p: GatedStack([
        nn.Linear(5, 20, dtype=F64), synapse(20, 6.0, 6.0),
        layer(p, 20, 20, inputs=nn.Identity(), bias=0.0, recurrent=True, synapses=(6.0,)),
    ]),
    "current based, recurrent": lambda p: GatedStack([
        nn.Linear(5, 20, bias=False, dtype=F64), synapse(20),
        layer(p, 20, 20, inputs=nn.Identity(), bias=0.0, recurrent=True,
              neurons=NeuronParameters(synapses=np.linspace(4, 20, 20)[None])),
    ]),
    "convolution": lambda p: layer(
        p, 1, 32, inputs=nn.Conv2d(1, 2, 3, dtype=F64), bias=1.2
    ),
}  # fmt: skip
HOLDS = {
    "norse": set(NETWORKS) - {"recurrent", "recurrent, own constants"},
    "snntorch": {"one layer", "current based", "current based, one time constant",
                 "several time constants", "thresholds", "instant stack", "recurrent, instant",
                 "convolution"},
    "sinabs": {"one layer", "several time constants", "thresholds", "no leak", "two layers",
               "instant stack", "convolution"},
    "spikingjelly": {"one layer", "thresholds", "no leak", "instant stack",
                     "current based, one time constant", "recurrent, instant",
                     "current based, recurrent, one time constant", "convolution"},
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("profile", PEERS)
def test_an_exported_network_has_the_same_spikes(profile, name):
    torch.manual_seed(0)
    network = NETWORKS[name](profile)
    shape, options = (5,), {}
    if name == "convolution":
        shape, options = (1, 6, 6), {"input_shape": (1, 6, 6)}
    if name not in HOLDS[profile]:
        with pytest.raises(ValueError, match=rf"{profile} "):
            to_nir(network, profile=profile, **options)
        return
    # sinabs holds potentials of neurons without a leak above -1: a weaker input does not go there.
    size = 0.1 if (profile, name) == ("sinabs", "no leak") else 2
    inputs = size * noise(STEPS, 3, *shape)
    graph = to_nir(network, profile=profile, **options)
    with torch.no_grad():
        ours = spikes_of(network, inputs)
        theirs = PEERS[profile](graph, inputs)
        print(profile, name, agree(ours, theirs.flatten(2)))
        # And what was written is read again as the same network.
        again, _ = from_nir(graph, profile=profile, dt=1.0, dtype=F64)(inputs)
        print("again", agree(again.flatten(2), ours))


def chain(*nodes):
    return nir.NIRGraph.from_list(*nodes, type_check=False)


def affine(size, out, seed=0, bias=0.6, *, positive=False):
    weight = np.random.default_rng(seed).normal(0, 1, (out, size)) / size**0.5
    return nir.Affine(weight=abs(weight) if positive else weight, bias=np.full(out, bias))


def leaky(size, *, low=8e-3, high=20e-3, r=1.0):
    tau = np.linspace(low, high, size)
    return nir.LIF(tau=tau, r=r * np.ones(size), v_leak=np.zeros(size), v_threshold=np.ones(size),
                   v_reset=np.zeros(size))  # fmt: skip


def current_based(size, leak=0.0):
    ones = np.ones(size)
    return nir.CubaLIF(tau_syn=np.linspace(4e-3, 9e-3, size), tau_mem=10e-3 * ones, r=3 * ones,
                       v_leak=leak * ones, v_threshold=ones, v_reset=0 * ones,
                       w_in=1.5 * ones)  # fmt: skip


def uniform(size, kind="LIF", *, low=0.0, r=1.0):
    """Return neurons as spikingjelly wants them with a step of 1e-4 s."""
    tau = {"IF": {}, "LIF": {"tau": 1e-3}, "CubaLIF": {"tau_mem": 1e-3, "tau_syn": 5e-4}}[kind]
    leak = {} if kind == "IF" else {"v_leak": low}
    strength = {"w_in": 5.0} if kind == "CubaLIF" else {}
    parts = {**tau, **leak, **strength, "r": r, "v_threshold": 1.0, "v_reset": low}
    return getattr(nir, kind)(**{name: np.full(size, value) for name, value in parts.items()})


def looped(node, size, seed=3):
    weight = np.random.default_rng(seed).normal(0, 0.5, (size, size)) / size**0.5
    shape = np.array([size])
    return nir.NIRGraph(
        nodes={"input": nir.Input(input_type={"input": shape}), "lif": node,
               "w_rec": nir.Affine(weight=weight, bias=np.zeros(size)),
               "output": nir.Output(output_type={"output": shape})},
        edges=[("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")],
        type_check=False,
    )  # fmt: skip


def outer(*nodes):
    """Return a chain that may hold graphs."""
    names = [f"n{i}" for i in range(len(nodes))]
    return nir.NIRGraph(
        nodes={"input": nir.Input(input_type={"input": np.array([5])}),
               **dict(zip(names, nodes, strict=True)),
               "output": nir.Output(output_type={"output": np.array([12])})},
        edges=[("input", "n0"), *pairwise(names), (names[-1], "output")],
        type_check=False,
    )  # fmt: skip


GRAPHS = {
    "norse lif": ("norse", lambda: chain(affine(5, 12), leaky(12), affine(12, 12, 1, 1.2),
                                         leaky(12))),
    "norse if": ("norse", lambda: chain(
        affine(5, 12, bias=0.05), nir.IF(r=np.ones(12), v_threshold=np.linspace(1, 3, 12)))),
    "norse cubalif": ("norse", lambda: chain(affine(5, 12, bias=0.4), current_based(12))),
    # norse starts at `v_leak` and not at the reset: a spike or two are not where they are here.
    "norse cubalif with a leak": ("norse", lambda: chain(
        affine(5, 12, bias=0.4), current_based(12, 0.05))),
    "norse recurrent": ("norse", lambda: outer(affine(5, 12, bias=1.1), looped(leaky(12), 12))),
    "norse recurrent cubalif": ("norse", lambda: outer(
        affine(5, 12, bias=0.4), looped(current_based(12), 12))),
    "snntorch lif": ("snntorch", lambda: chain(
        affine(5, 12, bias=0.05), leaky(12, low=1e-3, high=1e-3, r=10.0), affine(12, 12, 1, 0.1),
        leaky(12, low=8e-4, high=8e-4, r=8.0))),
    "snntorch recurrent": ("snntorch", lambda: outer(
        affine(5, 12, bias=0.05), looped(leaky(12, low=1e-3, high=1e-3, r=10.0), 12))),
    "sinabs lif": ("sinabs", lambda: chain(
        affine(5, 12, bias=0.05), leaky(12, low=5, high=20), affine(12, 12, 1, 0.1),
        leaky(12, low=5, high=20))),
    "sinabs li and if": ("sinabs", lambda: chain(
        affine(5, 12, bias=0.05), leaky(12, low=5, high=20),
        nir.LI(tau=np.full(12, 6.0), r=np.ones(12), v_leak=np.zeros(12)),
        affine(12, 12, 1, 0.0, positive=True), nir.IF(r=np.ones(12), v_threshold=2 * np.ones(12)))),
    "spikingjelly lif": ("spikingjelly", lambda: chain(
        affine(5, 12, bias=1.1), uniform(12, low=-0.5), affine(12, 12, 1, 0.15),
        uniform(12, r=10.0))),
    "spikingjelly if": ("spikingjelly", lambda: chain(
        affine(5, 12, bias=0.05), uniform(12, "IF", r=1e4, low=-0.2))),
    "spikingjelly cubalif": ("spikingjelly", lambda: chain(
        affine(5, 12, bias=0.03), uniform(12, "CubaLIF", r=10.0))),
    "spikingjelly recurrent": ("spikingjelly", lambda: outer(
        affine(5, 12, bias=1.1), looped(uniform(12), 12))),
    "spikingjelly recurrent cubalif": ("spikingjelly", lambda: outer(
        affine(5, 12, bias=0.03), looped(uniform(12, "CubaLIF", r=10.0), 12))),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_a_program_reads_has_its_spikes_here(name):
    profile, make = GRAPHS[name]
    graph = make()
    inputs = 0.8 * noise(STEPS, 3, 5, seed=1)
    with torch.no_grad():
        stack = from_nir(graph, profile=profile, dtype=F64)
        ours, _ = stack(inputs)
        options = {"dt": 1e-4} if profile == "spikingjelly" else {}
        theirs = PEERS[profile](graph, inputs, **options)
    print(name, agree(ours, theirs))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"r": 2.0}, r"spikingjelly wants `r` = 10 or 1 with a step of 0.0001 s; got 2"),
        ({"v_leak": 0.1}, r"spikingjelly wants `v_leak` = `v_reset`; got 0.1"),
        ({"tau": np.linspace(1e-3, 2e-3, 12)}, "spikingjelly reads one `tau` for all neurons"),
    ],
)
def test_what_spikingjelly_refuses_is_refused(changes, message):
    node = uniform(12)
    for name, value in changes.items():
        setattr(node, name, value * np.ones(12))
    with pytest.raises(ValueError, match=message):
        from_nir(chain(affine(5, 12), node), profile="spikingjelly")


def test_what_norse_writes():
    norse, writer = pytest.importorskip("norse.torch"), pytest.importorskip("norse.torch.utils")
    del writer
    torch.manual_seed(0)
    parameters = norse.LIFBoxParameters(tau_mem_inv=torch.tensor(1 / 0.012))
    module = norse.SequentialState(
        nn.Linear(5, 12), norse.LIFBoxCell(parameters), nn.Linear(12, 12), norse.LIFBoxCell()
    )
    with torch.no_grad():
        module[0].weight.mul_(3)
        module[2].weight.mul_(4)
        module[0].bias.fill_(1.1)
        module[2].bias.fill_(1.3)
    graph = norse.to_nir(module, torch.zeros(1, 5))
    inputs, state, theirs = noise(STEPS, 3, 5), None, []
    with torch.no_grad():
        for now in inputs.float():
            out, state = module(now, state)
            theirs.append(out)
        with pytest.raises(ValueError, match=r"norse 1.1 writes them multiplied by the step"):
            from_nir(graph, profile="norse")
        ours, _ = from_nir(graph, profile="norse", time_scale=1000.0, dtype=F64)(inputs)
    print("norse writes", agree(ours, torch.stack(theirs)))


def test_what_snntorch_writes():
    snn, writer = pytest.importorskip("snntorch"), pytest.importorskip("snntorch.export_nir")
    torch.manual_seed(0)
    options = {"reset_mechanism": "zero", "reset_delay": False, "init_hidden": True}
    module = nn.Sequential(
        nn.Linear(5, 12), snn.Leaky(torch.full((12,), 0.9), torch.ones(12), **options),
        nn.Linear(12, 12), snn.RLeaky(0.8, linear_features=12, output=False, **options),
    )  # fmt: skip
    with torch.no_grad():
        module[0].bias.fill_(0.05)
        module[2].weight.mul_(2)
        module[2].bias.fill_(0.1)
        module[3].recurrent.bias.zero_()
    graph = writer.export_to_nir(module, torch.zeros(1, 5), ignore_dims=[0])
    for each in (module[1], module[3]):
        each.reset_mem()
    inputs = noise(STEPS, 3, 5)
    with torch.no_grad():
        theirs = torch.stack([module(now) for now in inputs.float()])
        ours, _ = from_nir(graph, profile="snntorch", dtype=F64)(inputs)
    print("snntorch writes", agree(ours, theirs))


def test_what_sinabs_writes():
    layers, writer = pytest.importorskip("sinabs.layers"), pytest.importorskip("sinabs.nir")
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Linear(5, 12), layers.LIFSqueeze(tau_mem=torch.full((12,), 9.0), batch_size=3,
                                            norm_input=False, spike_threshold=torch.ones(12)),
        nn.Linear(12, 12), layers.IAFSqueeze(batch_size=3),
    )  # fmt: skip
    with torch.no_grad():
        module[0].bias.fill_(0.1)
        module[2].weight.abs_()
        module[2].bias.fill_(0.1)
        inputs = noise(STEPS, 3, 5)
        flat = inputs.float().transpose(0, 1).flatten(0, 1)
        module(flat)
        graph = writer.to_nir(module, flat)
        for each in (module[1], module[3]):
            each.reset_states()
        theirs = module(flat).unflatten(0, (3, STEPS)).transpose(0, 1)
        ours, _ = from_nir(graph, profile="sinabs", dtype=F64)(inputs)
    print("sinabs writes", agree(ours, theirs))


def test_what_spikingjelly_writes():
    writer = pytest.importorskip(f"{JELLY}.to_nir")
    jelly = pytest.importorskip("spikingjelly.activation_based")
    torch.manual_seed(0)
    module = nn.Sequential(
        jelly.layer.Linear(5, 12), jelly.neuron.LIFNode(tau=8.0),
        jelly.layer.Linear(12, 12), jelly.neuron.LIFNode(tau=5.0, decay_input=False, v_reset=-0.2),
        jelly.layer.Linear(12, 12), jelly.neuron.IFNode(),
    )  # fmt: skip
    with torch.no_grad():
        module[0].weight.mul_(3)
        module[0].bias.fill_(1.1)
        module[2].bias.fill_(0.3)
        module[4].bias.fill_(0.1)
    graph = writer.export_to_nir(module, torch.zeros(1, 5))
    jelly.functional.reset_net(module)
    inputs = noise(STEPS, 3, 5)
    with torch.no_grad():
        theirs = torch.stack([module(now) for now in inputs.float()])
        ours, _ = from_nir(graph, profile="spikingjelly", dtype=F64)(inputs)
    print("spikingjelly writes", agree(ours, theirs))
