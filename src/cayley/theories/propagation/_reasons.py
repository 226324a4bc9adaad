"""Why a cell is forced, and why there is no completion: laws with instances, and cells."""

from collections.abc import Iterator
from dataclasses import dataclass

from cayley.theories.laws._conditions import Cells, Condition
from cayley.theories.laws._terms import Law, products, variable_name
from cayley.theories.propagation._cells import GIVEN, Conflict, KnownCells

__all__ = ["Reason", "Refutation", "reason_of", "refutation_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """An instance of a law or some conditions, with the cells that force something under them.

    Attributes:
        law: The law, or None. It is one of the theory, or follows from it by a listed theorem, as
            ``x*(x*y) = (x*x)*y`` from the Moufang law; so with conditions.
        instance: The values of its variables, in the order x, y, z, w, ... of its text.
        conditions: The conditions, where it is not a law alone.
        cells: The rows and columns of the cells that are used.

    Without a law and conditions, an exhaustive search found every other value to be impossible.
    """

    law: Law | None = None
    instance: tuple[int, ...] = ()
    conditions: tuple[Condition, ...] = ()
    cells: Cells = ()

    def __str__(self) -> str:
        if self.law is not None:
            values = (f"{variable_name(i)} = {value}" for i, value in enumerate(self.instance))
            what = f"{self.law} at {', '.join(values)}"
        elif self.conditions:
            what = ", ".join(self.conditions)
        else:
            return "an exhaustive search refutes every other value"
        return f"{what}, because of {', '.join(map(str, self.cells))}" if self.cells else what


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """Why no operation with the theory has the given cells.

    Attributes:
        reason: The instance that fails, or the conditions that cannot hold, with the cells; without
            law and conditions if an exhaustive search found no completion.
        evidence: Given cells from which it follows already.
    """

    reason: Reason
    evidence: Cells

    def __str__(self) -> str:
        if self.reason.law is None and not self.reason.conditions:
            return "an exhaustive search finds no completion"
        return f"refuted: {self.reason}"


def reason_of(cells: KnownCells, laws: tuple[Law, ...], cell: int) -> Reason:
    """Return the reason for a cell that is not given, one step back."""
    step = int(cells.reason[cell]) if cells.table[cell] >= 0 else GIVEN
    if step < 0:
        return Reason()
    law = int(cells.step_law[step])
    if law < 0:
        note = cells.notes[-1 - law]
        return Reason(conditions=note.conditions, cells=note.cells)
    instance = tuple(cells.step_instance[step, : laws[law].num_variables].tolist())
    place = divmod(cell, cells.order)
    used = tuple(each for each in _cells_of(laws[law], instance, cells) if each != place)
    return Reason(law=laws[law], instance=instance, cells=used)


def refutation_of(cells: KnownCells, laws: tuple[Law, ...], conflict: Conflict) -> Refutation:
    """Return what the conflict says, and the given cells that it goes back to."""
    if conflict.note is not None:
        reason = Reason(conditions=conflict.note.conditions, cells=conflict.note.cells)
    else:
        law = laws[conflict.law]
        used = tuple(_cells_of(law, conflict.instance, cells))
        reason = Reason(law=law, instance=conflict.instance, cells=used)
    return Refutation(reason=reason, evidence=_given_behind(cells, laws, reason.cells))


def _given_behind(cells: KnownCells, laws: tuple[Law, ...], used: Cells) -> Cells:
    """Return the given cells that some cells go back to."""
    waiting, met = list(used), set(used)
    while waiting:
        a, b = waiting.pop()
        cell = a * cells.order + b
        if cells.table[cell] >= 0 and cells.reason[cell] != GIVEN:
            more = set(reason_of(cells, laws, cell).cells) - met
            met |= more
            waiting += more
    return tuple(
        sorted(
            (a, b)
            for a, b in met
            if cells.table[a * cells.order + b] >= 0 and cells.reason[a * cells.order + b] == GIVEN
        )
    )


def _cells_of(law: Law, instance: tuple[int, ...], cells: KnownCells) -> Iterator[tuple[int, int]]:
    """Yield the cells that an instance evaluates, each once, as far as they are known."""
    square = cells.square
    values: dict[object, int] = dict(enumerate(instance))
    met: set[tuple[int, int]] = set()
    for side in (law.left, law.right):
        for product in products(side):
            left, right = values.get(product[0], -1), values.get(product[1], -1)
            if left < 0 or right < 0:
                continue
            values[product] = int(square[left, right])
            if (left, right) not in met:
                met.add((left, right))
                yield left, right
