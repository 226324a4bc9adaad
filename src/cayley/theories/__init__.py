"""Theories."""

from cayley.theories._catalogue import parse_theory
from cayley.theories._complete import Completion, SearchLimits, complete_under
from cayley.theories._conditions import Condition
from cayley.theories._numbered import law, number_of
from cayley.theories._parse import parse_laws
from cayley.theories._terms import Law
from cayley.theories._theory import Theory

__all__ = [
    "Completion",
    "Condition",
    "Law",
    "SearchLimits",
    "Theory",
    "complete_under",
    "law",
    "number_of",
    "parse_laws",
    "parse_theory",
]
