"""Cause and cue as bits: exact roots, the same in pictures, and the methods compared there."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize, root
from scipy.special import expit
from torch.nn.functional import cross_entropy

from cayley.experiments._invariance._descent import fit_linear
from cayley.experiments._invariance._gradient_alignment import gradient_variance
from cayley.experiments._invariance._penalty import PICTURE_METHODS, make_penalty
from cayley.experiments._invariance._shape_training import (
    SHAPES,
    SHAPES_CLASSES,
    SHAPES_SQUARED,
    STRENGTHS,
    ShapeNetwork,
    ShapeRecipe,
    judge_shapes,
    run_shapes,
    train_shapes,
)
from cayley.experiments._invariance._shapes_and_textures import (
    ShapeProblem,
    draw_pictures,
    draw_samples,
    joint,
)
from cayley.experiments._invariance._two_bits import (
    invariant_value,
    irm_constraint,
    risk_of_pair,
    wrong_root,
)
from cayley.experiments._suite import Context
from cayley.invariance import (
    AugmentedLagrangian,
    CORALPenalty,
    IRMPenalty,
    MRIPenalty,
    VRExPenalty,
)

CUES = (0.9, 0.6, 0.3)  # of the training environments
TEST_CUE = -0.8
SMALL = ShapeRecipe(rows=800, steps=120, warm_steps=40, batch=64, judged=40)


def _samples(problem: ShapeProblem, rows: int = 800, *, cue: bool = True):  # type: ignore[no-untyped-def]
    draws = torch.Generator().manual_seed(0)
    return draw_samples(problem, rows, np.random.default_rng(0), draws, texture_is_cue=cue)


# --- exact roots


@pytest.mark.parametrize(
    ("causal", "loss"),
    [(0.8, "squared error"), (0.9, "cross entropy"), (0.84, "cross entropy")],
)
def test_a_wrong_root_holds_everywhere_and_attracts(causal: float, loss: str) -> None:
    pair, same = wrong_root(causal, loss), (invariant_value(causal, loss),) * 2
    for cue in (*CUES, 0.0, TEST_CUE):
        assert irm_constraint(pair, causal, cue, loss) == pytest.approx(0, abs=1e-12)
        assert irm_constraint(same, causal, cue, loss) == pytest.approx(0, abs=1e-12)
    training = [np.mean([risk_of_pair(p, causal, c, loss) for c in CUES]) for p in (pair, same)]
    assert training[0] < training[1]
    assert risk_of_pair(pair, causal, TEST_CUE, loss) > 1.25 * risk_of_pair(
        same, causal, TEST_CUE, loss
    )
    assert pair[0] > pair[1] > 0  # a wrong root does not turn the answer of the cause


def test_figures_of_the_record() -> None:
    pair = wrong_root(0.9, "cross entropy")
    risks = [risk_of_pair(pair, 0.9, c, "cross entropy") for c in (*CUES, TEST_CUE)]
    assert np.mean(risks[:3]) == pytest.approx(0.1695, abs=5e-5)
    assert risks[3] == pytest.approx(0.5222, abs=5e-5)
    same = (invariant_value(0.9, "cross entropy"),) * 2
    assert risk_of_pair(same, 0.9, 0.3, "cross entropy") == pytest.approx(0.1985, abs=5e-5)


def test_where_wrong_roots_begin() -> None:
    assert wrong_root(0.7071, "squared error") is None
    assert wrong_root(0.7072, "squared error") is not None
    t = np.linspace(-20, 20, 400_001)
    steepest = (np.tanh(t / 2) / 2 + t / 4 / np.cosh(t / 2) ** 2).max()
    assert wrong_root(0.5 / steepest - 1e-5, "cross entropy") is None
    assert wrong_root(0.5 / steepest + 1e-4, "cross entropy") is not None


def test_colored_mnist_has_no_wrong_root() -> None:
    """From many starts: 0 and the invariant predictor only, in the two training environments."""
    assert wrong_root(0.5, "cross entropy") is None
    found = set()
    for start in np.random.default_rng(0).normal(scale=4, size=(60, 2)):
        solution = root(
            lambda p: [irm_constraint(tuple(p), 0.5, c, "cross entropy") for c in (0.8, 0.6)],
            start,
            tol=1e-12,
        )
        if solution.success:
            found.add(tuple((np.round(solution.x, 4) + 0.0).tolist()))
    assert found == {(0.0, 0.0), (1.0986, 1.0986)}


def _least_risk(problem: ShapeProblem, start: np.ndarray) -> tuple[float, float]:
    """Return risks in training and test under IRM-v1's constraint, of any function of two bits."""
    training = [joint(problem, q).reshape(4, 2) for q in problem.agreement]
    test = joint(problem, problem.test_agreement).reshape(4, 2)

    def risk(f: np.ndarray, p: np.ndarray) -> float:
        return (p * np.logaddexp(0, np.stack([f, -f], 1))).sum()

    def slope(f: np.ndarray, p: np.ndarray) -> np.ndarray:
        return p.sum(1) * expit(f) - p[:, 1]

    solution = minimize(
        lambda f: np.mean([risk(f, p) for p in training]),
        start,
        jac=lambda f: np.mean([slope(f, p) for p in training], 0),
        method="SLSQP",
        # Two of them imply the others: the constraint is affine in the agreement.
        constraints={"type": "eq", "fun": lambda f: [f @ slope(f, p) for p in training[:2]]},
        options={"maxiter": 300, "ftol": 1e-13},
    )
    met = max(abs(solution.x @ slope(solution.x, p)) for p in training) < 1e-6
    return (solution.fun, risk(solution.x, test)) if met else (np.inf, np.inf)


