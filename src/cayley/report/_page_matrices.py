"""The matrices of all elements for a page: learned and exact, in whole numbers from -127 to 127."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import conjugacy_classes
from cayley.completion import Solution
from cayley.completion._matrices import as_arrays
from cayley.report.figures._matrices import fixed_gauge

__all__ = ["page_matrices"]

LARGEST_LEARNED = 48
"""Up to this order learned matrices are in the page: 4 n^3 bytes, of which base 64 makes 590 KB."""

LARGEST_EXACT = 400
"""Up to this order irreducible representations are in the page: n^2 numbers, or twice as many."""

MOST_IRREDUCIBLE = 64
"""More irreducible representations are a list that nobody looks through."""

_STEPS = 127  # one byte with a sign
"""A matrix is drawn in colors, of which the eye tells fewer apart."""


def page_matrices(solution: Solution) -> dict[str, Any] | None:
    """Return the matrices that the page can draw, as values of JSON; None if there are none.

    ``learned`` has the factors A, B, C as found, for each row, column and symbol a matrix, and
    ``fixed``, A with the gauge fixed by the row that stands for the identity. ``irreducible`` has
    the irreducible representations of the group found, each once, with a matrix for each symbol.
    The regular representation is made of the table by the script.

    Args:
        solution: One with factors or with a group.
    """
    order = max(solution.table.array.shape)
    found: dict[str, Any] = {}
    if solution.learned is not None and order <= LARGEST_LEARNED:
        learned = as_arrays(solution.learned)
        found["learned"] = [_packed(_real(factor)) for factor in learned]
        maps = solution.isotopism
        if maps is not None:
            base = int(np.flatnonzero(maps.rows == maps.group.identity)[0])
            found["fixed"] = _packed(_real(fixed_gauge(learned[0], base)))
    maps = solution.isotopism
    if (
        maps is not None
        and order <= LARGEST_EXACT
        and len(conjugacy_classes(maps.group)) <= MOST_IRREDUCIBLE
    ):
        found["irreducible"] = _irreducible(solution)
    return found or None


def _irreducible(solution: Solution) -> list[dict[str, Any]]:
    """Return each irreducible representation with the matrices of the symbols in their order."""
    from cayley.representations import irreducible_representations

    maps = solution.isotopism
    assert maps is not None
    result = []
    for rho in irreducible_representations(maps.group):
        matrices = rho.matrices[maps.symbols.tolist()].cpu().numpy()
        packed = _packed(np.asarray(matrices.real, np.float64), largest=1.0)
        if np.iscomplexobj(matrices) and bool((np.abs(matrices.imag) > 1e-9).any()):
            packed["imaginary"] = _packed(np.asarray(matrices.imag, np.float64), largest=1.0)[
                "values"
            ]
        result.append(packed)
    return result


def _packed(matrices: Float[NDArray[Any], "n d d"], *, largest: float = 0.0) -> dict[str, Any]:
    """Return matrices as one string of bytes: entries relative to the largest one.

    Args:
        matrices: The matrices, all of one shape.
        largest: What 127 stands for; by default the quantile 99.9 % of the sizes, so that a single
            large entry does not make all others pale.
    """
    scale = largest or float(np.quantile(np.abs(matrices), 0.999)) or 1.0
    steps = np.clip(np.rint(matrices / scale * _STEPS), -_STEPS, _STEPS).astype(np.int8)
    text = base64.b64encode(steps.tobytes()).decode()
    return {
        "size": list(matrices.shape[1:]),
        "scale": float(f"{scale:.4g}"),
        "values": text,
    }


def _real(matrices: NDArray[Any]) -> Float[NDArray[Any], "n d d"]:
    return matrices.real.astype(np.float64)
