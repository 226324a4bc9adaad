"""Learning rates and dampings, as ``benchmarks/tune_isaac.py`` chose them with a seed of its own.

Full MNIST takes those of the digits where it has none of its own.
"""

from cayley.benchmark._isaac._methods import Options

__all__ = ["options_for"]

_O = Options

_TUNED: dict[str, dict[str, Options]] = {}


def options_for(problem: str, method: str) -> Options:
    """Return the tuned settings of a method on a problem.

    Raises:
        ValueError: If none were tuned; the message says for which methods there are some.
    """
    own = _TUNED.get(problem, {})
    shared = _TUNED.get(problem.replace("-mnist", "-digits"), {})
    known = {**shared, **own}
    if method not in known:
        raise ValueError(
            f"{problem} has no settings for {method!r}; there are: {', '.join(known)}."
        )
    return known[method]
