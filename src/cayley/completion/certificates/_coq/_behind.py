"""What the group behind a full table is, for Coq: its name, its irreducible characters."""

from collections.abc import Sequence
from typing import Any

from cayley.completion.certificates._coq._settings import CHECKED
from cayley.completion.certificates._coq._tables import Fact, Tables
from cayley.completion.certificates._witnesses import cyclotomic, group_elements

__all__ = ["characters_theorem", "named_theorem"]

_CHECKED = f"{CHECKED}."


def named_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return that the group is isomorphic to permutations, and that the stated relations hold.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, what the group is called.
        suffix: What the names of the definitions end in.
    """
    writer = Tables(len(document["rows"]), suffix)
    name, rows, facts = _group_of(document, claim, writer)
    n, generators, permutations = len(rows), claim["generators"], claim["permutations"]
    degree = max(1, *map(len, permutations)) if permutations else 1
    images, words = group_elements(rows, generators, permutations, degree, writer.unit(name))
    for kind, lists in (("permutations", permutations), ("images", images), ("words", words)):
        writer.define(f"Definition {kind}{suffix} : list (list N) := {_rows(lists)}.")
    given = f"{n} {name} {degree} [{_listing(generators)}] permutations{suffix}"
    lemma = f"named_checked {given} images{suffix} words{suffix}"
    facts.append((f"isomorphic {given}", f"apply ({lemma}); {_CHECKED}"))
    for word in claim["relators"]:
        letters = "; ".join(
            f"({generators[abs(letter) - 1]}, {str(letter > 0).lower()})" for letter in word
        )
        statement = f"relation {n} {name} [{letters}]"
        facts.append((statement, f"apply relation_checked; {_CHECKED}"))
    facts += _family(claim, name, rows, degree, writer.unit(name))
    return writer.theorem(facts)


def _group_of(
    document: dict[str, Any], claim: dict[str, Any], writer: Tables
) -> tuple[str, Sequence[Sequence[int]], list[Fact]]:
    """Define the group that a claim is about; return what it is called, and what makes it one."""
    table = writer.table(document["table"])
    if "maps" not in claim:
        return table, document["table"], [writer.group(table)]
    rows = claim["maps"]["group"]
    name = writer.table(rows, "group")
    return name, rows, [writer.image(table, claim["maps"], group=name), writer.group(name)]


def _family(
    claim: dict[str, Any], name: str, rows: Sequence[Sequence[int]], degree: int, unit: int
) -> list[Fact]:
    """Return what shows that the name is right, of the families of which the checker knows it."""
    n, called, generators = len(rows), claim["name"], claim["generators"]
    if called == f"S{degree}":
        return [(f"{n} = factorial {degree}", _CHECKED)]
    if called == f"A{degree}":
        return [(f"2 * {n} = factorial {degree}", _CHECKED)]
    if called == f"C{n}" and len(generators) == 1:
        return [
            (f"length permutations{name[name.index('_') : name.rindex('_')]} = 1%nat", _CHECKED)
        ]
    for r, s in (generators, generators[::-1]) if len(generators) == 2 else ():
        product = rows[r][s]
        if called == f"D{n}" and rows[s][s] == rows[product][product] == unit:
            turned = f"cell {name} (cell {name} {r} {s}) (cell {name} {r} {s})"
            both = f"cell {name} {s} {s} = {unit} /\\ {turned} = {unit}"
            return [(both, f"split; {_CHECKED}")]
    return []


def characters_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return that rows of values are the irreducible characters of the group.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, which characters the group has.
        suffix: What the names of the definitions end in.
    """
    writer = Tables(len(document["rows"]), suffix)
    name, rows, facts = _group_of(document, claim, writer)
    root, unit = claim["root"], writer.unit(name)
    classes, values = f"classes{suffix}", f"values{suffix}"
    shown = ";\n  ".join(
        "[" + "; ".join(f"[{_terms(value, root)}]" for value in row) + "]"
        for row in claim["values"]
    )
    writer.define(f"Definition {classes} : list (list N) := {_rows(claim['classes'])}.")
    writer.define(f"Definition {values} : list (list (list (N * Z))) := [\n  {shown}].")
    given = f"{len(rows)} {name} {unit} {root} {classes}"
    polynomial = f"(cyclotomic {root} {root})"
    is_group = f"apply (group_checked {len(rows)} {name} {unit}); {CHECKED}"
    shown_polynomial = f"[{'; '.join(f'({x})%Z' for x in cyclotomic(root)[:-1])}]"
    script = (
        f"assert (Hp : {shown_polynomial} = {polynomial}) by ({CHECKED}).\n"
        f"  apply (characters_checked {given} _ Hp); [{is_group}|{CHECKED}]."
    )
    facts.append((f"characters {given} {values}", script))
    return writer.theorem(facts)


def _terms(value: Sequence[Sequence[int]], root: int) -> str:
    return "; ".join(f"({power % root}, ({factor})%Z)" for power, factor in value)


def _rows(lists: Sequence[Sequence[int]]) -> str:
    rows = ";\n  ".join(f"[{_listing(each)}]" for each in lists)
    return f"[\n  {rows}]"


def _listing(values: Sequence[int]) -> str:
    return "; ".join(map(str, values))
