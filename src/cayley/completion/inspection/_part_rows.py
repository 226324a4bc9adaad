"""The parts of a loop, semigroup or rack as rows of text: what ``inspect`` and reports show."""

from collections.abc import Iterable
from typing import Any

__all__ = ["part_rows"]

_MOST_BOXES = 12
"""Egg-boxes of a semigroup that have a row."""

_MOST_ELEMENTS = 24
"""Elements of a part that are written out."""


def part_rows(parts: dict[str, Any]) -> list[tuple[str, list[list[str]]]]:
    """Return for each part what it is called, and rows of a word and what it says.

    Args:
        parts: What `parts_of` returned.
    """
    result = []
    for name, part in parts.items():
        rows = {
            "loop": _of_loop, "quasigroup": _of_loop, "semigroup": _of_semigroup, "rack": _of_rack,
        }[name](part)  # fmt: skip
        named = f"{part['side']} rack" if name == "rack" else name
        rows.insert(0, ["classes", ", ".join(part["classes"]) or "no special one"])
        rows[1:1] = [["number", _numbered(each)] for each in part["numbers"]]
        if part.get("undecided"):
            rows.insert(1, ["not decided", ", ".join(part["undecided"])])
        result.append((named, rows))
    return result


def _numbered(entry: dict[str, Any]) -> str:
    """Return the number of a structure as GAP's package writes it."""
    name = f"{entry['function']}({entry['order']},{entry['number']}) of {entry['library']}"
    return f"opposite of {name}" if entry.get("opposite") else name


def _of_loop(part: dict[str, Any]) -> list[list[str]]:
    rows = [] if part["name"] is None else [["name", part["name"]]]
    sets = (
        "left_nucleus", "middle_nucleus", "right_nucleus", "nucleus", "commutant", "center",
    )  # fmt: skip
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
    if len(part["egg_boxes"]) > 1:
        # Boxes are called by their numbers above, or by their only elements.
        alone = "J-trivial" in part["classes"]
        names = [
            box["cells"][0][0][0] if alone else str(k) for k, box in enumerate(part["egg_boxes"], 1)
        ]
        edges = [f"{names[i]} < {names[j]}" for i, j in part["ideal_order"]]
        rows.append(["order of ideals" if alone else "order of egg-boxes", _elements(edges)])
    lattice = part["lattice"]
    if lattice is None and part["idempotent_order"]:
        edges = [f"{e} < {f}" for e, f in part["idempotent_order"]]
        rows.append(["order of idempotents", _elements(edges)])
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
