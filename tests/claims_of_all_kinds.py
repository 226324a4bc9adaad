"""Certificates with claims of all kinds, which are written for provers."""

import functools
from typing import Any

import numpy as np

from cayley import solve
from cayley.algebra import Structure
from cayley.completion.certificates._certificate import certificate_of_answers
from cayley.tables import Table, generate_family, isotope, mask
from cayley.theories import parse_theory

__all__ = ["ANSWERS", "LAWS", "MORE", "RULES", "TABLES", "document_of"]

TABLES = {
    "forced group": (lambda: mask(generate_family("S3"), observe=0.5, seed=1), "group"),
    "unused label": (lambda: Table.from_array([[-1, 1, -1], [1, -1, -1], [-1, -1, -1]]), "group"),
    "forced isotope": (
        lambda: mask(isotope(generate_family("S3"), seed=1), observe=0.75, seed=0),
        "isotope",
    ),
    "by cases": (lambda: Table.from_array([[0, 1, 2], [1, 2, -1], [2, -1, -1]]), "isotope"),
    "some cells": (lambda: mask(generate_family("C4"), observe=0.3, seed=1), "group"),
    "no group": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "group"),
    "no isotope": (lambda: Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "isotope"),
    "order 12": (lambda: mask(generate_family("A4"), observe=0.25, seed=0), "group"),
    "order 24": (lambda: mask(generate_family("S4"), observe=0.1, seed=0), "group"),
}
LAWS = {
    "semilattice": ([[0, 1, 2, 3], [1, 1, -1, -1], [2, 3, -1, -1], [3, -1, -1, -1]], "semilattice"),
    "loop": ([[0, 1, 2], [1, 2, -1], [2, -1, -1]], "loop"),
    "possible": ([[0, 1, 2, 3], [1, 1, -1, -1], [2, -1, 2, -1], [3, -1, -1, 3]], "semilattice"),
    "Steiner": ([[0, 2, -1], [-1, -1, -1], [-1, -1, -1]], "Steiner quasigroup"),
    "not commutative": ([[0, 1], [0, -1]], "commutative"),
    "Moufang": (mask(generate_family("S3"), observe=0.6, seed=2), "Moufang loop"),
    "cases": (mask(generate_family("C5"), observe=0.3, seed=2), "commutative loop"),
    "cases of a monoid": (mask(generate_family("C5"), observe=0.2, seed=0), "monoid"),
    "inverses": (mask(generate_family("C5"), observe=0.3, seed=2), "x*(y*z)=(x*y)*z; inverses"),
    "quandle": (
        mask(
            Table.from_array([[(2 * a - b) % 5 for b in range(5)] for a in range(5)]),
            observe=0.2,
            seed=0,
        ),
        "left quandle",
    ),
    "unnamed": ([[0, 1, 2], [2, -1, -1], [-1, -1, -1]], "x*(y*z) = (x*y)*(x*z); quasigroup"),
}


def with_wrong(table: Table, *cells: tuple[int, int]) -> Table:
    """Give a table with the next symbol in some cells."""
    array = table.array.copy()
    for cell in cells:
        array[cell] = (array[cell] + 1) % len(array)
    return table.with_array(array)


def residues(p: int, function: Any) -> Table:
    """Give the values of a function modulo a prime, but for some cells."""
    a, b = np.indices((p, p))
    return Table.from_array(np.where((3 * a + b) % 4 == 1, -1, function(a, b) % p))


MINIMA = Table.from_array(np.minimum.outer(range(6), range(6)))
MORE = {
    "wrong": (with_wrong(generate_family("C5"), (2, 3)), "group"),
    "wrong of an isotope": (with_wrong(isotope(generate_family("C5"), seed=1), (2, 3)), "isotope"),
    "wrong under laws": (with_wrong(MINIMA, (1, 3), (4, 4)), "semilattice"),
    "homotope": (Table.from_array([[0, 1, 1], [1, -1, 0], [-1, 0, 0]]), "homotope"),
    "no homotope": (Table.from_array([[0, 1, 2], [1, 1, -1], [-1, -1, -1]]), "homotope"),
    "polynomial": (residues(5, lambda a, b: 2 * a + b + 3), "polynomial"),
    "parity": (residues(7, lambda a, b: np.where(b % 2, a + b, 2 * a)), "polynomial"),
    "A4": (generate_family("A4"), "auto"),
    "Q8": (generate_family("Q8"), "auto"),
    "D10": (isotope(generate_family("D10"), seed=2), "auto"),
    "C6": (generate_family("C6"), "auto"),
}
ANSWERS = {
    "next": (Table.from_array([[0, 1, 2], [-1] * 3, [-1] * 3]), Structure.GROUP, "12"),
    "next of an isotope": (
        mask(isotope(generate_family("C4"), seed=1), observe=0.6, seed=2),
        Structure.GROUP_ISOTOPE,
        ("r3", "c0"),
    ),
    "next under laws": (
        Table.from_array([[0, 1, 2], [1, -1, -1], [2, -1, -1]]),
        parse_theory("semilattice"),
        "12",
    ),
}


