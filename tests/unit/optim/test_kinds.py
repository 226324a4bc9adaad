"""Every kind of layer that can be converted, against rows written out one by one in float64."""

import copy
import itertools
import math
import pickle

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from cayley.optim import convert, revert, sample_mask

F64 = torch.float64
DAMPING = 0.1


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


def filled(layer, seed=1):
    """Return the layer in float64, its parameters drawn anew."""
    layer, rng = layer.double(), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(0.5 * torch.randn(parameter.shape, generator=rng, dtype=F64))
    return layer


def dense(rows, gradients):
    """The formula of the paper, by a general inverse; rows and output gradients in lists."""
    a, g = torch.stack(rows).detach(), torch.stack(gradients).detach()
    gram = a.T @ a / len(a) + DAMPING * torch.eye(a.shape[1], dtype=F64)
    return DAMPING * g.T @ a @ torch.linalg.inv(gram)


def loss(result):
    """A loss that is not symmetric in its outputs."""
    total = 0.0
    for each in torch.utils._pytree.tree_leaves(result):
        if isinstance(each, torch.Tensor) and each.is_floating_point():
            weights = torch.linspace(-1, 1, each.numel(), dtype=each.dtype).view(each.shape)
            total = total + (weights * each + each**2).sum()
    return total


def gradients(layer, *arguments, **options):
    layer.zero_grad()
    loss(layer(*arguments, **options)).backward()
    return {name: p.grad.clone() for name, p in layer.named_parameters()}


def converted(plain, **options):
    return convert(copy.deepcopy(plain), damping=DAMPING, **options)


def close(first, second):
    return torch.allclose(first, second, rtol=1e-9, atol=1e-10)


