r"""The cell whose answer has the largest entropy, over all groups that agree with the cells.

For each way in which the seen labels are elements of a group, the product of two of them is a seen
symbol or one that was not seen. A symbol not seen is any of them with the same probability. An
operand that was not seen is any of the elements that are left, so one such operand stands for all.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Structure
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._consistent_groups import ConsistentGroups
from cayley.next_cell._question import Proposal

__all__ = ["best_by_entropy", "forced_by_ways"]

_SCORED_WAYS = 600
"""Ways that are used to compare cells: their entropies are wrong by about 0.1 bits then, less than
the best cells differ from useless ones. The entropy that is said is computed from all ways."""

_MOST_NEW_WAYS = 10_000
"""A question with an operand that was not seen multiplies the ways. So many of them still take less
than 0.2 s at order 24."""

_NOTHING = 1e-9
"""Entropies below are rounding errors: the answer is forced."""


class Outcomes:
    """The distribution of the answer for every cell."""

    def __init__(self, ways: ConsistentGroups, *, assume: Structure) -> None:
        self.ways, self.is_group = ways, assume is Structure.GROUP
        self.n = ways.elements.shape[2]
        self.seen = [np.flatnonzero(ways.elements[0, kind] >= 0) for kind in range(3)]
        self.num_new = self.n - len(self.seen[2])
        # The symbol of each element; n for one whose symbol was not seen.
        self.symbol = np.full((len(ways.which), self.n), self.n)
        np.put_along_axis(
            self.symbol,
            ways.elements[:, 2, self.seen[2]].astype(np.int64),
            np.broadcast_to(self.seen[2], (len(ways.which), len(self.seen[2]))),
            axis=1,
        )

    def products(self, row: Int[NDArray[Any], "w r"], column: Int[NDArray[Any], "w c"]) -> Any:
        """Return the elements that are products, shape ``(w, r, c)``."""
        which = self.ways.which[:, None, None]
        return self.ways.groups[which, row[:, :, None], column[:, None, :]]

    def seen_entropies(
        self, classes: Int[NDArray[Any], " w"], symbol: Int[NDArray[Any], "w n"], virtual: int
    ) -> Float[NDArray[Any], "r c"]:
        """Return the entropy of each product of seen operands, given the class of each way."""
        rows, columns = self.seen[0], self.seen[1]
        elements = self.ways.elements
        products = self.products(elements[:, 0, rows], elements[:, 1, columns])
        answer = np.take_along_axis(symbol, products.reshape(len(symbol), -1), axis=1)
        cells, size = answer.shape[1], self.n + 1 + virtual
        total = np.zeros(cells)
        for each in range(int(classes.max()) + 1):
            chosen = classes == each
            index = np.arange(cells) * size + answer[chosen]
            weights = np.repeat(self.ways.weights[chosen], cells)
            counts = np.bincount(index.ravel(), weights, minlength=cells * size)
            total += _entropies(counts.reshape(cells, size), self.n, self.num_new - virtual)
        entropies: NDArray[Any] = total.reshape(len(rows), len(columns))
        return entropies

    def entropy(self, row: int, column: int) -> float:
        """Return the entropy of the answer for any cell, from all ways."""
        known, counts = self._distribution(row, column)
        # An operand that was not seen can be the answer itself, in a group.
        own = 0 if known or not self.is_group else len({row, column} - set(self.seen[0].tolist()))
        return float(_entropies(counts[None], self.n, self.num_new - own)[0])

    def _distribution(self, row: int, column: int) -> tuple[bool, Float[NDArray[Any], " k"]]:
        """Return whether both operands were seen, and the probability of each answer.

        Places 0 to n - 1 are seen symbols, n is a new symbol; n + 1 and n + 2 stand for an operand
        that was not seen.
        """
        ways, n = self.ways, self.n
        operands, new = [], []
        for kind, label in ((0, row), (1, column)):
            fixed = ways.elements[:, kind, label].astype(np.int64)
            if (fixed >= 0).all():
                operands.append(fixed[:, None])
            else:
                operands.append(self._left(kind))
                new.append(kind)
        left, right = operands
        if len(new) == 2:
            pairs = left.shape[1], right.shape[1]
            left, right = np.repeat(left, pairs[1], axis=1), np.tile(right, (1, pairs[0]))
            if self.is_group:
                same = left == right
                keep = same if row == column else ~same
                width = int(keep[0].sum())
                left, right = left[keep].reshape(-1, width), right[keep].reshape(-1, width)
        products = ways.groups[ways.which[:, None], left, right]
        answer = np.take_along_axis(self.symbol, products, axis=1)
        if self.is_group:
            for place, kind in enumerate(new):
                answer = np.where(products == (left, right)[kind], n + 1 + place, answer)
            if len(new) == 2 and row == column:
                answer = np.minimum(answer, n + 1)
        weights = np.repeat(ways.weights / answer.shape[1], answer.shape[1])
        return not new, np.bincount(answer.ravel(), weights, minlength=n + 3)

    def _left(self, kind: int) -> Int[NDArray[Any], "w k"]:
        """Return the elements that no seen label of a kind is."""
        ways, n = self.ways, self.n
        used = np.zeros((len(ways.which), n), bool)
        np.put_along_axis(
            used, ways.elements[:, kind, self.seen[kind]].astype(np.int64), True, axis=1
        )
        return np.nonzero(~used)[1].reshape(len(used), -1)


def _entropies(
    counts: Float[NDArray[Any], "c k"], new: int, num_new: int
) -> Float[NDArray[Any], " c"]:
    """Return the entropy of each row in bits; what is new is one of ``num_new`` alike."""
    total = counts.sum(axis=1, keepdims=True)
    share = counts / np.where(total > 0, total, 1.0)
    entropy = -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=1)
    if num_new > 1:
        entropy = entropy + share[:, new] * np.log2(num_new)
    found: NDArray[Any] = entropy * total[:, 0]
    return found


def forced_by_ways(ways: ConsistentGroups, partial: PartialTable) -> Int[NDArray[Any], "n n"]:
    """Return the cells that are known or the same in all ways, -1 elsewhere."""
    outcomes = Outcomes(ways, assume=partial.assume)
    rows, columns = outcomes.seen[:2]
    table = np.full((partial.order, partial.order), -1)
    if len(rows) and len(columns):
        elements = ways.elements.astype(np.int64)
        products = outcomes.products(elements[:, 0, rows], elements[:, 1, columns])
        shape = products.shape
        answers = np.take_along_axis(outcomes.symbol, products.reshape(shape[0], -1), axis=1)
        same = (answers == answers[0]).all(axis=0) & (answers[0] < partial.order)
        table[np.ix_(rows, columns)] = np.where(same, answers[0], -1).reshape(shape[1:])
    table[partial.cells[:, 0], partial.cells[:, 1]] = partial.cells[:, 2]
    return table


def best_by_entropy(
    ways: ConsistentGroups,
    partial: PartialTable,
    *,
    count: int,
    costs: Float[NDArray[Any], "n n"],
    random: np.random.Generator,
) -> list[Proposal] | None:
    """Return the cells that say most together for what they cost; none if the table is unique.

    Args:
        ways: All ways in which the seen labels are elements of groups.
        partial: The cells.
        count: How many cells, to be asked at once.
        costs: The cost of each cell, infinite where it cannot be observed.
        random: Draws the ways that cells are compared by.

    Returns:
        The cells; None if none of those that can be observed says anything.
    """
    n = partial.order
    outcomes = Outcomes(ways, assume=partial.assume)
    known = np.zeros((n, n), bool)
    known[partial.cells[:, 0], partial.cells[:, 1]] = True
    closed = known | ~np.isfinite(costs)
    sample = Outcomes(ways.sample(_SCORED_WAYS, random), assume=partial.assume)
    found: list[Proposal] = []
    batch = _Batch(np.zeros(len(sample.ways.which), np.int64), sample.symbol.copy(), 0)
    for _ in range(count):
        cell = _best(sample, outcomes, batch, np.where(closed, np.inf, costs))
        if cell is None:
            break
        found.append(_proposal(outcomes, *cell, assume=partial.assume))
        closed[cell] = True
        if count > 1 and all(label in sample.seen[kind] for kind, label in enumerate(cell)):
            batch = _answered(sample, cell, batch)
    if found:
        return found
    open_ = _representatives(outcomes, np.argwhere(~known))
    return None if any(outcomes.entropy(a, b) > _NOTHING for a, b in open_) else []


class _Batch(NamedTuple):
    """What is asked for already: the ways divided by those answers, and the symbols so far."""

    classes: Int[NDArray[Any], " w"]
    symbol: Int[NDArray[Any], "w n"]
    virtual: int


def _best(
    sample: Outcomes, outcomes: Outcomes, batch: _Batch, costs: Float[NDArray[Any], "n n"]
) -> tuple[int, int] | None:
    """Return the cell with the largest entropy for its cost, which is infinite if it is closed."""
    rows, columns = sample.seen[0], sample.seen[1]
    best, cell = _NOTHING, None
    if len(rows) and len(columns):
        value = sample.seen_entropies(*batch) / costs[np.ix_(rows, columns)]
        # Rounded, so that of cells that say the same the first is taken on every machine.
        a, b = divmod(int(np.round(value, 9).argmax()), len(columns))
        if value[a, b] > best:
            best, cell = float(value[a, b]), (int(rows[a]), int(columns[b]))
    ways = len(outcomes.ways.which) * max(sample.num_new, 1)
    if not batch.virtual and (cell is None or ways <= _MOST_NEW_WAYS):
        for a, b in _representatives(sample, np.argwhere(np.isfinite(costs)), seen=False):
            new = sum(label not in sample.seen[kind] for kind, label in enumerate((a, b)))
            if new == 2 and cell is not None and ways * sample.num_new > _MOST_NEW_WAYS:
                continue
            value_ = sample.entropy(a, b) / costs[a, b]
            # An operand that was not seen is worth a question only if it says more.
            if value_ > best + 1e-6:
                best, cell = value_, (a, b)
    if cell is not None and outcomes.entropy(*cell) > _NOTHING:
        return cell
    return _any_open(outcomes, ~np.isfinite(costs))


def _any_open(outcomes: Outcomes, closed: Bool[NDArray[Any], "n n"]) -> tuple[int, int] | None:
    """Return a cell that varies over all ways, where the sample did not show one."""
    for a, b in _representatives(outcomes, np.argwhere(~closed)):
        if outcomes.entropy(a, b) > _NOTHING:
            return a, b
    return None


def _representatives(
    outcomes: Outcomes, cells: Int[NDArray[Any], "k 2"], *, seen: bool = True
) -> list[tuple[int, int]]:
    """Return the cells with seen operands, and one for all that differ by operands not seen."""
    is_seen = [np.zeros(outcomes.n, bool) for _ in range(2)]
    for kind in range(2):
        is_seen[kind][outcomes.seen[kind]] = True
    found: dict[tuple[int, int, bool], tuple[int, int]] = {}
    for a, b in cells.tolist():
        known = bool(is_seen[0][a]), bool(is_seen[1][b])
        if all(known) and not seen:
            continue
        same = outcomes.is_group and a == b
        key = (a if known[0] else -1, b if known[1] else -1, same and not any(known))
        found.setdefault(key, (a, b))
    return list(found.values())


def _answered(sample: Outcomes, cell: tuple[int, int], batch: _Batch) -> _Batch:
    """Divide the ways by the answer to a cell; a new symbol becomes one that is seen."""
    elements = sample.ways.elements.astype(np.int64)
    a, b = cell
    product = sample.products(elements[:, 0, [a]], elements[:, 1, [b]])[:, 0, 0]
    answer = batch.symbol[np.arange(len(product)), product]
    pairs = np.stack([batch.classes, answer], axis=1)
    classes = np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
    new = answer == sample.n
    symbol = batch.symbol.copy()
    symbol[np.flatnonzero(new), product[new]] = sample.n + 1 + batch.virtual
    return _Batch(classes, symbol, batch.virtual + 1)


def _proposal(outcomes: Outcomes, row: int, column: int, *, assume: Structure) -> Proposal:
    known, counts = outcomes._distribution(row, column)
    n = outcomes.n
    likely = np.flatnonzero(counts[:n] > _NOTHING)
    seen = outcomes.seen[2]
    new = tuple(np.setdiff1d(np.arange(n), seen).tolist())
    groups = len(np.unique(outcomes.ways.which))
    which = f"{groups} group{'s' if groups > 1 else ''} of order {n}"
    settles: list[tuple[tuple[int, ...], str]] = []
    if len(likely):
        then = (
            "a relation between labels seen before" if known else "ties a new label to the others"
        )
        settles.append((tuple(likely.tolist()), then))
    if counts[n:].sum() > _NOTHING and new:
        settles.append((new, "a label that was not seen before"))
    return Proposal(
        row=row,
        column=column,
        bits=outcomes.entropy(row, column),
        is_exact=True,
        why=f"the largest entropy over all assignments to the {which} that agree with the cells",
        theory="group" if assume is Structure.GROUP else "isotope",
        settles=tuple(settles),
    )
