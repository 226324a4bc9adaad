"""``Group``: a finite group given by its table, with its elements' orders and generators."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra.axioms._identity_element import has_identity
from cayley.algebra.axioms._latin_square import is_latin_square
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.groups._element_orders import orders_modulo
from cayley.algebra.groups._other_libraries import permutation_group_of, products_of_sympy_group
from cayley.algebra.groups._small_generating_set import small_generating_set
from cayley.tables import MAX_ORDER
from cayley.tables._full_square import TableLike, full_square, with_labels
from cayley.tables._html_grid import html_grid
from cayley.tables._table import Table
from cayley.tables.families._permutations import permutation_group_table

if TYPE_CHECKING:
    import networkx as nx
    from sympy.combinatorics import PermutationGroup

__all__ = ["Group", "as_group", "restricted_to"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """A finite group on the elements ``0..n-1``, compared by its table.

    Make one with :meth:`from_table`, which proves the axioms, or :meth:`from_permutations`; the
    constructor checks nothing. Derived attributes are computed once, on first use.

    Attributes:
        table: Products, shape ``(n, n)``, int64, read-only.
        identity: The index of the identity.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> s3.order, s3.is_abelian, s3.element_orders.tolist(), s3.generators
        (6, False, [1, 2, 2, 3, 3, 2], (3, 1))
    """

    table: Int[NDArray[Any], "n n"]
    identity: int
    # What is kept here follows from the table, so equality and hash leave it out.
    _memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        table = np.array(self.table, dtype=np.int64, order="C")
        table.flags.writeable = False
        object.__setattr__(self, "table", table)

    @classmethod
    def from_table(cls, table: TableLike) -> "Group":
        """Make a group from its table after checking the axioms exactly.

        A ``Table`` is aligned first: element ``i`` is the label ``table.rows[i]``.

        A finite associative Latin square has an identity and inverses, so nothing else needs
        checking; the identity is asked for first because its absence is the clearer message.

        Args:
            table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers
                in ``0..n-1``.

        Raises:
            TypeError: If the entries are not integers.
            ValueError: If an axiom fails; the message names the counterexample. A ``Table`` over
                several alphabets is refused too: no element is the same in all three.

        Example:
            >>> Group.from_table([[0, 1], [1, 0]]).order
            2
        """
        table = with_labels(table)
        products = full_square(table)
        # By position such a table could pass all tests, by an accident of the order of its labels.
        if isinstance(table, Table) and not table.has_one_alphabet:
            raise ValueError(
                "`table` must have one alphabet to be the table of a group; its rows, columns and "
                "symbols differ. Use `find_isotopism` for the group that it is an isotope of."
            )
        # Cheap checks first: O(n^2), then associativity by Light's test, O(n^2 log n).
        latin = is_latin_square(products)
        if latin.counterexample is not None:
            a, b, c, d = latin.counterexample
            raise ValueError(
                f"`table` must be the table of a group; cells ({a}, {b}) and ({c}, {d}) both hold "
                f"{products[a, b]}, so it is not a Latin square."
            )
        identity = has_identity(products)
        if identity.witness is None:
            raise ValueError(
                "`table` must be the table of a group; it has no identity. "
                "Use `find_isotopism` for a group with its rows, columns or symbols relabeled."
            )
        triple = is_associative(products).counterexample
        if triple is not None:
            a, b, c = triple
            raise ValueError(
                f"`table` must be the table of a group; it is not associative: "
                f"({a} {b}) {c} = {products[products[a, b], c]}, "
                f"but {a} ({b} {c}) = {products[a, products[b, c]]}."
            )
        return cls(table=products, identity=identity.witness)

    @classmethod
    def from_permutations(
        cls, generators: Sequence[Sequence[int]], *, max_order: int = 10_000
    ) -> "Group":
        """Make the group that permutations generate.

        Products apply the left factor first, as in GAP: ``(p q)[x] = q[p[x]]``. Elements are in
        lexicographic order of their images, so the identity is 0 and the table does not depend on
        which generators were given.

        Args:
            generators: Images of ``0..k-1`` under each permutation; none for the trivial group.
            max_order: The largest order to accept: a table has ``order ** 2`` entries.

        Raises:
            ValueError: If an entry is no permutation, degrees differ, or the group is too large.

        Example:
            >>> Group.from_permutations([[1, 2, 3, 0]]).element_orders.tolist()
            [1, 4, 2, 4]
        """
        table = permutation_group_table(generators, max_order=max_order)
        return cls(table=table.array, identity=0)

    @classmethod
    def from_sympy(cls, group: Any, *, max_order: int = MAX_ORDER) -> "Group":
        """Make a group from a ``PermutationGroup`` or an ``FpGroup`` of SymPy.

        Products apply the left factor first, as in SymPy. Elements are in lexicographic order of
        their images, those of an ``FpGroup`` as permutations of its elements.

        Args:
            group: The group of SymPy.
            max_order: The largest order to accept.

        Raises:
            TypeError: If it is no such group.
            ValueError: If it has more than ``max_order`` elements; an infinite one has.

        Example:
            >>> from sympy.combinatorics.named_groups import DihedralGroup
            >>> Group.from_sympy(DihedralGroup(5)).order
            10
        """
        return cls(table=products_of_sympy_group(group, max_order), identity=0)

    def to_sympy(self) -> "PermutationGroup":
        """Return the regular representation as a ``PermutationGroup`` of SymPy.

        Element ``g`` permutes ``0..n-1`` as ``x -> x g``, and the permutation takes the identity
        to ``g``. Its generators are those of ``generators``, in the same order.

        Example:
            >>> group = Group.from_table([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
            >>> group.to_sympy().order()
            3
        """
        return permutation_group_of(self.table, self.generators)

    def to_networkx(
        self, generators: Iterable[int] | None = None, *, labels: Sequence[str] | None = None
    ) -> "nx.MultiDiGraph":
        r"""Return the Cayley graph: an edge :math:`x \to x s` for each element and generator.

        The key of an edge and its attribute ``generator`` are the label of the generator.

        Args:
            generators: Elements; ``self.generators`` by default.
            labels: Names of the elements, which become the nodes; ``0..n-1`` as text by default.

        Example:
            >>> graph = Group.from_permutations([[1, 2, 0], [1, 0, 2]]).to_networkx()
            >>> graph.number_of_nodes(), graph.number_of_edges()
            (6, 12)
        """
        table = Table.from_array(self.table, labels=labels)
        chosen = self.generators if generators is None else generators
        return table.to_networkx([table.rows[s] for s in chosen])

    @property
    def order(self) -> int:
        """The number of elements."""
        return len(self.table)

    @property
    def inverses(self) -> Int[NDArray[Any], " n"]:
        """The inverse of each element, shape ``(n,)``, int64."""
        return self.once("inverses", lambda: (self.table == self.identity).argmax(axis=1))

    @property
    def element_orders(self) -> Int[NDArray[Any], " n"]:
        """The order of each element, shape ``(n,)``, int64."""
        return self.once("element_orders", self._element_orders)

    @property
    def generators(self) -> tuple[int, ...]:
        """A few elements that generate the group, none of them redundant; empty if trivial."""
        return self.once(
            "generators",
            lambda: small_generating_set(self.table, self.identity, self.element_orders),
        )

    @property
    def is_abelian(self) -> bool:
        """Whether all elements commute."""
        return self.once("abelian", lambda: np.array_equal(self.table, self.table.T))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Group):
            return NotImplemented
        return np.array_equal(self.table, other.table)

    def __hash__(self) -> int:
        return hash(self.table.tobytes())

    def __repr__(self) -> str:
        return f"Group(order={self.order}, identity={self.identity})"

    def _repr_html_(self) -> str:
        """Return the table for a notebook, colored by element."""
        names = tuple(map(str, range(self.order)))
        kind = "abelian group" if self.is_abelian else "group"
        return html_grid(
            names,
            names,
            names,
            self.table,
            caption=f"{kind} of order {self.order}, identity {self.identity}",
        )

    def _element_orders(self) -> Int[NDArray[Any], " n"]:
        trivial: Bool[NDArray[Any], " n"] = np.arange(self.order) == self.identity
        return orders_modulo(self.table, self.identity, trivial)

    def once(self, name: str, compute: Callable[[], T]) -> T:
        """Return what was computed under this name before; compute and keep it the first time.

        Other files of the library keep here what they prove about this group, so that nothing is
        proved twice. A kept array is made read-only.
        """
        if name not in self._memory:
            value = compute()
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            self._memory[name] = value
        return cast("T", self._memory[name])


def as_group(source: TableLike) -> Group:
    """Return a group as it is, and anything else through :meth:`Group.from_table`.

    Every public function of ``cayley.algebra`` about a group calls this first. A group that is
    given as a :class:`Group` keeps what was computed about it; a table is checked in every call, so
    make a group once where several functions are asked about it.

    Raises:
        TypeError: If the entries are not integers.
        ValueError: If it is not the table of a group.

    Example:
        >>> as_group([[0, 1], [1, 0]])
        Group(order=2, identity=0)
    """
    return source if isinstance(source, Group) else Group.from_table(source)


def restricted_to(group: Group, elements: Int[NDArray[Any], " m"]) -> Group:
    """Return a subgroup, given by all its elements, as a group on ``0..m-1``.

    Element ``i`` of the result is ``elements[i]``.

    Example:
        >>> c4 = Group.from_permutations([[1, 2, 3, 0]])
        >>> restricted_to(c4, np.array([0, 2])).table.tolist()
        [[0, 1], [1, 0]]
    """
    place = np.full(group.order, -1)
    place[elements] = np.arange(len(elements))
    return Group(
        table=place[group.table[np.ix_(elements, elements)]], identity=int(place[group.identity])
    )