CONVOLUTIONS = {
    "conv1d": (nn.Conv1d(4, 6, 3, stride=2, padding=1), (3, 4, 7)),
    "conv1d, dilated groups": (nn.Conv1d(4, 6, 2, dilation=3, groups=2, bias=False), (2, 4, 7)),
    "conv1d, one": (nn.Conv1d(2, 3, 3), (2, 5)),
    "conv3d": (nn.Conv3d(2, 3, (2, 3, 1), stride=(1, 2, 1), padding=(0, 1, 0)), (2, 2, 3, 4, 2)),
    "conv3d, dilated": (nn.Conv3d(2, 2, 2, dilation=(1, 2, 1), groups=2), (2, 2, 3, 4, 2)),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions(name):
    plain, shape = CONVOLUTIONS[name]
    plain, images = filled(plain), random(*shape)
    outputs = plain(images)
    outputs.retain_grad()
    loss(outputs).backward()
    batched = images.dim() == plain.weight.dim()
    x = images if batched else images[None]
    g = outputs.grad if batched else outputs.grad[None]
    x = nn.functional.pad(x, [p for side in plain.padding[::-1] for p in (side, side)])
    per_in, per_out = x.shape[1] // plain.groups, g.shape[1] // plain.groups
    expected = []
    for group in range(plain.groups):
        rows, outs = [], []
        for image, *place in itertools.product(*map(range, (len(x), *g.shape[2:]))):
            window = x[image, group * per_in : (group + 1) * per_in]
            for axis, (p, s, d, k) in enumerate(
                zip(place, plain.stride, plain.dilation, plain.kernel_size, strict=True)
            ):
                window = window.index_select(axis + 1, p * s + d * torch.arange(k))
            rows.append(window.flatten())
            outs.append(g[(image, slice(group * per_out, (group + 1) * per_out), *place)])
        expected.append(dense(rows, outs))
    result = gradients(converted(plain), images)
    assert close(result["weight"], torch.cat(expected).view(plain.weight.shape))
    if plain.bias is not None:
        assert close(result["bias"], plain.bias.grad)


TRANSPOSED = {
    "1d": (nn.ConvTranspose1d(4, 6, 3, stride=2, padding=1, output_padding=1), (2, 4, 4)),
    "1d, groups": (nn.ConvTranspose1d(4, 6, 2, groups=2, bias=False), (2, 4, 4)),
    "2d, more output": (nn.ConvTranspose2d(2, 3, 2, dilation=2, output_padding=1), (2, 2, 3, 2)),
    "2d": (nn.ConvTranspose2d(2, 3, (2, 3), stride=(2, 1), padding=(0, 1)), (2, 2, 3, 4)),
    "3d": (nn.ConvTranspose3d(2, 2, 2, stride=2), (1, 2, 2, 3, 2)),
    "one": (nn.ConvTranspose1d(2, 3, 3), (2, 5)),
}


@pytest.mark.parametrize("name", TRANSPOSED)
def test_transposed_convolutions(name):
    """Each input position is a row, and its output gradient the patch that it contributes to."""
    plain, shape = TRANSPOSED[name]
    plain, images = filled(plain), random(*shape)
    outputs = plain(images)
    outputs.retain_grad()
    loss(outputs).backward()
    batched = images.dim() == plain.weight.dim()
    x = images if batched else images[None]
    g = outputs.grad if batched else outputs.grad[None]
    per_in, per_out = x.shape[1] // plain.groups, g.shape[1] // plain.groups
    expected = []
    for group in range(plain.groups):
        rows, outs = [], []
        for image, *place in itertools.product(*map(range, (len(x), *x.shape[2:]))):
            rows.append(x[(image, slice(group * per_in, (group + 1) * per_in), *place)])
            patch = torch.zeros(per_out, *plain.kernel_size, dtype=F64)
            for offset in itertools.product(*map(range, plain.kernel_size)):
                to = [
                    p * s - q + d * k
                    for p, s, q, d, k in zip(
                        place, plain.stride, plain.padding, plain.dilation, offset, strict=True
                    )
                ]
                if all(0 <= t < size for t, size in zip(to, g.shape[2:], strict=True)):
                    channels = slice(group * per_out, (group + 1) * per_out)
                    patch[(slice(None), *offset)] = g[(image, channels, *to)]
            outs.append(patch.flatten())
        expected.append(dense(rows, outs).T)
    result = gradients(converted(plain), images)
    assert close(result["weight"], torch.cat(expected).view(plain.weight.shape))
    if plain.bias is not None:
        assert close(result["bias"], plain.bias.grad)


@pytest.mark.parametrize("options", [{}, {"padding_idx": 2}, {"scale_grad_by_freq": True}], ids=str)
def test_embeddings_are_linear_layers_of_one_hot_rows(options):
    plain = filled(nn.Embedding(6, 3, **options))
    tokens = torch.tensor([[0, 2, 2, 5], [0, 1, 2, 0]])
    outputs = plain(tokens)
    outputs.retain_grad()
    loss(outputs).backward()
    rows, outs = [], []
    for token, g in zip(tokens.flatten(), outputs.grad.view(-1, 3), strict=True):
        if token != plain.padding_idx:
            rows.append(nn.functional.one_hot(token, 6).double())
            outs.append(g / ((tokens == token).sum() if plain.scale_grad_by_freq else 1))
    assert close(gradients(converted(plain), tokens)["weight"], dense(rows, outs).T)
    # A mask leaves out what the other way of counting leaves out.
    mask = tokens != 0
    layer = converted(plain)
    with sample_mask(mask):
        outputs = layer(tokens)
    loss(outputs).backward()
    kept = [i for i, token in enumerate(tokens.flatten()) if token not in (0, plain.padding_idx)]
    if "scale_grad_by_freq" not in options:
        every = outputs.detach().view(-1, 3)
        g = torch.linspace(-1, 1, 24, dtype=F64).view(-1, 3) + 2 * every
        rows = [nn.functional.one_hot(tokens.flatten()[i], 6).double() for i in kept]
        assert close(layer.weight.grad, dense(rows, [g[i] for i in kept]).T)


def attention_by_hand(layer, query, key, value):
    """Attention of one sample, its projections as tensors whose gradients are kept."""
    if layer.in_proj_weight is None:
        weights = layer.q_proj_weight, layer.k_proj_weight, layer.v_proj_weight
    else:
        weights = layer.in_proj_weight.chunk(3)
    projected = [
        x @ w.T + b
        for x, w, b in zip((query, key, value), weights, layer.in_proj_bias.chunk(3), strict=True)
    ]
    for each in projected:
        each.retain_grad()
    heads = []
    for q, k, v in zip(*(p.chunk(layer.num_heads, -1) for p in projected), strict=True):
        heads.append(torch.softmax(q @ k.T / math.sqrt(q.shape[1]), -1) @ v)
    joined = torch.cat(heads, -1)
    out = joined @ layer.out_proj.weight.T + layer.out_proj.bias
    out.retain_grad()
    return out, projected, joined


@pytest.mark.parametrize("kind", ["self", "memory", "other sizes"])
@pytest.mark.parametrize("batch_first", [False, True])
def test_attention_projections_of_a_padded_batch(kind, batch_first):
    """Keys that are padded are hidden from attention, and are no samples of the projections."""
    sizes = {"kdim": 4, "vdim": 6} if kind == "other sizes" else {}
    plain = filled(nn.MultiheadAttention(8, 2, batch_first=batch_first, **sizes))
    lengths, total = (3, 5, 1), 5
    query = random(3, total, 8)
    key = query if kind == "self" else random(3, total, sizes.get("kdim", 8), seed=1)
    value = key if kind != "other sizes" else random(3, total, 6, seed=2)
    seen = torch.arange(total) < torch.tensor(lengths)[:, None]

    rows, outs, sum_of_losses = [[], [], [], []], [[], [], [], []], 0
    weights, by_hand = random(3, total, 8, seed=3), copy.deepcopy(plain)
    for i, length in enumerate(lengths):
        parts = [t[i, :length] for t in (query, key, value)]
        out, projected, joined = attention_by_hand(by_hand, *parts)
        one = (weights[i, :length] * out**2).sum()
        one.backward()
        sum_of_losses += one.item()
        for place, (row, projection) in enumerate(
            zip((*parts, joined), (*projected, out), strict=True)
        ):
            rows[place] += list(row)
            outs[place] += list(projection.grad)
    expected = [dense(*pair) for pair in zip(rows, outs, strict=True)]

    layer = converted(plain)
    # What is not seen may hold anything that is finite.
    given = {id(t): torch.where(seen[..., None], t, 50.0) for t in (query, key, value)}
    given = [given[id(t)] for t in (query, key, value)]
    if not batch_first:
        moved = {id(t): t.transpose(0, 1) for t in given}
        given = [moved[id(t)] for t in given]
    for need_weights in (True, False):
        layer.zero_grad()
        with sample_mask(seen if batch_first else seen.T):
            out, _ = layer(*given, key_padding_mask=~seen, need_weights=need_weights)
        out = out if batch_first else out.transpose(0, 1)
        value_of = (weights * out**2)[seen].sum()
        value_of.backward()
        assert value_of.item() == pytest.approx(sum_of_losses)
        if layer.in_proj_weight is None:
            found = [layer.q_proj_weight, layer.k_proj_weight, layer.v_proj_weight]
            found = [w.grad for w in found]
        else:
            found = list(layer.in_proj_weight.grad.chunk(3))
        found.append(layer.out_proj.weight.grad)
        assert all(close(f, e) for f, e in zip(found, expected, strict=True))
        assert close(layer.in_proj_bias.grad, by_hand.in_proj_bias.grad)


@pytest.mark.parametrize(
    "options",
    [{}, {"add_bias_kv": True}, {"add_zero_attn": True, "bias": False, "add_bias_kv": True}],
    ids=str,
)
def test_attention_takes_every_argument_of_the_plain_layer(options):
    plain = filled(nn.MultiheadAttention(8, 2, **options))
    layer = convert(copy.deepcopy(plain), damping=math.inf)
    q, k = random(4, 3, 8), random(5, 3, 8, seed=1)
    hidden = torch.zeros(3, 5, dtype=torch.bool)
    hidden[0, 3:] = True
    causal = torch.triu(torch.ones(4, 4, dtype=torch.bool), 1)
    calls = [
        ((q, k, k), {"key_padding_mask": hidden, "attn_mask": random(4, 5, seed=2) > 1}),
        ((q, q, q), {"attn_mask": causal, "is_causal": True, "need_weights": False}),
        ((q, k, k), {"attn_mask": random(6, 4, 5, seed=3), "average_attn_weights": False}),
        ((q[:, 0], k[:, 0], k[:, 0]), {"key_padding_mask": hidden[0]}),
    ]
    for arguments, keywords in calls:
        expected, result = plain(*arguments, **keywords), layer(*arguments, **keywords)
        for e, r in zip(expected, result, strict=True):
            assert (e is None and r is None) or close(e, r)
        first = gradients(plain, *arguments, **keywords)
        for name, gradient in gradients(layer, *arguments, **keywords).items():
            assert close(gradient, first[name])
    with pytest.raises(RuntimeError, match="`is_causal` says what `attn_mask` is"):
        layer(q, q, q, is_causal=True)


def step_by_hand(mode, x, state, weights):
    """One step of a recurrent layer; returns state and both products, whose gradients are kept."""
    w_ih, w_hh, b_ih, b_hh = weights
    by_input, by_hidden = w_ih @ x, w_hh @ state[0]
    by_input.retain_grad()
    by_hidden.retain_grad()
    first, second = by_input + b_ih, by_hidden + b_hh
    if mode == "LSTM":
        i, f, g, o = (first + second).chunk(4)
        c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return (torch.sigmoid(o) * torch.tanh(c), c), by_input, by_hidden
    if mode == "GRU":
        (r, z, n), (hr, hz, hn) = first.chunk(3), second.chunk(3)
        r, z = torch.sigmoid(r + hr), torch.sigmoid(z + hz)
        return ((1 - z) * torch.tanh(n + r * hn) + z * state[0],), by_input, by_hidden
    return (torch.tanh(first + second),), by_input, by_hidden


def run_by_hand(layer, sequence, start, kept):
    """A run over one sequence, every step written out; rows and products are put into ``kept``."""
    directions = 2 if layer.bidirectional else 1
    for level in range(layer.num_layers):
        outputs = []
        for direction in range(directions):
            place = level * directions + direction
            state = tuple(each[place] for each in start)
            found = {}
            steps = range(len(sequence))
            for t in reversed(steps) if direction else steps:
                before = state[0]
                state, by_input, by_hidden = step_by_hand(
                    layer.mode, sequence[t], state, layer.all_weights[place]
                )
                found[t] = state[0]
                kept.setdefault((place, "ih"), []).append((sequence[t], by_input))
                kept.setdefault((place, "hh"), []).append((before, by_hidden))
            outputs.append(torch.stack([found[t] for t in steps]))
        sequence = torch.cat(outputs, -1)
    return sequence


@pytest.mark.parametrize("packed", [False, True], ids=["padded", "packed"])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}], ids=str)
@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers(kind, options, packed):
    # Backward in time the padding comes first, so that only a packed sequence leaves it out.
    lengths = (2, 4, 3) if packed or not options else (4, 4, 4)
    plain = filled(kind(3, 2, batch_first=True, **options))
    inputs, by_hand, kept = random(3, 4, 3), copy.deepcopy(plain), {}
    total, weights = 0, random(3, 4, 4, seed=4)
    places = len(plain.all_weights)
    start = random(places, 3, 2, seed=5), random(places, 3, 2, seed=6)
    hx = start if kind is nn.LSTM else start[0]
    for i, length in enumerate(lengths):
        outputs = run_by_hand(by_hand, inputs[i, :length], [s[:, i] for s in start], kept)
        total = total + (weights[i, :length, : outputs.shape[-1]] * outputs**2).sum()
    total.backward()

    layer = converted(plain)
    seen = torch.arange(4) < torch.tensor(lengths)[:, None]
    if packed:
        given = pack_padded_sequence(inputs, torch.tensor(lengths), True, enforce_sorted=False)
        outputs, _ = layer(given, hx)
        outputs, _ = pad_packed_sequence(outputs, batch_first=True)
    else:
        with sample_mask(seen):
            outputs, _ = layer(torch.where(seen[..., None], inputs, 9.0), hx)
    result = (weights[..., : outputs.shape[-1]] * outputs**2)[seen].sum()
    result.backward()
    assert result.item() == pytest.approx(total.item())
    for (place, which), pairs in kept.items():
        parameter = layer._all_weights[place][0 if which == "ih" else 1]
        expected = dense([row for row, _ in pairs], [product.grad for _, product in pairs])
        assert close(getattr(layer, parameter).grad, expected), parameter
    for name, parameter in by_hand.named_parameters():
        if "bias" in name:
            assert close(layer.get_parameter(name).grad, parameter.grad)


