"""The experiments with spiking networks: that they measure what they say, at small sizes."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from cayley.experiments import run_suite
from cayley.experiments._runner import to_document
from cayley.experiments._spiking import (
    _autoencode,
    _classification,
    _delayed_operation,
    _generated_tasks,
    _speed,
    _surrogate,
)
from cayley.experiments._spiking._training import Network, TrainingSettings, train
from cayley.experiments._spiking._working_memory import build, evaluate, fit, measure
from cayley.experiments._suite import Context, load_suite
from cayley.report.figures._activity import draw_activity
from cayley.spiking import LIF, DelayedXOR, Dynamics, GatedRecurrent
from cayley.tables import generate_family, write_table

TINY = replace(
    _delayed_operation.XOR["three-way"],
    neurons=10,
    batch=4,
    settings=TrainingSettings(steps=3, every=2),
)


def network(neurons=5):
    generator = torch.Generator().manual_seed(0)
    return Network(GatedRecurrent(2, neurons, generator=generator), 1, generator)


def test_the_suite_has_its_cases():
    suite = load_suite("spiking")
    names = [case.name for case in suite.cases]
    assert names == ["xor", "delayed-group", "xor-surrogate", "delayed-group-surrogate",
                     "autoencode", "yin-yang", "randman", "spoken-words", "speed"]  # fmt: skip


def test_training_keeps_the_best_and_can_have_enough():
    model, scores = network(), iter([1.0, 5.0, 2.0, 3.0])
    kept = []

    def score():
        kept.append(model.readout.bias.detach().clone())
        return next(scores)

    def losses():
        while True:
            yield (model.readout.bias - 10).square().sum()

    settings = TrainingSettings(steps=8, every=2, rate=0.5)
    result = train(model, losses(), settings, score=score, report=lambda done, words: None)
    assert (result.best_score, result.best_step) == (5.0, 4)
    assert torch.equal(model.readout.bias, kept[1])
    assert result.steps == [2, 4, 6, 8]
    scores = iter([1.0, 5.0, 5.0])
    result = train(
        model, losses(), replace(settings, enough=5.0), score=score, report=lambda *_: None
    )
    assert result.steps == [2, 4, 6]


def test_a_running_mean_is_what_is_scored_and_kept():
    model, seen, taken = network(), [], []

    def score():
        seen.append(model.readout.bias.item())
        return float(len(seen))

    def losses():
        while True:
            taken.append(model.readout.bias.item())
            yield (model.readout.bias - 10).square().sum()

    settings = TrainingSettings(steps=3, every=1, rate=0.5, average=0.9)
    result = train(model, losses(), settings, score=score, report=lambda *_: None)
    # The start counts for less and less: the decay is 1/11, 2/12, 3/13, and 0.9 in the end.
    after, mean, expected = taken[1:], 0.0, []
    for step, value in enumerate(after, start=1):
        mean += (1 - step / (step + 10)) * (value - mean)
        expected.append(mean)
    assert seen[:2] == pytest.approx(expected, rel=1e-5)
    assert 0 < seen[2] != taken[2]
    assert model.readout.bias.item() == pytest.approx(seen[2])
    assert result.best["readout.bias"].item() == seen[2]
    with torch.no_grad():
        model.readout.bias.zero_()
    assert result.best["readout.bias"].item() == seen[2]


def test_a_gradient_that_is_not_a_number_is_passed_over():
    model = network()
    before = model.readout.bias.detach().clone()

    def losses():
        while True:
            yield model.readout.bias.sum() * float("nan")

    train(model, losses(), TrainingSettings(steps=2), score=lambda: 0.0, report=lambda *_: None)
    assert torch.equal(model.readout.bias, before)


def test_an_untrained_network_is_at_chance_and_a_perfect_readout_is_not():
    task = DelayedXOR(null_fraction=0.0, dt=2.0)
    scores = evaluate(build(TINY, 0), task, 200, 0)
    assert scores.sign_accuracy < 0.75

    class Oracle(torch.nn.Module):
        """Reads the answer off the two pulses."""

        def forward(self, inputs):
            signal = inputs[..., 0]
            first = signal[:50].sum(0).sign()
            second = (signal.sum(0) - signal[:50].sum(0)).sign()
            return (-first * second * (2 / torch.pi)).expand(len(inputs), -1)[..., None], None

    assert evaluate(Oracle(), task, 200, 0).accuracy == 1.0


def test_a_memory_run_records_everything():
    outcome = measure(TINY, Context(seed=0), trials=100)
    assert {"sign_accuracy", "three_way_accuracy", "three_way_accuracy_narrow", "rate_hz",
            "training_processor_seconds"} <= set(outcome.metrics)  # fmt: skip
    assert outcome.config["steps"] == 3
    assert len({len(values) for values in outcome.curves.values()}) == 1


def test_memory_runs_repeat():
    first, second = (fit(TINY, Context(seed=3))[0].state_dict() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_what_is_kept_can_be_the_best_at_the_worse_of_two_widths(monkeypatch):
    from cayley.experiments._spiking import _working_memory

    widths, scores = [], {0.5: [0.7, 0.9], _working_memory.NARROW: [0.6, 0.5]}

    def score(network, task, batches):
        widths.append(network.layer.dynamics.gate.width)
        return _working_memory.Scores(accuracy=scores[widths[-1]].pop(0), sign_accuracy=0.0)

    monkeypatch.setattr(_working_memory, "_score", score)
    settings = TrainingSettings(steps=2, every=1)
    model, training = fit(replace(TINY, keep_narrow=True, settings=settings), Context(seed=0))
    assert widths == [0.5, _working_memory.NARROW] * 2
    assert (training.scores, training.best_step) == ([0.6, 0.5], 1)
    assert model.layer.dynamics.gate.width == 0.5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_product_in_a_group_that_does_not_commute_is_learned(seed):
    metrics = _delayed_operation.run_group("S3", Context(seed=seed)).metrics
    assert metrics["accuracy"] >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_exclusive_or_is_learned(seed):
    outcome = _delayed_operation.run_xor("three-way", Context(seed=seed))
    assert outcome.metrics["sign_accuracy"] >= 0.99
    assert outcome.metrics["three_way_accuracy"] >= 0.97
    assert outcome.metrics["sign_accuracy_narrow"] >= 0.95


def test_a_group_from_a_file(tmp_path, monkeypatch):
    from cayley.experiments._spiking import _working_memory

    monkeypatch.setattr(_working_memory, "fit", lambda memory, context: fit(
        replace(memory, neurons=8, batch=4, settings=TrainingSettings(steps=1)), context,
    ))  # fmt: skip
    monkeypatch.setattr(
        _working_memory, "_batches", lambda task, count, seed: [task.trials(100, seed=1)]
    )
    write_table(generate_family("C4"), tmp_path / "c4.csv")
    outcome = _delayed_operation.run_group("file", Context(seed=0, data=tmp_path / "c4.csv"))
    assert outcome.config["order"] == 4
    assert 0 <= outcome.metrics["accuracy"] <= 1
    assert (
        "needs a full table" in _delayed_operation.run_group("file", Context(seed=0)).config["note"]
    )


@pytest.mark.slow
def test_auto_encoding_gets_better_with_training():
    shorter = replace(_autoencode.AutoencoderRecipe().settings, steps=60, every=20)
    recipe = _autoencode.AutoencoderRecipe(batch=6, settings=shorter)
    outcome = _autoencode.run_autoencode("trained", Context(seed=0), recipe)
    untrained = _autoencode.AutoencoderRecipe(
        batch=2, settings=replace(shorter, steps=1, rate=1e-9)
    )
    before = _autoencode.run_autoencode("trained", Context(seed=0), untrained)
    assert outcome.metrics["nmse"] < 0.1 < before.metrics["nmse"]
    assert -1 <= outcome.metrics["fast_correlation"] <= 1


def test_the_regularity_of_spikes_is_measured():
    spikes = torch.zeros(100, 1, 2)
    spikes[::10, 0, 0] = 1  # a clock
    spikes[[0, 10, 40, 50, 80, 90], 0, 1] = 1  # intervals of 10 and 30
    found = _autoencode._regularity(spikes, dt=1.0)
    assert found["rate_hz"] == pytest.approx(80)
    assert found["rate_spread"] == pytest.approx(20 / 80)
    gaps = np.array([10, 30, 10, 30, 10])
    assert found["interval_cv"] == pytest.approx(gaps.std() / gaps.mean() / 2)


def test_homeostasis_wakes_a_neuron_and_slows_another():
    model = _autoencode.build(_autoencode.EVEN, 0, analytic=False)
    with torch.no_grad():
        model.readout.weight.zero_()  # the error does not depend on the neurons
        model.layer.bias.copy_(torch.linspace(0.05, 2.0, 30))
    next(_autoencode._losses(model, replace(_autoencode.EVEN, batch=2), seed=0)).backward()
    assert model.layer.bias.grad[0] < 0 < model.layer.bias.grad[-1]


def test_the_greedy_network_is_the_reference():
    outcome = _autoencode.run_autoencode("greedy", Context(seed=0))
    assert outcome.metrics["nmse"] == pytest.approx(0.0020, abs=3e-4)
    assert outcome.metrics["rate_hz"] == pytest.approx(20, abs=3)


SMALL = TrainingSettings(steps=2, every=1)


@pytest.mark.parametrize("name", _classification.TASKS)
def test_classes_are_learned_by_networks_beside_a_linear_classifier(name):
    plan = replace(
        _classification.TASKS[name], neurons=10, batch=20, trained=60, validated=20, tested=60,
        settings=SMALL,
    )  # fmt: skip
    if name == "spoken-words":
        plan = replace(plan, task=_generated_tasks.SpokenWords(channels=40))
    for method in ("recurrent", "feedforward"):
        outcome = _classification.run_classification(name, method, Context(seed=0), plan)
        assert 0 <= outcome.metrics["accuracy"] < 0.9
        assert outcome.metrics["rate_hz"] > 0
        assert outcome.curves["step"] == [1, 2]
    more = replace(plan, trained=300, tested=300)
    linear = _classification.run_classification(name, "linear", Context(seed=0), more)
    assert 1 / plan.task.outputs < linear.metrics["accuracy"] < 0.95


@pytest.mark.parametrize("method", ["surrogate", "surrogate-recurrent"])
def test_a_surrogate_network_sees_the_same_trials(method):
    pytest.importorskip("snntorch")
    plan = replace(
        _classification.TASKS["randman"], neurons=10, batch=20, trained=60, validated=20,
        tested=60, settings=SMALL, surrogate=replace(SMALL, rate=0.125),
    )  # fmt: skip
    outcome = _classification.run_classification("randman", method, Context(seed=0), plan)
    assert outcome.config["rate"] == 0.125
    assert outcome.metrics["rate_hz"] >= 0


def test_a_surrogate_layer_has_the_weights_and_synapses_of_a_gated_one():
    pytest.importorskip("snntorch")
    dynamics = Dynamics(membrane=LIF(20.0), time_constants=(30.0, 5.0), dt=2.0)
    source = torch.Generator().manual_seed(0)
    gated = GatedRecurrent(3, 4, dynamics=dynamics, generator=source)
    layer = _surrogate.SurrogateLayer(gated, bias=1.4)
    inputs = torch.rand(40, 2, 3, generator=source)
    outputs, _ = layer(inputs)
    outputs.sum().backward()
    assert layer.recurrent_weight.grad.norm() > 0
    # The same network, step by step.
    potential, traces = gated.initial_potential.expand(2, -1), torch.zeros(2, 2, 4)
    output, spikes, total = torch.zeros(2, 4), torch.zeros(2, 4), 0
    decays = torch.tensor(dynamics.decays)[:, None]
    for t, now in enumerate(inputs):
        current = now @ gated.input_weight.T + 1.4
        current += torch.einsum("kij,bkj->bi", gated.recurrent_weight, traces)
        # snntorch takes 1 off in the step after a spike.
        potential = 0.9 * potential + 0.1 * current - spikes
        spikes = (potential > 1).float()
        traces = decays * traces + spikes[:, None]
        output = dynamics.output_decay * output + spikes
        torch.testing.assert_close(outputs[t], output)
        total += spikes.sum()
    assert total > 5
    torch.testing.assert_close(layer.spikes(inputs).sum(), total)


@pytest.mark.parametrize(
    ("run", "method", "metric"),
    [
        (_delayed_operation.run_xor, "three-way", "three_way_accuracy"),
        (_delayed_operation.run_group, "C3", "accuracy"),
    ],
)
def test_a_surrogate_network_has_the_size_and_the_budget_of_the_gated_one(
    run, method, metric, monkeypatch
):
    pytest.importorskip("snntorch")
    from cayley.experiments._spiking import _working_memory

    asked = []

    def short(memory, context):
        asked.append(memory)
        settings = replace(memory.settings, steps=2, every=2)
        return fit(replace(memory, neurons=8, batch=4, settings=settings), context)

    monkeypatch.setattr(_working_memory, "fit", short)
    monkeypatch.setattr(
        _working_memory, "_batches", lambda task, count, seed: [task.trials(100, seed=1)]
    )
    found = [run(method, Context(seed=0), surrogate=is_it) for is_it in (False, True)]
    gated, surrogate = asked
    same = replace(
        surrogate,
        surrogate_bias=None,
        task=gated.task,  # equal, but arrays are not compared
        training_task=gated.training_task,
        settings=replace(surrogate.settings, rate=gated.settings.rate),
    )
    assert same == gated
    assert {metric, "rate_hz", "processor_seconds_per_epoch"} <= set(found[1].metrics)
    assert f"{metric}_narrow" in found[0].metrics
    assert f"{metric}_narrow" not in found[1].metrics


def test_each_known_trial_is_seen_once_before_any_is_seen_again(monkeypatch):
    seen = []

    def remember(network, trials):
        seen.append(trials.labels)
        return torch.zeros(len(trials.labels), 6, requires_grad=True)

    monkeypatch.setattr(_classification, "logits", remember)
    known = _generated_tasks.RandomManifolds(classes=3).trials(6, seed=0)
    known = known._replace(labels=torch.arange(6))
    plan = replace(_classification.TASKS["randman"], batch=2)
    losses = _classification._losses(None, known, plan, seed=0)
    for _ in range(6):
        next(losses)
    for epoch in (seen[:3], seen[3:]):
        assert sorted(torch.cat(epoch).tolist()) == list(range(6))


def test_random_manifolds_are_smooth_and_have_one_spike_a_channel():
    task = _generated_tasks.RandomManifolds(channels=7, classes=4)
    trials = task.trials(40, seed=1)
    assert trials.inputs.shape == (100, 40, 7)
    assert torch.equal(trials.inputs.sum(0), torch.ones(40, 7))
    assert trials.labels.bincount().tolist() == [10] * 4
    assert torch.equal(trials.inputs, task.trials(40, seed=1).inputs)
    assert not torch.equal(trials.inputs, task.trials(40, seed=2).inputs)
    # By the definition, term by term, for one point and one channel.
    theta, low, high = task._manifolds[2]
    x, channel, total = 0.3, 5, 0.0
    for k in range(theta.shape[-1]):
        a, b, c = theta[channel, 0, :, k]
        total += a / (k + 1) ** 2 * np.sin(2 * np.pi * (k * x * b + c))
    value = _generated_tasks._on_manifold(theta, 2.0, np.array([[x]]))
    assert value[0, channel] == pytest.approx(total)
    near = _generated_tasks._on_manifold(theta, 2.0, np.array([[x + 1e-4]]))
    assert abs(near - value).max() < 0.01 * (high - low).max()


def test_a_word_backwards_has_the_same_spikes_in_each_channel():
    task = _generated_tasks.SpokenWords(channels=50, words=4)
    trials = task.trials(400, seed=0)
    assert trials.inputs.shape == (100, 400, 50)
    means = [trials.inputs[:, trials.labels == word].mean(1) for word in range(4)]
    totals = [mean.sum(0) for mean in means]
    assert torch.corrcoef(torch.stack([totals[0], totals[2]]))[0, 1] > 0.95
    assert torch.corrcoef(torch.stack([totals[0], totals[1]]))[0, 1] < 0.9

    def likeness(a, b):
        return torch.corrcoef(torch.stack([a.flatten(), b.flatten()]))[0, 1]

    assert likeness(means[0], means[2].flip(0)) > 0.7 > likeness(means[0], means[2])


def test_every_group_of_order_2_to_8_is_a_method():
    from cayley.algebra import identify

    groups = [generate_family(name) for name in _delayed_operation.GROUPS if name != "file"]
    assert [table.order for table in groups] == [2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 8, 8, 8]
    assert len({identify(table).name for table in groups}) == 13


def test_speed_times_peers_in_the_same_run():
    pytest.importorskip("norse")
    pytest.importorskip("snntorch")
    outcome = _speed.run_speed("gated-0.5", Context(seed=0), (20, 4, 8, 2), rounds=2)
    assert outcome.metrics["milliseconds"] > 0
    assert set(outcome.curves) == {"gated", "norse", "snntorch"}
    assert all(len(values) == 2 for values in outcome.curves.values())


@pytest.mark.slow
def test_arrays_are_for_figures_and_not_in_the_document(tmp_path):
    suite = load_suite("spiking")
    records = list(run_suite(suite, cases=["autoencode"], methods=["analytic"], seeds=[0]))
    assert "arrays" not in json.dumps(to_document("spiking", records))
    draw_activity(records[0].arrays, tmp_path / "figure.svg", title="analytic")
    text = (tmp_path / "figure.svg").read_text()
    assert "learned fast weight" in text or text.startswith("<?xml")
    with pytest.raises(ValueError, match=r"no activity of a trial: inputs, .* missing"):
        draw_activity({"time_ms": np.zeros(3)}, tmp_path / "none.svg")
