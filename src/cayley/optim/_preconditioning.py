"""Preconditioning: ISAAC's weight gradient as a function of tensors.

Inside, a dense layer has inputs ``a`` of shape ``(N, n)`` and output gradients ``g`` of shape
``(N, m)``; a grouped convolution has one leading axis of groups before both.

Both forms need ``M = K^-1`` of a matrix ``K = I + (Gram matrix) / (N lam)`` whose eigenvalues are
at least 1. The inverse of *this* matrix keeps all digits when the damping is small; the published
package computes ``I - (1/lam) (...)``, which cancels. ``M`` is formed
explicitly from the Cholesky factor because one product with it is several times faster than two
triangular solves, at the same accuracy.
"""

import math
from typing import Literal

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.optim._damping import check_damping, check_solve_dtype

__all__ = [
    "Form",
    "cheaper_form",
    "isaac_weight_gradient",
    "split_weight_gradient",
    "weight_gradient",
]

Form = Literal["auto", "samples", "features"]

# Condition number |K| |K^-1| / sqrt(p) (Frobenius norms) from which float64 takes over. Measured
# over shapes, dampings and spectra, errors in float32 pass 1e-5 from about 300 on.
_FLOAT32_CONDITION = 200.0


def isaac_weight_gradient(
    inputs: Float[Tensor, "*batch n"],
    output_gradients: Float[Tensor, "*batch m"],
    *,
    damping: float,
    relative: bool = False,
    solve_dtype: torch.dtype | None = None,
    form: Form = "auto",
) -> Float[Tensor, "m n"]:
    r"""Return the weight gradient of a linear layer, preconditioned by the layer's inputs.

    With the inputs :math:`a` (:math:`N` rows, :math:`n` features) and the gradients of the loss
    with respect to the outputs :math:`g` (:math:`N` rows, :math:`m` outputs), the plain gradient
    is :math:`g^\top a`, and

    .. math::
        \lambda\, g^\top a \Bigl(\tfrac1N a^\top a + \lambda I_n\Bigr)^{-1}
        = g^\top \Bigl(I_N + \tfrac1{N\lambda} a a^\top\Bigr)^{-1} a .

    The left form ("features") costs :math:`O(N n^2 + n^3)`, the right one ("samples")
    :math:`O(N^2 n + N^3)`: little beside the layer's own :math:`O(N n m)` when :math:`N < n`.
    As :math:`\lambda \to \infty` both become the plain gradient; ``damping=math.inf`` gives it.

    Args:
        inputs: The layer's inputs, any number of batch dimensions; floating point.
        output_gradients: Gradients with respect to its outputs, same batch dimensions, dtype and
            device.
        damping: :math:`\lambda > 0`, in units of a squared input; with ``relative``, a fraction
            of the mean squared input.
        relative: Whether ``damping`` is to be multiplied by the mean of ``inputs**2``.
        solve_dtype: Precision of the Gram matrix and the solve. By default float32 for float16,
            bfloat16 and float32, repeated in float64 where the matrix is so ill-conditioned
            that float32 would lose more than about 1e-5; float64 for float64. Naming float32 or
            float64 fixes it.
        form: ``"samples"``, ``"features"``, or ``"auto"``: the cheaper of the two.

    Returns:
        The gradient, in the dtype of ``inputs``. Non-finite inputs give NaN and an empty batch
        zeros, as the plain gradient would.

    Raises:
        TypeError: If the tensors are not floating point or differ in dtype or device.
        ValueError: If the batch dimensions differ, or an option is out of range.

    Example:
        >>> import torch
        >>> from cayley.optim import isaac_weight_gradient
        >>> rng = torch.Generator().manual_seed(0)
        >>> a = torch.randn(8, 3, generator=rng, dtype=torch.float64)
        >>> g = torch.randn(8, 2, generator=rng, dtype=torch.float64)
        >>> dense = 0.1 * g.T @ a @ torch.linalg.inv(a.T @ a / 8 + 0.1 * torch.eye(3).double())
        >>> torch.allclose(isaac_weight_gradient(a, g, damping=0.1), dense, rtol=1e-12)
        True

    References:
        Petersen, Sutter, Borgelt, Huh, Kuehne, Sun, Deussen, "ISAAC Newton: Input-based
        Approximate Curvature for Newton's Method", ICLR 2023, Equations 6 and 9.
    """
    _check_pair(inputs, output_gradients)
    check_damping(damping)
    check_solve_dtype(solve_dtype)
    if form not in ("auto", "samples", "features"):
        raise ValueError(f'`form` must be "auto", "samples" or "features"; got {form!r}.')
    return weight_gradient(
        inputs.reshape(-1, inputs.shape[-1]),
        output_gradients.reshape(-1, output_gradients.shape[-1]),
        damping,
        relative,
        solve_dtype,
        form,
    )


