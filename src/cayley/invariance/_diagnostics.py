"""Diagnostics of the assumptions of MRI: label shift, and constraints on held-out data."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, ks_2samp

from cayley._shapes import Float, Int, Shaped

__all__ = [
    "InvarianceDiagnostics",
    "InvarianceWarning",
    "LabelShift",
    "LabelShiftWarning",
    "TooFewEnvironmentsWarning",
    "label_shift",
]

Array = NDArray[Any]

# A shift is reported only if it is both significant and large enough to matter. With thousands of
# rows any tiny difference has a small p-value; with few rows a large distance can be noise. Looser
# bounds raise more false alarms; stricter ones miss shifts that bias the predictor.
_SIGNIFICANT = 0.01
_NOTABLE = 0.05


class InvarianceWarning(UserWarning):
    """An assumption of MRI seems not to hold."""


class LabelShiftWarning(InvarianceWarning):
    """Labels are distributed differently in different environments, which MRI assumes away."""


class TooFewEnvironmentsWarning(InvarianceWarning):
    """Every available constraint is in use: more environments might reveal more to remove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShift:
    """How differently labels are distributed between environments.

    Attributes:
        p_value: Probability of so large a difference if there were none (Bonferroni over
            environments for the Kolmogorov-Smirnov test; chi-squared test for classes).
        distance: Size of the effect: the largest difference between an environment's
            distribution function (or class frequency) and that of the others, 0 to 1.
        detected: Whether it is both significant (p < 0.01) and large (distance > 0.05).
    """

    p_value: float
    distance: float
    detected: bool


def label_shift(
    labels: Shaped[Array, " n"],
    environments: Shaped[Array, " n"],
    *,
    kind: Literal["numbers", "classes"] = "numbers",
) -> LabelShift:
    """Compare the distribution of labels in each environment with that in the others.

    Args:
        labels: Numbers or classes, shape ``(n,)``.
        environments: Any ids, shape ``(n,)``, at least two different ones.
        kind: Whether labels are numbers or classes.

    Returns:
        p-value, size of the effect, and whether both say that there is a shift.

    Raises:
        ValueError: If there is a single environment.

    Example:
        >>> import numpy as np
        >>> ids = np.arange(400) % 2
        >>> label_shift(np.sin(np.arange(400)) * (1 + ids), ids).detected
        True
    """
    names = np.unique(environments)
    if len(names) < 2:
        raise ValueError("`environments` must hold at least two environments to compare.")
    if kind == "classes":
        classes, index = np.unique(labels, return_inverse=True)
        counts = np.array(
            [np.bincount(index[environments == e], minlength=len(classes)) for e in names]
        )
        share = counts / counts.sum(1, keepdims=True)
        others = counts.sum(0) - counts
        distance = float(np.abs(share - others / others.sum(1, keepdims=True)).max())
        p_value = float(chi2_contingency(counts).pvalue) if len(classes) > 1 else 1.0
    else:
        tests = [ks_2samp(labels[environments == e], labels[environments != e]) for e in names]
        distance = max(float(test.statistic) for test in tests)
        # Bonferroni: the smallest of several p-values is small by chance more often than one.
        p_value = min(1.0, len(names) * min(float(test.pvalue) for test in tests))
    return LabelShift(
        p_value=p_value,
        distance=distance,
        detected=p_value < _SIGNIFICANT and distance > _NOTABLE,
    )


