"""What ``cayley inspect`` prints beside the properties: parts, laws, and partial tables."""

from typing import TYPE_CHECKING

from cayley.cli._grid import grid
from cayley.completion.inspection._kinds import with_article
from cayley.completion.inspection._part_rows import part_rows
from cayley.theories import law

if TYPE_CHECKING:
    from cayley.completion import Inspection
    from cayley.completion.inspection._partial_inspection import PartialInspection
    from cayley.completion.inspection._short_laws import ShortLaws
    from cayley.completion.inspection._two_tables import TwoTables

__all__ = ["called", "law_lines", "part_lines", "partial_lines", "two_table_lines"]

_MOST_CELLS = 24
"""Missing cells of a partial table that are written out."""

_MOST_VALUES = 6
"""A cell that can have more values is open: they are not written out."""

_MOST_LAWS = 40
"""How many numbered laws are written out: more than a screen says little to a reader."""


def called(found: "Inspection") -> str:
    """Return what the table is; a group and what hides one have their names below."""
    plain = found.kind in ("group", "abelian group", "group isotope")
    return found.kind if plain else with_article(found.kind)


def partial_lines(found: "PartialInspection") -> list[str]:
    """Return what a partial table can still be as lines of text."""
    table = found.table
    result = [f"order {table.order}, {table.num_observed} of {table.array.size} cells known", ""]
    rows = []
    for each in found.named:
        said = each.because
        if each.completion is not None and each.standing == "possible":
            count, more = each.completion.num_completions, not each.completion.is_exact
            said = (
                f"{count} completion{'s' if count > 1 or more else ''}{' or more' if more else ''}"
            )
        rows.append([each.theory.name, each.standing, said])
    result += [*grid(["kind", "", ""], rows), ""]
    cells = list(zip(*(table.array < 0).nonzero(), strict=True))
    exact = all(each.completion.is_possible_exact for each in found.named if each.completion)
    result += [f"what the missing cells could be{'' if exact else ', at most'}"]
    for a, b in cells[:_MOST_CELLS]:
        result.append(f"{table.rows[a]} o {table.rows[b]}: {could_be(found, int(a), int(b))}")
    if len(cells) > _MOST_CELLS:
        result.append(f"and {len(cells) - _MOST_CELLS} more cells; --json lists them")
    return result


def could_be(found: "PartialInspection", row: int, column: int) -> str:
    """Return the values that a cell can have, with the theories that allow just these."""
    theories: dict[tuple[int, ...], list[str]] = {}
    for each in found.named:
        if each.completion is None or each.standing != "possible":
            continue
        value = int(each.completion.table[row, column])
        values = (value,) if value >= 0 else each.completion.possible.get((row, column), ())
        if values and len(values) <= _MOST_VALUES:
            theories.setdefault(values, []).append(each.theory.name)
    return "; ".join(
        f"{' or '.join(found.table.rows[c] for c in values)} ({', '.join(names)})"
        for values, names in sorted(theories.items(), key=lambda item: len(item[0]))
    )


def law_lines(laws: "ShortLaws") -> list[str]:
    """Return the numbered laws that hold, the first of them written out."""
    shown = [f"{number}  {law(number)}" for number in laws.hold[:_MOST_LAWS]]
    left = len(laws.hold) - len(shown)
    result = [f"{len(laws.hold)} of the 4694 laws of at most four operations hold", *shown]
    if left:
        result.append(f"and {left} more; --json lists all numbers")
    if laws.undecided:
        result.append(f"{len(laws.undecided)} more were not decided: too much memory")
    return result


def two_table_lines(found: "TwoTables") -> list[str]:
    """Return what the table is together with a second one, and why it is not something else."""
    together = found.together
    words = [with_article(kind) for kind in together.kinds] or ["of no kind that has a name"]
    name = "" if together.name is None else f", {together.name}"
    plus, times = ("second", "first") if found.swapped else ("first", "second")
    head = f"{plus} table as the sum, {times} as the product: {'; '.join(words)}{name}"
    return [head, *grid(["no", ""], [[kind, why] for kind, why in found.reasons.items()])]


def part_lines(found: "Inspection") -> list[str]:
    """Return the parts of a loop, semigroup or rack as lines of text, a blank one before each."""
    result = []
    for named, rows in part_rows(found.parts):
        result += ["", *grid([named, ""], rows)]
    return result
