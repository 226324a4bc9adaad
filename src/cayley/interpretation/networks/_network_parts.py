"""What is looked at: the arrays that a network or a file gives, checked against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float, Int

__all__ = ["NAMES", "NetworkParts", "near_names", "network_parts"]

NAMES = ("logits", "left", "right", "unembedding", "neurons", "bias")
"""What a file may hold; ``bias``, shape ``(n,)``, is added to the logits."""

_REAL = ("logits", "neurons", "bias")
"""What must be real: logits are compared, and neurons pass a rectifier."""

_SHAPES = {
    "logits": "(n, n, n)",
    "left": "(n, d)",
    "right": "(n, d)",
    "unembedding": "(n, d)",
    "neurons": "(n, n, m)",
    "bias": "(n,)",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkParts:
    """The arrays of a network on ``n`` symbols, as far as they are known.

    Attributes:
        order: The number of symbols ``n``.
        answers: The symbol with the highest logit for each pair, shape ``(n, n)``, or None.
        logits: The logits, shape ``(n, n, n)``, or None where only the answers were kept.
        left: The embedding of the left operand, one row a symbol, real.
        right: Likewise of the right one; the same array where they are one parameter.
        unembedding: One row a symbol of the result.
        neurons: The values of each layer at each pair, by name.
        bias: Added to the logits, or None.
        ties: In how many cells two symbols or more have the highest logit.
        notes: How the arrays were understood where that is not obvious.
    """

    order: int
    answers: Int[NDArray[Any], "n n"] | None = None
    logits: Float[NDArray[Any], "n n n"] | None = None
    left: Float[NDArray[Any], "n d"] | None = None
    right: Float[NDArray[Any], "n d"] | None = None
    unembedding: Float[NDArray[Any], "n d"] | None = None
    neurons: Mapping[str, Float[NDArray[Any], "n n m"]] = field(default_factory=dict)
    bias: Float[NDArray[Any], " n"] | None = None
    ties: int = 0
    notes: tuple[str, ...] = ()


_MISSPELT = 0.7
"""From this likeness on a name is taken for a misspelling: ``embedding`` of ``unembedding``, but
not ``table`` of anything."""


def near_names(name: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return a sentence that lists the names nearest to one that does not exist.

    Example:
        >>> near_names("embed.wieght", ["embed.weight", "read.weight", "layers.0.bias"])
        'near it: embed.weight, read.weight'
        >>> near_names("zzz", ["a", "b"])
        'there are: a, b'
    """
    # Below the usual 0.6: a name such as `embed` is a short part of `blocks.0.embed.weight`.
    near = get_close_matches(name, known, n=5, cutoff=0.45)
    if near:
        return f"near it: {', '.join(near)}"
    shown = ", ".join(known[:12])
    return f"there are: {shown}{', ...' if len(known) > 12 else ''}" if known else "there are none"


def network_parts(
    arrays: Mapping[str, ArrayLike], *, n: int | None = None, source: str = "the arrays"
) -> NetworkParts:
    """Return the parts that named arrays are, checked.

    Args:
        arrays: By the names of a file.
        n: The number of symbols, where it is known.
        source: What the message calls them.

    Raises:
        ValueError: If a name looks misspelt, a shape does not fit, a number is not finite, or there
            is no known name. Other arrays are left out, which the notes say.

    Example:
        >>> network_parts({"logits": np.eye(2)[[[0, 1], [1, 0]]]}).answers.tolist()
        [[0, 1], [1, 0]]
    """
    known: dict[str, NDArray[Any]] = {}
    left_out: list[str] = []
    for name, value in arrays.items():
        if name in NAMES:
            known[name] = _checked(name, value, source)
        elif get_close_matches(name, NAMES, n=1, cutoff=_MISSPELT):
            raise ValueError(
                f"{source}: no array of a network is called {name!r}; {near_names(name, NAMES)}. "
                f"Known are {', '.join(f'{key} {shape}' for key, shape in _SHAPES.items())}."
            )
        else:
            left_out.append(name)
    if not any(name in known for name in NAMES[:5]):
        there = f"; there are {', '.join(map(repr, left_out[:12]))}" if left_out else ""
        raise ValueError(
            f"{source}: nothing to look at; give any of {', '.join(NAMES[:5])}{there}."
        )
    n = _order(known, n, source)
    if "unembedding" in known and len(known["unembedding"]) != n:
        # A square one is read with a row for each symbol, as the weight of `nn.Linear` has it.
        known["unembedding"] = known["unembedding"].T
    _check_sizes(known, n, source)
    answers, ties = None, 0
    if "logits" in known:
        answers, ties = answers_of(known["logits"])
    return NetworkParts(
        order=n,
        answers=answers,
        logits=known.get("logits"),
        left=_real(known.get("left")),
        right=_real(known.get("right")),
        unembedding=_real(known.get("unembedding")),
        neurons={"neurons": known["neurons"]} if "neurons" in known else {},
        bias=known.get("bias"),
        ties=ties,
        notes=(_said_of(left_out),) if left_out else (),
    )


def _said_of(names: list[str]) -> str:
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Arrays of other names were not looked at: {', '.join(names[:12])}{more}."


def answers_of(logits: Float[NDArray[Any], "n n n"]) -> tuple[Int[NDArray[Any], "n n"], int]:
    """Return the symbol with the highest logit for each pair, and how many cells have a tie."""
    answers = logits.argmax(axis=2)
    highest = np.take_along_axis(logits, answers[:, :, None], axis=2)
    return answers, int(((logits == highest).sum(axis=2) > 1).sum())


def _checked(name: str, value: ArrayLike, source: str) -> NDArray[Any]:
    array = np.asarray(value)
    if array.dtype.kind not in ("fiub" if name in _REAL else "fciub"):
        raise ValueError(f"{source}: `{name}` must hold numbers; got dtype {array.dtype}.")
    if array.ndim != _SHAPES[name].count(",") + (name != "bias"):
        raise ValueError(f"{source}: `{name}` must have shape {_SHAPES[name]}; got {array.shape}.")
    if array.dtype.kind in "iub" or array.dtype == np.float16:
        array = array.astype(np.float32)
    if not array.size:
        raise ValueError(f"{source}: `{name}` is empty, shape {array.shape}.")
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{source}: `{name}` is not finite at {place}.")
    return array


def _order(known: Mapping[str, NDArray[Any]], n: int | None, source: str) -> int:
    """Return the number of symbols: as given, else what the first array with it says."""
    if n is not None:
        return n
    for name in ("logits", "left", "right", "neurons", "unembedding"):
        if name in known:
            return len(known[name])
    raise ValueError(f"{source}: nothing says how many symbols there are.")


def _check_sizes(known: Mapping[str, NDArray[Any]], n: int, source: str) -> None:
    symbols = {"logits": 3, "left": 1, "right": 1, "unembedding": 1, "neurons": 2, "bias": 1}
    for name, array in known.items():
        if any(size != n for size in array.shape[: symbols[name]]):
            raise ValueError(
                f"{source}: `{name}` has shape {array.shape}, which does not fit {n} symbols; "
                f"it must be {_SHAPES[name].replace('n', str(n))}."
            )


def _real(array: NDArray[Any] | None) -> NDArray[Any] | None:
    """Return complex columns as pairs of real ones: norms are the same."""
    if array is None or array.dtype.kind != "c":
        return array
    return np.concatenate([array.real, array.imag], axis=1)
