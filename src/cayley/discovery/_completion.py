"""Completion of observed transitions to permutations of the states, by proof or by relators."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction import Limits, deduce_transitions
from cayley.deduction.universal_group._transitions import ForcedTransitions, InconsistentTransitions
from cayley.deduction.wrong_entries._chance import log10_agreeing_by_chance
from cayley.discovery._observations import Transitions
from cayley.discovery._regular_action import forced_by_groups
from cayley.discovery._relators import fill_singles, repair_by_loops, with_majority
from cayley.discovery._symmetries import lifts, spanning_tree
from cayley.tables import permutation_group_elements

__all__ = ["Completed", "Proof", "complete_transitions"]

Proof = Literal["given", "permutations", "simply transitive", "loops", "none"]
"""What the transitions rest on: all were given; transformations permute the states and one image is
left; the action is simply transitive and the observations present a group of that order; loops were
counted, which is no proof; nothing, some are unknown."""

# Logarithm to base 10 of the number of systems that may be expected to agree as well by chance, as
# for tables in `cayley.deduction.weigh_observations`.
_SIGNIFICANCE = -9.0
# Largest share of wrong observations in a repair. One that rejects more explains too little.
_MOST_WRONG = 0.4
# Shares of states at which a word must close to count as a relator, the strictest first. Wrong
# entries break loops, so that fewer close the more are wrong; low values admit false relators.
_THRESHOLDS = (0.8, 0.6, 0.4, 0.25)
# Bound on one enumeration of the universal group.
_SECONDS = 30.0
# Most completions to try one by one: those of two transformations with four gaps each are 576.
_MOST_COMPLETIONS = 800
# Largest group whose order is part of a description; larger ones have too little structure to
# correct observations by.
_LARGEST_GROUP = 4000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Completed:
    """Transitions as far as they are known.

    Attributes:
        maps: The image of every state under each transformation, shape ``(m, k)``, -1 if unknown.
        proof: See :data:`Proof`.
        num_wrong: How many observations disagree.
        log10_chance: With wrong entries, a bound on the logarithm of the number of systems of
            permutations that would agree with so many random observations.
        evidence: Places of observations that contradict each other, if nothing was found.
    """

    maps: Int[NDArray[Any], "m k"]
    proof: Proof
    num_wrong: int = 0
    log10_chance: float | None = None
    evidence: tuple[int, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether every transition is known."""
        return bool((self.maps >= 0).all())


def complete_transitions(
    seen: Transitions, *, report: Callable[[str], None] = lambda text: None
) -> Completed:
    """Complete observed transitions: by proof where one is found, else by counting loops.

    Args:
        seen: The observations.
        report: Called with what is being done.
    """
    # Exact steps come first, and only what they leave open is put to the loops.
    report("looking for contradictions")
    maps, agree = with_majority(seen.counts)
    evidence: tuple[int, ...] = ()
    if agree:
        found, evidence = proved_transitions(seen, report)
        if found is not None:
            return found
        report("counting closed loops")
        by_loops = repair_by_loops(seen.counts, threshold=1.0)
        if (by_loops >= 0).all() and not _disagreeing(seen, by_loops).any():
            return Completed(maps=by_loops, proof="loops")
    repaired = _repaired(seen, report)
    if repaired is not None:
        return repaired
    if agree:
        return Completed(maps=fill_singles(maps), proof="none")
    return Completed(maps=maps, proof="none", evidence=evidence or _clash(seen))


def without_wrong(seen: Transitions, completed: Completed) -> Transitions:
    """Return the observations that agree with what was found."""
    return replace(seen, triples=seen.triples[~_disagreeing(seen, completed.maps)])


def proved_transitions(
    seen: Transitions, report: Callable[[str], None]
) -> tuple[Completed | None, tuple[int, ...]]:
    """Return what the observations, which do not contradict each other, force.

    Returns:
        The permutations and how they are proved, or None; and the places of observations that no
        simply transitive action has.
    """
    maps, _ = with_majority(seen.counts)
    if (maps >= 0).all():
        return Completed(maps=maps, proof="given"), ()
    filled = fill_singles(maps)
    if (filled >= 0).all():
        return Completed(maps=filled, proof="permutations"), ()
    report("enumerating the universal group")
    found = deduce_transitions(
        seen.triples,
        num_states=len(seen.states),
        num_actions=len(seen.actions),
        limits=Limits(time_limit=_SECONDS),
    )
    if isinstance(found, ForcedTransitions):
        return Completed(maps=found.transitions.T, proof="simply transitive"), ()
    if not isinstance(found, InconsistentTransitions):
        only = _only_regular_completion(filled)
        if only is None:
            report("searching all groups of the order")
            only = forced_by_groups(filled, Limits(time_limit=_SECONDS))
        if only is not None:
            return Completed(maps=only, proof="simply transitive"), ()
    return None, found.evidence if isinstance(found, InconsistentTransitions) else ()


