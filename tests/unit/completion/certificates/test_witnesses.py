"""What provers are given beside a certificate is computed in whole numbers."""

import math

import numpy as np
import pytest

from cayley.completion.certificates._witnesses import cyclotomic, group_elements
from cayley.tables import generate_family


@pytest.mark.parametrize("e", [1, 2, 3, 4, 6, 8, 12, 15, 24, 30, 60, 105])
def test_a_cyclotomic_polynomial_has_the_primitive_roots(e):
    coefficients = cyclotomic(e)
    primitive = [k for k in range(1, e + 1) if math.gcd(k, e) == 1]
    assert len(coefficients) == len(primitive) + 1
    assert coefficients[-1] == 1
    for k in primitive:
        z = np.exp(2j * np.pi * k / e)
        assert abs(np.polyval(coefficients[::-1], z)) < 1e-9


def test_elements_are_products_of_generators():
    table = generate_family("S3").array.tolist()
    # S3 by its action on itself: x goes to x g.
    generators = [1, 3]
    permutations = [[table[x][g] for x in range(6)] for g in generators]
    images, words = group_elements(table, generators, permutations, 6, 0)
    assert images == [[table[x][g] for x in range(6)] for g in range(6)]
    for element, word in enumerate(words):
        x = 0
        for i in word:
            x = table[x][generators[i]]
        assert x == element
    assert max(map(len, words)) == 2  # s, r, r r, s r, r s
