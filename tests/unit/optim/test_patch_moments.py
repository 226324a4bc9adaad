"""Preconditioning by the second moments of patches, against patches written out, in float64."""

import copy
import itertools
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cayley.optim import (
    ISAACConv2d,
    _damped_inverse,
    _shift_moments,
    convert,
    isaac_weight_gradient,
)
from cayley.optim._patch_moments import Patches
from cayley.optim._shift_moments import shift_gram

F64 = torch.float64


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


@pytest.mark.parametrize("kernel", [(3, 3), (2, 3), (5, 4), (1, 3), (2, 2)], ids=str)
def test_shifts_give_the_gram_matrix_of_all_patches(kernel) -> None:
    """Every padding, and images narrower than the kernel."""
    for padding in itertools.product(*map(range, kernel)):
        for size in ((6, 7), (3, 4)):
            if any(s + 2 * p < k for s, p, k in zip(size, padding, kernel, strict=True)):
                continue
            images = random(3, 2, *size)
            unfolded = F.unfold(images, kernel, padding=padding).unflatten(1, (2, -1))
            a = unfolded.permute(2, 1, 0, 3).flatten(0, 1).flatten(1)
            assert torch.allclose(shift_gram(images, kernel, padding), a @ a.T, atol=1e-11)


def test_spectra_are_added_up_in_parts_alike(monkeypatch) -> None:
    images = random(3, 2, 6, 7)
    whole = shift_gram(images, (3, 3), (1, 1))
    monkeypatch.setattr(_shift_moments, "_CHUNK", 1)
    assert torch.allclose(shift_gram(images, (3, 3), (1, 1)), whole, rtol=1e-12, atol=1e-12)


def test_the_default_device_does_not_matter() -> None:
    images = random(4, 2, 9, 7)
    layer = ISAACConv2d(2, 3, 3, padding=1, damping=0.1, dtype=F64)
    layer(images).square().sum().backward()
    expected, layer.weight.grad = layer.weight.grad, None
    _shift_moments._transforms.cache_clear()
    _damped_inverse._signs.cache_clear()
    with torch.device("meta"):
        layer(images).square().sum().backward()
    assert torch.equal(layer.weight.grad, expected)


def test_shifts_are_taken_where_they_are_less_work_than_patches() -> None:
    def takes(channels, size, kernel=(3, 3), groups=1, stride=(1, 1), padding=(1, 1)):
        images = torch.empty(1, channels, *size, device="meta")
        return Patches(images, kernel, stride, padding, (1, 1), groups, size).takes_shifts

    assert takes(16, (32, 32))
    assert takes(64, (224, 224))
    assert not takes(1, (224, 224))
    assert not takes(64, (32, 32), kernel=(1, 1), padding=(0, 0))
    assert not takes(64, (16, 16), groups=2)
    assert not takes(64, (16, 16), stride=(2, 2))
    assert not takes(64, (16, 16), kernel=(1, 3), padding=(1, 1))


def test_positions_are_drawn_where_they_are_less_work_than_all() -> None:
    images = torch.empty(32, 64, 16, 16, device="meta")
    windows = Patches(images, (3, 3), (1, 1), (1, 1), (1, 1), 1, (16, 16))
    assert windows.is_worth_drawing(256)
    assert not windows.is_worth_drawing(1024)
    strided = windows._replace(stride=(2, 2), positions=(8, 8))
    assert strided.is_worth_drawing(1024)
    assert not strided.is_worth_drawing(32 * 8 * 8)


def patches_of(layer, images):
    """The patches of each group as rows, one by one; features ordered as in the weight."""
    d = len(layer.kernel_size)
    padded = F.pad(images, [p for side in layer.padding[::-1] for p in (side, side)])
    size = layer(images).shape[2:]
    width = images.shape[1] // layer.groups
    rows = [[] for _ in range(layer.groups)]
    for image in padded:
        for at in itertools.product(*map(range, size)):
            window = [
                slice(p * s, p * s + g * (k - 1) + 1, g)
                for p, s, g, k in zip(
                    at, layer.stride, layer.dilation, layer.kernel_size, strict=True
                )
            ]
            patch = image[(slice(None), *window)]
            for group in range(layer.groups):
                rows[group].append(patch[group * width : (group + 1) * width].flatten())
    assert d == len(size)
    return [torch.stack(each) for each in rows]


LAYERS = {
    "3 x 3": (lambda: nn.Conv2d(2, 3, 3, padding=1), (4, 2, 6, 5)),
    "uneven": (lambda: nn.Conv2d(2, 3, (2, 3), padding=(1, 0)), (4, 2, 6, 5)),
    "strided": (lambda: nn.Conv2d(2, 3, 3, stride=2, padding=1), (6, 2, 7, 6)),
    "dilated": (lambda: nn.Conv2d(2, 3, 2, dilation=2), (4, 2, 6, 5)),
    "grouped": (lambda: nn.Conv2d(4, 6, 3, padding=1, groups=2), (4, 4, 6, 5)),
    "pointwise": (lambda: nn.Conv2d(3, 4, 1), (4, 3, 5, 5)),
    "1 dimension": (lambda: nn.Conv1d(2, 3, 3, padding=1), (9, 2, 7)),
    "3 dimensions": (lambda: nn.Conv3d(2, 3, 2, padding=(1, 0, 0)), (6, 2, 3, 4, 3)),
}


