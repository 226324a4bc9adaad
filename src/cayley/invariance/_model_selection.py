"""Model selection from the training environments alone; and by an oracle, labeled as such."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int, Shaped

__all__ = [
    "EnvironmentEstimator",
    "Selection",
    "leave_one_environment_out",
    "select_by_oracle",
    "select_model",
    "training_domain_split",
]

Array = NDArray[Any]


@runtime_checkable
class EnvironmentEstimator(Protocol):
    """A candidate: it has ``fit(X, y, environments)``, callable again, and ``score(X, y)``."""

    def fit(self, X: Any, y: Any, environments: Any) -> "EnvironmentEstimator":
        """Fit to data from several environments."""

    def score(self, X: Any, y: Any) -> float:
        """Return how good the predictions are, greater for better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which candidate was chosen, and how.

    Attributes:
        name: Name of the best candidate.
        scores: Score of each candidate by name, greater for better.
        method: How they were scored.
        oracle: Whether the test environment was seen. Such a choice is no estimate of what a user
            could have done, and must be reported as an oracle's.
    """

    name: str
    scores: Mapping[str, float]
    method: str
    oracle: bool


def training_domain_split(
    environments: Shaped[Array, " n"], *, fraction: float = 0.2, seed: int = 0
) -> tuple[Int[Array, " train"], Int[Array, " validation"]]:
    """Split the rows of every environment into training and validation.

    Args:
        environments: Environment of each row, any ids, shape ``(n,)``.
        fraction: Share of each environment for validation, in (0, 1).
        seed: Seed of the split.

    Returns:
        Row numbers for training and for validation, sorted.

    Raises:
        ValueError: If ``fraction`` is out of range or an environment has a single row.

    Example:
        >>> import numpy as np
        >>> train, validation = training_domain_split(np.repeat([0, 1], [8, 4]), fraction=0.25)
        >>> len(train), len(validation)
        (9, 3)
    """
    if not 0 < fraction < 1:
        raise ValueError(f"`fraction` must be in (0, 1); got {fraction}.")
    rng = np.random.default_rng(seed)
    validation = []
    for name in np.unique(environments):
        rows = np.flatnonzero(environments == name)
        if len(rows) < 2:
            raise ValueError(f"environment {name} has a single row, which cannot be split.")
        # At least one row on each side, however small the environment.
        size = min(max(round(fraction * len(rows)), 1), len(rows) - 1)
        validation.append(rng.permutation(rows)[:size])
    held = np.sort(np.concatenate(validation))
    return np.setdiff1d(np.arange(len(environments)), held), held


def leave_one_environment_out(
    environments: Shaped[Array, " n"],
) -> Iterator[tuple[Any, Int[Array, " train"], Int[Array, " held"]]]:
    """Yield each environment's id with the rows of the others and its own.

    Raises:
        ValueError: If fewer than three environments leave fewer than two to train on.

    Example:
        >>> import numpy as np
        >>> for name, train, held in leave_one_environment_out(np.array(["a", "b", "c", "a"])):
        ...     print(name, train, held)
        a [1 2] [0 3]
        b [0 2 3] [1]
        c [0 1 3] [2]
    """
    names = np.unique(environments)
    if len(names) < 3:
        raise ValueError(
            "leaving one environment out needs three or more, so that two remain to compare; "
            f"got {len(names)}. Use method 'training-domain'."
        )
    for name in names:
        held = environments == name
        yield name, np.flatnonzero(~held), np.flatnonzero(held)


def select_model(
    candidates: Mapping[str, EnvironmentEstimator],
    X: ArrayLike,
    y: ArrayLike,
    environments: ArrayLike,
    *,
    method: Literal["training-domain", "leave-one-out"] = "training-domain",
    fraction: float = 0.2,
    seed: int = 0,
) -> Selection:
    """Choose a candidate from the training environments alone.

    ``training-domain`` scores on held-out rows of the environments that were trained on. It is
    cheap, and favors predictors that use spurious features, which predict there too.
    ``leave-one-out`` trains without each environment in turn and scores on it: it measures
    prediction in a new environment, with one environment less to train on. The function has no
    argument for test data, so none can leak.

    Args:
        candidates: Estimators by name, with ``fit(X, y, environments)`` and ``score(X, y)``; a
            greater score is better. Each is fitted again for every split.
        X: Features, shape ``(n, ...)``.
        y: Labels, shape ``(n,)``.
        environments: Environment of each row, shape ``(n,)``.
        method: How to validate.
        fraction: Share held out, for ``training-domain``.
        seed: Seed of the split, for ``training-domain``.

    Raises:
        ValueError: If there is no candidate, or the environments do not allow the method.

    Example:
        >>> import numpy as np
        >>> from cayley.invariance import MRIRegressor
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(3000, 1))
        >>> y = X[:, 0] + rng.normal(size=3000)
        >>> models = {"free": MRIRegressor(), "shrunk": MRIRegressor(alpha=10.0)}
        >>> selection = select_model(models, X, y, np.arange(3000) % 3)
        >>> selection.name, selection.oracle
        ('free', False)

    References:
        Gulrajani and Lopez-Paz, "In Search of Lost Domain Generalization", ICLR 2021,
        arXiv:2007.01434, section 3.
    """
    features, labels, ids = np.asarray(X), np.asarray(y), np.asarray(environments)
    if method == "training-domain":
        splits = [training_domain_split(ids, fraction=fraction, seed=seed)]
    elif method == "leave-one-out":
        splits = [(train, held) for _, train, held in leave_one_environment_out(ids)]
    else:
        raise ValueError(f"`method` must be 'training-domain' or 'leave-one-out'; got {method!r}.")

    def score(model: EnvironmentEstimator) -> float:
        return float(
            np.mean(
                [
                    model.fit(features[train], labels[train], ids[train]).score(
                        features[held], labels[held]
                    )
                    for train, held in splits
                ]
            )
        )

    return _best(candidates, score, method=method, oracle=False)


def select_by_oracle(
    candidates: Mapping[str, EnvironmentEstimator],
    X: ArrayLike,
    y: ArrayLike,
    environments: ArrayLike,
    *,
    X_test: ArrayLike,
    y_test: ArrayLike,
) -> Selection:
    """Choose a candidate by its score on the test environment: an upper bound, not a method.

    Args:
        candidates: Estimators by name, as for :func:`select_model`.
        X: Features to train on.
        y: Labels to train on.
        environments: Environment of each training row.
        X_test: Features of the test environment.
        y_test: Labels of the test environment.

    Returns:
        A selection whose ``oracle`` is True.

    Raises:
        ValueError: If there is no candidate.
    """
    return _best(
        candidates,
        lambda model: float(model.fit(X, y, environments).score(X_test, y_test)),
        method="oracle (sees the test environment)",
        oracle=True,
    )


def _best(
    candidates: Mapping[str, EnvironmentEstimator],
    score: Callable[[EnvironmentEstimator], float],
    *,
    method: str,
    oracle: bool,
) -> Selection:
    """Return the candidate with the highest score, the first of them on a tie."""
    if not candidates:
        raise ValueError("`candidates` is empty; pass at least one estimator by name.")
    scores = {name: score(model) for name, model in candidates.items()}
    best = max(scores, key=lambda name: scores[name])
    return Selection(name=best, scores=scores, method=method, oracle=oracle)
