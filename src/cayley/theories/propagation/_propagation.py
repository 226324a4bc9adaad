"""Propagates a theory through a partial table until nothing follows any more."""

import math
from typing import Any, Protocol

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._conditions import failing_cells
from cayley.theories.laws._evaluation import first_violation
from cayley.theories.laws._terms import Law
from cayley.theories.laws._theory import Theory
from cayley.theories.propagation._cells import Conflict, KnownCells, Note
from cayley.theories.propagation._demands import force
from cayley.theories.propagation._joins_python import PythonJoins
from cayley.theories.propagation._plans import plans_of

__all__ = ["PYTHON_ORDER", "Propagation"]

# Up to here numba is not imported: compiling or loading costs more than the work itself.
PYTHON_ORDER = 24


_ASSOCIATIVE = Law((0, (1, 2)), ((0, 1), 2))  # the canonical form

# Longer consequences, such as the other Moufang identities, cost more than they find: octonions,
# a quarter of the cells seen, took twice as long with them and needed no guess without.
_LONGEST_CONSEQUENCE = 4


class _Joins(Protocol):
    def run(self, cells: KnownCells, *, deadline: float = math.inf) -> bool: ...


class Propagation:
    """What a theory forces at one order.

    Args:
        theory: The theory; its consequences are used too, if they are short.
        order: The number of elements.
        max_batch: How many instances may be held in memory at once.
        compiled: Whether to use the compiled back end; by default above order 24.
        by_theorems: Whether to use what follows from the theory by listed theorems.
    """

    def __init__(
        self,
        theory: Theory,
        order: int,
        *,
        max_batch: int,
        compiled: bool | None = None,
        by_theorems: bool = True,
    ) -> None:
        self.theory = theory
        strengthened = theory.strengthened() if by_theorems else theory
        self.conditions = strengthened.conditions
        self._associative = _ASSOCIATIVE in theory.consequences()
        self.laws = tuple(
            law
            for law in strengthened.laws
            if law in theory.laws or law.num_operations <= _LONGEST_CONSEQUENCE
        )
        variables = tuple(law.num_variables for law in self.laws)
        self._num_variables = max(variables, default=0)
        plans = plans_of(self.laws, self.conditions)
        self._joins: _Joins
        if order > PYTHON_ORDER if compiled is None else compiled:
            # Imported here, since numba takes most of a second to load.
            from cayley.theories.propagation._joins_numba import CompiledJoins

            self._joins = CompiledJoins(plans, variables=variables, order=order)
        else:
            self._joins = PythonJoins(plans, variables=variables, max_batch=max_batch)

    def start(self, array: Int[NDArray[Any], "n n"]) -> KnownCells:
        """Return the state in which the cells of an array are known and nothing is deduced."""
        return KnownCells.of(array, num_variables=self._num_variables)

    def run(self, cells: KnownCells, *, deadline: float = math.inf) -> bool:
        """Deduce everything that follows; return False, with `conflict` set, if nothing can hold.

        A table that is full at the end has been verified in all instances.

        Raises:
            OutOfTime: If the deadline passes; what was deduced until then stands.
        """
        while True:
            if not self._joins.run(cells, deadline=deadline):
                return False
            # Conditions look at the whole table, so they wait until the laws have nothing to add.
            before = cells.counters[cells.STEPS]
            if cells.is_full:
                return self._verify(cells, deadline)
            if not force(cells, self.conditions, associative=self._associative):
                return False
            if cells.counters[cells.STEPS] == before:
                return True

    def _verify(self, cells: KnownCells, deadline: float) -> bool:
        """Check a full table against the laws and conditions that define the theory."""
        for place, law in enumerate(self.theory.laws):
            instance = first_violation(law, cells.square, deadline=deadline)
            if instance is not None:
                cells.conflict = Conflict(place, instance)
                return False
        for condition in sorted(self.theory.conditions):
            failing = failing_cells(condition, cells.square)
            if failing is not None:
                cells.conflict = Conflict(note=Note((condition,), failing))
                return False
        return True
