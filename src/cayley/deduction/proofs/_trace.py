"""Proofs that observed products force a table, or contradict each other, as lines to be replayed.

The answer is known from `deduce`; what is made here is a proof of it that `cayley._checker` reads
without trusting anything: a traced enumeration, of which only what is needed is kept.
"""

import math
import time
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.proofs._case_search import CaseSearch
from cayley.deduction.proofs._proof_lines import EQ, ProofLines
from cayley.deduction.proofs._traced_enumeration import TracedEnumeration
from cayley.deduction.universal_group._partial_table import PartialTable

__all__ = ["cells_trace", "consequences_trace", "forced_trace", "refuted_trace"]

_SYMBOLS = (2,)
"""The kind of which different labels are different elements in a homotope."""

_LARGEST_BY_CASES = 100
"""Up to this order what the enumeration leaves open is decided by cases, as long as there is time.
`decide` searches all groups up to order 32; beyond, a coset enumeration with other limits may have
found what this one has not."""

_CANDIDATES = 5
"""Elements that are tried as generators, by the length of the proof that their columns need: those
whose columns were found first, which are nearly always the best of all."""


def forced_trace(
    partial: PartialTable,
    table: Int[NDArray[Any], "n n"],
    *,
    time_limit: float = 60.0,
    max_defined: int | None = None,
) -> list[list[Any]] | None:
    """Return lines that prove every cell of the one table with the cells, None if none is found.

    Args:
        partial: The cells, and whether the table is a group or an isotope.
        table: That table.
        time_limit: Seconds.
        max_defined: How many elements may be defined beyond the labels; 50 times the order by
            default.
    """
    lines, enumeration = _enumeration(partial, time_limit / 2)
    n, kinds = partial.order, 1 + max(partial.kinds)
    most = 50 * n if max_defined is None else max_defined
    enumeration.run(max_defined=most, until_complete=True)
    if enumeration.refutation is not None:
        return None
    if enumeration.is_complete and len(enumeration.alive) == n:
        if all(_name_the_last(enumeration, kind) for kind in range(kinds)):
            return _columns(lines, enumeration, n, kinds)
        return None
    if n > _LARGEST_BY_CASES:
        return None
    return _forced_by_cases(partial, table, time.monotonic() + time_limit / 2)


def _forced_by_cases(
    partial: PartialTable, table: Int[NDArray[Any], "n n"], deadline: float
) -> list[list[Any]] | None:
    """Return lines that prove every cell, those that do not follow at once by cases."""
    lines, enumeration = _enumeration(partial, deadline - time.monotonic())
    search = CaseSearch(partial, lines, deadline)
    enumeration.settle()
    while (cell := search.next_cell(enumeration)) is not None:
        fact = search.split(enumeration, cell, keep=int(table[cell]))
        if fact is None:
            return None
        enumeration.observe(fact)
        if enumeration.refutation is not None:
            return None
    n = partial.order
    facts = [search.fact(enumeration, a, b, int(table[a, b])) for a in range(n) for b in range(n)]
    return lines.written(lines.needed(facts=facts))


def cells_trace(
    partial: PartialTable,
    wanted: Sequence[Sequence[int]],
    *,
    time_limit: float = 60.0,
    max_defined: int | None = None,
    homotope: bool = False,
) -> list[list[Any]] | None:
    """Return lines that prove some cells ``(a, b, c)``, None if one of them is not found.

    Args:
        partial: The given cells, and whether the table is a group or an isotope.
        wanted: The cells to prove.
        time_limit: Seconds.
        max_defined: How many elements may be defined beyond the labels.
        homotope: Whether the table is only a homotope of a group, though it is put as an isotope.
    """
    lines, enumeration = _enumeration(partial, time_limit, homotope=homotope)
    enumeration.run(max_defined=partial.order if max_defined is None else max_defined)
    if enumeration.refutation is not None:
        return None
    search = CaseSearch(partial, lines, time.monotonic() + time_limit)
    if homotope:
        _multiply(search, enumeration, wanted)
    facts = [search.fact(enumeration, *cell) for cell in wanted]
    return None if -1 in facts else lines.written(lines.needed(facts=facts))