@pytest.mark.parametrize("seed", range(4))
def test_colored_mnist_has_one_optimum_for_both_constraints(seed: int) -> None:
    """Of all functions of digit and color: the invariant predictor, where MRI's optimum is."""
    digits = ShapeProblem(noise=0.25, agreement=(0.9, 0.8))
    start = 3 * np.random.default_rng(seed).normal(size=4)
    assert _least_risk(digits, start) == pytest.approx((0.56234, 0.56234), abs=1e-5)


def test_the_optimum_of_irm_on_shapes_is_not_invariant() -> None:
    start = 3 * np.random.default_rng(0).normal(size=(8, 4))
    best = min(_least_risk(SHAPES, s) for s in start)
    assert best == pytest.approx((0.16913, 0.4955), abs=1e-4)


@pytest.mark.parametrize("loss", ["squared error", "cross entropy"])
def test_the_constraint_is_the_derivative_of_the_risk(loss: str) -> None:
    pair, step = (1.3, -0.4), 1e-6
    up, down = ((pair[0] * f, pair[1] * f) for f in (1 + step, 1 - step))
    slope = (risk_of_pair(up, 0.8, 0.6, loss) - risk_of_pair(down, 0.8, 0.6, loss)) / (2 * step)
    factor = 0.5 if loss == "squared error" else 1.0
    assert irm_constraint(pair, 0.8, 0.6, loss) == pytest.approx(factor * slope, abs=1e-8)


def test_the_library_finds_both_roots() -> None:
    """A table of four cells from samples in exact proportion: 400 rows per environment."""
    features, labels, ids = [], [], []
    for e, agreement in enumerate(SHAPES_SQUARED.agreement):
        for (shape, texture, y), share in np.ndenumerate(joint(SHAPES_SQUARED, agreement)):
            count = round(share * 400)
            assert share * 400 == pytest.approx(count)
            features += [np.eye(4)[2 * shape + texture]] * count
            labels += [2.0 * y - 1] * count
            ids += [e] * count
    data = np.array(features), np.array(labels), np.array(ids)
    mri = fit_linear("mri-alm", *data, seed=0, rounds=6)
    np.testing.assert_allclose(mri, [-0.8, -0.8, 0.8, 0.8], atol=1e-4)
    irm = fit_linear("irm-alm", *data, seed=0, rounds=6)
    a, b = wrong_root(0.8, "squared error")
    np.testing.assert_allclose(irm, [-a, -b, b, a], atol=1e-3)


