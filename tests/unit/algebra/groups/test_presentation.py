import pytest
from sympy.combinatorics.fp_groups import FpGroup
from sympy.combinatorics.free_groups import free_group

from cayley.algebra import Group, short_presentation
from cayley.algebra.groups._cayley_graph import CayleyGraph
from cayley.tables import all_small_groups, generate_family

NAMES = ["C1", "C6", "C2xC2xC2", "S3", "D8", "Q8", "A4", "S4", "21:1", "24:3", "32:49", "A5"]


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def evaluate(group, presentation, word):
    x = group.identity
    for letter in word:
        y = presentation.generators[abs(letter) - 1]
        x = group.table[x, y if letter > 0 else group.inverses[y]]
    return int(x)


def check(group, presentation):
    for word in presentation.relators:
        assert evaluate(group, presentation, word) == group.identity


@pytest.mark.parametrize("name", NAMES)
def test_coset_enumeration_agrees_on_the_order(name):
    group = family(name)
    found = short_presentation(group)
    check(group, found)
    if not found.generators:
        assert group.order == 1
        return
    free, *letters = free_group(", ".join(found.names))
    relators = []
    for word in found.relators:
        product = free.identity
        for letter in word:
            product = product * letters[abs(letter) - 1] ** (1 if letter > 0 else -1)
        relators.append(product)
    table = FpGroup(free, relators).coset_enumeration([])
    table.compress()
    assert len(table.table) == group.order


@pytest.mark.parametrize("entry", all_small_groups()[3::60], ids=lambda e: f"{e.order}-{e.id}")
def test_a_sample_of_small_groups_has_short_ones(entry):
    group = Group.from_permutations(entry.generators)
    found = short_presentation(group)
    check(group, found)
    assert len(found.generators) <= len(group.generators) or len(found.generators) <= 2
    assert len(found.relators) <= 3 * (len(found.generators) + 1) ** 2


def test_too_few_relators_do_not_pass_for_a_presentation():
    """<a, b | a^2, b^3> is infinite, <a, b | a^2, b^3, (ab)^4> is S4; both hold in it."""
    s4 = family("S4")
    a, b = next(
        (int(a), int(b))
        for a in range(24)
        for b in range(24)
        if [s4.element_orders[x] for x in (a, b, s4.table[a, b])] == [2, 3, 4]
    )
    graph = CayleyGraph(s4, (a, b))
    few = [(1, 1), (2, 2, 2)]
    assert not graph.is_presented_by(few)
    assert graph.is_presented_by([*few, (1, 2) * 4])


def test_an_edge_that_is_passed_twice_is_not_closed():
    """In C4 the relator a^8 holds, and <a | a^8> is the group of order 8."""
    graph = CayleyGraph(family("C4"), (1,))
    assert not graph.is_presented_by([(1,) * 8])
    assert graph.is_presented_by([(1,) * 4])


def test_it_is_written_in_three_ways():
    found = short_presentation(family("Q8"))
    assert str(found) == "< a, b | abab^-1, aba^-1b >"
    assert found.to_gap() == 'FreeGroup("a", "b") / [a*b*a*b^-1, a*b*a^-1*b]'
    assert found.to_latex() == r"\langle a, b \mid abab^{-1}, aba^{-1}b \rangle"
    assert str(short_presentation(family("C1"))) == "< | >"
