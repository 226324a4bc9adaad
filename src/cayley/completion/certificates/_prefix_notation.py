"""Terms as Coq and Lean write them: the operation before its arguments."""

from typing import Any

__all__ = ["VARIABLES", "formula"]

VARIABLES = "xyzwuvtsrqpnmlkjihgf"
"""The names of up to twenty variables, as many as the checker reads in a law."""


def formula(term: Any, product: str = "op") -> str:
    """Return a term in prefix notation.

    Example:
        >>> formula([0, [1, 2]])
        'op x (op y z)'
    """
    if isinstance(term, int):
        return VARIABLES[term]
    sides = (formula(each, product) for each in term)
    return " ".join([product, *(f"({x})" if " " in x else x for x in sides)])
