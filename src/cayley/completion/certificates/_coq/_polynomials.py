"""What cells force of a polynomial modulo a prime, as a theorem about all of its form."""

from collections.abc import Sequence
from typing import Any

from cayley.completion.certificates._coq._lines import listed
from cayley.completion.certificates._coq._settings import CHECKED

__all__ = ["combinations", "polynomial_theorem"]

_Equation = tuple[list[int], dict[int, int], int]
"""The coefficients of an equation, the given cells that it combines, and its right side."""


def polynomial_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorem that given cells force a polynomial's table.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, about polynomials of some form.
        suffix: What the names of the definitions end in.
    """
    p, monomials = claim["modulus"], claim["monomials"]
    rows, columns, symbols = ([*map(int, document[key])] for key in ("rows", "columns", "symbols"))
    cells = [(rows[a], columns[b], symbols[c]) for a, b, c in document["cells"]]
    table = [
        (rows[a], columns[b], symbols[c])
        for a, row in enumerate(document["table"])
        for b, c in enumerate(row)
    ]
    used, solution = combinations(p, monomials, cells, table)
    kind, names = "(Z * Z * Z)", [f"{x}{suffix}" for x in ("cells", "table", "used", "solution")]
    given, whole, how, known = names
    form = f"{p} monomials{suffix}"
    classes = ";\n  ".join(
        f"[{'; '.join(f'(({i}), ({j}))' for i, j in each)}]" for each in monomials
    )
    pairs = f"(combine {whole} {how})"
    return "\n".join([
        f"Definition monomials{suffix} : list (list (Z * Z)) := [\n  {classes}].",
        listed(given, kind, [f"({a}, {b}, {c})" for a, b, c in cells]),
        listed(whole, kind, [f"({a}, {b}, {c})" for a, b, c in table]),
        listed(how, "(list (Z * Z))", [
            f"[{'; '.join(f'({i}, {k})' for i, k in each.items())}]" for each in used
        ]),
        listed(known, "(list Z)", [f"[{'; '.join(map(str, each))}]" for each in solution]),
        f"Theorem claim{suffix} : is_prime {p} /\\",
        f"  (forall coefficients, through {form} coefficients {given} ->",
        f"    through {form} coefficients {whole}) /\\",
        f"  through {form} {known} {whole} /\\ incl {given} {whole}.",
        f"Proof.\n  split; [apply prime_checked; {CHECKED}|split; [|split]].",
        f"  - intros coefficients H. assert (E : map fst {pairs} = {whole}) by ({CHECKED}).",
        f"    rewrite <- E. apply (forced_by_polynomials {form} ltac:(discriminate) {given});",
        f"    [{CHECKED}|exact H].",
        f"  - apply through_checked; {CHECKED}.",
        f"  - apply included; {CHECKED}.\nQed.",
        f"Print Assumptions claim{suffix}.", "",
    ])  # fmt: skip


def combinations(
    p: int,
    monomials: Sequence[Sequence[Sequence[int]]],
    cells: Sequence[tuple[int, int, int]],
    table: Sequence[tuple[int, int, int]],
) -> tuple[list[dict[int, int]], list[list[int]]]:
    """Return how the equation of each cell follows from those of given cells, and a solution.

    Args:
        p: The prime.
        monomials: The exponents of a and b, for each class of columns.
        cells: The given cells (a, b, c), as residues.
        table: All cells.

    Returns:
        For each cell of the table the places of given cells with factors; the coefficients of a
        polynomial that has the values, for each class.
    """
    basis: list[dict[int, _Equation]] = [{} for _ in monomials]

    def reduced(place: int | None, a: int, b: int, value: int) -> _Equation:
        """Return an equation less those of the basis."""
        terms = monomials[b % len(monomials)]
        left = [pow(a, i, p) * pow(b, j, p) % p for i, j in terms]
        used: dict[int, int] = {} if place is None else {place: 1}
        for at, (row, places, right) in basis[b % len(monomials)].items():
            factor = left[at]
            if factor:
                left = [(x - factor * y) % p for x, y in zip(left, row, strict=True)]
                value = (value - factor * right) % p
                for i, k in places.items():
                    used[i] = (used.get(i, 0) - factor * k) % p
        return left, used, value

    for place, (a, b, c) in enumerate(cells):
        left, used, value = reduced(place, a, b, c)
        at = next((i for i, x in enumerate(left) if x), None)
        if at is not None:
            unit = pow(left[at], -1, p)
            row = [x * unit % p for x in left]
            places = {i: k * unit % p for i, k in used.items() if k}
            basis[b % len(monomials)][at] = row, places, value * unit % p
    follow = [{i: -k % p for i, k in reduced(None, a, b, c)[1].items() if k} for a, b, c in table]
    return follow, [
        _solution(p, len(each), rows) for each, rows in zip(monomials, basis, strict=True)
    ]


def _solution(p: int, size: int, basis: dict[int, _Equation]) -> list[int]:
    """Return coefficients that satisfy the equations of a basis; what they leave open is 0."""
    found = [0] * size
    # An equation has zeros at the leading places of those before it, so the last is solved first.
    for at, (row, _, right) in reversed(basis.items()):
        rest = sum(x * y for i, (x, y) in enumerate(zip(row, found, strict=True)) if i != at)
        found[at] = (right - rest) % p
    return found
