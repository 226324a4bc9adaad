"""``Property``: whether a statement about a table holds, with a counterexample or a witness."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Property", "first_difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """Whether a statement about a table holds, and a counterexample if it does not.

    True or false as a condition, so ``if is_associative(table):`` reads as it should. What the
    indices of a counterexample mean is stated by the function that returned it.

    Attributes:
        name: The statement in one or two words, such as ``"associative"``.
        holds: Whether it is true.
        counterexample: Indices that show it to be false; ``None`` where it holds, or where it is
            false because another named property is.
        witness: The element whose existence the statement claims, if it claims one.

    Example:
        >>> answer = Property(name="commutative", holds=False, counterexample=(1, 2))
        >>> bool(answer), str(answer)
        (False, 'not commutative: counterexample (1, 2)')
    """

    name: str
    holds: bool
    counterexample: tuple[int, ...] | None = None
    witness: int | None = None

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        if self.holds:
            return self.name if self.witness is None else f"{self.name}: {self.witness}"
        if self.counterexample is None:
            return f"not {self.name}"
        return f"not {self.name}: counterexample {self.counterexample}"


def first_difference(
    left: NDArray[np.integer[Any]], right: NDArray[np.integer[Any]]
) -> tuple[int, ...] | None:
    """Return the first index, in C order, where two arrays of one shape differ, or ``None``."""
    different = left != right
    # argmax gives 0 for an array without a difference too, hence the look at the entry itself.
    place = int(different.argmax())
    if not different.flat[place]:
        return None
    return tuple(int(i) for i in np.unravel_index(place, different.shape))