def _repaired(seen: Transitions, report: Callable[[str], None]) -> Completed | None:
    """Return a completion with few wrong observations, proved from the others if it can be."""
    best: Completed | None = None
    shortest = math.inf
    for threshold in _THRESHOLDS:
        report(f"outvoting wrong entries, loops closed at {threshold:.0%}")
        maps = repair_by_loops(seen.counts, threshold=threshold)
        if (maps < 0).any():
            continue
        wrong = _disagreeing(seen, maps)
        chance = _log10_chance(seen, maps, int(wrong.sum()))
        if wrong.mean() > _MOST_WRONG or chance > _SIGNIFICANCE:
            continue
        # Of several repairs the shortest to describe: a lower threshold repairs more, and
        # may explain wrong entries by a larger group.
        length = _description_length(maps, int(wrong.sum()))
        if length < shortest:
            shortest = length
            best = Completed(
                maps=maps, proof="loops", num_wrong=int(wrong.sum()), log10_chance=chance
            )
    if best is None or not _is_regular(best.maps):
        return best  # which entries are wrong is then a choice, and nothing proves it
    kept, _ = proved_transitions(without_wrong(seen, best), report)
    if kept is not None and np.array_equal(kept.maps, best.maps):
        return replace(best, proof=kept.proof)
    return best


def _only_regular_completion(maps: Int[NDArray[Any], "m k"]) -> Int[NDArray[Any], "m k"] | None:
    """Return the simply transitive completion of few gaps; None unless there is exactly one."""
    choices = []
    for row in maps:
        left = np.setdiff1d(np.arange(len(row)), row[row >= 0])
        choices.append(permutations(left.tolist()))
    if math.prod(math.factorial(int((row < 0).sum())) for row in maps) > _MOST_COMPLETIONS:
        return None
    found = None
    for chosen in product(*choices):
        full = maps.copy()
        full[full < 0] = np.concatenate([np.array(images, np.int64) for images in chosen])
        if _is_regular(full):
            if found is not None:
                return None
            found = full
    return found


def _description_length(maps: Int[NDArray[Any], "m k"], num_wrong: int) -> float:
    """Return the description length of permutations and corrections, in nats."""
    m, k = maps.shape
    try:
        order = len(permutation_group_elements(maps.tolist(), max_order=_LARGEST_GROUP))
    except ValueError:
        return math.inf  # hardly any structure that could contradict an observation
    if order >= math.factorial(k) // 2 and k > 4:
        return math.inf  # all (even) permutations: likewise
    return float(m * math.log(order) + num_wrong * math.log(m * k * k))


def _disagreeing(seen: Transitions, maps: Int[NDArray[Any], "m k"]) -> NDArray[np.bool_]:
    x, a, y = seen.triples.T
    wrong: NDArray[np.bool_] = maps[a, x] != y
    return wrong


def _log10_chance(seen: Transitions, maps: Int[NDArray[Any], "m k"], num_wrong: int) -> float:
    r"""Bound the expected number of systems of permutations that agree as well by chance.

    There are :math:`(k!)^m` systems of ``m`` permutations, and at most :math:`N k^m` that are
    simply transitive, with :math:`N` labeled groups of order ``k``; the union bound is as for
    tables.
    """
    m, k = maps.shape
    if k == 1:
        return 0.0
    cells = len(seen)
    agreeing = cells - num_wrong
    if _is_regular(maps):
        group = log10_agreeing_by_chance(k, assume=Structure.GROUP, cells=cells, agreeing=agreeing)
        return float(group + m * math.log10(k))
    choices = math.lgamma(cells + 1) - math.lgamma(agreeing + 1) - math.lgamma(num_wrong + 1)
    systems = m * math.lgamma(k + 1)
    return float((choices + systems) / math.log(10) - agreeing * math.log10(k))


def _is_regular(maps: Int[NDArray[Any], "m k"]) -> bool:
    """Return whether the permutations generate a simply transitive group.

    A relabeling that commutes with all of them is fixed by the image of state 0; there is one for
    each image exactly if the action is simply transitive (given that it is transitive).
    """
    try:
        tree = spanning_tree(maps)
    except ValueError:
        return False
    return len(lifts(maps, np.arange(len(maps)), tree)) == int(maps.shape[1])


def _clash(seen: Transitions) -> tuple[int, ...]:
    """Return two observations that no permutation allows."""
    after: dict[tuple[int, int], int] = {}
    before: dict[tuple[int, int], int] = {}
    for i, (x, a, y) in enumerate(seen.triples.tolist()):
        for known, key, value in ((after, (a, x), y), (before, (a, y), x)):
            j = known.setdefault(key, i)
            other = seen.triples[j]
            if value != int(other[2] if known is after else other[0]):
                return (j, i)
    return ()
