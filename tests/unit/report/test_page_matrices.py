import base64

import numpy as np
import pytest

from cayley.completion import solve
from cayley.report._page_matrices import MOST_IRREDUCIBLE, page_matrices
from cayley.tables import Table, generate_family, isotope, mask

STEP = 1 / 127  # of the whole numbers that entries are rounded to


def unpacked(part, key="values"):
    h, w = part["size"]
    values = np.frombuffer(base64.b64decode(part[key]), np.int8).reshape(-1, h, w)
    return values * STEP * part["scale"]


def complex_of(part):
    real = unpacked(part)
    return real + 1j * unpacked(part, "imaginary") if "imaginary" in part else real


@pytest.mark.parametrize("spec", ["S3", "Q8", "C5", "A4"])
def test_matrices_of_symbols_multiply_as_the_table_says(spec) -> None:
    table = isotope(generate_family(spec), seed=1)
    solution = solve(table)
    maps = solution.isotopism
    parts = page_matrices(solution)["irreducible"]
    assert sum(part["size"][0] ** 2 for part in parts) == maps.group.order
    row, column = np.argsort(maps.symbols)[maps.rows], np.argsort(maps.symbols)[maps.columns]
    for part in parts:
        rho, d = complex_of(part), part["size"][0]
        for a in range(len(row)):
            for b in range(len(column)):
                product = rho[row[a]] @ rho[column[b]]
                c = solution.table.array[a, b]
                assert np.abs(product - rho[c]).max() < 2.5 * d * STEP


def test_only_representations_that_are_complex_have_imaginary_parts() -> None:
    parts = page_matrices(solve(generate_family("C5")))["irreducible"]
    assert [("imaginary" in part) for part in parts].count(False) == 1
    assert not any(
        "imaginary" in p for p in page_matrices(solve(generate_family("S3")))["irreducible"]
    )


def test_learned_factors_are_those_of_the_solution() -> None:
    solution = solve(mask(generate_family("S3"), observe=0.8, seed=0), solver="hypercube")
    found = page_matrices(solution)
    for part, factor in zip(found["learned"], solution.factors, strict=True):
        exact = factor.real.numpy()
        step = part["scale"] * STEP
        inside = np.abs(exact) <= part["scale"]
        assert np.abs(unpacked(part) - exact)[inside].max() <= 0.51 * step
    # With the gauge fixed the row of the identity has the identity matrix.
    base = int(np.flatnonzero(solution.isotopism.rows == solution.isotopism.group.identity)[0])
    assert np.abs(unpacked(found["fixed"])[base] - np.eye(6)).max() < 0.02


def test_without_a_group_and_without_training_there_are_none() -> None:
    assert page_matrices(solve(Table.from_array([[0, 0], [0, 1]]))) is None
    assert page_matrices(solve(generate_family(f"C{MOST_IRREDUCIBLE + 1}"))) is None
