"""How fast PyTorch computes on this machine, and with how many threads; loads torch."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["GPU_RATE", "seconds_for", "threads_for"]

_ONE_THREAD = 16
"""Up to this order a solver has one thread: its products of matrices take microseconds, so that
threads only wait for each other. On a busy machine two threads took 27 times as long at order 9."""

# Large enough for a core's full rate, together a few milliseconds; several, so that one that is
# interrupted by another process does not count alone.
_PROBE, _PROBES = 256, 8

GPU_RATE = 500
"""Rate of a GPU in units of a core's, in float32: some 4e13 operations a second beside 8e10.
Restarts share a batch up to so many times the operations: they cost next to nothing there too."""


def seconds_for(operations: float, *, device: str) -> float:
    """Estimate how long so many floating-point operations take, at the rate of the moment.

    A step and the decoding of a table cannot be interrupted, so that they have to fit into the time
    that is left. The rate is measured on products of matrices, of which both consist.
    """
    X = torch.ones(_PROBE, _PROBE, device=device)
    if X.is_cuda:
        (X @ X)[0, 0].item()  # a GPU's first product loads its library
    start = time.perf_counter()
    for _ in range(_PROBES):
        Y = X @ X
    Y[0, 0].item()  # waits for a GPU
    rate = 2.0 * _PROBES * _PROBE**3 / (time.perf_counter() - start)
    return operations / rate


@contextmanager
def threads_for(order: int) -> Iterator[None]:
    """Give PyTorch one thread while the block runs, if the order is small."""
    threads = torch.get_num_threads()
    try:
        if order <= _ONE_THREAD:
            torch.set_num_threads(1)
        yield
    finally:
        torch.set_num_threads(threads)
