"""The suite's targets in small and fast form, and its data against what they should be."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cayley._random import generator
from cayley.experiments import run_suite
from cayley.experiments._invariance._colored_digits import (
    PUBLISHED,
    ColoredDigitsRecipe,
    judge,
    le_net,
    run_published,
    small_network,
    train_colored,
)
from cayley.experiments._invariance._descent import fit_linear
from cayley.experiments._invariance._linear import (
    many_features,
    run_environments,
    run_label_shift,
    run_linear,
    two_features,
)
from cayley.experiments._invariance._moments import normal_sample, risk
from cayley.experiments._invariance._paint import (
    ColoredDigits,
    Pictures,
    load_pictures,
    paint,
    small_motions,
)
from cayley.experiments._invariance._penalty import METHODS, PICTURE_METHODS, make_penalty
from cayley.experiments._invariance._spurious_cue import (
    CuedHyperCube,
    draw_samples,
    fit_operation,
    operation_table,
)
from cayley.experiments._suite import Context, load_suite
from cayley.invariance import MRIPenalty, RelaxedIRMPenalty


def _metrics(run, method: str, seed: int = 0) -> dict[str, float]:  # type: ignore[no-untyped-def]
    return dict(run(method, Context(seed=seed)).metrics)


def test_every_case_has_the_methods_and_its_metrics() -> None:
    suite = load_suite("invariance")
    assert [case.name for case in suite.cases] == [
        "linear",
        "environments",
        "colored-mnist",
        "colored-mnist-lenet",
        "shapes",
        "shapes-squared",
        "shapes-classes",
        "label-shift",
        "tabular",
        "operation",
    ]
    assert all(set(METHODS) <= set(case.methods) for case in suite.cases)
    for record in run_suite(suite, cases=["linear", "label-shift"], methods=["erm", "mri"]):
        case = next(case for case in suite.cases if case.name == record.case)
        assert set(record.metrics) == set(case.metrics)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_linear_targets(seed: int) -> None:
    mri = _metrics(run_linear, "mri-alm", seed)
    assert mri["weight_0"] == pytest.approx(0.75, abs=1e-3)
    assert mri["weight_1"] == pytest.approx(0, abs=1e-3)
    assert mri["ood_mse"] == pytest.approx(0.4375, abs=1e-3)
    assert _metrics(run_linear, "erm", seed)["ood_mse"] == pytest.approx(1.199, abs=1e-3)
    assert _metrics(run_linear, "oracle", seed)["ood_mse"] == pytest.approx(0.4375)
    assert _metrics(run_linear, "irm", seed)["ood_mse"] >= 0.5


def test_the_wrong_root_of_irm() -> None:
    # Subtracting the two constraints leaves x1 = 0 or x0 = 2/3, and then x1 = sqrt(1/18).
    data = two_features(np.random.default_rng(0), (1.0, 0.8), 200, exact=True)
    weights = fit_linear("irm-alm", *data, seed=0)
    np.testing.assert_allclose(weights, [2 / 3, 18**-0.5], atol=0.005)
    x, y, ids = data
    root = x @ np.array([2 / 3, 18**-0.5])
    for e in (0, 1):
        assert abs((root * root - root * y)[ids == e].mean()) < 1e-12


@pytest.mark.slow
def test_five_environments_suffice_and_four_do_not() -> None:
    """The case with few samples and few dual steps; exact moments do not depend on the number."""
    correlations = 0.5 + 0.5 * generator(0, "environments").normal(size=(5, 4))
    rng = np.random.default_rng(1)
    test = many_features(rng, -correlations.mean(0, keepdims=True), 20, exact=True)
    errors = {}
    for count in (4, 5):
        data = many_features(rng, correlations[:count], 20, exact=True)
        errors[count] = risk(*test[:2], fit_linear("mri-alm", *data, seed=0, rounds=10))
    assert errors[5] == pytest.approx(1, abs=0.01)
    assert errors[4] > 1.1


@pytest.mark.slow
def test_five_environments_suffice_in_the_case_as_it_is_measured() -> None:
    metrics = _metrics(run_environments, "mri-alm")
    assert metrics["ood_mse_5"] <= 1.02
    assert metrics["ood_mse_4"] > 1.1


def test_mri_fails_under_label_shift_where_irm_does_not() -> None:
    assert _metrics(run_label_shift, "mri")["ood_mse"] > 1
    assert _metrics(run_label_shift, "irm")["ood_mse"] < 0.3
    assert _metrics(run_label_shift, "mri")["label_shift_distance"] > 0.1


def test_exact_moments_and_sampled_ones() -> None:
    rng = np.random.default_rng(0)
    z = normal_sample(rng, 100, 4, exact=True)
    np.testing.assert_allclose(z.T @ z / 100, np.eye(4), atol=1e-12)
    z = normal_sample(rng, 100, 4, exact=False)
    assert np.abs(z.T @ z / 100 - np.eye(4)).max() > 1e-3


def test_methods_make_their_penalties() -> None:
    assert make_penalty("oracle", 2, task="binary", weight=1.0) is None
    relaxed = make_penalty("irm-relaxed", 2, task="binary", weight=3.0)
    assert isinstance(relaxed, RelaxedIRMPenalty) and relaxed.weight == 3
    lagrangian = make_penalty("mri-alm", 2, task="binary", weight=1.0, mu=5.0, rate=0.2)
    assert isinstance(lagrangian.penalty, MRIPenalty)
    assert (lagrangian.mu, lagrangian.rate) == (5.0, 0.2)


def _pictures(number: int = 4000) -> Pictures:
    """Dark and bright squares in the place of digits under 5 and from 5."""
    rng = np.random.default_rng(0)
    digits = torch.from_numpy(rng.integers(10, size=number))
    images = torch.rand(number, 8, 8, generator=torch.Generator().manual_seed(0)) / 2
    images += (digits >= 5)[:, None, None] / 2
    return Pictures(images=images, digits=digits, grid=8, num_test=number // 4)


def test_colors_agree_with_labels_as_asked() -> None:
    pictures = _pictures(40_000)
    data = ColoredDigits.make(pictures, np.random.default_rng(0))
    groups = [(e, a) for e, a in zip((*data.train, data.test), (0.9, 0.8, 0.1), strict=True)]
    for environment, agreement in groups:
        agree = (environment.colors == (environment.labels > 0.5)).double().mean()
        assert float(agree) == pytest.approx(agreement, abs=0.02)
    truth = (pictures.digits[-pictures.num_test :] >= 5).float()
    assert float((data.test.labels == truth).float().mean()) == pytest.approx(0.75, abs=0.02)
    oracle = ColoredDigits.make(pictures, np.random.default_rng(0), color_is_cue=False)
    assert torch.equal(oracle.test.labels, data.test.labels)
    agree = (oracle.train[0].colors == (oracle.train[0].labels > 0.5)).double().mean()
    assert float(agree) == pytest.approx(0.5, abs=0.02)


def test_training_heldout_and_test_pictures_are_disjoint() -> None:
    pictures = _pictures(400)
    numbered = torch.arange(400.0)[:, None, None].expand(400, 8, 8)
    data = ColoredDigits.make(
        Pictures(images=numbered, digits=pictures.digits, grid=8, num_test=100),
        np.random.default_rng(0),
    )
    parts = [e.images[:, 0, 0].tolist() for e in (*data.train, *data.heldout, data.test)]
    assert sorted(row for part in parts for row in part) == list(range(400))
    assert parts[-1] == list(range(300, 400))


def test_paint_puts_each_picture_into_its_channel() -> None:
    images = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(0))
    painted = paint(images, torch.tensor([False, True, False]), grid=8)
    torch.testing.assert_close(painted[0, 0], images[0])
    torch.testing.assert_close(painted[1, 1], images[1])
    assert painted[0, 1].abs().sum() == 0 and painted[1, 0].abs().sum() == 0


def test_small_motions_are_small() -> None:
    motion = small_motions(1000, torch.Generator().manual_seed(0), degrees=10.0, scale=0.1)
    assert motion[:, :, 2].abs().max() <= 0.1
    determinant = torch.linalg.det(motion[:, :, :2]).sqrt()
    assert float(determinant.min()) >= 0.9 and float(determinant.max()) <= 1.1
    angle = torch.atan2(motion[:, 1, 0], motion[:, 0, 0]).rad2deg().abs()
    assert 9 < float(angle.max()) <= 10.001


def test_training_on_pictures_is_reproducible_and_learns_the_color() -> None:
    data = ColoredDigits.make(_pictures(), np.random.default_rng(0))
    recipe = ColoredDigitsRecipe(
        steps=60, warm_steps=20, batch=64, averaging=0.9, half_precision=False
    )
    before = torch.random.get_rng_state()
    first, second = (train_colored(data, "mri-alm", recipe, seed=3) for _ in range(2))
    assert torch.equal(torch.random.get_rng_state(), before)
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b)
    erm = train_colored(data, "erm", recipe, seed=3)
    painted = [paint(data.test.images, torch.full((1000,), c), grid=8) for c in (False, True)]
    with torch.no_grad():
        assert float((erm(painted[1]) - erm(painted[0])).mean()) > 0.5


def test_network_is_that_of_the_paper() -> None:
    network = small_network(14, seed=0)
    shapes = [tuple(p.shape) for p in network.parameters() if p.ndim > 1]
    assert shapes == [(16, 2, 3, 3), (32, 16, 3, 3), (64, 288), (1, 64)]


def test_le_net_has_the_published_sizes() -> None:
    network = le_net(seed=0)
    shapes = [tuple(p.shape) for p in network.parameters() if p.ndim > 1]
    assert shapes == [(6, 2, 5, 5), (16, 6, 5, 5), (120, 16, 4, 4), (120, 120), (1, 120)]
    assert network(torch.zeros(3, 2, 28, 28)).shape == (3, 1)


@pytest.mark.parametrize("method", ["mri-alm", "vrex", "group-dro", "coral", "iga", "oracle"])
def test_the_published_settings_run(tmp_path: Path, method: str) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, size=(120, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "pictures.npz", x=images, y=np.arange(120, dtype=np.uint8) % 10)
    context = Context(seed=0, data=tmp_path / "pictures.npz")
    measured = run_published(method, context, recipe=replace(PUBLISHED, steps=2, batch=8))
    assert measured.config["network"] == "lenet" and measured.config["clip"] == 10
    case = next(c for c in load_suite("invariance").cases if c.name == "colored-mnist-lenet")
    assert set(case.metrics) == set(measured.metrics) and method in PICTURE_METHODS
    assert all(np.isfinite(value) for value in measured.metrics.values())


def test_le_net_needs_a_file() -> None:
    with pytest.raises(ValueError, match="name a file by --data"):
        run_published("erm", Context(seed=0))


def test_what_is_judged_are_both_constraints() -> None:
    """A network that knows the color only: the moments in closed form from counts."""
    data = ColoredDigits.make(_pictures(), np.random.default_rng(0))

    class Color(torch.nn.Module):
        def forward(self, painted: torch.Tensor) -> torch.Tensor:
            return (painted[:, 1].sum((1, 2)) > 0).float()[:, None] * 4 - 2

    truth = torch.zeros(len(data.test.labels))
    judged = judge(Color(), data, truth, ColoredDigitsRecipe(half_precision=False))
    agree = np.array([float((e.colors == (e.labels > 0.5)).double().mean()) for e in data.heldout])
    oy = (2 * agree - 1) * 2 / 2  # the logit 2 times the label 1/2, or its opposite
    assert judged["constraint_heldout"] == pytest.approx(abs(oy[0] - oy[1]) / 2, abs=1e-6)
    oo = 2 * (1 / (1 + np.exp(-2)) - 0.5)
    assert judged["irm_constraint_heldout"] == pytest.approx(np.abs(oo - oy).max(), abs=1e-6)


def test_pictures_from_a_file(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, size=(120, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "pictures.npz", x=images, y=np.arange(120, dtype=np.uint8) % 10)
    pictures = load_pictures(tmp_path / "pictures.npz")
    assert (pictures.grid, pictures.num_test, len(pictures.digits)) == (14, 20, 120)
    seen = paint(pictures.images, torch.zeros(120, dtype=torch.bool), grid=14)[:, 0]
    whole = load_pictures(tmp_path / "pictures.npz", grid=28)
    assert whole.grid == 28
    assert torch.equal(whole.images, torch.from_numpy(images).float() / 255)
    blocks = torch.from_numpy(images.reshape(120, 14, 2, 14, 2) / 255.0).mean((2, 4)).float()
    assert float((seen - blocks).abs().mean()) < 0.08  # the same 2 x 2 averages, read between


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.zeros((200, 28, 28), np.uint8)}, "not an .npz file with arrays `x` and `y`"),
        ({"x": np.zeros((200, 8, 8)), "y": np.zeros(200)}, r"must have shape \(n, 28, 28\)"),
        ({"x": np.zeros((9, 28, 28)), "y": np.zeros(9)}, "at least 100 pictures; got 9"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, arrays: dict, message: str) -> None:
    np.savez(tmp_path / "wrong.npz", **arrays)
    with pytest.raises(ValueError, match=message):
        load_pictures(tmp_path / "wrong.npz")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(ValueError, match=r"not an \.npz file"):
        load_pictures(tmp_path / "text.npz")


def test_digits_of_scikit_learn() -> None:
    pytest.importorskip("sklearn")
    pictures = load_pictures(None)
    assert (pictures.grid, len(pictures.digits), pictures.num_test) == (8, 1797, 300)


def test_tables_of_operations() -> None:
    s3 = operation_table("S3")
    assert sorted(s3[2].tolist()) == list(range(6))
    assert not np.array_equal(s3, s3.T)
    triples = s3[s3[:, :, None], np.arange(6)], s3[np.arange(6)[:, None, None], s3[None]]
    assert np.array_equal(*triples)
    assert operation_table("mod7")[6, 6] == 5


def test_cues_agree_as_asked() -> None:
    data = draw_samples(operation_table("S3"), np.random.default_rng(0), (0.9, 0.6), rows=20_000)
    agree = (data.cue == data.answer).double()
    assert float(agree[data.environments == 0].mean()) == pytest.approx(0.9, abs=0.01)
    assert float(agree[data.environments == 1].mean()) == pytest.approx(0.6, abs=0.015)
    truth = torch.from_numpy(operation_table("S3"))[data.left, data.right]
    assert float((truth == data.answer).double().mean()) == pytest.approx(0.75, abs=0.01)


@pytest.mark.slow
def test_a_wrong_cue_matters_less_under_mri() -> None:
    """After a seventh of the steps: MRI does not follow the cue, but has not learned S3 yet."""
    context = Context(seed=0)
    erm, mri = (fit_operation("S3", m, context, steps=200, batch=512) for m in ("erm", "mri"))
    assert mri.ood_accuracy > erm.ood_accuracy + 0.2
    assert abs(mri.cue_effect) < 0.1 * erm.cue_effect


def test_hypercube_and_cue_meet_in_the_logits_only() -> None:
    source = torch.Generator().manual_seed(0)
    net = CuedHyperCube(6, generator=source)
    a, b = torch.tensor([1, 2, 3]), torch.tensor([4, 5, 0])
    plain = net(a, b, torch.tensor([0, 0, 0]))
    torch.testing.assert_close(plain, 5 * net.operation(a, b)[0])
    with torch.no_grad():
        net.worth[2, 4] = 1.5
    torch.testing.assert_close(net(a, b, torch.full((3,), 2))[:, 4], plain[:, 4] + 1.5)
    blind = CuedHyperCube(6, generator=source, use_cue=False)
    blind(a, b, a).sum().backward()
    assert blind.worth.grad is None


def test_a_hypercube_leaves_the_cue_under_mri() -> None:
    """After a fifteenth of the steps."""
    context = Context(seed=0)
    erm, mri = (
        fit_operation("S3", m, context, network="hypercube", steps=100, batch=512)
        for m in ("erm", "mri-alm")
    )
    assert abs(mri.cue_effect) < 0.3 * erm.cue_effect


@pytest.mark.slow
def test_the_operation_survives_a_wrong_cue_under_mri_only() -> None:
    context = Context(seed=0)
    erm, mri = (fit_operation("S3", m, context, steps=600) for m in ("erm", "mri"))
    assert mri.ood_accuracy > 0.95 > 0.7 > erm.ood_accuracy
    assert abs(mri.cue_effect) < 0.3 * erm.cue_effect


def test_tabular_runs_on_real_data() -> None:
    pytest.importorskip("sklearn")
    from cayley.experiments._invariance._tabular import load_diabetes_by_age, run_tabular

    x, _, ids = load_diabetes_by_age()
    assert x.shape == (442, 9)
    assert np.bincount(ids).min() > 100
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics = _metrics(run_tabular, "erm")
    assert metrics["ood_mse"] < metrics["ood_mse_of_the_mean"]
