"""Random numbers from explicit seeds, split into independent streams by purpose.

There is no global state: a function that draws takes a seed or a generator. Seed 0 is a seed.
"""

import hashlib

import numpy as np

__all__ = ["generator", "stream_seed"]


def stream_seed(seed: int, *purpose: str | int) -> int:
    """Return a 63-bit seed for one purpose, the same on every machine.

    Streams of different purposes are independent, so that asking for noise does not change which
    cells are masked.

    Args:
        seed: The user's seed, any integer >= 0.
        purpose: What the stream is for, such as ``"mask"`` or ``("restart", 3)``.

    Raises:
        ValueError: If ``seed`` is negative or not an integer.

    Example:
        >>> stream_seed(0, "mask") != stream_seed(0, "noise")
        True
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"`seed` must be an integer >= 0; got {seed!r}.")
    text = repr((int(seed), *purpose)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return a NumPy generator for one purpose of one seed.

    Example:
        >>> int(generator(0, "mask").integers(1000)) == int(generator(0, "mask").integers(1000))
        True
    """
    return np.random.default_rng(stream_seed(seed, *purpose))