RULES = ("all rules", "columns under laws")
"""Certificates by hand: every rule under every kind of theory."""

ASSOCIATIVE_LOOP = {
    "name": "associative loop",
    "laws": [[[[0, 1], 2], [0, [1, 2]]]],
    "conditions": ["inverses", "left cancellation", "right cancellation", "unit"],
}


def by_all_rules() -> dict[str, Any]:
    """Give claims about the row 1 and the column 2 of C3, by rules that are seldom used."""
    document = solve([[0, 1, 2], [1, 2, 0], [2, 0, 1]], assume="group").certificate
    assert document is not None
    at = [tuple(cell) for cell in document["cells"]].index
    by_row = [at((1, 0, 1)), at((1, 1, 2))]
    forced = {"claim": "forced", "cells": [[1, 2, 0]]}
    # Labels have the names 1, 2, 3; of an isotope 1 to 3, 4 to 6, 7 to 9.
    rules = [
        ["inverse", 2], ["unit", 2], ["define", 1, 0, 3, 1], ["define", 0, 2, 3, 0],
        ["define", 2, 3, 0, 2], ["only", 2, 3, 1, 2, 2, 1, by_row],
        ["only", 2, 3, 1, 1, 1, 3, by_row],
        ["only", 2, 3, 1, 0, 0, 2, [at((0, 2, 2)), at((2, 2, 1))]],
    ]  # fmt: skip
    one, other = at((1, 1, 2)), at((1, 2, 0))
    law = ["law", 0, [2, 2, 2], [one, other, one, -1]]  # 1 (1 1) = (1 1) 1, which is not known
    turned = ["law", 0, [2, 2, 2], [one, at((2, 1, 0)), one, -1]]
    three = [
        ["associate", 0, one, at((2, 1, 0)), other], ["associate", 1, one, at((2, 1, 0)), other],
        ["associate", 2, one, one, other], ["associate", 3, one, one, at((2, 1, 0))],
    ]  # fmt: skip
    claims: list[dict[str, Any]] = [
        forced | {"theory": {"name": "group"}, "proof": [law, *rules, *three]},
        forced | {"theory": ASSOCIATIVE_LOOP, "proof": [turned, *rules, *three]},
    ]
    for name in ("isotope of a group", "homotope of a group"):
        proof = [["unit", 0], ["law", 0, [0, 0, 0], [11, 11, 11, -1]], ["define", 2, 5, 0, 2]]
        free = 15  # nine cells, two of the gauge, four by these lines
        if name == "isotope of a group":
            proof += [["only", 2, 6, 0, 2, 2, 7, by_row], ["only", 2, 0, 7, 1, 1, 6, by_row]]
            free += 2
        proof.append(["cases", 2, 6, 2])
        for label in (8, 9):
            proof += [["case", label], ["same", free, other, 2], ["clash", free + 1]]
        proof.append(["end"])
        claims.append(forced | {"theory": {"name": name}, "gauge": [0, 0], "proof": proof})
    return document | {"claims": claims}


def by_columns() -> dict[str, Any]:
    """Give a claim about a group by whole columns, as one about what its laws state."""
    document = document_of("order 12")
    claim = next(each for each in document["claims"] if each["claim"] == "forced")
    assert any(line[0] == "compose" for line in claim["proof"])
    return document | {"claims": [claim | {"theory": ASSOCIATIVE_LOOP}]}


@functools.cache
def document_of(name: str) -> dict[str, Any]:
    """Give the certificate of a name; it is made once."""
    if name in RULES:
        return by_all_rules() if name == "all rules" else by_columns()
    if name in ANSWERS:
        table, theory, place = ANSWERS[name]
        return certificate_of_answers(table, theory, [place])[0]
    table, assume = (TABLES | LAWS | MORE)[name]
    table = table() if callable(table) else table
    return solve(table, assume=assume, solver="exact", time_limit=20).certificate
