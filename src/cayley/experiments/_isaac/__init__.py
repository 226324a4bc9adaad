"""``cayley bench isaac``: ISAAC beside first-order and Kronecker-factored methods.

- ``autoencoder``, ``mlp``, ``convolution`` (on shifted images): scikit-learn's digits, or full
  MNIST from the file named by ``--data``;
- ``text``: a small transformer on text; ``operations``, ``operations-transformer``: HyperCube's
  baselines on a table of modular addition;
- ``overhead``: what a preconditioned layer costs beside ``torch.nn.Linear``.

``steps_to_target`` and ``seconds_to_target`` are where the training loss, looked at every five
steps, first meets the target. Where it never does, they are those of the whole run and ``reached``
is 0. Seconds are those of training alone, without the looks.

Files, in the order in which to read them: ``_data``, the data that ship; ``_architecture``, the
networks; ``_objective``, network, data, loss and target of each case; ``_optimizer``, one function
a step for each method, and ``_kronecker``, K-FAC by curvlinops; ``_learning_rate``, the tuned
settings; ``_steps_to_target``, the loop; ``_overhead``, the timing of single layers.
"""

from functools import partial

import torch

from cayley.experiments._isaac._learning_rate import options_for
from cayley.experiments._isaac._objective import OBJECTIVES
from cayley.experiments._isaac._optimizer import CONVOLUTION_METHODS, METHODS, SIMPLE_METHODS
from cayley.experiments._isaac._overhead import LAYERS, run_overhead
from cayley.experiments._isaac._steps_to_target import train
from cayley.experiments._suite import Case, Context, Measurement, Suite

__all__ = ["SUITE"]

_DESCRIPTIONS = {
    "autoencoder": "deep autoencoder with a code of 30 numbers, to a reconstruction error",
    "mlp": "four hidden layers of 400, to a training loss of 0.1",
    "convolution": "two convolutions on shifted images, to a training loss of 0.1",
    "text": "two transformer blocks on characters, to a training loss of 2.2",
    "operations": "perceptron on embedded operands, a+b mod 31, to a training loss of 0.1",
    "operations-transformer": "transformer on operands, a+b mod 31, to a training loss of 0.1",
}


def _run(case: str, method: str, context: Context) -> Measurement:
    problem = OBJECTIVES[case](context.data, context.seed)
    options = options_for(problem.name, method)
    run = train(problem, method, options, seed=context.seed, report=context.progress)
    reached = run.first_below(problem.target)
    at = -1 if reached is None else reached
    return Measurement(
        metrics={
            "steps_to_target": run.steps[at],
            "seconds_to_target": run.seconds[at],
            "reached": float(reached is not None),
            "train_loss": run.losses[-1],
            **run.test,
        },
        config={
            "problem": problem.name,
            "data": problem.split.name,
            "target": problem.target,
            "steps": problem.steps,
            "batch": problem.batch,
            "rate": options.rate,
            "damping": options.damping,
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        },
        curves={"step": run.steps, "seconds": run.seconds, "train_loss": run.losses},
    )


_METHODS = {"autoencoder": METHODS, "mlp": METHODS, "convolution": CONVOLUTION_METHODS}


def _case(name: str) -> Case:
    test = ("test_mse",) if name == "autoencoder" else ("test_loss", "test_accuracy")
    return Case(
        name=name,
        description=_DESCRIPTIONS[name],
        methods=_METHODS.get(name, SIMPLE_METHODS),
        metrics=("steps_to_target", "seconds_to_target", "reached", "train_loss", *test),
        run=partial(_run, name),
    )


SUITE = Suite(
    name="isaac",
    description="the ISAAC preconditioner beside first-order and Kronecker-factored methods",
    cases=(
        *(_case(name) for name in OBJECTIVES),
        Case(
            name="overhead",
            description="time of forward and backward beside torch.nn.Linear, minus 1",
            methods=tuple(LAYERS),
            metrics=("overhead",),
            run=run_overhead,
        ),
    ),
)
