r"""Logits from the arrays of a file, where they determine them.

Four forms are tried, and one is taken only if it gives the answers of the network: sums of left and
right before a rectifier,

.. math:: \text{logits}(a, b) = U \max(0, L_a + R_b) + u ,

the same for neurons that are given before or after it, and the traces :math:`\operatorname{Tr}
(A_a B_b C_c)` of HyperCube. Neurons that are a function of a plus one of b before the rectifier are
the first form, with these two functions as left and right.
"""

from dataclasses import dataclass
from math import isqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.interpretation.networks._network_parts import NetworkParts

__all__ = ["Recomputation", "recomputation"]

Form = Literal["rectified sums", "rectified neurons", "neurons", "traces"]

_AGREEMENT = 0.999
"""The share of answers that a form must give to be taken; rounding turns a tie now and then."""

_ADDITIVE = 1e-6
"""The share of variance that neurons may have beside functions of a and of b: float32 rounding of
sums gives 1e-12, half precision 1e-6."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recomputation:
    """A way to get the logits from arrays, which can be changed first.

    Attributes:
        form: Which of the forms it is.
        left: For sums the two summands, for traces the matrices, shape ``(n, m)``; else None.
        right: Likewise.
        neurons: For the other two forms, shape ``(n, n, m)``; else None.
        unembedding: One row a symbol.
        bias: Added to the logits.
    """

    form: Form
    left: Float[NDArray[Any], "n m"] | None
    right: Float[NDArray[Any], "n m"] | None
    neurons: Float[NDArray[Any], "n n m"] | None
    unembedding: Float[NDArray[Any], "n m"]
    bias: Float[NDArray[Any], " n"]

    def answers(
        self,
        left: Float[NDArray[Any], "n m"] | None = None,
        right: Float[NDArray[Any], "n m"] | None = None,
        *,
        without: Int[NDArray[Any], " k"] | None = None,
    ) -> Int[NDArray[Any], "n n"]:
        """Return the symbol with the highest logit for each pair, after a change.

        Args:
            left: In place of ``left``.
            right: In place of ``right``.
            without: Neurons that are replaced by their means over all pairs.
        """
        left = self.left if left is None else left
        right = self.right if right is None else right
        if self.form == "traces":
            assert left is not None and right is not None
            answers: Int[NDArray[Any], "n n"] = _trace_logits(left, right, self.unembedding).argmax(
                2
            )
            return answers
        n, m = self.unembedding.shape
        keep = np.ones(m, bool)
        if without is not None:
            keep[without] = False
        # In float32: answers are compared, and sums of some hundred terms keep six digits.
        weights = self.unembedding[:, keep].T.astype(np.float32)
        result = np.empty((n, n), np.int64)
        means = np.zeros(m)
        logits = np.empty((n, n, n), np.float32)
        for a in range(n):
            active = self._active(a, left, right)
            means += active.mean(axis=0) / n
            logits[a] = active[:, keep] @ weights
        logits += (self.bias + self.unembedding[:, ~keep] @ means[~keep]).astype(np.float32)
        logits.argmax(axis=2, out=result)
        return result

    def _active(
        self,
        a: int,
        left: Float[NDArray[Any], "n m"] | None,
        right: Float[NDArray[Any], "n m"] | None,
    ) -> Float[NDArray[Any], "n m"]:
        """Return the neurons after the rectifier for one left operand."""
        if self.form == "rectified sums":
            assert left is not None and right is not None
            sums: NDArray[np.float32] = left[a].astype(np.float32) + right.astype(np.float32)
            return np.maximum(sums, 0)
        assert self.neurons is not None
        values: NDArray[np.float32] = self.neurons[a].astype(np.float32)
        return np.maximum(values, 0) if self.form == "rectified neurons" else values


def recomputation(
    parts: NetworkParts, additive: bool, means: Float[NDArray[Any], "2 n m"] | None
) -> Recomputation | None:
    """Return the form that gives the network's answers, or None if none of them does.

    Args:
        parts: The arrays of one layer at most.
        additive: Whether the neurons are a function of a plus one of b.
        means: These two functions by symbol, their constant in the first.
    """
    if parts.answers is None or parts.unembedding is None:
        return None
    for form in _candidates(parts, means if additive else None):
        with_bias = _with_bias(form, parts)
        if (with_bias.answers() == parts.answers).mean() >= _AGREEMENT:
            return with_bias
    return None


def is_additive(depends: Float[NDArray[Any], "3 m"]) -> bool:
    """Return whether all neurons that vary are a function of a plus one of b."""
    alive = depends.sum(axis=0) > 0
    return bool(alive.any() and (1 - depends[:2].sum(axis=0)[alive] <= _ADDITIVE).all())


def _candidates(
    parts: NetworkParts, means: Float[NDArray[Any], "2 n m"] | None
) -> list[Recomputation]:
    unembedding = parts.unembedding
    assert unembedding is not None
    n, m = unembedding.shape
    zero = np.zeros(n)
    found = []

    def form(
        name: Form,
        left: NDArray[Any] | None = None,
        right: NDArray[Any] | None = None,
        neurons: NDArray[Any] | None = None,
    ) -> None:
        found.append(
            Recomputation(
                form=name,
                left=left,
                right=right,
                neurons=neurons,
                unembedding=unembedding,
                bias=zero if parts.bias is None else parts.bias,
            )
        )

    if means is not None and means.shape[2] == m:
        form("rectified sums", means[0], means[1])
    embedded = parts.left is not None and parts.right is not None
    if embedded and parts.left.shape[1] == parts.right.shape[1] == m:  # type: ignore[union-attr]
        form("rectified sums", parts.left, parts.right)
        if isqrt(m) ** 2 == m:
            form("traces", parts.left, parts.right)
    for neurons in parts.neurons.values():
        if neurons.shape[2] == m:
            form("neurons", neurons=neurons)
            if neurons.min() < 0:  # otherwise the rectifier changes nothing
                form("rectified neurons", neurons=neurons)
    return found


def _with_bias(form: Recomputation, parts: NetworkParts) -> Recomputation:
    """Fit the bias that the logits have beside the form, where they are known and it is not."""
    if parts.logits is None or parts.bias is not None or form.form == "traces":
        return form
    n = len(form.bias)
    total = np.zeros(n)
    for a in range(n):
        active = form._active(a, form.left, form.right)
        total += (parts.logits[a] - active @ form.unembedding.T).mean(axis=0) / n
    return Recomputation(
        form=form.form,
        left=form.left,
        right=form.right,
        neurons=form.neurons,
        unembedding=form.unembedding,
        bias=total,
    )


def _trace_logits(
    left: Float[NDArray[Any], "n m"],
    right: Float[NDArray[Any], "n m"],
    unembedding: Float[NDArray[Any], "n m"],
) -> Float[NDArray[Any], "n n n"]:
    """Return the traces of all products of three matrices, each written as a row of numbers."""
    n, m = unembedding.shape
    d = isqrt(m)
    A, B = (np.asarray(each, np.float64).reshape(n, d, d) for each in (left, right))
    # Tr(XC) is the inner product of X with the transpose of C.
    columns = unembedding.reshape(n, d, d).transpose(0, 2, 1).reshape(n, m).T
    return np.stack([(A[a] @ B).reshape(n, m) @ columns for a in range(n)])
