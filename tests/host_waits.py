"""What makes a processor wait for a GPU, recorded on the processor itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["recorded_waits"]

_READS = ("_local_scalar_dense", "is_nonzero", "nonzero", "masked_select", "equal", "unique")
"""Operators whose result, or its shape, the processor has to read: ``item()``, ``bool(...)``."""


class _Recorder(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.waits: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.name().removeprefix("aten::").partition(".")[0]
        masks = name in ("index", "index_put", "index_put_") and any(
            isinstance(at, torch.Tensor) and at.dtype == torch.bool for at in args[1]
        )
        if masks or name in _READS or name.startswith("_unique"):
            self.waits.append(name)
        return func(*args, **(kwargs or {}))


@contextmanager
def recorded_waits() -> Iterator[list[str]]:
    """Yield a list to which every operator is added that would make a processor wait."""
    with _Recorder() as recorder:
        yield recorder.waits
