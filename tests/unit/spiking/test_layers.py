"""Layers: gradients by independent means, state, options, messages."""

import pickle
import warnings

import pytest
import torch

from cayley.spiking import (
    LIF,
    NIF,
    ChaoticGradientWarning,
    Dynamics,
    GatedCell,
    GatedRecurrent,
    GatedStack,
    NeuronParameters,
    PolynomialGate,
)
from cayley.spiking.adjoint._operators import described, membrane_of
from cayley.spiking.equations._dynamics import GatedState

F64 = torch.float64


def everything(layer, seed=1, steps=80):
    """Return outputs and all gradients of a loss on outputs and last state."""
    generator = torch.Generator().manual_seed(seed)
    n, k = layer.hidden_size, len(layer.recurrent_weight)
    dtype = layer.bias.dtype

    def random(*shape):
        return torch.rand(*shape, generator=generator, dtype=F64).to(dtype).requires_grad_()

    inputs = (random(steps, 4, layer.input_size).detach() - 0.5).requires_grad_()
    state = GatedState(random(4, n), random(4, k, n), random(4, n))
    outputs, last = layer(inputs, state)
    weights = torch.randn(outputs.shape, generator=generator, dtype=F64).to(dtype)
    loss = (outputs * weights).sum() + outputs.square().sum()
    loss = loss + sum((part**2).sum() for part in last)
    wanted = [inputs, *state, *layer.parameters()]
    return outputs.detach(), torch.autograd.grad(loss, wanted)


def relative(first, second):
    return max(
        ((a - b).norm() / b.norm()).item() for a, b in zip(first, second, strict=True) if b.numel()
    )


def test_adjoint_equals_autograd(dynamics, make_layer):
    adjoint = everything(make_layer(dynamics))
    autograd = everything(make_layer(dynamics, gradient="autograd"))
    assert torch.equal(adjoint[0], autograd[0])
    assert relative(adjoint[1], autograd[1]) < 1e-9


def test_checkpoints_change_nothing(dynamics, make_layer):
    whole = everything(make_layer(dynamics))
    pieces = everything(make_layer(dynamics, checkpoint=17))
    assert torch.equal(whole[0], pieces[0])
    assert relative(pieces[1], whole[1]) < 1e-12


def test_the_compiled_kernel_gives_the_same(dynamics, make_layer):
    """Against float64, where the same arithmetic in float32 torch is as far away."""
    exact = everything(make_layer(dynamics))
    options = {"dtype": torch.float32, "checkpoint": None}
    compiled = everything(make_layer(dynamics, backend="compiled", **options))
    plain = everything(make_layer(dynamics, backend="torch", **options))
    pieces = everything(
        make_layer(dynamics, backend="compiled", dtype=torch.float32, checkpoint=17)
    )
    assert (compiled[0] - exact[0]).abs().max() < 5e-5
    assert relative(compiled[1], exact[1]) < 1e-4
    assert relative(compiled[1], plain[1]) < 1e-4
    # A piece starts from currents computed anew: no further off than rounding takes the whole run.
    assert relative(pieces[1], compiled[1]) < max(1e-5, relative(compiled[1], exact[1]))


@pytest.mark.parametrize("neurons", [1, 3, 4, 21])
@pytest.mark.parametrize("recurrent", [True, False])
def test_the_kernel_at_odd_sizes(neurons, recurrent, make_layer):
    options = {"neurons": neurons, "recurrent": recurrent}
    exact = everything(make_layer(**options))
    compiled = everything(make_layer(dtype=torch.float32, backend="compiled", **options))
    assert relative(compiled[1], exact[1]) < 1e-4


@pytest.mark.parametrize("batch", [1, 3, 7])
def test_the_kernel_with_groups_of_samples_that_are_not_full(batch, make_layer):
    """It visits the samples in which a neuron is active four at a time, and the rest singly."""
    layers = [make_layer(), make_layer(dtype=torch.float32, backend="compiled")]
    generator = torch.Generator().manual_seed(batch)
    inputs = torch.randn(60, batch, 3, generator=generator, dtype=F64)
    gradients = []
    for layer in layers:
        outputs, _ = layer(inputs.to(layer.bias.dtype))
        outputs.square().sum().backward()
        gradients.append([parameter.grad for parameter in layer.parameters()])
    assert relative(gradients[1], gradients[0]) < 1e-4


