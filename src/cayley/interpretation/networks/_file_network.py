"""The arrays of a file, or of HyperCube, as a network that can be changed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.interpretation.networks._recomputation import Recomputation

__all__ = ["FileNetwork"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileNetwork:
    """A network given by arrays whose logits can be recomputed.

    Attributes:
        form: How.
    """

    form: Recomputation

    def with_embeddings(
        self, left: Float[NDArray[Any], "n d"], right: Float[NDArray[Any], "n d"]
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with other embeddings of the operands."""
        return self.form.answers(left, right)

    def without_neurons(
        self,
        layer: str,
        neurons: Int[NDArray[Any], " k"],
        means: Float[NDArray[Any], " m"],
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with neurons replaced by their means after the rectifier."""
        return self.form.answers(without=np.asarray(neurons))

    def with_sums(
        self, layer: str, left: Float[NDArray[Any], "n m"], right: Float[NDArray[Any], "n m"]
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with the neurons' summands replaced by others."""
        return self.form.answers(left, right)
