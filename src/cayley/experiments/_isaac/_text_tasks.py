"""Three classifications of short passages, made from prose: order, continuation, topic."""

from collections.abc import Callable

import torch
from torch import Tensor

from cayley._random import generator
from cayley.experiments._isaac._corpus import (
    HALF,
    TESTING,
    TOPICS,
    TRAINING,
    VALIDATION,
    Corpus,
    framed,
)
from cayley.experiments._isaac._data import Split

__all__ = ["CLASSES", "task"]

_EXCHANGES = 3

Labelled = tuple[Tensor, Tensor]


def order(corpus: Corpus, folds: range) -> Labelled:
    """Return passages, half of them with three pairs of neighbouring words exchanged (class 0).

    It takes the place of the judgement of grammar in CoLA.
    """
    rng = generator(0, "order", folds.start)
    windows = torch.cat([corpus.windows(name, folds) for name in corpus.blocks])
    # Pairs begin at even places, so that no word moves twice. Exchanging equal words changes
    # nothing: passages with too few other pairs, such as ruled lines, are left out.
    differ = windows[:, ::2] != windows[:, 1::2]
    enough = differ.sum(1) >= _EXCHANGES
    windows, differ = windows[enough].clone(), differ[enough]
    labels = torch.from_numpy(rng.integers(0, 2, len(windows)))
    priority = torch.from_numpy(rng.random(differ.shape)) * differ
    at = 2 * priority.topk(_EXCHANGES).indices[labels == 0]
    rows = (labels == 0).nonzero()
    windows[rows, at], windows[rows, at + 1] = windows[rows, at + 1], windows[rows, at]
    return framed(windows), labels


def continuation(corpus: Corpus, folds: range) -> Labelled:
    """Return pairs of half passages; class 1 if the second follows the first in the text.

    In class 0 it is the second half of another passage of the same source.
    """
    rng = generator(0, "continuation", folds.start)
    parts, labels = [], []
    for name in corpus.blocks:
        windows = corpus.windows(name, folds).clone()
        label = torch.from_numpy(rng.integers(0, 2, len(windows)))
        if len(windows) > 1:
            shift = int(rng.integers(1, len(windows)))
            other = windows.roll(shift, 0)[:, HALF:].clone()
            windows[label == 0, HALF:] = other[label == 0]
            parts.append(windows)
            labels.append(label)
    return framed(torch.cat(parts)), torch.cat(labels)


def topic(corpus: Corpus, folds: range) -> Labelled:
    """Return passages and the source that they are from; as many of each."""
    rng = generator(0, "topic", folds.start)
    windows = [corpus.windows(name, folds) for name in TOPICS]
    count = min(map(len, windows))
    chosen = [each[torch.from_numpy(rng.permutation(len(each))[:count])] for each in windows]
    return framed(torch.cat(chosen)), torch.arange(len(TOPICS)).repeat_interleave(count)


CLASSES = {"order": 2, "continuation": 2, "topic": len(TOPICS)}
"""How many classes each task has."""
_TASKS: dict[str, Callable[[Corpus, range], Labelled]] = {
    "order": order,
    "continuation": continuation,
    "topic": topic,
}


def task(name: str, corpus: Corpus) -> Split:
    """Return one of the tasks; its data do not depend on any seed, as those of GLUE do not."""
    make = _TASKS[name]
    return Split(
        name=f"python-prose, {name}",
        train=make(corpus, TRAINING),
        test=make(corpus, TESTING),
        validation=make(corpus, VALIDATION),
    )
