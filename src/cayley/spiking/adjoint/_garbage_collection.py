"""A pause of Python's cyclic garbage collection during compilation."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_collection"]


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause cyclic garbage collection in the block; resume it only if it was on before.

    The compiler makes so many objects, in addition to those of torch, that the collector would take
    a sixth of the time of the first call.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
