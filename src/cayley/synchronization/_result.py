"""The result of a run, and the numbers of a sweep that a callback is given."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from cayley._shapes import Float, Inexact, Int
from cayley.synchronization._calibration import confidence
from cayley.synchronization._decoding import DecodedScores
from cayley.synchronization._terms import agreements

__all__ = ["Reason", "Sweep", "Synchronization"]

Reason = Literal["accepted", "sweeps", "stopped", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The numbers of one sweep, passed to a callback after it.

    Attributes:
        sweep: Sweeps done.
        restart: The restart of the largest agreement; the other numbers are its own.
        agreement: Root mean square of the sums that its matrices are made of: 1 where all terms of
            a sum are equal, near 0 where they are unrelated.
        fit: Share of the observations in the last decoded sample of rows that it decodes rightly.
    """

    sweep: int
    restart: int
    agreement: float
    fit: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Synchronization:
    r"""The best restart: matrices with :math:`A_a B_b \approx C_c`, and the table they encode.

    Attributes:
        table: The proposed table, shape ``(rows, columns)``, int64; Latin if it is square.
        decoded: Scores, margins and best symbols of every cell.
        factors: The matrices A ``(a, d, d)``, B ``(b, d, k)`` and C ``(c, d, k)``.
        accepted: Whether ``accept`` returned True for the table.
        fit: Share of the observations that the table agrees with.
        sweeps: Sweeps done.
        restart: Which restart it was.
        reason: ``accepted``, out of ``sweeps``, ``stopped`` by the callback, or ``interrupted``
            from the keyboard.
    """

    table: Int[NDArray[Any], "a b"]
    decoded: DecodedScores
    factors: tuple[Inexact[Tensor, "a d d"], Inexact[Tensor, "b d k"], Inexact[Tensor, "c d k"]] = (
        field(repr=False)
    )
    accepted: bool
    fit: float
    sweeps: int
    restart: int
    reason: Reason

    def agreements(self, triples: ArrayLike) -> Float[NDArray[Any], " q"]:
        r"""Return :math:`\operatorname{Re}\langle C_c, A_a B_b\rangle / k` for some triples.

        Args:
            triples: Rows ``(row, column, symbol)``, shape ``(q, 3)``.
        """
        A, B, C = self.factors
        chosen = torch.from_numpy(np.asarray(triples, np.int64).reshape(-1, 3))
        return agreements(chosen, A, B, C).double().numpy()

    @property
    def confidence(self) -> Float[NDArray[Any], "a b"]:
        """How likely each decoded symbol is right, from its margin, as measured."""
        return confidence(self.decoded, len(self.factors[2]))
