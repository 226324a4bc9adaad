"""Direct sums, tensor products, restriction and induction; permutation representations."""

import torch
from torch import Tensor

from cayley._shapes import Inexact
from cayley.algebra import Group
from cayley.algebra.groups._group import as_group
from cayley.representations._action import GroupAction
from cayley.representations._representation import Representation
from cayley.representations._subgroup import Subgroup
from cayley.tables._as_table import TableLike

__all__ = [
    "direct_sum",
    "induce",
    "permutation_representation",
    "restrict",
    "tensor_product",
    "trivial_representation",
]


def trivial_representation(
    group: TableLike, *, dtype: torch.dtype = torch.float64
) -> Representation:
    """Return the representation by ones, of degree 1.

    Example:
        >>> trivial_representation(Group.from_table([[0]])).matrices.tolist()
        [[[1.0]]]
    """
    group = as_group(group)
    return Representation(group=group, matrices=torch.ones(group.order, 1, 1, dtype=dtype))


def permutation_representation(
    action: GroupAction, *, dtype: torch.dtype = torch.float64
) -> Representation:
    r"""Return the permutation matrices of a right action.

    .. math:: e_x\, \rho(g) = e_{x \cdot g}, \qquad \chi(g) = |\{x : x \cdot g = x\}|

    with :math:`e_x` the row that is 1 at the point :math:`x`: numbers on the points, written as a
    row, move along with them.

    Example:
        >>> swap = GroupAction.from_permutations([[1, 0, 2]])
        >>> permutation_representation(swap).character.tolist()
        [3.0, 1.0]
    """
    images = torch.tensor(action.images)[:, :, None]
    matrices = torch.zeros((*action.images.shape, action.degree), dtype=dtype)
    matrices.scatter_(2, images, torch.ones_like(matrices[:, :, :1]))
    return Representation(group=action.group, matrices=matrices)


def direct_sum(*parts: Representation) -> Representation:
    r"""Return :math:`\rho_1 \oplus \rho_2 \oplus \cdots`, blocks along the diagonal.

    Its character is the sum of the characters.

    Raises:
        ValueError: If there are no parts, or their groups differ.

    Example:
        >>> c2 = Group.from_table([[0, 1], [1, 0]])
        >>> sign = Representation.from_matrices(c2, [[[1.0]], [[-1.0]]])
        >>> direct_sum(trivial_representation(c2), sign).matrices[1].tolist()
        [[1.0, 0.0], [0.0, -1.0]]
    """
    group, matrices = _aligned(parts)
    total = sum(part.shape[-1] for part in matrices)
    result = matrices[0].new_zeros(group.order, total, total)
    start = 0
    for part in matrices:
        inside = slice(start, start + part.shape[-1])
        result[:, inside, inside] = part
        start += part.shape[-1]
    return Representation(group=group, matrices=result)


def tensor_product(*factors: Representation) -> Representation:
    r"""Return :math:`\rho_1 \otimes \rho_2 \otimes \cdots`, Kronecker products.

    Its character is the product of the characters.

    Raises:
        ValueError: If there are no factors, or their groups differ.

    Example:
        >>> c2 = Group.from_table([[0, 1], [1, 0]])
        >>> sign = Representation.from_matrices(c2, [[[1.0]], [[-1.0]]])
        >>> tensor_product(sign, sign).character.tolist()
        [1.0, 1.0]
    """
    group, matrices = _aligned(factors)
    # One factor after the other, so that only one large product is held.
    result = matrices[0]
    for factor in matrices[1:]:
        d = result.shape[-1] * factor.shape[-1]
        result = torch.einsum("gab,gcd->gacbd", result, factor).reshape(group.order, d, d)
    return Representation(group=group, matrices=result)


def restrict(representation: Representation, subgroup: Subgroup) -> Representation:
    r"""Return :math:`\operatorname{Res}^G_H \rho`, the matrices of a subgroup's elements.

    Raises:
        ValueError: If the representation is not of the subgroup's ambient group.

    Example:
        >>> from cayley.representations import decompose, regular_representation
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> turns = Subgroup.generated_by(s3, [3])
        >>> decompose(restrict(regular_representation(s3), turns))
        (2, 2, 2)
    """
    _same_group(representation.group, subgroup.ambient, "`representation`", "the ambient group")
    return Representation(
        group=subgroup.group, matrices=representation.matrices[torch.tensor(subgroup.elements)]
    )


def induce(representation: Representation, subgroup: Subgroup) -> Representation:
    r"""Return :math:`\operatorname{Ind}_H^G \rho`, of degree :math:`[G : H] \deg \rho`.

    With representatives :math:`t_i` of the left cosets, block :math:`(i, j)` is

    .. math:: \rho(t_i^{-1} g\, t_j) \text{ if that is in } H, \text{ else } 0.

    Unitary if :math:`\rho` is; the trivial representation induces that of
    :meth:`GroupAction.on_cosets`.

    Args:
        representation: Of ``subgroup.group``.
        subgroup: The subgroup :math:`H` of :math:`G`.

    Raises:
        ValueError: If the representation is not of the subgroup.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> turns = Subgroup.generated_by(s3, [3])
        >>> induce(trivial_representation(turns.group), turns).character.tolist()
        [2.0, 0.0, 0.0, 2.0, 2.0, 0.0]

    References:
        J.-P. Serre, *Linear Representations of Finite Groups*, 1977, section 3.3.
    """
    _same_group(representation.group, subgroup.group, "`representation`", "the subgroup")
    G, d, k = subgroup.ambient, representation.degree, subgroup.index
    result = representation.matrices.new_zeros(G.order, k, d, k, d)
    place = {g: i for i, g in enumerate(subgroup.elements.tolist())}
    # Column of blocks j: g t_j is in exactly one coset t_i H, so that each row of blocks of each
    # rho(g) has one block that is not zero.
    for j, t in enumerate(subgroup.transversal.tolist()):
        moved = G.table[:, t]
        i = subgroup.coset_of[moved]
        inside = G.table[G.inverses[subgroup.transversal[i]], moved]
        blocks = representation.matrices[[place[h] for h in inside.tolist()]]
        result[torch.arange(G.order), torch.tensor(i), :, j] = blocks
    return Representation(group=G, matrices=result.reshape(G.order, k * d, k * d))


def _aligned(parts: tuple[Representation, ...]) -> tuple[Group, list[Inexact[Tensor, "n d d"]]]:
    """Return the common group and the matrices in one type."""
    if not parts:
        raise ValueError("at least one representation is needed; got none.")
    # The common type: a real and a complex part give a complex sum.
    dtype = parts[0].matrices.dtype
    for part in parts[1:]:
        _same_group(part.group, parts[0].group, "a representation", "the first one's")
        dtype = torch.promote_types(dtype, part.matrices.dtype)
    return parts[0].group, [part.matrices.to(dtype) for part in parts]


def _same_group(found: Group, expected: Group, what: str, whose: str) -> None:
    if found is not expected and found != expected:
        raise ValueError(f"{what} must be of {whose} group; got {found} and {expected}.")
