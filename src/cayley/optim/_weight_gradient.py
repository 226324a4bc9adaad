"""The preconditioned weight gradient of one linear map or several, in its two forms.

Inside, a dense layer has inputs ``a`` of shape ``(N, n)`` and output gradients ``g`` of shape
``(N, m)``; a grouped convolution has one leading axis of groups before both.

Both forms need ``M = K^-1`` of a matrix ``K = I + (Gram matrix) / (N lam)`` whose eigenvalues are
at least 1; see ``_damped_inverse.py``. Rows with weights ``w`` are rows ``sqrt(w) a`` with output
gradients ``g / sqrt(w)``, ``N`` being the sum of the weights; a row of weight 0 is one of zeros.
"""

from typing import Any, Literal

import torch
from torch import Tensor

from cayley._shapes import Float, Num
from cayley.optim._damped_inverse import damped_inverse

__all__ = [
    "FLOAT32_CONDITION",
    "Form",
    "cheaper_form",
    "is_traced",
    "of_plain_gradient",
    "split_weight_gradient",
    "weight_gradient",
]

Form = Literal["auto", "samples", "features"]

# Condition number |K| |K^-1| / sqrt(p) (Frobenius norms) from which float64 takes over. Measured
# over shapes, dampings and spectra, errors in float32 pass 1e-5 from about 300 on.
FLOAT32_CONDITION = 200.0


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
    damping: float | Tensor,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: Form = "auto",
    weights: Num[Tensor, "*k N"] | None = None,
) -> Float[Tensor, "*k m n"]:
    """Return one preconditioned gradient per group; arguments as in the public function.

    The weights of the rows have the same groups, or none if they are the same in all. A damping
    that is a tensor is not read before the solve: that of a compiled layer may change.
    """
    if is_traced(g):
        if not isinstance(damping, Tensor):
            damping = torch.tensor(damping, dtype=torch.float64, device=a.device)
        traced: Tensor = _traced_weight_gradient(
            a, g, damping, relative, solve_dtype, form, weights
        )
        return traced
    return _weight_gradient(a, g, damping, relative, solve_dtype, form, weights)


def split_weight_gradient(  # noqa: PLR0917
    a: Float[Tensor, "*k N n"],
    g: Float[Tensor, "*k N m"],
    damping: float | Tensor,
    relative: bool,
    solve_dtype: torch.dtype | None,
    weights: Num[Tensor, "*k N"] | None = None,
) -> tuple[Float[Tensor, "*k m n-1"], Float[Tensor, "*k m"]]:
    """Return :func:`weight_gradient` without its last column, and that column.

    Two products instead of two slices of one, which autograd would have to copy.
    """
    if is_traced(g) or a.is_meta or a.numel() == 0 or g.numel() == 0:
        joint = weight_gradient(a, g, damping, relative, solve_dtype, "auto", weights)
        return joint[..., :-1], joint[..., -1]
    left, right = _factors(a, g, damping, relative, solve_dtype, "auto", weights)
    return left @ right[..., :-1], (left @ right[..., -1:]).squeeze(-1)


def of_plain_gradient(  # noqa: PLR0917 - likewise
    gradient: Float[Tensor, "m n"],
    a: Float[Tensor, "N n"],
    damping: Tensor,
    relative: bool,
    solve_dtype: torch.dtype | None,
    weights: Num[Tensor, " N"] | None = None,
) -> Float[Tensor, "m n"]:
    """Return the preconditioned gradient where the plain one, ``g' a``, is known already.

    It takes the form by features whatever their number.
    """
    if a.is_meta or a.numel() == 0:
        return gradient.clone()
    stand_in = a.new_empty(0, gradient.shape[0])  # of output gradients, which are not needed
    a, _, ridge = _weighted_and_ridge(a, stand_in, damping, relative, weights)
    double = torch.float64 in (gradient.dtype, solve_dtype)
    dtype = torch.float64 if double else torch.float32
    M, condition = damped_inverse(a.mT.to(dtype), ridge, relative=relative)
    if not double and solve_dtype is None and not condition < FLOAT32_CONDITION:
        M, _ = damped_inverse(a.mT.double(), ridge, relative=relative)
    return (gradient.to(M.dtype) @ M).to(gradient.dtype)


def is_traced(g: Tensor) -> bool:
    """Return whether a compiler or a transform of torch.func looks at the gradient."""
    return (
        torch.compiler.is_compiling()
        or torch._C._are_functorch_transforms_active()
        or type(g) is not Tensor
    )


def _weight_gradient(  # noqa: PLR0917 - operators are called by position
    a: Tensor,
    g: Tensor,
    damping: Any,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
    weights: Tensor | None,
) -> Tensor:
    if a.is_meta:  # shapes without numbers
        return a.new_empty(*a.shape[:-2], g.shape[-1], a.shape[-1])
    if a.numel() == 0 or g.numel() == 0:
        return g.mT @ a
    left, right = _factors(a, g, damping, relative, solve_dtype, form, weights)
    return torch.mm(left, right) if a.dim() == 2 else left @ right


def _operator(  # noqa: PLR0917
    a: Tensor,
    g: Tensor,
    damping: Tensor,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
    weights: Tensor | None,
) -> Tensor:
    return _weight_gradient(a, g, damping, relative, solve_dtype, form, weights)


# Whether float64 takes over depends on the data, so that torch.compile sees the whole gradient as
# one operator and calls the same code.
_traced_weight_gradient = torch.library.custom_op(
    "cayley::isaac_weight_gradient", _operator, mutates_args=()
)


