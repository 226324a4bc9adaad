"""Operations on residues modulo a prime that are polynomials.

Read in this order: ``_formula`` (a polynomial by cases of the column), ``_interpolation`` (the one
of lowest degree through given cells) and ``_polynomials`` (tables completed by them).
"""

__all__: list[str] = []
