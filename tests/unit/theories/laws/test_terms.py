import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.theories import Law, law, parse_laws
from cayley.theories.laws._terms import order_key, variable_name

TERMS = st.recursive(st.integers(0, 5), lambda inner: st.tuples(inner, inner), max_leaves=8)
LAWS = st.builds(Law, TERMS, TERMS)


@given(LAWS)
def test_what_is_printed_reads_back(each):
    assert parse_laws(str(each)) == (each,)


@given(LAWS)
def test_the_canonical_form_is_the_same_for_both_orders_of_the_sides(each):
    canonical = each.canonical()
    assert canonical == each.swapped().canonical()
    assert canonical in (each, each.swapped())
    assert order_key(canonical) <= order_key(canonical.swapped())


@given(LAWS, st.permutations(range(6)))
def test_names_of_variables_do_not_matter(each, names):
    def renamed(term):
        return names[term] if isinstance(term, int) else tuple(map(renamed, term))

    if each.num_variables <= 6:
        assert Law(renamed(each.left), renamed(each.right)) == each


@given(LAWS)
def test_the_dual_of_the_dual_is_the_law(each):
    assert each.dual().dual() == each
    assert each.dual().num_operations == each.num_operations


def test_duals():
    assert law(40).dual() == law(40)
    assert str(parse_laws("x(xy) = y")[0].dual()) == "(x*y)*y = x"


@pytest.mark.parametrize(("number", "name"), [(0, "x"), (3, "w"), (24, "a"), (25, "x1")])
def test_variables_have_letters(number, name):
    assert variable_name(number) == name
