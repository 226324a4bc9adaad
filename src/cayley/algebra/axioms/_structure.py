"""``Structure``: the enumeration of what an operation can be."""

from enum import StrEnum

__all__ = ["Structure"]


class Structure(StrEnum):
    """What an operation is, or is taken to be; the most special first.

    A loop that is an isotope of a group is a group (Albert), so of the first four only a group is
    two of these things. ``isotope`` is short for ``group isotope``; hyphens, underscores and
    blanks are alike, and so are capitals and small letters.

    Example:
        >>> Structure("isotope") is Structure.GROUP_ISOTOPE, str(Structure.GROUP_ISOTOPE)
        (True, 'group isotope')
        >>> Structure("ring")
        Traceback (most recent call last):
        ...
        ValueError: 'ring' is no structure; known are group, group isotope, loop, quasigroup, \
monoid, semigroup, magma.
    """

    GROUP = "group"
    """Associative, with an identity and inverses."""
    GROUP_ISOTOPE = "group isotope"
    """A group whose rows, columns and symbols were relabeled, each in its own way."""
    LOOP = "loop"
    """A quasigroup with an identity."""
    QUASIGROUP = "quasigroup"
    """A Latin square: every row and every column holds each symbol once."""
    MONOID = "monoid"
    """Associative, with an identity."""
    SEMIGROUP = "semigroup"
    """Associative."""
    MAGMA = "magma"
    """Any operation."""

    @classmethod
    def _missing_(cls, value: object) -> "Structure":
        # Called for everything that is no value as it stands; `--assume group-isotope` and the JSON
        # member `group_isotope` mean the same.
        words = " ".join(str(value).replace("-", " ").replace("_", " ").lower().split())
        words = "group isotope" if words in ("isotope", "isotope of a group") else words
        for member in cls:
            if member.value == words:
                return member
        known = ", ".join(member.value for member in cls)
        raise ValueError(f"{value!r} is no structure; known are {known}.")
