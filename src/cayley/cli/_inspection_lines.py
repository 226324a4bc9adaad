"""What ``cayley inspect`` prints beside the properties: parts, laws, and partial tables."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cayley.cli._grid import grid
from cayley.completion._kinds import with_article
from cayley.theories import law

if TYPE_CHECKING:
    from cayley.completion import Inspection
    from cayley.completion._partial_inspection import PartialInspection
    from cayley.completion._short_laws import ShortLaws
    from cayley.completion._two_tables import TwoTables

__all__ = ["called", "law_lines", "part_lines", "partial_lines", "two_table_lines"]

_MOST_CELLS = 24
"""Missing cells of a partial table that are written out."""

_MOST_VALUES = 6
"""A cell that can have more values is open: they are not written out."""

_MOST_LAWS = 40
"""How many numbered laws are written out: more than a screen says little to a reader."""

_MOST_BOXES = 12
"""Egg-boxes of a semigroup that have a line."""

_MOST_ELEMENTS = 24
"""Elements of a part that are written out."""


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
    for name, part in found.parts.items():
        rows = {
            "loop": _of_loop, "quasigroup": _of_loop, "semigroup": _of_semigroup, "rack": _of_rack,
        }[name](part)  # fmt: skip
        named = f"{part['side']} rack" if name == "rack" else name
        rows.insert(0, ["classes", ", ".join(part["classes"]) or "no special one"])
        rows[1:1] = [["number", numbered(each)] for each in part["numbers"]]
        if part.get("undecided"):
            rows.insert(1, ["not decided", ", ".join(part["undecided"])])
        result += ["", *grid([named, ""], rows)]
    return result


def numbered(entry: dict[str, Any]) -> str:
    """Return the number of a structure as GAP's package writes it."""
    name = f"{entry['function']}({entry['order']},{entry['number']}) of {entry['library']}"
    return f"opposite of {name}" if entry.get("opposite") else name


def _of_loop(part: dict[str, Any]) -> list[list[str]]:
    rows = [] if part["name"] is None else [["name", part["name"]]]
    sets = ("left_nucleus", "middle_nucleus", "right_nucleus", "commutant", "center")
    rows += [[each.replace("_", " "), _elements(part[each])] for each in sets]
    rows.append(["multiplication group", _group(part["multiplication_group"])])
    if part["inner_mapping_group"] is not None:
        rows.append(["inner mapping group", _group(part["inner_mapping_group"])])
    rows += _automorphisms(part)
    if part["isotopic_loops"] is not None:
        rows.append(
            ["isotopic to", f"SmallLoop numbers {_elements(map(str, part['isotopic_loops']))}"]
        )
    return rows


def _automorphisms(part: dict[str, Any]) -> list[list[str]]:
    group = part["automorphism_group"]
    return [] if group is None else [["automorphism group", _group(group)]]


def _of_semigroup(part: dict[str, Any]) -> list[list[str]]:
    rows = [["zero", part["zero"] or "none"], ["idempotents", _elements(part["idempotents"])]]
    if part["units"]["elements"]:
        group = part["units"]["group"] or "a group"
        rows.append(["units", f"{group}: {_elements(part['units']['elements'])}"])
    rows.append(["smallest ideal", _elements(part["minimal_ideal"])])
    # Egg-boxes of one element each say nothing that the order of ideals does not.
    boxes = [] if "J-trivial" in part["classes"] else part["egg_boxes"]
    rows += [[f"egg-box {k}", _egg_box(box)] for k, box in enumerate(boxes[:_MOST_BOXES], 1)]
    if len(boxes) > _MOST_BOXES:
        rows.append(["", f"and {len(boxes) - _MOST_BOXES} more; --json lists them"])
    lattice = part["lattice"]
    if lattice is not None:
        edges = [f"{a} < {b}" for a, b in lattice["covers"]]
        rows.append(["order", _elements(edges)])
        word = "no lattice, as there is no largest element"
        if lattice["joins"]:
            word = "a lattice, not modular"
            word = "a modular lattice, not distributive" if lattice["modular"] else word
            word = "a distributive lattice" if lattice["distributive"] else word
        rows.append(["", word])
    return rows


def _egg_box(box: dict[str, Any]) -> str:
    cells = box["cells"]
    kind = f"groups {box['group'] or 'without a name'}" if box["regular"] else "not regular"
    elements = [a for row in cells for cell in row for a in cell]
    size = f"{len(cells)} x {len(cells[0])} cells of {len(cells[0][0])}"
    return f"{size}, {kind}: {_elements(elements)}"


def _of_rack(part: dict[str, Any]) -> list[list[str]]:
    return [
        ["inner group", _group(part["inner_group"])],
        ["displacement group", _group(part["displacement_group"])],
        *_automorphisms(part),
        ["orbits", "; ".join(_elements(orbit) for orbit in part["orbits"][:_MOST_ELEMENTS])],
    ]


def _group(group: dict[str, Any]) -> str:
    return f"order {group['order']}" + (f", {group['name']}" if group["name"] else "")


def _elements(elements: Iterable[str]) -> str:
    labels = list(elements)
    more = len(labels) - _MOST_ELEMENTS
    shown = ", ".join(labels[:_MOST_ELEMENTS]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown
