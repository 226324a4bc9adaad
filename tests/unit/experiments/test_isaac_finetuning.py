"""Fine-tuning: the prose, the tasks made from it, the kept encoder, and short runs of each case."""

import dataclasses

import numpy as np
import pytest
import torch
from sklearn.metrics import matthews_corrcoef

from cayley.experiments._isaac import _cases, _corpus, _pretraining
from cayley.experiments._isaac._cases import FINETUNING, OBJECTIVES
from cayley.experiments._isaac._corpus import (
    HALF,
    MASK,
    TESTING,
    TOPICS,
    TRAINING,
    VALIDATION,
    corpus,
    of_texts,
)
from cayley.experiments._isaac._objective import matthews
from cayley.experiments._isaac._optimizer import METHODS, Options, stepper
from cayley.experiments._isaac._pretraining import Pretraining, pretrain, pretrained
from cayley.experiments._isaac._steps_to_target import train
from cayley.experiments._isaac._text_tasks import continuation, order, task
from cayley.experiments._trial import Trial, perform
from cayley.optim import ISAACLinear

SMALL = Pretraining(width=8, heads=2, layers=1, steps=2, batch=4)
OPTIONS = Options(rate=1e-3, damping=0.1)


def silent(done: float, message: str) -> None:
    """No progress."""


@pytest.fixture(scope="module")
def text():
    """Random words, other ones in each source."""
    rng = np.random.default_rng(0)
    names = (*TOPICS, "statistics")
    texts = {
        name: " ".join(f"{chr(97 + place)}{chr(97 + word)}" for word in rng.integers(0, 26, 4600))
        for place, name in enumerate(names)
    }
    return of_texts(texts, 500)


