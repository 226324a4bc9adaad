r"""A learned commutative monoid: an operation that reduces a set of vectors to one.

An operation :math:`a \circ b` on vectors, commutative by construction, nearly associative by
training, with a neutral element.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cayley._shapes import Bool, Float
from cayley.equivariance._arrays import ArrayModule

__all__ = ["CommutativeMonoid", "MonoidDefects", "tree_reduce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonoidDefects:
    r"""Mean square deviations from a commutative monoid, as tensors to train on.

    Attributes:
        commutativity: Mean square of :math:`a \circ b - b \circ a`; rounding only.
        associativity: Mean square of :math:`(a \circ b) \circ c - a \circ (b \circ c)`.
        identity: Mean square of :math:`a \circ e - a`.
    """

    commutativity: Tensor
    associativity: Tensor
    identity: Tensor


class CommutativeMonoid(ArrayModule):
    r"""A learned aggregator of sets, reduced in logarithmic depth.

    .. math:: a \circ b = z \odot (a + b) + (1 - z) \odot m, \qquad
        (z, m) = \operatorname{MLP}(a + b,\ a \odot b)

    :math:`a + b` and :math:`a \odot b` do not change when :math:`a` and :math:`b` are exchanged, so
    the operation is commutative exactly. It is as associative as training makes it, see
    :meth:`defects`; the more so, the less the result depends on the order of a set. The sum of
    vectors (:math:`z = 1`) is a special case; gates may forget, which sums, means and maxima of
    fixed form cannot learn.

    A set of :math:`m` vectors takes :math:`\lceil \log_2 m \rceil` steps, each one call for all
    pairs.

    Args:
        dimension: Size of the vectors.
        hidden: Width of the perceptron.
        generator: Draws the first parameters.

    Shapes:
        Input ``(batch, m, dimension)``, and a mask ``(batch, m)`` of the entries that count, all by
        default. Output ``(batch, dimension)``; an empty set gives the neutral element.

    Raises:
        ValueError: If the input has another shape.

    Example:
        >>> monoid = CommutativeMonoid(4, generator=torch.Generator().manual_seed(0))
        >>> x = torch.randn(2, 9, 4, generator=torch.Generator().manual_seed(1))
        >>> monoid(x).shape, monoid.defects(*x.split(3, dim=1)).commutativity.item()
        (torch.Size([2, 4]), 0.0)

    References:
        E. Ong, P. Velickovic, "Learnable commutative monoids for graph neural networks",
        arXiv:2212.08541.
    """

    def __init__(
        self, dimension: int, *, hidden: int = 64, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        if min(dimension, hidden) < 1:
            raise ValueError(f"sizes must be positive; got {dimension} and {hidden}.")
        self.dimension = dimension
        self.identity = nn.Parameter(torch.zeros(dimension))
        self.mix = nn.Linear(2 * dimension, hidden)
        self.gate = nn.Linear(hidden, dimension)
        self.value = nn.Linear(hidden, dimension)
        for layer in (self.mix, self.gate, self.value):
            # The bounds of PyTorch's own layers, which take no generator.
            bound = layer.in_features**-0.5
            nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
            nn.init.zeros_(layer.bias)

    def combine(self, a: Float[Tensor, "*s d"], b: Float[Tensor, "*s d"]) -> Float[Tensor, "*s d"]:
        r"""Return :math:`a \circ b`."""
        total = a + b
        hidden = torch.relu(self.mix(torch.cat([total, a * b], dim=-1)))
        z = torch.sigmoid(self.gate(hidden))
        result: Tensor = z * total + (1 - z) * self.value(hidden)
        return result

    def forward(
        self, x: Float[Tensor, "batch m d"], mask: Bool[Tensor, "batch m"] | None = None
    ) -> Float[Tensor, "batch d"]:
        """Return the product of each set."""
        if x.ndim != 3 or x.shape[2] != self.dimension:
            raise ValueError(
                f"`x` must have shape (batch, m, {self.dimension}); got {tuple(x.shape)}."
            )
        # A neutral element in place of a masked entry, so that all sets of a batch have one tree.
        if mask is not None:
            x = torch.where(mask[:, :, None], x, self.identity)
        return tree_reduce(self.combine, x, self.identity)

    def defects(
        self, a: Float[Tensor, "*s d"], b: Float[Tensor, "*s d"], c: Float[Tensor, "*s d"]
    ) -> MonoidDefects:
        """Return how far the operation is from a commutative monoid on these vectors."""
        o, e = self.combine, self.identity.expand_as(a)
        return MonoidDefects(
            commutativity=(o(a, b) - o(b, a)).square().mean(),
            associativity=(o(o(a, b), c) - o(a, o(b, c))).square().mean(),
            identity=(o(a, e) - a).square().mean(),
        )


def tree_reduce(
    operation: Callable[[Tensor, Tensor], Tensor],
    x: Float[Tensor, "batch m d"],
    identity: Float[Tensor, " d"],
) -> Float[Tensor, "batch d"]:
    r"""Return the product of each set, in a balanced tree, :math:`\lceil \log_2 m \rceil` calls.

    Args:
        operation: A function of two tensors, entry by entry in all but the last axis.
        x: The sets, shape ``(batch, m, d)``.
        identity: Fills up where a number of entries is odd, shape ``(d,)``.

    Example:
        >>> tree_reduce(torch.add, torch.arange(5.0).reshape(1, 5, 1), torch.zeros(1)).item()
        10.0
    """
    if not x.shape[1]:
        return identity.expand(len(x), -1)
    while x.shape[1] > 1:
        if x.shape[1] % 2:
            x = torch.cat([x, identity.expand(len(x), 1, -1)], dim=1)
        x = operation(x[:, 0::2], x[:, 1::2])
    return x[:, 0]
