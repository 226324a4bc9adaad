"""What full tables are, as theorems that Coq proves by computing all cells."""

from collections.abc import Sequence
from typing import Any

from cayley import _checker
from cayley.completion.certificates._coq._laws import VARIABLES, formula
from cayley.completion.certificates._coq._lines import listed, triple

__all__ = ["quadrangle_theorem", "table_theorem"]

_CONDITIONS = {
    "left cancellation": ("cancels_left", "left_checked"),
    "right cancellation": ("cancels_right", "right_checked"),
    "unit": ("with_unit", "unit_checked"),
    "inverses": ("with_inverses", "inverses_checked"),
}

_BY_COMPUTING = "vm_compute; reflexivity"

Fact = tuple[str, str]
"""A statement and the script that proves it."""


def table_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorem for a claim about full tables.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims: group, isotope with maps, law, not unique, possible.
        suffix: What the names of the definitions end in.
    """
    writer = _Tables(len(document["rows"]), suffix)
    kind = claim["claim"]
    if kind in ("not unique", "possible"):
        without = set(claim.get("without", ()))
        cells = [c for i, c in enumerate(document["cells"]) if i not in without]
        theory, maps = _checker.Theory(claim["theory"]), claim.get("maps")
        writer.define(listed(f"cells{suffix}", "(N * N * N)", list(map(triple, cells))))
        names = [writer.table(table) for table in claim["tables"]]
        facts: list[Fact] = []
        for i, name in enumerate(names):
            facts += writer.kind(name, theory, None if maps is None else maps[i])
            facts.append((
                f"agrees {name} cells{suffix}", f"apply agrees_checked; {_BY_COMPUTING}."
            ))  # fmt: skip
            if kind == "possible":
                a, b = claim["cell"]
                value = claim["tables"][i][a][b]
                facts.append((f"cell {name} {a} {b} = {value}", f"{_BY_COMPUTING}."))
        if kind == "not unique":
            facts.append(_different(names, claim["tables"]))
        return writer.theorem(facts)
    name = writer.table(document["table"])
    if kind == "law":
        return writer.theorem([writer.law(name, claim["law"], claim.get("instance"))])
    theory = _checker.Theory({"name": "group" if kind == "group" else _checker.ISOTOPE})
    return writer.theorem(writer.kind(name, theory, claim.get("maps")))


def quadrangle_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the theorem that no group has a table as isotope, by some of its cells."""
    table, n = document["table"], len(document["rows"])
    if _checker.is_latin(table):
        (a, b, c, d), (e, k, m, o) = claim["rows"], claim["columns"]
        pairs = [(a, e), (a, k), (b, e), (b, k), (c, m), (c, o), (d, m), (d, o)]
        numbers = [a, b, c, d, e, k, m, o, *(table[i][j] for i, j in pairs[:4]), table[d][o]]
        proof = f"quadrangles G f g h {n} {' '.join(map(str, numbers))} Hh eq_refl eq_refl"
    else:
        lemma, variables, numbers, pairs = _twice(table)
        proof = f"{lemma} G f g h {n} {' '.join(map(str, numbers))} {variables} eq_refl eq_refl"
    cells = [triple((i, j, table[i][j])) for i, j in pairs]
    return "\n".join([
        listed(f"cells{suffix}", "(N * N * N)", cells),
        f"Theorem claim{suffix} : forall (G : Group) (f g h : N -> elt G),",
        f"  bijective {n} f -> bijective {n} g -> bijective {n} h -> ~ has f g h cells{suffix}.",
        f"Proof. intros G f g h Hf Hg Hh. apply ({proof}). discriminate. Qed.",
        f"Print Assumptions claim{suffix}.", "",
    ])  # fmt: skip


def _twice(
    table: Sequence[Sequence[int]],
) -> tuple[str, str, list[int], list[tuple[int, int]]]:
    """Return the lemma for two cells of a row or of a column with one symbol, and its arguments."""
    n = len(table)
    for i in range(n):
        for j in range(n):
            for k in range(j):
                if table[i][j] == table[i][k]:
                    return "twice_in_a_row", "Hg", [i, k, j, table[i][j]], [(i, k), (i, j)]
                if table[j][i] == table[k][i]:
                    return "twice_in_a_column", "Hf", [k, j, i, table[j][i]], [(k, i), (j, i)]
    raise AssertionError("the table is a Latin square")


def _different(names: Sequence[str], tables: Sequence[Sequence[Sequence[int]]]) -> Fact:
    one, other = tables
    n = len(one)
    a, b = next((a, b) for a in range(n) for b in range(n) if one[a][b] != other[a][b])
    statement = f"cell {names[0]} {a} {b} <> cell {names[1]} {a} {b}"
    return statement, "intros H; vm_compute in H; discriminate H."