@pytest.mark.parametrize("options", [{}, {"relative": True}, {"precondition_bias": True}], ids=str)
@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("most", [None, 7], ids=["all", "drawn"])
def test_gradients_are_those_of_patches_written_out(name, options, most) -> None:
    """Of all patches, or of the ones drawn: then the plain gradient is that of all."""
    make, shape = LAYERS[name]
    plain = make().double()
    layer = convert(copy.deepcopy(plain), damping=0.1, max_samples=most, **options)
    images = random(*shape).requires_grad_()
    g = random(*plain(images).shape, seed=1)
    plain(images).backward(g)
    for_images = images.grad.clone()
    images.grad = None
    layer(images).backward(g)
    assert torch.allclose(images.grad, for_images)

    groups, m = plain.groups, plain.out_channels // plain.groups
    rows = torch.stack(patches_of(plain, images.detach()))
    assert rows.shape[1] > rows.shape[2]  # more samples than features
    outputs = g.reshape(len(g), groups, m, -1).permute(1, 0, 3, 2).reshape(groups, -1, m)
    if most is not None:
        windows = Patches(
            images.detach(), plain.kernel_size, plain.stride, plain.padding, plain.dilation,
            groups, tuple(g.shape[2:]),
        )  # fmt: skip
        drawn = windows.drawn((most, 0))
        known = {tuple(row.tolist()) for row in rows.flatten(0, 1)}
        assert all(tuple(row.tolist()) in known for row in drawn.flatten(0, 1))
    for group in range(groups):
        a, part = rows[group], slice(group * m, (group + 1) * m)
        samples = a if most is None else drawn[group]
        bias = "precondition_bias" in options
        if bias:
            a, samples = (
                torch.cat([each, each.new_ones(len(each), 1)], 1) for each in (a, samples)
            )
        lam = 0.1 * samples.square().mean() if "relative" in options else 0.1
        n = samples.shape[1]
        moment = samples.T @ samples / len(samples) + lam * torch.eye(n, dtype=F64)
        expected = lam * outputs[group].T @ a @ torch.linalg.inv(moment)
        found = layer.weight.grad[part].flatten(1)
        if bias:
            found = torch.cat([found, layer.bias.grad[part, None]], 1)
        else:
            assert torch.allclose(layer.bias.grad[part], plain.bias.grad[part])
        assert torch.allclose(found, expected, rtol=1e-8, atol=1e-10)


def test_the_moment_of_drawn_positions_is_that_of_all_on_average() -> None:
    """Four standard errors, of the sum over all entries: wrong once in 16,000 if it were random."""
    images = random(3, 2, 5, 4)
    windows = Patches(images, (3, 3), (1, 1), (1, 1), (1, 1), 1, (5, 4))
    weights = random(18, 18, seed=1)
    exact = float((windows.gram(F64, augment=False)[0] * weights).sum()) / windows.num_samples
    drawn = []
    for draw in range(400):
        a = windows.drawn((10, draw))[0]
        drawn.append(float((a.T @ a * weights).sum()) / 10)
    spread = torch.tensor(drawn).std().item() / math.sqrt(len(drawn))
    assert abs(sum(drawn) / len(drawn) - exact) < 4 * spread
    assert spread < abs(exact)  # the bound says something


def test_each_backward_pass_draws_anew_and_leaves_the_global_generator_alone() -> None:
    images = random(4, 2, 8, 8)
    found = []
    for _ in range(2):
        layer = ISAACConv2d(2, 3, 3, bias=False, damping=0.1, max_samples=5, dtype=F64)
        with torch.no_grad():
            layer.weight.fill_(0.1)
        torch.manual_seed(3)
        for _ in range(2):
            layer.weight.grad = None
            layer(images).square().sum().backward()
            found.append(layer.weight.grad)
        after = torch.rand(1)
        torch.manual_seed(3)
        assert torch.equal(after, torch.rand(1))
    assert not torch.allclose(found[0], found[1])
    assert torch.equal(found[0], found[2])
    assert torch.equal(found[1], found[3])


def test_as_many_positions_as_there_are_means_all_of_them() -> None:
    images = random(2, 2, 6, 6)
    gradients = []
    for most in (None, 2 * 16):
        layer = ISAACConv2d(2, 3, 3, bias=False, damping=0.1, max_samples=most, dtype=F64)
        with torch.no_grad():
            layer.weight.fill_(0.1)
        layer(images).square().sum().backward()
        gradients.append(layer.weight.grad)
    assert torch.equal(*gradients)


def test_single_precision_goes_over_to_double_where_it_must() -> None:
    """Inputs of mean 100: the condition number is far above what float32 can do."""
    images = 100 + random(4, 2, 8, 8)
    layer = ISAACConv2d(2, 3, 3, damping=1e-3, dtype=F64)
    single = copy.deepcopy(layer).float()
    layer(images).square().sum().backward()
    single(images.float()).square().sum().backward()
    error = (single.weight.grad - layer.weight.grad).norm() / layer.weight.grad.norm()
    a = F.unfold(images, 3).transpose(0, 1).flatten(1).T
    g = 2 * layer(images).detach().flatten(2).transpose(0, 1).flatten(1).T
    expected = isaac_weight_gradient(a, g, damping=1e-3)
    assert torch.allclose(layer.weight.grad.flatten(1), expected, rtol=1e-5)
    assert error < 2e-2  # the plain gradient itself has lost what cancels


@pytest.mark.parametrize(("most", "error"), [(0, ValueError), (True, TypeError), (2.5, TypeError)])
def test_other_numbers_of_positions_are_refused(most, error) -> None:
    with pytest.raises(error, match="`max_samples` must be"):
        ISAACConv2d(2, 3, 3, damping=0.1, max_samples=most)
