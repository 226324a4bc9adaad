"""An order in which a theory predicts many of the seen cells: those it predicts come at once.

Which cell is uncovered next may depend on the symbols uncovered so far and on which cells are seen,
and on nothing else: then the bound of ``_chances`` holds as it does for a random order. A random
order wastes evidence, above all in Latin tables, where the late cells are determined by their rows
and columns already.
"""

import math
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._terms import Law, Term

__all__ = ["adapted_order"]

# Instances of each law that are looked at, all those in three variables up to order 16. With fewer
# a prediction is made later, which costs evidence.
_MOST_INSTANCES = 4096
_UNCOVERED, _COVERED, _UNSEEN = range(3)


def adapted_order(
    table: Int[NDArray[Any], "n n"],
    laws: tuple[Law, ...],
    *,
    seed: int = 0,
    deadline: float = math.inf,
) -> Int[NDArray[Any], " nn"]:
    """Return all cells, ``a*n + b``, in an order in which predicted cells come at once.

    Between predictions the next cell is one whose row and column have been met, as row, column or
    symbol of a cell before, if there is one.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        laws: The laws, chosen without looking at the table.
        seed: Of the random choices.
        deadline: When to give up, on the monotonic clock.

    Raises:
        OutOfTime: If the deadline passes first.
    """
    n = len(table)
    rng = np.random.default_rng(seed)
    status = np.where(table >= 0, _COVERED, _UNSEEN).reshape(-1)
    symbols = table.reshape(-1)
    waiting = rng.permutation(n * n)
    waiting = waiting[status[waiting] == _COVERED]
    rows, columns = np.divmod(waiting, n)
    covered, met = np.ones(len(waiting), bool), np.zeros(n, bool)
    place = np.zeros(n * n, np.intp)
    place[waiting] = np.arange(len(waiting))
    predictors = [_Predictor(law, table, rng) for law in laws]
    order: list[int] = []
    while covered.any():
        if time.monotonic() > deadline:
            raise OutOfTime
        new = [predictor.predicted(status) for predictor in predictors]
        cells = np.unique(np.concatenate(new)) if new else np.zeros(0, np.intp)
        if not len(cells):
            # 2 if row and column have been met, 1 if one of them; the first of the largest.
            score = np.where(covered, met[rows].astype(int) + met[columns], -1)
            cells = waiting[[int(score.argmax())]]
        order += cells.tolist()
        status[cells] = _UNCOVERED
        covered[place[cells]] = False
        met[cells // n] = met[cells % n] = met[symbols[cells]] = True
    return np.array(order + np.flatnonzero(symbols < 0).tolist(), np.intp)


class _Predictor:
    """The instances of a law, and which covered cells those predict that are uncovered but for one.

    Symbols of covered cells are read in advance, but only instances count whose other cells have
    all been uncovered; these fix which cell it is.
    """

    def __init__(self, law: Law, table: NDArray[Any], rng: np.random.Generator) -> None:
        n = len(table)
        total = n**law.num_variables
        if total <= _MOST_INSTANCES:
            drawn = np.arange(total)
        else:
            drawn = rng.integers(total, size=_MOST_INSTANCES)
        instances = np.unravel_index(drawn, (n,) * law.num_variables)
        self._products: list[tuple[int, int, NDArray[Any]]] = []
        places: dict[Term, int] = {}
        padded = np.pad(table, (0, 1), constant_values=-1)

        def value(term: Term) -> tuple[int, NDArray[Any]]:
            """Return the place of a term among the products, -1 for variables; its values."""
            if isinstance(term, int):
                return -1, instances[term]
            (left, a), (right, b) = value(term[0]), value(term[1])
            if term not in places:
                places[term] = len(self._products)
                # An unseen operand, -1, leads to a cell that is numbered n*n and never seen.
                cells = np.where((a < 0) | (b < 0), n * n, a * n + b)
                self._products.append((left, right, cells))
            return places[term], padded[a, b]

        self._sides = value(law.left)[0], value(law.right)[0]
        # Instances with an unseen cell never predict.
        kept = np.ones(len(drawn), bool)
        seen = np.append(table.reshape(-1) >= 0, False)
        for _, _, cells in self._products:
            kept &= seen[cells]
        self._products = [(i, j, cells[kept]) for i, j, cells in self._products]
        self._size = int(kept.sum())

    def predicted(self, status: Int[NDArray[Any], " nn"]) -> Int[NDArray[Any], " k"]:
        """Return the covered cells that are predicted, possibly several times."""
        is_covered = status == _COVERED
        none = np.zeros(self._size, bool)
        inner: list[Bool[NDArray[Any], " m"]] = []
        whole: list[Bool[NDArray[Any], " m"]] = []
        for left, right, cells in self._products:
            inner.append(
                (whole[left] if left >= 0 else none) | (whole[right] if right >= 0 else none)
            )
            whole.append(inner[-1] | is_covered[cells])
        found = [np.zeros(0, np.intp)]
        for side, other in (self._sides, self._sides[::-1]):
            if side >= 0:
                rest = inner[side] | (whole[other] if other >= 0 else none)
                cells = self._products[side][2][~rest]
                found.append(cells[is_covered[cells]])
        return np.concatenate(found)
