"""The class ``Table``: a partly known operation table with labels."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._errors import UnknownLabelError
from cayley._shapes import Int
from cayley.tables._frames import from_frame, to_frame, to_graph
from cayley.tables._html_grid import html_grid
from cayley.tables._labeled_cells import indices_of
from cayley.tables._reading import Reading
from cayley.tables._text_grid import table_lines
from cayley.tables.labels._strays import by_likeness

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

__all__ = ["UNKNOWN", "Table"]

E = TypeVar("E", bound=Hashable)

UNKNOWN = -1
"""The integer that stands for a cell whose product is not known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    r"""A partly known operation :math:`a \circ b = c` over labeled rows, columns and symbols.

    The table is a value: frozen, compared by content, its array read-only. Labels are opaque
    strings; only whether two of them are equal is ever used. The three alphabets may be
    three different sets (an isotope), or one (``has_one_alphabet``), in any order.

    Attributes:
        rows: Labels of the left operands, distinct, at least one.
        columns: Labels of the right operands, distinct, at least one.
        symbols: Labels of the results, distinct, at least one.
        array: Products, shape ``(len(rows), len(columns))``, int64: the index into ``symbols``, or
            -1 where the product is unknown.
        repeats: Further observations of cells that are already known, shape ``(k, 3)``, int64: row,
            column and symbol. They may agree or disagree with ``array`` and count as noisy data.
        reading: How the table was read, if it comes from a file; no part of what makes two tables
            equal, and lost when a table is made from another.

    Raises:
        ValueError: If labels repeat, the shape does not fit, or an entry is out of range.

    Example:
        >>> table = Table.from_array([[0, 1], [1, -1]])
        >>> table.order, table.num_observed, table["1", "0"], table["1", "1"]
        (2, 3, '1', None)
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    symbols: tuple[str, ...]
    array: Int[NDArray[Any], "r c"]
    repeats: Int[NDArray[Any], "k 3"] = field(default_factory=lambda: np.empty((0, 3), np.int64))
    reading: Reading | None = None

    def __post_init__(self) -> None:
        for name in ("rows", "columns", "symbols"):
            labels = tuple(str(label) for label in getattr(self, name))
            if not labels:
                raise ValueError(f"`{name}` must not be empty.")
            if len(set(labels)) < len(labels):
                # Quadratic, but only on the way to an error message.
                twice = next(label for i, label in enumerate(labels) if label in labels[:i])
                raise ValueError(f"`{name}` must be distinct; {twice!r} occurs twice.")
            object.__setattr__(self, name, labels)
        shape = (len(self.rows), len(self.columns))
        # The checks from here on are in this order because each one relies on those before: the
        # entries index `symbols`, and `repeats` index the array.
        array = _frozen_integers(self.array, "array")
        if array.shape != shape:
            raise ValueError(
                f"`array` must have shape {shape} to fit the labels; got {array.shape}."
            )
        if array.min() < UNKNOWN or array.max() >= len(self.symbols):
            raise ValueError(
                f"`array` must hold indices into {len(self.symbols)} symbols or -1; "
                f"got values from {array.min()} to {array.max()}."
            )
        repeats = _frozen_integers(self.repeats, "repeats").reshape(-1, 3)
        limits = (*shape, len(self.symbols))
        if len(repeats) and ((repeats < 0).any() or (repeats >= limits).any()):
            raise ValueError(f"`repeats` must hold (row, column, symbol) below {limits}.")
        if (array[repeats[:, 0], repeats[:, 1]] == UNKNOWN).any():
            raise ValueError("`repeats` must repeat cells that `array` knows.")
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "repeats", repeats)

    @classmethod
    def from_array(cls, array: ArrayLike, *, labels: Iterable[object] | None = None) -> "Table":
        """Make a table with one alphabet from a square array of integers, or of labels.

        Args:
            array: Products, shape ``(n, n)``, entries in ``0..n-1``, any negative one unknown. With
                ``labels`` the entries may be labels too, None or NaN where unknown.
            labels: The alphabet; ``0..n-1`` by default.

        Raises:
            TypeError: If ``array`` does not hold integers.
            ValueError: If ``array`` is not square or an entry is ``n`` or more.

        Example:
            >>> Table.from_array([[0, 1], [1, 0]], labels="ea")["a", "a"]
            'e'
            >>> Table.from_array([["a", "e"], ["e", None]], labels="ea").array.tolist()
            [[1, 0], [0, -1]]
        """
        products = np.asarray(array)
        if labels is not None:
            labels = tuple(str(label) for label in labels)
            if products.dtype.kind not in "iub" and products.ndim == 2:
                if products.shape != (len(labels), len(labels)):
                    raise ValueError(
                        f"`array` must have {len(labels)} rows and columns, as there are labels; "
                        f"got shape {products.shape}."
                    )
                # As objects: NumPy would turn the 1 of [1, "a"] into text, and None into "None".
                cells = np.asarray(array, dtype=object).tolist()
                _, products = indices_of(
                    cells, rows=labels, columns=labels, symbols=labels, name="array"
                )
        if products.dtype.kind not in "iu":
            raise TypeError(f"`array` must hold integers; got dtype {products.dtype}.")
        if products.ndim != 2 or products.shape[0] != products.shape[1]:
            raise ValueError(f"`array` must be square; got shape {products.shape}.")
        names = tuple(str(i) for i in range(len(products))) if labels is None else tuple(labels)
        # Any negative entry may mark an unknown product; inside the library there is only one such
        # number.
        products = np.maximum(products.astype(np.int64), UNKNOWN)
        return cls(rows=names, columns=names, symbols=names, array=products)

    @classmethod
    def from_operation(
        cls,
        operation: "Callable[[E, E], E | None] | Sequence[E]",
        elements: "Sequence[E] | Callable[[E, E], E | None]",
        *,
        labels: Sequence[str] | None = None,
    ) -> "Table":
        """Make the table of an operation on things of any kind.

        Args:
            operation: A function of the left and the right one; its result is one of ``elements``,
                or None where it is not known.
            elements: Different hashable things: labels, numbers, permutations as tuples. The two
                may come in either order.
            labels: Their names; ``str`` of each by default.

        Raises:
            TypeError: If none of the two is a function.
            ValueError: If an element occurs twice, a result is none of them, or the labels do not
                fit.

        Example:
            >>> Table.from_operation(lambda a, b: a * b % 8, [1, 3, 5, 7])["3", "5"]
            '7'
        """
        if not callable(operation):
            operation, elements = elements, operation
        if not callable(operation) or callable(elements):
            raise TypeError("`operation` must be a function, and `elements` what it works on.")
        index: dict[E | None, int] = {element: i for i, element in enumerate(elements)}
        if len(index) < len(elements):
            raise ValueError("`elements` must be different; some occur more than once.")
        index.setdefault(None, UNKNOWN)
        array = np.empty((len(elements), len(elements)), np.int64)
        for a, left in enumerate(elements):
            for b, right in enumerate(elements):
                result = operation(left, right)
                if result not in index:
                    raise ValueError(
                        f"`operation` must not lead out of `elements`; {left!r} o {right!r} is "
                        f"{result!r}."
                    )
                array[a, b] = index[result]
        return cls.from_array(array, labels=labels or [str(each) for each in elements])

    @classmethod
    def from_dataframe(cls, frame: Any) -> "Table":
        """Make a table from a DataFrame of pandas or polars.

        Args:
            frame: Index and columns are the labels, or the first column has those of the rows;
                None, NaN and markers such as ``?`` are unknown products. Whole numbers such as
                1.0 are read as 1.

        Raises:
            ValueError: If the rows are not labeled, or a value is no label; the message names its
                place and the nearest label.

        Example:
            >>> import pandas as pd
            >>> frame = pd.DataFrame({"e": ["e", "a"], "a": ["a", None]}, index=["e", "a"])
            >>> Table.from_dataframe(frame)["a", "e"]
            'a'
        """
        rows, columns, symbols, array = from_frame(frame, name="table")
        return cls(rows=rows, columns=columns, symbols=symbols, array=array)

    @classmethod
    def from_triples(
        cls,
        triples: Iterable[tuple[str, str, str]],
        *,
        labels: Sequence[str] | None = None,
        rows: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        symbols: Sequence[str] | None = None,
    ) -> "Table":
        """Make a table from ``(left, right, result)`` labels over given alphabets.

        The first observation of a cell goes into ``array``, every further one into ``repeats``.

        Args:
            triples: The observations.
            labels: The alphabet of those of the next three that are not given.
            rows: Labels of the left operands.
            columns: Labels of the right operands.
            symbols: Labels of the results.

        Raises:
            ValueError: If a label is not in its alphabet, or an alphabet is not given.

        Example:
            >>> table = Table.from_triples([("a", "b", "c")], rows="a", columns="b", symbols="c")
            >>> table["a", "b"]
            'c'
            >>> Table.from_triples([("e", "a", "a"), ("a", "a", "e")], labels="ea").num_observed
            2
        """
        rows, columns, symbols = (
            labels if names is None else names for names in (rows, columns, symbols)
        )
        if rows is None or columns is None or symbols is None:
            raise ValueError(
                "`labels` is missing: give it, or all of `rows`, `columns`, `symbols`."
            )
        index = [{label: i for i, label in enumerate(names)} for names in (rows, columns, symbols)]
        cells: dict[tuple[int, int], int] = {}
        repeats: list[tuple[int, int, int]] = []
        for left, right, result in triples:
            try:
                a, b, c = index[0][left], index[1][right], index[2][result]
            except KeyError:
                kinds = zip((left, right, result), index, ("row", "column", "symbol"), strict=True)
                label, kind = next(
                    (label, kind) for label, names, kind in kinds if label not in names
                )
                raise ValueError(f"{label!r} is not one of the {kind} labels.") from None
            if (a, b) in cells:
                repeats.append((a, b, c))
            else:
                cells[a, b] = c
        array = np.full((len(rows), len(columns)), UNKNOWN, np.int64)
        for (a, b), c in cells.items():
            array[a, b] = c
        return cls(
            rows=tuple(rows),
            columns=tuple(columns),
            symbols=tuple(symbols),
            array=array,
            repeats=np.array(repeats, np.int64).reshape(-1, 3),
        )

    @property
    def order(self) -> int:
        """The number of rows, columns and symbols.

        Raises:
            ValueError: If the three numbers differ.
        """
        sizes = (len(self.rows), len(self.columns), len(self.symbols))
        if not self.is_square:
            raise ValueError(f"rows, columns and symbols must be equally many; got {sizes}.")
        return sizes[0]

    @property
    def is_square(self) -> bool:
        """Whether rows, columns and symbols are equally many."""
        return len(self.rows) == len(self.columns) == len(self.symbols)

    @property
    def has_one_alphabet(self) -> bool:
        """Whether rows, columns and symbols are the same set of labels."""
        return self.is_square and set(self.rows) == set(self.columns) == set(self.symbols)

    @property
    def is_full(self) -> bool:
        """Whether every cell is known."""
        return bool((self.array != UNKNOWN).all())

    @property
    def num_observed(self) -> int:
        """The number of known cells (each counted once, however often it was observed)."""
        return int((self.array != UNKNOWN).sum())

    @property
    def observations(self) -> Int[NDArray[Any], "m 3"]:
        """Every observation as (row, column, symbol), row by row, then the repeats."""
        a, b = np.nonzero(self.array != UNKNOWN)
        cells = np.stack([a, b, self.array[a, b]], axis=1).astype(np.int64)
        return np.concatenate([cells, self.repeats])

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Yield every observation as labels (left, right, result)."""
        for a, b, c in self.observations.tolist():
            yield self.rows[a], self.columns[b], self.symbols[c]

    def aligned(self) -> "Table":
        """Return the same table with columns and symbols in the order of the rows.

        Only then do equal indices mean equal labels, which "identity" or "associative" need.

        Raises:
            ValueError: If the table has more than one alphabet.

        Example:
            >>> table = Table(rows="ea", columns="ae", symbols="ae", array=[[0, 1], [1, 0]])
            >>> table.aligned().array.tolist()
            [[0, 1], [1, 0]]
        """
        if not self.has_one_alphabet:
            raise ValueError("rows, columns and symbols must be the same set of labels.")
        columns = {label: i for i, label in enumerate(self.columns)}
        place = {label: i for i, label in enumerate(self.rows)}
        # One more entry than there are symbols: UNKNOWN is -1, so indexing by it gives this last
        # entry, which is UNKNOWN again.
        symbols = np.array([place[label] for label in self.symbols] + [UNKNOWN])
        order = [columns[label] for label in self.rows]
        # `order` says which old column comes i-th; repeats need the inverse, where an old column
        # went.
        from_old = np.argsort(order)
        repeats = self.repeats.copy()
        repeats[:, 1], repeats[:, 2] = from_old[repeats[:, 1]], symbols[repeats[:, 2]]
        return type(self)(
            rows=self.rows,
            columns=self.rows,
            symbols=self.rows,
            array=symbols[self.array[:, order]],
            repeats=repeats,
        )

    def with_array(self, array: ArrayLike) -> "Table":
        """Return a table with the same labels and other products, without the repeats."""
        return type(self)(
            rows=self.rows, columns=self.columns, symbols=self.symbols, array=np.asarray(array)
        )

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a DataFrame of labels, None where a product is unknown; repeats are left out.

        Raises:
            MissingExtraError: If pandas is not installed.

        Example:
            >>> Table.from_array([[0, 1], [1, -1]], labels="ea").to_dataframe().loc["e", "a"]
            'a'
        """
        return to_frame(self.rows, self.columns, self.symbols, self.array)

    def to_networkx(self, generators: Iterable[str] | None = None) -> "nx.MultiDiGraph":
        r"""Return the Cayley graph: an edge :math:`x \to x \circ s` for each x and generator s.

        Edges whose product is unknown are left out. The key of an edge and its attribute
        ``generator`` are the label of ``s``.

        Args:
            generators: Labels of columns; all of them by default.

        Raises:
            ValueError: If a generator is no column label.

        Example:
            >>> table = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
            >>> sorted(table.to_networkx(["1"]).edges())
            [('0', '1'), ('1', '2'), ('2', '0')]
        """
        chosen = self.columns if generators is None else tuple(generators)
        return to_graph(self.rows, self.columns, self.symbols, self.array, chosen)

    def __getitem__(self, labels: tuple[str, str]) -> str | None:
        left, right = labels
        sides = ((left, self.rows, "row"), (right, self.columns, "column"))
        for label, names, kind in sides:
            if label not in names:
                listed = by_likeness(str(label), names)
                more = ", ..." if len(names) > len(listed) else ""
                raise UnknownLabelError(
                    f"{label!r} is no {kind} label; the {kind}s are "
                    f"{', '.join(map(repr, listed))}{more}."
                )
        c = int(self.array[self.rows.index(left), self.columns.index(right)])
        return None if c == UNKNOWN else self.symbols[c]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return (
            (self.rows, self.columns, self.symbols) == (other.rows, other.columns, other.symbols)
            and np.array_equal(self.array, other.array)
            and np.array_equal(self.repeats, other.repeats)
        )

    def __hash__(self) -> int:
        # The repeats are left out: equal tables still have equal hashes, which is all that is
        # needed.
        return hash((self.rows, self.columns, self.symbols, self.array.tobytes()))

    def __repr__(self) -> str:
        sizes = f"{len(self.rows)} x {len(self.columns)} over {len(self.symbols)} symbols"
        return f"Table({sizes}, {self.num_observed} of {self.array.size} cells known)"

    def __str__(self) -> str:
        return "\n".join(table_lines(self.rows, self.columns, self.symbols, self.array))

    def _repr_html_(self) -> str:
        """Return the table for a notebook: colored by symbol, what is unknown as ``?``."""
        known = f"{self.num_observed} of {self.array.size} cells known"
        return html_grid(
            self.rows,
            self.columns,
            self.symbols,
            self.array,
            caption=f"{len(self.rows)} × {len(self.columns)} table, {known}",
            legend="" if self.is_full else "? unknown",
        )


def _frozen_integers(values: ArrayLike, name: str) -> Int[NDArray[Any], "..."]:
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise TypeError(f"`{name}` must hold integers; got dtype {array.dtype}.")
    array = np.array(array, dtype=np.int64, order="C")
    # A copy was made above, so freezing it does not freeze the caller's array.
    array.flags.writeable = False
    return array
