"""Semigroups: regular and inverse semigroups, semilattices.

Read in this order: ``_regular`` (regular and inverse semigroups, semilattices).
"""

__all__: list[str] = []
