"""Completion by low-rank factorization of the one-hot table, with TensorLy."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._errors import MissingExtraError
from cayley._random import stream_seed
from cayley._shapes import Float, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._meter import Meter
from cayley.tables import Table

__all__ = ["FactorizationCompleter"]

# Sweeps between two checks of budget and callback. Fewer would call TensorLy, with its set-up, more
# often; more would let a run overshoot its seconds.
_SWEEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorizationCompleter:
    r"""Fits a CP or Tucker model to the known cells of the one-hot tensor of a table.

    .. math:: T_{abc} \approx \sum_r A_{ar} B_{br} C_{cr} \quad\text{or}\quad
        \sum_{rst} G_{rst} A_{ar} B_{bs} C_{ct}

    by alternating least squares; after each sweep the unknown cells are filled from the model.
    A step is one sweep. The largest entry of a cell is its answer.

    Attributes:
        model: ``cp`` or ``tucker``.
        rank: Rank over the largest side of the table. A Latin square has full multilinear rank, so
            that Tucker models of less than full rank are approximations; at full rank they would
            fit any known cells and complete none.
        tolerance: Ends when the largest change of an entry in a look's sweeps is below this.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("C2xC2"), observe=0.8, seed=0)
        >>> method = FactorizationCompleter(model="cp", rank=1.0)
        >>> method.complete(table, seed=0, budget=Budget(steps=30)).table.shape
        (4, 4)

    References:
        Kossaifi, Panagakis, Anandkumar, Pantic (2019), TensorLy: Tensor Learning in Python.
        Tomasi, Bro (2005), PARAFAC and missing values (filling in from the model).
    """

    model: Literal["cp", "tucker"] = "cp"
    rank: float = 1.5
    tolerance: float = 1e-6

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Alternate until nothing changes or the budget is spent; see :class:`Completer`.

        Raises:
            MissingExtraError: If TensorLy is not installed.
            ValueError: If ``model`` is neither, or ``rank`` is not positive.
        """
        if self.model not in ("cp", "tucker") or not self.rank > 0:
            raise ValueError(
                "`model` must be 'cp' or 'tucker' and `rank` positive; "
                f"got {self.model!r} and {self.rank}."
            )
        one_hot, known = _one_hot(table)
        rank = max(1, round(self.rank * max(one_hot.shape)))
        fitted: Any = "random"
        start = stream_seed(seed, "factorisation") % 2**32
        full, before = one_hot, one_hot

        def predict() -> Int[NDArray[Any], "r c"]:
            answer: NDArray[np.int64] = full.argmax(-1)
            return answer

        meter = Meter(budget, callback)
        while True:
            sweeps = min(_SWEEPS, budget.steps - meter.steps)
            settings = {"n_iter_max": sweeps, "init": fitted, "random_state": start}
            fitted, full = self._sweep(one_hot, known, rank, settings)
            loss = float((known * (full - one_hot) ** 2).sum())
            going = meter.count(loss=loss, predict=predict, steps=sweeps)
            if not going or np.abs(full - before).max() < self.tolerance:
                return Prediction(table=predict(), steps=meter.steps, reason=meter.reason)
            before = full

    def _sweep(
        self,
        one_hot: Float[NDArray[Any], "r c s"],
        known: Float[NDArray[Any], "r c s"],
        rank: int,
        settings: dict[str, Any],
    ) -> tuple[Any, Float[NDArray[Any], "r c s"]]:
        """Go on from a fit for some sweeps; return the fit and what it predicts."""
        tensorly = _tensorly()
        settings = {**settings, "mask": known, "tol": 0}
        if self.model == "cp":
            fitted = tensorly.decomposition.parafac(one_hot, rank, **settings)
            return fitted, tensorly.cp_to_tensor(fitted)
        ranks = [min(rank, size) for size in one_hot.shape]
        fitted = tensorly.decomposition.tucker(one_hot, ranks, **settings)
        return fitted, tensorly.tucker_to_tensor(fitted)


def _tensorly() -> ModuleType:
    try:
        import tensorly
        import tensorly.decomposition
    except ImportError:
        raise MissingExtraError("tensorly", "bench") from None
    module: ModuleType = tensorly
    return module


def _one_hot(
    table: Table,
) -> tuple[Float[NDArray[Any], "r c s"], Float[NDArray[Any], "r c s"]]:
    """Return the table as a tensor of zeros and ones, and 1 where a cell is known."""
    symbols = len(table.symbols)
    one_hot = np.zeros((*table.array.shape, symbols))
    a, b = np.nonzero(table.array >= 0)
    one_hot[a, b, table.array[a, b]] = 1
    known = np.broadcast_to((table.array >= 0)[:, :, None], one_hot.shape).astype(float)
    return one_hot, known
