r"""The constraints of MRI and IRM, and the two ways to impose them, as functions of tensors.

Environments :math:`e` share a predictor with output :math:`o`. Per environment it has two moments

.. math:: \mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y], \qquad
    \mathrm{oo}_e = \mathbb E_e[\bar o\,p]

whose difference is the derivative of the risk when the output is scaled: IRM-v1 wants it to be 0.
MRI-v1 wants the first to be the same in all environments, which is linear in the output.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Inexact, Int, Num
from torch import Tensor, distributed

from cayley.invariance._environments import (
    EnvironmentMeans,
    environment_means,
    split_halves,
)

__all__ = [
    "TASKS",
    "Means",
    "Task",
    "augmented_lagrangian",
    "check_batch",
    "half_batch_means",
    "irm_means",
    "mean_squared_norm",
    "moment_terms",
    "mri_means",
    "product_of_halves",
]

Task = Literal["regression", "complex", "binary", "softmax", "multiclass"]
"""What the output is: real or complex predictions, logits of yes/no, two logits, K logits."""

TASKS: tuple[str, ...] = ("regression", "complex", "binary", "softmax", "multiclass")


class Terms(NamedTuple):
    """Per sample, what the two moments are means of, shape ``(n, c)`` each."""

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
    """Widen half precision: a mean over a batch in 8 or 11 bits is no constraint."""
    return output.float() if output.dtype in {torch.float16, torch.bfloat16} else output


def moment_terms(
    output: Inexact[Tensor, "n *k"], target: Num[Tensor, "n *t"], *, task: Task
) -> Terms:
    r"""Return per sample :math:`\bar o \tilde y` and :math:`\bar o p`.

    ========== ======================= ================== ======================
    task       output ``o``            ``y~``             ``p``
    ========== ======================= ================== ======================
    regression prediction              ``y``              ``o``
    complex    prediction              ``y``              ``o``
    binary     logit                   ``y - 1/2``        ``sigmoid(o) - 1/2``
    softmax    difference of logits    ``y - 1/2``        ``sigmoid(o) - 1/2``
    multiclass K logits, summed over   ``[y = k] - 1/K``  ``softmax(o)_k - 1/K``
    ========== ======================= ================== ======================

    Several outputs per sample stay separate; K classes give one number, which for two of them
    is that of ``softmax``.
    """
    output = _wide(output)
    if task == "multiclass":
        classes = output.shape[1]
        hot = torch.nn.functional.one_hot(target.long(), classes).to(output.dtype)
        label = (output * (hot - 1 / classes)).sum(1, keepdim=True)
        return Terms(label, (output * (output.softmax(1) - 1 / classes)).sum(1, keepdim=True))
    if task == "softmax":
        output = output[:, 1] - output[:, 0]
    o = output.reshape(len(output), -1)
    y = target.reshape(len(target), -1).to(o.dtype)
    if task in {"binary", "softmax"}:
        return Terms(o * (y - 0.5), o * (o.sigmoid() - 0.5))
    return Terms(o.conj() * y, o.conj() * o)


def _as_real(means: EnvironmentMeans) -> EnvironmentMeans:
    """Write a complex mean as its real and imaginary part, two components of the constraint."""
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
    r"""Return what MRI wants equal: :math:`\mathrm{oy}_e`, or class means for ``multiclass``.

    For K classes it is the mean of the centered logits within each class, K^2 numbers
    :math:`\mathbb E_e[o_k - \bar o \mid y = c]`: an extension of this library. With two classes it
    implies the binary constraint, and unlike it does not depend on how frequent the classes are.
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
        output - output.mean(1, keepdim=True),
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
    r"""Return what IRM-v1 wants to be zero: :math:`\mathrm{oo}_e - \mathrm{oy}_e`."""
    terms = moment_terms(output, target, task=task)
    return _as_real(
        environment_means(
            terms.model - terms.label,
            environments,
            num_environments=num_environments,
            process_group=process_group,
        )
    )


Means = Callable[..., EnvironmentMeans]


def half_batch_means(
    means: Means,
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task,
    num_environments: int,
    process_group: distributed.ProcessGroup | None = None,
) -> tuple[EnvironmentMeans, EnvironmentMeans]:
    """Return the means over two disjoint halves of every environment (of every class in it).

    An environment with a single sample has no second half and counts as absent.
    """
    groups = environments
    if task == "multiclass" and means is mri_means:
        groups = environments * output.shape[1] + target
    second = split_halves(groups)
    first_means, second_means = (
        means(
            output[half],
            target[half],
            environments[half],
            task=task,
            num_environments=num_environments,
            process_group=process_group,
        )
        for half in (~second, second)
    )
    both = first_means.present & second_means.present
    return (
        EnvironmentMeans(first_means.values, both),
        EnvironmentMeans(second_means.values, both),
    )


def product_of_halves(first: EnvironmentMeans, second: EnvironmentMeans) -> Float[Tensor, ""]:
    r"""Return :math:`\mathrm{mean}_e \langle g_e^{(1)}, g_e^{(2)} \rangle` over those present.

    With independent halves its expectation is the mean squared norm of the expected constraint,
    where the square of one estimate would add its variance. It may be negative.
    """
    number = first.present.sum(0).clamp(min=1)
    return ((first.values * second.values * first.present).sum(0) / number).sum()


def mean_squared_norm(constraint: EnvironmentMeans) -> Float[Tensor, ""]:
    r"""Return :math:`\mathrm{mean}_e |g_e|^2` over the environments present."""
    return product_of_halves(constraint, constraint)


def augmented_lagrangian(
    constraint: Float[Tensor, "rows c"],
    dual: Float[Tensor, "rows c"],
    *,
    mu: float,
    squared: Float[Tensor, ""] | None = None,
) -> Float[Tensor, ""]:
    r"""Return the augmented Lagrangian's term for constraints that are to vanish.

    .. math:: \frac{\mu}{2}\,\mathrm{mean}_r \left( |g_r + s_r|^2 - |s_r|^2 \right)
        = \frac{\mu}{2 R} \left( |g|^2 + 2 \langle s, g \rangle \right)

    Args:
        constraint: ``g``, shape ``(rows, c)``.
        dual: ``s``, the multipliers divided by ``mu``, same shape, no gradient.
        mu: Weight ``> 0``.
        squared: Estimate of ``|g|^2`` to use in its place, for the unbiased one.

    Example:
        >>> import torch
        >>> g, s = torch.tensor([[1.0]]), torch.tensor([[0.5]])
        >>> float(augmented_lagrangian(g, s, mu=2.0))  # (1 + 0.5)^2 - 0.5^2
        2.0
    """
    square = constraint.square().sum() if squared is None else squared
    return mu / 2 * (square + 2 * (dual * constraint).sum()) / max(len(constraint), 1)
