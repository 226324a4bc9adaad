"""Which parts a matrix holds more of than chance: energies against a permutation null.

If nothing in the rows of a matrix knew the group, its energies would be those of the same rows in
another order. Parts are claimed one after the other. In each step the share of a part in what is
left is compared with its shares under permutations; it stands out if it does so more than the
largest of all parts does in 99 % of the permutations. Of the parts that stand out the one with most
energy per dimension is claimed: this order does not depend on the permutations, so that what is
claimed before the rest is negligible does not, either. Where all parts but a few are in use none
stands out; then the absence of these few is what chance does not explain.

Up to order 8 too many permutations are symmetries of the group's parts, of S3 one in ten: random
rotations of the functions with mean 0 take their place.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float
from cayley.interpretation.parts._measured_parts import PartEnergies
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis, part_energies

__all__ = ["FEW", "LEVEL", "NEGLIGIBLE", "measured_energies"]

LEVEL = 0.99
"""Of the draws from the null so many must stay below a claim: one matrix in a hundred without
structure gets one, and one in two hundred has a part that seems absent. A hundred permutations are
the least that can show it."""

NEGLIGIBLE = 0.01
"""Parts that together hold less of the energy are not claimed, however sharp: weight decay leaves
traces of everything, and a list of all parts says nothing."""

FEW = 8
"""Orders up to which permutations say too little: of the 40,320 of 8 symbols 1,344 are affine maps
of C2 x C2 x C2, more than one in a hundred."""

_AS_DENSE = 0.25
"""A part with a quarter of the energy per dimension that the claimed ones have is claimed too:
parts that are left over together, all of them in use, do not stand out from each other. The same
holds for the mean of those not absent, where a part has less than permutations leave to any.
Trained networks were seen to leave a tenth in parts that they can do without."""

_EXACT = 1e-9
"""Least spread of a share: where all permutations agree, any difference above rounding counts."""

_CONSTANT = 1e-12
"""Energy, relative to that of the matrix, below which what is left is rounding (float32 squared is
1e-14, summed over the entries)."""


def measured_energies(
    basis: AdaptedBasis,
    matrix: Float[NDArray[Any], "n d"],
    *,
    name: str,
    permutations: int,
    random: np.random.Generator,
) -> PartEnergies:
    """Return the energies of a matrix, one row for each group element, and what is claimed.

    Args:
        basis: Of the group.
        matrix: Its rows in the order of the elements.
        name: What it is called.
        permutations: How many make the null.
        random: Draws them.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.interpretation.parts._real_irreducibles import adapted_basis
        >>> c7 = Group.from_table([[(a + b) % 7 for b in range(7)] for a in range(7)])
        >>> wave = np.cos(2 * np.pi * 3 * np.arange(7) / 7)[:, None]
        >>> found = measured_energies(
        ...     adapted_basis(c7), wave, name="left", permutations=200,
        ...     random=np.random.default_rng(0))
        >>> found.claimed.tolist(), round(found.claimed_share, 9)
        ([False, False, False, True], 1.0)
    """
    energies = part_energies(basis, matrix).sum(axis=1)
    moving = energies[1:].sum()
    if moving <= _CONSTANT * max(energies.sum(), np.finfo(float).tiny):
        nothing = np.zeros(len(energies))
        return PartEnergies(
            name=name, energies=energies, shares=nothing, null=nothing, claimed=nothing > 0
        )
    shares = np.where(np.arange(len(energies)) == 0, 0.0, energies / moving)
    columns = _compressed(matrix)
    moves = _moves(len(matrix), permutations, random)
    claimed, null = _claimed(basis, columns, energies, moves)
    return PartEnergies(name=name, energies=energies, shares=shares, null=null, claimed=claimed)


def _compressed(matrix: Float[NDArray[Any], "n d"]) -> Float[NDArray[Any], "n r"]:
    """Return a matrix with the same inner products of rows and at most ``n`` columns."""
    n, d = matrix.shape
    if d <= n:
        return matrix
    u, s, _ = np.linalg.svd(matrix, full_matrices=False)
    compressed: Float[NDArray[Any], "n r"] = u * s
    return compressed


def _moves(n: int, count: int, random: np.random.Generator) -> list[NDArray[Any]]:
    """Return permutations, or for few symbols rotations that leave constants alone."""
    if n > FEW:
        return [random.permutation(n) for _ in range(count)]
    constant = np.full((n, 1), n**-0.5)
    frame = np.linalg.qr(np.hstack([constant, np.eye(n)[:, : n - 1]]))[0][:, 1:]
    q, r = np.linalg.qr(random.standard_normal((count, n - 1, n - 1)))
    # With the signs of the diagonal of R the distribution is uniform (Mezzadri 2007).
    signs = np.where(np.diagonal(r, axis1=1, axis2=2) < 0, -1.0, 1.0)
    return list(constant @ constant.T + frame @ (q * signs[:, None, :]) @ frame.T)


def _moved(
    basis: AdaptedBasis, columns: Float[NDArray[Any], "n r"], moves: list[NDArray[Any]]
) -> Float[NDArray[Any], "p k"]:
    """Return the energies of the parts under each permutation or rotation of the rows."""
    k = len(basis.irreducibles)
    energies = np.empty((len(moves), k))
    for i, move in enumerate(moves):
        found = basis.basis.T @ (columns[move] if move.ndim == 1 else move @ columns)
        # Sums over columns first: the parts are then sums of n numbers.
        energies[i] = np.bincount(basis.labels, np.einsum("ij,ij->i", found, found), k)
    return energies


def _shares(energies: Float[NDArray[Any], "p k"]) -> Float[NDArray[Any], "p k"]:
    """Return the shares without the first part, which permutations leave as it is."""
    rest = energies.copy()
    rest[:, 0] = 0
    total = rest.sum(axis=1, keepdims=True)
    shares: Float[NDArray[Any], "p k"] = np.divide(
        rest, total, out=np.zeros_like(rest), where=total > 0
    )
    return shares


def _claimed(
    basis: AdaptedBasis,
    columns: Float[NDArray[Any], "n r"],
    energies: Float[NDArray[Any], " k"],
    moves: list[NDArray[Any]],
) -> tuple[Bool[NDArray[Any], " k"], Float[NDArray[Any], " k"]]:
    """Claim parts step by step, each against permutations of what the others leave over.

    Returns:
        What is claimed, and the quantile of each share in the step that decided, as a share of all.
    """
    total = energies[1:].sum()
    first = np.arange(len(energies)) == 0
    taken = first.copy()
    drawn = _shares(_moved(basis, columns, moves))
    null = np.quantile(drawn, LEVEL, axis=0)
    absent = _absent(energies / total, drawn)
    while (~taken).sum() > 1 and energies[~taken].sum() >= NEGLIGIBLE * total:
        left_over = energies[~taken].sum()
        null[~taken] = np.quantile(drawn[:, ~taken], LEVEL, axis=0) * left_over / total
        standing = _standing_out(np.where(taken, 0.0, energies) / left_over, drawn, taken)
        if not standing.any():
            break
        taken[np.where(standing, energies / basis.dimensions, -1.0).argmax()] = True
        left = columns - basis.projected(columns, np.flatnonzero(taken).tolist())
        again = _moved(basis, left, moves)
        again[:, taken] = 0
        drawn = _shares(again)
    claimed = taken & ~first
    density = energies / basis.dimensions
    # Parts that are all in use do not stand out from each other, and together with larger claimed
    # ones, or because others are absent, they are told by their density.
    known = [claimed] if claimed.any() else []
    known += [~absent & ~first] if absent.any() else []
    for some in known:
        if some.any():
            mean = energies[some].sum() / basis.dimensions[some].sum()
            claimed = claimed | ((density >= _AS_DENSE * mean) & (energies >= NEGLIGIBLE * total))
    return claimed & ~first, null


def _absent(
    shares: Float[NDArray[Any], " k"], drawn: Float[NDArray[Any], "p k"]
) -> Bool[NDArray[Any], " k"]:
    """Return the parts that hold less than the poorest part in any of the permutations."""
    found, lowest = _standardized(shares, drawn)
    limit = min(float(lowest[:, 1:].min()), -1.0)
    return (found < limit) & (np.arange(len(shares)) > 0)


def _standing_out(
    shares: Float[NDArray[Any], " k"],
    drawn: Float[NDArray[Any], "p k"],
    taken: Bool[NDArray[Any], " k"],
) -> Bool[NDArray[Any], " k"]:
    """Return the parts whose share exceeds chance."""
    found, others = _standardized(shares, drawn)
    highest = np.where(taken, -np.inf, others).max(axis=1)
    reached = (highest[:, None] >= found).sum(axis=0)
    # The share of all draws, the matrix among them, in which some part stands out as much: exact.
    chance = (1 + reached) / (1 + len(drawn))
    standing: Bool[NDArray[Any], " k"] = (chance <= 1 - LEVEL) & (found > 1.0) & ~taken
    return standing


def _standardized(
    shares: Float[NDArray[Any], " k"], drawn: Float[NDArray[Any], "p k"]
) -> tuple[Float[NDArray[Any], " k"], Float[NDArray[Any], "p k"]]:
    """Return shares as deviations from their mean, in units of their spread over all draws.

    The matrix itself is one of the draws: if it is like the others, each is as likely to have the
    largest deviation.
    """
    together = np.vstack([shares, drawn])
    spread = np.maximum(together.std(axis=0), _EXACT)
    deviations = (together - together.mean(axis=0)) / spread
    return deviations[0], deviations[1:]
