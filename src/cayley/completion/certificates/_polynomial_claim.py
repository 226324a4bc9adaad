"""The claim that given cells force the whole table if it is a polynomial of some form."""

from typing import Any

from cayley.tables import Table
from cayley.theories.polynomials._formula import Polynomial
from cayley.theories.polynomials._polynomials import Fit, fit_polynomial

__all__ = ["polynomial_claim"]


def polynomial_claim(observed: Table, full: Table) -> dict[str, Any] | None:
    """Return the claim for the polynomials of the form that fits; None if there is none.

    Args:
        observed: The given cells.
        full: The completed table, over the same labels in the same order.
    """
    fit = fit_polynomial(observed)
    if fit is None or not fit.unique or fit.table.symbols != full.symbols:
        return None
    monomials = _monomials(fit)
    if sum(map(len, monomials)) != fit.num_coefficients:
        return None
    return {"claim": "polynomial", "modulus": fit.formula.modulus, "monomials": monomials}


def _monomials(fit: Fit) -> list[list[list[int]]]:
    """Return the powers that polynomials of the form of a fit may have, for each class of columns.

    A unique polynomial of the lowest degree has a term of that degree.
    """
    p, cases = fit.formula.modulus, [each for each in fit.formula.cases if each is not None]
    if len(cases) == p and p > 4:
        degree = fit.num_coefficients // p - 1
        return [[[i, 0] for i in range(degree + 1)] for _ in cases]
    return [_of_degree(each) for each in cases]


def _of_degree(polynomial: Polynomial) -> list[list[int]]:
    p, terms = polynomial.modulus, polynomial.terms
    signs = [-1 if any(term[at] < 0 for term in terms) else 1 for at in (1, 2)]
    degree = max((abs(i) + abs(j) for _, i, j in terms), default=0)
    return [
        [signs[0] * i, signs[1] * (total - i)]
        for total in range(degree + 1)
        for i in range(total, -1, -1)
        if max(i, total - i) < p
    ]
