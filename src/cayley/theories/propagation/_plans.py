r"""From laws to joins: which known products, met in which order, make an instance of a law.

Write :math:`P(l, r, v)` for "the product of l and r is v". A law is then a set of such *atoms*, one
for each product in it, over slots for its variables and products; the outermost products of the two
sides share one slot, since the law says that they are equal. What an instance of the law forces:

- All inner atoms known: the two outermost cells are equal, or one holds the value of a variable.
- All atoms known but an inner one: this one too, if the products around it can be cancelled. From
  :math:`x(yz) = v`, :math:`xw = v` and left cancellation follows :math:`yz = w`.

An instance becomes usable when the last of its atoms becomes known. So each rule is compiled once
for each atom that can be the last, into a `Plan`: bind this atom to a new cell, then find the
others step by step, the cheapest first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._terms import Law, Term, products

__all__ = ["Atom", "Effect", "Op", "Plan", "Step", "plans_of"]


class Atom(NamedTuple):
    """The product of slot ``left`` and slot ``right`` is slot ``value``."""

    left: int
    right: int
    value: int


class Op:
    """What a step does with its slots a, b, c; the bound ones are read, the others are set."""

    # The first two have one outcome at most; the compiled back end relies on their being first.
    LOOKUP = 0  # c := a*b
    CHECK = 1  # go on if a*b is c
    FREE = 2  # a := every element
    ROW = 3  # b := every element with a*b = c
    COLUMN = 4  # a := every element with a*b = c
    VALUE = 5  # a, b := every pair with a*b = c


class Effect:
    """What a plan concludes from an instance, in slots."""

    MERGE = 0  # the cells (a, b) and (c, d) are equal
    ASSIGN = 1  # the cell (a, b) holds c
    EQUAL = 2  # a is b
    # The cell (a, b) holds c if it is unknown. If it holds something else, the instance as it is
    # now makes the products around it contradict cancellation, which is found without this plan.
    CANCEL = 3


class Step(NamedTuple):
    """One step: an `Op` and the slots that it uses, 0 for those that it has no use for."""

    op: int
    a: int
    b: int = 0
    c: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to find instances of one law, given a new cell.

    Attributes:
        law: The place of the law in the theory.
        start: The atom that the new cell is; None if the plan runs once, before all cells.
        steps: What to do then.
        effect: What follows, see `Effect`.
        cells: The slots that the effect is about.
        num_slots: How many slots there are; the first are the variables of the law.
    """

    law: int
    start: Atom | None
    steps: tuple[Step, ...]
    effect: int
    cells: tuple[int, ...]
    num_slots: int


def plans_of(laws: Iterable[Law], conditions: Iterable[Condition]) -> tuple[Plan, ...]:
    """Return the plans of all laws, in the order of the laws.

    Args:
        laws: The laws.
        conditions: Which of the two cancellations hold; others have no effect here.

    Example:
        >>> from cayley.theories import parse_laws
        >>> for plan in plans_of(parse_laws("x(yz) = (xy)z"), ()):
        ...     print(plan.start, plan.steps, plan.cells)
        Atom(left=1, right=2, value=3) (Step(op=2, a=0, b=0, c=0), Step(op=0, a=0, b=1, c=5)) \
(0, 3, 5, 2)
        Atom(left=0, right=1, value=5) (Step(op=2, a=2, b=0, c=0), Step(op=0, a=1, b=2, c=3)) \
(0, 3, 5, 2)
    """
    demanded = frozenset(conditions)
    return tuple(
        plan
        for place, law in enumerate(laws)
        if not law.is_trivial
        for plan in _plans_of_law(place, law, demanded)
    )


