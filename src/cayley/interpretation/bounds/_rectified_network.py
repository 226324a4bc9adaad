r"""A network with one hidden layer on two symbols, and what rounding can do to its scores.

.. math:: f(a, b)_c = \sum_i \max(0, L_{ai} + R_{bi})\, U_{ci} + u_c .

A sum of :math:`N` rounded terms in any order, with or without fused products, differs from the
exact one by at most :math:`\gamma_N \sum |\text{terms}|`, :math:`\gamma_N = N\epsilon / (1 -
N\epsilon)`; here :math:`\epsilon = 2^{-24}`. A hidden value is at most :math:`|L_{ai}| + |R_{bi}|`,
so the allowance is the sum of a number for a and one for b.

Source: Higham (2002), "Accuracy and Stability of Numerical Algorithms", section 3.1.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int

__all__ = ["LARGEST", "RectifiedNetwork", "answered_right", "rounding_allowance"]

LARGEST = 1e9
"""Largest weight: products of three with a thousand terms then stay below 1e30, far from the 3e38
of float32 and from the stand-in for minus infinity in the compiled loops."""

_UNDERFLOW = 1e-15
"""Numbers below 1.2e-38 may become 0; times LARGEST squared and a thousand terms that is 1e-17."""

_EPSILON = 2.0**-24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RectifiedNetwork:
    """The weights and the right answers, for the rows ``a`` that are looked at.

    Attributes:
        left: Summand of each left operand, shape ``(k, m)``, float64.
        right: Of each right operand, shape ``(n, m)``.
        weights: Scores that each neuron adds, shape ``(m, n)``.
        bias: Shape ``(n,)``.
        table: The right answers, shape ``(k, n)``.
    """

    left: Float[NDArray[Any], "k m"]
    right: Float[NDArray[Any], "n m"]
    weights: Float[NDArray[Any], "m n"]
    bias: Float[NDArray[Any], " n"]
    table: Int[NDArray[Any], "k n"]

    def at(self, rows: Int[NDArray[Any], " k"]) -> "RectifiedNetwork":
        """Return the network for some left operands alone."""
        return replace(self, left=self.left[rows], table=self.table[rows])

    def transposed(self) -> "RectifiedNetwork":
        """Return the network whose left operand is the right one of this."""
        return replace(self, left=self.right, right=self.left, table=self.table.T)


def rounding_allowance(
    network: RectifiedNetwork,
    *,
    right: Float[NDArray[Any], "n m"],
    largest: Float[NDArray[Any], " m"],
    constant: float,
    terms: int,
) -> tuple[Float[NDArray[Any], " k"], Float[NDArray[Any], " n"]]:
    r"""Return what rounding to float32 can change in a difference of two scores.

    Both the scores computed here and those of the network, if it runs in float32, may be off by
    the allowance, and a margin is the difference of two: four times in all.

    Args:
        network: The network.
        right: The summands of the right operands that are used, shape ``(n, m)``.
        largest: The largest absolute weight of each neuron, shape ``(m,)``.
        constant: The largest absolute constant score.
        terms: How many roundings one product may pass through.

    Returns:
        A part for each left operand, shape ``(k,)``, and one for each right one, shape ``(n,)``.
    """
    gamma = 4 * terms * _EPSILON / (1 - terms * _EPSILON)
    both = np.abs(network.right)
    np.maximum(both, np.abs(right), out=both)
    for_right = gamma * (both @ largest + constant) + _UNDERFLOW
    return gamma * (np.abs(network.left) @ largest), for_right


def answered_right(network: RectifiedNetwork) -> Bool[NDArray[Any], "k n"]:
    """Run the network in float32 on all pairs; ties count as wrong.

    Sixteen left operands at once: their scores then fit into the cache, where they are compared.
    """
    left, right, weights, bias = (
        each.astype(np.float32)
        for each in (network.left, network.right, network.weights, network.bias)
    )
    k, n = network.table.shape
    out = np.empty((k, n), bool)
    answers = network.table
    for first in range(0, k, 16):
        rows = left[first : first + 16]
        hidden = rows[:, None, :] + right
        np.maximum(hidden, 0, out=hidden)
        scores = hidden.reshape(-1, right.shape[1]) @ weights
        if bias.any():
            scores += bias
        place = np.arange(len(scores)), answers[first : first + 16].reshape(-1)
        top = scores[place]
        scores[place] = -np.inf
        out[first : first + 16] = (top > scores.max(axis=1)).reshape(-1, n)
    return out
