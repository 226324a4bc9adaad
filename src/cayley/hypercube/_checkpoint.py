"""The state of a training in a file, from which it goes on after it was cut off."""

import json
import time
from hashlib import sha256
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from cayley._files import replace_file
from cayley.hypercube._loop import Loop

__all__ = ["Checkpoint"]

_SECONDS = 60.0
"""Between two writes. At order 97 a write takes a tenth of a second, and a step a whole one."""


class Checkpoint:
    """A safetensors file that holds the state of a training between two steps.

    Args:
        path: The file; its folder is made if it is not there.
        loop: The training. If the file is there, it goes on from what the file holds.

    Raises:
        ValueError: If the file is of another training, or is no such file.
    """

    def __init__(self, path: Path, loop: Loop) -> None:
        self._path, self._loop, self._training = path, loop, _digest(loop)
        self._written = time.monotonic()
        if path.exists():
            self._restore()

    def _restore(self) -> None:
        try:
            with safe_open(self._path, framework="pt") as file:
                of = (file.metadata() or {}).get("training")
                state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except SafetensorError as error:
            raise ValueError(f"`checkpoint` {str(self._path)!r} cannot be read: {error}.") from None
        if of != self._training:
            raise ValueError(
                f"`checkpoint` {str(self._path)!r} is of another model, table or schedule; delete "
                "it, or name another file."
            )
        self._loop.go_on_from(state)

    def write_if_due(self) -> None:
        """Write the state, a minute after the last time at the earliest."""
        if time.monotonic() - self._written >= _SECONDS:
            self._path.parent.mkdir(exist_ok=True)
            tensors = {name: each.cpu().contiguous() for name, each in self._loop.state().items()}
            replace_file(self._path, save(tensors, metadata={"training": self._training}))
            self._written = time.monotonic()

    def remove(self) -> None:
        """Delete the file: the training has ended."""
        self._path.unlink(missing_ok=True)


def _digest(loop: Loop) -> str:
    """Return what tells apart trainings of different models, tables and schedules."""
    X, observations = loop.model.matrices, loop.observations
    said = [loop.model.sizes, loop.model.shared, tuple(X.shape), str(X.dtype), repr(loop.schedule)]
    digest = sha256(json.dumps(said).encode())
    for part in (observations.triples, observations.weight):
        digest.update(part.cpu().numpy().tobytes())
    return digest.hexdigest()