Failure = Literal[
    "label shift", "too few environments", "constraint does not generalize", "nothing invariant"
]
"""What can be wrong with what MRI assumes, or with what a fit of it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvarianceDiagnostics:
    """Constraint and risk of a fitted predictor in each environment of some data.

    The data should be held out from training: on training data a flexible model can meet the
    constraint by remembering labels.

    Attributes:
        environments: Ids of the environments, shape ``(e,)``.
        constraint: MRI-v1 constraint per environment, shape ``(e,)`` or ``(e, c)``; zero when
            invariant, in units of label times output.
        standard_error: Of each entry of ``constraint``, same shape.
        low: Lower bounds by bootstrap, same shape; all entries lie between ``low`` and ``high`` at
            once with the probability ``level``.
        high: Upper bounds, same shape.
        level: Probability of the bounds.
        scale: Mean of the moments that are compared, in the same units: how much the predictor has
            to do with the label at all.
        risk: Mean loss per environment, shape ``(e,)``.
        num_environments: Environments that the predictor was fitted on.
        num_changing: Directions found to change between them.
        num_needed: Environments needed to remove those directions, ``num_changing + 1``; when
            ``saturated`` a lower bound only.
        num_features: Features that the predictor has.
        saturated: Whether every available constraint was in use, so that more environments might
            reveal more changing directions.
        balanced: Whether expectations were taken with the labels distributed alike.
        shift: Comparison of the label distributions.
    """

    environments: Shaped[Array, " e"]
    constraint: Float[Array, "..."]
    standard_error: Float[Array, "..."]
    low: Float[Array, "..."]
    high: Float[Array, "..."]
    level: float
    scale: float
    risk: Float[Array, " e"]
    num_environments: int
    num_changing: int
    num_needed: int
    num_features: int
    saturated: bool
    balanced: bool
    shift: LabelShift

    @property
    def largest(self) -> float:
        """Largest constraint in absolute value."""
        return float(np.abs(self.constraint).max())

    @property
    def largest_z(self) -> float:
        """Largest constraint in standard errors."""
        # Entries without an error are 0 or constant and are no evidence: z is 0.
        error = np.where(self.standard_error > 0, self.standard_error, np.inf)
        return float(np.abs(self.constraint / error).max())

    @property
    def violation(self) -> tuple[float, float, float]:
        """Largest constraint relative to ``scale``, with its lower and upper bound."""
        unit = self.scale if self.scale > 0 else 1.0
        nearest = np.maximum(np.maximum(self.low, -self.high), 0).max()
        farthest = np.maximum(-self.low, self.high).max()
        return self.largest / unit, float(nearest) / unit, float(farthest) / unit

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What fails, of what MRI assumes and of what it is to reach; empty if nothing does."""
        found: list[Failure] = []
        if self.shift.detected and not self.balanced:
            found.append("label shift")
        if self.saturated or self.num_environments < 2:
            found.append("too few environments")
        if self.num_changing == self.num_features:
            found.append("nothing invariant")
        elif self.violation[1] > 0 and self.violation[0] > _NOTABLE:
            found.append("constraint does not generalize")
        return tuple(found)

    def summary(self) -> str:
        """Return the diagnostics as a few lines of text, and what to do about what fails."""
        size, low, high = self.violation
        lines = [
            f"environments: {self.num_environments} fitted on, {self.num_changing} changing "
            f"directions found, {self.num_needed} needed" + (" or more" if self.saturated else ""),
            f"label shift: {'yes' if self.shift.detected else 'no'} "
            f"(p {self.shift.p_value:.2g}, distance {self.shift.distance:.3f})"
            + (", weighted alike" if self.balanced else ""),
            f"largest constraint: {self.largest:.4g} ({self.largest_z:.1f} standard errors); "
            f"{size:.1%} of the predictor's moment, {self.level:.0%} interval {low:.1%} to "
            f"{high:.1%}",
        ]
        for name, g, error, risk in zip(
            self.environments, self.constraint, self.standard_error, self.risk, strict=True
        ):
            worst = int(np.abs(g).argmax())
            lines.append(
                f"  {name}: constraint {np.ravel(g)[worst]:+.4g} "
                f"+- {np.ravel(error)[worst]:.2g}, risk {risk:.4g}"
            )
        lines += [f"fails: {name}. {_REMEDIES[name]}" for name in self.failures]
        return "\n".join(lines)


_REMEDIES: dict[Failure, str] = {
    "label shift": "Labels are distributed differently between environments: set `balanced=True`, "
    "or use IRM if the causes are distributed differently too.",
    "too few environments": "Every constraint of the environments is in use, and there may be more "
    "to remove: add environments, or features that are less alike.",
    "nothing invariant": "Every direction of the features changes between environments: look for "
    "label shift, or for features that could be invariant.",
    "constraint does not generalize": "It is met where it was fitted and not here: fit on more "
    "rows, use fewer features, or check that these are the same environments.",
}


def constraint_with_error(
    terms: Float[Array, "n c"],
    environments: Int[Array, " n"],
    number: int,
    *,
    weights: Float[Array, " n"] | None = None,
) -> tuple[Float[Array, "e c"], Float[Array, "e c"]]:
    """Return the centered means of ``terms`` per environment and their standard errors.

    The centered mean is ``(1 - 1/E) m_e`` less ``1/E`` of the others, whose variances add. Weights
    of rows are importances: they make a mean less certain.
    """
    w = np.ones(len(terms)) if weights is None else weights
    means, variances = [], []
    for e in range(number):
        own, group = w[environments == e, None], terms[environments == e]
        means.append((own * group).sum(0) / own.sum())
        variances.append((own**2 * (group - means[-1]) ** 2).sum(0) / own.sum() ** 2)
    spread = np.stack(variances)
    own_variance = (1 - 2 / number) * spread + spread.sum(0) / number**2
    return np.stack(means) - np.mean(means, axis=0), np.sqrt(own_variance)