def test_recurrent_layers_with_a_bias_as_a_column_and_with_states():
    plain = filled(nn.LSTM(3, 2))
    inputs, states = random(4, 1, 3), (random(1, 1, 2, seed=1), random(1, 1, 2, seed=2))
    layer = converted(plain, precondition_bias=True)
    gradients(layer, inputs, states)
    # The plain layer, on inputs that have a column of ones in the place of the bias.
    wide = nn.LSTM(4, 2).double()
    with torch.no_grad():
        wide.weight_ih_l0.copy_(torch.cat([plain.weight_ih_l0, plain.bias_ih_l0[:, None]], 1))
        wide.weight_hh_l0.copy_(plain.weight_hh_l0)
        wide.bias_hh_l0.copy_(plain.bias_hh_l0)
        wide.bias_ih_l0.zero_()
    ones = torch.cat([inputs, torch.ones(4, 1, 1, dtype=F64)], -1)
    expected = gradients(converted(wide), ones, states)["weight_ih_l0"]
    assert close(layer.weight_ih_l0.grad, expected[:, :3])
    assert close(layer.bias_ih_l0.grad, expected[:, 3])
    (first,) = torch.autograd.grad(loss(layer(inputs)), layer.weight_ih_l0, create_graph=True)
    with pytest.raises(RuntimeError, match="cannot be differentiated twice"):
        first.sum().backward()


