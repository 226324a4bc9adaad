"""What cells force of a polynomial modulo a prime, as a theorem of Lean about all of its form."""

from collections.abc import Iterable, Sequence
from typing import Any

from cayley.completion.certificates._witnesses import combinations, residues

__all__ = ["polynomial_text"]


def polynomial_text(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorems that given cells force a polynomial's table.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, about polynomials of some form.
        suffix: What the names of the definitions end in.
    """
    p, monomials = claim["modulus"], claim["monomials"]
    cells, table = residues(document)
    used, solution = combinations(p, monomials, cells, table)
    form = f"{p} monomials{suffix}"
    pairs = [each.items() for each in used]
    return "\n".join([
        _defined(f"monomials{suffix}", "List (List (Int × Int))", map(_tuples, monomials)),
        _defined(f"cells{suffix}", "List Residues", map(_tuple, cells)),
        _defined(f"table{suffix}", "List Residues", map(_tuple, table)),
        _defined(f"used{suffix}", "List (List (Nat × Int))", map(_tuples, pairs)),
        _defined(f"solution{suffix}", "List (List Int)", map(str, solution)),
        f"theorem claim{suffix}_prime : 1 < {p} ∧ ∀ d, d < {p} → 1 < d → {p} % d ≠ 0 :=",
        "  by decide +kernel", "",
        f"theorem claim{suffix} : ∀ coefficients, Through {form} coefficients cells{suffix} →",
        f"    Through {form} coefficients table{suffix} :=",
        f"  fun _ H => all_through H table{suffix} used{suffix} (by decide +kernel)", "",
        f"theorem claim{suffix}_exists : Through {form} solution{suffix} table{suffix} :=",
        "  by decide +kernel", "",
        f"theorem claim{suffix}_given : ∀ t, t ∈ cells{suffix} → t ∈ table{suffix} :=",
        "  by decide +kernel", "",
    ])  # fmt: skip


def _tuple(values: Iterable[int]) -> str:
    return f"({', '.join(f'({x})' if x < 0 else str(x) for x in values)})"


def _tuples(pairs: Iterable[Sequence[int]]) -> str:
    return f"[{', '.join(map(_tuple, pairs))}]"


def _defined(name: str, kind: str, values: Iterable[str]) -> str:
    listed = ", ".join(values)
    return f"def {name} : {kind} :=\n  [{listed}]\n"
