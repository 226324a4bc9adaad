"""Tables whose rows, columns and symbols are not equally many: open blocks and homotopes."""

from dataclasses import replace

from cayley._version import __version__
from cayley.algebra import Structure
from cayley.completion._conclusion import conclude
from cayley.completion._findings import Hypothesis, Standing
from cayley.completion._outcome import Outcome
from cayley.completion.solution._solution import Solution
from cayley.tables import Table

__all__ = ["complete_other_shape"]


def complete_other_shape(
    table: Table,
    asked: "Hypothesis | str",
    hypotheses: "tuple[Hypothesis, ...]",
    *,
    seed: int,
    time_limit: float | None,
) -> Solution:
    """Complete a table with unequal numbers of rows, columns and symbols.

    A block of products whose results go outside its labels is completed to the group that it
    generates; any other is taken for a part of a homotope of a group, the one structure here that
    does not need the three to be equally many.
    """
    from cayley.completion._further import (  # only for these shapes
        HOMOTOPE,
        deduce_block,
        deduce_homotope,
        is_open_block,
    )

    premise = remark = ""
    work, result = table, None
    if is_open_block(table) and (asked == "auto" or Structure.GROUP in hypotheses):
        # that results may be further elements does not say that they are elements of a group
        named: Standing = "given" if hypotheses else "supposed"
        work, result, premise, remark = deduce_block(table, standing=named, time_limit=time_limit)
        hypotheses = (Structure.GROUP,)
    elif asked == "auto" or HOMOTOPE in hypotheses:
        given: Standing | None = "given" if hypotheses else None
        result = deduce_homotope(table, standing=given, time_limit=time_limit)
    elif hypotheses:
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        raise ValueError(
            f"`table` must have equally many rows, columns and symbols; got {sizes}. "
            "Declare the alphabets in JSON if some labels were never seen. For transformations "
            "that move states to states use `cayley discover` or cayley.synchronization; "
            'assume="homotope" takes tables of any shape.'
        )
    outcome = Outcome(work=work)
    found = conclude(
        work,
        outcome if result is None else outcome.after(result),
        assume=asked,
        hypotheses=hypotheses,
        seed=seed,
        version=__version__,
        options={"solver": "exact", "restarts": 1, "time_limit": time_limit}
        | ({"open": True} if remark else {}),
    )
    held = f"This holds if {premise}." if premise else ""
    return replace(found, premise=held, notes=tuple(filter(None, (*found.notes, remark))))
