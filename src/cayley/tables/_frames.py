"""Between tables and DataFrames and graphs, which other libraries make."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from cayley._errors import MissingExtraError
from cayley._shapes import Int
from cayley.tables._bare_grid import Labeled, labeled_grid
from cayley.tables._labeled_cells import indices_of, label_of

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

__all__ = ["from_frame", "is_dataframe", "to_frame", "to_graph"]


def is_dataframe(source: object) -> bool:
    """Return whether something is a DataFrame of pandas or polars, importing neither."""
    return any(
        each.__name__ == "DataFrame" and each.__module__.split(".")[0] in ("pandas", "polars")
        for each in type(source).__mro__
    )


def from_frame(frame: Any, *, name: str) -> Labeled:
    """Return the labels and indices of a DataFrame.

    Index and columns are the labels of rows and columns. The first column is the labels of the rows
    if it has the same labels as the other columns. A frame that names neither is a bare grid.

    Raises:
        ValueError: If rows and columns are labeled by nothing that fits, or a value is no label.
    """
    columns = [label_of(label) for label in frame.columns]
    polars = type(frame).__module__.startswith("polars")
    index = range(frame.height) if polars else frame.index
    counted = polars or type(index).__name__ == "RangeIndex"
    cells = [list(row) for row in (frame.rows() if polars else frame.to_numpy(object))]
    rows = [label_of(label) for label in index]
    if not cells or not columns:
        raise ValueError(f"`{name}` must not be empty; got a DataFrame of shape {frame.shape}.")
    numbers = [str(i) for i in range(len(rows))]
    if set(rows) != set(columns):
        first = [label_of(row[0]) for row in cells]
        if len(columns) > 1 and set(first) == set(columns[1:]):
            rows, columns, cells = first, columns[1:], [row[1:] for row in cells]
        elif counted and rows == numbers:
            raise ValueError(
                f"`{name}` has the columns {', '.join(columns[:8])} and rows that are only "
                "counted. Name the rows: `frame.index = frame.columns`, or set the index to them."
            )
    elif counted and rows == columns == numbers:
        return labeled_grid(frame.to_numpy(object), name=name)
    symbols, array = indices_of(cells, rows=rows, columns=columns, name=name)
    return Labeled(tuple(rows), tuple(columns), symbols, array)


def to_frame(
    rows: Sequence[str],
    columns: Sequence[str],
    symbols: Sequence[str],
    array: Int[NDArray[Any], "r c"],
) -> "pd.DataFrame":
    """Return a DataFrame of labels, None where the product is unknown."""
    try:
        import pandas as pd  # an extra: imported only where a DataFrame is asked for
    except ImportError:
        raise MissingExtraError("pandas", "tables") from None
    texts = [*symbols, None]  # -1, unknown, reads the last
    cells = [[texts[c] for c in row] for row in array.tolist()]
    return pd.DataFrame(cells, index=list(rows), columns=list(columns), dtype=object)


def to_graph(
    rows: Sequence[str],
    columns: Sequence[str],
    symbols: Sequence[str],
    array: Int[NDArray[Any], "r c"],
    generators: Iterable[str],
) -> "nx.MultiDiGraph":
    """Return the graph with an edge from each x to each known product x s, s a generator."""
    import networkx as nx  # comes with torch, and takes a fifth of a second to load

    graph = nx.MultiDiGraph()
    graph.add_nodes_from(rows)
    place = {label: b for b, label in enumerate(columns)}
    for s in generators:
        if s not in place:
            raise ValueError(f"`generators` must be column labels; {s!r} is none of them.")
        for a, c in enumerate(array[:, place[s]].tolist()):
            if c >= 0:
                graph.add_edge(rows[a], symbols[c], key=s, generator=s)
    return graph
