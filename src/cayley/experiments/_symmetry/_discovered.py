"""Three problems with a symmetry that nobody tells the network: it is discovered first.

Every problem begins with noisy, partly wrong observations of labeled transformations, from which
:func:`cayley.discovery.discover` finds the group and the representation. The data to learn from
come afterwards and share nothing with them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._errors import MissingExtraError
from cayley._random import generator
from cayley.algebra import identify
from cayley.discovery import VectorPairs, discover, transition_symmetries
from cayley.representations import (
    Representation,
    permutation_representation,
    trivial_representation,
)

__all__ = ["EQUIVARIANT_TASKS", "EquivariantTask"]

_DEPTH = 4
"""Quarter turns from solved, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivariantTask:
    """What is to be learned, and the symmetry that was discovered for it.

    Attributes:
        found: Name of the discovered group, and whether it is the right one.
        in_rep: How it acts on a channel of the input.
        out_rep: How it acts on a channel of the output.
        channels: Channels of the input and of the output.
        sizes: Numbers of training samples.
        train: Inputs ``(m, channels, s)`` and targets, as many as the largest size.
        test: The same for testing.
        loss: From outputs ``(m, channels, t)`` and targets to the loss.
        error: Likewise, to the number that is reported.
        moves: How a group element acts on targets: element, targets -> targets.
        width: Channels of hidden functions on the group.
        steps: Steps of training.
    """

    found: str
    is_right: bool
    in_rep: Representation
    out_rep: Representation
    channels: tuple[int, int]
    sizes: tuple[int, ...]
    train: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]
    loss: Callable[[Tensor, Tensor], Tensor]
    error: Callable[[Tensor, Tensor], float]
    moves: Callable[[int, Tensor], Tensor]
    width: int
    steps: int


def observe(
    moves: dict[str, NDArray[np.float64]],
    vectors: NDArray[np.float64],
    random: np.random.Generator,
    *,
    noise: float,
    wrong: float,
) -> VectorPairs:
    """Return vectors before and after moves, measured with noise, some under a wrong label."""
    names = list(moves)
    labels, after = [], []
    for vector in vectors:
        name = names[random.integers(len(names))]
        after.append(vector @ moves[name] + noise * random.standard_normal(len(vector)))
        if random.random() < wrong:
            name = names[(names.index(name) + 1) % len(names)]
        labels.append(name)
    return VectorPairs.from_arrays(labels, vectors, np.array(after))


def point_cloud(seed: int) -> EquivariantTask:
    """Energy of four charges in an octahedral cage; the group of order 48 is found from vectors."""
    random = generator(seed, "point cloud")
    moves = {
        "C4": np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]),
        "C3": np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]]),
        "i": -np.eye(3),
    }
    pairs = observe(moves, random.standard_normal((120, 3)), random, noise=0.03, wrong=0.05)
    found = discover(pairs, vectors="linear")
    if found.representation is None:
        raise ValueError(f"the point group was not found: {found.verdict}")
    x = random.standard_normal((3000, 4, 3))
    distances = np.linalg.norm(x[:, :, None] - x[:, None], axis=3)[:, *np.triu_indices(4, 1)]
    # The sum of fourth powers is octahedral; + 0.5 keeps the repulsion finite where charges meet.
    energy = (x**4).sum(axis=(1, 2)) / 6 + (2 / (distances + 0.5)).sum(axis=1)
    y = (energy - energy.mean()) / energy.std()
    train, test = _split(torch.tensor(x, dtype=torch.float32), _column(y), 1000)
    return EquivariantTask(
        found=str(found.identification),
        is_right=found.order == 48,
        in_rep=found.representation,
        out_rep=trivial_representation(found.representation.group),
        channels=(4, 1),
        sizes=(30, 100, 300, 1000),
        train=train,
        test=test,
        loss=_squared,
        error=lambda y, t: float(_squared(y, t) / t.var()),
        moves=lambda g, t: t,
        width=8,
        steps=1000,
    )