class _Tables:
    """The tables of one claim, and what is said of them."""

    def __init__(self, order: int, suffix: str) -> None:
        self._n, self._suffix = order, suffix
        self._written: list[str] = []
        self._rows: dict[str, Sequence[Sequence[int]]] = {}

    def define(self, text: str) -> None:
        self._written.append(text)

    def table(self, rows: Sequence[Sequence[int]], kind: str = "table") -> str:
        """Define a table; return its name."""
        name = f"{kind}{self._suffix}_{len(self._rows)}"
        self._rows[name] = rows
        lines = ";\n  ".join(f"[{'; '.join(map(str, row))}]" for row in rows)
        self.define(f"Definition {name} : list (list N) := [\n  {lines}].")
        return name

    def theorem(self, facts: Sequence[Fact]) -> str:
        """Return the definitions, a lemma for each fact, and the theorem that all of them hold."""
        suffix, written = self._suffix, list(self._written)
        for i, (statement, script) in enumerate(facts):
            written += [f"Lemma part{suffix}_{i} : {statement}.", f"Proof. {script} Qed."]
        parts = [f"part{suffix}_{i}" for i in range(len(facts))]
        proof = parts[-1]
        for part in parts[-2::-1]:
            proof = f"(conj {part} {proof})"
        conclusion = " /\\\n  ".join(f"({statement})" for statement, _ in facts)
        return "\n".join([
            *written, f"Theorem claim{suffix} :\n  {conclusion}.", f"Proof. exact {proof}. Qed.",
            f"Print Assumptions claim{suffix}.", "",
        ])  # fmt: skip

    def kind(self, name: str, theory: Any, maps: dict[str, Any] | None) -> list[Fact]:
        """Return what makes a table one of a theory."""
        n = self._n
        if theory.is_isotope:
            assert maps is not None
            group = self.table(maps["group"], "group")
            f, g, h = (
                f"(listed [{'; '.join(map(str, maps[key]))}])" for key in _checker.KEYS_OF_LABELS
            )
            unit = _unit(maps["group"])
            script = (
                f"apply (isotope_checked {n} {name} {group} {f} {g} {h}); "
                f"[apply (group_checked {n} {group} {unit}); {_BY_COMPUTING}|{_BY_COMPUTING}]."
            )
            return [(f"isotope {n} {name}", script)]
        if theory.is_plain:
            return [(f"group {n} {name}", self._by(f"group_checked {n} {name}", name))]
        facts = [self.law(name, law, None) for law in theory.laws]
        for condition in theory.conditions:
            statement, lemma = _CONDITIONS[condition]
            lemma = f"{lemma} {n} {name}"
            with_unit = condition in ("unit", "inverses")
            script = self._by(lemma, name) if with_unit else f"apply ({lemma}); {_BY_COMPUTING}."
            facts.append((f"{statement} {n} {name}", script))
        return facts

    def _by(self, lemma: str, name: str) -> str:
        """Return the script for a lemma that takes the unit."""
        return f"apply ({lemma} {_unit(self._rows[name])}); {_BY_COMPUTING}."

    def law(self, name: str, law: Sequence[Any], instance: Sequence[int] | None) -> Fact:
        """Return that a law holds in a table, or fails at an instance."""
        n, count = self._n, _checker.compiled(law)[0]
        left, right = (formula(side, f"cell {name}") for side in law)
        variables = VARIABLES[:count]
        statement = " ".join(f"forall {x}, {x} < {n} ->" for x in variables)
        statement = f"{statement} {left} = {right}"
        if instance is not None:
            at = " ".join(f"{value} eq_refl" for value in instance)
            script = f"intros H. specialize (H {at}). vm_compute in H. discriminate H."
            return f"~ ({statement})", script
        check = f"{left} =? {right}"
        for x in variables[::-1]:
            check = f"all {n} (fun {x} => {check})"
        proof = "H"
        for x in variables:
            proof = f"(all_below _ _ {proof} {x} H{x})"
        names = " ".join(f"{x} H{x}" for x in variables)
        return statement, (
            f"assert (H : {check} = true) by ({_BY_COMPUTING}).\n"
            f"  intros {names}. apply N.eqb_eq. exact {proof}."
        )


def _unit(table: Sequence[Sequence[int]]) -> int:
    n = len(table)
    return next(e for e in range(n) if all(table[e][x] == x == table[x][e] for x in range(n)))