def _cell_logits(penalty_kind, problem: ShapeProblem):  # type: ignore[no-untyped-def]
    """Logits of every shape with every texture, by L-BFGS and multipliers, from probabilities."""
    k, number = problem.classes, len(problem.agreement)
    share = torch.stack([torch.from_numpy(joint(problem, q)).ravel() for q in problem.agreement])
    labels = torch.arange(k).repeat(k * k)
    batch = labels.repeat(number), torch.arange(number).repeat_interleave(k**3)
    table = torch.zeros(k * k, k, dtype=torch.float64, requires_grad=True)
    term = AugmentedLagrangian(
        penalty_kind(number, task="multiclass", num_outputs=k), mu=100.0, rate=1.0
    ).double()

    def loss(rows: torch.Tensor) -> torch.Tensor:
        return share.mean(0) @ cross_entropy(rows, labels, reduction="none")

    for _ in range(40):
        optimizer = torch.optim.LBFGS([table], max_iter=100, line_search_fn="strong_wolfe")

        def closure(optimizer: torch.optim.LBFGS = optimizer) -> torch.Tensor:
            optimizer.zero_grad()
            rows = table.repeat_interleave(k, 0)
            total = loss(rows) + term(rows.repeat(number, 1), *batch, weights=share.ravel())
            total.backward()
            return total

        optimizer.step(closure)
        rows = table.detach().repeat_interleave(k, 0)
        term.step(rows.repeat(number, 1), *batch, weights=share.ravel())
    test = torch.from_numpy(joint(problem, problem.test_agreement)).ravel()
    return float(loss(rows)), float(test @ cross_entropy(rows, labels, reduction="none"))


def test_three_classes_need_more_than_either_constraint() -> None:
    """Exact optima: functions that meet the constraint, fit better and predict worse elsewhere."""
    cause = torch.from_numpy(joint(SHAPES_CLASSES, 1 / 3).sum(1))
    invariant = -float((cause * (cause / cause.sum(1, keepdim=True)).log()).sum())
    assert invariant == pytest.approx(0.7356, abs=5e-5)
    for kind, ood in ((MRIPenalty, 0.9865), (IRMPenalty, 0.8258)):
        risk, elsewhere = _cell_logits(kind, SHAPES_CLASSES)
        assert risk < invariant - 0.04
        assert elsewhere == pytest.approx(ood, abs=1e-3)


# --- pictures


def test_joint_has_the_margins_asked_for() -> None:
    table = joint(SHAPES_CLASSES, 0.8)
    assert table.sum() == pytest.approx(1)
    np.testing.assert_allclose(table.sum((0, 1)), np.full(3, 1 / 3))
    i = np.arange(3)
    assert table[i, :, i].sum() == pytest.approx(0.75)
    assert table[:, i, i].sum() == pytest.approx(0.8)


def test_samples_go_together_as_asked() -> None:
    samples = _samples(ShapeProblem(agreement=(0.95, 0.65)), 4000)
    assert samples.pictures.shape == (8000, 1, 12, 12)
    assert float(samples.labels.double().mean()) == pytest.approx(0.5, abs=0.03)
    rest = _samples(SHAPES, 20).without(1)
    assert rest.environments.tolist() == [0] * 20 + [1] * 20
    assert torch.equal(rest.of(1).pictures, _samples(SHAPES, 20).of(2).pictures)


def test_pictures_show_shape_and_texture() -> None:
    draws = torch.Generator().manual_seed(0)
    shapes, textures = torch.cartesian_prod(torch.arange(3), torch.arange(3)).T
    shapes, textures = shapes.repeat_interleave(200), textures.repeat_interleave(200)
    pictures = draw_pictures(shapes, textures, draws)[:, 0]
    area = (pictures > 0.2).sum((1, 2)).double()
    means = [float(area[shapes == s].mean()) for s in range(3)]
    noise = 0.0228 * (144 - np.array([64, 48, 40]))  # beyond two standard deviations
    np.testing.assert_allclose(means, np.array([64, 48, 40]) * 0.989 + noise, atol=1.0)
    # Lines are even along themselves: differences from row to row, and from column to column.
    core = pictures[:, 4:8, 4:8]
    down, across = core.diff(dim=1).abs().mean((1, 2)), core.diff(dim=2).abs().mean((1, 2))
    assert (down > 2 * across)[textures == 0].double().mean() > 0.9
    assert (across > 2 * down)[textures == 1].double().mean() > 0.9
    assert ((down < 2 * across) & (across < 2 * down))[textures == 2].double().mean() > 0.9


