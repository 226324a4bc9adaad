import networkx as nx
import pytest
from sympy.combinatorics.fp_groups import FpGroup
from sympy.combinatorics.free_groups import free_group
from sympy.combinatorics.named_groups import AlternatingGroup, DihedralGroup, SymmetricGroup

from cayley.algebra import Group, identify
from cayley.tables import generate_family


@pytest.mark.parametrize("name", ["C1", "C6", "S4", "Q8", "A5", "C3xS3"])
def test_to_sympy_and_back_is_the_same_group(name):
    group = Group.from_table(generate_family(name))
    there = group.to_sympy()
    assert there.order() == group.order
    back = Group.from_sympy(there)
    assert identify(back).gap_id == identify(group).gap_id
    # the permutation takes the identity to the generator that it stands for
    for element, permutation in zip(group.generators, there.generators, strict=False):
        assert permutation(group.identity) == element


@pytest.mark.parametrize("group", [SymmetricGroup(4), AlternatingGroup(5), DihedralGroup(7)])
def test_permutation_groups_have_sympys_order(group):
    found = Group.from_sympy(group)
    assert (found.order, found.is_abelian) == (group.order(), group.is_abelian)


def test_presented_groups():
    _, a, b = free_group("a,b")
    group = Group.from_sympy(FpGroup(a.group, [a**4, a**2 * b**-2, b * a * b**-1 * a]))
    assert str(identify(group)) == "Q8 (GAP 8:4)"
    with pytest.raises(ValueError, match="infinite, or larger than `max_order`, which is 20"):
        Group.from_sympy(FpGroup(a.group, [a**2]), max_order=20)
    with pytest.raises(TypeError, match="PermutationGroup or an FpGroup of SymPy; got int"):
        Group.from_sympy(3)


def test_the_cayley_graph_is_connected_by_generators():
    group = Group.from_table(generate_family("A4"))
    graph = group.to_networkx(labels=list("abcdefghijkl"))
    assert nx.is_strongly_connected(graph)
    assert graph.number_of_edges() == 12 * len(group.generators)
    assert set(graph.nodes) == set("abcdefghijkl")
