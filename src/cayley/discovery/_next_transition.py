"""Which transition to observe next: the cell of a group's table that it stands for.

``_regular_action`` says which cells these are; :func:`~cayley.next_cell.next_cells` chooses among
them.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.discovery._completion import proved_transitions
from cayley.discovery._observations import Transitions
from cayley.discovery._regular_action import regular_table
from cayley.discovery._relators import fill_singles, with_majority
from cayley.next_cell import Question
from cayley.next_cell._next_cells import Advice, advise
from cayley.tables import Table

__all__ = ["next_transitions"]

REGULAR = "simply transitive action"
PERMUTATIONS = "permutations of the states"

_FORCED_IF_REGULAR = (
    "if exactly one element takes any state to any other, the seen transitions force all others"
)

_LARGEST_TABLE = 1000
"""Most states that are taken for the elements of a group: the table of more would take seconds."""


def next_transitions(seen: Transitions, *, count: int = 1, seed: int = 0) -> Advice:
    """Return which transitions to observe next, so that few determine all.

    Exactly one element of the group is supposed to take any state to any other, if the observations
    agree with that; else transformations are supposed to permute the states, and nothing more.

    Args:
        seen: What was observed.
        count: How many transitions to name, to be observed together.
        seed: Seed of every random choice.

    Returns:
        Questions whose ``row`` is a state and whose ``column`` is a transformation, or a message if
        nothing is left to ask; ``assume`` says what was supposed.

    Raises:
        ValueError: If observations contradict each other, or ``count`` is not positive.

    Example:
        >>> seen = Transitions.from_labels([("N", "turn", "E"), ("E", "turn", "S"),
        ...                                 ("S", "turn", "W"), ("N", "flip", "N"),
        ...                                 ("E", "flip", "W")])
        >>> advice = next_transitions(seen)
        >>> [(question.row, question.column) for question in advice.questions], advice.assume
        ([('S', 'flip')], 'permutations of the states')
    """
    if count < 1:
        raise ValueError(f"`count` must be at least 1; got {count}.")
    maps, agree = with_majority(seen.counts)
    filled = fill_singles(maps)
    if not agree:
        raise ValueError(
            "`seen` has observations that contradict each other: no permutations of the states do "
            "what was seen. `discover` (cayley discover) finds the wrong ones."
        )
    observed = int((maps >= 0).sum())
    nothing = Advice(
        questions=(),
        message="",
        is_stuck=False,
        posterior="",
        order=len(seen.states),
        num_observed=observed,
        assume=PERMUTATIONS,
    )
    if (filled >= 0).all():
        return replace(nothing, message="the seen transitions force all others")
    if len(seen.states) <= _LARGEST_TABLE:
        found = _of_regular_action(seen, filled, nothing, count=count, seed=seed)
        if found is not None:
            return found
    return replace(nothing, questions=_of_permutations(seen, filled, count))


def _of_regular_action(
    seen: Transitions, maps: Int[NDArray[Any], "m k"], nothing: Advice, *, count: int, seed: int
) -> Advice | None:
    """Return what to ask if the action is simply transitive, None if it cannot be."""
    proved, contradiction = proved_transitions(seen, lambda text: None)
    if contradiction:
        return None
    if proved is not None:
        return replace(nothing, message=_FORCED_IF_REGULAR, assume=REGULAR)
    regular = regular_table(maps)
    if regular is None:
        return None
    unnamed = np.flatnonzero(regular.columns < 0)
    questions = tuple(
        Question(
            row=seen.states[regular.base],
            column=seen.actions[a],
            theory=REGULAR,
            why="it says which element the transformation is, as no image of this state is known",
            bits=float(np.log2((maps[a] < 0).sum())),
            is_exact=False,
        )
        for a in unnamed[:count].tolist()
    )
    if len(questions) == count:
        return replace(nothing, questions=questions, assume=REGULAR)
    named = {int(c): a for a, c in reversed([*enumerate(regular.columns)]) if c >= 0}
    cost = np.full(regular.cells.shape, np.inf)
    cost[:, [*named]] = 1.0
    states = seen.states
    table = Table(rows=states, columns=states, symbols=states, array=regular.cells)
    try:
        found = advise(table, count=count - len(questions), assume="group", cost=cost, seed=seed)
    except ValueError:  # no group has these cells
        return None
    further = tuple(
        replace(
            each,
            column=seen.actions[named[states.index(each.column)]],
            theory=REGULAR,
        )
        for each in found.questions
    )
    return replace(nothing, questions=(*questions, *further), message=found.message, assume=REGULAR)


def _of_permutations(
    seen: Transitions, maps: Int[NDArray[Any], "m k"], count: int
) -> tuple[Question, ...]:
    """Return transitions of the transformations with the fewest gaps, of which the last is free."""
    gaps = (maps < 0).sum(axis=1)
    # Where one image is left it is forced, so that one gap fewer needs to be seen.
    open_cells = [
        (x, a)
        for a in np.argsort(gaps, kind="stable").tolist()
        for x in np.flatnonzero(maps[a] < 0)[:-1].tolist()
    ]
    return tuple(
        Question(
            row=seen.states[x],
            column=seen.actions[a],
            theory=PERMUTATIONS,
            why=f"{gaps[a]} images of this transformation are open; the last one is then forced",
            bits=float(np.log2(gaps[a])),
            is_exact=True,
        )
        for x, a in open_cells[:count]
    )
