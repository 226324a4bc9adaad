"""Compiling without Python's search for cyclic garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_collection"]


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause the search for cyclic garbage in the block.

    The compiler makes so many objects, beside the many of torch, that a sixth of the first call
    would go into looking through them.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
