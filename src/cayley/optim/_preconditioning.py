"""ISAAC's weight gradient of a linear layer as a public function, with its checks."""

import torch
from torch import Tensor

from cayley._shapes import Float, Num
from cayley.optim._damping import check_damping, check_solve_dtype
from cayley.optim._sample_mask import check_mask
from cayley.optim._weight_gradient import Form, weight_gradient

__all__ = ["isaac_weight_gradient"]


def isaac_weight_gradient(
    inputs: Float[Tensor, "*batch n"],
    output_gradients: Float[Tensor, "*batch m"],
    *,
    damping: float,
    relative: bool = False,
    solve_dtype: torch.dtype | None = None,
    form: Form = "auto",
    mask: Num[Tensor, "*batch"] | None = None,
) -> Float[Tensor, "m n"]:
    r"""Return the weight gradient of a linear layer, preconditioned by the layer's inputs.

    With the inputs :math:`a` (:math:`N` rows, :math:`n` features) and the gradients of the loss
    with respect to the outputs :math:`g` (:math:`N` rows, :math:`m` outputs), the plain gradient
    is :math:`g^\top a`, and

    .. math::
        \lambda\, g^\top a \Bigl(\tfrac1N a^\top a + \lambda I_n\Bigr)^{-1}
        = g^\top \Bigl(I_N + \tfrac1{N\lambda} a a^\top\Bigr)^{-1} a .

    The left form ("features") costs :math:`O(N n^2 + n^3)`, the right one ("samples")
    :math:`O(N^2 n + N^3)`: little beside the layer's own :math:`O(N n m)` when :math:`N < n`.
    As :math:`\lambda \to \infty` both become the plain gradient; ``damping=math.inf`` gives it.

    Args:
        inputs: The layer's inputs, any number of batch dimensions; floating point.
        output_gradients: Gradients with respect to its outputs, same batch dimensions, dtype and
            device.
        damping: :math:`\lambda > 0`, in units of a squared input; with ``relative``, a fraction
            of the mean squared input.
        relative: Whether ``damping`` is to be multiplied by the mean of ``inputs**2``.
        solve_dtype: Precision of the Gram matrix and the solve. By default float32 for float16,
            bfloat16 and float32, repeated in float64 where the matrix is so ill-conditioned
            that float32 would lose more than about 1e-5; float64 for float64. Naming float32 or
            float64 fixes it.
        form: ``"samples"``, ``"features"``, or ``"auto"``: the cheaper of the two.
        mask: Which rows are samples, in the same batch dimensions: booleans or integers, 0 where
            a row is to be left out with whatever it holds, or weights; see :class:`sample_mask`.

    Returns:
        The gradient, in the dtype of ``inputs``. Non-finite inputs give NaN and an empty batch
        zeros, as the plain gradient would; a mask that leaves out every row gives zeros.

    Raises:
        TypeError: If the tensors are not floating point or differ in dtype or device.
        ValueError: If the batch dimensions differ, or an option is out of range.

    Example:
        >>> import torch
        >>> from cayley.optim import isaac_weight_gradient
        >>> rng = torch.Generator().manual_seed(0)
        >>> a = torch.randn(8, 3, generator=rng, dtype=torch.float64)
        >>> g = torch.randn(8, 2, generator=rng, dtype=torch.float64)
        >>> dense = 0.1 * g.T @ a @ torch.linalg.inv(a.T @ a / 8 + 0.1 * torch.eye(3).double())
        >>> torch.allclose(isaac_weight_gradient(a, g, damping=0.1), dense, rtol=1e-12)
        True

    References:
        Petersen, Sutter, Borgelt, Huh, Kuehne, Sun, Deussen, "ISAAC Newton: Input-based
        Approximate Curvature for Newton's Method", ICLR 2023, Equations 6 and 9.
    """
    _check_pair(inputs, output_gradients)
    check_damping(damping)
    check_solve_dtype(solve_dtype)
    if form not in ("auto", "samples", "features"):
        raise ValueError(f'`form` must be "auto", "samples" or "features"; got {form!r}.')
    check_mask(mask)
    if mask is not None:
        if mask.shape != inputs.shape[:-1]:
            raise ValueError(
                f"`mask` must have the batch dimensions of `inputs`, {tuple(inputs.shape[:-1])}; "
                f"got shape {tuple(mask.shape)}."
            )
        mask = mask.reshape(-1).to(inputs.device)
    return weight_gradient(
        inputs.reshape(-1, inputs.shape[-1]),
        output_gradients.reshape(-1, output_gradients.shape[-1]),
        damping,
        relative,
        solve_dtype,
        form,
        mask,
    )


def _check_pair(inputs: Tensor, output_gradients: Tensor) -> None:
    for name, tensor in (("inputs", inputs), ("output_gradients", output_gradients)):
        if not isinstance(tensor, Tensor) or not tensor.is_floating_point():
            kind = tensor.dtype if isinstance(tensor, Tensor) else type(tensor).__name__
            raise TypeError(f"`{name}` must be a real floating-point tensor; got {kind}.")
        if tensor.dim() == 0:
            raise ValueError(f"`{name}` must have a last axis of features; got a scalar.")
    if inputs.dtype != output_gradients.dtype or inputs.device != output_gradients.device:
        raise TypeError(
            "`inputs` and `output_gradients` must have the same dtype and device; got "
            f"{inputs.dtype} on {inputs.device} and {output_gradients.dtype} on "
            f"{output_gradients.device}. Convert one of them."
        )
    if inputs.shape[:-1] != output_gradients.shape[:-1]:
        raise ValueError(
            "`inputs` and `output_gradients` must have the same batch dimensions; got shapes "
            f"{tuple(inputs.shape)} and {tuple(output_gradients.shape)}."
        )