def _check_pair(inputs: Tensor, output_gradients: Tensor) -> None:
    for name, tensor in (("inputs", inputs), ("output_gradients", output_gradients)):
        if not isinstance(tensor, Tensor) or not tensor.is_floating_point():
            kind = tensor.dtype if isinstance(tensor, Tensor) else type(tensor).__name__
            raise TypeError(f"`{name}` must be a real floating-point tensor; got {kind}.")
        if tensor.dim() == 0:
            raise ValueError(f"`{name}` must have a last axis of features; got a scalar.")
    if inputs.dtype != output_gradients.dtype or inputs.device != output_gradients.device:
        raise TypeError(
            "`inputs` and `output_gradients` must have the same dtype and device; got "
            f"{inputs.dtype} on {inputs.device} and {output_gradients.dtype} on "
            f"{output_gradients.device}. Convert one of them."
        )
    if inputs.shape[:-1] != output_gradients.shape[:-1]:
        raise ValueError(
            "`inputs` and `output_gradients` must have the same batch dimensions; got shapes "
            f"{tuple(inputs.shape)} and {tuple(output_gradients.shape)}."
        )


def cheaper_form(samples: int, features: int, outputs: int) -> Form:
    """Return the form with fewer multiplications, beyond the layer's own ``N n m``.

    Example:
        >>> cheaper_form(60, 512, 512), cheaper_form(5000, 512, 512)
        ('samples', 'features')
    """
    N, n, m = samples, features, outputs
    # Gram matrix, factor and inverse, product of the inverse with the narrower side.
    by_samples = N * N * n + N**3 + N * N * min(n, m)
    by_features = N * n * n + n**3 + n * n * min(N, m)
    return "samples" if by_samples <= by_features else "features"


def weight_gradient(  # noqa: PLR0917 - called once per layer and step; names cost time
    a: Float[Tensor, "*k N n"],
    g: Float[Tensor, "*k N m"],
    damping: float,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: Form = "auto",
) -> Float[Tensor, "*k m n"]:
    """Return one preconditioned gradient per group; arguments as in the public function."""
    if torch.compiler.is_compiling():
        traced: Tensor = _traced_weight_gradient(a, g, damping, relative, solve_dtype, form)
        return traced
    return _weight_gradient(a, g, damping, relative, solve_dtype, form)


def split_weight_gradient(
    a: Float[Tensor, "*k N n"],
    g: Float[Tensor, "*k N m"],
    damping: float,
    relative: bool,
    solve_dtype: torch.dtype | None,
) -> tuple[Float[Tensor, "*k m n-1"], Float[Tensor, "*k m"]]:
    """Return :func:`weight_gradient` without its last column, and that column.

    Two products instead of two slices of one, which autograd would have to copy.
    """
    if torch.compiler.is_compiling() or a.numel() == 0 or g.numel() == 0:
        joint = weight_gradient(a, g, damping, relative, solve_dtype)
        return joint[..., :-1], joint[..., -1]
    left, right = _factors(a, g, damping, relative, solve_dtype, "auto")
    return left @ right[..., :-1], (left @ right[..., -1:]).squeeze(-1)


def _weight_gradient(  # noqa: PLR0917 - operators are called by position
    a: Tensor,
    g: Tensor,
    damping: float,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
) -> Tensor:
    if a.numel() == 0 or g.numel() == 0:
        return g.mT @ a
    left, right = _factors(a, g, damping, relative, solve_dtype, form)
    return torch.mm(left, right) if a.dim() == 2 else torch.bmm(left, right)


# Whether float64 takes over depends on the data, so that torch.compile sees the whole gradient as
# one operator and calls the same code.
_traced_weight_gradient = torch.library.custom_op(
    "cayley::isaac_weight_gradient", _weight_gradient, mutates_args=()
)


@_traced_weight_gradient.register_fake
def _(  # noqa: PLR0917
    a: Tensor,
    g: Tensor,
    damping: float,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
) -> Tensor:
    return a.new_empty(*a.shape[:-2], g.shape[-1], a.shape[-1])


def _factors(  # noqa: PLR0917
    a: Tensor,
    g: Tensor,
    damping: float,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
) -> tuple[Tensor, Tensor]:
    """Return two matrices whose product is the gradient; choose the form and the precision."""
    if form == "auto":
        form = cheaper_form(a.shape[-2], a.shape[-1], g.shape[-1])
    factors = _by_samples if form == "samples" else _by_features
    if a.dtype == torch.float64:
        return factors(a, g, damping, relative)[:2]
    if solve_dtype == torch.float64:
        return factors(a, g, damping, relative, torch.float64)[:2]
    single = None if a.dtype == torch.float32 else torch.float32
    left, right, condition = factors(a, g, damping, relative, single)
    if solve_dtype is None and not condition < _FLOAT32_CONDITION:
        left, right, _ = factors(a, g, damping, relative, torch.float64)
    return left, right