class _Pair(ShapeNetwork):
    """A network that gives the pair ``(a, b)``, by the order in which pictures are judged."""

    def __init__(self, pair: tuple[float, float], count: int) -> None:
        super().__init__(1)
        a, b = pair
        self.values = torch.tensor([-a, -b, b, a]).repeat_interleave(count)

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return pictures, self.values


@pytest.mark.parametrize("problem", [SHAPES, SHAPES_SQUARED], ids=["entropy", "squared"])
def test_judged_exactly(problem: ShapeProblem) -> None:
    pair, causal = (1.3, -0.4), 1 - 2 * problem.noise
    judged = judge_shapes(problem, _Pair(pair, SMALL.judged), recipe=SMALL, seed=0)
    loss = problem.loss
    assert judged["ood_risk"] == pytest.approx(risk_of_pair(pair, causal, TEST_CUE, loss))
    assert judged["risk"] == pytest.approx(
        np.mean([risk_of_pair(pair, causal, c, loss) for c in CUES])
    )
    assert judged["cue_effect"] == pytest.approx(0.85)
    largest = max(abs(irm_constraint(pair, causal, c, loss)) for c in CUES)
    assert judged["irm_constraint"] == pytest.approx(largest, abs=1e-7)
    # E_e[o y] = (a + b) rho / 2 + (a - b) r_e / 2, and half of that for labels of 1/2
    unit = 1.0 if loss == "squared error" else 0.5
    assert judged["mri_constraint"] == pytest.approx(unit * 0.85 * 0.3, abs=1e-7)
    agree = (1 + causal * TEST_CUE) / 2
    right = agree * (1 + (causal + TEST_CUE) / (1 + causal * TEST_CUE)) / 2
    right += (1 - agree) * (1 - (causal - TEST_CUE) / (1 - causal * TEST_CUE)) / 2
    assert judged["ood_accuracy"] == pytest.approx(right)


def test_zero_meets_every_constraint_of_three_classes() -> None:
    network = ShapeNetwork(3)
    torch.nn.init.zeros_(network.head.weight)
    torch.nn.init.zeros_(network.head.bias)
    judged = judge_shapes(SHAPES_CLASSES, network, recipe=SMALL, seed=0)
    assert judged["ood_risk"] == pytest.approx(math.log(3), abs=1e-6)
    assert judged["ood_accuracy"] == pytest.approx(1 / 3)
    assert judged["mri_constraint"] == judged["irm_constraint"] == judged["cue_effect"] == 0


# --- methods


def test_more_methods_make_their_penalties() -> None:
    assert set(STRENGTHS) == set(PICTURE_METHODS)
    assert isinstance(make_penalty("vrex", 3, task="binary", weight=2.0), VRExPenalty)
    assert make_penalty("group-dro", 3, task="binary", weight=0.2).rate == 0.2
    assert isinstance(make_penalty("coral", 3, task="binary", weight=2.0), CORALPenalty)


