"""The contract with torch.nn.Linear and torch.nn.Conv2d: all is theirs but the weight gradient."""

import copy
import io
import math
import pickle

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from cayley.optim import ISAACConv2d, ISAACLinear, isaac_weight_gradient

pytestmark = [
    # The plain layer's own remark that it has to copy its input.
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning"),
    # torch.compile does itself what this warns about, for every custom autograd function.
    pytest.mark.filterwarnings("ignore:.*Function'> should not be instantiated:DeprecationWarning"),
]

CONVOLUTIONS = {
    "plain": {},
    "stride": {"stride": 2},
    "padding": {"padding": (1, 2)},
    "dilation": {"dilation": 2, "padding": 1},
    "same, even kernel": {"padding": "same", "kernel_size": (2, 4)},
    "valid": {"padding": "valid"},
    "groups": {"groups": 2},
    "depthwise": {"groups": 4},
    "pointwise": {"kernel_size": 1},
    "circular": {"padding": 1, "padding_mode": "circular"},
    "reflect": {"padding": 2, "padding_mode": "reflect"},
    "no bias": {"bias": False},
}
LAYERS = {
    "linear": (nn.Linear, ISAACLinear, {"in_features": 6, "out_features": 4}, (5, 6)),
    "linear, no bias": (
        nn.Linear,
        ISAACLinear,
        {"in_features": 6, "out_features": 4, "bias": False},
        (5, 6),
    ),
    "linear, many dimensions": (
        nn.Linear,
        ISAACLinear,
        {"in_features": 6, "out_features": 4},
        (2, 3, 2, 6),
    ),
    "linear, one sample": (nn.Linear, ISAACLinear, {"in_features": 6, "out_features": 4}, (6,)),
    **{
        f"convolution, {name}": (
            nn.Conv2d,
            ISAACConv2d,
            {"in_channels": 4, "out_channels": 8, "kernel_size": 3} | options,
            (3, 4, 7, 6),
        )
        for name, options in CONVOLUTIONS.items()
    },
    "convolution, one image": (
        nn.Conv2d,
        ISAACConv2d,
        {"in_channels": 4, "out_channels": 8, "kernel_size": 3},
        (4, 7, 6),
    ),
}


def pair(name, *, dtype=torch.float64, **options):
    """Return a plain layer, an ISAAC layer with the same weights, and an input."""
    plain_type, isaac_type, arguments, shape = LAYERS[name]
    plain = plain_type(**arguments, dtype=torch.float64)
    isaac = isaac_type(**arguments, dtype=torch.float64, **({"damping": 0.1} | options))
    rng = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in plain.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=rng, dtype=torch.float64))
    isaac.load_state_dict(plain.state_dict())
    inputs = torch.randn(shape, generator=rng, dtype=torch.float64).to(dtype)
    return plain.to(dtype), isaac.to(dtype), inputs


def gradients(layer, inputs, *, call=None):
    """Return output, input gradient and parameter gradients of a fixed quadratic loss."""
    layer.zero_grad()
    inputs = inputs.detach().clone().requires_grad_()
    outputs = (layer if call is None else call)(inputs)
    weights = torch.linspace(-1, 1, outputs.numel(), dtype=outputs.dtype).view(outputs.shape)
    (weights * outputs**2).sum().backward()
    return outputs.detach(), inputs.grad, {n: p.grad for n, p in layer.named_parameters()}


@pytest.mark.parametrize("name", LAYERS)
def test_all_but_the_weight_gradient_is_plain(name):
    plain, isaac, inputs = pair(name)
    expected, for_inputs, parameters = gradients(plain, inputs)
    outputs, isaac_inputs, isaac_parameters = gradients(isaac, inputs)
    assert torch.allclose(outputs, expected, rtol=1e-14, atol=1e-14)
    assert torch.allclose(isaac_inputs, for_inputs, rtol=1e-12, atol=1e-12)
    assert not torch.allclose(isaac_parameters["weight"], parameters["weight"], rtol=1e-2)
    if "bias" in parameters:
        assert torch.allclose(isaac_parameters["bias"], parameters["bias"], rtol=1e-12)
    assert isaac_parameters["weight"].shape == plain.weight.shape


