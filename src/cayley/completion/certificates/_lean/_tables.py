"""What full tables are, as theorems that Lean proves by computing all cells."""

from collections.abc import Sequence
from typing import Any

from cayley import _checker
from cayley.completion.certificates._lean._consequences import cells_text
from cayley.completion.certificates._prefix_notation import VARIABLES, formula
from cayley.completion.certificates._witnesses import cyclotomic, group_elements

__all__ = ["quadrangle_text", "tables_text"]

Rows = Sequence[Sequence[int]]

_COMPUTED = "by decide +kernel"
"""The proof of what is decided by computing; Lean has this syntax since its release 4.15."""


def tables_text(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and theorems for what a claim says of full tables.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims.
        suffix: What the names of the definitions end in.
    """
    writer = _Tables(len(document["rows"]), suffix)
    kind = claim["claim"]
    if kind in ("not unique", "possible", "forced"):
        without = set(claim.get("without", ()))
        cells = [c for i, c in enumerate(document["cells"]) if i not in without]
        writer.with_cells(document, claim, cells)
    elif kind == "law":
        name = writer.table(document["table"])
        writer.law(name, claim["law"], claim.get("instance"))
    elif kind in ("named", "characters"):
        rows = claim["maps"]["group"] if "maps" in claim else document["table"]
        name = writer.table(rows)
        writer.group(name, rows)
        if "maps" in claim:
            whole = writer.table(document["table"])
            writer.image(whole, claim["maps"], name)
        getattr(writer, kind)(claim, name, rows)
    else:
        theory = _checker.Theory({"name": "group" if kind == "group" else _checker.ISOTOPE})
        name = writer.table(document["table"])
        writer.kind(name, document["table"], theory, claim.get("maps"))
    return "\n".join(writer.written)


def quadrangle_text(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the theorem that no group has a table as isotope, by some of its cells."""
    table, n = document["table"], len(document["rows"])
    if _checker.is_latin(table):
        (a, b, c, d), (e, k, m, o) = claim["rows"], claim["columns"]
        pairs = [(a, e), (a, k), (b, e), (b, k), (c, m), (c, o), (d, m), (d, o)]
        one, two = (
            f"(fourth G {' '.join(f'(cell_at {i})' for i in range(first, first + 4))})"
            for first in (0, 4)
        )
        u, v = table[b][k], table[d][o]
        proof = f"apart hs.1 {u} {v} (by decide) (by decide) (by decide) ({one}.trans {two}.symm)"
    else:
        proof, pairs = _twice(table)
    for i in range(len(pairs)):
        proof = proof.replace(f"(cell_at {i})", f"(holds_at given{suffix} cells {i} (by decide))")
    cells = [(i, j, table[i][j]) for i, j in pairs]
    return "\n".join([
        cells_text(f"given{suffix}", cells),
        f"theorem claim{suffix} (G : Group) (f g h : Nat → G.T)",
        f"    (fs : Bijective {n} f) (gs : Bijective {n} g) (hs : Bijective {n} h)",
        f"    (cells : Holds G.op f g h given{suffix}) : False :=", f"  {proof}", "",
    ])  # fmt: skip


def _twice(table: Rows) -> tuple[str, list[tuple[int, int]]]:
    """Return the proof from two cells of a row or of a column with one symbol, and the cells."""
    decided, both = " ".join(["(by decide)"] * 3), "(cell_at 0) (cell_at 1)"
    n = len(table)
    for i in range(n):
        for j in range(n):
            for k in range(j):
                if table[i][j] == table[i][k]:
                    proof = f"twice_in_a_row G gs.1 {k} {j} {decided} {both}"
                    return proof, [(i, k), (i, j)]
                if table[j][i] == table[k][i]:
                    proof = f"twice_in_a_column G fs.1 {k} {j} {decided} {both}"
                    return proof, [(k, i), (j, i)]
    raise AssertionError("the table is a Latin square")


class _Tables:
    """The tables of one claim, and what is said of them: one theorem each."""

    def __init__(self, order: int, suffix: str) -> None:
        self._n, self._suffix = order, suffix
        self.written: list[str] = []
        self._num_tables = self._num_facts = 0

    def table(self, rows: Rows) -> str:
        """Define a table; return its name."""
        name = f"table{self._suffix}_{self._num_tables}"
        self._num_tables += 1
        self._define(name, "List (List Nat)", _rows(rows))
        return name

    def with_cells(self, document: dict[str, Any], claim: dict[str, Any], cells: Rows) -> None:
        """State that tables with the given cells are of a theory."""
        kind, given = claim["claim"], f"cells{self._suffix}"
        self.written.append(cells_text(given, cells))
        theory, maps = _checker.Theory(claim["theory"]), claim.get("maps")
        tables = [document["table"]] if kind == "forced" else claim["tables"]
        if kind == "forced":
            maps = [maps]
        names = [self.table(rows) for rows in tables]
        for i, name in enumerate(names):
            self.kind(name, tables[i], theory, None if maps is None else maps[i])
            self._state(f"Agrees (cell {name}) {given}")
            if kind == "possible":
                a, b = claim["cell"]
                self._state(f"cell {name} {a} {b} = {tables[i][a][b]}")
        if kind == "not unique":
            one, other = tables
            n = len(one)
            a, b = next((a, b) for a in range(n) for b in range(n) if one[a][b] != other[a][b])
            self._state(f"cell {names[0]} {a} {b} ≠ cell {names[1]} {a} {b}")

    def kind(self, name: str, rows: Rows, theory: Any, maps: dict[str, Any] | None) -> None:
        """State what makes a table one of a theory."""
        if theory.is_isotope:
            assert maps is not None
            group = self.table(maps["group"])
            self.group(group, maps["group"])
            self.image(name, maps, group, homotope=theory.is_homotope)
            return
        if theory.is_plain:
            self.group(name, rows)
            return
        for law in theory.laws:
            self.law(name, law, None)
        n = self._n
        below = " → ".join([*(f"∀ {x}, {x} < {n}" for x in "abc"), ""])
        if theory.left:
            self._state(f"{below}cell {name} a b = cell {name} a c → b = c")
        if theory.right:
            self._state(f"{below}cell {name} b a = cell {name} c a → b = c")
        if theory.unit:
            e = _unit(rows)
            self._state(f"IsUnit {n} {name} {e}")
            if theory.inverses:
                self._state(f"AreInverses {n} {name} {e} {_inverses(rows, e)}")

    def group(self, name: str, rows: Rows) -> None:
        """State that a table is a group."""
        e = _unit(rows)
        self._state(f"IsGroup {len(rows)} {name} {e} {_inverses(rows, e)}")

    def image(self, name: str, maps: dict[str, Any], group: str, *, homotope: bool = False) -> None:
        """State that three maps take a table to that of a group."""
        f, g, h = (_listed(maps[key]) for key in _checker.KEYS_OF_LABELS)
        sizes = f"{self._n} {len(maps['group'])}" if homotope else f"{self._n}"
        kind = "IsHomotope" if homotope else "IsIsotope"
        self._state(f"{kind} {sizes} {name} {group}\n    {f}\n    {g}\n    {h}")

    def law(self, name: str, law: Sequence[Any], instance: Sequence[int] | None) -> None:
        """State that a law holds in a table, or fails at an instance."""
        n, count = self._n, _checker.compiled(law)[0]
        left, right = (formula(side, f"cell {name}") for side in law)
        variables = " → ".join(f"∀ {x}, {x} < {n}" for x in VARIABLES[:count])
        statement = f"{variables} → {left} = {right}"
        if instance is None:
            self._state(statement)
            return
        at = " ".join(f"{value} (by decide)" for value in instance)
        self._state(f"¬ ({statement})", f"fun law => absurd (law {at}) (by decide)")

    def named(self, claim: dict[str, Any], name: str, rows: Rows) -> None:
        """State that a group is isomorphic to permutations, and that relations hold."""
        n, e, permutations = len(rows), _unit(rows), claim["permutations"]
        degree = max(1, *map(len, permutations)) if permutations else 1
        generators = claim["generators"]
        images, words = group_elements(rows, generators, permutations, degree, e)
        names = []
        for kind, lists in (("permutations", permutations), ("images", images), ("words", words)):
            names.append(f"{kind}{self._suffix}")
            self._define(names[-1], "List (List Nat)", _rows(lists))
        given = f"{n} {name} {degree} {_listed(generators)} {' '.join(names)}"
        self._state(f"IsIsomorphism {given}")
        for word in claim["relators"]:
            letters = ", ".join(
                f"({generators[abs(letter) - 1]}, {str(letter > 0).lower()})" for letter in word
            )
            walked = f"walk {name} {_inverses(rows, e)} x [{letters}]"
            self._state(f"∀ x, x < {n} → {walked} = x")

    def characters(self, claim: dict[str, Any], name: str, rows: Rows) -> None:
        """State that rows of values are the irreducible characters."""
        n, e, root = len(rows), _unit(rows), claim["root"]
        number = {x: i for i, each in enumerate(claim["classes"]) for x in each}
        of = f"classOf{self._suffix}"
        self._define(of, "List Nat", _listed([number[x] for x in range(n)]))
        values = [[_coefficients(value, root) for value in row] for row in claim["values"]]
        degrees = [row[number[e]][0] for row in values]
        shown = ",\n   ".join(f"[{', '.join(map(_integers, row))}]" for row in values)
        self._define(f"values{self._suffix}", "List (List (List Int))", f"[{shown}]")
        p = _integers(cyclotomic(root)[:-1])
        self._state(f"AreClasses {n} {name} {of}")
        self._state(
            f"AreMultiplicative {n} {name} {e} {of}\n    {p} {_integers(degrees)} "
            f"values{self._suffix}"
        )
        self._state(f"AreOrthonormal {n} {of}\n    {p} values{self._suffix}")

    def _define(self, name: str, kind: str, value: str) -> None:
        self.written.append(f"def {name} : {kind} :=\n  {value}\n")

    def _state(self, statement: str, proof: str = _COMPUTED) -> None:
        name = f"claim{self._suffix}_table_{self._num_facts}"
        self._num_facts += 1
        self.written.append(f"theorem {name} :\n    {statement} := {proof}\n")


def _coefficients(terms: Rows, e: int) -> list[int]:
    """Return the coefficients of z^0, ..., z^(e-1) of a sum given by powers and coefficients."""
    found = [0] * e
    for power, coefficient in terms:
        found[power % e] += coefficient
    return found


def _unit(rows: Rows) -> int:
    n = len(rows)
    return next(e for e in range(n) if all(rows[e][x] == x == rows[x][e] for x in range(n)))


def _inverses(rows: Rows, e: int) -> str:
    found = [
        next(y for y, z in enumerate(row) if z == e == rows[y][x]) for x, row in enumerate(rows)
    ]
    return _listed(found)


def _listed(values: Sequence[int]) -> str:
    return f"[{', '.join(map(str, values))}]"


def _integers(values: Sequence[int]) -> str:
    return f"[{', '.join(f'({x})' if x < 0 else str(x) for x in values)}]"


def _rows(lists: Rows) -> str:
    inside = ",\n   ".join(map(_listed, lists))
    return f"[{inside}]"