def _plans_of_law(place: int, law: Law, conditions: frozenset[Condition]) -> Iterator[Plan]:
    slots: dict[Term, int] = {variable: variable for variable in range(law.num_variables)}
    for side in (law.left, law.right):
        for product in products(side):
            slots.setdefault(product, len(slots))
    atoms: dict[Term, Atom] = {
        each: _atom(each, slots) for each in slots if not isinstance(each, int)
    }
    sides = (law.left, law.right)
    outer = {side for side in sides if not isinstance(side, int)}
    # An outermost product may also be inside the other side, as in x*y = (x*y)*z.
    inner = {each for side in sides for each in products(side) if each != side}
    known = [atom for each, atom in atoms.items() if each in inner]
    effect, cells = _conclusion(law, slots)
    yield from _orders(place, known, effect, cells, len(slots))
    if inner & outer:
        return
    value = next((side for side in sides if isinstance(side, int)), len(slots))
    whole = [
        Atom(atom.left, atom.right, value) if each in outer else atom
        for each, atom in atoms.items()
    ]
    for term in _cancelled(law, conditions):
        dropped = atoms[term]
        others = [atom for atom in whole if atom != dropped]
        slots_of = (dropped.left, dropped.right, dropped.value)
        yield from _orders(place, others, Effect.CANCEL, slots_of, len(slots) + 1)


def _atom(product: Term, slots: dict[Term, int]) -> Atom:
    assert not isinstance(product, int)
    return Atom(slots[product[0]], slots[product[1]], slots[product])


def _conclusion(law: Law, slots: dict[Term, int]) -> tuple[int, tuple[int, ...]]:
    left, right = law.left, law.right
    if isinstance(left, int) and isinstance(right, int):
        return Effect.EQUAL, (left, right)
    if isinstance(left, int):
        left, right = right, left
    assert not isinstance(left, int)
    if isinstance(right, int):
        return Effect.ASSIGN, (slots[left[0]], slots[left[1]], right)
    return Effect.MERGE, (slots[left[0]], slots[left[1]], slots[right[0]], slots[right[1]])


def _cancelled(law: Law, conditions: frozenset[Condition]) -> dict[Term, None]:
    """Return the inner products from which everything around them can be cancelled.

    A product that occurs twice is left out: cancelling around one place needs it at the other.
    """
    found: list[Term] = []
    everywhere: list[Term] = []

    def visit(term: Term, *, free: bool) -> None:
        if isinstance(term, int):
            return
        everywhere.append(term)
        if free:
            found.append(term)
        visit(term[0], free=free and Condition.RIGHT_CANCELLATION in conditions)
        visit(term[1], free=free and Condition.LEFT_CANCELLATION in conditions)

    visit(law.left, free=True)
    visit(law.right, free=True)
    return {
        term: None
        for term in found
        if term not in (law.left, law.right) and everywhere.count(term) == 1
    }


def _orders(
    law: int, atoms: list[Atom], effect: int, cells: tuple[int, ...], num_slots: int
) -> Iterator[Plan]:
    """Yield one plan for each atom that may become known last."""
    starts: list[Atom | None] = [*atoms] or [None]
    for start in starts:
        bound = set() if start is None else set(start)
        rest = [atom for atom in atoms if atom is not start]
        steps: list[Step] = []
        while rest:
            atom = min(rest, key=lambda each: _cost(each, bound))
            rest.remove(atom)
            steps += _steps(atom, bound)
            bound |= set(atom)
        for slot in dict.fromkeys(cells):
            if slot not in bound:
                steps.append(Step(Op.FREE, slot))
                bound.add(slot)
        yield Plan(
            law=law,
            start=start,
            steps=tuple(steps),
            effect=effect,
            cells=cells,
            num_slots=num_slots,
        )


def _cost(atom: Atom, bound: set[int]) -> int:
    """Order atoms by how many instances looking them up leaves, roughly a power of the order."""
    left, right, value = (slot in bound for slot in atom)
    if left and right:
        return 0
    if value and (left or right):
        return 1
    if left or right:
        return 2
    return 3 if value else 4


def _steps(atom: Atom, bound: set[int]) -> Iterator[Step]:
    left, right, value = (slot in bound for slot in atom)
    if not left and not right and value and atom.left != atom.right:
        yield Step(Op.VALUE, *atom)
        return
    if value and left and not right:
        yield Step(Op.ROW, *atom)
        return
    if value and right and not left:
        yield Step(Op.COLUMN, *atom)
        return
    known = set(bound)
    for slot in (atom.left, atom.right):
        if slot not in known:
            yield Step(Op.FREE, slot)
            known.add(slot)
    yield Step(Op.CHECK if atom.value in known else Op.LOOKUP, *atom)