@pytest.mark.parametrize("precondition_bias", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_infinite_damping_is_the_plain_layer(name, precondition_bias):
    plain, isaac, inputs = pair(name, damping=math.inf, precondition_bias=precondition_bias)
    _, _, expected = gradients(plain, inputs)
    _, _, result = gradients(isaac, inputs)
    for parameter, gradient in expected.items():
        assert torch.allclose(result[parameter], gradient, rtol=1e-11, atol=1e-11)


def dense_convolution_gradient(plain, inputs, damping, *, with_bias):
    """Every patch cut out by hand, padded by the plain layer's own rule, then the dense formula."""
    captured = []
    hook = plain.register_full_backward_hook(lambda m, i, o: captured.append(o[0]))
    gradients(plain, inputs)
    hook.remove()
    padded = inputs
    if isinstance(plain.padding, str) or any(plain.padding):
        mode = "constant" if plain.padding_mode == "zeros" else plain.padding_mode
        padded = nn.functional.pad(inputs, plain._reversed_padding_repeated_twice, mode=mode)
    (kh, kw), (sh, sw), (dh, dw) = plain.kernel_size, plain.stride, plain.dilation
    g = captured[0]
    per_group_in, per_group_out = padded.shape[1] // plain.groups, g.shape[1] // plain.groups
    results, biases = [], []
    for group in range(plain.groups):
        channels = slice(group * per_group_in, (group + 1) * per_group_in)
        rows, outs = [], []
        for image in range(len(padded)):
            for y in range(g.shape[2]):
                for x in range(g.shape[3]):
                    window = padded[image, channels, y * sh :, x * sw :]
                    patch = window[:, : dh * (kh - 1) + 1 : dh, : dw * (kw - 1) + 1 : dw]
                    rows.append(patch.reshape(-1))
                    outs.append(g[image, group * per_group_out : (group + 1) * per_group_out, y, x])
        a, out = torch.stack(rows), torch.stack(outs)
        if with_bias:
            a = torch.cat([a, torch.ones(len(a), 1, dtype=a.dtype)], 1)
        gram = a.T @ a / len(a) + damping * torch.eye(a.shape[1], dtype=a.dtype)
        result = damping * out.T @ a @ torch.linalg.inv(gram)
        if with_bias:
            result, bias = result[:, :-1], result[:, -1]
            biases.append(bias)
        results.append(result)
    bias = torch.cat(biases) if with_bias else None
    return torch.cat(results).view(plain.weight.shape), bias


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("name", [f"convolution, {name}" for name in CONVOLUTIONS])
def test_convolution_is_a_linear_layer_on_patches(name, with_bias):
    plain, isaac, inputs = pair(name, precondition_bias=with_bias)
    with_bias = with_bias and plain.bias is not None
    expected, bias = dense_convolution_gradient(plain, inputs, 0.1, with_bias=with_bias)
    _, _, result = gradients(isaac, inputs)
    assert torch.allclose(result["weight"], expected, rtol=1e-10, atol=1e-11)
    if with_bias:
        assert torch.allclose(result["bias"], bias, rtol=1e-10, atol=1e-11)


def test_pointwise_convolution_equals_the_linear_layer():
    linear = ISAACLinear(4, 8, dtype=torch.float64, damping=0.1)
    convolution = ISAACConv2d(4, 8, 1, dtype=torch.float64, damping=0.1)
    convolution.load_state_dict({"weight": linear.weight[:, :, None, None], "bias": linear.bias})
    images = torch.randn(2, 4, 5, 5, generator=torch.Generator().manual_seed(0)).double()
    convolution(images).square().sum().backward()
    linear(images.permute(0, 2, 3, 1)).square().sum().backward()
    assert torch.allclose(convolution.weight.grad[:, :, 0, 0], linear.weight.grad, rtol=1e-12)


def test_bias_as_an_input_column_is_the_dense_joint_gradient():
    plain, isaac, inputs = pair("linear", precondition_bias=True)
    outputs, _, result = gradients(isaac, inputs)
    # Gradient of the loss of `gradients` with respect to the outputs, by hand.
    g = 2 * torch.linspace(-1, 1, 20, dtype=torch.float64).view(5, 4) * outputs
    augmented = torch.cat([inputs, torch.ones(5, 1, dtype=torch.float64)], dim=1)
    gram = augmented.T @ augmented / 5 + 0.1 * torch.eye(7, dtype=torch.float64)
    joint = 0.1 * g.T @ augmented @ torch.linalg.inv(gram)
    assert torch.allclose(result["weight"], joint[:, :-1], rtol=1e-11, atol=1e-12)
    assert torch.allclose(result["bias"], joint[:, -1], rtol=1e-11, atol=1e-12)
    assert plain.weight.shape == result["weight"].shape


@pytest.mark.parametrize("name", LAYERS)
def test_state_dict_goes_both_ways(name):
    plain, isaac, _ = pair(name)
    assert list(plain.state_dict()) == list(isaac.state_dict())
    plain.load_state_dict(isaac.state_dict())
    buffer = io.BytesIO()
    torch.save(isaac.state_dict(), buffer)
    buffer.seek(0)
    isaac.load_state_dict(torch.load(buffer, weights_only=True))
    assert isinstance(isaac, type(plain))


def test_is_initialized_as_the_plain_layer():
    for plain, isaac in (
        (lambda: nn.Linear(6, 4), lambda: ISAACLinear(6, 4, damping=0.1)),
        (lambda: nn.Conv2d(2, 4, 3), lambda: ISAACConv2d(2, 4, 3, damping=0.1)),
    ):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            expected = plain().state_dict()
            torch.manual_seed(0)
            for name, value in isaac().state_dict().items():
                assert torch.equal(value, expected[name])


@pytest.mark.parametrize("name", LAYERS)
def test_copies_and_pickles(name):
    _, isaac, inputs = pair(name)
    for other in (copy.deepcopy(isaac), pickle.loads(pickle.dumps(isaac))):
        assert other.damping == isaac.damping
        result, expected = gradients(other, inputs), gradients(isaac, inputs)
        assert torch.equal(result[2]["weight"], expected[2]["weight"])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", ["linear", "convolution, padding", "convolution, groups"])
def test_dtypes(name, dtype):
    _, exact, inputs = pair(name)
    _, isaac, _ = pair(name, dtype=dtype)
    outputs, for_inputs, result = gradients(isaac, inputs.to(dtype))
    assert {outputs.dtype, for_inputs.dtype, *(g.dtype for g in result.values())} == {dtype}
    expected = gradients(exact, inputs)[2]["weight"]
    error = (result["weight"].double() - expected).norm() / expected.norm()
    assert float(error) < (1e-5 if dtype == torch.float32 else 20 * torch.finfo(dtype).eps)


@pytest.mark.parametrize("name", ["linear", "convolution, padding"])
def test_autocast_computes_in_half_and_keeps_float32_parameters(name):
    plain, isaac, inputs = pair(name, dtype=torch.float32)

    def call(layer):
        def inner(tensor):
            with torch.autocast("cpu", torch.bfloat16):
                return layer(tensor)

        return inner

    outputs, for_inputs, result = gradients(isaac, inputs, call=call(isaac))
    expected, plain_inputs, _ = gradients(plain, inputs, call=call(plain))
    assert outputs.dtype == expected.dtype == torch.bfloat16
    assert torch.allclose(outputs, expected, rtol=1e-2, atol=1e-2)
    assert for_inputs.dtype == plain_inputs.dtype == torch.float32
    assert result["weight"].dtype == torch.float32
    exact = gradients(isaac, inputs)[2]["weight"]
    assert float((result["weight"] - exact).norm() / exact.norm()) < 0.05


def test_autocast_leaves_float64_alone():
    _, isaac, inputs = pair("linear")
    with torch.autocast("cpu", torch.bfloat16):
        assert isaac(inputs).dtype == torch.float64


# One of each kind of layer and of padding; each takes half a second to compile.
COMPILED = ("linear", "linear, many dimensions", "convolution, same, even kernel",
            "convolution, circular", "convolution, stride", "convolution, one image")  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=() if each in COMPILED else pytest.mark.slow) for each in LAYERS],
)
def test_compiles(name):
    _, isaac, inputs = pair(name)
    torch.compiler.reset()
    compiled = torch.compile(isaac, backend="aot_eager", fullgraph=True)
    expected, result = gradients(isaac, inputs), gradients(isaac, inputs, call=compiled)
    assert torch.allclose(result[1], expected[1], rtol=1e-12)
    for parameter, gradient in expected[2].items():
        assert torch.allclose(result[2][parameter], gradient, rtol=1e-10)