def test_the_old_name_of_the_compiled_kernel():
    with pytest.warns(DeprecationWarning, match=r"`backend=.numba.` is `backend=.compiled.` now"):
        layer = GatedRecurrent(1, 3, backend="numba")
    assert layer.backend == "compiled"


def test_a_gradient_that_is_the_same_at_all_times(make_layer):
    """The kernel reads such a gradient as one row."""
    layers = [make_layer(), make_layer(dtype=torch.float32, backend="compiled")]
    gradients = []
    for layer in layers:
        outputs, _ = layer(torch.zeros(60, 4, 3, dtype=layer.bias.dtype))
        outputs.sum().backward()
        gradients.append(layer.recurrent_weight.grad)
    assert relative([gradients[1]], [gradients[0]]) < 1e-4


@pytest.mark.parametrize("name", ["input_weight", "recurrent_weight", "bias"])
def test_finite_differences(name, dynamics, make_layer):
    layer = make_layer(dynamics)
    inputs = torch.randn(40, 2, 3, generator=torch.Generator().manual_seed(3), dtype=F64)
    target = torch.randn(40, 2, 6, generator=torch.Generator().manual_seed(4), dtype=F64)

    def loss():
        return (layer(inputs)[0] - target).square().sum()

    loss().backward()
    parameter = getattr(layer, name)
    direction = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(5), dtype=F64)
    slope = (parameter.grad * direction).sum().item()
    values, step = [], 1e-7
    with torch.no_grad():
        for sign in (1, -2):
            parameter += sign * step * direction
            values.append(loss().item())
    assert (values[0] - values[1]) / (2 * step) == pytest.approx(slope, rel=1e-4)


