r"""Reading a representation out of the factors that HyperCube or synchronization has learned.

The product :math:`T_{abc} = \operatorname{Tr}(A_a B_b C_c) / d` does not change under the gauge

.. math:: A_a \to U A_a V^*, \quad B_b \to V B_b W^*, \quad C_c \to W C_c U^*.

If the table is an isotope, :math:`f(a) * g(b) = h(a \circ b)`, then in some gauge the factors of a
perfect fit are :math:`\rho(f(a)), \rho(g(b)), \rho(h(c))^*`. One row :math:`r` and one column
:math:`s` fix the gauge: with :math:`x = f(r)` and :math:`y = g(s)`,

.. math::

    A_a A_r^{-1} &= U \rho(f(a)\, x^{-1})\, U^* \\
    A_r B_b (A_r B_s)^{-1} &= U \rho(x\, g(b)\, y^{-1} x^{-1})\, U^* \\
    (A_r B_s C_c)^{-1} &= U \rho(h(c)\, y^{-1} x^{-1})\, U^*

are three estimates, called readings, of one representation.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from cayley._shapes import Inexact, Int
from cayley.algebra import Group, Isotopism, conjugacy_classes
from cayley.algebra.characters._character_table import MAX_CLASSES
from cayley.representations._decomposition import decompose
from cayley.representations._defects import Defects, matrix_norm, unitarity_defect
from cayley.representations._nearest import (
    NearestRepresentation,
    nearest_representation,
    polar_factor,
)
from cayley.representations._representation import Representation

__all__ = ["ReadOut", "representation_from_factors"]

_DOUBLE = {True: torch.complex128, False: torch.float64}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut:
    r"""A representation read out of factors, with the defects of the factors.

    Attributes:
        representation: The matrices after rounding; a representation only if ``converged``.
        learned: The defects as learned: the largest unitarity defect of the factors, each family
            scaled to mean square norm 1, and the homomorphism defect of the average reading.
        rounded: The defects after rounding.
        disagreement: The largest :math:`\lVert X_g - Y_g \rVert_F / \sqrt d` between the readings
            ``X`` and ``Y`` of two factors.
        distance: The largest distance between the average reading and the representation.
        converged: Whether the rounded defects are at the level of rounding errors.
        base: The row and the column that fixed the gauge.
        multiplicities: How often each irreducible character occurs, see
            :func:`~cayley.representations.decompose`; ``None`` if not converged, or if there are
            too many classes for a character table.
    """

    representation: Representation
    learned: Defects
    rounded: Defects
    disagreement: float
    distance: float
    converged: bool
    base: tuple[int, int]
    multiplicities: tuple[int, ...] | None


@torch.no_grad()
def representation_from_factors(
    A: Inexact[Tensor, "n d d"],
    B: Inexact[Tensor, "n d d"],
    C: Inexact[Tensor, "n d d"],
    isotopism: Isotopism,
    *,
    sweeps: int = 20,
) -> ReadOut:
    r"""Read the representation of the group out of HyperCube's factors.

    Every matrix is replaced by its polar factor, so that scale and unfinished training do not
    matter. The base row and column are those with the best conditioned matrices. The three
    readings are averaged and rounded by :func:`nearest_representation`, in double precision.

    For a full fit with :math:`d = n` it is the regular representation up to a change of basis:
    ``multiplicities`` are then the degrees.

    Args:
        A: Factor of the rows, shape ``(n, d, d)``, real or complex.
        B: Factor of the columns, as many.
        C: Factor of the symbols, as many.
        isotopism: The maps from rows, columns and symbols to the group.
        sweeps: The most sweeps of rounding.

    Raises:
        TypeError: If the factors are not of one real or complex type.
        ValueError: If shapes differ or do not fit the isotopism, or an entry is not finite.

    Example:
        >>> c2 = Group.from_table([[0, 1], [1, 0]])
        >>> same = Isotopism(rows=[0, 1], columns=[0, 1], symbols=[0, 1], group=c2)
        >>> X = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.9], [1.1, 0.0]]])
        >>> found = representation_from_factors(X, -X, X.mT, same)
        >>> found.representation.character.round(decimals=6).abs().tolist(), found.converged
        ([2.0, 0.0], True)

    References:
        Huh (2024), Discovering Abstract Symbolic Relations by Learning Unitary Group
        Representations, arXiv:2402.17002.
    """
    A, B, C = _checked(A, B, C, isotopism.group)
    # The scales of the three factors are free as long as their product is fixed: defects are
    # measured after each is scaled to mean square norm 1.
    scaled = [F / matrix_norm(F).square().mean().sqrt() for F in (A, B, C)]
    unitarity = max(map(unitarity_defect, scaled))
    # All readings are relative to this row and column: an error in them is in every matrix.
    r, s = _best_conditioned(A), _best_conditioned(B)
    readings = _readings(torch.stack([polar_factor(F) for F in scaled]), isotopism, (r, s))
    average = readings.mean(dim=0)
    pairs = ((0, 1), (1, 2), (2, 0))
    found = nearest_representation(average, isotopism.group, sweeps=sweeps)
    return ReadOut(
        representation=found.representation,
        learned=Defects(unitarity=unitarity, homomorphism=found.before.homomorphism),
        rounded=found.after,
        disagreement=max(float(matrix_norm(readings[i] - readings[j]).max()) for i, j in pairs),
        distance=found.distance,
        converged=found.converged,
        base=(r, s),
        multiplicities=_decomposition(found),
    )


def _decomposition(found: NearestRepresentation) -> tuple[int, ...] | None:
    group = found.representation.group
    # `decompose` refuses groups of more classes.
    if not found.converged or len(conjugacy_classes(group)) > MAX_CLASSES:
        return None
    return decompose(found.representation)


def _readings(
    factors: Inexact[Tensor, "3 n d d"], isotopism: Isotopism, base: tuple[int, int]
) -> Inexact[Tensor, "3 n d d"]:
    """Return the three readings for unitary factors, each indexed by the group's elements."""
    (A, B, C), (r, s), group = factors, base, isotopism.group
    f, g, h = (
        torch.tensor(values, device=A.device)
        for values in (isotopism.rows, isotopism.columns, isotopism.symbols)
    )
    products = torch.tensor(group.table, device=A.device)
    inverses = torch.tensor(group.inverses, device=A.device)
    x, y = int(f[r]), int(g[s])
    to_identity = inverses[products[x, y]]  # y^-1 x^-1
    corner = A[r] @ B[s]
    from_rows = _placed(A @ A[r].mH, products[f, inverses[x]])
    from_columns = _placed(A[r] @ B @ corner.mH, products[products[x, g], to_identity])
    from_symbols = _placed((corner @ C).mH, products[h, to_identity])
    return torch.stack([from_rows, from_columns, from_symbols])


