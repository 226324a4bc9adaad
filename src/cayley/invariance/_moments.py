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
from cayley.invariance._environment_means import (
    EnvironmentMeans,
    batch_mean,
    environment_means,
    joint_sum,
)

__all__ = [
    "CENTERED",
    "TASKS",
    "Means",
    "Task",
    "class_balance",
    "irm_means",
    "moment_terms",
    "mri_means",
    "product_of_halves",
    "wide",
]

Task = Literal["regression", "complex", "binary", "softmax", "multiclass"]
"""What the output is: real or complex predictions, logits of yes/no, two logits, K logits."""

TASKS: tuple[str, ...] = get_args(Task)

Means = Callable[..., EnvironmentMeans]
"""What :func:`mri_means` and :func:`irm_means` are: a moment of each environment of a batch."""


CENTERED = ("regression", "complex")
"""Tasks whose labels have no origin of their own; 0 is halfway between the labels of the others."""


class MomentTerms(NamedTuple):
    """The terms of each sample, of which the two moments are the means; shape ``(n, c)`` each."""

    label: Inexact[Tensor, "n c"]
    model: Inexact[Tensor, "n c"]


def wide(output: Num[Tensor, "n *k"]) -> Num[Tensor, "n *k"]:
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

    These are the terms as published; :func:`mri_means` and :func:`irm_means` center the numbers of
    regression first. Several outputs per sample stay separate. K classes give one number; for two
    classes it is the number that ``softmax`` gives.
    """
    output = wide(output)
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
    values, counts = means
    if not values.is_complex():
        return means
    flat = torch.view_as_real(values).flatten(1)
    return EnvironmentMeans(flat, counts.repeat_interleave(2, 1))


def mri_means(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task,
    num_environments: int,
    center: bool = True,
    weights: Float[Tensor, "n _"] | None = None,
    process_group: distributed.ProcessGroup | None = None,
) -> EnvironmentMeans:
    r"""Return the moment that MRI requires to be equal: :math:`\mathrm{oy}_e`.

    Outputs and labels of regression are centered by their means over the batch if ``center``. Where
    labels are distributed alike, a constant added to either does not change the differences between
    environments; in a sample it multiplies their noise.

    For ``multiclass`` it is the mean of the centered logits within each class, K^2 numbers
    :math:`\mathbb E_e[o_k - \bar o \mid y = c]`, an extension of this library. With two classes it
    implies the binary constraint; unlike that one it does not depend on how frequent the classes
    are.
    """
    if task != "multiclass":
        if center and task in CENTERED:
            return _as_real(
                _covariances(
                    *_flat(output, target),
                    environments,
                    num_environments=num_environments,
                    weights=weights,
                    process_group=process_group,
                )
            )
        label = moment_terms(output, target, task=task).label
        return _as_real(
            environment_means(
                label,
                environments,
                num_environments=num_environments,
                weights=weights,
                process_group=process_group,
            )
        )
    output = wide(output)
    classes = output.shape[1]
    values, counts = environment_means(
        # Softmax ignores a constant added to all logits; centered ones don't have that freedom.
        output - output.mean(1, keepdim=True),
        # Every pair of environment and class is a group of its own.
        environments * classes + target,
        num_environments=num_environments * classes,
        weights=weights,
        process_group=process_group,
    )
    shape = (num_environments, classes * classes)
    return EnvironmentMeans(values.reshape(shape), counts.reshape(shape))


def _covariances(
    output: Inexact[Tensor, "n c"],
    target: Inexact[Tensor, "n c"],
    environments: Int[Tensor, " n"],
    *,
    num_environments: int,
    weights: Float[Tensor, "n _"] | None,
    process_group: distributed.ProcessGroup | None,
) -> EnvironmentMeans:
    r"""Return :math:`\mathbb E_e[\overline{(o - \mathbb E o)} (y - \mathbb E y)]`."""
    # The mean of the outputs is subtracted without a gradient, which keeps numbers small, and once
    # more with one, where its value is 0. A mean over processes within a mean over processes would
    # get a wrong gradient: each is scaled for the average that DDP takes.
    o = output - batch_mean(output, weights=weights, process_group=process_group).detach()
    y = target - batch_mean(target, weights=weights, process_group=process_group)
    both, counts = environment_means(
        torch.cat([o.conj() * y, y], 1),
        environments,
        num_environments=num_environments,
        weights=weights,
        process_group=process_group,
    )
    rest = batch_mean(o, weights=weights, process_group=process_group)
    columns = o.shape[1]
    values = both[:, :columns] - rest.conj() * both[:, columns:]
    return EnvironmentMeans(values, counts[:, :columns])


def irm_means(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task,
    num_environments: int,
    center: bool = True,
    weights: Float[Tensor, "n _"] | None = None,
    process_group: distributed.ProcessGroup | None = None,
) -> EnvironmentMeans:
    r"""Return the moment that IRM-v1 requires to be zero: :math:`\mathrm{oo}_e - \mathrm{oy}_e`.

    If ``center``, the output of regression is scaled about the mean of the batch's labels, and not
    about 0: both are then measured from that mean.
    """
    if center and task in CENTERED:
        output, target = _flat(output, target)
        middle = batch_mean(target, weights=weights, process_group=process_group)
        output, target = output - middle, target - middle
    terms = moment_terms(output, target, task=task)
    return _as_real(
        environment_means(
            terms.model - terms.label,
            environments,
            num_environments=num_environments,
            weights=weights,
            process_group=process_group,
        )
    )


def _flat(
    output: Inexact[Tensor, "n *k"], target: Num[Tensor, "n *t"]
) -> tuple[Inexact[Tensor, "n c"], Inexact[Tensor, "n c"]]:
    """Return outputs and numbers as matrices of one dtype, one row per sample."""
    output = wide(output).reshape(len(output), -1)
    return output, target.reshape(len(target), -1).to(output.dtype)


def class_balance(
    classes: Int[Tensor, "n c"],
    environments: Int[Tensor, " n"],
    *,
    num_classes: int,
    num_environments: int,
    weights: Float[Tensor, "n 1"],
    process_group: distributed.ProcessGroup | None = None,
) -> Float[Tensor, "n c"]:
    r"""Return weights under which every class has the same share of every environment.

    .. math:: w_i \, \frac{n_e}{K\, n_{e, y_i}}

    An environment in which a class does not occur has no such weights; its samples get 0.

    Example:
        >>> import torch
        >>> classes, ids = torch.tensor([[0], [0], [0], [1]]), torch.zeros(4, dtype=torch.long)
        >>> balance = class_balance(
        ...     classes, ids, num_classes=2, num_environments=1, weights=torch.ones(4, 1)
        ... )
        >>> [round(weight, 4) for weight in balance.ravel().tolist()]
        [0.6667, 0.6667, 0.6667, 2.0]
    """
    hot = torch.nn.functional.one_hot(classes, num_classes).to(weights.dtype)  # (n, c, K)
    counts = weights.new_zeros(num_environments, *hot.shape[1:])
    counts = counts.index_add(0, environments, weights[..., None] * hot)
    if process_group is not None:
        counts = joint_sum(counts, process_group)
    own = (counts[environments] * hot).sum(2)
    complete = (counts > 0).all(2)
    share = counts.sum(2)[environments] / (num_classes * own.where(own > 0, 1))
    return weights * share * complete[environments]


def product_of_halves(first: EnvironmentMeans, second: EnvironmentMeans) -> Float[Tensor, ""]:
    r"""Return :math:`\mathrm{mean}_e \langle g_e^{(1)}, g_e^{(2)} \rangle` over those present.

    With independent halves its expectation is the mean squared norm of the expected constraint; the
    square of a single estimate would add the variance of that estimate. It may be negative. With
    the same constraint twice it is the plain mean squared norm.
    """
    number = first.present.sum(0).clamp(min=1)
    return ((first.values * second.values * first.present).sum(0) / number).sum()