def test_gradcheck_passes(make_layer):
    layer = make_layer(neurons=3)
    inputs = torch.randn(12, 2, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    assert torch.autograd.gradcheck(lambda x: layer(x)[0], inputs.requires_grad_(), atol=1e-6)


def second_derivatives(layer, loss, seed=2):
    """Return the gradients of the squared norm of all first gradients."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(30, 2, 3, generator=generator, dtype=F64).requires_grad_()
    start = layer.initial_state(2)
    start = GatedState(*(part.clone().requires_grad_() for part in start))
    outputs, last = layer(inputs, start)
    wanted = [inputs, *start, *layer.parameters()]
    first = torch.autograd.grad(loss(outputs, last), wanted, create_graph=True)
    # The gradient by the initial output does not depend on it: its derivative is 0.
    return torch.autograd.grad(
        sum(each.square().sum() for each in first), wanted, materialize_grads=True
    )


LOSSES = {
    # With a loss that is linear in the outputs, the gradient that arrives has no graph of its own.
    "linear": lambda outputs, last: outputs.sum() + last.potential.sum() + last.traces.sum(),
    "quadratic": lambda outputs, last: outputs.square().sum() + last.output.square().sum(),
}


@pytest.mark.parametrize(
    ("loss", "checkpoint"),
    [
        ("linear", None),
        pytest.param("linear", 7, marks=pytest.mark.slow),
        pytest.param("quadratic", None, marks=pytest.mark.slow),
        ("quadratic", 7),
    ],
)
def test_second_derivatives_are_those_of_autograd(loss, checkpoint, dynamics, make_layer):
    adjoint = second_derivatives(make_layer(dynamics, checkpoint=checkpoint), LOSSES[loss])
    autograd = second_derivatives(make_layer(dynamics, gradient="autograd"), LOSSES[loss])
    for found, expected in zip(adjoint, autograd, strict=True):
        assert (found - expected).norm() <= 1e-9 * expected.norm()


def test_second_derivatives_by_finite_differences(make_layer):
    layer = make_layer(neurons=3)
    inputs = torch.randn(6, 1, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    run = lambda x, w: torch.func.functional_call(layer, {"recurrent_weight": w}, (x,))[0]  # noqa: E731
    wanted = inputs.requires_grad_(), layer.recurrent_weight
    assert torch.autograd.gradgradcheck(run, wanted, atol=1e-5)


def test_second_derivatives_of_the_kernel(make_layer):
    exact = make_layer(gradient="autograd")
    layer = make_layer(dtype=torch.float32, backend="compiled")
    found = []
    for each in (layer, exact):
        outputs, _ = each(torch.ones(30, 2, 3, dtype=each.bias.dtype))
        (first,) = torch.autograd.grad(outputs.sum(), each.bias, create_graph=True)
        found.append(torch.autograd.grad(first.square().sum(), list(each.parameters())))
    assert relative(*found) < 1e-3


def test_a_clipped_gradient_is_not_differentiated_again(make_layer):
    layer = make_layer(clip_samples=2.0)
    outputs, _ = layer(torch.zeros(5, 1, 3, dtype=F64))
    with pytest.raises(RuntimeError, match=r"does not return a gradient.*`clip_samples=None`"):
        torch.autograd.grad(outputs.sum(), layer.bias, create_graph=True)


def test_transforms_are_refused_and_go_through_autograd(make_layer):
    inputs = torch.randn(2, 15, 1, 3, generator=torch.Generator().manual_seed(0), dtype=F64)

    def per_sample(layer):
        loss = lambda w, x: torch.func.functional_call(layer, w, (x,))[0].square().sum()  # noqa: E731
        weights = {name: p.detach() for name, p in layer.named_parameters()}
        return torch.func.vmap(torch.func.grad(loss), (None, 0))(weights, inputs)

    layer = make_layer()
    with pytest.raises(RuntimeError, match=r'do(es)? not go through transforms.*="autograd"'):
        per_sample(layer)
    found = per_sample(make_layer(gradient="autograd"))
    for index, each in enumerate(inputs):
        layer.zero_grad()
        layer(each)[0].square().sum().backward()
        for name, parameter in layer.named_parameters():
            assert torch.allclose(found[name][index], parameter.grad, rtol=1e-9)


@pytest.mark.parametrize("backend", ["compiled", "torch"])
def test_autocast_does_not_act_on_the_run(backend, make_layer):
    layer = make_layer(dtype=torch.float32, backend=backend)
    inputs = torch.randn(60, 4, 3, generator=torch.Generator().manual_seed(0)).bfloat16()
    expected = layer(inputs.float())[0]
    expected.square().sum().backward()
    gradients = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16):
        outputs, state = layer(inputs)
        layer.record(inputs)
        # Nor on the adjoint, where the backward pass is in the block.
        loss = outputs.square().sum()
        (inside,) = torch.autograd.grad(loss, layer.recurrent_weight, retain_graph=True)
    loss.backward()
    assert torch.equal(inside, layer.recurrent_weight.grad)
    assert outputs.dtype == state.potential.dtype == torch.float32
    assert torch.equal(outputs, expected)
    assert all(torch.equal(p.grad, g) for p, g in zip(layer.parameters(), gradients, strict=True))
    cell = GatedCell(3, 6)
    with torch.autocast("cpu", torch.bfloat16):
        assert cell(inputs[0])[0].dtype == torch.float32


@pytest.mark.filterwarnings("ignore:.*Function'> should not be instantiated:DeprecationWarning")
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"checkpoint": 7},
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in ({"clip_samples": 1.0}, {"backend": "torch"}, {"recurrent": False})
        ),
    ],
    ids=str,
)
def test_a_compiled_layer_is_one_graph(options, make_layer):
    layer = make_layer(dtype=torch.float32, **options)
    torch.compiler.reset()
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    found = []
    for run in (layer, compiled):
        layer.zero_grad()
        inputs = torch.ones(20, 4, 3).requires_grad_()
        outputs, state = run(inputs)
        (outputs.square().sum() + sum(part.square().sum() for part in state)).backward()
        found.append([outputs.detach(), inputs.grad, *(p.grad for p in layer.parameters())])
    assert relative(*found) < 1e-6
    # The state goes on, and a narrower gate is a new graph with its own numbers.
    layer.dynamics = layer.dynamics.with_width(0.3)
    state = state.detach()
    assert torch.allclose(compiled(inputs, state)[0], layer(inputs, state)[0], atol=1e-6)


def test_the_operators_say_what_they_return():
    """torch.library's own checks: shapes, memory that is shared, gradients, tracing."""
    layer = GatedRecurrent(1, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    for checkpoint in (None, 4):
        equations = described(layer.dynamics, "auto", checkpoint, None)
        start = layer.initial_state(2)
        drive = torch.ones(6, 2, 3, dtype=F64).requires_grad_()
        arguments = (drive, *(part.clone() for part in start), layer.recurrent_weight, *equations)
        # Gradients of the quantities that are kept are not asked for by anyone.
        torch.library.opcheck(torch.ops.cayley.gated_run.default, arguments, test_utils=[
            "test_schema", "test_faketensor"])  # fmt: skip


def test_two_halves_are_the_whole_gradient_included(make_layer):
    layer = make_layer()
    inputs = torch.randn(60, 2, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    whole, last = layer(inputs)
    (expected,) = torch.autograd.grad(whole.square().sum(), layer.recurrent_weight)
    first, state = layer(inputs[:25])
    second, end = layer(inputs[25:], state)
    both = torch.cat([first, second])
    (gradient,) = torch.autograd.grad(both.square().sum(), layer.recurrent_weight)
    assert torch.equal(both, whole)
    assert all(torch.equal(a, b) for a, b in zip(last, end, strict=True))
    assert torch.allclose(gradient, expected, rtol=1e-10)


def test_a_detached_state_cuts_the_gradient(make_layer):
    layer = make_layer()
    inputs = torch.randn(30, 2, 3, dtype=F64, generator=torch.Generator().manual_seed(0))
    inputs.requires_grad_()
    _, state = layer(inputs)
    outputs, _ = layer(inputs.detach(), state.detach())
    assert torch.autograd.grad(outputs.sum(), inputs, allow_unused=True)[0] is None


def test_a_cell_stepped_over_time_is_the_layer(make_layer):
    layer = make_layer()
    cell = GatedCell(3, 6, dtype=F64)
    cell.load_state_dict(layer.state_dict())
    inputs = torch.randn(30, 2, 3, dtype=F64, generator=torch.Generator().manual_seed(0))
    outputs, last = layer(inputs)
    state, stepped = None, []
    for now in inputs:
        output, state = cell(now, state)
        stepped.append(output)
    assert torch.allclose(torch.stack(stepped), outputs, atol=1e-14)
    assert torch.allclose(state.potential, last.potential, atol=1e-14)


def test_recording_tells_what_forward_did(dynamics, make_layer):
    layer = make_layer(dynamics)
    inputs = torch.randn(50, 2, 3, dtype=F64, generator=torch.Generator().manual_seed(0))
    outputs, state = layer(inputs)
    run = layer.record(inputs)
    assert torch.equal(run.outputs, outputs)
    assert all(torch.equal(a, b) for a, b in zip(run.state, state, strict=True))
    assert run.potentials.shape == (51, 2, 6)
    for name in ("currents", "charges", "spikes", "before_reset"):
        assert getattr(run, name).shape == (50, 2, 6)
    trace, decay = torch.zeros(2, 6, dtype=F64), layer.dynamics.output_decay
    for charge, output in zip(run.charges, outputs, strict=True):
        trace = decay * trace + charge
        assert torch.allclose(trace, output)


def test_stack_feeds_traces_forward():
    generator = torch.Generator().manual_seed(0)
    layers = [
        GatedRecurrent(2, 8, recurrent=False, generator=generator),
        GatedRecurrent(8, 4, recurrent=False, generator=generator),
    ]
    stack, inputs = GatedStack(layers), torch.ones(40, 3, 2)
    outputs, state = stack(inputs)
    below, _ = layers[0](inputs)
    assert torch.equal(outputs, layers[1](below)[0])
    outputs.sum().backward()
    assert layers[0].input_weight.grad.abs().sum() > 0
    again, _ = stack(inputs, state.detach())
    assert not torch.equal(again, outputs)
    with pytest.raises(ValueError, match="a layer of 8 neurons cannot feed one of 3 inputs"):
        GatedStack([layers[0], GatedRecurrent(3, 2)])
    with pytest.raises(TypeError, match="`state` must be None or the `StackState`"):
        stack(inputs, layers[0].initial_state(3))
    with pytest.raises(ValueError, match="`layers` must hold at least one"):
        GatedStack([])


def test_runs_repeat_and_depend_on_the_seed():
    def run(seed):
        layer = GatedRecurrent(2, 5, generator=torch.Generator().manual_seed(seed))
        outputs, _ = layer(torch.ones(50, 2, 2))
        outputs.square().sum().backward()
        return outputs.detach(), layer.recurrent_weight.grad

    first, second, other = run(0), run(0), run(1)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert not torch.equal(first[0], other[0])


def test_layers_pickle_and_print():
    layer = GatedRecurrent(2, 3, generator=torch.Generator().manual_seed(0))
    copy = pickle.loads(pickle.dumps(layer))
    inputs = torch.ones(20, 1, 2)
    assert torch.equal(copy(inputs)[0], layer(inputs)[0])
    assert "QIF(time_constant=25.0)" in repr(layer)


def test_samples_that_explode_can_be_clipped():
    """The clipped gradient is the sum over samples of the scaled exact ones."""
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(120, 5, 2, generator=generator, dtype=F64)
    inputs[:, 0] *= 6

    def gradient(clip, samples):
        layer = GatedRecurrent(
            2, 8, clip_samples=clip, dtype=F64, generator=torch.Generator().manual_seed(1)
        )
        x = inputs[:, samples].clone().requires_grad_()
        layer(x)[0].square().sum().backward()
        return layer.recurrent_weight.grad, layer.input_weight, x.grad

    single = [gradient(None, [i]) for i in range(5)]
    clipped, _, by_inputs = gradient(0.5, [0, 1, 2, 3, 4])
    # Inputs' gradients are the current's times the weights, and scale with the sample.
    ratio = torch.stack([
        by_inputs[:, i].norm() / single[i][2].norm() for i in range(5)
    ])  # fmt: skip
    expected = sum(r * g[0] for r, g in zip(ratio, single, strict=True))
    assert torch.allclose(clipped, expected, rtol=1e-9)
    assert ratio.min() < 0.6


def chaotic(**options):
    layer = GatedRecurrent(
        1, 40, bias=2.0, generator=torch.Generator().manual_seed(0),
        dynamics=Dynamics(gate=PolynomialGate(0.05)), **options,
    )  # fmt: skip
    with torch.no_grad():
        layer.recurrent_weight.normal_(generator=torch.Generator().manual_seed(1)).mul_(3)
    return layer


@pytest.mark.parametrize("backend", ["compiled", "torch"])
def test_long_chaotic_runs_stay_finite_and_their_gradients_say_so(backend):
    layer = chaotic(backend=backend)
    outputs, _ = layer(torch.zeros(2000, 2, 1))
    assert bool(torch.isfinite(outputs).all())
    with pytest.warns(ChaoticGradientWarning, match=r"through 2000 steps.*chaotic"):
        outputs.sum().backward()


def test_overflowed_samples_are_left_out_when_clipping():
    layer = chaotic(clip_samples=2.0)
    outputs, _ = layer(torch.zeros(2000, 2, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outputs.sum().backward()
    assert bool(torch.isfinite(layer.recurrent_weight.grad).all())


@pytest.mark.parametrize("backend", ["compiled", "torch"])
def test_runaway_excitation_is_refused(backend):
    layer = GatedRecurrent(1, 3, backend=backend)
    with torch.no_grad():
        layer.recurrent_weight.fill_(50)
    with pytest.raises(FloatingPointError, match="potentials overflowed within 2000 steps"):
        layer(torch.zeros(2000, 1, 1))


def test_malformed_inputs():
    layer = GatedRecurrent(2, 3)
    with pytest.raises(TypeError, match=r"`inputs` must be a tensor of shape .time, batch, feat"):
        layer([[1.0]])
    with pytest.raises(ValueError, match=r"`inputs` must have shape \(time, batch, features\); go"):
        layer(torch.zeros(5, 2))
    with pytest.raises(ValueError, match=r"`inputs` must have 2 features .* got shape \(5, 1, 3\)"):
        layer(torch.zeros(5, 1, 3))
    with pytest.raises(ValueError, match=r"must not be empty; got shape \(0, 1, 2\)"):
        layer(torch.zeros(0, 1, 2))
    with pytest.raises(TypeError, match=r"must be torch.float32 on cpu .* got torch.float64"):
        layer(torch.zeros(5, 1, 2, dtype=F64))
    with pytest.raises(FloatingPointError, match="an input is not finite"):
        layer(torch.full((5, 1, 2), float("nan")))


def test_malformed_states():
    layer, inputs = GatedRecurrent(2, 3), torch.zeros(5, 2, 2)
    good = layer.initial_state(2)
    with pytest.raises(TypeError, match="`state` must be None or the `GatedState`"):
        layer(inputs, torch.zeros(3))
    with pytest.raises(ValueError, match=r"`state.potential` must have shape \(2, 3\); got \(4, 3"):
        layer(inputs, layer.initial_state(4))
    with pytest.raises(ValueError, match=r"`state.traces` must have shape \(2, 1, 3\)"):
        layer(inputs, good._replace(traces=torch.zeros(2, 3)))
    with pytest.raises(TypeError, match=r"`state.output` must be torch.float32"):
        layer(inputs, good._replace(output=torch.zeros(2, 3, dtype=F64)))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"hidden_size": 0}, ValueError, "`hidden_size` must be at least 1; got 0"),
        ({"input_size": 2.0}, TypeError, "`input_size` must be an integer; got 2.0"),
        ({"gradient": "exact"}, ValueError, '`gradient` must be "adjoint" or "autograd"; got'),
        (
            {"backend": "cuda"},
            ValueError,
            '`backend` must be "auto", "compiled", "torch" or "triton"',
        ),
        ({"checkpoint": 0}, ValueError, "`checkpoint` must be at least 1"),
        ({"clip_samples": -1}, ValueError, "`clip_samples` must be a positive number of medians"),
        ({"gradient": "autograd", "checkpoint": 5}, ValueError, "`checkpoint` and `clip_samples`"),
        ({"dynamics": "fast"}, TypeError, "`dynamics` must be a `Dynamics`; got 'fast'"),
    ],
)
def test_malformed_options(options, error, message):
    with pytest.raises(error, match=message):
        GatedRecurrent(**{"input_size": 2, "hidden_size": 3, **options})


def test_the_kernel_is_refused_where_it_does_not_apply():
    layer = GatedRecurrent(2, 3, backend="compiled", dtype=F64)
    with pytest.raises(
        ValueError, match=r"`backend=.compiled.` needs float32 on a CPU; got torch.fl"
    ):
        layer(torch.zeros(5, 1, 2, dtype=F64))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_the_same_on_a_gpu(make_layer):
    inputs = torch.randn(60, 4, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    found = []
    for device in ("cpu", "cuda"):
        layer = make_layer().to(device)
        outputs, _ = layer(inputs.to(device))
        outputs.square().sum().backward()
        found.append((outputs.detach().cpu(), layer.recurrent_weight.grad.cpu()))
    assert torch.allclose(found[0][0], found[1][0], atol=1e-9)
    assert torch.allclose(found[0][1], found[1][1], rtol=1e-7)


@pytest.mark.parametrize(
    "membrane",
    [
        LIF(10.0, "zero"),
        pytest.param(LIF(10.0, "subtract"), marks=pytest.mark.slow),
        pytest.param(NIF(10.0, "zero"), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_resets_of_other_simulators(membrane, make_layer):
    dynamics = Dynamics(membrane=membrane, gate=PolynomialGate(0.5), time_constants=(20.0, 5.0))
    adjoint = everything(make_layer(dynamics))
    autograd = everything(make_layer(dynamics, gradient="autograd"))
    assert torch.equal(adjoint[0], autograd[0])
    assert relative(adjoint[1], autograd[1]) < 1e-9
    compiled = everything(make_layer(dynamics, dtype=torch.float32, backend="compiled"))
    assert relative(compiled[1], autograd[1]) < 1e-3
    equations = described(dynamics, "auto", None, None)
    assert membrane_of(equations.membrane, 10.0) == membrane


def test_a_silent_neuron_has_no_gradient_until_it_is_woken_or_the_zone_reaches_it():
    """Below the active zone nothing flows out, so that no weight changes anything."""
    layer = GatedRecurrent(
        2, 5, dynamics=Dynamics(membrane=LIF(10.0), gate=PolynomialGate(0.3)), bias=0.0,
        recurrent=False, dtype=F64, generator=torch.Generator().manual_seed(0),
    )  # fmt: skip
    inputs = torch.full((60, 3, 2), 0.3, dtype=F64)

    def gradient():
        layer.zero_grad()
        outputs, _ = layer(inputs)
        outputs.sum().backward()
        return outputs.detach(), layer.input_weight.grad.abs().sum(1)

    with torch.no_grad():
        layer.input_weight.fill_(0.5)  # currents of 0.3: potentials below 0.5
        layer.input_weight[0] = 3.0
    outputs, found = gradient()
    assert (found > 0).tolist() == [True, False, False, False, False]
    narrow = layer.dynamics
    layer.dynamics = layer.dynamics.with_width(0.9)
    assert (gradient()[1] > 0).all()
    layer.dynamics = narrow
    silent = layer.wake_silent(outputs, lowest=2.0, step=0.25)
    assert silent.tolist() == [False, True, True, True, True]
    assert layer.bias.tolist() == [0.0, 0.25, 0.25, 0.25, 0.25]
    for _ in range(5):
        layer.wake_silent(layer(inputs)[0].detach(), step=0.25)
    assert (gradient()[1] > 0).all()
    assert not layer.wake_silent(layer(inputs)[0].detach()).any()
    with pytest.raises(ValueError, match="`lowest` must be a positive number of hertz"):
        layer.wake_silent(outputs, lowest=0.0)


@pytest.mark.parametrize("checkpoint", [None, 17])
def test_without_traces_the_charges_themselves_are_passed_on(checkpoint, make_layer):
    """Time constants of 0: a pulse of one step, in every engine."""
    dynamics = Dynamics(time_constants=(0.0, 5.0), output_time_constant=0.0)
    exact = everything(make_layer(dynamics, gradient="autograd"))
    options = {"checkpoint": checkpoint}
    assert relative(everything(make_layer(dynamics, **options))[1], exact[1]) < 1e-9
    compiled = make_layer(dynamics, dtype=torch.float32, backend="compiled", **options)
    assert relative(everything(compiled)[1], exact[1]) < 1e-3
    layer = make_layer(dynamics)
    run = layer.record(torch.ones(30, 2, 3, dtype=F64))
    assert torch.equal(run.outputs, run.charges)
    own = GatedRecurrent(
        3, 6, dynamics=dynamics, neurons=NeuronParameters(thresholds=1.0), dtype=F64
    )
    own.load_state_dict(layer.state_dict(), strict=False)
    assert torch.allclose(own(torch.ones(30, 2, 3, dtype=F64))[0], run.charges)
    with pytest.raises(ValueError, match="`time_constants` must be 0 or a positive number"):
        Dynamics(time_constants=(-1.0,))