def test_the_projection_of_an_lstm_stays_plain():
    plain = filled(nn.LSTM(3, 4, proj_size=2, num_layers=2, bidirectional=True))
    inputs = random(5, 2, 3)
    expected, result = gradients(plain, inputs), gradients(converted(plain), inputs)
    for name in expected:
        assert close(result[name], expected[name]) == (
            not name.startswith(("weight_ih", "weight_hh"))
        )


def test_lazy_layers_are_damped_once_they_know_their_sizes():
    model = nn.Sequential(nn.LazyConv1d(3, 2), nn.Flatten(), nn.LazyLinear(4))
    convert(model, damping=0.1)
    assert type(model[2]).__name__ == "ISAACLazyLinear"
    model(torch.ones(2, 1, 5)).sum().backward()
    assert [type(each).__name__ for each in model] == ["ISAACConv1d", "Flatten", "ISAACLinear"]
    assert model[2].damping == 0.1
    assert [type(each) for each in revert(model)] == [nn.Conv1d, nn.Flatten, nn.Linear]
    lazy = convert(nn.LazyLinear(2), damping=0.1)
    assert type(revert(lazy)) is nn.LazyLinear


EVERY = {
    "Conv1d": (lambda: nn.Conv1d(2, 3, 2), lambda: (random(2, 2, 4),)),
    "Conv3d": (lambda: nn.Conv3d(1, 2, 2), lambda: (random(2, 1, 2, 3, 2),)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(2, 3, 2), lambda: (random(2, 2, 3, 3),)),
    "Embedding": (lambda: nn.Embedding(5, 3), lambda: (torch.tensor([[0, 3, 3]]),)),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(4, 2), lambda: (random(3, 2, 4),) * 3),
    "LSTM": (lambda: nn.LSTM(3, 2), lambda: (random(4, 2, 3),)),
    "GRU": (lambda: nn.GRU(3, 2), lambda: (random(4, 2, 3),)),
}


