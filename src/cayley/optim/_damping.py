"""The damping and the other options of an ISAAC layer, and their checks."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

__all__ = ["DampingSettings", "Options", "check_damping", "check_solve_dtype"]

SMALLEST_DAMPING = 1e-20
"""The solve multiplies squared inputs by the inverse of the damping. Float32 ends at 3e38, so this
bound leaves room for squared inputs up to about 1e18; smaller dampings could overflow."""


def check_damping(damping: float) -> None:
    """Raise unless the damping is a number above zero; infinity is allowed."""
    if isinstance(damping, bool) or not isinstance(damping, int | float):
        raise TypeError(f"`damping` must be a number; got {type(damping).__name__}.")
    if math.isnan(damping) or damping <= 0:
        raise ValueError(
            f"`damping` must be above 0; got {damping}. Values between 0.01 and 1 are usual."
        )
    if damping < SMALLEST_DAMPING:
        raise ValueError(
            f"`damping` must be at least {SMALLEST_DAMPING}; got {damping}. For inputs of a tiny "
            "scale use `relative=True`."
        )


def check_solve_dtype(solve_dtype: torch.dtype | None) -> None:
    """Raise unless LAPACK can solve in this dtype, or it is None."""
    if solve_dtype not in (None, torch.float32, torch.float64):
        raise ValueError(
            f"`solve_dtype` must be torch.float32, torch.float64 or None; got {solve_dtype}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DampingSettings:
    """The options that every ISAAC layer and function shares."""

    damping: float
    relative: bool = False
    precondition_bias: bool = False
    solve_dtype: torch.dtype | None = None
    max_samples: int | None = None

    def __post_init__(self) -> None:
        check_damping(self.damping)
        check_solve_dtype(self.solve_dtype)
        most = self.max_samples
        if most is not None and (isinstance(most, bool) or not isinstance(most, int)):
            raise TypeError(f"`max_samples` must be an integer or None; got {most!r}.")
        if most is not None and most < 1:
            raise ValueError(f"`max_samples` must be at least 1; got {most}.")
        for name in ("relative", "precondition_bias"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"`{name}` must be True or False; got {getattr(self, name)!r}.")


class Options(NamedTuple):
    """The same options as the functions of a backward pass take them.

    The damping is a tensor, so that a compiled layer takes a new value without compiling anew.
    """

    damping: Tensor
    relative: bool
    precondition_bias: bool
    solve_dtype: torch.dtype | None
    pool: Any = None
    """Where the inputs are added up, if they do not precondition at once; see ``_pooling.py``."""