def test_compiled_solve_also_falls_back_to_float64():
    layer = ISAACLinear(96, 5, damping=1e-6)
    inputs = torch.relu(torch.randn(96, 96, generator=torch.Generator().manual_seed(0)) + 1)
    expected = gradients(layer, inputs)[2]["weight"]
    torch.compiler.reset()
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    result = gradients(layer, inputs, call=compiled)[2]["weight"]
    assert torch.allclose(result, expected, rtol=1e-5)


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpointing_changes_nothing(reentrant):
    _, isaac, inputs = pair("linear")
    expected = gradients(isaac, inputs)
    result = gradients(isaac, inputs, call=lambda x: checkpoint(isaac, x, use_reentrant=reentrant))
    assert torch.equal(result[2]["weight"], expected[2]["weight"])
    assert torch.equal(result[1], expected[1])


def test_accumulation_preconditions_each_microbatch():
    _, isaac, inputs = pair("linear")
    first, second = inputs[:2], inputs[2:]
    expected = sum(
        isaac_weight_gradient(part, torch.ones(len(part), 4).double(), damping=0.1)
        for part in (first, second)
    )
    for part in (first, second):
        isaac(part).sum().backward()
    assert torch.allclose(isaac.weight.grad, expected, rtol=1e-12)
    whole = isaac_weight_gradient(inputs, torch.ones(5, 4).double(), damping=0.1)
    assert not torch.allclose(isaac.weight.grad, whole, rtol=1e-2)


