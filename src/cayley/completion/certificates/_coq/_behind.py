"""What the group behind a full table is, for Coq: its name, its irreducible characters."""

from collections.abc import Sequence
from typing import Any

from cayley.completion.certificates._coq._settings import CHECKED
from cayley.completion.certificates._coq._tables import Fact, Tables

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
    images, words = _images(rows, generators, permutations, degree, writer.unit(name))
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


def _images(
    rows: Sequence[Sequence[int]],
    generators: Sequence[int],
    permutations: Sequence[Sequence[int]],
    degree: int,
    unit: int,
) -> tuple[list[list[int]], list[list[int]]]:
    """Return the permutation of each element, and generators whose product it is, by number."""
    found: dict[int, tuple[list[int], list[int]]] = {unit: (list(range(degree)), [])}
    waiting = [unit]
    for x in waiting:  # in the order of length, so that words are as short as they can be
        image, word = found[x]
        for i, (g, p) in enumerate(zip(generators, permutations, strict=True)):
            if rows[x][g] not in found:
                found[rows[x][g]] = [p[point] for point in image], [*word, i]
                waiting.append(rows[x][g])
    images, words = zip(*(found[x] for x in range(len(rows))), strict=True)
    return list(images), list(words)


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
    script = (
        f"assert (Hp : {_polynomial(root)} = {polynomial}) by ({CHECKED}).\n"
        f"  apply (characters_checked {given} _ Hp); [{is_group}|{CHECKED}]."
    )
    facts.append((f"characters {given} {values}", script))
    return writer.theorem(facts)


def _terms(value: Sequence[Sequence[int]], root: int) -> str:
    return "; ".join(f"({power % root}, ({factor})%Z)" for power, factor in value)


def _polynomial(e: int) -> str:
    """Return the cyclotomic polynomial of a number as Coq writes it, without its leading 1."""
    known: dict[int, list[int]] = {}
    for d in range(1, e + 1):
        if e % d == 0:
            quotient = [-1, *[0] * (d - 1), 1]
            for divisor, polynomial in known.items():
                if d % divisor == 0:
                    quotient = _quotient(quotient, polynomial)
            known[d] = quotient
    return f"[{'; '.join(f'({x})%Z' for x in known[e][:-1])}]"


def _quotient(x: list[int], divisor: list[int]) -> list[int]:
    """Return the quotient of two polynomials, of which the second has 1 as its last coefficient."""
    rest, found = list(x), []
    while len(rest) >= len(divisor):
        found.append(rest[-1])
        for i, y in enumerate(reversed(divisor), 1):
            rest[-i] -= found[-1] * y
        rest.pop()
    return found[::-1]


def _rows(lists: Sequence[Sequence[int]]) -> str:
    rows = ";\n  ".join(f"[{_listing(each)}]" for each in lists)
    return f"[\n  {rows}]"


def _listing(values: Sequence[int]) -> str:
    return "; ".join(map(str, values))