def digits(seed: int) -> EquivariantTask:
    """scikit-learn's digits turned at random by right angles; the turn is found from images."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise MissingExtraError("scikit-learn", "bench") from None
    random = generator(seed, "digits")
    pixels, labels = load_digits(return_X_y=True)
    order = random.permutation(len(pixels))
    images, labels = (pixels[order] / 16.0).reshape(-1, 8, 8), labels[order]
    turn = np.eye(64)[np.rot90(np.arange(64).reshape(8, 8)).ravel()]
    shown = images[:60].reshape(-1, 64) + 0.1 * random.standard_normal((60, 64))
    pairs = observe({"turn": turn}, shown, random, noise=0.05, wrong=0.0)
    found = discover(pairs, vectors="coordinates")
    if found.representation is None:
        raise ValueError(f"the rotations were not found: {found.verdict}")
    turned = np.stack([np.rot90(im, int(random.integers(4))) for im in images[60:]])
    x = torch.tensor(turned.reshape(-1, 1, 64).copy(), dtype=torch.float32)
    train, test = _split(x, torch.tensor(labels[60:]), 800)
    return EquivariantTask(
        found=str(found.identification),
        is_right=found.order == 4 and bool((found.matrix("turn").numpy() == turn).all()),
        in_rep=found.representation,
        out_rep=trivial_representation(found.representation.group),
        channels=(1, 10),
        sizes=(50, 100, 200, 400, 800),
        train=train,
        test=test,
        loss=lambda y, t: torch.nn.functional.cross_entropy(y[..., 0], t),
        error=lambda y, t: float((y[..., 0].argmax(1) != t).float().mean()),
        moves=lambda g, t: t,
        width=24,
        steps=600,
    )


def cube(seed: int) -> EquivariantTask:
    """Best next turn of a 2x2x2 cube; its moves and their symmetries are found from random ones."""
    random = generator(seed, "cube")
    truth = _quarter_turns()
    matrices = {f"m{a}": np.eye(24)[np.argsort(row)] for a, row in enumerate(truth)}
    matrices = {name: matrix.T for name, matrix in matrices.items()}
    seen = random.standard_normal((120, 24))  # as if each sticker had a shade of its own
    pairs = observe(matrices, seen, random, noise=0.05, wrong=0.05)
    found = discover(pairs, vectors="coordinates")
    assert found.transitions is not None
    order = np.argsort([int(name[1:]) for name in found.actions])
    transitions = found.transitions[:, order]
    symmetries = transition_symmetries(transitions, blocks=_solved())
    states, best = _near_solved(transitions.T.tobytes())
    depth = best[:, -1]
    weights = 1 / np.bincount(depth)[depth]
    chosen = random.choice(len(states), 4000, replace=False, p=weights / weights.sum())
    x = torch.nn.functional.one_hot(torch.tensor(states[chosen]), 6).mT.float()
    train, test = _split(x, torch.tensor(best[chosen, :12]).float().reshape(-1, 2, 6), 3000)
    images = torch.tensor(symmetries.on_actions.images)
    inverses = torch.tensor(symmetries.on_actions.group.inverses)
    name = identify(symmetries.on_states.group).name
    return EquivariantTask(
        found=f"{name} on the moves, in a group of {found.order}",
        is_right=np.array_equal(truth, transitions.T) and symmetries.on_states.group.order == 24,
        in_rep=permutation_representation(symmetries.on_states),
        out_rep=permutation_representation(symmetries.on_actions),
        channels=(6, 2),
        sizes=(100, 300, 1000, 3000),
        train=train,
        test=test,
        loss=_any_of,
        error=lambda y, t: 1 - float(t.flatten(1).gather(1, _best(y)).mean()),
        moves=lambda g, t: t[..., images[inverses[g]]],
        width=10,
        steps=800,
    )


EQUIVARIANT_TASKS: dict[str, Callable[[int], EquivariantTask]] = {
    "point-cloud": point_cloud,
    "digits": digits,
    "cube": cube,
}


def _split(x: Tensor, y: Tensor, train: int) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    return (x[:train], y[:train]), (x[train:], y[train:])


def _column(y: NDArray[np.float64]) -> Tensor:
    return torch.tensor(y, dtype=torch.float32).reshape(-1, 1, 1)


def _squared(y: Tensor, t: Tensor) -> Tensor:
    return (y - t).square().mean()


def _best(y: Tensor) -> Tensor:
    return y.flatten(1).argmax(dim=1, keepdim=True)


def _any_of(y: Tensor, t: Tensor) -> Tensor:
    """Return minus the log of the probability of all good moves together."""
    scores = y.flatten(1).log_softmax(dim=1)
    return -scores.masked_fill(t.flatten(1) == 0, -torch.inf).logsumexp(dim=1).mean()


def _quarter_turns() -> NDArray[np.int64]:
    """Return where a clockwise quarter turn of each face of a 2x2x2 cube takes each sticker."""
    corners = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    stickers = [(c, a) for c in corners for a in range(3)]  # a corner, and the axis it faces
    place = {sticker: i for i, sticker in enumerate(stickers)}
    turns = []
    for axis in range(3):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1, 1):
            images = np.arange(24)
            for corner, facing in stickers:
                if corner[axis] == side:
                    moved = list(corner)
                    moved[i], moved[j] = -side * corner[j], side * corner[i]
                    faces = {axis: axis, i: j, j: i}[facing]
                    images[place[corner, facing]] = place[tuple(moved), faces]  # type: ignore[index]
            turns.append(images)
    return np.array(turns)


def _solved() -> NDArray[np.int8]:
    """Return the colors of the stickers of a solved cube: one for each face."""
    corners = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    return np.array([2 * a + (c[a] > 0) for c in corners for a in range(3)], np.int8)


@lru_cache(maxsize=2)
def _near_solved(moves: bytes) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return states a few quarter turns from solved, and which moves lead nearer.

    Solved means that every face has one color, so that a solved cube turned as a whole is solved.
    Row ``i`` of the second result has a 1 for each good move (six clockwise, six anticlockwise),
    and the distance last.
    """
    clockwise = np.frombuffer(moves, np.int64).reshape(6, 24)
    both = [*np.argsort(clockwise, axis=1), *clockwise]  # new[x a] = old[x]: index by the inverse
    solved = _solved()
    whole_turns = [both[a][both[7 + a]] for a in (0, 2, 4)]  # one face and, backwards, its opposite
    distance = {solved.tobytes(): 0}
    layer = [solved]
    while layer:
        layer = _fresh(layer, whole_turns, distance, 0)
    layer = [np.frombuffer(key, np.int8) for key in distance]
    for d in range(1, _DEPTH + 1):
        layer = _fresh(layer, both, distance, d)
    return _with_good_moves(distance, both)


def _fresh(
    layer: list[NDArray[np.int8]],
    moves: list[NDArray[np.int64]],
    distance: dict[bytes, int],
    d: int,
) -> list[NDArray[np.int8]]:
    fresh = []
    for state in layer:
        for move in moves:
            after = state[move]
            key = after.tobytes()
            if key not in distance:
                distance[key] = d
                fresh.append(after)
    return fresh


def _with_good_moves(
    distance: dict[bytes, int], both: list[NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    chosen = [(key, d) for key, d in distance.items() if d > 0]
    states = np.stack([np.frombuffer(key, np.int8) for key, _ in chosen])
    good = np.zeros((len(states), 13), np.int64)
    for a, move in enumerate(both):
        for i, after in enumerate(states[:, move]):
            good[i, a] = distance.get(after.tobytes(), _DEPTH + 1) < chosen[i][1]
    good[:, 12] = [d for _, d in chosen]
    return states.astype(np.int64), good
