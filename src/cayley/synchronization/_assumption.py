"""What an operation is taken to be: which of its three alphabets share matrices."""

from typing import Literal

from cayley.algebra import Structure

__all__ = ["Assumption", "as_assumption"]

Assumption = Structure | Literal["action"]
"""A group: one alphabet, one factor for rows, columns and symbols. An isotope of a group: three
alphabets, three factors. An action: the rows act on one alphabet of columns and symbols. An action
is no operation on one set, so it has no member in :class:`~cayley.algebra.Structure`."""


def as_assumption(assume: Structure | str) -> Assumption:
    """Return what is assumed as a member of `Structure`, or as ``"action"``.

    Raises:
        ValueError: If it is neither a group, nor an isotope of one, nor an action.

    Example:
        >>> as_assumption("isotope") is Structure.GROUP_ISOTOPE, as_assumption("action")
        (True, 'action')
    """
    if assume == "action":
        return "action"
    try:
        structure = Structure(assume)
    except ValueError:
        structure = Structure.MAGMA  # refused below, with the names that this solver knows
    if structure not in (Structure.GROUP, Structure.GROUP_ISOTOPE):
        raise ValueError(f"`assume` must be group, isotope or action; got {str(assume)!r}.")
    return structure
