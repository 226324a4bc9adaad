"""What provers are given beside a certificate is computed in whole numbers."""

import math

import numpy as np
import pytest

from cayley.completion.certificates._witnesses import combinations, cyclotomic, group_elements
from cayley.tables import generate_family
from claims_of_all_kinds import document_of


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


@pytest.mark.parametrize("name", ["polynomial", "parity"])
def test_the_equation_of_each_cell_follows_from_given_ones(name):
    document = document_of(name)
    claim = next(each for each in document["claims"] if each["claim"] == "polynomial")
    p, monomials = claim["modulus"], claim["monomials"]
    table = [(a, b, c) for a, row in enumerate(document["table"]) for b, c in enumerate(row)]
    cells = [tuple(map(int, cell)) for cell in document["cells"]]
    used, solution = combinations(p, monomials, cells, table)

    def terms(a, b):
        return [a**i * b**j % p for i, j in monomials[b % len(monomials)]]

    for (a, b, c), each in zip(table, used, strict=True):
        left = [0] * len(terms(a, b))
        right = 0
        for i, k in each.items():
            assert cells[i][1] % len(monomials) == b % len(monomials)
            left = [x + k * y for x, y in zip(left, terms(*cells[i][:2]), strict=True)]
            right += k * cells[i][2]
        assert [x % p for x in left] == terms(a, b)
        assert right % p == c
        row = solution[b % len(monomials)]
        assert sum(x * y for x, y in zip(row, terms(a, b), strict=True)) % p == c
