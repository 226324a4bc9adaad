"""The arrays of a network from a file: npz or safetensors, never pickle."""

import zipfile
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from cayley.interpretation.networks._network_parts import NetworkParts, network_parts

__all__ = ["read_parts"]

_FORMATS = "Write it with `numpy.savez` or `safetensors.numpy.save_file`."


def read_parts(path: str | PathLike[str], *, n: int | None = None) -> NetworkParts:
    """Read the arrays of a network; the content says which of the two formats it is.

    Args:
        path: The file.
        n: The number of symbols, where it is known.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is neither format, holds Python objects, or its arrays do not fit.
    """
    path = Path(path)
    with open(path, "rb") as file:
        start = file.read(9)
    if start[:4] == b"PK\x03\x04":
        arrays = _from_npz(path)
    elif start[8:9] == b"{":  # after eight bytes of its length, the header is JSON
        arrays = _from_safetensors(path)
    else:
        raise ValueError(f"{path}: neither an npz nor a safetensors file. {_FORMATS}")
    return network_parts(arrays, n=n, source=str(path))


def _from_npz(path: Path) -> dict[str, NDArray[Any]]:
    try:
        # numpy leaves a file that it opened itself open when it is no archive
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        why = "it holds Python objects, which are not read" if "pickle" in str(error) else error
        raise ValueError(f"{path}: no npz file of arrays: {why}. {_FORMATS}") from None


def _from_safetensors(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, ValueError, TypeError, KeyError, AttributeError) as error:
        hint = " Convert bfloat16 to float32 first." if "bfloat16" in str(error).lower() else ""
        raise ValueError(f"{path}: no safetensors file that can be read: {error}.{hint}") from None
