"""What ``cayley discover --automaton`` prints."""

from typing import TYPE_CHECKING

from cayley.cli._inspection_lines import called, part_lines

if TYPE_CHECKING:
    from cayley.discovery._automaton import AutomatonMonoids, NamedMonoid

__all__ = ["automaton_lines"]

_MOST_WORDS = 24
"""Elements of a monoid that are written out; --json lists all."""


def automaton_lines(found: "AutomatonMonoids") -> list[str]:
    """Return what an automaton and its language are as lines of text."""
    result = _monoid("transition monoid", found.transition)
    if found.syntactic is None or found.minimal is None:
        return [*result, "", "--start and --accept say which language it accepts"]
    size = len(found.minimal)
    merged = [" = ".join(states) for states in found.minimal if len(states) > 1]
    result += ["", f"smallest automaton: {size} state{'' if size == 1 else 's'}"]
    result += [f"  {each}" for each in merged]
    if found.syntactic.maps.shape == found.transition.maps.shape and (
        found.syntactic.table == found.transition.table
    ):
        result += ["", "syntactic monoid: the transition monoid"]
    else:
        result += ["", *_monoid("syntactic monoid", found.syntactic)]
    result += ["", f"language: {', '.join(found.language) or 'of no class that is looked for'}"]
    return result


def _monoid(head: str, monoid: "NamedMonoid") -> list[str]:
    inspection = monoid.inspection
    name = inspection.identification.name
    what = called(inspection) + (f", {name}" if name is not None else "")
    words = monoid.table.rows
    more = len(words) - _MOST_WORDS
    shown = ", ".join(words[:_MOST_WORDS]) + (f" and {more} more" if more > 0 else "")
    return [f"{head}: order {len(words)}, {what}", f"words: {shown}", *part_lines(inspection)]
