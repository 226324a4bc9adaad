"""The arrays that the compiled kernel works on: made from a presentation, grown on demand."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._relations import UniversalPresentation
from cayley.deduction.todd_coxeter._todd_coxeter_python import Progress

__all__ = ["CompiledCosetTable", "kernel_is_loaded"]

_CHUNK = 4_000_000  # relations looked at between two looks at the clock, some 50 ms


def kernel_is_loaded() -> bool:
    """Whether the compiled kernel is imported, which takes 0.4 seconds the first time."""
    return f"{__package__}._todd_coxeter_kernel" in sys.modules


class CompiledCosetTable:
    """The same as `PythonCosetTable`, in arrays that the compiled kernel fills.

    It starts with one element for each generator. The first use compiles the kernel or loads it
    from numba's cache.
    """

    def __init__(self, presentation: UniversalPresentation, *, max_bytes: int) -> None:
        from cayley.deduction.todd_coxeter import _todd_coxeter_kernel as _kernel

        self._kernel, self._max_bytes = _kernel, max_bytes
        size = presentation.num_generators
        parts: list[NDArray[Any]] = []
        for by, rest in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
            parts += _indexed(presentation.relations, by, rest, size)
        self._relations = _kernel.Relations(*parts)
        occurrences = sum(np.diff(starts) for starts in parts[::2])
        self._room = 2 * size + int(np.max(occurrences)) + 8
        distinct = presentation.distinct_labels
        labels = np.full((size, len(distinct)), -1, np.int32)
        for kind, generators in enumerate(distinct):
            used = np.flatnonzero(generators >= 0)
            labels[generators[used], kind] = used
        counters = np.zeros(_kernel.Counter.SIZE, np.int64)
        counters[[_kernel.Counter.ROWS, _kernel.Counter.ALIVE]] = size
        self._cosets = _kernel.Cosets(
            image=np.full((size, size), -1, np.int32),
            preimage=np.full((size, size), -1, np.int32),
            leader=np.arange(size, dtype=np.int32),
            free=np.zeros(size, np.int32),
            degree=np.zeros(size, np.int32),
            filled=np.zeros(size, np.int32),
            labels=labels,
            pending=np.zeros((2 * size + 4 * self._room, 2), np.int32),
            coincidences=np.zeros((4 * self._room, 2), np.int32),
            counters=counters,
            gain=np.zeros((2, size), np.int32),
        )
        identity, each = np.zeros(size, np.int32), np.arange(size, dtype=np.int32)
        edges = np.concatenate(
            [np.stack([identity, each, each], axis=1), np.stack([each, identity, each], axis=1)]
        )
        _kernel.load(self._cosets, edges)

    @property
    def num_alive(self) -> int:
        """How many different elements there are at this point."""
        return int(self._cosets.counters[self._kernel.Counter.ALIVE])

    @property
    def num_defined(self) -> int:
        """How many elements have been added, merged ones included."""
        return int(self._cosets.counters[self._kernel.Counter.DEFINED])

    def advance(self, *, define: bool, max_definitions: int) -> Progress:
        """Deduce; if ``define``, add elements where most relations nearly close, one chunk."""
        outcome = self._kernel.Outcome
        most = max_definitions if define else -1
        while True:
            code = self._kernel.run(self._cosets, self._relations, self._room, _CHUNK, most)
            if code != outcome.ROOM:
                break
            if not self._grow():
                return "full"
        names: dict[int, Progress] = {
            outcome.STABLE: "stable",
            outcome.CLASH: "clash",
            outcome.CLOSED: "closed",
            outcome.FULL: "full",
            outcome.WORKING: "working",
        }
        return names[code]

    def images(self, *, of_generators: bool = False) -> Int[NDArray[Any], "v g"]:
        """Return ``v g`` for the elements numbered anew, 0 being the identity, -1 if unknown.

        Args:
            of_generators: Leave out the elements that are no generator; all may be a gigabyte.
        """
        leader = self._cosets.leader[: self._cosets.counters[self._kernel.Counter.ROWS]]
        if of_generators:
            base = self._cosets.image[0]
            live = np.unique(base[base >= 0])
        else:
            live = np.flatnonzero(leader == np.arange(len(leader)))
        number = np.full(len(leader) + 1, -1, np.int32)
        number[live] = np.arange(len(live))
        # "wrap" makes -1 the last place, which holds -1, and lets the result be written over what
        # is read: one copy in all.
        products: NDArray[Any] = self._cosets.image[live]
        return np.take(number, products, out=products, mode="wrap")

    def has_full_column(self) -> bool:
        """Whether some generator other than the identity is known everywhere."""
        return self.num_alive == 1 or bool((self._cosets.filled[1:] == self.num_alive).any())

    def _grow(self) -> bool:
        """Double the array that is full, or return False if the memory is not allowed."""
        cosets, place = self._cosets, self._kernel.Counter
        if cosets.counters[place.PENDING] + self._room > len(cosets.pending):
            names: tuple[str, ...] = ("pending",)
        elif cosets.counters[place.COINCIDENCES] + self._room > len(cosets.coincidences):
            names = ("coincidences",)
        else:
            names = ("image", "preimage", "leader", "free", "degree", "labels")
        held = sum(array.nbytes for array in cosets)
        if held + sum(getattr(cosets, name).nbytes for name in names) > self._max_bytes:
            return False
        grown = {name: _doubled(getattr(cosets, name)) for name in names}
        self._cosets = cosets._replace(**grown)
        return True


def _doubled(array: NDArray[Any]) -> NDArray[Any]:
    # Without a second array of -1: together they may be most of the memory that is allowed.
    doubled = np.empty((2 * len(array), *array.shape[1:]), array.dtype)
    doubled[: len(array)], doubled[len(array) :] = array, -1
    return doubled


def _indexed(
    relations: Int[NDArray[Any], "m 3"], by: int, rest: tuple[int, int], size: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Sort the relations by one of their places; return where each generator starts, and them."""
    ordered = relations[np.argsort(relations[:, by], kind="stable")]
    starts = np.searchsorted(ordered[:, by], np.arange(size + 1))
    return starts.astype(np.int32), np.ascontiguousarray(ordered[:, rest], np.int32)
