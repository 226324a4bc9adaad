"""What a batch has to be: each fault is named in the words of the user, with the remedy."""

import math

import pytest
import torch
from torch import Tensor

from cayley.invariance import AugmentedLagrangian, IRMPenalty, MRIPenalty, VRExPenalty
from cayley.invariance._batch_checks import check_batch
from cayley.invariance._moments import Task


@pytest.mark.parametrize(
    ("output", "target", "task", "error", "message"),
    [
        (torch.zeros(4, 1), torch.zeros(4), "regression", ValueError, "must have one shape"),
        (torch.zeros(4), torch.zeros(4), "ranking", ValueError, "`task` must be one of regress"),
        (torch.zeros(4), torch.zeros(4), "complex", TypeError, "`output` is torch.float32"),
        (torch.zeros(4).long(), torch.zeros(4), "binary", TypeError, "must be floating point"),
        (torch.zeros(4, 3), torch.zeros(4).long(), "softmax", ValueError, r"shape \(n, 2\)"),
        (torch.zeros(4), torch.zeros(4).long(), "multiclass", ValueError, r"\(n, K >= 2\)"),
        (torch.zeros(4, 3), torch.zeros(4), "multiclass", ValueError, "one class per sample"),
        (torch.zeros(4, 2), torch.tensor([0, 1, 2, 0]), "softmax", ValueError, r"in 0\.\.1; got"),
        (
            torch.zeros(4),
            torch.tensor([-1.0, 1, 1, -1]),
            "binary",
            ValueError,
            r"are 0 and 1 .*holds -1 and 1\. Pass \(target \+ 1\) / 2 instead",
        ),
        (
            torch.zeros(4),
            torch.tensor([1, 2, 2, 1]),
            "binary",
            ValueError,
            r"holds 1 and 2\. Pass target - 1 instead",
        ),
        (
            torch.zeros(4),
            torch.arange(4.0),
            "binary",
            ValueError,
            "holds 0, 1, 2, 3. More classes go with task 'multiclass'",
        ),
        (
            torch.zeros(4, 3),
            torch.tensor([1, 2, 3, 1]),
            "multiclass",
            ValueError,
            r"0\.\.2; got 1 to 3\. Classes are numbered from 0: pass target - 1",
        ),
        (
            torch.zeros(4, 3),
            torch.tensor([-100, 2, 0, -100]),
            "multiclass",
            ValueError,
            r"Leave out samples without a label \(2 are negative\)",
        ),
        (
            torch.zeros(4),
            torch.tensor([0.0, math.nan, 1.0, math.nan]),
            "binary",
            ValueError,
            "`target` is NaN or infinite in 2 of 4 samples, first in row 1. Leave those",
        ),
        (
            torch.tensor([0.0, 0.0, math.inf, 0.0]),
            torch.zeros(4),
            "regression",
            ValueError,
            "`output` is NaN or infinite in 1 of 4 samples, first in row 2. The model has diverg",
        ),
    ],
)
def test_bad_batches_are_refused(
    output: Tensor, target: Tensor, task: Task, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        check_batch(output, target, task=task)


def test_labels_that_are_fine() -> None:
    output, ids = torch.zeros(4), torch.tensor([0, 1, 0, 1])
    for target in (
        torch.tensor([True, False, True, False]),
        torch.tensor([0, 1, 1, 0]),
        torch.tensor([0.2, 0.9, 1.0, 0.0]),
    ):
        assert float(MRIPenalty(2, task="binary")(output, target, ids)) == 0
    check_batch(torch.zeros(2, 3), torch.tensor([0, 0]), task="multiclass")


def test_every_penalty_refuses_wrong_labels() -> None:
    ids = torch.tensor([0, 1, 0, 1])
    for make in (
        MRIPenalty(2, task="binary"),
        IRMPenalty(2, task="binary"),
        VRExPenalty(2, task="binary"),
        AugmentedLagrangian(MRIPenalty(2, task="binary")),
    ):
        with pytest.raises(ValueError, match="0 and 1"):
            make(torch.zeros(4), 2.0 * ids - 1, ids)


def test_an_overflow_in_half_precision_is_left_to_the_scaler() -> None:
    output = torch.tensor([math.inf, 0.0, 0.0, 1.0])
    target, ids = torch.tensor([0.0, 1.0, 1.0, 0.0]), torch.tensor([0, 1, 0, 1])
    term = AugmentedLagrangian(MRIPenalty(2, task="binary"))
    term(output.half().requires_grad_(), target, ids).backward()
    with torch.autocast("cpu", torch.bfloat16):
        term(output.requires_grad_(), target, ids).backward()
    term.step()
    assert float(term.dual) == 0
    with pytest.raises(ValueError, match="`output` is NaN or infinite"):
        term(output, target, ids)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (torch.ones(3), r"one entry per sample, shape \(4,\); got \(3,\)"),
        (torch.tensor([1.0, -1.0, 1.0, 1.0]), "finite and >= 0; row 1 has -1.0"),
        (torch.tensor([1.0, 1.0, math.nan, 1.0]), "finite and >= 0; row 2 has nan"),
    ],
)
def test_wrong_weights_are_refused(weights: Tensor, message: str) -> None:
    ids = torch.tensor([0, 1, 0, 1])
    with pytest.raises(ValueError, match=message):
        MRIPenalty(2)(torch.zeros(4), torch.zeros(4), ids, weights=weights)


def test_balance_is_for_classes() -> None:
    with pytest.raises(ValueError, match=r"not for task 'regression'.*`balance_labels\(labels"):
        MRIPenalty(2, balanced=True)
