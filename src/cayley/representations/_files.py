"""Representations in safetensors files, replaced atomically and read without pickle."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from cayley._files import replace_file
from cayley.algebra import Group, identify
from cayley.representations._representation import Representation

__all__ = ["load_representation", "save_representation"]

_FORMAT = "cayley.representation/1"


def save_representation(representation: Representation, path: Path | str) -> None:
    """Write a representation to a safetensors file.

    It holds ``matrices`` and the group's ``table`` as tensors (complex matrices as pairs of real
    numbers, with a last axis of two), and as text metadata the group's name and GAP's number,
    ``null`` if unknown. An old file stays until the new one is complete.

    Args:
        representation: What to write.
        path: The file.

    Raises:
        OSError: If the file cannot be written.

    Example:
        >>> import tempfile
        >>> c2 = Group.from_table([[0, 1], [1, 0]])
        >>> sign = Representation(group=c2, matrices=torch.tensor([[[1.0]], [[-1.0]]]))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_representation(sign, f"{folder}/sign.safetensors")
        ...     load_representation(f"{folder}/sign.safetensors").character.tolist()
        [1.0, -1.0]
    """
    group, matrices = representation.group, representation.matrices.cpu()
    found = identify(group)  # for readers of the file; loading does not use it
    tensors = {
        "matrices": (torch.view_as_real(matrices) if matrices.is_complex() else matrices)
        .contiguous()
        .clone(),
        "table": torch.tensor(group.table),
    }
    metadata = {
        "format": _FORMAT,
        "complex": json.dumps(matrices.is_complex()),
        "group": json.dumps(found.name),
        "gap_id": json.dumps(found.gap_id),
    }
    replace_file(Path(path), _sorted_header(save(tensors, metadata=metadata)))


def _sorted_header(content: bytes) -> bytes:
    """Return a safetensors file with its text metadata in order, for equal bytes every time.

    ``save`` writes the metadata in an order that differs between processes. The file begins with
    the length of its JSON header in eight bytes, then the header, padded with blanks to a multiple
    of eight; the tensors follow, at places counted from its end.
    """
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


def load_representation(path: Path | str) -> Representation:
    """Read a representation written by :func:`save_representation`.

    The table is checked to be that of a group, exactly; the matrices are taken as they are.

    Args:
        path: The file.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it holds no representation; the message names the file.
    """
    try:
        with safe_open(Path(path), framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != _FORMAT:
                raise ValueError(f"its format is {metadata.get('format')!r}, not {_FORMAT!r}")
            matrices, table = file.get_tensor("matrices"), file.get_tensor("table")
        if json.loads(metadata.get("complex", "false")):
            matrices = torch.view_as_complex(matrices.contiguous())
        return Representation(group=Group.from_table(table.numpy()), matrices=matrices)
    except (SafetensorError, ValueError, TypeError, RuntimeError) as error:
        raise ValueError(f"{path}: not a representation file: {error}") from error