def _multiply(
    search: CaseSearch, enumeration: TracedEnumeration, wanted: Sequence[Sequence[int]]
) -> None:
    """Define the products of rows and columns that are not known, until they are some element.

    In a group the columns of few elements give all others; those of a homotope's rows need not be
    all elements, so that each product is proved by itself. One that no label was seen for is the
    label for which nothing speaks against it.
    """
    for a, b, _ in wanted:
        v, g = enumeration.find(search.name(0, a)), enumeration.find(search.name(1, b))
        if enumeration.edge(v, g)[0] < 0:
            enumeration.generators.add(g)
            enumeration.add(enumeration.lines.define(v, g, 0, 2))
            if not enumeration.settle():
                return
    for a, b, c in wanted:
        if search.fact(enumeration, a, b, c) < 0:
            fact = search.split(enumeration, (a, b), keep=c, deepest=True)
            if fact is None:
                return
            enumeration.observe(fact)


def consequences_trace(
    partial: PartialTable, *, time_limit: float = 60.0, max_defined: int | None = None
) -> tuple[list[list[int]] | None, list[list[Any]]]:
    """Return the cells that an enumeration shows to follow, with lines that prove them.

    Args:
        partial: The given cells, and whether the table is a group or an isotope.
        time_limit: Seconds.
        max_defined: How many elements may be defined beyond the labels; as many as there are labels
            by default.

    Returns:
        The cells ``[a, b, c]`` beyond the given ones, None if the given ones contradict each other;
        and the lines.
    """
    lines, enumeration = _enumeration(partial, time_limit)
    n = partial.order
    enumeration.run(max_defined=n if max_defined is None else max_defined)
    if enumeration.refutation is not None:
        return None, lines.written(lines.needed([enumeration.refutation]))
    search = CaseSearch(partial, lines, math.inf)
    seen = set(map(tuple, partial.cells.tolist()))
    symbol = {enumeration.find(search.name(2, c)): c for c in range(n)}
    found, facts = [], []
    for a in range(n):
        for b in range(n):
            product = enumeration.edge(
                enumeration.find(search.name(0, a)), enumeration.find(search.name(1, b))
            )[0]
            c = symbol.get(product)
            if c is not None and (a, b, c) not in seen:
                found.append([a, b, c])
                facts.append(search.fact(enumeration, a, b, c))
    return found, lines.written(lines.needed(facts=facts))


def refuted_trace(
    partial: PartialTable,
    chosen: Sequence[int] | None = None,
    *,
    time_limit: float = 60.0,
    max_defined: int | None = None,
    homotope: bool = False,
) -> list[list[Any]] | None:
    """Return lines that prove two labels to be equal, None if none are found.

    Args:
        partial: The cells, and whether the table is a group or an isotope.
        chosen: The places of cells that are known to be inconsistent; all by default.
        time_limit: Seconds.
        max_defined: How many elements may be defined beyond the labels.
        homotope: Whether the table is only a homotope of a group, though it is put as an isotope.
    """
    lines, enumeration = _enumeration(partial, time_limit / 2, chosen, homotope=homotope)
    enumeration.run(max_defined=50 * partial.order if max_defined is None else max_defined)
    step = enumeration.refutation
    if step is None and partial.order <= _LARGEST_BY_CASES and not homotope:
        deadline = time.monotonic() + time_limit / 2
        lines, enumeration = _enumeration(partial, time_limit / 2, chosen)
        step = CaseSearch(partial, lines, deadline).refute(enumeration)
    return None if step is None else lines.written(lines.needed([step]))


def _enumeration(
    partial: PartialTable,
    time_limit: float,
    chosen: Sequence[int] | None = None,
    *,
    homotope: bool = False,
) -> tuple[ProofLines, TracedEnumeration]:
    n, isotope = partial.order, partial.assume is Structure.GROUP_ISOTOPE
    starts = (1, 1 + n, 1 + 2 * n) if isotope else (1, 1, 1)
    given: list[tuple[int, int, int]] = [
        (starts[0] + a, starts[1] + b, starts[2] + c) for a, b, c in partial.cells.tolist()
    ]
    if isotope:
        row, column = partial.gauge
        given += [(starts[0] + row, EQ, 0), (starts[1] + column, EQ, 0)]
    num_labels = 3 * n if isotope else n
    lines = ProofLines(given, 1 + num_labels)
    deadline = time.monotonic() + time_limit
    places = range(len(partial.cells)) if chosen is None else chosen
    begin = [*places, *range(len(partial.cells), len(given))]
    distinct = _SYMBOLS if homotope else (0, 1, 2)
    return lines, TracedEnumeration(
        lines, begin, n, num_labels, deadline=deadline, distinct=distinct
    )