def test_variance_of_gradients_in_closed_form() -> None:
    """Risks ``|X_e w - y_e|^2 / n`` have gradients ``2 X_e' (X_e w - y_e) / n``."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3, 20, 4, dtype=torch.float64, generator=generator)
    y = torch.randn(3, 20, dtype=torch.float64, generator=generator)
    w = torch.nn.Parameter(torch.randn(4, dtype=torch.float64, generator=generator))

    def variance(w: torch.Tensor) -> torch.Tensor:
        return gradient_variance(
            [(a @ w - b).square().mean() for a, b in zip(x, y, strict=True)], [w]
        )

    gradients = np.array(
        [
            2 * a.T @ (a @ w.detach().numpy() - b) / 20
            for a, b in zip(x.numpy(), y.numpy(), strict=True)
        ]
    )
    expected = ((gradients - gradients.mean(0)) ** 2).sum() / 3
    assert variance(w).item() == pytest.approx(expected)
    assert torch.autograd.gradcheck(variance, (w,))


@pytest.mark.parametrize("method", PICTURE_METHODS)
@pytest.mark.parametrize("problem", [SHAPES, SHAPES_CLASSES], ids=["two", "three"])
def test_every_method_trains(problem: ShapeProblem, method: str) -> None:
    recipe = ShapeRecipe(rows=60, steps=4, warm_steps=1, batch=30, judged=5)
    before = torch.random.get_rng_state()
    first, second = (
        train_shapes(
            problem, _samples(problem, 60), method, STRENGTHS[method][0], recipe=recipe, seed=0
        )
        for _ in range(2)
    )
    assert torch.equal(torch.random.get_rng_state(), before)
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b) and a.isfinite().all()


@pytest.mark.parametrize(("method", "columns"), [("coral", 32), ("mri-alm", 1)])
def test_what_a_term_is_given_and_that_its_multipliers_move(
    monkeypatch: pytest.MonkeyPatch, method: str, columns: int
) -> None:
    made = []

    def recording(*args, **options):  # type: ignore[no-untyped-def]
        made.append(make_penalty(*args, **options))
        made[-1].register_forward_pre_hook(lambda _, inputs: made.append(inputs[0]))
        return made[-1]

    monkeypatch.setattr("cayley.experiments._invariance._shape_training.make_penalty", recording)
    recipe = ShapeRecipe(rows=60, steps=3, warm_steps=1, batch=30, judged=5)
    train_shapes(SHAPES, _samples(SHAPES, 60), method, 3.0, recipe=recipe, seed=0)
    penalty, *given = made
    assert [output.numel() for output in given] == [90 * columns] * 2  # not in the warm-up
    if method == "mri-alm":
        assert penalty.dual.abs().max() > 0


def test_mri_drops_the_texture_where_irm_keeps_it() -> None:
    """After a third of the steps."""
    effects = {
        method: judge_shapes(
            SHAPES_SQUARED,
            train_shapes(
                SHAPES_SQUARED, _samples(SHAPES_SQUARED), method, 30.0, recipe=SMALL, seed=0
            ),
            recipe=SMALL,
            seed=0,
        )["cue_effect"]
        for method in ("irm-alm", "mri-alm")
    }
    assert effects["mri-alm"] < 0.5 * effects["irm-alm"]


def test_strengths_are_chosen_without_the_test_environment(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Only what was left out decides the headline, even if the test environment disagrees."""
    module = "cayley.experiments._invariance._shape_training"
    trained: list[tuple[float, int]] = []

    def train(problem, samples, method, strength, *, recipe, seed):  # type: ignore[no-untyped-def]
        trained.append((strength, int(samples.environments.max()) + 1))
        return strength

    monkeypatch.setattr(f"{module}.train_shapes", train)
    monkeypatch.setattr(
        f"{module}.judge_shapes",
        lambda problem, network, **_: {"risk": network, "ood_risk": network, "ood_accuracy": 1.0},
    )
    monkeypatch.setattr(f"{module}._risk", lambda problem, network, samples: -network)
    metrics = run_shapes("mri", Context(seed=0), recipe=SMALL).metrics
    assert metrics["strength"] == metrics["ood_risk"] == 300
    assert metrics["ood_risk_training_selection"] == metrics["ood_risk_oracle_selection"] == 30
    assert trained == [(30, 3), (300, 3)] + [(30, 2)] * 3 + [(300, 2)] * 3


def test_the_metrics_of_a_run() -> None:
    recipe = ShapeRecipe(rows=60, steps=3, warm_steps=1, batch=20, judged=5)
    measured = run_shapes("oracle", Context(seed=0), recipe=recipe)
    assert measured.metrics["ood_risk"] == measured.metrics["ood_risk_oracle_selection"]
    assert measured.config["agreement"] == "(0.95, 0.8, 0.65)"


def test_irm_of_the_library_agrees_with_the_roots() -> None:
    pair = wrong_root(0.9, "cross entropy")
    table = torch.from_numpy(joint(SHAPES, 0.8))  # a cue of correlation 0.6
    a, b = pair
    output = torch.tensor([[-a, -b], [b, a]], dtype=torch.float64)[:, :, None].expand(2, 2, 2)
    labels = torch.tensor([0.0, 1.0], dtype=torch.float64).expand(2, 2, 2)
    values = IRMPenalty(1, task="binary").constraint(
        output.ravel(), labels.ravel(), torch.zeros(8, dtype=torch.long), weights=table.ravel()
    )
    assert float(values.values) == pytest.approx(0, abs=1e-12)
