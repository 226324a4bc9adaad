"""Conversion in place and back."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from cayley.optim import ISAACConv2d, ISAACLinear, convert, isaac_weight_gradient, revert


class Tied(nn.Module):
    """An embedding whose weight is also the output layer's, and one block used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 8)
        self.block = nn.Linear(8, 8)
        self.again = self.block
        self.out = nn.Linear(8, 11, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, tokens):
        return self.out(self.again(torch.relu(self.block(self.embed(tokens)))))


def network():
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3)
    )


def test_everything_is_kept_and_undone():
    model = Tied().eval()
    model.block.train()
    seen = []
    model.block.register_forward_hook(lambda module, args, out: seen.append(module))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before = {
        "state": {k: v.clone() for k, v in model.state_dict().items()},
        "modules": {n: id(m) for n, m in model.named_modules(remove_duplicate=False)},
        "parameters": {n: id(p) for n, p in model.named_parameters(remove_duplicate=False)},
        "training": {n: m.training for n, m in model.named_modules()},
        "attributes": {n: set(vars(m)) for n, m in model.named_modules()},
        "types": {n: type(m) for n, m in model.named_modules()},
    }
    tokens = torch.arange(11)
    expected = model(tokens)

    assert convert(model, damping=0.1) is model
    assert type(model.block) is type(model.out) is ISAACLinear
    assert model.again is model.block
    assert model.out.weight is model.embed.weight
    assert list(model.state_dict()) == list(before["state"])
    assert torch.equal(model(tokens), expected)
    assert {id(m) for m in seen} == {id(model.block)}
    assert {n: m.training for n, m in model.named_modules()} == before["training"]
    model(tokens).square().mean().backward()
    optimizer.step()
    assert not torch.equal(model.block.weight, before["state"]["block.weight"])

    assert revert(model) is model
    assert {n: type(m) for n, m in model.named_modules()} == before["types"]
    assert {n: set(vars(m)) for n, m in model.named_modules()} == before["attributes"]
    assert {n: id(m) for n, m in model.named_modules(remove_duplicate=False)} == before["modules"]
    ids = {n: id(p) for n, p in model.named_parameters(remove_duplicate=False)}
    assert ids == before["parameters"]
    assert not hasattr(model.block, "damping")


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (None, {"0", "3", "5"}),
        (["3"], {"3"}),
        ({"0", "5"}, {"0", "5"}),
        (lambda name, module: isinstance(module, nn.Linear), {"3", "5"}),
        (lambda name, module: name != "5", {"0", "3"}),
    ],
    ids=["all", "list", "set", "by kind", "by name"],
)
def test_selection(layers, expected):
    model = convert(network(), damping=0.1, layers=layers)
    converted = {n for n, m in model.named_modules() if isinstance(m, ISAACLinear | ISAACConv2d)}
    assert converted == expected
    model(torch.ones(2, 1, 4, 4)).sum().backward()