@pytest.mark.parametrize("frozen", ["inputs", "weight", "bias", "weight and bias"])
@pytest.mark.parametrize("precondition_bias", [False, True])
@pytest.mark.parametrize("name", ["linear", "convolution, padding"])
def test_frozen_parts_get_no_gradient(name, frozen, precondition_bias):
    _, isaac, inputs = pair(name, precondition_bias=precondition_bias)
    isaac.weight.requires_grad_("weight" not in frozen)
    isaac.bias.requires_grad_("bias" not in frozen)
    inputs.requires_grad_(frozen != "inputs")
    isaac(inputs).sum().backward()
    assert (isaac.weight.grad is None) == ("weight" in frozen)
    assert (isaac.bias.grad is None) == ("bias" in frozen)
    assert (inputs.grad is None) == (frozen == "inputs")


@pytest.mark.parametrize("name", ["linear", "convolution, padding"])
def test_refuses_to_be_differentiated_twice(name):
    _, isaac, inputs = pair(name)
    inputs.requires_grad_()
    (first,) = torch.autograd.grad(isaac(inputs).square().sum(), isaac.weight, create_graph=True)
    assert first.isfinite().all()
    with pytest.raises(RuntimeError, match=r"cannot be differentiated twice.*`cayley.optim.revert"):
        first.sum().backward()
    (first,) = torch.autograd.grad(isaac(inputs).sum(), inputs, create_graph=True)
    with pytest.raises(RuntimeError, match="cannot be differentiated twice"):
        first.square().sum().backward()


def test_empty_batch_and_evaluation():
    _, isaac, _ = pair("linear")
    isaac(torch.zeros(0, 6).double()).sum().backward()
    assert torch.equal(isaac.weight.grad, torch.zeros(4, 6).double())
    with torch.inference_mode():
        assert isaac(torch.zeros(2, 6).double()).shape == (2, 4)


def test_damping_can_follow_a_schedule():
    _, isaac, inputs = pair("linear")
    isaac.damping = math.inf
    _, _, plain = gradients(isaac, inputs)
    isaac.damping = 1e-3
    _, _, damped = gradients(isaac, inputs)
    assert not torch.allclose(plain["weight"], damped["weight"])
    assert "damping=0.001" in repr(isaac)
    with pytest.raises(ValueError, match="`damping` must be above 0"):
        isaac.damping = 0.0


def test_functional_call_swaps_parameters():
    _, isaac, inputs = pair("linear")
    weight = torch.zeros(4, 6, dtype=torch.float64, requires_grad=True)
    outputs = torch.func.functional_call(isaac, {"weight": weight}, (inputs,))
    outputs.sum().backward()
    assert weight.grad is not None
    assert isaac.weight.grad is None


@pytest.mark.parametrize(
    "layer", [lambda **o: ISAACLinear(3, 2, **o), lambda **o: ISAACConv2d(3, 2, 1, **o)]
)
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"damping": -1.0}, ValueError, "`damping` must be above 0; got -1.0"),
        ({"damping": 0.1, "relative": "yes"}, TypeError, "`relative` must be True or False"),
        ({"damping": 0.1, "precondition_bias": 1}, TypeError, "`precondition_bias` must be True"),
        ({"damping": 0.1, "solve_dtype": torch.bfloat16}, ValueError, "`solve_dtype` must be"),
        ({}, TypeError, "damping"),
    ],
)
def test_malformed_options(layer, options, error, message):
    with pytest.raises(error, match=message):
        layer(**options)


def test_wrong_shapes_fail_as_in_torch():
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multiplied"):
        ISAACLinear(3, 2, damping=0.1)(torch.ones(4, 5))


def test_a_call_inspects_no_signature(monkeypatch) -> None:
    """``Function.apply`` does at each call, which takes longer than a small layer."""

    def refuse(*args, **kwargs):
        raise AssertionError("a signature was inspected")

    layer = ISAACLinear(3, 2, damping=0.1)
    with monkeypatch.context() as patched:
        patched.setattr(torch.autograd.function.inspect, "signature", refuse)
        outputs = layer(torch.ones(4, 3))
    assert torch.allclose(outputs, layer.weight.sum(1) + layer.bias)
