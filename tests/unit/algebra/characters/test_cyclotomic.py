import cmath
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.algebra import Cyclotomic

E = Cyclotomic.root
SUMS = st.integers(1, 40).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(-n, 2 * n), st.integers(-3, 3)), max_size=6)
    )
)


def value(order, terms):
    return sum(c * cmath.exp(2j * cmath.pi * i / order) for i, c in terms)


@given(SUMS)
def test_the_canonical_form_keeps_the_number(data):
    found = Cyclotomic.sum_of_roots(*data)
    assert complex(found) == pytest.approx(value(*data), abs=1e-9)
    assert math.gcd(*(i for i, _ in found.terms), found.conductor) in {1, found.conductor}


@given(SUMS, st.sampled_from([2, 3, 4, 5, 9]), st.integers(0, 400), st.integers(-2, 2))
def test_equal_numbers_have_equal_forms(data, factor, shift, times):
    """The same number over more roots, with a vanishing sum of roots added."""
    order, terms = data
    found = Cyclotomic.sum_of_roots(order, terms)
    large = order * factor
    p = next(p for p in (2, 3, 5) if factor % p == 0)
    vanishing = [(shift + k * large // p, times) for k in range(p)]
    again = Cyclotomic.sum_of_roots(large, [*((i * factor, c) for i, c in terms), *vanishing])
    assert again == found
    assert hash(again) == hash(found)


@given(SUMS, SUMS)
def test_the_operations_are_those_of_complex_numbers(first, second):
    x, y = Cyclotomic.sum_of_roots(*first), Cyclotomic.sum_of_roots(*second)
    a, b = complex(x), complex(y)
    assert complex(x + y) == pytest.approx(a + b, abs=1e-9)
    assert complex(x - y) == pytest.approx(a - b, abs=1e-9)
    assert complex(x * y) == pytest.approx(a * b, abs=1e-8)
    assert complex(-x) == pytest.approx(-a, abs=1e-9)
    assert complex(x.conjugate()) == pytest.approx(a.conjugate(), abs=1e-9)
    assert x - x == 0
    assert not x - x
    assert (x * y).conjugate() == x.conjugate() * y.conjugate()


@given(SUMS)
def test_equality_agrees_with_the_numerical_value(data):
    found = Cyclotomic.sum_of_roots(*data)
    assert (found == 0) == (abs(value(*data)) < 1e-9)
    assert found.is_real == (abs(value(*data).imag) < 1e-9)


def test_galois_images_of_a_gaussian_sum_change_its_sign():
    root_of_5 = Cyclotomic.sum_of_roots(5, [(k * k, 1) for k in range(5)])
    assert root_of_5 * root_of_5 == 5
    assert root_of_5.galois(2) == -root_of_5
    assert root_of_5.galois(4) == root_of_5
    with pytest.raises(ValueError, match="prime to 5; got 10"):
        root_of_5.galois(10)


@pytest.mark.parametrize(
    ("number", "plain", "gap", "latex"),
    [
        (E(1) - 1, "0", "0", "0"),
        (3 * E(1), "3", "3", "3"),
        (-2 * E(4), "-2i", "-2*E(4)", "-2i"),
        (1 + 2 * E(4), "1+2i", "1+2*E(4)", "1 + 2i"),
        (E(3), "w", "E(3)", r"\omega"),
        (-E(3, 2), "-w^2", "-E(3)^2", r"-\omega^{2}"),
        (2 * E(3) + 3 * E(3, 2), "2w+3w^2", "2*E(3)+3*E(3)^2", r"2\omega + 3\omega^{2}"),
        (E(3) - E(3, 2), "i√3", "E(3)-E(3)^2", r"i\sqrt{3}"),
        (E(5) + E(5, 4), "(-1+√5)/2", "E(5)+E(5)^4", r"\frac{-1+\sqrt{5}}{2}"),
        (E(8) + E(8, 7), "√2", "E(8)-E(8)^3", r"\sqrt{2}"),
        (E(8) + E(8, 3), "i√2", "E(8)+E(8)^3", r"i\sqrt{2}"),
        (E(12) + E(12, 11), "√3", "-E(12)^7+E(12)^11", r"\sqrt{3}"),
        (1 - 2 * (E(8) + E(8, 7)), "1-2√2", "1-2*E(8)+2*E(8)^3", r"1-2\sqrt{2}"),
        (
            E(7) + E(7, 2) + E(7, 4),
            "(-1+i√7)/2",
            "E(7)+E(7)^2+E(7)^4",
            r"\frac{-1+i\sqrt{7}}{2}",
        ),
        (E(7) + E(7, 6), "E(7)+E(7)^6", "E(7)+E(7)^6", r"\zeta_{7} + \zeta_{7}^{6}"),
        (E(9), "E(9)", "-E(9)^4-E(9)^7", r"\zeta_{9}"),
        (-E(10), "E(5)^3", "E(5)^3", r"\zeta_{5}^{3}"),
        (E(12), "E(12)", "-E(12)^7", r"\zeta_{12}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_numbers_are_written_as_textbooks_and_gap_do(number, plain, gap, latex):
    assert (str(number), number.to_gap(), number.to_latex()) == (plain, gap, latex)


def test_integers_are_integers():
    three = E(3) + E(3, 2) + 4
    assert three == 3
    assert int(three) == 3
    assert hash(three) == hash(3)
    assert three.is_rational
    with pytest.raises(ValueError, match="w is not an integer"):
        int(E(3))
    with pytest.raises(ValueError, match="`order` must be positive; got 0"):
        E(0)
    assert repr(E(4)) == "Cyclotomic(E(4))"
