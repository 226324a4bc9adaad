"""Learning rates and dampings, as ``records.isaac_tuning`` chose them with a seed of its own.

Full MNIST takes those of the digits where it has none of its own.
"""

from cayley.experiments._isaac._optimizer import Options

__all__ = ["options_for"]

_TUNED: dict[str, dict[str, Options]] = {
    "autoencoder-digits": {
        "sgd": Options(rate=1.0),
        "adam": Options(rate=2e-3),
        "muon": Options(rate=0.03),
        # Tuned as 0.03 and 0.01 with our own K-FAC, whose curvature of a mean squared error over 64
        # pixels was 32 times smaller than the exact one of curvlinops: both times 32, rounded.
        "kfac+sgd": Options(rate=1.0, damping=0.3),
        "isaac+sgd": Options(rate=10.0, damping=0.03),
        "isaac+adam": Options(rate=4e-3, damping=0.03),
        "shampoo": Options(rate=0.1),
        "soap": Options(rate=6e-3),
        # Not tuned: the rates of their optimizers, the damping of ISAAC + Adam.
        "adamw": Options(rate=2e-3),
        "isaac+adamw": Options(rate=4e-3, damping=0.03),
        "isaac+muon": Options(rate=0.03, damping=0.03),
        "isaac+soap": Options(rate=6e-3, damping=0.03),
    },
    "mlp-digits": {
        "sgd": Options(rate=0.1),
        "adam": Options(rate=4e-3),
        "muon": Options(rate=0.03),
        "isaac+sgd": Options(rate=0.1, damping=1.0),
        "isaac+adam": Options(rate=2e-3, damping=0.1),
        # Not tuned here: the autoencoder's.
        "kfac+sgd": Options(rate=0.03, damping=0.01),
        "shampoo": Options(rate=0.1),
        "soap": Options(rate=6e-3),
        # Not tuned: the rates of their optimizers, the damping of ISAAC + Adam.
        "adamw": Options(rate=4e-3),
        "isaac+adamw": Options(rate=2e-3, damping=0.1),
        "isaac+muon": Options(rate=0.03, damping=0.1),
        "isaac+soap": Options(rate=6e-3, damping=0.1),
    },
    # Twelve settings each, after 120 steps.
    "convolution-digits": {
        "sgd": Options(rate=0.13),
        "adam": Options(rate=0.018),
        "adamw": Options(rate=0.011),
        "muon": Options(rate=0.11),
        "isaac+sgd": Options(rate=0.21, damping=0.1),
        "isaac+adam": Options(rate=0.0045, damping=0.1),
        "isaac+muon": Options(rate=0.045, damping=0.01),
        "soap": Options(rate=0.018),
        # Not tuned: the settings of ISAAC + Adam, SOAP's rate, the perceptron's K-FAC.
        "isaac+adamw": Options(rate=0.0045, damping=0.1),
        "isaac+soap": Options(rate=0.018, damping=0.1),
        "kfac+sgd": Options(rate=0.03, damping=0.1),
    },
    # Customary values, not tuned: what was best on the digits is too fast here.
    "mlp-mnist": {
        "sgd": Options(rate=0.1),
        "adam": Options(rate=1e-3),
        "isaac+sgd": Options(rate=0.1, damping=1.0),
        "isaac+adam": Options(rate=1e-3, damping=1.0),
    },
    "text": {
        "sgd": Options(rate=0.03),
        "adam": Options(rate=2e-3),
        "isaac+sgd": Options(rate=0.3, damping=0.1),
        "isaac+adam": Options(rate=4e-3, damping=0.1),
    },
    "operations-mlp": {
        "sgd": Options(rate=0.1),
        "adam": Options(rate=4e-3),
        "isaac+sgd": Options(rate=1.0, damping=0.01),
        "isaac+adam": Options(rate=8e-3, damping=0.1),
    },
    "operations-transformer": {
        "sgd": Options(rate=0.03),
        "adam": Options(rate=2e-3),
        "isaac+sgd": Options(rate=0.1, damping=0.1),
        "isaac+adam": Options(rate=4e-3, damping=0.1),
    },
}


# Not tuned yet: rates that are customary in fine-tuning a small network, the middle damping.
_FINETUNING = {
    "sgd": Options(rate=0.03),
    "adam": Options(rate=1e-3),
    "adamw": Options(rate=1e-3),
    "muon": Options(rate=0.01),
    "soap": Options(rate=1e-3),
    "kfac+sgd": Options(rate=0.03, damping=0.3),
    "isaac+sgd": Options(rate=0.1, damping=0.1),
    "isaac+adam": Options(rate=1e-3, damping=0.1),
    "isaac+adamw": Options(rate=1e-3, damping=0.1),
    "isaac+muon": Options(rate=0.01, damping=0.1),
    "isaac+soap": Options(rate=1e-3, damping=0.1),
}


def options_for(problem: str, method: str) -> Options:
    """Return the tuned settings of a method on a problem.

    Raises:
        ValueError: If none were tuned; the message says for which methods there are some.
    """
    own = _TUNED.get(problem, {})
    shared = _TUNED.get(problem.replace("-mnist", "-digits"), {})
    if problem.startswith("finetune-"):
        shared = _FINETUNING
    known = {**shared, **own}
    if method not in known:
        raise ValueError(
            f"{problem} has no settings for {method!r}; there are: {', '.join(known)}."
        )
    return known[method]
