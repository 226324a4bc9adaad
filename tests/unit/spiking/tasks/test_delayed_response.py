"""Tasks: labels by definition, times in milliseconds, determinism, messages."""

import numpy as np
import pytest
import torch

from cayley.spiking import DelayedOperation, DelayedXOR, YinYang
from cayley.spiking.tasks._yin_yang import classify
from cayley.tables import generate_family

S3 = generate_family("S3")


def test_the_label_is_the_exclusive_or_of_the_pulses():
    trials = DelayedXOR().trials(300, seed=0)
    signal, cue = trials.inputs[..., 0].numpy(), trials.inputs[..., 1].numpy()
    for i in range(300):
        pulses = signal[:, i][np.flatnonzero(np.diff(signal[:, i], prepend=0) * signal[:, i] > 0)]
        expected = 0 if len(pulses) == 1 else (1 if pulses[0] != pulses[1] else -1)
        assert int(trials.labels[i]) == expected
        start = np.flatnonzero(cue[:, i])[0]
        window = np.flatnonzero(trials.window[:, i].numpy())
        assert window[0] - start == pytest.approx(30, abs=1)
        assert len(window) == pytest.approx(100, abs=1)
    assert 0.1 < (trials.labels == 0).float().mean() < 0.3


@pytest.mark.parametrize("dt", [0.5, 1.0, 2.0])
def test_times_are_in_milliseconds(dt):
    trials = DelayedXOR(delay=(70, 70), null_fraction=0, dt=dt).trials(5, seed=0)
    on = torch.nonzero(trials.inputs[:, 0, 0])[:, 0] * dt
    assert on.min().item() == pytest.approx(30, abs=dt)
    assert on[on < 100].max().item() == pytest.approx(80, abs=dt)
    assert on[on > 100].min().item() == pytest.approx(150, abs=dt)
    cue = torch.nonzero(trials.inputs[:, 0, 1])[:, 0] * dt
    assert cue.min().item() == pytest.approx(270, abs=dt)


def test_the_two_way_task_has_no_null():
    assert set(DelayedXOR(null_fraction=0).trials(100, seed=0).labels.tolist()) == {-1, 1}


def test_the_answer_is_the_product_in_the_table():
    trials = DelayedOperation(table=S3).trials(400, seed=1)
    assert trials.inputs.shape[2] == 7
    seen = set()
    for i in range(400):
        shown = trials.inputs[:, i, :6].sum(1) > 0
        starts = np.flatnonzero(np.diff(shown.numpy().astype(int), prepend=0) == 1)
        a, b = (int(trials.inputs[t, i, :6].argmax()) for t in starts)
        assert int(trials.labels[i]) == S3.array[a, b]
        target = trials.targets[:, i].sum(0)
        assert int(target.argmax()) == S3.array[a, b]
        assert int((target != 0).sum()) == 1
        seen.add((a, b))
    assert len(seen) == 36


@pytest.mark.parametrize("task", [DelayedXOR(), DelayedOperation(table=S3), YinYang()], ids=repr)
def test_trials_repeat_and_depend_on_the_seed(task):
    first, second, other = (task.trials(30, seed=s) for s in (5, 5, 6))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert not torch.equal(first.labels, other.labels)
    assert first.inputs.shape[-1] == task.features
    assert first.targets.shape[-1] == task.outputs
    assert first.inputs.dtype == torch.float32


def test_decisions():
    assert DelayedXOR.decide(torch.tensor([[0.9], [0.1], [-0.6]])).tolist() == [1, 0, -1]
    assert DelayedOperation.decide(torch.tensor([[0.1, 0.5, 0.2]])).tolist() == [1]


def test_yin_yang_is_the_published_shape():
    """Points with a known class, and equal classes for the point reflection of yin and yang."""
    assert classify(np.array([0.25, 0.5])) == classify(np.array([0.75, 0.5])) == 2
    rng = np.random.default_rng(0)
    swap = {0: 1, 1: 0, 2: 2}
    for point in rng.uniform(0.2, 0.8, (300, 2)):
        assert classify(1 - point) == swap[classify(point)]
    assert classify(np.array([0.5, 0.9])) != classify(np.array([0.5, 0.1]))


def test_yin_yang_times_hold_the_coordinates():
    trials = YinYang(dt=0.5).trials(60, seed=0)
    starts = trials.inputs.argmax(0).numpy() * 0.5
    xy = (starts[:, :2] - 5) / 60
    assert np.allclose(xy + (starts[:, 2:4] - 5) / 60, 1, atol=0.02)
    assert (starts[:, 4] == 5).all()
    agree = [classify(p) == c for p, c in zip(xy, trials.labels.tolist(), strict=True)]
    assert np.mean(agree) > 0.9  # times are rounded to the step


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: DelayedXOR(null_fraction=2), ValueError, "`null_fraction` must be in"),
        (lambda: DelayedXOR(delay=(9, 5)), ValueError, "`delay` must be .shortest, longest. in mi"),
        (lambda: DelayedXOR(pulse=0), ValueError, "`pulse` must be a positive number of millisec"),
        (lambda: DelayedXOR(dt=80), ValueError, "`dt` must not exceed the pulse of 50.0 ms"),
        (lambda: DelayedXOR().trials(0, seed=0), ValueError, "`count` must be at least 1"),
        (lambda: DelayedOperation(table=[[0, 1]]), ValueError, "`table` must be square"),
        (lambda: DelayedOperation(table=[[0, 2], [1, 0]]), ValueError, "`table` must be full"),
        (lambda: DelayedOperation(table=[[0.5]]), TypeError, "`table` must hold integers"),
        (lambda: YinYang(early=70), ValueError, "`early`, `late` and `duration` must be in that"),
    ],
)  # fmt: skip
def test_malformed_tasks(make, error, message):
    with pytest.raises(error, match=message):
        make()
