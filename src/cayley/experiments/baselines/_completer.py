"""The protocol that every method of completion follows, and what goes in and out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables import Table

__all__ = ["Budget", "Callback", "Completer", "CompletionStep", "Prediction", "Reason"]

Reason = Literal["finished", "steps", "seconds", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a method may spend on one table.

    Attributes:
        steps: Most steps: updates of a network, sweeps of a factorization, thousands of conflicts
            of a SAT solver.
        seconds: Most processor seconds of this process, all threads together, which are the same
            on a busy machine; None for no limit.

    Raises:
        ValueError: If a limit is not positive.
    """

    steps: int = 1500
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError(f"`steps` must be at least 1; got {self.steps}.")
        if self.seconds is not None and not self.seconds > 0:
            raise ValueError(f"`seconds` must be positive; got {self.seconds}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionStep:
    """What a callback sees.

    Attributes:
        step: Steps done.
        loss: Training loss; NaN for a method that has none.
        predict: Returns the table as it stands, which may cost as much as a step.
        numbers: What else the method knows about itself, by name.
    """

    step: int
    loss: float
    predict: Callable[[], Int[NDArray[Any], "r c"]]
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a method answers.

    Attributes:
        table: Predicted symbol of every cell, shape ``(rows, columns)``, int64; -1 for no answer.
        steps: Steps taken.
        reason: ``finished`` by its own rule, out of ``steps`` or ``seconds``, or ``stopped`` by
            the callback.
        verdict: What it says of the table, in a few words.
        proved: Whether it proves what it says.
        numbers: What else the method found out about itself, by name.
    """

    table: Int[NDArray[Any], "r c"]
    steps: int
    reason: Reason
    verdict: str = "predicted"
    proved: bool = False
    numbers: Mapping[str, float] = field(default_factory=dict)


Callback = Callable[[CompletionStep], bool | None]


@runtime_checkable
class Completer(Protocol):
    """A method that completes a partly known table.

    An object stores its settings and does no work when it is made; :meth:`complete` may be called
    again, with another table, and keeps nothing.
    """

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Predict every cell from those that are known.

        Args:
            table: The table; what is not known is never looked at, because it is not there.
            seed: Seed of every random choice.
            budget: The most it may spend.
            callback: Called after every step; the method ends when it returns True.
        """
        ...
