"""Samples of different lengths in one batch: runs between the ends, of the samples still going."""

from collections.abc import Callable

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking.adjoint._adjoint import DriveSource
from cayley.spiking.equations._dynamics import GatedState
from cayley.spiking.equations._population_step import PopulationState

__all__ = ["check_lengths", "run_to_lengths"]

State = GatedState | PopulationState
Run = Callable[[DriveSource, State], tuple[Tensor, State]]


def check_lengths(lengths: Tensor, inputs: Float[Tensor, "t b f"]) -> list[int]:
    """Return the lengths as numbers, or raise unless there is one from 1 to ``t`` for each sample.

    Example:
        >>> check_lengths(torch.tensor([3, 1]), torch.zeros(3, 2, 1))
        [3, 1]
    """
    steps, batch = inputs.shape[:2]
    kind = lengths.dtype if isinstance(lengths, Tensor) else type(lengths).__name__
    if not isinstance(lengths, Tensor) or kind not in (torch.int32, torch.int64):
        raise TypeError(f"`lengths` must be a tensor of integers, one for each sample; got {kind}.")
    if lengths.shape != (batch,):
        raise ValueError(f"`lengths` must have shape ({batch},); got {tuple(lengths.shape)}.")
    found: list[int] = lengths.tolist()
    if min(found) < 1 or max(found) > steps:
        raise ValueError(
            f"`lengths` must be from 1 to {steps}, the number of steps; got {min(found)} to "
            f"{max(found)}."
        )
    return found


def run_to_lengths(
    run: Run, source: DriveSource, start: State, lengths: list[int]
) -> tuple[Float[Tensor, "t b n"], State]:
    """Return outputs, 0 past each sample's end, and the state at the ends.

    The state that one stretch ends with begins the next one, so that gradients are exact; a stretch
    computes the samples that have not ended, and no others.
    """
    steps, batch = source.inputs.shape[:2]
    going = torch.arange(batch, device=source.inputs.device)
    ends = torch.tensor(lengths, device=going.device)
    pieces: list[Tensor] = []
    ended: list[tuple[Tensor, State]] = []
    begin, state = 0, start
    for end in sorted(set(lengths)):
        part = source._replace(inputs=source.inputs[begin:end, going])
        outputs, state = run(part, state)
        whole = outputs.new_zeros(end - begin, batch, outputs.shape[-1])
        pieces.append(whole.index_copy(1, going, outputs))
        stays = ends[going] > end
        ended.append((going[~stays], type(start)(*(each[~stays] for each in state))))
        going, state = going[stays], type(start)(*(each[stays] for each in state))
        begin = end
    if begin < steps:
        pieces.append(pieces[0].new_zeros(steps - begin, *pieces[0].shape[1:]))
    order = torch.argsort(torch.cat([samples for samples, _ in ended]))
    parts = zip(*(states for _, states in ended), strict=True)
    return torch.cat(pieces), type(start)(*(torch.cat(each)[order] for each in parts))
