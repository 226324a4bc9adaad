"""What full tables are, as theorems that Coq proves by computing all cells."""

from collections.abc import Sequence
from typing import Any

from cayley import _checker
from cayley.completion.certificates._coq._lines import listed, triple
from cayley.completion.certificates._coq._settings import CHECKED
from cayley.completion.certificates._prefix_notation import VARIABLES, formula

__all__ = ["Fact", "Tables", "quadrangle_theorem", "table_theorem"]

_CONDITIONS = {
    "left cancellation": ("cancels_left", "left_checked"),
    "right cancellation": ("cancels_right", "right_checked"),
    "unit": ("with_unit", "unit_checked"),
    "inverses": ("with_inverses", "inverses_checked"),
}

Fact = tuple[str, str]
"""A statement and the script that proves it."""


def table_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorem for what a claim says of full tables.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims: group, isotope with maps, law, not unique, possible, or forced if
            the whole table is.
        suffix: What the names of the definitions end in.
    """
    writer = Tables(len(document["rows"]), suffix)
    kind = claim["claim"]
    if kind in ("not unique", "possible", "forced"):
        return _with_cells(document, claim, writer)
    name = writer.table(document["table"])
    if kind == "law":
        return writer.theorem([writer.law(name, claim["law"], claim.get("instance"))])
    theory = _checker.Theory({"name": "group" if kind == "group" else _checker.ISOTOPE})
    return writer.theorem(writer.kind(name, theory, claim.get("maps")))


def _with_cells(document: dict[str, Any], claim: dict[str, Any], writer: "Tables") -> str:
    """Return that full tables with the given cells are of a theory."""
    kind, cells = claim["claim"], f"cells{writer.suffix}"
    without = set(claim.get("without", ()))
    given = [c for i, c in enumerate(document["cells"]) if i not in without]
    theory, maps = _checker.Theory(claim["theory"]), claim.get("maps")
    writer.define(listed(cells, "(N * N * N)", list(map(triple, given))))
    tables = [document["table"]] if kind == "forced" else claim["tables"]
    names = [writer.table(table) for table in tables]
    if kind == "forced":
        maps = [maps]
    facts: list[Fact] = []
    for i, name in enumerate(names):
        facts += writer.kind(name, theory, None if maps is None else maps[i])
        facts.append((f"agrees {name} {cells}", f"apply agrees_checked; {CHECKED}."))
        if kind == "possible":
            a, b = claim["cell"]
            facts.append((f"cell {name} {a} {b} = {tables[i][a][b]}", f"{CHECKED}."))
    if kind == "not unique":
        facts.append(_different(names, tables))
    return writer.theorem(facts)


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


class Tables:
    """The tables of one claim, and what is said of them."""

    def __init__(self, order: int, suffix: str) -> None:
        self._n, self.suffix = order, suffix
        self._written: list[str] = []
        self._rows: dict[str, Sequence[Sequence[int]]] = {}

    def define(self, text: str) -> None:
        self._written.append(text)

    def table(self, rows: Sequence[Sequence[int]], kind: str = "table") -> str:
        """Define a table; return its name."""
        name = f"{kind}{self.suffix}_{len(self._rows)}"
        self._rows[name] = rows
        lines = ";\n  ".join(f"[{'; '.join(map(str, row))}]" for row in rows)
        self.define(f"Definition {name} : list (list N) := [\n  {lines}].")
        return name

    def theorem(self, facts: Sequence[Fact]) -> str:
        """Return the definitions, a lemma for each fact, and the theorem that all of them hold."""
        suffix, written = self.suffix, list(self._written)
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
            return [self.image(name, maps, homotope=theory.is_homotope)]
        if theory.is_plain:
            return [self.group(name)]
        facts = [self.law(name, law, None) for law in theory.laws]
        for condition in theory.conditions:
            statement, lemma = _CONDITIONS[condition]
            lemma = f"{lemma} {n} {name}"
            with_unit = condition in ("unit", "inverses")
            script = self._by(lemma, name) if with_unit else f"apply ({lemma}); {CHECKED}."
            facts.append((f"{statement} {n} {name}", script))
        return facts

    def image(
        self, name: str, maps: dict[str, Any], *, homotope: bool = False, group: str | None = None
    ) -> Fact:
        """Return that three maps take a table to a group; a named one if it is given."""
        n, table = self._n, maps["group"]
        target = self.table(table, "group") if group is None else group
        f, g, h = (
            f"(listed [{'; '.join(map(str, maps[key]))}])" for key in _checker.KEYS_OF_LABELS
        )
        of = f"{n} {name}"
        lemma, statement = f"isotope_checked {of}", f"isotope {of}"
        if group is not None:
            lemma, statement = f"isotope_of_checked {of}", f"isotope_of {of} {group}"
        if homotope:
            lemma, statement = f"homotope_checked {of} {len(table)}", f"homotope {of}"
        is_group = f"apply (group_checked {len(table)} {target} {_unit(table)}); {CHECKED}"
        return statement, f"apply ({lemma} {target} {f} {g} {h}); [{is_group}|{CHECKED}]."

    def group(self, name: str) -> Fact:
        """Return that a table is a group."""
        return f"group {self._n} {name}", self._by(f"group_checked {self._n} {name}", name)

    def unit(self, name: str) -> int:
        """Return the unit of a table."""
        return _unit(self._rows[name])

    def _by(self, lemma: str, name: str) -> str:
        """Return the script for a lemma that takes the unit."""
        return f"apply ({lemma} {_unit(self._rows[name])}); {CHECKED}."

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
            f"assert (H : {check} = true) by ({CHECKED}).\n"
            f"  intros {names}. apply N.eqb_eq. exact {proof}."
        )


def _unit(table: Sequence[Sequence[int]]) -> int:
    n = len(table)
    return next(e for e in range(n) if all(table[e][x] == x == table[x][e] for x in range(n)))