def test_gradient_changes_only_where_converted():
    model = network()
    images = torch.randn(4, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    model(images).square().sum().backward()
    plain = {n: p.grad.clone() for n, p in model.named_parameters()}
    model.zero_grad()
    convert(model, damping=0.1, layers=["3"])(images).square().sum().backward()
    changed = {
        n for n, p in model.named_parameters() if not torch.allclose(p.grad, plain[n], rtol=1e-3)
    }
    assert changed == {"3.weight"}
    revert(model).zero_grad()
    model(images).square().sum().backward()
    assert all(torch.equal(p.grad, plain[n]) for n, p in model.named_parameters())


def test_root_layer_settings_and_second_conversion():
    layer = nn.Linear(4, 2, bias=False)
    convert(layer, damping=0.5, relative=True, precondition_bias=True, solve_dtype=torch.float64)
    assert type(layer) is ISAACLinear
    assert layer.settings.relative
    assert layer.settings.solve_dtype == torch.float64
    layer(torch.ones(3, 4)).sum().backward()
    convert(layer, damping=0.25)
    assert (layer.damping, layer.settings.relative) == (0.25, False)


def test_a_copy_reverts_by_itself():
    model = convert(network(), damping=0.1)
    other = revert(copy.deepcopy(model))
    assert type(other[3]) is nn.Linear
    assert type(model[3]) is ISAACLinear


def test_attention_trains_and_runs_its_fast_path():
    model = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    convert(model, damping=0.1)
    assert type(model.linear1) is ISAACLinear
    assert type(model.self_attn).__name__ == "ISAACMultiheadAttention"
    assert not isinstance(model.self_attn.out_proj, ISAACLinear)  # self_attn reads its weight
    model(torch.ones(2, 3, 8)).square().sum().backward()
    model.eval()
    with torch.no_grad():
        expected = model(torch.ones(2, 3, 8))
        assert torch.allclose(revert(model)(torch.ones(2, 3, 8)), expected, atol=1e-6)
    with pytest.raises(TypeError, match=r"'self_attn.out_proj' is a NonDynamically"):
        convert(model, damping=0.1, layers=["self_attn.out_proj"])


def test_data_parallel_wrapper_needs_no_unwrapping():
    model = network()
    wrapped = convert(nn.DataParallel(model), damping=0.1)
    assert type(model[3]) is ISAACLinear
    assert "module.3.weight" in wrapped.state_dict()


def test_parametrized_layers():
    model = nn.Sequential(parametrizations.weight_norm(nn.Linear(4, 4)), nn.Linear(4, 2))
    with pytest.warns(
        UserWarning, match=r"1 layers keep .* \(0: it is parametrized; convert before"
    ):
        convert(model, damping=0.1)
    assert not isinstance(model[0], ISAACLinear)
    with pytest.raises(TypeError, match=r"'0' is a ParametrizedLinear .*before any param"):
        convert(model, damping=0.1, layers=["0"])
    parametrizations.weight_norm(model[1])
    model(torch.ones(3, 4)).sum().backward()
    with pytest.raises(TypeError, match="'1' is a ParametrizedISAACLinear, a subclass"):
        revert(model)


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        (["4x"], ValueError, r"no layer is called '4x'; the nearest are: .*3"),
        (["1"], TypeError, r"layer '1' is a ReLU and cannot be converted: noth"),
        ("3", TypeError, r"`layers` must be a collection of names; for one, write \['3'\]"),
        (lambda name, module: False, ValueError, r"`layers` selects nothing"),
        (["3", "nowhere"], ValueError, r"no layer is called 'nowhere'"),
    ],
)
def test_malformed_selections_change_nothing(layers, error, message):
    model = network()
    with pytest.raises(error, match=message):
        convert(model, damping=0.1, layers=layers)
    assert not any(isinstance(m, ISAACLinear | ISAACConv2d) for m in model.modules())


def test_malformed_models():
    with pytest.raises(TypeError, match=r"`model` must be a torch.nn.Module; got function"):
        convert(lambda x: x, damping=0.1)
    with pytest.raises(ValueError, match=r"`layers` selects nothing"):
        convert(nn.ReLU(), damping=0.1)
    with pytest.raises(ValueError, match=r"`damping` must be above 0"):
        convert(network(), damping=0.0)
    with pytest.raises(TypeError, match=r"`model` must be a torch.nn.Module; got int"):
        revert(3)


class OwnLinear(nn.Linear):
    """A subclass whose forward pass is its own."""

    def forward(self, input):
        return super().forward(input) * 2


class Adapted(nn.Module):
    """A frozen layer with an adapter of low rank, as the library peft makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.base_layer = nn.Linear(6, 4).requires_grad_(False)
        self.lora_A = nn.ModuleDict({"default": nn.Linear(6, 2, bias=False)})
        self.lora_B = nn.ModuleDict({"default": nn.Linear(2, 4, bias=False)})

    def forward(self, x):
        return self.base_layer(x) + self.lora_B["default"](self.lora_A["default"](x))


class Bag(nn.Module):
    """One of each layer that is left as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Linear(4, 4)
        self.own = OwnLinear(4, 4)
        self.sparse = nn.Embedding(5, 4, sparse=True)
        self.bounded = nn.Embedding(5, 4, max_norm=1.0)
        self.bilinear = nn.Bilinear(4, 4, 2)
        self.norm = nn.LayerNorm(4)
        self.positions = nn.Parameter(torch.zeros(1, 4))
        self.weighted = parametrizations.weight_norm(nn.Linear(4, 4))
        self.attention = nn.MultiheadAttention(4, 2)


