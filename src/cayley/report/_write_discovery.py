"""Writing a discovery to one folder, whole or not at all."""

import csv
import io
import json
from os import PathLike
from pathlib import Path

import numpy as np

from cayley._files import replace_folder
from cayley.algebra import to_gap
from cayley.completion import Provenance
from cayley.discovery import Discovery
from cayley.report._write_solution import check_output

__all__ = ["write_discovery"]

# Constant text: no label of the observations gets into code that somebody runs.
_NETWORK = '''\
"""A network that commutes with the discovered group; run this file to check that it does."""

from pathlib import Path

import torch

from cayley.equivariance import EquivariantNetwork
from cayley.representations import load_representation, trivial_representation
from cayley.testing import assert_equivariant

rho = load_representation(Path(__file__).with_name("representation.safetensors"))
one = trivial_representation(rho.group)
network = EquivariantNetwork(rho, one, hidden=(16, 16), out_channels=1)  # invariant numbers out

if __name__ == "__main__":
    x = torch.randn(32, 1, rho.degree)
    assert_equivariant(network, x, rho)
    print(f"{network}\\ncommutes with all {rho.group.order} elements")
'''


def write_discovery(
    discovery: Discovery, directory: str | PathLike[str], *, overwrite: bool = False
) -> None:
    """Write a discovery to a folder, whole or not at all.

    The folder holds ``discovery.json``; ``transitions.csv`` where points are permuted, with the
    provenance of each; and of a group ``group.g`` for GAP, ``representation.safetensors``,
    ``representation.npz`` (the same as NumPy arrays) and ``network.py``, which builds a network.

    Args:
        discovery: What to write.
        directory: The folder to make; its parent must exist.
        overwrite: Whether to replace a folder that cayley wrote before.

    Raises:
        OutputExistsError: If the folder exists and is not to be replaced.
        OSError: If it cannot be written; nothing is left behind then.
    """
    with replace_folder(check_output(directory, overwrite=overwrite)) as folder:
        document = json.dumps(discovery.to_document(), ensure_ascii=False, indent=1)
        (folder / "discovery.json").write_text(document + "\n", encoding="utf-8")
        if discovery.transitions is not None:
            text = _transitions(discovery)
            (folder / "transitions.csv").write_text(text, encoding="utf-8", newline="")
        if discovery.group is not None:
            (folder / "group.g").write_text(to_gap(discovery.group), encoding="utf-8")
        if discovery.representation is not None:
            _write_representation(discovery, folder)


def _write_representation(discovery: Discovery, folder: Path) -> None:
    """Write the representation for PyTorch and for NumPy, and the network that is built on it."""
    from cayley.representations import save_representation

    rho = discovery.representation
    assert rho is not None
    assert discovery.elements is not None
    save_representation(rho, folder / "representation.safetensors")
    np.savez(
        folder / "representation.npz",
        matrices=rho.matrices.numpy(),
        table=rho.group.table,
        actions=np.array(discovery.actions),
        elements=discovery.elements,
    )
    (folder / "network.py").write_text(_NETWORK, encoding="utf-8")


def _transitions(discovery: Discovery) -> str:
    """Return one line a transition: point, transformation, next point, provenance."""
    assert discovery.transitions is not None
    assert discovery.provenance is not None
    points = [*discovery.points, ""]  # -1, unknown, reads the last: an empty field
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")  # the same bytes on every system
    writer.writerow(["state", "action", "next", "provenance"])
    for (x, a), code in np.ndenumerate(discovery.provenance):
        after = points[int(discovery.transitions[x, a])]
        kind = Provenance(int(code)).name.lower()
        writer.writerow([discovery.points[x], discovery.actions[a], after, kind])
    return text.getvalue()
