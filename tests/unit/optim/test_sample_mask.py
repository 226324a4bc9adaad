"""Masks and weights of samples: a padded batch is the same as the batch without its padding."""

import copy
import pickle

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.checkpoint import checkpoint

from cayley.optim import (
    ISAACConv2d,
    ISAACLinear,
    convert,
    isaac_weight_gradient,
    revert,
    sample_mask,
)
from cayley.optim._sample_mask import active_mask, fitted

F64 = torch.float64
LENGTHS = (5, 2, 3)
MASK = torch.arange(5) < torch.tensor(LENGTHS)[:, None]


class Conv1D(nn.Module):
    """What ``transformers`` calls so: a linear layer whose weight has shape (inputs, outputs)."""

    def __init__(self, nf: int, nx: int) -> None:
        super().__init__()
        self.nf, self.nx = nf, nx
        self.weight = nn.Parameter(torch.empty(nx, nf).normal_(std=0.3))
        self.bias = nn.Parameter(torch.zeros(nf))

    def forward(self, x):
        return torch.addmm(self.bias, x.reshape(-1, self.nx), self.weight).view(
            *x.shape[:-1], self.nf
        )


class Encoder(nn.Module):
    """A small BERT: token and position embeddings, one attention block, a pooler, a head."""

    def __init__(self, fused: bool = False) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(11, 8), nn.Embedding(5, 8)
        self.fused = fused
        if fused:
            self.attention, self.out = Conv1D(24, 8), Conv1D(8, 8)
        else:
            self.query, self.key, self.value, self.out = (nn.Linear(8, 8) for _ in range(4))
        self.norm = nn.LayerNorm(8)
        self.up, self.down = nn.Linear(8, 12), nn.Linear(12, 8)
        self.pooler = nn.Linear(8, 3)

    def forward(self, input_ids, attention_mask=None):
        x = self.tokens(input_ids) + self.positions(torch.arange(input_ids.shape[1])[None])
        if self.fused:
            q, k, v = self.attention(x).chunk(3, dim=-1)
        else:
            q, k, v = self.query(x), self.key(x), self.value(x)
        heads = [t.unflatten(-1, (2, 4)).transpose(1, 2) for t in (q, k, v)]
        seen = None if attention_mask is None else attention_mask.bool()[:, None, None]
        y = nn.functional.scaled_dot_product_attention(*heads, attn_mask=seen)
        x = self.norm(x + self.out(y.transpose(1, 2).flatten(2)))
        x = x + self.down(torch.relu(self.up(x)))
        return x, self.pooler(x[:, 0])


def sequences(width=6, seed=0):
    """A padded batch, its padding full of large numbers, and the same as rows without padding."""
    x = torch.randn(3, 5, width, generator=torch.Generator().manual_seed(seed), dtype=F64)
    x = torch.where(MASK[..., None], x, 1e3)
    return x, x[MASK]


