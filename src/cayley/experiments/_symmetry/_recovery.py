"""How much must be seen, and how much of it may be wrong, for a group to be discovered."""

import numpy as np

from cayley._random import generator
from cayley.algebra import Group
from cayley.discovery import Transitions, discover
from cayley.experiments._suite import Context, Measurement
from cayley.representations import GroupAction, Subgroup
from cayley.tables import generate_family

__all__ = ["SETTINGS", "run_recovery"]

SETTINGS = {
    "S4-regular": ("S4", 3, False),
    "A5-regular": ("A5", 2, False),
    "D24-regular": ("D24", 2, False),
    "S4-on-12": ("S4", 3, True),
}
"""Group, number of transformations, and whether it acts on cosets instead of on itself."""

_TABLES = 20  # shares in steps of 0.05
_GRID = ((1.0, 0.0), (0.8, 0.0), (0.6, 0.0), (1.0, 0.05), (0.8, 0.05), (1.0, 0.1), (0.8, 0.1))


def run_recovery(method: str, context: Context) -> Measurement:
    """Discover from random observations and compare with the truth."""
    metrics: dict[str, float] = {}
    for i, (seen, wrong) in enumerate(_GRID):
        counts = {"right": 0, "solved": 0, "solved_but_wrong": 0, "predicted_but_wrong": 0}
        for table in range(_TABLES):
            observed, truth = _observe(method, seen, wrong, (context.seed, i, table))
            found = discover(observed)
            assert found.transitions is not None
            right = np.array_equal(found.transitions, truth)
            counts["right"] += right
            counts["solved"] += found.status == "solved"
            counts["solved_but_wrong"] += found.status == "solved" and not right
            counts["predicted_but_wrong"] += found.status == "predicted" and not right
        context.progress((i + 1) / len(_GRID), f"{seen:.0%} seen, {wrong:.0%} wrong")
        for name, number in counts.items():
            metrics[f"{name}_{round(100 * seen)}_{round(100 * wrong)}"] = number / _TABLES
    return Measurement(metrics=metrics, config={"tables": _TABLES})


def _observe(
    method: str, seen: float, wrong: float, seeds: tuple[int, int, int]
) -> tuple[Transitions, np.ndarray]:
    random = generator(seeds[0], "recovery", method, *seeds[1:])
    name, count, on_cosets = SETTINGS[method]
    group = Group.from_table(generate_family(name).aligned().array)
    action = _on_cosets(group) if on_cosets else GroupAction.regular(group)
    chosen = list(group.generators)[:count]
    while len(chosen) < count:
        chosen.append(int(random.integers(1, group.order)))
    k = action.degree
    names = random.permutation(k)
    truth = np.empty((k, count), np.int64)
    truth[names] = names[action.images[chosen].T]
    x, a = np.nonzero(random.random(truth.shape) < seen)
    y = truth[x, a]
    bad = random.random(len(y)) < wrong
    y = np.where(bad, (y + random.integers(1, k, size=len(y))) % k, y)
    observed = Transitions(
        states=tuple(f"s{i}" for i in range(k)),
        actions=tuple(f"a{i}" for i in range(count)),
        triples=np.stack([x, a, y], axis=1),
    )
    return observed, truth


def _on_cosets(group: Group) -> GroupAction:
    involution = int(np.flatnonzero(group.element_orders == 2)[0])
    return GroupAction.on_cosets(Subgroup.generated_by(group, [involution]))
