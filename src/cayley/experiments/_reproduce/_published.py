"""What the papers report, as data, to be printed beside our numbers."""

from dataclasses import dataclass

__all__ = ["PUBLISHED_VALUES", "PublishedValue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedValue:
    """One published number.

    Attributes:
        figure: Name of the figure here that it belongs to.
        series: What it was measured with: an operation or a method, as the figure here calls it.
        x: Where on the axis, a share or a name.
        value: The number.
        problem: The table it was measured on, where it differs from ours at small size.
        source: Where it is from.
    """

    figure: str
    series: str
    x: float | str
    value: float
    problem: str
    source: str


_HYPERCUBE = "Huh (2024), arXiv:2402.17002"
_STEPS: dict[str, dict[float, float]] = {
    "hypercube": {0.16: 750, 0.2: 350, 0.3: 130, 0.5: 50, 0.8: 25},
    "hypercube, shared": {0.05: 600, 0.1: 75, 0.2: 26, 0.3: 15},
    "transformer": {0.26: 4e5, 0.3: 1e5, 0.5: 1.4e4, 0.8: 3e3},
}
_COMPLEXITY = {
    "a+b": 3.0,
    "a-b": 3.0,
    "a/b": 3.0,
    "a^2+b^2": 3.0,
    "a/b if b odd else a-b": 6.4,
    "a^2+ab+b^2": 18.5,
    "a^2+ab+b^2+a": 18.5,
    "a^3+ab": 14.5,
    "a^3+ab^2+b": 23.0,
    "ab": 3.05,
    "aba": 9.4,
}

PUBLISHED_VALUES: tuple[PublishedValue, ...] = (
    *(
        PublishedValue(
            figure="fractions", series=series, x=x, value=v, problem="S5", source=_HYPERCUBE
        )
        for series, values in _STEPS.items()
        for x, v in values.items()
    ),
    *(
        PublishedValue(
            figure="complexity",
            series="H / n^2",
            x=operation,
            value=value,
            problem="S5" if set(operation) <= set("ab") else "mod97",
            source=_HYPERCUBE,
        )
        for operation, value in _COMPLEXITY.items()
    ),
    PublishedValue(
        figure="convergence",
        series="group",
        x="at convergence",
        value=3.0,
        problem="any group",
        source="Huh, Horesh, Jeong (2025), arXiv:2511.23152",
    ),
)
"""Steps to full test accuracy on S5 by share shown, H over n squared at convergence on full tables
modulo 97 and in S5, and the limit of H."""
