"""Polynomials through seen cells, compared with lists of all polynomials and with the generator."""

import itertools

import numpy as np
import pytest

from cayley.tables import Table, generate_family
from cayley.theories.polynomials._formula import Formula, Polynomial
from cayley.theories.polynomials._interpolation import interpolate, interpolate_columns
from cayley.theories.polynomials._polynomials import fit_polynomial

SEVEN = {
    "a+b": "a + b",
    "a-b": "a - b",
    "a^2+b^2": "a^2 + b^2",
    "a^2+ab+b^2": "a^2 + a*b + b^2",
    "a^2+ab+b^2+a": "a^2 + a*b + b^2 + a",
    "a^3+ab": "a^3 + a*b",
    "a^3+ab^2+b": "a^3 + a*b^2 + b",
}
PARITY = "a/b if b odd else a-b"


def shuffled(table, rng):
    """The same operation with rows, columns and symbols in another order each."""
    rows, columns, symbols = (
        rng.permutation(len(each)) for each in (table.rows, table.columns, table.symbols)
    )
    return Table(
        rows=[table.rows[i] for i in rows],
        columns=[table.columns[i] for i in columns],
        symbols=[table.symbols[i] for i in symbols],
        array=np.argsort(symbols)[table.array[np.ix_(rows, columns)]],
    )


def masked(table, count, rng):
    """The table with so many cells, drawn at random."""
    seen = rng.permutation(table.array.size) < count
    return table.with_array(np.where(seen.reshape(table.array.shape), table.array, -1))


def relabeled(array, rng):
    """An isotope: rows, columns and symbols renamed."""
    f, g, h = (rng.permutation(len(array)) for _ in range(3))
    return h[array[f][:, g]]


@pytest.mark.parametrize("operation", SEVEN)
def test_the_published_polynomials_follow_from_nineteen_cells(operation):
    rng = np.random.default_rng(1)
    truth = generate_family(f"mod97:{operation}")
    for _ in range(3):
        whole = shuffled(truth, rng)
        fit = fit_polynomial(masked(whole, 19, rng))
        assert fit.table == whole
        assert fit.unique
        assert str(fit.formula) == f"{SEVEN[operation]} mod 97"
        assert fit.log10_chance < -8


def test_division_is_a_quotient_of_the_labels():
    truth = generate_family("mod97:a/b")
    fit = fit_polynomial(masked(truth, 25, np.random.default_rng(0)))
    assert fit.table == truth
    assert str(fit.formula) == "a/b mod 97"


@pytest.mark.parametrize("share", [0.01, 0.08, 1.0])
def test_the_parity_operation_has_a_formula_for_each_class_of_columns(share):
    truth = generate_family(f"mod97:{PARITY}")
    fit = fit_polynomial(masked(truth, round(share * 97 * 97), np.random.default_rng(0)))
    assert fit.table == truth
    assert str(fit.formula) == "a - b if b is even, a/b if b is odd, mod 97"


def test_renamed_columns_leave_a_polynomial_for_each_of_them():
    rng = np.random.default_rng(0)
    array = generate_family("mod23:a^2+ab+b^2").array[:, rng.permutation(23)]
    fit = fit_polynomial(masked(Table.from_array(array), 400, rng))
    assert fit.unique
    assert (fit.table.array == array).all()
    assert fit.num_coefficients == 3 * 23
    assert str(fit.formula).endswith("if b = 3, and so on for 19 more columns, mod 23")


def test_a_column_without_cells_stays_open():
    rng = np.random.default_rng(0)
    array = generate_family("mod23:a^2+ab+b^2").array[:, rng.permutation(23)]
    seen = array.copy()
    seen[:, 7] = -1
    fit = fit_polynomial(seen)
    assert not fit.unique
    assert (fit.table.array[:, 7] == -1).all()
    assert (np.delete(fit.table.array, 7, axis=1) == np.delete(array, 7, axis=1)).all()


def test_a_column_with_too_few_cells_for_its_degree_stays_open():
    """Through two cells go cubic polynomials with any value elsewhere."""
    rng = np.random.default_rng(0)
    a = np.arange(11)
    array = np.stack([(x * a**3 + y * a + z) % 11 for x, y, z in rng.integers(1, 11, (11, 3))], 1)
    seen = array.copy()
    seen[2:, 4] = -1
    fit = fit_polynomial(seen)
    assert not fit.unique
    np.testing.assert_array_equal(fit.table.array, seen)


@pytest.mark.parametrize(
    ("p", "count"), [(11, 12), pytest.param(23, 8, marks=pytest.mark.slow), (97, 1)]
)
@pytest.mark.parametrize("share", [0.2, 0.8])
def test_no_random_or_relabeled_table_is_fitted(p, count, share):
    rng = np.random.default_rng(p)
    polynomials = [generate_family(f"mod{p}:{each}").array for each in SEVEN]
    for i in range(count):
        arrays = [rng.integers(p, size=(p, p)), relabeled(polynomials[i % 7], rng)]
        for array in arrays:
            assert fit_polynomial(np.where(rng.random((p, p)) < share, array, -1)) is None


