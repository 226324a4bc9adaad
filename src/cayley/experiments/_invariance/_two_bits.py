r"""Two bits that predict a third: the roots of IRM-v1's constraint, exactly.

A label :math:`y = \pm 1` of equal probabilities is repeated by a cause with correlation
:math:`\rho` in every environment, and by a cue with correlation :math:`r_e`, independently. An odd
predictor has two values: ``a`` where cause and cue agree, ``b`` where they do not (both for a
cause of +1). The invariant predictors are those with ``a = b``.

The joint distribution is affine in :math:`r_e`, and so is IRM-v1's constraint. Where it holds in
two environments it holds for every :math:`r`: further environments exclude no root. With
:math:`g(t) = t\,\ell'(t)`, where :math:`\ell'` is the derivative of the loss that does not depend
on the label (:math:`t` for half the squared error, :math:`\tanh(t/2)/2` for the cross entropy), and
:math:`c` = 1 and 1/2,

.. math:: g(a) + g(b) = c\,\rho\,(a + b), \qquad \rho\,(g(a) - g(b)) = c\,(a - b).

A root with ``a != b`` is not invariant. By the second equation :math:`g` has slope
:math:`c/\rho` between ``a`` and ``b``. For the cross entropy its slope is nowhere above 0.59984, so
that there is no such root where :math:`\rho < 0.83356`. For the squared error they exist where
:math:`\rho^2 \ge 1/2`.

MRI-v1's constraint is :math:`(a - b)\,r_e` equal for all :math:`e`: its only roots are ``a = b``.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from cayley._shapes import Float

__all__ = ["invariant_value", "irm_constraint", "risk_of_pair", "wrong_root"]

Loss = Literal["squared error", "cross entropy"]
Array = NDArray[np.float64]


def invariant_value(causal: float, loss: Loss) -> float:
    """Return ``a = b`` of the invariant predictor with the least risk.

    Example:
        >>> round(invariant_value(0.5, "cross entropy"), 4)  # the logit of 0.75
        1.0986
    """
    return causal if loss == "squared error" else float(2 * np.arctanh(causal))


def _cells(causal: float, cue: float) -> Float[Array, "2 2"]:
    """Return the probabilities of (agree, disagree) x (label as the cause, not), sum 1."""
    same = (1 + np.array([1.0, -1.0]) * causal * cue) / 2
    mean = (causal + np.array([cue, -cue])) / (1 + np.array([1.0, -1.0]) * causal * cue)
    return np.stack([same * (1 + mean) / 2, same * (1 - mean) / 2], 1)


def risk_of_pair(pair: tuple[float, float], causal: float, cue: float, loss: Loss) -> float:
    """Return the mean squared error, or the cross entropy, of the predictor ``(a, b)``.

    Args:
        pair: Its values ``a`` and ``b``.
        causal: Correlation of the cause with the label.
        cue: Correlation of the cue with the label.
        loss: Which of the two.
    """
    values = np.array(pair)[:, None] * np.array([1.0, -1.0])  # margins if the label is +1 or -1
    each = (1 - values) ** 2 if loss == "squared error" else np.logaddexp(0, -values)
    return float((_cells(causal, cue) * each).sum())


def irm_constraint(pair: tuple[float, float], causal: float, cue: float, loss: Loss) -> float:
    """Return IRM-v1's constraint: the derivative of the risk when the predictor is scaled.

    The risk is half the mean squared error, or the cross entropy; arguments as above.
    """
    values = np.array(pair)[:, None] * np.array([1.0, -1.0])
    slope = values - 1 if loss == "squared error" else -1 / (1 + np.exp(values))
    return float((_cells(causal, cue) * values * slope).sum())


def wrong_root(causal: float, loss: Loss) -> tuple[float, float] | None:
    """Return the root ``(a, b)`` of IRM-v1 with ``a > b`` that is not 0; None if there is none.

    ``(b, a)`` is a root as well: a predictor that follows the opposite of the cue.

    Args:
        causal: Correlation of the cause with the label, between 0 and 1.
        loss: Squared error or cross entropy.

    Example:
        >>> wrong_root(0.5, "cross entropy") is None  # Colored MNIST: one label in four is wrong
        True
        >>> a, b = wrong_root(0.9, "cross entropy")
        >>> round(a, 3), round(b, 3)
        (4.985, 0.904)

    References:
        Kamath, Tangella, Sutherland and Srebro, "Does Invariant Risk Minimization Capture
        Invariance?", AISTATS 2021, arXiv:2101.01134, section 3, for the squared error.
    """
    if loss == "squared error":
        half_sum = 1 / (2 * causal)
        if half_sum**2 > 0.5:
            return None
        half_difference = float(np.sqrt(0.5 - half_sum**2))
        return half_sum + half_difference, half_sum - half_difference

    def g(t: float) -> float:
        return float(t * np.tanh(t / 2) / 2)

    def other(b: float) -> float:
        """Return ``a`` above the invariant value with ``g(a) - rho a / 2 = rho b / 2 - g(b)``."""
        short = causal * b / 2 - g(b)
        top = invariant
        while g(top) - causal * top / 2 < short:
            top *= 2
        return float(brentq(lambda a: g(a) - causal * a / 2 - short, invariant, top, xtol=1e-13))

    def second(b: float) -> float:
        a = other(b)
        return causal * (g(a) - g(b)) - (a - b) / 2

    # The first equation makes `a` a function of `b`, which goes from 0 to the invariant value,
    # where both equations meet in `a = b`. Just below, the second tells whether they meet again.
    invariant = invariant_value(causal, loss)
    near = invariant * (1 - 1e-4)
    if second(near) <= 0:
        return None
    b = float(brentq(second, 0.0, near, xtol=1e-13))
    return other(b), b