def close(first, second, tolerance=1e-10):
    return torch.allclose(first, second, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("form", ["samples", "features"])
@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("dtype", [torch.bool, torch.int64, torch.float32])
def test_the_function_leaves_masked_rows_out(form, relative, dtype):
    a, rows = sequences()
    g = torch.randn(3, 5, 4, generator=torch.Generator().manual_seed(1), dtype=F64)
    a = torch.where(MASK[..., None], a, torch.nan)  # whatever they hold
    g_padded = torch.where(MASK[..., None], g, torch.inf)
    options = {"damping": 0.1, "form": form, "relative": relative}
    result = isaac_weight_gradient(a, g_padded, mask=MASK.to(dtype), **options)
    assert close(result, isaac_weight_gradient(rows, g[MASK], **options), 1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    counts=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    n=st.integers(1, 12),
    m=st.integers(1, 6),
    form=st.sampled_from(["samples", "features"]),
    relative=st.booleans(),
    seed=st.integers(0, 999),
)
def test_a_weight_is_a_number_of_equal_samples(counts, n, m, form, relative, seed):
    rng = torch.Generator().manual_seed(seed)
    a, g = (torch.randn(len(counts), k, generator=rng, dtype=F64) for k in (n, m))
    weights = torch.tensor(counts, dtype=F64)
    options = {"damping": 0.1, "form": form, "relative": relative}
    result = isaac_weight_gradient(a, g, mask=weights, **options)
    # Copies of a row share its output gradient.
    copies = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    shares = g[copies] / weights[copies, None]
    assert close(result, isaac_weight_gradient(a[copies], shares, **options), 1e-9)


@pytest.mark.parametrize("precondition_bias", [False, True])
@pytest.mark.parametrize("relative", [False, True])
def test_a_linear_layer(precondition_bias, relative):
    layer = ISAACLinear(
        6, 4, damping=0.1, relative=relative, precondition_bias=precondition_bias, dtype=F64
    )
    padded, rows = sequences()
    layer(rows).square().sum().backward()
    expected = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    padded.requires_grad_()
    with sample_mask(MASK):
        outputs = layer(padded)
    outputs.square().sum().backward()  # the loss counts the padding: the layer does not
    assert all(close(p.grad, e) for p, e in zip(layer.parameters(), expected, strict=True))
    assert bool((padded.grad[~MASK] != 0).any())  # input gradients are the plain ones
    assert active_mask() is None


@pytest.mark.parametrize("batch", [(1,), (40,), (2, 3), (2, 1, 3), (1, 1)])
def test_odd_shapes_of_batches_and_nothing_left(batch):
    rng = torch.Generator().manual_seed(0)
    a, mask = torch.randn(*batch, 6, generator=rng), torch.rand(batch, generator=rng) < 0.6
    layer = ISAACLinear(6, 4, damping=0.1)
    for which in (mask, torch.zeros_like(mask), torch.ones_like(mask)):
        layer.zero_grad()
        with sample_mask(which):
            layer(a).square().sum().backward()
        result = [p.grad.clone() for p in layer.parameters()]
        layer.zero_grad()
        layer(a[which]).square().sum().backward()
        assert all(close(p.grad, r, 1e-4) for p, r in zip(layer.parameters(), result, strict=True))
    for relative in (False, True):
        none = isaac_weight_gradient(
            a, a[..., :2], damping=0.1, mask=torch.zeros_like(mask), relative=relative
        )
        assert torch.equal(none, torch.zeros(2, 6))


def test_images_and_output_positions_of_a_convolution():
    for groups in (1, 2):
        layer = ISAACConv2d(4, 4, 3, damping=0.1, groups=groups, dtype=F64)
        images = torch.randn(3, 4, 6, 5, generator=torch.Generator().manual_seed(0), dtype=F64)
        kept = torch.tensor([True, False, True])
        layer(images[kept]).square().sum().backward()
        expected = layer.weight.grad.clone(), layer.bias.grad.clone()
        for mask in (kept, kept[:, None, None].expand(3, 4, 3)):
            layer.zero_grad()
            with sample_mask(mask):
                layer(images).square().sum().backward()
            assert close(layer.weight.grad, expected[0])
            assert close(layer.bias.grad, expected[1])
        with sample_mask(torch.ones(3, 6, 5)), pytest.raises(ValueError, match="does not fit"):
            layer(images)


@pytest.mark.parametrize("fused", [False, True], ids=["projections", "Conv1D"])
@pytest.mark.parametrize("how", ["keyword", "position", "block"])
def test_a_padded_batch_of_a_language_model(fused, how):
    """Against the rows that hooks on the plain layers see, sequence by sequence, unpadded."""
    torch.manual_seed(0)
    model = Encoder(fused).double()
    tokens = torch.randint(0, 11, (3, 5))
    layers = [n for n, m in model.named_modules() if isinstance(m, nn.Linear | Conv1D)]
    weights = torch.randn(3, 5, 8, dtype=F64), torch.randn(3, 3, dtype=F64)

    # The oracle: rows and output gradients of every layer, sequence by sequence.
    seen = {name: ([], []) for name in layers}
    for i, length in enumerate(LENGTHS):
        caught, handles = {}, []
        for name in layers:

            def hook(module, args, output, name=name, caught=caught):
                output.retain_grad()
                caught[name] = args[0], output

            handles.append(model.get_submodule(name).register_forward_hook(hook))
        states, pooled = model(tokens[i : i + 1, :length])
        loss = (states * weights[0][i, :length]).square().sum() + (pooled * weights[1][i]).sum()
        loss.backward()
        for name, (a, output) in caught.items():
            seen[name][0].append(a.detach().flatten(0, -2))
            seen[name][1].append(output.grad.flatten(0, -2))
        for handle in handles:
            handle.remove()
    model.zero_grad()

    convert(
        model, damping=0.1, layers=layers, mask_from=None if how == "block" else "attention_mask"
    )
    mask = MASK.long()
    if how == "block":
        with sample_mask(mask):
            states, pooled = model(tokens, mask)
    else:
        states, pooled = model(tokens, mask) if how == "position" else model(
            tokens, attention_mask=mask
        )  # fmt: skip
    loss = (states * weights[0])[MASK].square().sum() + (pooled * weights[1]).sum()
    loss.backward()
    for name, (rows, gradients) in seen.items():
        expected = isaac_weight_gradient(torch.cat(rows), torch.cat(gradients), damping=0.1)
        layer = model.get_submodule(name)
        result = layer.weight.grad.T if isinstance(layer, Conv1D) else layer.weight.grad
        assert close(result, expected), name
    assert active_mask() is None


def test_conv1d_keeps_its_class_behind_it():
    model = nn.Sequential(Conv1D(4, 6))
    inputs = torch.randn(7, 6, generator=torch.Generator().manual_seed(0))
    expected = model(inputs)
    assert convert(model, damping=0.1) is model
    assert isinstance(model[0], Conv1D)
    assert type(model[0]).__name__ == "ISAACConv1D"
    outputs = model(inputs)
    assert close(outputs, expected, 1e-6)
    outputs.square().sum().backward()
    result = isaac_weight_gradient(inputs, 2 * outputs.detach(), damping=0.1)
    assert close(model[0].weight.grad, result.T, 1e-5)
    other = pickle.loads(pickle.dumps(model))
    assert type(other[0]) is type(model[0])
    assert close(copy.deepcopy(model)(inputs), expected, 1e-6)
    assert type(revert(model)[0]) is Conv1D


def masked_gradients(run, layer, padded):
    layer.zero_grad()
    with sample_mask(MASK):
        outputs = run(padded)
    outputs[MASK].square().sum().backward()
    return [p.grad.clone() for p in layer.parameters()]


def test_checkpoints_keep_the_mask_or_say_so():
    layer = ISAACLinear(6, 4, damping=0.1, dtype=F64)
    padded, _ = sequences()
    expected = masked_gradients(layer, layer, padded)
    padded.requires_grad_()
    result = masked_gradients(lambda x: checkpoint(layer, x, use_reentrant=False), layer, padded)
    assert all(torch.equal(r, e) for r, e in zip(result, expected, strict=True))
    with pytest.raises(RuntimeError, match="`use_reentrant=False`, or put the block into"):
        masked_gradients(lambda x: checkpoint(layer, x, use_reentrant=True), layer, padded)

    def inside(x):
        with sample_mask(MASK):
            return layer(x)

    layer.zero_grad()
    checkpoint(inside, padded, use_reentrant=True)[MASK].square().sum().backward()
    result = [p.grad for p in layer.parameters()]
    assert all(torch.equal(r, e) for r, e in zip(result, expected, strict=True))


@pytest.mark.filterwarnings("ignore:.*Function'> should not be instantiated:DeprecationWarning")
def test_compiled_layers_take_a_new_mask_without_compiling_anew():
    layer = ISAACLinear(6, 4, damping=0.1, dtype=F64)
    padded, _ = sequences()
    torch.compiler.reset()
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    expected = masked_gradients(layer, layer, padded)
    result = masked_gradients(compiled, layer, padded)
    layer.zero_grad()
    once = torch._dynamo.config.patch(error_on_recompile=True)
    with once, sample_mask(torch.ones_like(MASK)):
        other = compiled(padded)
    other[MASK].square().sum().backward()
    assert all(close(r, e) for r, e in zip(result, expected, strict=True))
    assert not close(layer.weight.grad, expected[0], 1e-2)


def test_autocast():
    layer = ISAACLinear(6, 4, damping=0.1)
    padded, rows = sequences()
    with torch.autocast("cpu", torch.bfloat16):
        result = masked_gradients(layer, layer, padded.float())
        layer.zero_grad()
        outputs = layer(rows.float())
    outputs.square().sum().backward()
    # To one rounding of bfloat16.
    assert all(close(r, p.grad, 1e-2) for r, p in zip(result, layer.parameters(), strict=True))


def test_blocks_nest_and_end_after_errors():
    other = torch.ones(2)
    with sample_mask(MASK):
        with sample_mask(None):
            assert active_mask() is None
        with pytest.raises(ZeroDivisionError), sample_mask(other):
            assert active_mask() is other
            raise ZeroDivisionError
        assert active_mask() is MASK
    model = convert(nn.Sequential(nn.Linear(6, 4)), damping=0.1, mask_from="input")
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        model(torch.ones(2, 5))
    assert active_mask() is None


def test_what_a_mask_says_of_rows_that_stand_for_several():
    assert torch.equal(fitted(MASK, (3, 5), "it"), MASK)
    assert torch.equal(fitted(MASK, (15,), "it"), MASK.flatten())
    assert torch.equal(fitted(MASK, (3, 5, 2), "it"), MASK[..., None].expand(3, 5, 2))
    assert torch.equal(fitted(MASK & (torch.arange(3) > 0)[:, None], (3,), "it"),
                       torch.tensor([False, True, True]))  # fmt: skip
    late = MASK & (torch.arange(3) > 0)[:, None]
    positions = torch.tensor([True, True, True, False, False])
    assert torch.equal(fitted(late, (1, 5), "it"), positions[None])
    assert torch.equal(fitted(late, (5,), "it"), positions)
    assert fitted(torch.tensor([[0.5, 2.0]]), (1,), "it").tolist() == [2.0]
    for batch in ((4,), (3, 4), (5, 3), (2, 3, 5)):
        with pytest.raises(ValueError, match=r"of shape \(3, 5\) does not fit it, whose rows"):
            fitted(MASK, batch, "it")


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        ([True], TypeError, r"`mask` must be a tensor of booleans, .* got list"),
        (torch.ones(2, 2).cfloat(), TypeError, r"got torch.complex64"),
        (torch.tensor([0.0, -torch.inf]), ValueError, r"`mask == 0`"),
        (torch.tensor([0.0, torch.nan]), ValueError, r"finite and at least 0"),
    ],
)
def test_malformed_masks(mask, error, message):
    with pytest.raises(error, match=message):
        sample_mask(mask)
    with pytest.raises(error, match=message):
        isaac_weight_gradient(torch.ones(2, 3), torch.ones(2, 4), damping=0.1, mask=mask)


def test_masks_of_other_shapes_and_arguments():
    with pytest.raises(
        ValueError, match=r"`mask` must have the batch dimensions of `inputs`, \(2,"
    ):
        isaac_weight_gradient(torch.ones(2, 3), torch.ones(2, 4), damping=0.1, mask=torch.ones(3))
    with pytest.raises(ValueError, match=r"Encoder has no 'padding' there, but: input_ids, att"):
        convert(Encoder(), damping=0.1, mask_from="padding")
