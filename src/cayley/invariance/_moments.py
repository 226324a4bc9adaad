r"""The moments of the output that MRI and IRM constrain, as functions of tensors.

Environments :math:`e` share a predictor with output :math:`o`. Per environment it has two moments

.. math:: \mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y], \qquad
    \mathrm{oo}_e = \mathbb E_e[\bar o\,p]

The difference :math:`\mathrm{oo}_e - \mathrm{oy}_e` is the derivative of the risk when the output
is scaled; IRM-v1 requires it to be 0. MRI-v1 requires :math:`\mathrm{oy}_e` to be the same in all
environments, which is a linear condition on the output.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor, distributed

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._environment_means import EnvironmentMeans, environment_means

__all__ = [
    "TASKS",
    "Means",
    "Task",
    "check_batch",
    "irm_means",
    "moment_terms",
    "mri_means",
    "product_of_halves",
]

Task = Literal["regression", "complex", "binary", "softmax", "multiclass"]
"""What the output is: real or complex predictions, logits of yes/no, two logits, K logits."""

TASKS: tuple[str, ...] = get_args(Task)

Means = Callable[..., EnvironmentMeans]
"""What :func:`mri_means` and :func:`irm_means` are: a moment of each environment of a batch."""


class MomentTerms(NamedTuple):
    """The terms of each sample, of which the two moments are the means; shape ``(n, c)`` each."""

    label: Inexact[Tensor, "n c"]
    model: Inexact[Tensor, "n c"]


def check_batch(output: Num[Tensor, "n *k"], target: Num[Tensor, "n *t"], *, task: str) -> None:
    """Check that output and target fit each other and the task.

    Raises:
        TypeError: If a dtype does not suit the task.
        ValueError: If the task is unknown or the shapes do not match.
    """
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
        _check_classes(output, target, task)
    elif output.shape != target.shape:
        raise ValueError(
            f"`output` and `target` must have one shape; got {tuple(output.shape)} and "
            f"{tuple(target.shape)}. Reshape one of them: broadcasting would mix samples."
        )


def _check_classes(output: Num[Tensor, "n *k"], target: Num[Tensor, "n *t"], task: str) -> None:
    """Check the logits and class numbers of ``softmax`` and ``multiclass``."""
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
    low, high = (int(bound) for bound in target.aminmax()) if target.numel() else (0, 0)
    if low < 0 or high >= output.shape[1]:
        raise ValueError(
            f"`target` must hold classes in 0..{output.shape[1] - 1}; got {low} to {high}."
        )


def _wide(output: Num[Tensor, "n *k"]) -> Num[Tensor, "n *k"]:
    """Return half precision as float32, and other dtypes as they are.

    A sum over a batch in the 8 or 11 bits of half precision has rounding errors of the size of the
    differences between environments that the constraint measures.
    """
    return output.float() if output.dtype in {torch.float16, torch.bfloat16} else output


def moment_terms(
    output: Inexact[Tensor, "n *k"], target: Num[Tensor, "n *t"], *, task: Task
) -> MomentTerms:
    r"""Return the terms :math:`\bar o \tilde y` and :math:`\bar o p` of each sample.

    ========== ======================= ================== ======================
    task       output ``o``            ``y~``             ``p``
    ========== ======================= ================== ======================
    regression prediction              ``y``              ``o``
    complex    prediction              ``y``              ``o``
    binary     logit                   ``y - 1/2``        ``sigmoid(o) - 1/2``
    softmax    difference of logits    ``y - 1/2``        ``sigmoid(o) - 1/2``
    multiclass K logits, summed over   ``[y = k] - 1/K``  ``softmax(o)_k - 1/K``
    ========== ======================= ================== ======================

    Several outputs per sample stay separate. K classes give one number; for two classes it is the
    number that ``softmax`` gives.
    """
    output = _wide(output)
    if task == "multiclass":
        classes = output.shape[1]
        hot = torch.nn.functional.one_hot(target.long(), classes).to(output.dtype)
        label = (output * (hot - 1 / classes)).sum(1, keepdim=True)
        return MomentTerms(label, (output * (output.softmax(1) - 1 / classes)).sum(1, keepdim=True))
    if task == "softmax":
        output = output[:, 1] - output[:, 0]
    o = output.reshape(len(output), -1)
    y = target.reshape(len(target), -1).to(o.dtype)
    if task in {"binary", "softmax"}:
        return MomentTerms(o * (y - 0.5), o * (o.sigmoid() - 0.5))
    return MomentTerms(o.conj() * y, o.conj() * o)


def _as_real(means: EnvironmentMeans) -> EnvironmentMeans:
    """Return complex means as real ones, the real and the imaginary part as two components."""
    values, present = means
    if not values.is_complex():
        return means
    flat = torch.view_as_real(values).flatten(1)
    return EnvironmentMeans(flat, present.repeat_interleave(2, 1))


def mri_means(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task,
    num_environments: int,
    process_group: distributed.ProcessGroup | None = None,
) -> EnvironmentMeans:
    r"""Return the moment that MRI requires to be equal: :math:`\mathrm{oy}_e`.

    For ``multiclass`` it is the mean of the centered logits within each class, K^2 numbers
    :math:`\mathbb E_e[o_k - \bar o \mid y = c]`, an extension of this library. With two classes it
    implies the binary constraint; unlike that one it does not depend on how frequent the classes
    are.
    """
    if task != "multiclass":
        label = moment_terms(output, target, task=task).label
        return _as_real(
            environment_means(
                label,
                environments,
                num_environments=num_environments,
                process_group=process_group,
            )
        )
    output = _wide(output)
    classes = output.shape[1]
    values, present = environment_means(
        # Softmax ignores a constant added to all logits; centered ones don't have that freedom.
        output - output.mean(1, keepdim=True),
        # Every pair of environment and class is a group of its own.
        environments * classes + target,
        num_environments=num_environments * classes,
        process_group=process_group,
    )
    shape = (num_environments, classes * classes)
    return EnvironmentMeans(values.reshape(shape), present.reshape(shape))


def irm_means(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task,
    num_environments: int,
    process_group: distributed.ProcessGroup | None = None,
) -> EnvironmentMeans:
    r"""Return the moment that IRM-v1 requires to be zero: :math:`\mathrm{oo}_e - \mathrm{oy}_e`."""
    terms = moment_terms(output, target, task=task)
    return _as_real(
        environment_means(
            terms.model - terms.label,
            environments,
            num_environments=num_environments,
            process_group=process_group,
        )
    )


def product_of_halves(first: EnvironmentMeans, second: EnvironmentMeans) -> Float[Tensor, ""]:
    r"""Return :math:`\mathrm{mean}_e \langle g_e^{(1)}, g_e^{(2)} \rangle` over those present.

    With independent halves its expectation is the mean squared norm of the expected constraint; the
    square of a single estimate would add the variance of that estimate. It may be negative. With
    the same constraint twice it is the plain mean squared norm.
    """
    number = first.present.sum(0).clamp(min=1)
    return ((first.values * second.values * first.present).sum(0) / number).sum()