@pytest.mark.parametrize("share", [0.6, 1.0])
def test_the_stated_chance_is_one(share):
    """Of random tables on few residues no more are fitted than the bounds allow."""
    rng = np.random.default_rng(5)
    chances = []
    for p in [3, 5] * 100:
        array = np.where(rng.random((p, p)) < share, rng.integers(p, size=(p, p)), -1)
        fit = fit_polynomial(array, min_spare=2)
        chances += [0.0 if fit is None else fit.log10_chance]
    for log10 in (-1, -2, -3):
        # A count of mean at most `allowed`; three deviations above it and one.
        allowed = len(chances) * 10.0**log10
        assert sum(each <= log10 for each in chances) <= allowed + 3 * allowed**0.5 + 1


def test_cells_that_are_all_equal_are_no_evidence():
    array = np.full((97, 97), -1)
    array[np.arange(40), np.arange(40)] = 0
    fit = fit_polynomial(array)
    assert str(fit.formula) == "0 mod 97"
    assert fit.log10_chance == 0


def all_polynomials(p, monomials):
    """The values of every polynomial with these monomials, shape ``(p**k, p, p)``."""
    a, b = np.indices((p, p))
    terms = np.array([a**i * b**j for i, j in monomials]).reshape(len(monomials), -1)
    factors = np.array(list(itertools.product(range(p), repeat=len(monomials))))
    return (factors @ terms % p).reshape(-1, p, p)


@pytest.mark.parametrize("p", [2, 3, 5])
def test_interpolation_agrees_with_the_list_of_all_polynomials(p):
    rng = np.random.default_rng(p)
    highest = 2 if p > 2 else 1
    families = [
        all_polynomials(p, [(i, d - i) for d in range(top + 1) for i in range(d + 1)])
        for top in range(highest + 1)
    ]
    seen_degrees = set()
    for _ in range(120):
        source = families[rng.integers(highest + 1)]
        table = source[rng.integers(len(source))].copy()
        if rng.random() < 0.5:
            table[rng.integers(p), rng.integers(p)] = rng.integers(p)
        size = rng.integers(1, p * p + 1)
        a, b = np.divmod(rng.choice(p * p, size, replace=False), p)
        cells = np.stack([a, b, table[a, b]], axis=1)
        found = interpolate(cells, p, max_degree=highest, max_coefficients=99)
        fitting = [each[(each[:, a, b] == table[a, b]).all(axis=1)] for each in families]
        lowest = next((d for d, each in enumerate(fitting) if len(each)), None)
        seen_degrees.add(lowest)
        if lowest is None:
            assert found is None
            continue
        assert found.num_tried == lowest + 1
        assert p ** found.kernel.shape[1] == len(fitting[lowest])
        grid = np.indices((p, p), sparse=True)
        assert (found.polynomial(*grid) == fitting[lowest]).all(axis=(1, 2)).any()
        same = (fitting[lowest] == fitting[lowest][0]).all(axis=0)
        np.testing.assert_array_equal(found.forced(*grid), same)
    assert seen_degrees >= {0, 1, None}


def test_polynomials_of_columns_have_the_lowest_common_degree():
    rng = np.random.default_rng(0)
    factors = rng.integers(1, 7, size=(7, 2))
    a, b = np.indices((7, 7)).reshape(2, -1)
    cells = np.stack([a, b, (factors[b, 0] * a + factors[b, 1]) % 7], axis=1)
    found = interpolate_columns(cells, 7, max_degree=3, max_coefficients=99)
    assert {b: set(each.polynomial.terms) for b, each in found.items()} == {
        b: {(int(slope), 1, 0), (int(shift), 0, 0)} for b, (slope, shift) in enumerate(factors)
    }
    assert interpolate_columns(cells, 7, max_degree=3, max_coefficients=13) is None


def test_a_sample_of_the_cells_never_decides():
    """One wrong cell of a full table is seen, wherever it is."""
    truth = generate_family("mod31:a^2+ab+b^2").array
    for place in range(0, 961, 60):
        wrong = truth.copy().reshape(-1)
        wrong[place] = (wrong[place] + 1) % 31
        # degree 4 at most: only the time depends on it
        assert fit_polynomial(wrong.reshape(31, 31), max_degree=4) is None


def test_a_cell_outside_the_sample_can_settle_what_the_sample_leaves_open():
    """A row of cells says nothing of a; one more cell does, wherever it is."""
    row = np.stack([np.zeros(97, np.int64), np.arange(97), np.arange(97)], axis=1)
    limits = {"max_degree": 1, "max_coefficients": 3}
    assert interpolate(row, 97, **limits).rank == 2
    for a in range(1, 13):
        found = interpolate(np.insert(row, 7 * a, [a, a, 3 * a], axis=0), 97, **limits)
        assert str(found.polynomial) == "2*a + b mod 97"
        assert found.kernel.shape == (3, 0)


