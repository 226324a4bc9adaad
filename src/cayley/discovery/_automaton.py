"""``automaton_monoids``: the transition monoid of an automaton, and the syntactic one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.semigroups._transition_monoid import (
    TransitionMonoid,
    minimal_states,
    transition_monoid,
)
from cayley.completion.inspection._inspection import Inspection, inspect_table
from cayley.discovery._observations import Transitions
from cayley.tables import Table

__all__ = ["AutomatonMonoids", "NamedMonoid", "automaton_monoids"]

_MOST_TABLE = 200
"""Largest monoid whose table is in the document, as for groups: 40,000 labels."""

_MOST_MISSING = 3
"""Missing transitions that a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMonoid:
    """A monoid of maps of states, inspected.

    Attributes:
        maps: What each element does to the states, shape ``(n, k)``.
        table: Its table; each element is called after its first shortest word.
        inspection: What it is.
    """

    maps: Int[NDArray[Any], "n k"]
    table: Table
    inspection: Inspection

    def to_document(self) -> dict[str, Any]:
        """Return it as a member of the document; the table up to order 200."""
        document: dict[str, Any] = {
            "order": self.table.order,
            "words": list(self.table.rows),
            "table": None,
            "inspection": self.inspection.to_document(),
        }
        if self.table.order <= _MOST_TABLE:
            document["table"] = [
                [self.table.rows[x] for x in row] for row in self.table.array.tolist()
            ]
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomatonMonoids:
    """What an automaton and its language are.

    Attributes:
        states: Labels of the states.
        actions: Labels of the letters.
        start: The state at the beginning; None if no language was given.
        accepting: The states that accept.
        minimal: The states that are one in the smallest automaton of the language, the start first;
            None if no language was given.
        transition: The transition monoid.
        syntactic: The syntactic monoid of the language; None if no language was given.
    """

    states: tuple[str, ...]
    actions: tuple[str, ...]
    start: str | None
    accepting: tuple[str, ...]
    minimal: tuple[tuple[str, ...], ...] | None
    transition: NamedMonoid
    syntactic: NamedMonoid | None

    @property
    def language(self) -> tuple[str, ...]:
        """Return classes of languages that the syntactic monoid proves the language to be in.

        It is *star-free* exactly if the monoid has no subgroup but of one element
        (Schützenberger), *piecewise testable* exactly if it is J-trivial (Simon), a *group
        language* if it is a group, and *commutative* if it is.
        """
        if self.syntactic is None:
            return ()
        found = self.syntactic.inspection
        parts = found.parts.get("semigroup")
        # A group has no parts; it is aperiodic, and J-trivial, only if it is trivial.
        if parts is not None:
            classes = set(parts["classes"])
        else:
            classes = {"aperiodic", "J-trivial"} if self.syntactic.table.order == 1 else set()
        return tuple(
            word
            for word, holds in (
                ("piecewise testable", "J-trivial" in classes),
                ("star-free", "aperiodic" in classes),
                ("group language", bool(found.properties.group)),
                ("commutative", bool(found.properties.commutative)),
            )
            if holds
        )

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.automaton/1``."""
        return {
            "schema": "cayley.automaton/1",
            "states": list(self.states),
            "actions": list(self.actions),
            "start": self.start,
            "accepting": list(self.accepting),
            "minimal": None if self.minimal is None else [list(each) for each in self.minimal],
            "language": list(self.language),
            "transition_monoid": self.transition.to_document(),
            "syntactic_monoid": None if self.syntactic is None else self.syntactic.to_document(),
        }


def automaton_monoids(
    seen: Transitions,
    *,
    start: str | None = None,
    accepting: Sequence[str] = (),
    max_order: int = 2000,
) -> AutomatonMonoids:
    """Return the transition monoid of an automaton, and the syntactic monoid of its language.

    Args:
        seen: All transitions; nothing is filled in.
        start: The state in which words begin. Without it there is no language.
        accepting: The states in which words of the language end.
        max_order: The largest monoid to make a table of.

    Raises:
        ValueError: If a transition is missing or contradicts another one, a state is unknown, a
            language is half given, or a monoid is too large.

    Example:
        >>> seen = Transitions.from_labels(
        ...     [("even", "a", "odd"), ("odd", "a", "even"), ("even", "b", "even"),
        ...      ("odd", "b", "odd")])
        >>> found = automaton_monoids(seen, start="even", accepting=["even"])
        >>> found.syntactic.inspection.identification.name, found.language
        ('C2', ('group language', 'commutative'))
    """
    letters = _letters(seen)
    if (start is None) != (not accepting):
        given, lacking = ("--start", "--accept") if start is not None else ("--accept", "--start")
        raise ValueError(f"{given} needs {lacking}: a language has a start and accepting states.")
    for state in [*accepting, *(() if start is None else (start,))]:
        if state not in seen.states:
            raise ValueError(f"`{state}` is no state; the states are {', '.join(seen.states)}.")
    whole = _named(transition_monoid(letters, most=max_order), seen.actions, max_order)
    minimal = syntactic = None
    if start is not None:
        places = [seen.states.index(state) for state in accepting]
        smaller, merged = minimal_states(letters, seen.states.index(start), set(places))
        minimal = tuple(tuple(seen.states[s] for s in states) for states in merged)
        syntactic = _named(transition_monoid(smaller, most=max_order), seen.actions, max_order)
    return AutomatonMonoids(
        states=seen.states,
        actions=seen.actions,
        start=start,
        accepting=tuple(accepting),
        minimal=minimal,
        transition=whole,
        syntactic=syntactic,
    )


def _letters(seen: Transitions) -> Int[NDArray[Any], "m k"]:
    """Return the map of each letter."""
    letters = np.full((len(seen.actions), len(seen.states)), -1)
    for place, (x, a, y) in enumerate(seen.triples.tolist(), 1):
        if letters[a, x] not in (-1, y):
            raise ValueError(
                f"observation {place} takes {seen.states[x]} by {seen.actions[a]} to "
                f"{seen.states[y]}, an earlier one to {seen.states[letters[a, x]]}; an automaton "
                "has one next state."
            )
        letters[a, x] = y
    missing = np.argwhere(letters < 0)
    if len(missing):
        named = ", ".join(
            f"{seen.states[x]} by {seen.actions[a]}" for a, x in missing[:_MOST_MISSING].tolist()
        )
        more = ", ..." if len(missing) > _MOST_MISSING else ""
        raise ValueError(
            f"{len(missing)} transitions are missing: {named}{more}. An automaton needs all; add a "
            "state that is never left for words that end nowhere."
        )
    return letters


def _named(found: TransitionMonoid | None, actions: tuple[str, ...], max_order: int) -> NamedMonoid:
    if found is None:
        raise ValueError(f"the monoid has more than {max_order} elements; --max-order allows more.")
    # Labels of one character are written together, others apart.
    between = "" if all(len(label) == 1 for label in actions) else " "
    empty = "1" if "1" not in actions else "()"
    labels = [between.join(actions[i] for i in word) or empty for word in found.words]
    table = Table.from_array(found.products, labels=labels)
    return NamedMonoid(maps=found.maps, table=table, inspection=inspect_table(table))