def test_the_report_names_what_was_left_and_why():
    model, converted, left = convert(Bag(), damping=0.1, report=True)
    assert converted == {"fine": "Linear", "attention": "MultiheadAttention"}
    assert type(model.fine) is ISAACLinear
    assert {name: why.split(";")[0][:27] for name, why in left.items()} == {
        "": "nothing is known of what a ",
        "own": "a OwnLinear is a subclass o",
        "sparse": "its gradient is sparse",
        "bounded": "`max_norm` changes its weig",
        "bilinear": "nothing is known of what a ",
        "weighted": "it is parametrized",
    }
    again = convert(model, damping=0.2, layers=["fine"], report=True)
    assert again.converted == {"fine": "Linear"}
    assert again.left["attention"] == "it is not among `layers`"
    assert "fine: Linear\n(the model): left, nothing is known" in str(again)


def test_what_is_left_is_said_where_no_layers_were_chosen():
    with pytest.warns(UserWarning, match=r"5 layers keep .*own: a OwnLinear is a subclass") as seen:
        convert(Bag(), damping=0.1)
    assert len(seen) == 1
    convert(Bag(), damping=0.1, layers=["fine"])  # chosen, and nothing is said


def test_adapters_of_low_rank_are_linear_layers():
    model = Adapted()
    _, converted, left = convert(model, damping=0.1, report=True)
    assert set(converted) == {"base_layer", "lora_A.default", "lora_B.default"}
    assert left == {}
    model(torch.ones(3, 6)).sum().backward()
    assert model.base_layer.weight.grad is None
    assert model.lora_B["default"].weight.grad is not None


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor:UserWarning")
def test_quantization_is_for_plain_layers_only():
    quantize = torch.ao.quantization.quantize_dynamic
    model = convert(network(), damping=0.1)
    with pytest.raises(RuntimeError, match=r"quantization knows .* `cayley.optim.revert\(model\)`"):
        quantize(model, {nn.Linear})
    quantized = quantize(revert(model), {nn.Linear})
    _, converted, left = convert(quantized, damping=0.1, report=True)
    assert set(converted) == {"0"}
    assert all("quantized and has no weight gradient" in left[name] for name in ("3", "5"))


class FSDPModule:
    """The base that ``fully_shard`` gives a module, by which sharded layers are known."""


def test_sharded_layers_are_refused():
    model = network()
    model[3].__class__ = type("FSDPLinear", (FSDPModule, nn.Linear), {})
    with pytest.warns(UserWarning, match="`fully_shard` was applied to it; convert first"):
        convert(model, damping=0.1)
    assert type(model[5]) is ISAACLinear
    # In the other order the layer stays damped.
    model[5].__class__ = type("FSDPISAACLinear", (FSDPModule, ISAACLinear), {})
    model(torch.ones(2, 1, 4, 4)).sum().backward()


def test_each_use_of_a_tied_weight_is_preconditioned_by_its_own_inputs():
    model = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)).double()
    model[1].weight = model[0].weight
    convert(model, damping=0.1)
    generator = torch.Generator().manual_seed(0)
    inputs, g = torch.randn(2, 7, 4, generator=generator, dtype=torch.float64)
    W = model[0].weight.detach()
    model(inputs).backward(g)
    uses = ((inputs, g @ W), (inputs @ W.T, g))
    expected = sum(isaac_weight_gradient(a, each, damping=0.1) for a, each in uses)
    assert torch.allclose(model[0].weight.grad, expected)