def test_each_class_of_columns_has_cells_to_spare():
    """Four odd columns with one cell each determine no formula for the odd columns."""
    truth = generate_family(f"mod11:{PARITY}").array
    seen = truth.copy()
    seen[:, 1::2] = -1
    seen[[2, 5, 7, 8], [1, 3, 5, 7]] = truth[[2, 5, 7, 8], [1, 3, 5, 7]]
    fit = fit_polynomial(seen)
    assert len(fit.formula.cases) == 11
    assert not fit.unique


def test_the_chance_counts_cells_to_spare_and_formulas_tried():
    fit = fit_polynomial(generate_family("mod5:a+b").array)
    # Two cells of each column tell its polynomial of degree 1; three of these ten the whole.
    assert (fit.num_coefficients, fit.num_spare) == (3, 7)
    # Four degrees for the whole table, then degree 0 for even and for odd columns, where in odd
    # ones b may also be a divisor.
    assert fit.log10_chance == pytest.approx(-7 * np.log10(5) + np.log10(4 + 2))


def test_columns_that_are_polynomials_do_not_speak_for_other_columns():
    """Four columns of degree 1 whose coefficients are drawn at random, and 97 * 4 cells of them."""
    rng = np.random.default_rng(0)
    a = np.arange(97)[:, None]
    seen = np.full((97, 97), -1)
    seen[:, :4] = (rng.integers(97, size=4) * a + rng.integers(97, size=4)) % 97
    fit = fit_polynomial(seen)
    assert len(fit.formula.cases) == 97
    assert (fit.table.array == seen).all()
    assert fit_polynomial(seen.T) is None


def test_what_is_printed_is_read_back_by_the_generator():
    rng = np.random.default_rng(0)
    monomials = list(itertools.product(range(4), repeat=2))
    for _ in range(50):
        chosen = rng.choice(16, rng.integers(1, 5), replace=False)
        terms = tuple((int(rng.integers(1, 13)), *monomials[i]) for i in chosen)
        polynomial = Polynomial(modulus=13, terms=terms)
        table = generate_family(f"mod13:{polynomial.expression}")
        np.testing.assert_array_equal(table.array, polynomial(*np.indices((13, 13), sparse=True)))


def test_quotients_are_printed_and_evaluated():
    polynomial = Polynomial(modulus=7, terms=((3, 0, 0), (6, 1, -2), (2, -1, -1), (1, 0, 1)))
    assert str(polynomial) == "b + 3 - a/b^2 + 2/(a*b) mod 7"
    a, b = 3, 5
    expected = b + 3 - a * pow(b, -2, 7) + 2 * pow(a * b, -1, 7)
    assert polynomial(a, b) == expected % 7
    assert str(Polynomial(modulus=7, terms=())) == "0 mod 7"
    with pytest.raises(ZeroDivisionError, match="a power of 0 modulo 7"):
        polynomial([1, 7], 1)


def test_classes_of_columns_are_named():
    cases = tuple(Polynomial(modulus=11, terms=((1, i, 1),)) for i in range(3))
    text = str(Formula(modulus=11, cases=cases))
    assert text == "b if b mod 3 = 0, a*b if b mod 3 = 1, a^2*b if b mod 3 = 2, mod 11"


@pytest.mark.parametrize(
    "labels", [["0", "1", "2", "3"], ["00", "01", "02"], ["e", "a", "b"], ["1", "2", "7"]]
)
def test_labels_that_are_no_residues_modulo_a_prime_are_left_alone(labels):
    n = len(labels)
    array = np.add.outer(np.arange(n), np.arange(n)) % n
    assert fit_polynomial(Table.from_array(array, labels=labels), min_spare=0) is None


def test_a_given_modulus_allows_few_labels_and_further_results():
    table = Table.from_triples(
        [(str(a), str(b), str(a * b + 1)) for a in range(7) for b in range(5, 12)],
        rows=[str(a) for a in range(9)],
        columns=[str(b) for b in range(5, 13)],
        symbols=sorted({str(a * b + 1) for a in range(7) for b in range(5, 12)}),
    )
    assert fit_polynomial(table) is None
    fit = fit_polynomial(table, modulus=97)
    assert str(fit.formula) == "a*b + 1 mod 97"
    assert fit.table["8", "12"] == "0"


def test_a_result_that_is_no_label_refutes_the_polynomial():
    labels = [str(a) for a in range(1, 11)]
    triples = [(a, b, str((int(a) + int(b)) % 11)) for a in labels for b in labels]
    triples = [each for each in triples if each[2] != "0"]
    table = Table.from_triples(triples, labels=labels)
    assert fit_polynomial(table) is None
    assert str(fit_polynomial(table, modulus=11).formula) == "a + b mod 11"


def test_observations_that_disagree_lie_on_no_polynomial():
    table = generate_family("mod11:a+b")
    noisy = Table(
        rows=table.rows,
        columns=table.columns,
        symbols=table.symbols,
        array=table.array,
        repeats=[[0, 0, 0], [0, 0, 1]],
    )
    assert fit_polynomial(noisy) is None


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="`modulus` must be a prime; got 9"):
        fit_polynomial([[0]], modulus=9)
    with pytest.raises(ValueError, match="`max_degree` must not be negative"):
        fit_polynomial([[0]], max_degree=-1)
