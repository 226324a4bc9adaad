"""The claim that so many given cells are wrong at least, and that no others can be.

Each wrong cell is in contradictions with cells that are right. As many contradictions as there are
wrong cells, without a common cell, show that fewer wrong cells are impossible. If each wrong cell
has one contradiction more than there are wrong cells, and these have nothing else in common, then
it is in every choice of so few: some cell of each has to be wrong.
"""

import time
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import Structure
from cayley.completion._findings import Hypothesis
from cayley.completion.certificates._proved_claims import (
    GivenCells,
    gauge_of,
    is_homotope,
    partial_of,
    refutation,
    stated,
)
from cayley.deduction.todd_coxeter._todd_coxeter import Limits
from cayley.deduction.wrong_entries._contradictions import GroupOracle
from cayley.theories.propagation._propagation import Propagation
from cayley.theories.wrong_entries._contradictions import TheoryOracle

__all__ = ["wrong_cells_claim"]

_MOST_WRONG = 12
"""Wrong cells up to which contradictions are looked for: each takes a deduction, or many."""

_MOST_DETERMINED = 4
"""Wrong cells up to which it is proved that they are the only ones: k (k + 1) contradictions."""

_MAX_BATCH = 1_000_000
"""Instances of a law in memory at once, as in `SearchLimits`."""


class _Cores(Protocol):
    def core(self, kept: NDArray[Any]) -> tuple[int, ...]:
        """Return contradictory cells among those that are kept, or nothing."""


def wrong_cells_claim(
    given: GivenCells, theory: Hypothesis, wrong: list[int]
) -> dict[str, Any] | None:
    """Return the claim that no fewer given cells are wrong; None if it is not proved.

    Args:
        given: All given cells.
        theory: What the table is taken to be.
        wrong: The places of the cells that are taken to be wrong.
    """
    if not 0 < len(wrong) <= _MOST_WRONG:
        return None
    deadline = time.monotonic() + given.seconds / 2
    cores = _oracle(given, theory, deadline)
    if cores is None:
        return None
    search = _Contradictions(given, theory, cores, frozenset(wrong), deadline)
    if not all(search.find(cell) for cell in wrong):
        return None
    only = len(wrong) <= _MOST_DETERMINED and all(
        search.find(cell) for _ in range(len(wrong)) for cell in wrong
    )
    return {
        "claim": "wrong",
        "theory": stated(theory),
        "without": wrong,
        "only": only,
        "refuted": search.found if only else search.found[: len(wrong)],
    }


def _oracle(given: GivenCells, theory: Hypothesis, deadline: float) -> _Cores | None:
    if isinstance(theory, Structure):
        return GroupOracle(partial=partial_of(given, theory), limits=Limits(), deadline=deadline)
    if is_homotope(theory):
        return None
    return TheoryOracle(
        items=np.array(given.cells),
        order=given.order,
        propagation=Propagation(theory, given.order, max_batch=_MAX_BATCH, by_theorems=False),
        max_nodes=0,
        max_bytes=1 << 28,
        deadline=deadline,
    )


class _Contradictions:
    """Contradictions that have at most one wrong cell in common, each with its proof."""

    def __init__(
        self,
        given: GivenCells,
        theory: Hypothesis,
        cores: _Cores,
        wrong: frozenset[int],
        deadline: float,
    ) -> None:
        self._given, self._theory, self._cores = given, theory, cores
        self._wrong, self._deadline = wrong, deadline
        self._spent: set[int] = set()
        self.found: list[list[Any]] = []

    def find(self, cell: int) -> bool:
        """Find one more contradiction with a wrong cell, and only with right ones else."""
        if time.monotonic() > self._deadline:
            return False
        kept = np.ones(len(self._given.cells), bool)
        kept[list(self._wrong | self._spent)] = False
        kept[cell] = True
        core = sorted(self._cores.core(kept))
        if cell not in core:
            return False
        some = replace(self._given, cells=tuple(self._given.cells[i] for i in core))
        proof = refutation(some, self._theory)
        if proof is None:
            return False
        self._spent |= set(core) - {cell}
        gauge = gauge_of(some, self._theory).get("gauge", [0, 0])
        self.found.append([core, proof, gauge])
        return True
