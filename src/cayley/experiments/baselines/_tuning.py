"""One tuning rule for every method: known cells held out, never a cell of the test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._random import generator
from cayley._shapes import Int
from cayley.experiments.baselines._completer import Budget, Callback, Completer, Prediction
from cayley.tables import UNKNOWN, Table

__all__ = ["TunedCompleter", "hold_out"]


def hold_out(table: Table, *, share: float, seed: int) -> tuple[Table, Int[NDArray[Any], "k 2"]]:
    """Hide a share of the known cells; return the rest and the cells that were hidden.

    Raises:
        ValueError: If nothing would be left on one of the two sides.

    Example:
        >>> seen, hidden = hold_out(Table.from_array([[0, 1], [1, 0]]), share=0.25, seed=0)
        >>> seen.num_observed, hidden.shape
        (3, (1, 2))
    """
    known = np.argwhere(table.array != UNKNOWN)
    count = round(share * len(known))
    if not 0 < count < len(known):
        raise ValueError(
            f"`share` of {share} holds out {count} of {len(known)} known cells; "
            "both sides need at least one."
        )
    hidden = generator(seed, "hold out").permutation(known)[:count]
    array = table.array.copy()
    array[tuple(hidden.T)] = UNKNOWN
    return table.with_array(array), hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedCompleter:
    """Chooses between settings by cells held out from the known ones, then uses all of them.

    Each setting gets the same held-out cells and the same share of the budget: with k settings a
    budget of s steps is spent as k times s / (k + 1) on choosing and s / (k + 1) on the answer. Of
    equally good settings the first wins. A setting that fails with an error counts as none right.

    Attributes:
        settings: The settings to choose from.
        share: Share of the known cells that is held out.

    Example:
        >>> from cayley.experiments.baselines._frequent import MostFrequent
        >>> table = Table.from_array([[0, 1, 1], [1, 1, 0], [1, 0, 1]])
        >>> tuned = TunedCompleter(settings=(MostFrequent(),))
        >>> tuned.complete(table, seed=0, budget=Budget(steps=2)).verdict
        'setting 1 of 1'
    """

    settings: Sequence[Completer]
    share: float = 0.2  # less compares settings by few cells, more leaves too few to learn from

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Choose and answer; the callback sees the answering run only.

        Raises:
            ValueError: If there is no setting or too little is known to hold something out.
        """
        if not self.settings:
            raise ValueError("`settings` must hold at least one method.")
        runs = len(self.settings) + 1
        each = Budget(
            steps=max(1, budget.steps // runs),
            seconds=None if budget.seconds is None else budget.seconds / runs,
        )
        seen, hidden = hold_out(table, share=self.share, seed=seed)
        a, b = hidden.T
        scores = []
        for setting in self.settings:
            try:
                guess = setting.complete(seen, seed=seed, budget=each).table
            except (ValueError, ArithmeticError, np.linalg.LinAlgError):
                scores.append(-1.0)
            else:
                scores.append(float((guess[a, b] == table.array[a, b]).mean()))
        best = int(np.argmax(scores))
        found = self.settings[best].complete(table, seed=seed, budget=each, callback=callback)
        return Prediction(
            table=found.table,
            steps=found.steps,
            reason=found.reason,
            verdict=f"setting {best + 1} of {len(self.settings)}",
            proved=found.proved,
        )
