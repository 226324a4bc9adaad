"""``identify_black_box``: ask a function for the products that matter, until the rest is proved."""

import math
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cayley.completion import Solution, solve
from cayley.next_cell._costs import Cost
from cayley.next_cell._dialogue import Dialogue
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.algebra import Structure
    from cayley.theories import Theory

__all__ = ["identify_black_box"]

E = TypeVar("E", bound=Hashable)


def identify_black_box(
    f: Callable[[E, E], E | None],
    labels: Sequence[E],
    *,
    assume: "Structure | Theory | str" = "group",
    cost: Cost | None = None,
    wrong_rate: float = 0.0,
    delta: float = 0.02,
    max_calls: int | None = None,
    seed: int = 0,
) -> tuple[Solution, int]:
    """Find out the table of a function by few calls, and prove the rest.

    Args:
        f: A function of two elements whose result is one of them, or None where it has none to
            give; such a pair is not asked for again.
        labels: The elements, different hashable things: numbers, strings, tuples.
        assume: What the operation is taken to be, as for `next_cells`.
        cost: What each call costs, as for `next_cells`.
        wrong_rate: Probability that a call returns a wrong element, any of the others alike; calls
            are repeated then.
        delta: How improbable a wrong table has to be in the end, if calls may be wrong.
        max_calls: Most calls; without a limit the calls end when nothing is left to ask.
        seed: Seed of every random choice.

    Returns:
        The solution, whose table is proved where ``solution.unique`` is "yes"; and the number of
        calls.

    Raises:
        TypeError: If ``f`` is no function.
        ValueError: If elements are not different, a result is none of them, or the results
            contradict what is assumed.

    Example:
        >>> solution, calls = identify_black_box(lambda a, b: (a + b) % 12, range(12))
        >>> str(solution.identification), solution.unique, calls < 12
        ('C12 (GAP 12:2)', 'yes', True)
    """
    if not callable(f):
        raise TypeError(f"`f` must be a function of two elements; got {type(f).__name__}.")
    elements = list(labels)
    place = {element: i for i, element in enumerate(elements)}
    names = [str(element) for element in elements]
    if len(place) < len(elements) or len(set(names)) < len(names) or not elements:
        raise ValueError("`labels` must be different elements, and so must their names, `str`.")
    n = len(elements)
    empty = Table.from_array(np.full((n, n), -1), labels=names)
    dialogue = Dialogue(
        empty, assume=assume, cost=cost, seed=seed, wrong_rate=wrong_rate, delta=delta
    )
    calls, most = 0, math.inf if max_calls is None else max_calls
    while dialogue.advice.questions and calls < most:
        question = dialogue.advice.questions[0]
        left, right = (elements[names.index(each)] for each in (question.row, question.column))
        result = f(left, right)
        calls += 1
        if result is None:
            dialogue.skip()
        elif result in place:
            dialogue.answer(names[place[result]])
        else:
            raise ValueError(
                f"`f` must return one of `labels`; {left!r} o {right!r} is {result!r}."
            )
    return solve(dialogue.believed, assume=assume, solver="exact", seed=seed), calls