def _by_samples(
    a: Tensor, g: Tensor, damping: float, relative: bool, cast: torch.dtype | None = None
) -> tuple[Tensor, Tensor, float]:
    """Return the factors of ``g' M a``, M going to the narrower side, and the condition number.

    ``M = (I + a a' / (N lam))^-1``. With ``cast`` the solve is done in that dtype, and only the
    last, large product in that of ``a``: with M on the side of ``a``, which keeps the digits.
    """
    mm = torch.mm if a.dim() == 2 else torch.bmm  # quicker than the general `@`
    A = a if cast is None else a.to(cast)
    M, condition = _damped_inverse(A, a.shape[-2], damping, relative)
    if cast is None and g.shape[-1] < a.shape[-1]:
        return mm(M, g).mT, a, condition
    return g.mT, mm(M, A).to(a.dtype), condition


def _by_features(
    a: Tensor, g: Tensor, damping: float, relative: bool, cast: torch.dtype | None = None
) -> tuple[Tensor, Tensor, float]:
    """Return the factors of ``g' a M``, in the cheaper order, and the condition number.

    ``M = (I + a' a / (N lam))^-1``; ``cast`` as in :func:`_by_samples`.
    """
    mm = torch.mm if a.dim() == 2 else torch.bmm
    A = a if cast is None else a.to(cast)
    M, condition = _damped_inverse(A.mT, a.shape[-2], damping, relative)
    if cast is None and g.shape[-1] < a.shape[-2]:
        return mm(g.mT, a), M, condition
    return g.mT, mm(A, M).to(a.dtype), condition


def _damped_inverse(
    rows: Float[Tensor, "*k p q"], samples: int, damping: float, relative: bool
) -> tuple[Float[Tensor, "*k p p"], float]:
    """Return ``(I + rows rows' / (N lam))^-1`` and its largest condition number."""
    p = rows.shape[-2]
    # LAPACK slows down up to threefold where the leading dimension is a multiple of a power of
    # two (128: 118 us, 129: 30 us); one more row and column of the identity avoids that.
    padding = int(p >= 128 and p % 64 == 0)
    K = torch.eye(p + padding, dtype=rows.dtype, device=rows.device)
    if rows.dim() > 2:
        K = K.repeat(*rows.shape[:-2], 1, 1)
    gram = K[..., :p, :p] if padding else K
    product = gram.addmm_ if rows.dim() == 2 else gram.baddbmm_
    if relative:
        product(rows, rows.mT, beta=0)
        # N lam = damping |rows|^2 / n, where |rows|^2 is the trace. All-zero inputs have a zero
        # gradient whatever the damping: the clamp only avoids 0/0.
        diagonal = gram.diagonal(dim1=-2, dim2=-1)
        features = p * rows.shape[-1] // samples
        scale = diagonal.sum(-1) * (damping / features)
        gram.div_(scale.clamp_(min=torch.finfo(rows.dtype).tiny)[..., None, None])
        diagonal.add_(1.0)
    else:
        product(rows, rows.mT, alpha=1.0 / (samples * damping))
    factor, info = torch.linalg.cholesky_ex(K)
    if _largest(info) > 0:
        return _clamped_inverse(gram), math.inf
    M = torch.cholesky_inverse(factor)
    if padding:
        M = M[..., :p, :p]
    return M, _largest_norm(gram) * _largest_norm(M) / math.sqrt(p)


# Both functions have a branch for a single matrix: a reduction over a batch of one would cost as
# much as a small Cholesky factorization.


def _largest(values: Tensor) -> float:
    """Return the largest entry of a tensor that may be a scalar."""
    return float((values.max() if values.dim() else values).item())


def _largest_norm(matrices: Float[Tensor, "*k p p"]) -> float:
    """Return the largest Frobenius norm of one matrix or several."""
    if matrices.dim() == 2:
        return float(torch.linalg.vector_norm(matrices).item())
    return _largest(torch.linalg.matrix_norm(matrices))


def _clamped_inverse(K: Float[Tensor, "*k p p"]) -> Float[Tensor, "*k p p"]:
    """Return the inverse of a matrix that rounding made indefinite, with eigenvalues of at least 1.

    Without rounding errors ``K = I + (positive semidefinite)`` has no smaller eigenvalue.
    """
    if not bool(K.isfinite().all()):
        return torch.full_like(K, torch.nan)
    values, vectors = torch.linalg.eigh(K)
    inverse: Tensor = (vectors / values.clamp(min=1.0).unsqueeze(-2)) @ vectors.mT
    return inverse
