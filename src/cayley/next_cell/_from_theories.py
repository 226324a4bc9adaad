r"""Questions from theories of laws: where rivals disagree, or where most cells are equal.

Each theory is propagated through the cells (`cayley.theories`). Where two that stand force
different values for a cell, its answer refutes one of them, and such cells come first. Under one
theory the open cells fall into classes that are known to be equal; the answer to one gives all of
its class, so large classes come first, and then cells among many known ones, since those complete
most instances of laws.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.next_cell._costs import Candidate, cheapest
from cayley.next_cell._question import Proposal
from cayley.theories import SearchLimits, Theory
from cayley.theories.propagation._cells import KnownCells
from cayley.theories.propagation._complete import Completion, completed
from cayley.theories.propagation._propagation import Propagation

__all__ = ["Prediction", "entropy_of_counts", "predicted", "questions_between", "theory_questions"]

_LIMITS = SearchLimits(max_completions=16, max_nodes=64)
"""How far completions are counted for one question. Sixteen show which cells vary; a guess takes
some milliseconds, and a search that is cut off proves nothing but loses nothing either."""

_SEARCHED_CLASSES = 2
"""Completions are looked for when at most so many times n classes of equal cells are open. Before,
there are far too many, and no open cell is forced but by accident."""


_FEW_CLASSES = 16
"""So few classes are always searched: up to order 4 that is every table."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What a theory makes of the cells.

    Attributes:
        name: The theory.
        table: Cells that are known or forced, -1 elsewhere, shape ``(n, n)``.
    """

    name: str
    table: Int[NDArray[Any], "n n"]


def predicted(array: Int[NDArray[Any], "n n"], theory: Theory) -> Prediction | Completion:
    """Return what a theory forces, by propagation and a short search; its refutation if any.

    There is no search above order 3: at order 4 a dozen theories would take seconds.
    """
    limits = _LIMITS if len(array) <= _SMALL else _NO_SEARCH
    found = completed(array, theory, limits, possible=len(array) <= _SMALL)
    return found if found.refutation is not None else Prediction(theory.name, found.table)


_SMALL = 3
"""Up to this order the values of every open cell are gone through: at most some dozen searches."""

_NO_SEARCH = SearchLimits(max_nodes=0)
"""Propagation only."""


def entropy_of_counts(counts: Sequence[float]) -> float:
    """Return the entropy in bits of a distribution given by numbers that need not add up to 1.

    Example:
        >>> entropy_of_counts([1, 1, 2])
        1.5
    """
    total = sum(counts)
    return -sum(c / total * math.log2(c / total) for c in counts if c) if total else 0.0


def questions_between(
    predictions: Sequence[Prediction],
    array: Int[NDArray[Any], "n n"],
    *,
    count: int,
    costs: Float[NDArray[Any], "n n"],
) -> list[Proposal]:
    """Return the cells for which theories force different values, the most divided first.

    Args:
        predictions: Those of the theories that stand, the ones to name first.
        array: The cells, -1 where not known.
        count: How many cells.
        costs: The cost of each cell, infinite where it cannot be observed.
    """
    if len(predictions) < 2:
        return []
    values = np.stack([each.table for each in predictions])
    highest = values.max(axis=0)
    lowest = np.where(values < 0, len(array), values).min(axis=0)
    found = []
    for a, b in np.argwhere((array < 0) & (highest > lowest)).tolist():
        named: dict[int, list[str]] = {}
        for each in predictions:
            if each.table[a, b] >= 0:
                named.setdefault(int(each.table[a, b]), []).append(each.name)
        bits = entropy_of_counts([len(names) for names in named.values()])
        words = " and ".join(names[0] for names in list(named.values())[:2])
        others = tuple(c for c in range(len(array)) if c not in named)
        settles: list[tuple[tuple[int, ...], str]] = [
            ((value,), f"refutes {_listed(_others(named, value))}") for value in sorted(named)
        ]
        settles.append((others, f"refutes {_listed(_others(named, -1))}"))
        proposal = Proposal(
            row=a,
            column=b,
            bits=bits,
            is_exact=False,
            why=f"{words} say different things here",
            theory=f"rivals: {words}",
            settles=tuple(settles),
        )
        found.append(Candidate(proposal, bits, (a, b)))
    return cheapest(found, costs, count)


def _others(named: dict[int, list[str]], value: int) -> list[str]:
    return [names[0] for other, names in named.items() if other != value]


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def theory_questions(
    array: Int[NDArray[Any], "n n"],
    theory: Theory,
    *,
    count: int,
    costs: Float[NDArray[Any], "n n"],
    random: np.random.Generator,
) -> list[Proposal] | Completion | None:
    """Return the cells to ask for under one theory.

    Returns:
        The cells; empty if the theory forces all; None if no open cell can be observed; the
        completion with its refutation if the cells contradict the theory.
    """
    n = len(array)
    propagation = Propagation(theory, n, max_batch=_LIMITS.max_batch)
    state = propagation.start(array)
    if not propagation.run(state):
        return completed(array, theory, _LIMITS, possible=False)
    if state.is_full:
        return []
    roots = state.roots().reshape(n, n)
    is_open = state.square < 0
    tables: tuple[NDArray[Any], ...] = ()
    is_exact = False
    if len(np.unique(roots[is_open])) <= max(_SEARCHED_CLASSES * n, _FEW_CLASSES):
        found = completed(array, theory, _LIMITS, possible=False)
        if found.refutation is not None:
            return found
        if found.unique == "yes":
            return []
        tables, is_exact = found.completions, found.is_exact
        is_open &= _varies(tables) if len(tables) > 1 else True
    score = _scores(state, roots, random)
    open_ = _Open(is_open, roots, score, tables if is_exact else None, theory.name)
    return cheapest(_candidates(open_), costs, count) or None


def _varies(tables: Sequence[Int[NDArray[Any], "n n"]]) -> Bool[NDArray[Any], "n n"]:
    """Return in which cells completions differ; such a cell is not forced."""
    varies: NDArray[Any] = (np.stack(tables) != tables[0]).any(axis=0)
    return varies


def _scores(
    state: KnownCells, roots: Int[NDArray[Any], "n n"], random: np.random.Generator
) -> Float[NDArray[Any], "n n"]:
    """Return how much of the table is likely to follow from each open cell, from 0 to 1."""
    n = state.order
    known = state.square >= 0
    size = np.bincount(roots[~known], minlength=n * n)[roots]
    # A cell (a, b) is part of instances such as (a b) z = a (b z), whose other cells lie in the row
    # and the column of a and of b.
    lines = known.sum(axis=0) + known.sum(axis=1)
    neighbors = lines[:, None] + lines[None, :]
    seen = lines > 0
    seen[state.square[known]] = True
    # In this order: a class of equal cells is known at once, a product of elements that were seen
    # meets other cells, and cells among many known ones complete most instances.
    rank = size * 8.0 * n + (seen[:, None].astype(float) + seen[None, :]) * 4 * n + neighbors
    score: NDArray[Any] = (rank + random.random((n, n)) * 0.5) / (8.0 * n * (n * n + 2))
    return score


class _Open(NamedTuple):
    """The open cells: classes of equal ones, scores, and all completions if they are known."""

    cells: Bool[NDArray[Any], "n n"]
    roots: Int[NDArray[Any], "n n"]
    score: Float[NDArray[Any], "n n"]
    completions: tuple[Int[NDArray[Any], "n n"], ...] | None
    name: str


def _candidates(open_: _Open) -> Iterator[Candidate]:
    """Yield every open cell, with the entropy over completions if all of them are known."""
    n = len(open_.cells)
    sizes = np.bincount(open_.roots[open_.cells], minlength=n * n)
    for a, b in np.argwhere(open_.cells).tolist():
        root = int(open_.roots[a, b])
        settles: tuple[tuple[tuple[int, ...], str], ...] = ()
        bits, worth = math.log2(n), float(open_.score[a, b])
        equal = f"{sizes[root]} open cells are equal" if sizes[root] > 1 else "known cells meet it"
        why = f"{equal}, so that the laws give most from its answer"
        if open_.completions is not None:
            left = len(open_.completions)
            values = Counter(int(table[a, b]) for table in open_.completions)
            bits = entropy_of_counts(list(values.values()))
            settles = tuple(
                ((value,), f"leaves {number} of {left} completions")
                for value, number in sorted(values.items())
            )
            why = f"the largest entropy over the {left} completions under the laws"
            # Of cells with the same entropy the one with the larger class.
            worth = bits + 1e-3 * worth
        yield Candidate(
            Proposal(
                row=a,
                column=b,
                bits=bits,
                is_exact=open_.completions is not None,
                why=why,
                theory=open_.name,
                settles=settles,
            ),
            worth,
            root,
        )
