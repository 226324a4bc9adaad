"""The assertion that a function commutes with a group, written from the definition."""

from collections.abc import Callable
from typing import Any

__all__ = ["assert_equivariant"]


def assert_equivariant(
    function: Callable[[Any], Any],
    inputs: Any,
    in_matrices: Any,
    out_matrices: Any = None,
    *,
    tolerance: float = 1e-6,
) -> None:
    r"""Assert that a function is equivariant: :math:`f(x\,\rho(g)) = f(x)\,\sigma(g)` for all g.

    Matrices act on the last axis, which holds rows; without ``out_matrices`` the function must be
    invariant. Works on tensors and NumPy arrays alike, whatever the function takes; for float32 the
    default tolerance is some eight units in the last place of the largest output.

    Args:
        function: What is asserted to be equivariant, such as a module.
        inputs: A batch, shape ``(..., s)``; random inputs are best.
        in_matrices: :math:`\rho(g)` for every element, shape ``(n, s, s)``, or a representation.
        out_matrices: :math:`\sigma(g)`, shape ``(n, t, t)``, likewise.
        tolerance: The largest difference allowed, relative to the largest output.

    Raises:
        AssertionError: Naming the element for which the sides differ most.

    Example:
        >>> import numpy as np
        >>> swaps = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
        >>> assert_equivariant(np.exp, np.array([[1.0, 2.0]]), swaps, swaps)
        >>> assert_equivariant(lambda x: x[:, :1], np.array([[1.0, 2.0]]), swaps)
        Traceback (most recent call last):
        ...
        AssertionError: f(x rho(g)) != f(x) sigma(g) for g = 1: off by 1.0e+00 of the largest output
    """
    rho = _like(inputs, in_matrices)
    before = function(inputs)
    sigma = None if out_matrices is None else _like(before, out_matrices)
    scale = _largest(before)
    errors = []
    # All elements and not the generators alone, whose errors could be small and add up.
    for g in range(len(rho)):
        moved_first = function(inputs @ rho[g])
        moved_last = before if sigma is None else before @ sigma[g]
        assert moved_first.shape == moved_last.shape, f"the shape of the output changes at g = {g}"
        # Relative to the output, which may be tiny or huge; an output of zeros has no scale.
        errors.append(_largest(moved_first - moved_last) / (scale or 1.0))
    worst = max(range(len(rho)), key=errors.__getitem__)
    assert errors[worst] <= tolerance, (
        f"f(x rho(g)) != f(x) sigma(g) for g = {worst}: off by {errors[worst]:.1e} of the largest "
        "output"
    )


def _largest(values: Any) -> float:
    """Return the largest absolute value of a tensor or an array."""
    return float(abs(values.detach() if hasattr(values, "detach") else values).max())


def _like(values: Any, matrices: Any) -> Any:
    """Return matrices of a kind that the values can be multiplied with."""
    matrices = getattr(matrices, "matrices", matrices)
    if hasattr(values, "detach"):  # a tensor
        import torch  # loaded already where there is a tensor

        return torch.as_tensor(matrices).to(values)
    return matrices.numpy() if hasattr(matrices, "detach") else matrices
