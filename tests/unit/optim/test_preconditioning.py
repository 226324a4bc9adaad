"""ISAAC's weight gradient against dense formulas written out in float64."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from cayley.optim import _damped_inverse, isaac_weight_gradient
from cayley.optim._damped_inverse import damped_inverse, damped_solve
from cayley.optim._weight_gradient import cheaper_form, weight_gradient

SHAPES = [
    (1, 1, 1),
    (1, 5, 3),
    (5, 1, 3),
    (7, 3, 40),
    (3, 7, 40),
    (6, 9, 2),
    (9, 6, 2),
    (128, 9, 4),
]


def sample(
    N: int,
    n: int,
    m: int,
    *,
    seed: int = 0,
    dtype: torch.dtype = torch.float64,
    kind: str = "normal",
) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    a = torch.randn(N, n, generator=rng, dtype=torch.float64)
    if kind == "relu":  # a large mean: ill-conditioned, as behind a rectifier
        a = torch.relu(a + 1)
    elif kind == "scaled":
        a = a * torch.logspace(-3, 1, n, dtype=torch.float64)
    elif kind == "repeated":  # rank-deficient
        a = a[torch.arange(N) % max(1, N // 2)]
    g = torch.randn(N, m, generator=rng, dtype=torch.float64)
    return a.to(dtype), g.to(dtype)


def dense(a: Tensor, g: Tensor, damping: float) -> Tensor:
    """The features form of the paper, by a general inverse."""
    a, g = a.double(), g.double()
    second_moment = a.T @ a / len(a)
    identity = torch.eye(a.shape[1], dtype=torch.float64)
    return damping * g.T @ a @ torch.linalg.inv(second_moment + damping * identity)


def spectral(a: Tensor, g: Tensor, damping: float) -> Tensor:
    """The same through singular values, which never squares the condition number."""
    a, g = a.double(), g.double()
    U, S, V = torch.linalg.svd(a, full_matrices=False)
    ridge = len(a) * damping
    return (g.T @ U * (S * ridge / (S**2 + ridge))) @ V


def relative_error(result: Tensor, expected: Tensor) -> float:
    return float((result.double() - expected).norm() / expected.norm())


@pytest.mark.parametrize("form", ["samples", "features", "auto"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("damping", [1e-3, 0.1, 10.0])
def test_agrees_with_the_dense_formula(shape, form, damping):
    a, g = sample(*shape)
    result = isaac_weight_gradient(a, g, damping=damping, form=form)
    # An inverse loses as many digits as the condition number has, and how many of them depends on
    # the processor: at the smallest damping it is some ten thousand.
    condition = 1 + float(torch.linalg.matrix_norm(a, 2) ** 2) / (len(a) * damping)
    error = relative_error(result, dense(a, g, damping))
    assert error < max(1e-12, 4 * condition * torch.finfo(torch.float64).eps)


@pytest.mark.parametrize("kind", ["normal", "relu", "scaled", "repeated"])
@pytest.mark.parametrize(
    ("N", "n"), [(16, 96), (60, 96), (96, 96), (120, 96), (400, 24), (128, 256)]
)
@pytest.mark.parametrize("damping", [0.1, 1e-4, 1e-6])
def test_float32_keeps_five_digits(N, n, damping, kind):
    for m in (5, 300):
        a, g = sample(N, n, m, dtype=torch.float32, kind=kind)
        error = relative_error(
            isaac_weight_gradient(a, g, damping=damping), spectral(a, g, damping)
        )
        assert error < 1e-5


@pytest.mark.parametrize("rows", [96, 128, 192])
def test_padding_shows_neither_in_the_inverse_nor_in_its_condition(rows):
    a, _ = sample(rows, 1024, 1)
    M, condition = damped_inverse(a, rows * 0.1)
    K = torch.eye(rows, dtype=torch.float64) + a @ a.T / (rows * 0.1)
    assert torch.allclose(M @ K, torch.eye(rows, dtype=torch.float64), atol=1e-12)
    expected = K.norm() * torch.linalg.inv(K).norm() / rows**0.5
    assert condition == pytest.approx(float(expected), rel=1e-10)


@pytest.mark.parametrize("groups", [(), (3,)], ids=["one", "several"])
@pytest.mark.parametrize("relative", [False, True])
def test_solves_give_what_the_inverse_gives(groups, relative):
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(*groups, 12, 20, generator=generator, dtype=torch.float64)
    G = torch.randn(*groups, 5, 12, generator=generator, dtype=torch.float64)
    M, condition = damped_inverse(rows, 0.3, relative=relative)
    found, estimate = damped_solve(G, rows @ rows.mT, 0.3, relative=relative)
    assert torch.allclose(found, G @ M, rtol=1e-10, atol=1e-12)
    assert condition / 3 < estimate < 3 * condition


def test_solves_with_a_matrix_that_rounding_made_indefinite():
    """Eigenvalues that rounding put below 1 count as 1, and the precision as not enough."""
    gram = torch.diag(torch.tensor([-3.0, 1.0], dtype=torch.float64))
    G = torch.tensor([[2.0, 2.0]], dtype=torch.float64)
    found, condition = damped_solve(G, gram, 1.0)
    assert torch.allclose(found, torch.tensor([[2.0, 1.0]], dtype=torch.float64))
    assert condition == math.inf
    assert damped_solve(G, torch.full_like(gram, math.nan), 1.0)[0].isnan().all()


@pytest.mark.parametrize("groups", [(), (3,)], ids=["one", "several"])
def test_another_device_is_waited_for_once(groups, monkeypatch):
    """Its branch, run here: one list of numbers is read, and the results are the same."""
    rows = torch.randn(*groups, 12, 20, generator=torch.Generator().manual_seed(0)).double()
    G = rows[..., :5].mT
    expected = damped_inverse(rows, 0.3), damped_solve(G, rows @ rows.mT, 0.3)
    reads = []
    read_all = torch.Tensor.tolist
    monkeypatch.setattr(_damped_inverse, "_on_cpu", lambda tensor: False)
    monkeypatch.setattr(torch.Tensor, "tolist", lambda t: reads.append(1) or read_all(t))
    found = damped_inverse(rows, 0.3), damped_solve(G, rows @ rows.mT, 0.3)
    assert len(reads) == 2
    for (before, condition), (after, same) in zip(expected, found, strict=True):
        assert torch.allclose(before, after, rtol=1e-10, atol=1e-12)
        assert same == pytest.approx(condition, rel=1e-6)
    indefinite = torch.diag(torch.tensor([-3.0, 1.0], dtype=torch.float64))
    assert damped_solve(torch.ones(1, 2).double(), indefinite, 1.0)[1] == math.inf


def test_float32_alone_would_lose_them():
    a, g = sample(96, 96, 5, dtype=torch.float32, kind="relu")
    single = isaac_weight_gradient(a, g, damping=1e-6, solve_dtype=torch.float32)
    assert relative_error(single, spectral(a, g, 1e-6)) > 1e-4


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("relative", [False, True])
def test_infinite_damping_is_the_plain_gradient(shape, relative):
    a, g = sample(*shape)
    assert torch.allclose(
        isaac_weight_gradient(a, g, damping=1e12, relative=relative),
        g.T @ a,
        rtol=1e-10,
        atol=1e-10,
    )
    exact = isaac_weight_gradient(a, g, damping=math.inf, relative=relative)
    assert torch.allclose(exact, g.T @ a, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_relative_damping_is_a_fraction_of_the_mean_squared_input(shape):
    a, g = sample(*shape)
    for form in ("samples", "features"):
        result = isaac_weight_gradient(3 * a, g, damping=0.2, relative=True, form=form)
        assert relative_error(result, dense(3 * a, g, 0.2 * float((9 * a**2).mean()))) < 1e-12
        # Hence it does not depend on the scale of the inputs, but for the factor of the gradient.
        unscaled = isaac_weight_gradient(a, g, damping=0.2, relative=True, form=form)
        assert torch.allclose(result, 3 * unscaled, rtol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    batch=st.lists(st.integers(1, 5), min_size=0, max_size=3),
    n=st.integers(1, 12),
    m=st.integers(1, 12),
    exponent=st.floats(-6, 6),
    scale=st.floats(-3, 3),
    seed=st.integers(0, 2**16),
)
def test_any_batch_dimensions(batch, n, m, exponent, scale, seed):
    N, damping = math.prod(batch), 10.0**exponent
    a, g = sample(N, n, m, seed=seed)
    a = a * 10.0**scale
    result = isaac_weight_gradient(a.reshape(*batch, n), g.reshape(*batch, m), damping=damping)
    assert result.shape == (m, n)
    # Linear in g, smaller than the plain gradient in the norm that the Gram matrix defines.
    assert torch.allclose(
        isaac_weight_gradient(a, -2 * g, damping=damping), -2 * result, rtol=1e-9, atol=1e-12
    )
    assert relative_error(result, spectral(a, g, damping)) < 1e-8


def test_groups_are_independent():
    a, g = sample(12, 6, 4)
    a, g = a.reshape(3, 4, 6), g.reshape(3, 4, 4)
    together = weight_gradient(a, g, 0.1, True, None)
    one_by_one = [
        isaac_weight_gradient(*pair, damping=0.1, relative=True) for pair in zip(a, g, strict=True)
    ]
    assert torch.allclose(together, torch.stack(one_by_one), rtol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("shape", [(8, 32, 16), (8, 32, 64), (64, 16, 8), (64, 16, 100)], ids=str)
def test_half_precision_solves_in_float32(shape, dtype):
    a, g = sample(*shape, dtype=dtype)
    result = isaac_weight_gradient(a, g, damping=1e-3)
    assert result.dtype == dtype
    # One rounding of the preconditioned rows and one of the result.
    assert relative_error(result, spectral(a, g, 1e-3)) < 4 * torch.finfo(dtype).eps


def test_half_precision_inputs_may_be_large():
    a, g = sample(8, 512, 16, dtype=torch.float16)
    a = a * 100  # the Gram matrix, about 5e6, is beyond float16
    result = isaac_weight_gradient(a, g, damping=1.0)
    assert relative_error(result, spectral(a, g, 1.0)) < 4e-3


def test_identical_samples_and_tiny_damping_stay_finite():
    a, g = torch.ones(64, 32), torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
    for form in ("samples", "features"):
        result = isaac_weight_gradient(a, g, damping=1e-20, form=form)
        assert bool(result.isfinite().all())
        # (1 1' / N + lam I)^-1 takes a gradient along 1 to lam / (n + lam) of itself.
        assert float(result.abs().max()) < 1e-6


@pytest.mark.parametrize("scale", [1e-15, 1e15])
@pytest.mark.parametrize("damping", [1e-20, 1e20])
def test_extreme_scales_neither_overflow_nor_fail(scale, damping):
    a, g = sample(5, 9, 3, dtype=torch.float32)
    for form in ("samples", "features"):
        result = isaac_weight_gradient(scale * a, g, damping=damping, form=form)
        assert bool(result.isfinite().all())
        relative = isaac_weight_gradient(scale * a, g, damping=1e-3, relative=True, form=form)
        unscaled = isaac_weight_gradient(a, g, damping=1e-3, relative=True, form=form)
        assert torch.allclose(relative, scale * unscaled, rtol=1e-4)


def test_degenerate_inputs():
    g = torch.ones(4, 2)
    for relative in (False, True):
        zero = isaac_weight_gradient(torch.zeros(4, 3), g, damping=0.1, relative=relative)
        assert torch.equal(zero, torch.zeros(2, 3))
    empty = isaac_weight_gradient(torch.zeros(0, 3), torch.zeros(0, 2), damping=0.1)
    assert torch.equal(empty, torch.zeros(2, 3))
    infinite = isaac_weight_gradient(torch.full((4, 3), torch.inf), g, damping=0.1)
    assert bool(infinite.isnan().all())


def test_chooses_the_form_by_cost():
    assert cheaper_form(60, 512, 512) == "samples"
    assert cheaper_form(4096, 512, 512) == "features"
    # With few outputs the layer is cheap to precondition on either side; the smaller matrix wins.
    assert cheaper_form(300, 200, 10) == "features"
    assert cheaper_form(200, 300, 10) == "samples"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"damping": 0.0}, ValueError, r"`damping` must be above 0; got 0.0"),
        ({"damping": -1}, ValueError, r"`damping` must be above 0; got -1"),
        ({"damping": 1e-30}, ValueError, r"`damping` must be at least 1e-20; got 1e-30"),
        ({"damping": math.nan}, ValueError, r"`damping` must be above 0; got nan"),
        ({"damping": "0.1"}, TypeError, r"`damping` must be a number; got str"),
        ({"damping": True}, TypeError, r"`damping` must be a number; got bool"),
        ({"damping": 0.1, "form": "dense"}, ValueError, r"`form` must be .* got 'dense'"),
        ({"damping": 0.1, "solve_dtype": torch.float16}, ValueError, r"`solve_dtype` must be"),
    ],
)
def test_malformed_options(arguments, error, message):
    with pytest.raises(error, match=message):
        isaac_weight_gradient(torch.ones(2, 3), torch.ones(2, 4), **arguments)


@pytest.mark.parametrize(
    ("inputs", "gradients", "error", "message"),
    [
        (torch.ones(2, 3), torch.ones(5, 4), ValueError, r"same batch dimensions; got shapes"),
        (torch.ones(2, 3), torch.ones(2, 4).double(), TypeError, r"same dtype and device"),
        (torch.ones(2, 3).long(), torch.ones(2, 4), TypeError, r"`inputs` must be a real float"),
        (torch.ones(2, 3), torch.ones(2, 4).cfloat(), TypeError, r"`output_gradients` must be a"),
        (torch.ones(2, 3), [[1.0]], TypeError, r"`output_gradients` must be .* got list"),
        (torch.tensor(1.0), torch.ones(2, 4), ValueError, r"`inputs` must have a last axis"),
    ],
)
def test_malformed_tensors(inputs, gradients, error, message):
    with pytest.raises(error, match=message):
        isaac_weight_gradient(inputs, gradients, damping=0.1)
