"""One call of `solve`: what was asked, of which table, and within which limits."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cayley.algebra import Structure
from cayley.completion._findings import ASSUMABLE, Hypothesis
from cayley.completion._progress import Callback
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["SMALL", "Call", "SolverChoice"]

SolverChoice = Literal["auto", "exact", "synchronization", "hypercube"]

SMALL = 10
"""Below this order no table may take longer than about three seconds, whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of :func:`~cayley.completion.solve`.

    Attributes:
        given: The table as it was given.
        work: The same, over one alphabet in one order if it has one.
        assume: What was asked for, as it was written.
        hypotheses: The structures and theories that this names; empty for "auto" and "none".
        solver: Which solver was asked for.
        seed: Of all searches.
        restarts: Most restarts of a learned solver.
        deadline: When to end, on the monotonic clock, or None.
        callback: Called as a solver goes on; the search stops when it returns True.
        device: Where to compute, as :func:`~cayley.completion.solve` takes it.
    """

    given: Table
    work: Table
    assume: "Hypothesis | str"
    hypotheses: "tuple[Hypothesis, ...]"
    solver: SolverChoice
    seed: int
    restarts: int
    deadline: float | None
    callback: Callback | None
    device: str = "cpu"

    @property
    def is_given(self) -> bool:
        """Whether structures or theories were asked for."""
        return bool(self.hypotheses)

    @property
    def structures(self) -> tuple[Structure, ...]:
        """The groups and isotopes to ask for, strongest first; none if none is assumed."""
        if self.hypotheses:
            return tuple(each for each in self.hypotheses if isinstance(each, Structure))
        if self.assume == "none":
            return ()
        return ASSUMABLE if self.given.has_one_alphabet else (Structure.GROUP_ISOTOPE,)

    @property
    def theories(self) -> "tuple[Theory, ...]":
        """The theories of laws that were asked for."""
        return tuple(each for each in self.hypotheses if not isinstance(each, Structure))

    def remaining(self) -> float | None:
        """Return the seconds that are left, or None if there is no limit."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())
