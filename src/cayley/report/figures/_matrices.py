r"""The matrices of a solution: as learned, in a fixed gauge, and block-diagonal.

The products of learned factors do not change under :math:`A_a \to U A_a V^*` and its twins, so the
matrices look random. With the row :math:`r` that stands for the identity,
:math:`\hat A_a \hat A_r^{-1} = U \rho(a) U^*` (:math:`\hat A` the polar factor) is free of
:math:`V`; what is left, :math:`U`, is chosen so that :math:`\rho` falls into irreducible blocks.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Inexact, Int
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.completion._matrices import as_arrays
from cayley.report.figures.drawing._style import INK, SIGNED, new_figure, shortened, style
from cayley.report.figures.element_order._arrangement import arrange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Stage", "draw_matrices", "fixed_gauge", "matrix_stages"]

LARGEST_SHOWN = 128
"""Matrices of a larger degree are not drawn: an entry would be smaller than a pixel.

At 1.25 inches and 160 dots an inch a matrix has 200 pixels.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """One row of the picture.

    Attributes:
        title: What the matrices are.
        matrices: Real parts, one matrix for each symbol shown, shape ``(k, d, d)``.
        blocks: The degrees of the irreducible blocks along the diagonal; empty if there are none.
    """

    title: str
    matrices: Float[NDArray[Any], "k d d"]
    blocks: tuple[int, ...] = ()


def matrix_stages(
    solution: Solution, *, count: int = 6
) -> tuple[tuple[str, ...], tuple[Stage, ...]]:
    """Return the matrices of a few elements at every stage.

    Where HyperCube has run: its factor A as found, the same after fixing the gauge, and the
    representation in the basis of its irreducible blocks. Where nothing was learned, the regular
    representation takes the place of the first two.

    Args:
        solution: One with factors or with a group.
        count: How many elements to show; the first ones in the order of the cosets.

    Returns:
        The labels of the elements (of rows, where there are factors), and the stages.

    Raises:
        ValueError: If there are neither factors nor a group, or the group is too large.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> labels, stages = matrix_stages(solve(generate_family("S3")))
        >>> len(labels), [stage.matrices.shape for stage in stages], stages[1].blocks
        (6, [(6, 6, 6), (6, 6, 6)], (1, 1, 2, 2))
    """
    maps, rho = solution.isotopism, None
    placed = arrange(solution)
    if max(solution.table.array.shape) > LARGEST_SHOWN:
        raise ValueError(f"there is no picture of matrices above order {LARGEST_SHOWN}.")
    if maps is None and solution.learned is None:
        raise ValueError("there are no matrices: no group was found and nothing was learned.")
    stages: list[Stage] = []
    rows = placed.rows[:count]
    if solution.learned is not None:
        A = as_arrays(solution.learned)[0]
        stages.append(Stage(title="As learned: A", matrices=_real(A, rows)))
    if maps is not None:
        rho = solution.representation
        # The row that stands for the identity; its matrix is the gauge that is divided out.
        base = int(np.flatnonzero(maps.rows == maps.group.identity)[0])
        if solution.learned is not None:
            fixed = fixed_gauge(as_arrays(solution.learned)[0], base)
            stages.append(Stage(title="Gauge fixed", matrices=_real(fixed, rows)))
        elif rho is not None:
            title = "Regular representation"
            stages.append(
                Stage(title=title, matrices=_real(rho.matrices.cpu().numpy(), maps.rows[rows]))
            )
    if rho is not None and maps is not None:
        stages.append(_block_diagonal(rho, maps.rows[rows]))
    return tuple(solution.table.rows[a] for a in rows.tolist()), tuple(stages)


def draw_matrices(solution: SolutionLike, *, count: int = 6) -> "Figure":
    """Draw the matrices of a few elements: as learned, gauge fixed, and block-diagonal.

    Args:
        solution: One with factors or with a group; a table is completed first.
        count: How many elements to show.

    Raises:
        ValueError: If there are neither factors nor a group, or the group is too large.

    References:
        Huh (2024), arXiv:2402.17002, the figure of the learned matrices of S3.
    """
    solution = as_solution(solution)
    labels, stages = matrix_stages(solution, count=count)
    with style():
        figure = new_figure(1.25 * len(labels) + 1.0, 1.3 * len(stages) + 0.3)
        grid = figure.subplots(len(stages), len(labels), squeeze=False)
        for line, stage in zip(grid, stages, strict=True):
            # A quantile and not the maximum: a single large entry would make all others pale. A
            # stage of zeros has no scale of its own.
            largest = float(np.quantile(np.abs(stage.matrices), 0.99)) or 1.0
            for axes, matrix in zip(line, stage.matrices, strict=True):
                axes.imshow(matrix, cmap=SIGNED, vmin=-largest, vmax=largest, interpolation="none")
                axes.set_xticks([])
                axes.set_yticks([])
                axes.spines[:].set_visible(True)
                axes.spines[:].set_linewidth(0.4)
                _outline(axes, stage.blocks)
            line[0].set_ylabel(stage.title.replace(": ", ":\n"), fontsize=8)
        for axes, label in zip(grid[0], labels, strict=True):
            axes.set_title(shortened(label, 10), fontsize=8, loc="center")
        return figure


def _outline(axes: Any, blocks: tuple[int, ...]) -> None:
    """Draw a square around each block along the diagonal."""
    from matplotlib.patches import Rectangle

    start = 0
    for size in blocks:
        corner = (start - 0.5, start - 0.5)  # pixels are centered at whole numbers
        axes.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=INK, linewidth=0.6))
        start += size


def _real(
    matrices: Inexact[NDArray[Any], "n d d"], chosen: Int[NDArray[Any], " k"]
) -> Float[NDArray[Any], "k d d"]:
    """Return the real parts of the chosen matrices."""
    found: NDArray[Any] = matrices[chosen].real.astype(np.float64)  # factors may be in float32
    return found


def fixed_gauge(A: Inexact[NDArray[Any], "n d d"], base: int) -> Inexact[NDArray[Any], "n d d"]:
    """Return the polar factors, each times the inverse of the base row's."""
    U, _, Vh = np.linalg.svd(A)
    polar = U @ Vh
    fixed: NDArray[Any] = polar @ polar[base].conj().T  # unitary: the adjoint is the inverse
    return fixed


def _block_diagonal(rho: Any, elements: Int[NDArray[Any], " k"]) -> Stage:
    """Return a representation's matrices in the basis of its irreducible blocks."""
    from cayley.representations import block_diagonalize

    found = block_diagonalize(rho)
    matrices = rho.matrices[elements.tolist()].to(found.unitary.dtype)
    changed = found.unitary.mH @ matrices @ found.unitary
    return Stage(
        title="By irreducible blocks",
        matrices=_real(changed.cpu().numpy(), np.arange(len(elements))),
        blocks=tuple(block.degree for block in found.blocks),
    )
