"""Todd-Coxeter coset enumeration that writes down why each product and coincidence holds.

A second, plain enumeration beside ``_todd_coxeter``: what it finds is a proof that a small program
can read, and costs a few microseconds for each relation scanned. The elements are names as in
`cayley._checker`: 0 is the unit, then the labels, then what is defined on the way.
"""

import copy
import time
from collections import defaultdict
from collections.abc import Sequence

from cayley.deduction.proofs._proof_lines import EQ, ProofLines
from cayley.deduction.proofs._relation_tables import RelationTables

__all__ = ["TracedEnumeration"]

_LOOKS = 256
"""Relations closed between two looks at the clock."""

_BATCH = 4
"""Edges that are defined at one coset before the next is chosen, as in ``_todd_coxeter_python``."""

Edge = tuple[int, int]
"""The other end, or the generator, and the fact that says so."""


class TracedEnumeration:
    """The elements of a group that some products are known of.

    Args:
        lines: The proof so far.
        given: Facts of it: products are the relations, equalities the first coincidences.
        order: How many labels there are of each kind.
        num_labels: How many labels there are, of all kinds.
        deadline: When to stop, on the monotonic clock.
        distinct: The kinds of which different labels are different elements; of a homotope only
            the symbols.

    Attributes:
        refutation: The step that shows two labels of a kind to be equal, or None.
        alive: The names of different elements, as far as known; 0 and what facts are about.
    """

    def __init__(
        self,
        lines: ProofLines,
        given: Sequence[int],
        order: int,
        num_labels: int,
        *,
        deadline: float,
        distinct: tuple[int, ...] = (0, 1, 2),
    ) -> None:
        self._distinct = distinct
        self.lines, self.order, self.num_labels = lines, order, num_labels
        self.refutation: int | None = None
        self.alive: set[int] = {0}
        self.num_defined = 0
        self._deadline = deadline
        self._leader: dict[int, int] = {}
        self._equal: dict[int, int] = {}  # the fact that a name is equal to its leader
        self._members: dict[int, list[int]] = {}
        self._out: dict[int, dict[int, Edge]] = defaultdict(dict)
        self._into: dict[int, dict[int, Edge]] = defaultdict(dict)
        self._across: dict[Edge, Edge] = {}
        self._users: dict[int, set[int]] = defaultdict(set)
        self._tables = RelationTables(num_labels + 1)
        self._units: dict[int, tuple[int, int]] = {}
        self._pending: dict[int, list[int]] = {}  # new edges v g: the v of each g
        self._coincidences: list[int] = []
        self._found_equal: set[Edge] = set()  # pairs of names that a coincidence is about
        self.generators: set[int] = set()
        for fact in given:
            self.generators |= {x for x in lines.facts[fact] if 0 < x <= num_labels}
        for fact in given:
            if lines.facts[fact][1] == EQ:
                self._coincidences.append(fact)
            else:
                self._relate(fact)
        for fact in given:
            if lines.facts[fact][1] != EQ:
                self.add(fact)

    def run(self, *, max_defined: int, until_complete: bool = False) -> bool:
        """Enumerate; return whether the group is known or refuted, False if a limit is reached.

        Args:
            max_defined: How many elements may be defined.
            until_complete: Whether to end as soon as the group is known, without looking whether
                anything refutes it.
        """
        while True:
            if not self.settle(until_complete=until_complete):
                return self.refutation is not None
            if self.is_complete:
                return True
            # Once elements are defined, restating what was found costs more than it finds.
            if not self.num_defined and self._refine():
                continue
            if self.num_defined >= max_defined or time.monotonic() > self._deadline:
                return False
            # Where nothing is lacking the labels generate fewer elements than the table has.
            if all(self._degree(v) == 2 * len(self.generators - {0}) for v in self.alive):
                return False
            self._define()

    @property
    def is_complete(self) -> bool:
        """Whether there are as many elements as in the table, and their products are known."""
        return len(self.alive) <= self.order and self.spans(self.full_columns())

    def full_columns(self) -> list[int]:
        """Return the elements by which every element has been multiplied from the right."""
        return [g for g in sorted(self.alive) if g and self._is_full(g)]

    def _is_full(self, g: int) -> bool:
        return len(self._users[g]) == len(self.alive) - 1  # 0 g = g is not stored

    def spans(self, generators: list[int]) -> bool:
        """Whether every element is a product of some that have full columns."""
        reached, waiting = {0}, [0]
        while waiting:
            v = waiting.pop()
            for g in generators:
                w = self.edge(v, g)[0]
                if w not in reached:
                    reached.add(w)
                    waiting.append(w)
        return len(reached) == len(self.alive)

    def find(self, x: int) -> int:
        """Return the name that stands for an element."""
        while x in self._leader:
            x = self._leader[x]
        return x

    def named(self, x: int) -> int | None:
        """Return the fact that a name is equal to the one that stands for it; None if it is it."""
        if x not in self._leader:
            return None
        fact, x = self._equal[x], self._leader[x]
        while x in self._leader:
            fact = self.lines.replace(
                fact, 2 if self.lines.facts[fact][2] == x else 0, self._equal[x]
            )
            x = self._leader[x]
        return fact

    def edge(self, v: int, g: int) -> Edge:
        """Return v g, or -1, with the fact."""
        if g == 0:
            return v, self._unit(v)[1]
        if v == 0:
            return g, self._unit(g)[0]
        return self._out[v].get(g, (-1, -1))

    def back(self, w: int, g: int) -> Edge:
        """Return v with v g = w, or -1, with the fact."""
        if g == 0:
            return w, self._unit(w)[1]
        if w == g:
            return 0, self._unit(g)[0]
        return self._into[w].get(g, (-1, -1))

    def add(self, fact: int) -> None:
        """Take a product into account, its names replaced by those that stand for them."""
        lines = self.lines
        fact = self._canonical(fact)
        p, q, r = lines.facts[fact]
        self.alive |= {p, q, r}
        known: tuple[int, int] | None = None  # a fact that agrees in two places; the third place
        if q == 0 or p == 0:
            known = (self._unit(p)[1] if q == 0 else self._unit(q)[0]), 2
        elif r == q:
            known = self._unit(q)[0], 0
        elif r == p:
            known = self._unit(p)[1], 1
        elif q in self._out[p]:
            known = self._out[p][q][1], 2
        elif q in self._into[r]:
            known = self._into[r][q][1], 0
        elif (p, r) in self._across:
            known = self._across[p, r][1], 1
        if known is not None:
            other, place = known
            x, y = lines.facts[other][place], lines.facts[fact][place]
            # Relations scanned together find the same coincidence again and again.
            if x != y and (x, y) not in self._found_equal:
                self._found_equal |= {(x, y), (y, x)}
                self._coincidences.append(lines.same(fact, other, place))
            return
        self._out[p][q] = r, fact
        self._into[r][q] = p, fact
        self._across[p, r] = q, fact
        self._users[q].add(p)
        self._tables.enter(p, q, r, lines.num_names)
        self._pending.setdefault(q, []).append(p)

    def settle(self, *, until_complete: bool = False) -> bool:
        """Deduce until nothing follows; return False if it is refuted or the time is over."""
        looks = 0
        while self._coincidences or self._pending:
            if self._coincidences:
                if not self._merge(self._coincidences.pop()):
                    return False
                continue
            # The new edges of one generator at a time, in the order of their first ones, and the
            # coincidences before the next, so that little is found twice under two names.
            g = next(iter(self._pending))
            sources = [v for v in dict.fromkeys(self._pending.pop(g)) if g in self._out[v]]
            for v, place, number in self._tables.open_corners(g, sources):
                if looks % _LOOKS == 0:
                    if time.monotonic() > self._deadline:
                        return False
                    if until_complete and not self._coincidences and self.is_complete:
                        return True
                looks += 1
                self._close(v, g, place, number)
        return True

    def observe(self, fact: int) -> None:
        """Take one more product of labels into account as a relation, and deduce."""
        self.generators |= {self.find(x) for x in self.lines.facts[fact]} - {0}
        self._relate(fact)
        self.add(fact)
        self.settle()

    def copy(self) -> "TracedEnumeration":
        """Return an enumeration of its own with the same content, which adds to the same proof."""
        other = copy.copy(self)
        for name in ("alive", "generators", "_found_equal"):
            setattr(other, name, set(getattr(self, name)))
        for name in ("_leader", "_equal", "_across", "_units"):
            setattr(other, name, dict(getattr(self, name)))
        other._members = {x: list(names) for x, names in self._members.items()}
        other._out = defaultdict(dict, {x: dict(edges) for x, edges in self._out.items()})
        other._into = defaultdict(dict, {x: dict(edges) for x, edges in self._into.items()})
        other._users = defaultdict(set, {x: set(users) for x, users in self._users.items()})
        other._tables = self._tables.copy()
        other._pending = {g: list(sources) for g, sources in self._pending.items()}
        other._coincidences = list(self._coincidences)
        return other

    def add_equality(self, fact: int) -> None:
        """Take an equality into account that gives an element one more label."""
        self._coincidences.append(fact)
        self.settle()

    def equate(self, fact: int) -> int:
        """Return the step that refutes an equality of two elements with labels of one kind."""
        lines = self.lines
        x, _, y = lines.facts[fact]
        for one in self._labels_of(x):
            for other in self._labels_of(y):
                kind = (one - 1) // self.order
                if one != other and kind == (other - 1) // self.order and kind in self._distinct:
                    for label, at in ((one, x), (other, y)):
                        equal = self.named(label)
                        if equal is not None and label != at:
                            place = 0 if lines.facts[fact][0] == at else 2
                            fact = lines.replace(fact, place, equal)
                    return lines.clash(fact)
        return -1

    def _labels_of(self, x: int) -> list[int]:
        return [each for each in self._members.get(x, [x]) if 0 < each <= self.num_labels]

    def kinds_of(self, x: int) -> set[int]:
        """Return the kinds of the labels that an element carries."""
        return {(each - 1) // self.order for each in self._labels_of(x)}

    def _unit(self, x: int) -> tuple[int, int]:
        if x not in self._units:
            self._units[x] = self.lines.unit(x)
        return self._units[x]

    def _canonical(self, fact: int) -> int:
        """Replace the names of a fact by those that stand for them."""
        for place in range(3):
            while (x := self.lines.facts[fact][place]) in self._leader:
                fact = self.lines.replace(fact, place, self._equal[x])
        return fact

    def _merge(self, fact: int) -> bool:
        """Make one element of two; return False if labels of one kind become equal."""
        x, _, y = self.lines.facts[fact]
        if self.find(x) == self.find(y):
            return True
        fact = self._canonical(fact)
        u, _, v = self.lines.facts[fact]
        u, v = min(u, v), max(u, v)  # 0 stays 0, and a row's name stays where there is one
        step = self.equate(fact)
        if step >= 0:
            self.refutation = step
            return False
        self.alive |= {u}
        self.alive.discard(v)
        moved = [self._remove(v, g) for g in list(self._out[v])]
        moved += [self._remove(p, g) for g, (p, _) in list(self._into[v].items())]
        moved += [self._remove(p, v) for p in list(self._users[v])]
        self._leader[v], self._equal[v] = u, fact
        self._members[u] = self._members.get(u, [u]) + self._members.pop(v, [v])
        self._move_relations(u, v)
        for each in moved:
            self.add(each)
        return True

    def _remove(self, p: int, q: int) -> int:
        r, fact = self._out[p].pop(q)
        del self._into[r][q], self._across[p, r]
        self._users[q].discard(p)
        self._tables.remove(p, q, r)
        return fact

    def _move_relations(self, u: int, v: int) -> None:
        """Let u stand for v as a generator, and scan its relations anew."""
        if v in self.generators:
            self.generators.discard(v)
            self.generators.add(u)
        for number in self._tables.withdraw(v):
            self._relate(self._tables.relations[number][3], number)

    def _relate(self, fact: int, number: int | None = None) -> None:
        """Make a product of generators a relation, to be scanned at every element."""
        fact = self._canonical(fact)
        a, b, c = self.lines.facts[fact]
        if self._tables.relate(a, b, c, fact, number):  # else `add` finds a coincidence
            for x in (a, b, c):
                self._pending.setdefault(x, []).extend(self._users[x])

    def _close(self, v: int, g: int, place: int, number: int) -> None:
        """Close a relation that the edge v g = w is part of, if two edges of it are known."""
        lines, (a, b, c, relation) = self.lines, self._tables.relations[number]
        w, fact = self._out[v][g]
        if place == 0:  # v a = w with a = g
            (x, third), (u, fourth) = self.edge(w, b), self.edge(v, c)
            if x != u and x >= 0:
                self.add(lines.associate(3, fact, relation, third))
            elif x != u:
                self.add(lines.associate(2, fact, relation, fourth))
        elif place == 1:  # w b = u with b = g
            (x, first), (y, fourth) = self.back(v, a), self.back(w, c)
            if x != y and x >= 0:
                self.add(lines.associate(3, first, relation, fact))
            elif x != y:
                self.add(lines.associate(0, relation, fact, fourth))
        else:  # v c = u with c = g
            (x, first), (y, third) = self.edge(v, a), self.back(w, b)
            if x != y and x >= 0:
                self.add(lines.associate(2, first, relation, fact))
            elif x != y:
                self.add(lines.associate(0, relation, third, fact))

    def _refine(self) -> bool:
        """State products of generators that were found as relations; return whether there are."""
        known = {each[:3] for each in self._tables.relations}
        most = 8 * len(self._tables.relations) + 100
        named = self.generators | {0}
        found = [
            fact
            for v in sorted(named - {0})
            for g, (w, fact) in self._out[v].items()
            if g in named and w in named and (v, g, w) not in known
        ]
        for fact in found[:most]:
            self._relate(fact)
        return bool(found)

    def _define(self) -> None:
        """Define products at the element that lacks fewest, where they close most relations."""
        columns = sorted(self.generators - {0})
        lacking = [v for v in self.alive if self._degree(v) < 2 * len(columns)]
        v = max(lacking, key=lambda v: (self._degree(v), -v))
        gains = []
        for g in columns:
            for side, missing in ((0, self.edge(v, g)[0] < 0), (1, self.back(v, g)[0] < 0)):
                if missing:
                    gains.append((-self._gain(v, g, side), g, side))
        for _, g, side in sorted(gains)[:_BATCH]:
            if self.find(v) != v or self.find(g) != g or self.refutation is not None:
                break
            if (self.edge(v, g) if side == 0 else self.back(v, g))[0] >= 0:
                continue
            self.num_defined += 1
            self.add(self.lines.define(v, g, 0, 2) if side == 0 else self.lines.define(0, g, v, 0))
            if not self.settle():
                break

    def _degree(self, v: int) -> int:
        """Count the known edges at an element; 0 g = g is known without being stored."""
        out = len(self.generators - {0}) if v == 0 else len(self._out[v])
        return out + len(self._into[v]) + (v in self.generators and v != 0)

    def _gain(self, v: int, g: int, side: int) -> int:
        """Count the relations that an edge would close."""
        known, numbers = self._tables.relations, self._tables.numbers
        relations = [[known[i] for i in numbers(place, g)] for place in range(3)]
        if side == 0:
            gain = sum(self.edge(v, c)[0] >= 0 for _, _, c, _ in relations[0])
            gain += sum(self.back(v, a)[0] >= 0 for a, _, _, _ in relations[1])
            return gain + sum(self.edge(v, a)[0] >= 0 for a, _, _, _ in relations[2])
        gain = sum(self.edge(v, b)[0] >= 0 for _, b, _, _ in relations[0])
        gain += sum(self.back(v, c)[0] >= 0 for _, _, c, _ in relations[1])
        return gain + sum(self.back(v, b)[0] >= 0 for _, b, _, _ in relations[2])
