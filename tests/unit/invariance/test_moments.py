"""The constraints against derivatives of the risk, loops over samples, and the population."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from cayley.invariance import IRMPenalty, MRIPenalty, RelaxedIRMPenalty
from cayley.invariance._augmented_lagrangian import augmented_lagrangian
from cayley.invariance._environment_means import EnvironmentMeans, contrast_basis
from cayley.invariance._moments import TASKS, Task, product_of_halves
from cayley.invariance._quadratic_penalty import ConstraintPenalty

PENALTIES = [MRIPenalty, IRMPenalty, RelaxedIRMPenalty]


def constraint(
    kind: type[ConstraintPenalty],
    output: Tensor,
    target: Tensor,
    ids: Tensor,
    *,
    task: Task = "regression",
    num_environments: int | None = None,
    center: bool = True,
) -> EnvironmentMeans:
    """Return the constraint that a penalty of this kind has on one batch."""
    number = int(ids.max()) + 1 if num_environments is None else num_environments
    outputs = output[0].numel() if output.ndim > 1 else 2 if task == "multiclass" else 1
    penalty = kind(number, task=task, num_outputs=outputs, center=center)
    return penalty.constraint(output, target, ids)


def batch(task: Task, *, seed: int = 0, number: int = 40) -> tuple[Tensor, Tensor, Tensor]:
    """Draw outputs, targets and ids of three environments of unequal sizes."""
    g = torch.Generator().manual_seed(seed)
    ids = torch.multinomial(torch.tensor([0.6, 0.3, 0.1]), number, replacement=True, generator=g)
    ids[:3] = torch.arange(3)
    if task == "complex":
        draw = torch.randn(2, number, 2, generator=g, dtype=torch.complex128)
        return draw[0], draw[1], ids
    if task in {"softmax", "multiclass"}:
        classes = 2 if task == "softmax" else 3
        output = torch.randn(number, classes, generator=g, dtype=torch.float64)
        return output, torch.randint(classes, (number,), generator=g), ids
    output = torch.randn(number, generator=g, dtype=torch.float64)
    if task == "binary":
        return output, torch.randint(2, (number,), generator=g).double(), ids
    return output, torch.randn(number, generator=g, dtype=torch.float64), ids


@pytest.mark.parametrize("task", ["regression", "binary", "softmax", "multiclass"])
def test_irm_is_the_derivative_of_the_risk_in_the_scale_of_the_output(task: Task) -> None:
    output, target, ids = batch(task)
    values = constraint(IRMPenalty, output, target, ids, task=task, center=False).values
    for e in range(3):
        scale = torch.ones((), dtype=torch.float64, requires_grad=True)
        o, y = scale * output[ids == e], target[ids == e]
        if task == "regression":
            risk = F.mse_loss(o, y) / 2
        elif task == "binary":
            risk = F.binary_cross_entropy_with_logits(o, y)
        else:
            risk = F.cross_entropy(o, y)
        (derivative,) = torch.autograd.grad(risk, scale)
        torch.testing.assert_close(values[e, 0], derivative)


def test_complex_irm_is_the_derivative_in_a_complex_scale() -> None:
    output, target, ids = batch("complex")
    values = constraint(IRMPenalty, output, target, ids, task="complex", center=False).values
    for e in range(3):
        scale = torch.ones(2, dtype=torch.complex128, requires_grad=True)  # one per output
        error = scale * output[ids == e] - target[ids == e]
        risk = error.abs().square().mean(0).sum() / 2
        (derivative,) = torch.autograd.grad(risk, scale)
        torch.testing.assert_close(torch.view_as_complex(values[e].reshape(2, 2)), derivative)


def test_centered_regression_against_loops() -> None:
    """MRI compares covariances; IRM scales the output about the mean of the labels."""
    output, target, ids = batch("regression")
    target = target + 100
    middle = target.mean()
    o, y = output - output.mean(), target - middle
    covariance = torch.stack([(o * y)[ids == e].mean() for e in range(3)])
    values = constraint(MRIPenalty, output, target, ids).values
    torch.testing.assert_close(values[:, 0], covariance - covariance.mean())
    values = constraint(IRMPenalty, output, target, ids).values
    for e in range(3):
        scale = torch.ones((), dtype=torch.float64, requires_grad=True)
        scaled = middle + scale * (output - middle)
        risk = F.mse_loss(scaled[ids == e], target[ids == e]) / 2
        torch.testing.assert_close(values[e, 0], torch.autograd.grad(risk, scale)[0])


@pytest.mark.parametrize("task", ["regression", "complex"])
def test_a_mean_of_the_labels_does_not_accuse_an_invariant_predictor(task: Task) -> None:
    g = torch.Generator().manual_seed(0)
    y = torch.randn(4000, generator=g, dtype=torch.float64)
    o = 0.5 * y + 0.5 * torch.randn(4000, generator=g, dtype=torch.float64)
    if task == "complex":
        o, y = o.to(torch.complex128), y.to(torch.complex128)
    ids = torch.arange(4000) % 2
    for kind in PENALTIES:
        small, large = kind(2, task=task)(o, y, ids), kind(2, task=task)(o + 100, y + 100, ids)
        assert float(small) < 1e-3
        torch.testing.assert_close(large, small, rtol=1e-6, atol=1e-12)
        assert kind(2, task=task, center=False)(o + 100, y + 100, ids) > 100 * small


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_weights_count_as_copies(task: Task, kind: type[ConstraintPenalty]) -> None:
    output, target, ids = batch(task)
    copies = torch.randint(4, (len(ids),), generator=torch.Generator().manual_seed(1))
    copies[:3] = 1
    penalty = kind(3, task=task, num_outputs=3 if task == "multiclass" else 1)
    repeated = (part.repeat_interleave(copies, 0) for part in (output, target, ids))
    torch.testing.assert_close(
        penalty.constraint(output, target, ids, weights=copies.double()).values,
        penalty.constraint(*repeated).values,
    )


def test_balanced_classes_against_a_loop_over_classes() -> None:
    output, target, ids = batch("binary", number=200)
    target[(ids == 0) & (torch.rand(200, generator=torch.Generator().manual_seed(2)) < 0.7)] = 1.0
    means = torch.stack(
        [
            sum((output * (target - 0.5))[(ids == e) & (target == c)].mean() for c in (0, 1)) / 2
            for e in range(3)
        ]
    )
    penalty = MRIPenalty(3, task="binary", balanced=True)
    torch.testing.assert_close(
        penalty.constraint(output, target, ids).values[:, 0], means - means.mean()
    )
    two = torch.stack([-output, output], 1) / 2
    softmax = MRIPenalty(3, task="softmax", balanced=True)
    torch.testing.assert_close(
        softmax.constraint(two, target.long(), ids).values[:, 0], means - means.mean()
    )


def test_an_environment_without_a_class_is_left_out_of_balanced_expectations() -> None:
    output, target, ids = batch("binary")
    target[ids == 2] = 1.0
    found = MRIPenalty(3, task="binary", balanced=True).constraint(output, target, ids)
    assert found.present[:, 0].tolist() == [True, True, False]
    kept = ids < 2
    expected = MRIPenalty(2, task="binary", balanced=True).constraint(
        output[kept], target[kept], ids[kept]
    )
    torch.testing.assert_close(found.values[:2], expected.values)
    with pytest.raises(ValueError, match="shares no class"):
        MRIPenalty(3, task="binary", balanced=True).constraint(output, 0 * target, ids)


def test_balanced_classes_mend_label_shift() -> None:
    """Invariant given the class; one environment has three times as many of it."""
    g = torch.Generator().manual_seed(0)
    ids = torch.arange(40_000) % 2
    y = (torch.rand(40_000, generator=g) < torch.tensor([0.25, 0.75])[ids]).double()
    o = (2 * y - 1) + 1.0 + torch.randn(40_000, generator=g, dtype=torch.float64)
    plain = MRIPenalty(2, task="binary").constraint(o, y, ids).values
    balanced = MRIPenalty(2, task="binary", balanced=True).constraint(o, y, ids).values
    assert plain.abs().max() > 0.2
    assert balanced.abs().max() < 0.02
    output = (0.0 * o + o).requires_grad_()
    MRIPenalty(2, task="binary", balanced=True, unbiased=True)(output, y, ids).backward()
    assert output.grad is not None and output.grad.isfinite().all()


def test_mri_is_the_centred_mean_of_output_times_label() -> None:
    output, target, ids = batch("binary")
    oy = torch.stack([(output * (target - 0.5))[ids == e].mean() for e in range(3)])
    values = constraint(MRIPenalty, output, target, ids, task="binary").values
    torch.testing.assert_close(values[:, 0], oy - oy.mean())


def test_softmax_is_binary_on_the_difference_of_logits() -> None:
    output, target, ids = batch("softmax")
    for kind in PENALTIES:
        torch.testing.assert_close(
            constraint(kind, output, target, ids, task="softmax").values,
            constraint(
                kind, output[:, 1] - output[:, 0], target.double(), ids, task="binary"
            ).values,
        )


def test_class_means_imply_the_binary_constraint_and_ignore_class_frequencies() -> None:
    # Environment 1 repeats the samples of class 1 of environment 0: class means are the same,
    # frequencies are not.
    output, target, _ = batch("softmax")
    again = torch.cat([output, output, output[target == 1]])
    labels = torch.cat([target, target, target[target == 1]])
    ids = torch.cat([torch.zeros(len(output)), torch.ones(len(again) - len(output))]).long()
    assert constraint(MRIPenalty, again, labels, ids, task="multiclass").values.abs().max() < 1e-14
    assert constraint(MRIPenalty, again, labels, ids, task="softmax").values.abs().max() > 1e-3


def test_multiclass_is_the_mean_logit_per_class_and_environment() -> None:
    output, target, ids = batch("multiclass", number=90)
    centered = output - output.mean(1, keepdim=True)
    means = torch.stack(
        [
            torch.stack([centered[(ids == e) & (target == c)].mean(0) for c in range(3)])
            for e in range(3)
        ]
    )
    values = constraint(MRIPenalty, output, target, ids, task="multiclass").values
    torch.testing.assert_close(values, (means - means.mean(0)).flatten(1))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", PENALTIES)
def test_gradients(task: Task, kind: type[ConstraintPenalty]) -> None:
    output, target, ids = batch(task, number=12)
    output.requires_grad_()

    def squared_norm(o: Tensor) -> Tensor:
        g = constraint(kind, o, target, ids, task=task)
        return product_of_halves(g, g)

    assert torch.autograd.gradcheck(squared_norm, (output,))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", PENALTIES)
def test_relabeling_environments_permutes_the_constraint(
    task: Task, kind: type[ConstraintPenalty]
) -> None:
    output, target, ids = batch(task)
    order = torch.tensor([2, 0, 1])
    values = constraint(kind, output, target, ids, task=task).values
    torch.testing.assert_close(
        constraint(kind, output, target, order[ids], task=task).values[order], values
    )


def test_mri_is_linear_in_the_output_and_irm_is_not() -> None:
    output, target, ids = batch("regression")
    other = batch("regression", seed=5)[0]

    def mri(o: Tensor) -> Tensor:
        return constraint(MRIPenalty, o, target, ids).values

    torch.testing.assert_close(mri(2 * output - 3 * other), 2 * mri(output) - 3 * mri(other))
    doubled = constraint(IRMPenalty, 2 * output, target, ids).values
    assert not torch.allclose(doubled, 2 * constraint(IRMPenalty, output, target, ids).values)


def test_zero_at_the_invariant_solution_in_population() -> None:
    # The four outcomes of (invariant s, color c) given y, weighted exactly: s agrees with y with
    # probability 3/4 everywhere, c with probability 9/10 and 8/10. Counts out of 40.
    rows = [
        (s, c, y, e)
        for e, agree in enumerate((9, 8))
        for y in (-1, 1)
        for s in (-1, 1)
        for c in (-1, 1)
        for _ in range((3 if s == y else 1) * (agree if c == y else 10 - agree))
    ]
    s, c, y, e = (torch.tensor(column, dtype=torch.float64) for column in zip(*rows, strict=True))
    for output, invariant in ((1.1 * s, True), (1.1 * s + 0.1 * c, False)):
        values = constraint(MRIPenalty, output, (y + 1) / 2, e.long(), task="binary").values
        assert (float(values.abs().max()) < 1e-14) == invariant
    logit = torch.tensor(3.0, dtype=torch.float64).log()  # of 3/4
    values = constraint(IRMPenalty, logit * s, (y + 1) / 2, e.long(), task="binary").values
    assert values.abs().max() < 1e-14


def test_augmented_lagrangian_is_its_definition() -> None:
    g, s = torch.randn(2, 3, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = 5.0 * ((g + s).square() - s.square()).sum(1).mean()
    torch.testing.assert_close(augmented_lagrangian(g, s, mu=10.0), expected)


def test_contrasts_leave_the_norm_of_the_constraint() -> None:
    output, target, ids = batch("regression")
    g = constraint(MRIPenalty, output, target, ids).values
    rows = contrast_basis(3, dtype=torch.float64) @ g
    torch.testing.assert_close(rows.square().sum(), g.square().sum())


def test_half_precision_is_widened() -> None:
    output, target, ids = batch("binary")
    values = constraint(MRIPenalty, output.bfloat16(), target.bfloat16(), ids, task="binary").values
    assert values.dtype == torch.float32


def test_a_single_environment_has_nothing_to_compare() -> None:
    ids = torch.full((4,), 1)
    with pytest.raises(ValueError, match=r"a single environment \(1\).*Mix environments"):
        constraint(MRIPenalty, torch.zeros(4), torch.zeros(4), ids)
    with pytest.raises(ValueError, match="single environment"):
        constraint(RelaxedIRMPenalty, torch.zeros(4), torch.zeros(4), ids, num_environments=3)
    assert constraint(IRMPenalty, torch.zeros(4), torch.zeros(4), ids).present.tolist() == [
        [False],
        [True],
    ]