@pytest.mark.parametrize("name", EVERY)
def test_each_kind_is_kept_and_undone(name):
    make, arguments = EVERY[name][0], EVERY[name][1]()
    layer = filled(make())
    before, expected = set(vars(layer)), layer(*arguments)
    plain = gradients(layer, *arguments)
    convert(layer, damping=DAMPING)
    assert (type(layer).__name__, isinstance(layer, getattr(nn, name))) == (f"ISAAC{name}", True)
    assert "damping=0.1" in repr(layer)
    assert list(layer.state_dict()) == list(plain)
    result = gradients(layer, *arguments)
    assert any(not close(result[each], plain[each]) for each in plain)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert all(close(g, result[each]) for each, g in gradients(other, *arguments).items())
    layer.damping = math.inf
    assert all(close(g, plain[each]) for each, g in gradients(layer, *arguments).items())
    assert loss(revert(layer)(*arguments)).item() == pytest.approx(loss(expected).item())
    assert (type(layer), set(vars(layer))) == (getattr(nn, name), before)
    assert all(close(g, plain[each]) for each, g in gradients(layer, *arguments).items())


@pytest.mark.parametrize("name", EVERY)
def test_each_kind_without_any_sample_has_no_gradient(name):
    make, arguments = EVERY[name][0], EVERY[name][1]()
    layer = converted(filled(make()))
    axes = {"Conv1d": 1, "Conv3d": 1, "ConvTranspose2d": 1}.get(name, 2)
    with sample_mask(torch.zeros(arguments[0].shape[:axes], dtype=torch.bool)):
        outputs = layer(*arguments)
    loss(outputs).backward()
    for each, parameter in layer.named_parameters():
        if name in ("LSTM", "GRU"):  # the plain gradient, see there: it is finite
            assert bool(parameter.grad.isfinite().all())
        else:
            assert not bool(parameter.grad.any()), each
