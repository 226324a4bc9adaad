"""Arrays of trained networks in one npz file."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["network_arrays"]


def network_arrays(
    path: Path | None, network: str, *, needed: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of a network of a file, or None if the file has none of them.

    Args:
        path: The file; None for none.
        network: What its names start with, such as ``C113/0``; then ``/`` and the array.
        needed: Arrays that a network has.
        optional: Arrays that it may have.

    Raises:
        ValueError: If the file is no npz, or holds a part of the network only.
    """
    if path is None:
        return None
    try:
        archive = np.load(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: must be an npz file with trained networks; {error}") from None
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise ValueError(f"{path}: must be an npz file with trained networks; it is one array.")
    with archive as arrays:
        present = [name for name in needed if f"{network}/{name}" in arrays]
        if not present:
            return None
        missing = [f"{network}/{name}" for name in needed if name not in present]
        if missing:
            raise ValueError(
                f"{path}: {', '.join(missing)} missing; {network}/{present[0]} is there."
            )
        return {
            name: arrays[f"{network}/{name}"]
            for name in (*needed, *optional)
            if f"{network}/{name}" in arrays
        }
