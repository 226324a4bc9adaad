"""Theories."""

from cayley.theories._numbered import law, number_of
from cayley.theories._parse import parse_laws
from cayley.theories._terms import Law

__all__ = ["Law", "law", "number_of", "parse_laws"]
