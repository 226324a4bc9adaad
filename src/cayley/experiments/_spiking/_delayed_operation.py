"""The recipes of the memory cases."""

from dataclasses import replace

from cayley.experiments._spiking._training import TrainingSettings
from cayley.experiments._spiking._working_memory import Memory, measure
from cayley.experiments._suite import Context, Measurement
from cayley.spiking import DelayedOperation, DelayedXOR
from cayley.tables import Table, generate_family, read_table

__all__ = ["GROUPS", "XOR", "run_group", "run_xor"]

DT = 2.0
"""Time step of the memory cases, in milliseconds: a twelfth of the membrane's time constant."""
RELATIVE = {"layer.input_weight": 2.0, "readout.weight": 2.0, "readout.bias": 2.0}
"""Learning rates of the calm recipes, relative to the recurrent weights'."""
SURROGATE_RATE, SURROGATE_BIAS = 1.0, 1.36
"""Learning rate of the surrogate networks relative to the others', and their first current: 30 Hz
in leaky neurons of 25 ms."""


def _xor(*, null_fraction: float, null_in_training: float) -> Memory:
    return Memory(
        task=DelayedXOR(null_fraction=null_fraction, dt=DT),
        training_task=DelayedXOR(null_fraction=null_in_training, dt=DT),
        settings=TrainingSettings(enough=0.995),
    )


XOR: dict[str, Memory] = {
    "three-way": _xor(null_fraction=0.2, null_in_training=0.4),
    "two-way": _xor(null_fraction=0.0, null_in_training=0.0),
    "delay-1s": Memory(
        task=DelayedXOR(null_fraction=0.0, delay=(1000.0, 1000.0), dt=DT),
        training_task=DelayedXOR(null_fraction=0.0, dt=DT),
        grow=0.95,
        keep_narrow=True,
        synapse=200.0,
        input_gain=0.35,
        rate_weight=0.2,
        settings=TrainingSettings(steps=600, relative=RELATIVE, average=0.98, enough=0.995),
    ),
}
GROUPS = (
    "C2", "C3", "C4", "C2xC2", "C5", "C6", "S3", "C7",
    "C8", "C4xC2", "C2xC2xC2", "D8", "Q8", "file",
)  # fmt: skip
"""All groups of order 2 to 8, and a table of one's own."""


def run_xor(method: str, context: Context, *, surrogate: bool = False) -> Measurement:
    """Train and measure one kind of delayed exclusive or."""
    return measure(with_surrogate(XOR[method]) if surrogate else XOR[method], context)


def with_surrogate(memory: Memory) -> Memory:
    """Return the recipe for leaky neurons with a surrogate gradient: equal size and budget."""
    rate = SURROGATE_RATE * memory.settings.rate
    return replace(
        memory,
        surrogate_bias=SURROGATE_BIAS,
        settings=replace(memory.settings, rate=rate),
    )


def group_recipe(table: Table) -> Memory:
    """Return the recipe for a delayed operation on a table.

    Weak inputs and a stronger pull to 30 Hz keep the network calm: with inputs of 0.5, or neurons
    at 50 Hz, gradients grow as the delays do and training wanders.
    """
    task = DelayedOperation(table=table.array, dt=DT)
    return Memory(
        task=task,
        training_task=replace(task, delay=(30.0, 80.0)),
        grow=0.85,
        keep_narrow=True,
        neurons=100,
        batch=100,
        input_gain=0.35,
        rate_weight=0.2,
        settings=TrainingSettings(
            steps=700, rate=7e-4, relative=RELATIVE, average=0.98, enough=0.995
        ),
    )


def run_group(method: str, context: Context, *, surrogate: bool = False) -> Measurement:
    """Train and measure a delayed operation; ``file`` takes the table named by ``--data``."""
    if method != "file":
        table = generate_family(method)
    elif context.data is None:
        return Measurement(metrics={}, config={"note": "needs a full table: --data FILE"})
    else:
        table = read_table(context.data)
    recipe = group_recipe(table.aligned())
    outcome = measure(with_surrogate(recipe) if surrogate else recipe, context)
    return replace(outcome, config={**outcome.config, "table": method, "order": table.order})
