r"""Operations on residues: polynomials modulo n, and division modulo a prime."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables._limits import MAX_ORDER, check_order
from cayley.tables._table import Table
from cayley.tables.families._families import is_prime

__all__ = ["modular_table"]

# Matching a longer text could take long, and no polynomial that a person writes is longer.
_LONGEST_EXPRESSION = 200
# Bounded numbers of digits: 9 for exponents, 18 for coefficients, so that a coefficient fits int64
# before it is reduced.
_FACTOR = r"[ab](?:\^\d{1,9})?"
_TERM = rf"(?:\d{{1,18}}(?:\*?{_FACTOR})*|{_FACTOR}(?:\*?{_FACTOR})*)"
_POLYNOMIAL = re.compile(rf"[+-]?{_TERM}(?:[+-]{_TERM})*")
_SIGNED_TERM = re.compile(rf"([+-]?)(\d*)\*?((?:\*?{_FACTOR})*)")
_POWER = re.compile(r"([ab])(?:\^(\d+))?")
_DIVISION = "a/b"
# The operation of Power et al. (2022), without its spaces.
_MIXED = "a/bifboddelsea-b"


def modular_table(modulus: int, expression: str, *, max_order: int = MAX_ORDER) -> Table:
    r"""Return an operation on residues modulo ``modulus``.

    Args:
        modulus: The number of residues, labeled ``0..modulus-1``; a prime for division.
        expression: A polynomial in a and b with integer coefficients, such as ``a^2+ab+b^2`` or
            ``2*a-b``; or ``a/b``, on the nonzero residues ``1..modulus-1`` only; or
            ``a/b if b odd else a-b``, on all residues. Spaces do not matter.
        max_order: The limit on ``modulus``.

    Raises:
        ValueError: If the expression is none of these, a division is asked for modulo a composite
            number, or ``modulus`` is not positive or too large.

    Example:
        >>> modular_table(97, "a^2+ab+b^2")["3", "5"], modular_table(7, "a/b")["1", "3"]
        ('49', '5')

    References:
        Power et al. (2022), "Grokking: generalization beyond overfitting on small algorithmic
        datasets", arXiv:2201.02177.
    """
    if modulus < 1:
        raise ValueError(f"`modulus` must be positive; got {modulus}.")
    check_order(modulus, max_order=max_order, what=f"mod{modulus}")
    formula = "".join(expression.split())
    if formula in (_DIVISION, _MIXED):
        return _division(modulus) if formula == _DIVISION else _division_or_difference(modulus)
    if len(formula) > _LONGEST_EXPRESSION or not _POLYNOMIAL.fullmatch(formula):
        raise ValueError(
            f"{expression[:_LONGEST_EXPRESSION]!r} is not an operation modulo n. Accepted are "
            "polynomials in a and b such as a+b, 2a-b or a^2+ab+b^2, and for a prime a/b and "
            "'a/b if b odd else a-b'."
        )
    return Table.from_array(_evaluate(formula, modulus))


def _evaluate(formula: str, modulus: int) -> Int[NDArray[Any], "n n"]:
    residues = np.arange(modulus)
    values = {"a": residues[:, None], "b": residues[None, :]}
    total = np.zeros((modulus, modulus), np.int64)
    for sign, digits, factors in _SIGNED_TERM.findall(formula):
        # The pattern also matches the empty text at the end.
        if not digits and not factors:
            continue
        term = np.full((1, 1), int(digits or 1) % modulus, np.int64)
        for letter, exponent in _POWER.findall(factors):
            term = term * _power(values[letter], int(exponent or 1), modulus) % modulus
        total = (total - term if sign == "-" else total + term) % modulus
    return total


def _power(base: NDArray[np.int64], exponent: int, modulus: int) -> NDArray[np.int64]:
    result = np.full_like(base, 1 % modulus)
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def _division(modulus: int) -> Table:
    quotients = _quotients(modulus)[1:, 1:]
    return Table.from_array(quotients - 1, labels=map(str, range(1, modulus)))


def _division_or_difference(modulus: int) -> Table:
    residues = np.arange(modulus)
    differences = (residues[:, None] - residues) % modulus
    return Table.from_array(np.where(residues % 2 == 1, _quotients(modulus), differences))


def _quotients(modulus: int) -> Int[NDArray[Any], "p p"]:
    """Return a/b for all residues, with 0 where b is 0."""
    if not is_prime(modulus):
        raise ValueError(f"division modulo {modulus} needs a prime.")
    # Row 0 is a placeholder: callers do not use a/0.
    inverses = np.array([0, *(pow(b, -1, modulus) for b in range(1, modulus))])
    quotients: NDArray[np.int64] = np.arange(modulus)[:, None] * inverses % modulus
    return quotients