def _placed(values: Tensor, elements: Int[Tensor, " n"]) -> Tensor:
    """Put the i-th matrix at the i-th element."""
    placed = torch.empty_like(values)
    placed[elements] = values
    return placed


def _best_conditioned(factor: Inexact[Tensor, "n d d"]) -> int:
    """Return the index of the matrix whose singular values are the least spread."""
    values = torch.linalg.svdvals(factor)
    return int((values[:, -1] / values[:, 0].clamp_min(torch.finfo(values.dtype).tiny)).argmax())


def _checked(A: Tensor, B: Tensor, C: Tensor, group: Group) -> list[Tensor]:
    factors = [A, B, C]
    for name, F in zip("ABC", factors, strict=True):
        if F.ndim != 3 or F.shape != A.shape or F.shape[1] != F.shape[2]:
            raise ValueError(
                f"`A`, `B` and `C` must have one shape (n, d, d); "
                f"`{name}` has {tuple(F.shape)}, `A` has {tuple(A.shape)}."
            )
        if F.dtype != A.dtype or not (F.is_floating_point() or F.is_complex()):
            raise TypeError(
                f"`A`, `B` and `C` must be of one real or complex type; `{name}` is {F.dtype}."
            )
        if not bool(torch.isfinite(F).all()):
            raise ValueError(f"`{name}` must be finite; got NaN or infinity.")
        if not bool(F.any()):
            raise ValueError(f"`{name}` is zero: there is nothing to read out.")
    if len(A) != group.order:
        raise ValueError(f"`A` has {len(A)} matrices, the isotopism's group {group.order}.")
    return [F.to(_DOUBLE[F.is_complex()]) for F in factors]