@_traced_weight_gradient.register_fake
def _(  # noqa: PLR0917
    a: Tensor,
    g: Tensor,
    damping: Tensor,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
    weights: Tensor | None,
) -> Tensor:
    return a.new_empty(*a.shape[:-2], g.shape[-1], a.shape[-1])


@_traced_weight_gradient.register_vmap
def _(  # noqa: PLR0917
    info: Any,
    in_dims: tuple[int | None, ...],
    a: Tensor,
    g: Tensor,
    damping: Tensor,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
    weights: Tensor | None,
) -> tuple[Tensor, int]:
    """The axis that is mapped over becomes the first axis of groups."""

    def in_front(tensor: Tensor, axis: int | None) -> Tensor:
        if axis is None:
            return tensor.expand(info.batch_size, *tensor.shape)
        return tensor.movedim(axis, 0)

    groups = a.dim() - 2 - (in_dims[0] is not None)
    a, g = in_front(a, in_dims[0]), in_front(g, in_dims[1])
    if weights is not None:
        weights = in_front(weights, in_dims[6])
        weights = weights.view(len(weights), *(1,) * (a.dim() - 1 - weights.dim()), -1)
    if in_dims[2] is not None:
        # One for each matrix of the batch, whatever its groups.
        damping = damping.movedim(in_dims[2], 0).view(-1, *(1,) * groups)
    return _traced_weight_gradient(a, g, damping, relative, solve_dtype, form, weights), 0


def _factors(  # noqa: PLR0917
    a: Tensor,
    g: Tensor,
    damping: Any,
    relative: bool,
    solve_dtype: torch.dtype | None,
    form: str,
    weights: Tensor | None,
) -> tuple[Tensor, Tensor]:
    """Return two matrices whose product is the gradient; choose the form and the precision."""
    if form == "auto":
        form = cheaper_form(a.shape[-2], a.shape[-1], g.shape[-1])
    factors = _by_samples if form == "samples" else _by_features
    a, g, ridge = _weighted_and_ridge(a, g, damping, relative, weights)
    if a.dtype == torch.float64:
        return factors(a, g, ridge, relative)[:2]
    if solve_dtype == torch.float64:
        return factors(a, g, ridge, relative, torch.float64)[:2]
    single = None if a.dtype == torch.float32 else torch.float32
    left, right, condition = factors(a, g, ridge, relative, single)
    if solve_dtype is None and not condition < FLOAT32_CONDITION:
        left, right, _ = factors(a, g, ridge, relative, torch.float64)
    return left, right


def _weighted_and_ridge(
    a: Tensor, g: Tensor, damping: Any, relative: bool, weights: Tensor | None
) -> tuple[Tensor, Tensor, Any]:
    """Return weighted rows and output gradients, and N times the damping or what stands for it."""
    if isinstance(damping, Tensor) and damping.dim() == 0 and damping.device.type == "cpu":
        damping = damping.item()  # a number costs less, and on a CPU nothing waits for it
    samples: Any = a.shape[-2]
    if weights is not None:
        a, g, samples = _weighted(a, g, weights)
    # With the mean squared input as unit, N cancels: N lam = damping |a|^2 / n.
    return a, g, damping / a.shape[-1] if relative else samples * damping


def _weighted(a: Tensor, g: Tensor, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return rows and output gradients whose plain Gram matrix is the weighted one, and N."""
    keep = (weights > 0).unsqueeze(-1)
    if not len(g):  # rows alone, see `of_plain_gradient`
        g = a
    if weights.is_floating_point():
        root = weights.sqrt().unsqueeze(-1).to(a.dtype)
        a, g = a * root, g / root
    samples = weights.sum(-1, dtype=torch.promote_types(a.dtype, torch.float32))
    # Without any sample the rows are zeros, and so is the gradient, whatever N is; 1 avoids 0/0.
    samples = torch.where(samples > 0, samples, 1)
    # Selected, not multiplied: what a row holds that does not count may not be finite.
    return torch.where(keep, a, 0), torch.where(keep, g, 0), samples


def _by_samples(
    a: Tensor, g: Tensor, ridge: Any, relative: bool, cast: torch.dtype | None = None
) -> tuple[Tensor, Tensor, float]:
    """Return the factors of ``g' M a``, M going to the narrower side, and the condition number.

    ``M = (I + a a' / ridge)^-1``. With ``cast`` the solve is done in that dtype, and only the
    last, large product in that of ``a``: with M on the side of ``a``, which keeps the digits.
    """
    mm = torch.mm if a.dim() == 2 else torch.matmul  # quicker than the general `@`
    A = a if cast is None else a.to(cast)
    M, condition = damped_inverse(A, ridge, relative=relative)
    if cast is None and g.shape[-1] < a.shape[-1]:
        return mm(M, g).mT, a, condition
    return g.mT, mm(M, A).to(a.dtype), condition


def _by_features(
    a: Tensor, g: Tensor, ridge: Any, relative: bool, cast: torch.dtype | None = None
) -> tuple[Tensor, Tensor, float]:
    """Return the factors of ``g' a M``, in the cheaper order, and the condition number.

    ``M = (I + a' a / ridge)^-1``; ``cast`` as in :func:`_by_samples`.
    """
    mm = torch.mm if a.dim() == 2 else torch.matmul
    A = a if cast is None else a.to(cast)
    M, condition = damped_inverse(A.mT, ridge, relative=relative)
    if cast is None and g.shape[-1] < a.shape[-2]:
        return mm(g.mT, a), M, condition
    return g.mT, mm(A, M).to(a.dtype), condition
