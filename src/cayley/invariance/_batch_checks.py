"""Checks of one batch: shapes, label alphabets, NaN, ids of environments, weights.

Values are looked at once per batch, with one transfer from the device. Inside ``torch.compile``
they become assertions of the graph, which raise ``RuntimeError`` with a shorter message.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Bool, Float, Int, Num
from cayley.invariance._environment_means import EnvironmentMeans
from cayley.invariance._moments import TASKS

__all__ = ["check_batch", "check_comparable", "check_environments", "check_weights"]


class Demand(NamedTuple):
    """What has to hold of the values of a batch."""

    holds: Bool[Tensor, ""]
    rule: str
    """The rule in a few words, for a compiled graph."""
    message: Callable[[], str]
    """The sentence for the user, made only if it does not hold."""


def check_batch(output: Num[Tensor, "n *k"], target: Num[Tensor, "n *t"], *, task: str) -> None:
    """Check that output and target fit each other and the task.

    Raises:
        TypeError: If a dtype does not suit the task.
        ValueError: If the task is unknown, shapes do not match, or a value is out of range.
    """
    _check_kinds(output, target, task)
    check_values([*_target_demands(target, output, task), *_output_demands(output)])


def check_environments(environments: Int[Tensor, " n"], length: int, num_environments: int) -> None:
    """Check the ids of the environments of a batch.

    Args:
        environments: Id of each sample's environment, shape ``(n,)``, integers from 0.
        length: Number of samples that they belong to.
        num_environments: How many environments there are in all.

    Raises:
        TypeError: If the ids are not integers.
        ValueError: If there are none, not one per sample, or one is out of range.
    """
    kind = environments.dtype
    if kind.is_floating_point or kind.is_complex or kind is torch.bool:
        raise TypeError(f"`environments` must hold integer ids; got {kind}.")
    if environments.ndim != 1 or len(environments) != length:
        raise ValueError(
            "`environments` must be flat, with one id per sample; got shape "
            f"{tuple(environments.shape)} for {length} samples."
        )
    if length == 0:
        raise ValueError("the batch is empty; pass at least one sample.")
    last = num_environments - 1
    check_values(
        [
            Demand(
                ((environments >= 0) & (environments <= last)).all(),
                f"`environments` must hold ids in 0..{last}",
                lambda: (
                    f"`environments` must hold ids in 0..{last}; got ids from "
                    f"{int(environments.min())} to {int(environments.max())}. Number the "
                    "environments 0, 1, 2, ... and say how many with `num_environments`."
                ),
            )
        ]
    )


def check_weights(weights: Float[Tensor, " n"], length: int) -> None:
    """Check the weights of the samples of a batch.

    Raises:
        ValueError: If there is not one per sample, or one is negative or not finite.
    """
    if weights.shape != (length,):
        raise ValueError(
            f"`weights` must have one entry per sample, shape ({length},); "
            f"got {tuple(weights.shape)}."
        )
    wrong = ~((weights >= 0) & weights.isfinite())
    check_values(
        [
            Demand(
                ~wrong.any(),
                "`weights` must be finite and >= 0",
                lambda: (
                    f"`weights` must be finite and >= 0; row {_first(wrong)} has "
                    f"{float(weights[_first(wrong)])}."
                ),
            )
        ]
    )


def check_comparable(means: EnvironmentMeans) -> None:
    """Raise if the batch holds a single environment, where there is nothing to compare.

    Raises:
        ValueError: If fewer than two environments are present for every component.
    """
    present = means.present

    def message() -> str:
        seen = [int(e) for e in present.any(1).nonzero().ravel()]
        return (
            f"the batch holds a single environment ({seen[0] if seen else 'none'}), or shares "
            "no class between two: there is nothing to compare. Mix environments in every batch "
            "(or pass `single='skip'` to a penalty to let such a batch through)."
        )

    check_values(
        [Demand((present.sum(0) > 1).any(), "the batch holds a single environment", message)]
    )


def check_values(demands: list[Demand]) -> None:
    """Raise with the message of the first demand that does not hold.

    Raises:
        ValueError: If one does not hold.
        RuntimeError: The same, inside a compiled graph.
    """
    if not demands:
        return
    if torch.compiler.is_compiling():
        for demand in demands:
            torch._assert_async(demand.holds, demand.rule)
        return
    # One transfer for all of them: each waits for everything that the device has yet to compute.
    for demand, holds in zip(
        demands, torch.stack([each.holds for each in demands]).tolist(), strict=True
    ):
        if not holds:
            raise ValueError(demand.message())


def _check_kinds(output: Num[Tensor, "n *k"], target: Num[Tensor, "n *t"], task: str) -> None:
    """Check dtypes and shapes, which cost nothing to look at."""
    if task not in TASKS:
        raise ValueError(f"`task` must be one of {', '.join(TASKS)}; got {task!r}.")
    if (task == "complex") != output.is_complex():
        raise TypeError(
            f"`task` is {task!r} but `output` is {output.dtype}; complex outputs, and only "
            "those, go with task 'complex'."
        )
    if not (output.is_floating_point() or output.is_complex()):
        raise TypeError(f"`output` must be floating point; got {output.dtype}.")
    if task in {"softmax", "multiclass"}:
        if output.ndim != 2 or (task == "softmax" and output.shape[1] != 2) or output.shape[1] < 2:
            columns = "2" if task == "softmax" else "K >= 2"
            raise ValueError(
                f"`output` must have shape (n, {columns}), one column per class; "
                f"got {tuple(output.shape)}."
            )
        if target.shape != output.shape[:1] or target.is_floating_point() or target.is_complex():
            raise ValueError(
                f"`target` must hold one class per sample as an integer, shape ({len(output)},); "
                f"got {target.dtype} of shape {tuple(target.shape)}."
            )
    elif output.shape != target.shape:
        raise ValueError(
            f"`output` and `target` must have one shape; got {tuple(output.shape)} and "
            f"{tuple(target.shape)}. Reshape one of them: broadcasting would mix samples."
        )


def _target_demands(
    target: Num[Tensor, "n *t"], output: Num[Tensor, "n *k"], task: str
) -> list[Demand]:
    """Return what the labels of a task have to be."""
    if target.numel() == 0:
        return []
    demands = []
    if target.is_floating_point() or target.is_complex():
        demands.append(_finite("target", target, "Leave those samples out, or fill them in."))
    if task in {"softmax", "multiclass"}:
        last = output.shape[1] - 1
        demands.append(
            Demand(
                ((target >= 0) & (target <= last)).all(),
                f"`target` must hold classes in 0..{last}",
                lambda: _about_classes(target, last),
            )
        )
    if task == "binary":
        demands.append(
            Demand(
                ((target >= 0) & (target <= 1)).all(),
                "the labels of task 'binary' are 0 and 1",
                lambda: _about_binary(target),
            )
        )
    return demands


def _output_demands(output: Num[Tensor, "n *k"]) -> list[Demand]:
    """Return what the outputs have to be: finite, unless half precision may have overflowed.

    There a ``GradScaler`` notices and leaves the step out, and the dual step with it.
    """
    half = output.dtype in {torch.float16, torch.bfloat16}
    if half or output.numel() == 0 or torch.is_autocast_enabled(output.device.type):
        return []
    cure = (
        "The model has diverged, or its input holds such values: look at the input, lower the "
        "learning rate, or clip the gradients."
    )
    return [_finite("output", output, cure)]


def _finite(name: str, values: Num[Tensor, "n *k"], cure: str) -> Demand:
    """Return the demand that no value is NaN or infinite."""

    def message() -> str:
        bad = (~values.isfinite()).reshape(len(values), -1).any(1)
        return (
            f"`{name}` is NaN or infinite in {int(bad.sum())} of {len(values)} samples, first in "
            f"row {_first(bad)}. {cure}"
        )

    return Demand(values.isfinite().all(), f"`{name}` must be finite", message)


def _first(mask: Bool[Tensor, " n"]) -> int:
    """Return the number of the first row that is marked."""
    return int(mask.nonzero()[0, 0])


def _about_binary(target: Num[Tensor, "n *t"]) -> str:
    """Return what is wrong with the labels of yes or no, and how to write them."""
    values = target.unique()  # type: ignore[no-untyped-call]
    found = [f"{float(value):g}" for value in values[:5]]
    cures = {"-1 1": "(target + 1) / 2", "1 2": "target - 1", "0 255": "target / 255"}
    cure = cures.get(" ".join(found))
    return (
        f"the labels of task 'binary' are 0 and 1 (or probabilities); `target` holds "
        f"{' and '.join(found) if len(found) == 2 else ', '.join(found)}"
        f"{', ...' if len(values) > 5 else ''}."
        + (f" Pass {cure} instead." if cure else " More classes go with task 'multiclass'.")
    )


def _about_classes(target: Num[Tensor, "n *t"], last: int) -> str:
    """Return what is wrong with the numbers of classes, and how to write them."""
    low, high = (int(bound) for bound in target.aminmax())
    cure = ""
    if (low, high) == (1, last + 1):
        cure = " Classes are numbered from 0: pass target - 1 instead."
    elif low < 0:
        cure = f" Leave out samples without a label ({int((target < 0).sum())} are negative)."
    elif high > last:
        cure = f" The output has {last + 1} columns, one per class."
    return f"`target` must hold classes in 0..{last}; got {low} to {high}.{cure}"
