"""``explain``: the table, the group, the parts and what they do, of a network or a file."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from cayley.interpretation._explanation import Explanation
from cayley.interpretation._found_group import found_group
from cayley.interpretation._take_apart import take_apart
from cayley.interpretation.interventions._interventions import Changeable
from cayley.interpretation.networks._network_parts import NetworkParts, network_parts
from cayley.tables._as_table import TableLike

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["explain"]


def explain(
    network: "nn.Module | Callable[..., Tensor] | str | PathLike[str] | Mapping[str, ArrayLike]",
    n: int | None = None,
    *,
    embedding: str | tuple[str, str] | None = None,
    unembedding: str | None = None,
    layers: Sequence[str] = (),
    prompt: "Callable[[Tensor, Tensor], Any] | None" = None,
    tokens: Mapping[str, Sequence[int]] | None = None,
    truth: TableLike | None = None,
    group: TableLike | None = None,
    seed: int = 0,
    permutations: int = 200,
    time_limit: float | None = 60.0,
) -> Explanation:
    """Say what a network on two symbols has learned: its table, the group in it, and the parts.

    Args:
        network: A module or function from two symbols to logits, a
            :class:`~cayley.hypercube.HyperCube`, a file (npz or safetensors) or a mapping with any
            of ``logits (n, n, n)``, ``left (n, d)``, ``right (n, d)``, ``unembedding (n, d)`` and
            ``neurons (n, n, m)``, before or after a rectifier. A module gets two tensors of
            symbols, shape ``(m,)``, or one of shape ``(m, 2)`` if it takes one argument. It gives
            logits ``(m, n)``, or ``(m, positions, n)``, of which the last position counts.
        n: The number of symbols; needed for a module or function.
        embedding: Name of the parameter or module that holds the embedding, or the two names of
            left and right, as in ``named_parameters()``.
        unembedding: Likewise.
        layers: Names of the modules, as in ``named_modules()``, whose outputs are the neurons; of
            models of transformer_lens the names of hooks. Outputs before the rectifier say most.
        prompt: From two tensors of symbols to the input of the network.
        tokens: ``left``, ``right`` and ``result``: which places of the embedding and which logits
            belong to the symbols, where these are not the first ``n``.
        truth: The table that the network should know, over the same symbols: symbol ``i`` is row
            ``i``.
        group: The group to measure parts under, likewise; by default the one found in the answers.
        seed: Seed of the permutations and of the search.
        permutations: How many there are behind each null, at least 100.
        time_limit: Seconds for finding the group in the answers; None for no limit.

    Returns:
        What was found. That no group was found is a result, no error.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If shapes do not fit, a name does not exist, or an option is out of range.
        TypeError: If the network is nothing of that kind.

    Example:
        >>> import numpy as np
        >>> a, b, c = np.ogrid[:7, :7, :7]
        >>> logits = sum(np.cos(2 * np.pi * k * (a + b - c) / 7) for k in (1, 3))
        >>> turns = 2 * np.pi * np.arange(7)[:, None] * [1, 3] / 7
        >>> wave = np.hstack([np.cos(turns), np.sin(turns)])
        >>> found = explain({"logits": logits, "left": wave, "right": wave})
        >>> found.solution.identification.name, found.claimed
        ('C7', ('X.2+X.7', 'X.4+X.5'))

    References:
        Chughtai, Chan, Nanda (2023), "A toy model of universality", arXiv:2302.03025. Stander, Yu,
        Fan, Biderman (2023), "Grokking group multiplication with cosets", arXiv:2312.06581.
    """
    start = time.monotonic()
    if permutations < 100:
        raise ValueError(
            f"`permutations` must be at least 100, to know a quantile of 99 %; got {permutations}."
        )
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"`time_limit` must be positive; got {time_limit}.")
    options = {
        "embedding": embedding,
        "unembedding": unembedding,
        "layers": layers,
        "prompt": prompt,
        "tokens": tokens,
    }
    parts, running = _opened(network, n, options)
    known = found_group(
        parts.answers, parts.order, truth=truth, group=group, seed=seed, time_limit=time_limit
    )
    result = Explanation(
        answers=known.answers,
        solution=known.solution,
        isotopism=known.isotopism,
        standing=known.standing,
        truth=known.truth,
        accuracy=_agreement(parts, known.truth),
        reference=known.reference,
        agreement=_agreement(parts, known.reference),
        notes=(*parts.notes, *known.notes, *_remarks(parts)),
        seed=seed,
        permutations=permutations,
    )
    if known.isotopism is not None:
        result = take_apart(result, parts, running, known.isotopism)
    return replace(result, seconds=time.monotonic() - start)


def _opened(
    network: Any, n: int | None, options: dict[str, Any]
) -> "tuple[NetworkParts, Changeable | None]":
    """Return the arrays of whatever was given, and what can be run if it is a network."""
    if isinstance(network, str | PathLike | Mapping):
        for name, value in options.items():
            if value:
                raise ValueError(
                    f"`{name}` is about a network that runs; arrays have no use of it."
                )
        if isinstance(network, Mapping):
            return network_parts(network, n=n), None
        from cayley.interpretation.networks._read_parts import read_parts

        return read_parts(network, n=n), None
    if not callable(network):
        raise TypeError(
            "`network` must be a module, a function of two tensors, a file, or a mapping of arrays;"
            f" got {type(network).__name__}."
        )
    from cayley.hypercube import HyperCube  # torch is imported only where a network runs

    if isinstance(network, HyperCube):
        from cayley.interpretation.networks._hypercube import hypercube_parts

        return hypercube_parts(network), None
    from cayley.interpretation.networks._run_network import RunningNetwork

    if n is None or n < 1:
        raise ValueError(f"`n` must be the number of symbols of the network; got {n}.")
    running = RunningNetwork(network, n, **options)
    return running.parts(), running


def _agreement(parts: NetworkParts, table: Any) -> float | None:
    if table is None or parts.answers is None:
        return None
    return float((parts.answers == table.array).mean())


def _remarks(parts: NetworkParts) -> list[str]:
    notes = []
    if parts.answers is None:
        notes.append(
            "There are no logits, so what the network answers is not known. Save `logits`, shape"
            " (n, n, n), with the rest."
        )
    if parts.ties:
        notes.append(
            f"In {parts.ties} of {parts.order**2} cells several symbols have the highest logit; the"
            " first of them is taken."
        )
    return notes
