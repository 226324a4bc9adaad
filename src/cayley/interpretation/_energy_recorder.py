"""``EnergyRecorder``: the energies of the parts while a network trains."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._shapes import Float
from cayley.algebra import Isotopism
from cayley.hypercube import HyperCube
from cayley.interpretation._found_group import group_of_table
from cayley.interpretation.networks._hypercube import hypercube_parts
from cayley.interpretation.networks._network_parts import NetworkParts
from cayley.interpretation.networks._run_network import RunningNetwork
from cayley.interpretation.parts._measured_parts import RealIrreducible
from cayley.interpretation.parts._real_irreducibles import adapted_basis, part_energies
from cayley.tables._as_table import TableLike

__all__ = ["EnergyRecorder"]


class EnergyRecorder:
    """Records accuracy and the shares of energy by part each time it is called with a step.

    So one sees irreducible representations being learned, often long before the answers are right.
    Call it from the training loop; the network is left as it was.

    Args:
        network: As in :func:`explain`: a module, or a :class:`~cayley.hypercube.HyperCube`, which
            needs no names.
        n: The number of symbols.
        group: The table to be learned, of a group or an isotope of one, over the same symbols.
        embedding: Name of the embedding, or the two names of left and right.
        unembedding: Name of the unembedding.
        prompt: As in :func:`explain`.
        tokens: As in :func:`explain`.

    Attributes:
        irreducibles: The real irreducible representations, ``k`` of them.
        steps: The steps recorded.
        accuracies: The share of right answers at each.
        shares: For each of ``left``, ``right`` and ``unembedding`` at hand a list of arrays
            ``(k,)``, one a step, as the ``shares`` of an explanation.

    Raises:
        ValueError: If a name does not exist, shapes do not fit, or the table is that of no group.

    Example:
        >>> import torch
        >>> network = torch.nn.ModuleDict({"left": torch.nn.Embedding(5, 4)})
        >>> network.forward = lambda a, b: network["left"](a) @ network["left"].weight.T
        >>> c5 = [[(a + b) % 5 for b in range(5)] for a in range(5)]
        >>> recorder = EnergyRecorder(network, 5, group=c5, embedding="left.weight")
        >>> recorder(0)
        >>> recorder.steps, [each.name for each in recorder.irreducibles]
        ([0], ['X.1', 'X.2+X.5', 'X.3+X.4'])
        >>> round(float(recorder.shares["left"][0].sum()), 9)
        1.0
    """

    def __init__(
        self,
        network: nn.Module,
        n: int,
        *,
        group: TableLike,
        embedding: str | tuple[str, str] | None = None,
        unembedding: str | None = None,
        prompt: Callable[[Tensor, Tensor], Any] | None = None,
        tokens: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self._table, self._isotopism = group_of_table(group, n, name="group")
        self._basis = adapted_basis(self._isotopism.group)
        self._look: Callable[[], NetworkParts]
        if isinstance(network, HyperCube):
            self._look = lambda: hypercube_parts(network)
        else:
            running = RunningNetwork(
                network,
                n,
                embedding=embedding,
                unembedding=unembedding,
                prompt=prompt,
                tokens=tokens,
            )
            self._look = running.parts
        self.irreducibles: tuple[RealIrreducible, ...] = self._basis.irreducibles
        self.steps: list[int] = []
        self.accuracies: list[float] = []
        self.shares: dict[str, list[NDArray[np.float64]]] = {}

    def __call__(self, step: int) -> None:
        """Record accuracy and energies as they are now."""
        parts = self._look()
        assert parts.answers is not None
        self.steps.append(int(step))
        self.accuracies.append(float((parts.answers == self._table.array).mean()))
        for name, elements in _maps(self._isotopism).items():
            matrix = getattr(parts, name)
            if matrix is not None:
                self.shares.setdefault(name, []).append(self._shares(matrix, elements))

    def _shares(
        self, matrix: Float[NDArray[Any], "n d"], elements: NDArray[np.int64]
    ) -> Float[NDArray[Any], " k"]:
        energies = part_energies(self._basis, matrix[np.argsort(elements)]).sum(axis=1)
        energies[0] = 0.0
        total = energies.sum()
        shares: Float[NDArray[Any], " k"] = energies / total if total > 0 else energies
        return shares


def _maps(isotopism: Isotopism) -> dict[str, NDArray[np.int64]]:
    return {
        "left": isotopism.rows,
        "right": isotopism.columns,
        "unembedding": isotopism.symbols,
    }
