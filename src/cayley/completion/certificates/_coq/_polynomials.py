"""What cells force of a polynomial modulo a prime, as a theorem about all of its form."""

from typing import Any

from cayley.completion.certificates._coq._lines import listed
from cayley.completion.certificates._coq._settings import CHECKED
from cayley.completion.certificates._witnesses import combinations, residues

__all__ = ["polynomial_theorem"]


def polynomial_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorem that given cells force a polynomial's table.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, about polynomials of some form.
        suffix: What the names of the definitions end in.
    """
    p, monomials = claim["modulus"], claim["monomials"]
    cells, table = residues(document)
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
