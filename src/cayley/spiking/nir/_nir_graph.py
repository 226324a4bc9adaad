"""The shape of a NIR graph: a chain from input to output, with loops at its neurons."""

from typing import Any

__all__ = ["NEURONS", "chain_of", "flat_graph", "kind_of"]

Edges = list[tuple[str, str]]
NEURONS = ("LIF", "CubaLIF", "IF")


def kind_of(node: Any) -> str:
    """Return what NIR calls a node."""
    return type(node).__name__


def flat_graph(graph: Any) -> tuple[dict[str, Any], Edges]:
    """Return nodes and edges with those of graphs within it in their place."""
    nodes: dict[str, Any] = {}
    enter: dict[str, str] = {}
    leave: dict[str, str] = {}
    edges: Edges = []
    for name, node in graph.nodes.items():
        if kind_of(node) != "NIRGraph":
            nodes[name] = node
            continue
        inner, joined = flat_graph(node)
        for key, each in inner.items():
            nodes[f"{name}.{key}"] = each
        edges += [(f"{name}.{a}", f"{name}.{b}") for a, b in joined]
        enter[name] = f"{name}.{_only(inner, 'Input', name)}"
        leave[name] = f"{name}.{_only(inner, 'Output', name)}"
    edges += [(leave.get(a, a), enter.get(b, b)) for a, b in graph.edges]
    # The ends of an inner graph do nothing: what comes in goes on to what follows.
    for name in [*enter.values(), *leave.values()]:
        before = [a for a, b in edges if b == name]
        after = [b for a, b in edges if a == name]
        edges = [e for e in edges if name not in e] + [(a, b) for a in before for b in after]
        del nodes[name]
    return nodes, list(dict.fromkeys(edges))


def _only(nodes: dict[str, Any], kind: str, where: str) -> str:
    names = [name for name, node in nodes.items() if kind_of(node) == kind]
    if len(names) != 1:
        raise ValueError(f"{where} must have one {kind} node; it has {len(names)}.")
    return names[0]


def chain_of(graph: Any) -> tuple[dict[str, Any], list[str], dict[str, list[list[str]]]]:
    """Return nodes, the names from input to output, and the loops at each neuron.

    Raises:
        ValueError: If the graph is no chain of nodes with loops at its neurons.
    """
    nodes, edges = flat_graph(graph)
    first, last = _only(nodes, "Input", "the graph"), _only(nodes, "Output", "the graph")
    chain, seen = [first], {first}
    loops: dict[str, list[list[str]]] = {}
    while chain[-1] != last:
        now = chain[-1]
        ways: list[str] = []
        for target in [b for a, b in edges if a == now]:
            loop = _loop(now, target, edges) if kind_of(nodes[now]) in NEURONS else None
            if loop is None:
                ways.append(target)
            else:
                loops.setdefault(now, []).append(loop)
                seen.update(loop)
        if len(ways) != 1 or ways[0] in seen:
            raise ValueError(
                f"the graph must be a chain from input to output with loops at its neurons; after "
                f"{now!r} it goes to {ways or 'nothing'}."
            )
        chain.append(ways[0])
        seen.add(ways[0])
    if unused := sorted(set(nodes) - seen):
        raise ValueError(f"nodes {unused} are not on the way from input to output.")
    return nodes, chain, loops


def _loop(neuron: str, start: str, edges: Edges) -> list[str] | None:
    """Return the nodes of a way that leads from a neuron back to it alone, or None."""
    way = [start]
    while True:
        after = [b for a, b in edges if a == way[-1]]
        into = [a for a, b in edges if b == way[-1]]
        if len(after) != 1 or len(into) != 1:
            return None
        if after[0] == neuron:
            return way
        if after[0] in way:
            return None
        way.append(after[0])
