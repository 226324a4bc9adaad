r"""Answers that may be wrong: what to believe of each cell, and when to ask again.

An answer is wrong with probability :math:`e`, and then any of the other :math:`n - 1` symbols
alike; a priori all symbols of a cell are alike. After answers of which :math:`k_c` say :math:`c`,
the posterior of :math:`c` is proportional to :math:`(1 - e)^{k_c} (e / (n - 1))^{m - k_c}`. The
table that the believed symbols determine is wrong only if one of them is, so that its posterior is
at least the product over the cells. (That they agree with a group at all speaks for them too, and
is left out.)
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.next_cell._question import Proposal
from cayley.tables import Table

__all__ = ["Believed", "ask_again", "believed", "check_wrong_rate"]


@dataclass(frozen=True, slots=True, eq=False)
class Believed:
    """The most probable symbol of each cell that was asked for.

    Attributes:
        table: The table of those symbols.
        doubt: The probability that each of them is wrong, 0 for cells that were not asked for.
        counts: How many answers each cell has.
    """

    table: Table
    doubt: Float[NDArray[Any], "r c"]
    counts: NDArray[Any]

    @property
    def posterior(self) -> float:
        """The probability that no believed symbol is wrong."""
        return float(np.exp(np.log1p(-np.minimum(self.doubt, 1 - 1e-12)).sum()))

    def sentence(self, wrong_rate: float) -> str:
        """Return the posterior and how it was computed."""
        cells = int((self.counts > 0).sum())
        return (
            f"posterior {self.posterior:.4f}: the product over {cells} cells of the probability "
            f"that the symbol believed is right, from {int(self.counts.sum())} answers that are "
            f"wrong with probability {wrong_rate:g}, all wrong symbols alike"
        )


def check_wrong_rate(wrong_rate: float, delta: float, assume: object) -> None:
    """Check the arguments for answers that may be wrong.

    Raises:
        ValueError: If they are out of range, or nothing is assumed to hold them against.
    """
    if not 0 <= wrong_rate <= 0.5:
        raise ValueError(f"`wrong_rate` must be from 0 to 0.5; got {wrong_rate!r}.")
    if not 0 < delta < 1:
        raise ValueError(f"`delta` must be between 0 and 1; got {delta!r}.")
    if wrong_rate and assume in ("auto", "none"):
        raise ValueError(
            f'`wrong_rate` needs a theory in `assume`, such as "group": with "{assume}" an answer '
            "cannot be told from a refutation."
        )


def believed(table: Table, wrong_rate: float) -> Believed:
    """Return what to believe after the answers in a table and its repeats."""
    size = len(table.symbols)
    votes = np.zeros((*table.array.shape, size), np.int64)
    np.add.at(votes, tuple(table.observations.T), 1)
    counts = votes.sum(axis=2)
    best = votes.argmax(axis=2)
    # Relative to the best symbol: each answer fewer makes a symbol so many times less likely.
    ratio = math.log(wrong_rate / ((size - 1) * (1 - wrong_rate))) if size > 1 else -math.inf
    behind = votes.max(axis=2)[..., None] - votes
    weights = np.exp(behind * ratio)
    doubt = np.where(counts > 0, 1 - 1 / weights.sum(axis=2), 0.0)
    return Believed(table.with_array(np.where(counts > 0, best, -1)), doubt, counts)


def ask_again(
    belief: Believed,
    costs: Float[NDArray[Any], "r c"],
    *,
    count: int,
    above: float,
    among: NDArray[Any] | None = None,
) -> list[Proposal]:
    """Return the cells that are most in doubt for what they cost.

    Args:
        belief: What is believed.
        costs: The cost of each cell, infinite where it cannot be observed.
        count: How many cells.
        above: Only cells with more doubt.
        among: Rows and columns to choose from, shape ``(k, 2)``; all by default.
    """
    eligible = (belief.doubt > above) & np.isfinite(costs)
    if among is not None:
        chosen = np.zeros_like(eligible)
        chosen[tuple(among.T)] = True
        eligible &= chosen
    rank = np.where(eligible, belief.doubt / costs, -1.0)
    found = []
    for place in np.argsort(-rank, axis=None, kind="stable")[:count].tolist():
        a, b = divmod(place, rank.shape[1])
        if not eligible[a, b]:
            break
        doubt = float(belief.doubt[a, b])
        answers = int(belief.counts[a, b])
        symbol = int(belief.table.array[a, b])
        bits = -(doubt * math.log2(doubt) + (1 - doubt) * math.log2(1 - doubt)) if doubt else 0.0
        found.append(
            Proposal(
                row=a,
                column=b,
                bits=bits,
                is_exact=False,
                why=f"asked again: after {answers} answer{'s' if answers > 1 else ''} the symbol "
                f"believed is wrong with probability {doubt:.2g}",
                theory="answers may be wrong",
                settles=(((symbol,), "confirms what is believed"),),
            )
        )
    return found
