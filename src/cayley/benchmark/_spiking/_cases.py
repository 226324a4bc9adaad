"""The recipes of the memory cases."""

from dataclasses import replace

from cayley.benchmark._spiking._memory import Memory, measure
from cayley.benchmark._spiking._training import Settings
from cayley.benchmark._suite import Context, Outcome
from cayley.spiking import DelayedOperation, DelayedXOR
from cayley.tables import Table, generate_family, read_table

__all__ = ["GROUPS", "XOR", "run_group", "run_xor"]

XOR: dict[str, Memory] = {
    "three-way": Memory(task=DelayedXOR(), training_task=DelayedXOR(null_fraction=0.4)),
    "two-way": Memory(
        task=DelayedXOR(null_fraction=0.0), training_task=DelayedXOR(null_fraction=0.0)
    ),
}
GROUPS = ("C3", "S3", "file")


def run_xor(method: str, context: Context) -> Outcome:
    """Train and measure one kind of delayed exclusive or."""
    return measure(XOR[method], context)


def group_recipe(table: Table) -> Memory:
    """Return the recipe for a delayed operation on a table."""
    task = DelayedOperation(table=table)
    return Memory(task=task, training_task=task, neurons=120, settings=Settings(steps=600))


def run_group(method: str, context: Context) -> Outcome:
    """Train and measure a delayed operation; ``file`` takes the table named by ``--data``."""
    if method != "file":
        table = generate_family(method)
    elif context.data is None:
        return Outcome(metrics={}, config={"note": "needs a full table: --data FILE"})
    else:
        table = read_table(context.data)
    outcome = measure(group_recipe(table.aligned()), context)
    return replace(outcome, config={**outcome.config, "table": method, "order": table.order})
