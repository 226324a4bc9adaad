r"""Binding by orthogonal matrices: an associative memory of symbols in roles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from cayley._random import stream_seed
from cayley._shapes import Float, Int

__all__ = ["CleanUp", "MatrixBinding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUp:
    """The nearest symbol of each vector.

    Attributes:
        symbol: Its index, shape ``(...)``, int64.
        similarity: The cosine with it, shape ``(...)``.
        margin: How much larger that is than the second largest, shape ``(...)``.
    """

    symbol: Int[Tensor, "..."]
    similarity: Float[Tensor, "..."]
    margin: Float[Tensor, "..."]


class MatrixBinding:
    r"""Binding by orthogonal matrices: a vector-symbolic architecture (orthogonal MBAT).

    Symbols are unit vectors :math:`v_s`, roles are orthogonal matrices :math:`M_r`.

    - *bind*: :math:`v M_{r_1} M_{r_2} \cdots`, a symbol in a role in a role; orthogonal, so that
      nothing is lost: *unbind* multiplies by the transposed matrices in the opposite order.
    - *bundle*: sums of such terms; a term is found again by unbinding and *clean-up*, the nearest
      symbol. The other terms are noise of size :math:`\sqrt{k / d}` for :math:`k` terms.

    Roles may be learned operators: where the matrices represent a group, :math:`M_r M_s = M_{rs}`,
    so that nested roles are one role, read off the group's table. Matrices that are only nearly
    orthogonal are replaced by the nearest that are.

    Args:
        matrices: The roles, real, shape ``(r, d, d)``; a tensor or an array.
        vectors: The symbols, shape ``(s, d)``; made unit vectors.

    Raises:
        ValueError: If shapes do not fit, an entry is not finite, a matrix is singular or a vector
            zero.

    Example:
        >>> memory = MatrixBinding.random(roles=2, symbols=100, dimension=64, seed=0)
        >>> trace = memory.encode([(7, (0,)), (42, (1,)), (13, (0, 1))])  # 13 in role 0 in role 1
        >>> [int(memory.retrieve(trace, path).symbol) for path in ((0,), (1,), (0, 1))]
        [7, 42, 13]

    References:
        S. I. Gallant, "Orthogonal matrices for MBAT vector symbolic architectures, and a 'soft' VSA
        representation for JSON", arXiv:2202.04805.
    """

    def __init__(self, matrices: ArrayLike | Tensor, vectors: ArrayLike | Tensor) -> None:
        M, v = torch.as_tensor(matrices), torch.as_tensor(vectors)
        if M.ndim != 3 or M.shape[1] != M.shape[2] or v.ndim != 2 or v.shape[1] != M.shape[1]:
            raise ValueError(
                "`matrices` must have shape (r, d, d) and `vectors` (s, d); "
                f"got {tuple(M.shape)} and {tuple(v.shape)}."
            )
        for name, value in (("matrices", M), ("vectors", v)):
            if not value.is_floating_point() or not bool(torch.isfinite(value).all()):
                raise ValueError(f"`{name}` must be real and finite.")
        # The threshold is relative: a matrix may have any scale, but no direction may be lost.
        left, values, right = torch.linalg.svd(M)
        if bool((values[:, -1] <= 1e-6 * values[:, 0]).any()):
            raise ValueError("`matrices` must not be singular: nothing could be unbound.")
        lengths = v.norm(dim=1, keepdim=True)
        if bool((lengths == 0).any()):
            raise ValueError("`vectors` must not be zero.")
        self.matrices: Tensor = left @ right
        self.vectors: Tensor = (v / lengths).to(M.dtype)
        self.correction = float((self.matrices - M).abs().max())
        """The largest change of an entry when the matrices were made orthogonal."""

    @classmethod
    def random(
        cls,
        *,
        roles: int,
        symbols: int,
        dimension: int,
        seed: int = 0,
        dtype: torch.dtype = torch.float32,
    ) -> "MatrixBinding":
        """Return a memory with random orthogonal roles (Haar) and random symbols."""
        generator = torch.Generator().manual_seed(stream_seed(seed, "binding"))
        drawn = torch.randn(roles, dimension, dimension, generator=generator, dtype=torch.float64)
        Q, R = torch.linalg.qr(drawn)
        # Without the signs of R's diagonal Q depends on the algorithm and is not Haar distributed.
        Q = Q * R.diagonal(dim1=1, dim2=2).sign()[:, None, :]
        vectors = torch.randn(symbols, dimension, generator=generator, dtype=torch.float64)
        return cls(Q.to(dtype), vectors.to(dtype))

    @property
    def dimension(self) -> int:
        """The number ``d`` of entries of a vector."""
        return self.vectors.shape[1]

    def encode(self, terms: Iterable[tuple[int, Sequence[int]]]) -> Float[Tensor, " d"]:
        """Return the sum of symbols in their roles.

        Args:
            terms: Symbols with the path of roles that each is bound to, innermost role first.
        """
        total = self.vectors.new_zeros(self.dimension)
        for symbol, path in terms:
            total = total + self.bind(self.vectors[symbol], path)
        return total

    def bind(self, vector: Any, path: Sequence[int]) -> Any:
        """Return vectors, shape ``(..., d)``, bound to a path of roles, innermost first."""
        tensor = self._tensor(vector)
        for role in path:
            tensor = tensor @ self.matrices[role]
        return _as_given(tensor, vector)

    def unbind(self, vector: Any, path: Sequence[int]) -> Any:
        """Return the vectors that :meth:`bind` takes to the given ones, shape ``(..., d)``."""
        tensor = self._tensor(vector)
        for role in reversed(path):
            tensor = tensor @ self.matrices[role].mT
        return _as_given(tensor, vector)

    def clean_up(self, vector: Any) -> CleanUp:
        """Return the nearest symbol of vectors, shape ``(..., d)``."""
        tensor = self._tensor(vector)
        size = tensor.norm(dim=-1, keepdim=True).clamp_min(torch.finfo(tensor.dtype).tiny)
        cosines = (tensor / size) @ self.vectors.mT
        best = cosines.topk(min(2, len(self.vectors)), dim=-1)
        # The cosine of a missing second symbol is the least there is.
        second = best.values[..., -1] if len(self.vectors) > 1 else -torch.ones(())
        return CleanUp(
            symbol=best.indices[..., 0],
            similarity=best.values[..., 0],
            margin=best.values[..., 0] - second,
        )

    def retrieve(self, trace: Any, path: Sequence[int]) -> CleanUp:
        """Return the symbol at the end of a path of roles: unbind, then clean up."""
        return self.clean_up(self.unbind(trace, path))

    def __repr__(self) -> str:
        return (
            f"MatrixBinding(roles={len(self.matrices)}, symbols={len(self.vectors)}, "
            f"dimension={self.dimension})"
        )

    def _tensor(self, value: Any) -> Tensor:
        return torch.as_tensor(value).to(self.vectors)


def _as_given(tensor: Tensor, given: Any) -> Any:
    """Return an array where one was given."""
    return tensor.numpy() if isinstance(given, np.ndarray) else tensor
