import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.tables import Table, generate_family

LABELS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4).filter(
    lambda label: label == label.strip() and label not in {"?", ".", "-", "_", "*"}
)


@given(st.lists(LABELS, min_size=2, max_size=5, unique=True), st.data())
def test_a_frame_gives_the_same_table_back(labels, data):
    n = len(labels)
    cells = st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)
    array = data.draw(st.lists(cells, min_size=n, max_size=n))
    table = Table.from_array(np.array(array), labels=labels)
    assert Table.from_dataframe(table.to_dataframe()) == table


def test_the_graph_of_a_group_is_regular_and_connected():
    table = generate_family("D8")
    graph = table.to_networkx(["r", "s"])
    assert nx.is_strongly_connected(graph)
    assert {degree for _, degree in graph.out_degree()} == {2}
    for x, y, s in graph.edges(keys=True):
        assert table[x, s] == y
    # the two generators of the dihedral group: a prism of two squares
    assert nx.is_isomorphic(nx.Graph(graph), nx.circular_ladder_graph(4))


def test_unknown_products_have_no_edge():
    graph = Table.from_array([[0, 1], [1, -1]]).to_networkx()
    assert sorted(graph.edges(keys=True)) == [("0", "0", "0"), ("0", "1", "1"), ("1", "1", "0")]
    with pytest.raises(ValueError, match="'x' is none of them"):
        Table.from_array([[0]]).to_networkx(["x"])
