"""Which assumption the data allow: a group, an isotope of one, or neither."""

from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike

from cayley.algebra._enumeration import Limits
from cayley.algebra._problem import Assumption
from cayley.algebra._universal import Deduction, deduce
from cayley.algebra._verdict import Inconsistent

__all__ = ["AssumptionChoice", "choose_assumption"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionChoice:
    """The strongest assumption that the observations do not refute.

    Attributes:
        assumption: "group", "isotope", or "none" if both are refuted.
        deduction: What follows under it; the last refutation if it is "none".
        refuted: The assumptions tried before, with the proof against each.
    """

    assumption: Literal["group", "isotope", "none"]
    deduction: Deduction
    refuted: tuple[tuple[Assumption, Inconsistent], ...]


def choose_assumption(
    observations: ArrayLike, *, order: int, one_alphabet: bool, limits: Limits | None = None
) -> AssumptionChoice:
    """Assume a group if that is possible, else an isotope of one, else nothing.

    A group is tried only if rows, columns and symbols have the same labels. An assumption is
    dropped only for a proof that it is inconsistent, never because it leaves something open.

    Args:
        observations: Observed products as rows ``(a, b, c)``, shape ``(m, 3)``.
        order: The order of the table.
        one_alphabet: Whether equal indices are equal labels.
        limits: How far to go under each assumption.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If an argument is out of range.

    Example:
        >>> subtraction = [(a, b, (a - b) % 5) for a in range(5) for b in range(5)]
        >>> choice = choose_assumption(subtraction, order=5, one_alphabet=True)
        >>> choice.assumption, [name for name, _ in choice.refuted]
        ('isotope', ['group'])
    """
    refuted: list[tuple[Assumption, Inconsistent]] = []
    candidates: tuple[Assumption, ...] = ("group", "isotope") if one_alphabet else ("isotope",)
    for assumption in candidates:
        deduction = deduce(observations, order=order, assume=assumption, limits=limits)
        if not isinstance(deduction, Inconsistent):
            return AssumptionChoice(
                assumption=assumption, deduction=deduction, refuted=tuple(refuted)
            )
        refuted.append((assumption, deduction))
    return AssumptionChoice(assumption="none", deduction=refuted[-1][1], refuted=tuple(refuted))
