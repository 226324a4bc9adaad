"""``EnergyRecorder``: the energies of the parts while a network trains."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cayley.tables._as_table import TableLike

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["EnergyRecorder"]


class EnergyRecorder:
    """Records the shares of energy by part each time it is called with a step.

    Args:
        network: As in :func:`explain`.
        n: The number of symbols.
        group: The group, as a table over the symbols: the one to be learned.
        embedding: As in :func:`explain`.
        unembedding: As in :func:`explain`.
        prompt: As in :func:`explain`.
        tokens: As in :func:`explain`.

    Attributes:
        irreducibles: The real irreducible representations, ``k`` of them.
        steps: The steps recorded.
        accuracies: The share of right answers at each.
        shares: For each of ``left``, ``right`` and ``unembedding`` at hand a list of arrays
            ``(k,)``, one a step.
    """

    def __init__(
        self,
        network: "nn.Module",
        n: int,
        *,
        group: TableLike,
        embedding: str | tuple[str, str],
        unembedding: str | None = None,
        prompt: "Callable[[Tensor, Tensor], Any] | None" = None,
        tokens: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        raise NotImplementedError

    def __call__(self, step: int) -> None:
        """Record accuracy and energies as they are now."""
        raise NotImplementedError
