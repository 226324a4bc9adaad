"""Matrices of a module by name, with a row for each symbol, and other numbers in their place."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._shapes import Float
from cayley.interpretation.networks._network_parts import near_names

__all__ = ["SymbolMatrix", "symbol_matrix"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SymbolMatrix:
    """The rows, or columns, of a parameter that belong to the symbols.

    Attributes:
        parameter: The parameter.
        rows: Which rows or columns, one a symbol.
        transposed: Whether symbols are columns.
    """

    parameter: Tensor
    rows: tuple[int, ...]
    transposed: bool

    def values(self) -> Float[NDArray[Any], "n d"]:
        """Return them with a row for each symbol, float64."""
        weight = self.parameter.detach()
        weight = weight.T if self.transposed else weight
        values: NDArray[np.float64] = weight[list(self.rows)].double().cpu().numpy()
        return values

    @contextmanager
    def replaced(self, values: Float[NDArray[Any], "n d"]) -> Iterator[None]:
        """Put other numbers there while the block runs, and then the old ones back."""
        with torch.no_grad():
            before = self.parameter.detach().clone()
            weight = self.parameter.T if self.transposed else self.parameter
            try:
                weight[list(self.rows)] = torch.from_numpy(values).to(weight)
                yield
            finally:
                self.parameter.copy_(before)


def symbol_matrix(
    network: nn.Module, name: str, n: int, tokens: Sequence[int] | None, *, argument: str
) -> SymbolMatrix:
    """Return the matrix of this name: of a parameter or buffer, or the weight of a module.

    The axis of the symbols follows from the kind of module, and from the shape else: the input of a
    linear layer that embeds, the output of one that reads out, the rows of ``nn.Embedding``.

    Args:
        network: The module.
        name: The name, as in ``named_parameters()`` or ``named_modules()``.
        n: The number of symbols.
        tokens: Their places, where they are not the first ``n``.
        argument: ``embedding`` or ``unembedding``, which the message names.

    Raises:
        ValueError: If there is no such name, or it is no matrix with a place for each symbol.
    """
    parameter, owner = _found(network, name, argument)
    if parameter.ndim != 2:
        raise ValueError(
            f"`{argument}`: {name!r} must be a matrix; it has shape {tuple(parameter.shape)}."
        )
    shape = (parameter.shape[0], parameter.shape[1])
    least = n if tokens is None else max(tokens) + 1
    transposed = _is_transposed(owner, name, shape, n=n, least=least, argument=argument)
    size = parameter.shape[int(transposed)]
    places = tuple(range(n)) if tokens is None else tuple(tokens)
    if max(places) >= size:
        raise ValueError(
            f"`{argument}`: {name!r} has shape {tuple(parameter.shape)}, which does not fit "
            f"n = {n} symbols."
        )
    if tokens is None and size == 2 * n:
        raise ValueError(
            f"`{argument}`: {name!r} has {size} = 2n places. Say which are the symbols: "
            "`tokens={'left': range(n), 'right': range(n, 2 * n)}` for two alphabets, one after "
            "the other."
        )
    return SymbolMatrix(parameter=parameter, rows=places, transposed=transposed)


def _found(network: nn.Module, name: str, argument: str) -> tuple[Tensor, nn.Module]:
    """Return a parameter and the module that it belongs to."""
    modules = dict(network.named_modules())
    tensors = dict(network.named_parameters()) | dict(network.named_buffers())
    if name in tensors:
        return tensors[name], modules[name.rpartition(".")[0]]
    if name in modules:
        own = dict(modules[name].named_parameters(recurse=False))
        matrices = [each for each in own.values() if each.ndim == 2]
        if len(matrices) == 1:
            return matrices[0], modules[name]
        raise ValueError(
            f"`{argument}`: the module {name!r} has {len(matrices)} matrices of its own; name one: "
            f"{', '.join(f'{name}.{each}' for each in own) or 'it has no parameters'}."
        )
    raise ValueError(f"`{argument}`: no parameter {name!r}; {near_names(name, list(tensors))}.")


def _is_transposed(
    owner: nn.Module,
    name: str,
    shape: tuple[int, int],
    *,
    n: int,
    least: int,
    argument: str,
) -> bool:
    """Return whether the symbols are columns; their axis has ``least`` places or more.

    Raises:
        ValueError: If both axes could be theirs.
    """
    if isinstance(owner, nn.Embedding):
        return False
    if isinstance(owner, nn.Linear):  # weight (out, in)
        return argument == "embedding"
    fits = [size >= least for size in shape]
    exact = [size == n for size in shape]
    if fits[0] != fits[1]:
        return fits[1]
    if exact[0] != exact[1]:
        return exact[1]
    if name.rpartition(".")[2] in ("W_E", "W_U"):  # of transformer_lens: (vocabulary, d), and back
        return name.endswith("W_U")
    if not any(fits):
        return False
    raise ValueError(
        f"`{argument}`: {name!r} has shape {shape}, and either axis could be that of the "
        f"{n} symbols. Use an `nn.Embedding` or `nn.Linear`."
    )
