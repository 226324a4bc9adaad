"""``cayley bench isaac``: ISAAC beside first-order and Kronecker-factored methods.

- ``autoencoder``, ``mlp``, ``convolution`` (on shifted images): scikit-learn's digits, or full
  MNIST from the file named by ``--data``;
- ``text``: a small transformer on text; ``operations``, ``operations-transformer``: HyperCube's
  baselines on a table of modular addition;
- ``finetune-order``, ``finetune-continuation``, ``finetune-topic``: an encoder that is pretrained
  once on the docstrings of Python's library, fine-tuned on three classifications of passages;
- ``overhead``: what a preconditioned layer costs beside ``torch.nn.Linear``.

``steps_to_target`` and ``seconds_to_target`` are where the training loss, looked at every five
steps, first meets the target. Where it never does, they are those of the whole run and ``reached``
is 0. Seconds are those of training alone, without the looks.

The suite ``isaac-grid`` has perceptrons of 2 to 8 hidden layers of width 100 to 1600; each run
tunes its method, and its curves are the settings that were tried.

Files, in the order in which to read them: ``_data``, the data that ship, ``_corpus``, Python's
prose, and ``_text_tasks``, classifications of it; ``_architecture``, the networks;
``_pretraining``, the encoder; ``_objective``, what a problem is, and ``_cases``, that of each case;
``_optimizer``, one function a step for each method, and ``_kronecker``, K-FAC by curvlinops;
``_steps_to_target``, the loop; ``_tuning``, the rule by which settings are chosen, and
``_learning_rate``, what was chosen; ``_perceptron_grid``, tuning in each of many perceptrons;
``_overhead``, the timing of single layers.
"""

from functools import partial

from cayley.experiments._isaac._cases import FINETUNING, OBJECTIVES, pretrain_once
from cayley.experiments._isaac._learning_rate import options_for
from cayley.experiments._isaac._optimizer import METHODS, PERCEPTRON_METHODS, SIMPLE_METHODS
from cayley.experiments._isaac._overhead import LAYERS, run_overhead
from cayley.experiments._isaac._steps_to_target import measured, train
from cayley.experiments._suite import Case, Context, Measurement, Suite

__all__ = ["SUITE"]

_DESCRIPTIONS = {
    "autoencoder": "deep autoencoder with a code of 30 numbers, to a reconstruction error",
    "mlp": "four hidden layers of 400, to a training loss of 0.1",
    "convolution": "two convolutions on shifted images, to a training loss of 0.1",
    "text": "two transformer blocks on characters, to a training loss of 2.2",
    "operations": "perceptron on embedded operands, a+b mod 31, to a training loss of 0.1",
    "operations-transformer": "transformer on operands, a+b mod 31, to a training loss of 0.1",
    "finetune-order": "pretrained encoder, are neighbouring words exchanged",
    "finetune-continuation": "pretrained encoder, does the second half follow the first",
    "finetune-topic": "pretrained encoder, which of eight modules is a passage from",
}


def _run(case: str, method: str, context: Context) -> Measurement:
    if case in FINETUNING:
        pretrain_once(context.progress)
    problem = OBJECTIVES[case](context.data, context.seed)
    options = options_for(problem.name, method)
    run = train(problem, method, options, seed=context.seed, report=context.progress)
    return measured(problem, options, run)


def _methods(case: str) -> tuple[str, ...]:
    if case in {"autoencoder", "mlp"}:
        return PERCEPTRON_METHODS
    return METHODS if case == "convolution" or case in FINETUNING else SIMPLE_METHODS


def _tests(case: str) -> tuple[str, ...]:
    if case == "autoencoder":
        return ("test_mse",)
    return ("test_accuracy", "test_matthews" if case in FINETUNING else "test_loss")


def _case(name: str) -> Case:
    return Case(
        name=name,
        description=_DESCRIPTIONS[name],
        methods=_methods(name),
        metrics=("steps_to_target", "seconds_to_target", "reached", "train_loss", *_tests(name)),
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