def _name_the_last(enumeration: TracedEnumeration, kind: int) -> bool:
    """Show that the one element without a label of a kind has the one label that is not used."""
    n, lines = enumeration.order, enumeration.lines
    nameless = [x for x in sorted(enumeration.alive) if kind not in enumeration.kinds_of(x)]
    if not nameless:
        return True
    labels = range(1 + kind * n, 1 + (kind + 1) * n)
    unused = [x for x in labels if enumeration.find(x) not in enumeration.alive]
    if len(nameless) > 1 or len(unused) > 1:
        return False
    x, columns = nameless[0], enumeration.full_columns()
    cases, refutations = lines.cases(x, EQ, kind), []
    for label in labels:
        if label == unused[0]:
            continue
        fact = lines.case(cases, label)
        step = _told_apart(enumeration, x, label, fact, columns)
        if step < 0:
            return False
        refutations.append(step)
    enumeration.add_equality(lines.end(cases, refutations, unused[0]))
    return True


def _told_apart(
    enumeration: TracedEnumeration, x: int, label: int, fact: int, columns: list[int]
) -> int:
    """Return the step that refutes x = label, which a fact says: a product of both with one g."""
    lines, y = enumeration.lines, enumeration.find(label)
    equal = enumeration.named(label)
    for g in columns:
        (v, one), (w, other) = enumeration.edge(x, g), enumeration.edge(y, g)
        if enumeration.kinds_of(v) & enumeration.kinds_of(w):
            one = lines.replace(one, 0, fact)
            if equal is not None:
                other = lines.replace(other, 0, equal)
            return enumeration.equate(lines.same(one, other, 2))
    return -1


def _columns(
    lines: ProofLines, enumeration: TracedEnumeration, n: int, kinds: int
) -> list[list[Any]]:
    """Return the lines that give all columns: some from products, the others by composing."""
    rows = [enumeration.find(1 + a) for a in range(n)]
    names = [enumeration.named(1 + a) for a in range(n)]
    steps = [lines.frame(rows, [-1 if i is None else i for i in names])]
    known = lines.needed(steps)
    generators: list[int] = []
    full = enumeration.full_columns()
    while not enumeration.spans(generators):
        reached = _reached(enumeration, generators)
        found = {g: [enumeration.edge(v, g)[1] for v in rows] for g in full if g not in reached}
        early = dict(sorted(found.items(), key=lambda column: sum(column[1]))[:_CANDIDATES])
        costs = {g: len(lines.needed(facts=used, known=known)) for g, used in early.items()}
        generators.append(min(early, key=costs.__getitem__))
        steps.append(lines.column(generators[-1], early[generators[-1]]))
        known |= lines.needed(steps[-1:], known=known)
    reached, waiting = {0}, [0]
    while waiting:
        v = waiting.pop(0)
        for g in generators:
            w, fact = enumeration.edge(v, g)
            if w not in reached:
                reached.add(w)
                waiting.append(w)
                if w not in generators:
                    steps.append(lines.compose(fact))
    first = 1 + n if kinds == 3 else 1
    for label in range(first, first + n):
        equal = enumeration.named(label)
        if equal is not None:
            steps.append(lines.compose(equal))
    start = 1 + (kinds - 1) * n
    inside = set(rows)
    equals = [None if s in inside else enumeration.named(s) for s in range(start, start + n)]
    steps.append(lines.symbols([-1 if i is None else i for i in equals]))
    return lines.written(lines.needed(steps))


def _reached(enumeration: TracedEnumeration, generators: list[int]) -> set[int]:
    reached, waiting = {0}, [0]
    while waiting:
        v = waiting.pop()
        for g in generators:
            w = enumeration.edge(v, g)[0]
            if w not in reached:
                reached.add(w)
                waiting.append(w)
    return reached