@pytest.fixture
def small(text, monkeypatch, tmp_path):
    """The cases on this text, with a small encoder that is kept in a folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(_cases, "corpus", lambda: text)
    monkeypatch.setattr(_cases, "Pretraining", lambda: SMALL)
    return tmp_path


def test_words_are_tokens_and_rare_ones_are_one_token() -> None:
    found = of_texts({"one": "The the, THE of of rare " * 100}, 3)
    the, of, comma = (found.blocks["one"][0, place].item() for place in (0, 4, 2))
    assert found.blocks["one"][0, :7].tolist() == [the, the, comma, the, of, of, _corpus.OTHER]
    assert len({the, of, comma, MASK, _corpus.OTHER}) == 5
    assert found.symbols == 3 + 4


def test_every_block_belongs_to_one_part(text) -> None:
    for name, blocks in text.blocks.items():
        parts = [text.part(name, folds) for folds in (TRAINING, VALIDATION, TESTING)]
        assert [len(part) for part in parts] == [12, 2, 6]
        assert sorted(torch.cat(parts).tolist()) == sorted(blocks.tolist())


def test_docstrings_are_those_of_the_library() -> None:
    import statistics
    from pathlib import Path

    found = "\n".join(_corpus._docstrings(Path(statistics.__file__)))
    assert "Return the sample arithmetic mean of data." in found
    assert "_sum(data)" in found
    assert "import math" not in found
    with pytest.raises(ValueError, match=r"nothing\.py: the source of Python's library is needed"):
        list(_corpus._docstrings(Path("nothing.py")))


def test_half_the_passages_have_three_exchanges(text) -> None:
    tokens, labels = order(text, TESTING)
    windows = torch.cat([text.windows(name, TESTING) for name in text.blocks])
    assert 0.3 < labels.double().mean() < 0.7
    words = torch.cat([tokens[:, 1 : HALF + 1], tokens[:, HALF + 2 :]], 1)
    changed = (words != windows).sum(1)
    assert (changed[labels == 1] == 0).all()
    assert (changed[labels == 0] == 6).all()
    assert torch.equal(words.sort(1).values, windows.sort(1).values)


def test_passages_of_equal_words_have_no_order() -> None:
    text = of_texts({"one": "--- " * 1000 + "one two three " * 1000}, 10)
    folds = range(10)
    tokens, _ = order(text, folds)
    ruled = (text.windows("one", folds) == text.blocks["one"][0, 0]).all(1).sum()
    assert ruled > 20
    assert len(tokens) < len(text.windows("one", folds)) - 20


def test_a_continuation_is_the_other_half_and_else_is_of_the_same_source(text) -> None:
    tokens, labels = continuation(text, TESTING)
    windows = torch.cat([text.windows(name, TESTING) for name in text.blocks])
    assert torch.equal(tokens[:, 1 : HALF + 1], windows[:, :HALF])
    second = tokens[:, HALF + 2 :]
    follows = (second == windows[:, HALF:]).all(1)
    assert torch.equal(follows, labels == 1)
    for name in text.blocks:
        halves = text.windows(name, TESTING)[:, HALF:].tolist()
        of_source = (windows[:, None] == text.windows(name, TESTING)).all(2).any(1)
        assert all(half in halves for half in second[of_source].tolist())


def test_topics_are_equally_many_and_parts_are_apart(text) -> None:
    split = task("topic", text)
    for inputs, targets in (split.train, split.validation, split.test):
        assert len(set(targets.bincount().tolist())) == 1
        assert len(targets.bincount()) == len(TOPICS)
        assert inputs.shape[1] == 2 * HALF + 2
    rows = [{tuple(row) for row in part[0].tolist()} for part in (split.train, split.test)]
    assert not rows[0] & rows[1]


def test_an_encoder_learns_to_name_hidden_words(text) -> None:
    settings = dataclasses.replace(SMALL, width=16, steps=150, batch=16, rate=1e-2)
    before = pretrain(text, dataclasses.replace(settings, steps=1), silent)["loss"]
    after = pretrain(text, settings, silent)["loss"]
    # The words of a passage say which source it is from: 26 words, not 234.
    assert before > 5.3
    assert after < 4.0


def test_the_encoder_is_kept(text, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = pretrained(text, SMALL, silent)
    other = pretrained(text, dataclasses.replace(SMALL, steps=3), silent)
    assert not torch.equal(first["embed.weight"], other["embed.weight"])
    assert len(list((tmp_path / "cayley").iterdir())) == 2
    monkeypatch.setattr(_pretraining, "pretrain", None)
    again = pretrained(text, SMALL, silent)
    assert first.keys() == again.keys()
    assert all(torch.equal(first[key], again[key]) for key in first)


def test_an_encoder_that_cannot_be_kept_is_trained_all_the_same(
    text, monkeypatch, tmp_path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert float(pretrained(text, SMALL, silent)["loss"]) > 0


@pytest.mark.parametrize("case", FINETUNING)
def test_fine_tuning_starts_from_the_kept_encoder(case, small) -> None:
    weights = _cases.pretrain_once(silent)
    first, second = (OBJECTIVES[case](None, seed).model for seed in (0, 1))
    for model in (first, second):
        assert torch.equal(model.encoder.embed.weight, weights["embed.weight"])
    assert not torch.equal(first.head[0].weight, second.head[0].weight)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_takes_two_steps(method, small) -> None:
    problem = dataclasses.replace(OBJECTIVES["finetune-topic"](None, 0), steps=2)
    before = [each.detach().clone() for each in problem.model.parameters()]
    train(problem, method, OPTIONS, seed=0, report=silent)
    assert np.isfinite(list(problem.test(problem.model).values())).all()
    assert 0 <= problem.validation_accuracy(problem.model) <= 1
    after = problem.model.parameters()
    assert not any(torch.equal(*pair) for pair in zip(before, after, strict=True))


def test_the_rate_falls_to_zero(small) -> None:
    problem = dataclasses.replace(OBJECTIVES["finetune-order"](None, 0), steps=2)
    step = stepper("sgd", problem, Options(rate=1.0), torch.Generator())
    batch = problem.sample(torch.Generator().manual_seed(0))
    weight = problem.model.head[2].weight
    for expected in (True, True, False):
        before = weight.detach().clone()
        step(*batch)
        assert (not torch.equal(weight, before)) == expected


def test_isaac_takes_the_linear_layers(small) -> None:
    problem = OBJECTIVES["finetune-order"](None, 0)
    stepper("isaac+adam", problem, OPTIONS, torch.Generator())
    kinds = {type(module).__name__ for module in problem.model.modules()}
    assert "ISAACLinear" in kinds
    assert kinds >= {"Embedding", "LayerNorm"}
    assert sum(isinstance(each, ISAACLinear) for each in problem.model.modules()) == 4 + 2


def test_a_trial_of_the_suite_fine_tunes(small, monkeypatch) -> None:
    monkeypatch.setattr("cayley.experiments._isaac.options_for", lambda problem, method: OPTIONS)
    whole = _cases.finetuning
    monkeypatch.setitem(
        OBJECTIVES,
        "finetune-order",
        lambda file, seed: dataclasses.replace(whole("order", file, seed), steps=2),
    )
    trial = Trial(suite="isaac", case="finetune-order", method="isaac+adamw", seed=0)
    result = perform(trial)
    assert result.error is None
    assert result.record.config["problem"] == "finetune-order"
    assert {"test_matthews", "steps_to_target"} <= set(result.record.metrics)


@pytest.mark.parametrize("classes", [2, 5])
def test_matthews_is_that_of_scikit_learn(classes) -> None:
    rng = np.random.default_rng(classes)
    for _ in range(5):
        targets, predicted = rng.integers(0, classes, (2, 40))
        predicted = np.where(rng.random(40) < 0.5, targets, predicted)
        found = matthews(torch.from_numpy(predicted), torch.from_numpy(targets))
        assert found == pytest.approx(matthews_corrcoef(targets, predicted), abs=1e-12)
    constant = torch.zeros(40, dtype=torch.int64)
    assert matthews(constant, torch.from_numpy(targets)) == 0.0


@pytest.mark.slow
def test_the_text_of_this_python_is_enough() -> None:
    text = corpus()
    assert text.symbols == 2004
    assert sum(blocks.numel() for blocks in text.blocks.values()) > 200_000
    # Three of ten blocks of five passages each: at least some thirty passages a class.
    assert min(len(text.windows(name, TESTING)) for name in TOPICS) >= 30
