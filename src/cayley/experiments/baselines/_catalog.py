"""The methods that complete a table, by name, and what each is tuned over."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, get_args

from cayley.completion._progress import SolverName
from cayley.experiments.baselines._autoencoder import AutoencoderCompleter
from cayley.experiments.baselines._completer import Completer
from cayley.experiments.baselines._factorization import FactorizationCompleter
from cayley.experiments.baselines._frequent import MostFrequent
from cayley.experiments.baselines._mlp import MLPCompleter
from cayley.experiments.baselines._sat import SATCompleter
from cayley.experiments.baselines._solvers import HyperCubeCompleter, SolverCompleter
from cayley.experiments.baselines._transformer import TransformerCompleter
from cayley.experiments.baselines._tuning import TunedCompleter
from cayley.experiments.baselines._variant import VariantCompleter

__all__ = ["METHODS", "SETTINGS", "make_completer", "options_of"]

METHODS: dict[str, Callable[..., Completer]] = {
    **{name: partial(SolverCompleter, solver=name) for name in get_args(SolverName)},
    "hypercube-training": HyperCubeCompleter,
    "hypercube-shared": partial(HyperCubeCompleter, shared=True),
    "variant": VariantCompleter,
    "transformer": TransformerCompleter,
    "mlp": MLPCompleter,
    "cp": FactorizationCompleter,
    "tucker": partial(FactorizationCompleter, model="tucker", rank=0.5),
    "autoencoder": AutoencoderCompleter,
    "autoencoder-groups": partial(AutoencoderCompleter, prior="groups"),
    "sat-quasigroup": SATCompleter,
    "sat-group": partial(SATCompleter, structure="group"),
    "most-frequent": MostFrequent,
}
"""Every method with the settings that its source publishes, or ours where there are none."""

SETTINGS: dict[str, tuple[dict[str, Any], ...]] = {
    "hypercube-training": ({}, {"rate": 0.5}, {"epsilon": 0.05}, {"epsilon": 0.2}),
    "hypercube-shared": ({}, {"rate": 0.25}, {"epsilon": 0.03}, {"epsilon": 0.1}),
    "transformer": (
        {},
        {"weight_decay": 0.1},
        {"rate": 3e-3},
        {"rate": 3e-3, "weight_decay": 0.1},
    ),
    "mlp": ({}, {"weight_decay": 0.1}, {"rate": 3e-3}, {"rate": 3e-3, "weight_decay": 0.1}),
    "cp": ({"rank": 1.0}, {"rank": 1.5}, {"rank": 2.0}, {"rank": 3.0}),
    "tucker": ({"rank": 0.25}, {"rank": 0.5}, {"rank": 0.75}, {"rank": 0.9}),
    "autoencoder": ({}, {"rate": 3e-3}, {"width": 256}, {"width": 256, "rate": 3e-3}),
}
"""Four settings for each method that has any, for ``tuned-METHOD``.

Four for all, as each has its share of one budget: with more settings a method would get less time
for its answer. The first is the default, or the smallest rank.
"""


def options_of(name: str) -> tuple[str, ...]:
    """Return the names of the options that a method takes.

    Raises:
        ValueError: If there is no such method; the message lists those that there are.

    Example:
        >>> options_of("cp")
        ('model', 'rank', 'tolerance')
    """
    if name.startswith("tuned-") and name.removeprefix("tuned-") in SETTINGS:
        return ("share",)
    if name not in METHODS:
        known = ", ".join([*METHODS, *(f"tuned-{tuned}" for tuned in SETTINGS)])
        raise ValueError(f"no method is called {name!r}; there are: {known}.")
    made = METHODS[name]
    kind: Any = made.func if isinstance(made, partial) else made
    return tuple(field.name for field in fields(kind))


def make_completer(name: str, options: Mapping[str, Any] | None = None) -> Completer:
    """Return the method that ``cayley bench`` and ``cayley sweep`` know by a name.

    Args:
        name: ``exact``, ``transformer``, ``cp``, ``sat-group`` and so on, or ``tuned-METHOD`` for a
            method that chooses among its settings by known cells held out.
        options: Settings of the method by name; those that its source publishes by default.

    Raises:
        ValueError: If there is no such method or it has no such option; the message lists those
            that there are.

    Example:
        >>> make_completer("cp", {"rank": 2.0})
        FactorizationCompleter(model='cp', rank=2.0, tolerance=1e-06)
    """
    known, options = options_of(name), options or {}
    for option in options:
        if option not in known:
            raise ValueError(
                f"method {name!r} has no option {option!r}; it has: {', '.join(known) or 'none'}."
            )
    if name not in METHODS:
        of = name.removeprefix("tuned-")
        settings = tuple(METHODS[of](**setting) for setting in SETTINGS[of])
        return TunedCompleter(settings=settings, **options)
    return METHODS[name](**options)
