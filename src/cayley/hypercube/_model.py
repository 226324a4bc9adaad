"""HyperCube as a module: separate or shared, real or complex factors of several restarts."""

import torch
from torch import Tensor, nn

from cayley._shapes import Float, Inexact, Int
from cayley.hypercube._functional import (
    hypercube_penalty,
    hypercube_product,
    penalty_gradients,
    second_moments,
    stacked_penalty_gradient,
)

__all__ = ["HyperCube"]

_COMPLEX = {torch.float32: torch.complex64, torch.float64: torch.complex128}


class HyperCube(nn.Module):
    r"""Three families of matrices whose traces are the table of an operation.

    .. math:: T_{abc} = \tfrac{1}{d} \operatorname{Tr}(A_a B_b C_c), \qquad
        a \circ b = \operatorname{argmax}_c T_{abc}

    The *shared* form has one family, :math:`A = B = X` and :math:`C_c = X_c'`: for operations
    whose operands and results share one alphabet and one meaning (a group, not an isotope). It
    needs several times fewer observations.

    Args:
        order: Number of rows, columns and symbols, or the three numbers.
        dim: Size d of the matrices; the largest of the three numbers by default, which the
            regular representation needs.
        shared: Whether the three factors are one.
        complex_factors: Whether the matrices are complex (unitary) or real (orthogonal).
        restarts: Number of independent copies, trained as one batch.
        generator: Source of the initial entries, drawn from N(0, 1/d); on ``device``.
        device: Where the parameter lives.
        dtype: float32 or float64; complex factors have the complex type of that precision.

    Raises:
        ValueError: If a size is not positive, or shared factors are to have several sizes.
        TypeError: If ``dtype`` is neither float32 nor float64.

    Attributes:
        matrices: All factors, shape ``(restarts, rows + columns + symbols, d, d)``, or
            ``(restarts, n, d, d)`` if shared.

    Example:
        >>> model = HyperCube(3, generator=torch.Generator().manual_seed(0))
        >>> model(torch.tensor([0, 1]), torch.tensor([2, 2])).shape
        torch.Size([1, 2, 3])

    References:
        Huh (2024), arXiv:2402.17002, eqs. (4) to (7).
    """

    def __init__(
        self,
        order: int | tuple[int, int, int],
        *,
        dim: int | None = None,
        shared: bool = False,
        complex_factors: bool = False,
        restarts: int = 1,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        sizes = (order,) * 3 if isinstance(order, int) else tuple(order)
        dim = max(sizes) if dim is None else dim
        if len(sizes) != 3 or min(*sizes, dim, restarts) < 1:
            raise ValueError(
                "`order`, `dim` and `restarts` must be positive; "
                f"got {order}, {dim} and {restarts}."
            )
        if shared and len(set(sizes)) > 1:
            raise ValueError(f"`shared` factors must have one size; got {sizes}.")
        if dtype not in _COMPLEX:
            raise TypeError(f"`dtype` must be torch.float32 or torch.float64; got {dtype}.")
        self.sizes: tuple[int, int, int] = (sizes[0], sizes[1], sizes[2])
        self.shared = shared
        # One parameter for all factors: an update is then one operation, not three.
        total = sizes[0] if shared else sum(sizes)
        entries = torch.randn(
            (restarts, total, dim, dim),
            generator=generator,
            device=device,
            dtype=_COMPLEX[dtype] if complex_factors else dtype,
        )
        # Entries of variance 1 / d make products of matrices as large as their factors.
        self.matrices = nn.Parameter(entries / dim**0.5)

    @property
    def dim(self) -> int:
        """The size d of the matrices."""
        return self.matrices.shape[-1]

    @property
    def restarts(self) -> int:
        """The number of independent copies."""
        return len(self.matrices)

    @property
    def factors(
        self,
    ) -> tuple[Inexact[Tensor, "r a d d"], Inexact[Tensor, "r b d d"], Inexact[Tensor, "r c d d"]]:
        """The factors A, B, C, as views of the parameter."""
        if self.shared:
            return self.matrices, self.matrices, self.matrices.mH
        A, B, C = torch.split(self.matrices, list(self.sizes), dim=1)
        return A, B, C

    def pull_back(self, gradients: tuple[Tensor, Tensor, Tensor]) -> Inexact[Tensor, "r n d d"]:
        """Turn gradients with respect to A, B, C into one with respect to ``matrices``."""
        dA, dB, dC = gradients
        return dA + dB + dC.mH if self.shared else torch.cat([dA, dB, dC], dim=1)

    def penalty_gradient(self) -> Inexact[Tensor, "r n d d"]:
        """Return the gradient of the penalty H with respect to ``matrices``, in closed form."""
        X = self.matrices
        if self.shared:
            P, Q = second_moments(X)
            scale = 2 / self.dim
            # Summed over the three places that X stands in: X (Q + 2P) + (2Q + P) X.
            inward, outward = scale * (Q + 2 * P), scale * (2 * Q + P)
            return X @ inward.unsqueeze(-3) + outward.unsqueeze(-3) @ X
        if len(set(self.sizes)) == 1:
            stacked = X.view(len(X), 3, -1, self.dim, self.dim)
            # Factors of one size lie behind each other already: no padding, no copy.
            return stacked_penalty_gradient(stacked).view_as(X)
        return self.pull_back(penalty_gradients(*self.factors))

    def forward(
        self, left: Int[Tensor, " m"], right: Int[Tensor, " m"]
    ) -> Inexact[Tensor, "r m c"]:
        """Return the products of pairs against every symbol; differentiable by autograd."""
        return hypercube_product(*self.factors, left=left, right=right)

    def penalty(self) -> Float[Tensor, " r"]:
        """Return the penalty H per restart; differentiable by autograd."""
        return hypercube_penalty(*self.factors)

    def extra_repr(self) -> str:
        """Return what the module's repr shows between its parentheses."""
        kind = "complex" if self.matrices.is_complex() else "real"
        return (
            f"{self.sizes}, dim={self.dim}, shared={self.shared}, {kind}, restarts={self.restarts}"
        )
