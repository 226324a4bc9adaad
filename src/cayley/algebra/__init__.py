"""algebra."""

from cayley.algebra._enumeration import Limits
from cayley.algebra._universal import deduce
from cayley.algebra._verdict import Forced, Inconsistent, Undecided

__all__ = ["Forced", "Inconsistent", "Limits", "Undecided", "deduce"]
