"""What cells say of all tables of a theory, as theorems of Lean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cayley import _checker
from cayley.completion.certificates._lean._lines import LeanProof
from cayley.completion.certificates._lean._models import LawModel, model_of

__all__ = ["CONSEQUENCES", "cells_text", "consequences_text"]

CONSEQUENCES = ("forced", "inconsistent", "possible", "next", "wrong")
"""Claims about all tables of a theory."""

_ROW = 40
"""Cells of one list: Lean takes the parts of a conjunction one inside the other."""


def consequences_text(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the theorems for a claim about all tables, with what they need.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims.
        suffix: What the names of the definitions end in.
    """
    writer = _Consequences(document, claim, suffix)
    kind = claim["claim"]
    if kind in ("forced", "inconsistent"):
        return writer.forced()
    if kind == "wrong":
        return writer.wrong()
    return writer.answers() if kind == "next" else writer.possible()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What theorems about all tables of a theory begin with.

    Attributes:
        binders: What a theorem is about, and what is supposed of it.
        names: The names in them.
        has: What is said of a list of cells.
        has_all: What is said of several lists of cells.
        append: The theorem about the cells of two lists.
    """

    binders: list[str]
    names: str
    has: str
    has_all: str
    append: str = "holds_append"


class _Consequences:
    """The theorems for one claim."""

    def __init__(self, document: dict[str, Any], claim: dict[str, Any], suffix: str) -> None:
        self._claim, self._suffix, self._n = claim, suffix, len(document["rows"])
        without = set(claim.get("without", ())) if claim["claim"] != "wrong" else set()
        self._cells = [c for i, c in enumerate(document["cells"]) if i not in without]
        self._table = document["table"]
        self._theory = _checker.Theory(claim["theory"])
        self._gauge = claim.get("gauge", [0, 0])
        self._statement = self._stated()

    def forced(self) -> str:
        """Return that the cells force others, or contradict each other."""
        claim, given, suffix = self._claim, f"given{self._suffix}", self._suffix
        parts = [cells_text(given, self._cells)]
        wanted = None
        if claim["claim"] == "forced":
            cells = claim["cells"]
            if cells == "all":
                cells = [(a, b, c) for a, row in enumerate(self._table) for b, c in enumerate(row)]
            wanted = (f"forced{suffix}", cells)
        name, lines = f"claim{suffix}", claim["proof"]
        parts.append(
            self._theorem(name, given, self._cells, lines, gauge=self._gauge, wanted=wanted)
        )
        return "\n".join(parts)

    def possible(self) -> str:
        """Return that a cell has one of some values."""
        a, b = self._claim["cell"]
        refuted = dict(self._claim["refuted"])
        left = [v for v in range(self._n) if v not in refuted]
        parts = [cells_text(f"given{self._suffix}", self._cells)]
        parts += [self._part(value, lines, None) for value, lines in refuted.items()]
        proofs = {v: _choice(left.index(v), len(left), "rfl") for v in left}
        conclusion = " ∨ ".join(f"c = {v}" for v in left) or "False"
        return "\n".join([*parts, self._by_value(a, b, conclusion, proofs)])

    def answers(self) -> str:
        """Return that each answer for a cell is impossible, or forces more cells."""
        a, b = self._claim["cell"]
        parts = [cells_text(f"given{self._suffix}", self._cells)]
        settled: dict[int, str] = {}
        for value, wanted, lines in sorted(self._claim["answers"], key=lambda each: each[0]):
            cells = [*self._cells, (a, b, value)]
            proof = _checker.Proof(self._theory, self._n, cells, self._gauge)
            if proof.run(lines).refuted:
                parts.append(self._part(value, lines, None))
                continue
            more = f"more{self._suffix}_{value}"
            settled[value] = more
            parts.append(self._part(value, lines, (more, wanted)))
        has = self._statement.has_all
        conclusion = " ∨ ".join(f"(c = {v} ∧ {has} {more})" for v, more in settled.items())
        proofs = {
            v: _choice(i, len(settled), f"⟨rfl, {self._applied(v)}⟩") for i, v in enumerate(settled)
        }
        return "\n".join([*parts, self._by_value(a, b, conclusion or "False", proofs)])

    def wrong(self) -> str:
        """Return that so many cells are wrong at least, and if no more are, which."""
        parts = [cells_text(f"given{self._suffix}", self._cells)]
        refuted = sorted(self._claim["refuted"], key=lambda each: len(each[0]))
        for i, (places, lines, gauge) in enumerate(refuted):
            given = f"given{self._suffix}_{i}"
            cells = [self._cells[x] for x in places]
            listed = f"cellsAt given{self._suffix} {_numbers(places)}"
            parts.append(f"def {given} : List Cell := {listed}")
            parts.append(self._theorem(f"part{self._suffix}_{i}", given, cells, lines, gauge=gauge))
        these = sorted(set(self._claim["without"]))
        proof = self._choices([list(places) for places, _, _ in refuted], these)
        if proof is None or self._theory.is_homotope:
            return "\n".join([
                *parts, f"-- One cell of each of these sets is wrong; that {len(these)} cells are "
                "wrong at least", "-- is not written for Lean here.", "",
            ])  # fmt: skip
        k, statement = len(these), self._statement
        conclusion = f"{k} ≤ bad.length"
        if self._claim["only"]:
            just = f"∀ i, among i bad = among i {_numbers(these)}"
            conclusion = f"{conclusion} ∧ (bad.length ≤ {k} → {just})"
        return "\n".join([
            *parts, f"theorem claim{self._suffix} {statement.binders[0]}",
            *(f"    {each}" for each in statement.binders[1:]),
            f"    (bad : List Nat) (cells : {statement.has} (allBut bad 0 given{self._suffix})) :",
            f"    {conclusion} :=", *(f"  {each}" for each in proof), "",
        ])  # fmt: skip

    def _choices(self, sets: list[list[int]], these: list[int]) -> list[str] | None:
        """Return the proof that so many cells are wrong; None if it takes a search.

        Sets without a common cell take a cell each. Those that have nothing in common but one cell
        show that it is wrong, if they are more than the cells that are.
        """
        names = self._statement.names.replace(",", "")
        given, k = f"given{self._suffix}", len(these)
        lines = [
            f"have w_{i} := one_wrong {given} bad {_numbers(each)} (by decide)\n"
            f"    (fun those => part{self._suffix}_{i} {names} those) cells"
            for i, each in enumerate(sets)
        ]
        apart = _apart(sets, range(len(sets)), None)
        if len(apart) < k:
            return None

        def family(chosen: list[int]) -> tuple[str, str]:
            listed = f"[{', '.join(_numbers(sets[i]) for i in chosen)}]"
            return listed, f"⟨{', '.join([*(f'w_{i}' for i in chosen), 'True.intro'])}⟩"

        shown, met = family(apart)
        least = f"Nat.le_trans (by decide) (at_least {shown} bad (by decide) {met})"
        if not self._claim["only"]:
            return [*lines, least]
        found, ending = [], "no_false hj"
        for x in these:
            chosen = _apart(sets, [i for i, each in enumerate(sets) if x in each], x)
            if len(chosen) <= k:
                return None
            shown, met = family(chosen)
            more = "(Nat.lt_of_le_of_lt few (by decide))"
            found.append(f"  have c_{x} := has_common {x} {shown} bad (by decide) {more} {met}")
        for x in reversed(these):
            ending = f"(among_cons hj).elim (fun e => by rw [e]; exact c_{x}) (fun hj => {ending})"
        return [
            *lines, f"And.intro ({least}) (fun few =>", *found,
            f"  have all : ∀ j, among j {_numbers(these)} = true → among j bad = true :=",
            f"    fun j hj => {ending}",
            "  fun i => bool_eq (fun hi =>",
            f"    just {_numbers(these)} bad (by decide) (Nat.le_trans few (by decide)) all i hi)"
            " (all i))",
        ]  # fmt: skip

    def _stated(self) -> _Statement:
        """Return what theorems about the theory begin with."""
        n, theory = self._n, self._theory
        if not theory.is_plain:
            model = LawModel(theory, n, "Model", "")
            supposed = model.hypotheses | {"labels": f"Bijective {n} f"}
            return _Statement(
                binders=[
                    "(T : Type) (op : T → T → T) (f : Nat → T)",
                    *(f"({name} : {text})" for name, text in supposed.items()),
                ],
                names=", ".join(["T", "op", "f", *supposed]),
                has="Holds op f f f",
                has_all="HoldsAll op f f f",
            )
        if theory.is_homotope:
            return _Statement(
                binders=[
                    "(G : Group) (f g h : Nat → G.T) (o : Nat → Nat → Nat)",
                    f"(maps : Homotope {n} G f g h o)",
                ],
                names="G, f, g, h, o, maps",
                has="Agrees o",
                has_all="AgreesAll o",
                append="agrees_append",
            )
        if theory.is_isotope:
            bijective = [f"({x}s : Bijective {n} {x})" for x in "fgh"]
            return _Statement(
                binders=["(G : Group) (f g h : Nat → G.T)", " ".join(bijective)],
                names="G, f, g, h, fs, gs, hs",
                has="Holds G.op f g h",
                has_all="HoldsAll G.op f g h",
            )
        return _Statement(
            binders=["(G : Group) (f : Nat → G.T)", f"(labels : Bijective {n} f)"],
            names="G, f, labels",
            has="Holds G.op f f f",
            has_all="HoldsAll G.op f f f",
        )

    def _theorem(
        self,
        name: str,
        given: str,
        cells: Sequence[Any],
        lines: Sequence[list[Any]],
        *,
        gauge: Sequence[int],
        wanted: tuple[str, Any] | None = None,
    ) -> str:
        """Return the theorem about all tables with some cells, after the lines of its proof."""
        model = model_of(self._theory, self._n, given, gauge)
        proof = LeanProof(model, cells, gauge)
        proof.read(iter(lines))
        result, statement = proof.refuted, self._statement
        conclusion, rows = "False", ""
        if wanted is not None:
            rows = _rows_text(*wanted)
            conclusion = f"{statement.has_all} {wanted[0]}"
            result = self._result(model, proof, *wanted)
        written = proof.written
        said = f"  ({result})" if wanted is None else f"  {result}"
        kind = (
            "False" if wanted is None else f"HoldsAll {model.op} {_maps(self._theory)} {wanted[0]}"
        )
        structure = model.structure(given) if isinstance(model, LawModel) else ""
        parts = [
            rows, f"namespace Proof_{name}", "", structure, *written,
            f"theorem result (M : {model.name}) : {kind} :=\n{said}",
            "", f"end Proof_{name}", "", f"theorem {name} {statement.binders[0]}",
            *(f"    {each}" for each in statement.binders[1:]),
            f"    (cells : {statement.has} {given}) :", f"    {conclusion} :=",
            f"  {self._from_model(name, given, gauge, wanted)}", "",
        ]  # fmt: skip
        return "\n".join(filter(None, parts)) + "\n"

    def _result(self, model: Any, proof: LeanProof, name: str, cells: Sequence[Any]) -> str:
        """Return the proof that all cells follow, from that of each row of them."""
        found = []
        for i in range(0, len(cells), _ROW):
            terms = [proof.cell(*cell) for cell in cells[i : i + _ROW]]
            row = f"row_{i // _ROW}"
            of = f"Holds {model.op} {_maps(self._theory)} {_listed(cells[i : i + _ROW])}"
            terms.append("True.intro")
            proof.written.append(
                f"theorem {row} (M : {model.name}) :\n    {of} :=\n  ⟨{', '.join(terms)}⟩"
            )
            found.append(f"{row} M")
        return f"⟨{', '.join([*found, 'True.intro'])}⟩" if found else "True.intro"

    def _from_model(
        self, name: str, given: str, gauge: Sequence[int], wanted: tuple[str, Any] | None
    ) -> str:
        """Return the proof of a theorem from that about the model."""
        theory, n, result = self._theory, self._n, f"Proof_{name}.result"
        if not theory.is_isotope:
            return f"{result} ⟨{self._statement.names}, cells⟩"
        a, b = gauge
        if theory.is_homotope:
            of = f"{n} G f g h o {a} {b}"
            product = f"image_product {of} maps a b ha hb"
            products = f"fun a b ha hb => ⟨o a b, maps.inside a b ha hb, {product}⟩"
            model = (
                f"⟨with_numbers G, image_row G f {a}, image_column G g {b},\n"
                f"    image_symbol {of}, image_distinct {of} maps,\n"
                f"    {products},\n    image_cells maps {a} {b} {given} (by decide) cells,\n"
                f"    image_row_one G f {a}, image_column_one G g {b}⟩"
            )
            if wanted is None:
                return f"{result} {model}"
            return f"all_of_image maps {a} {b} {wanted[0]} (by decide) ({result} {model})"
        model = (
            f"⟨G, moved_row G f {a}, moved_column G g {b}, moved_symbol G f g h {a} {b},\n"
            f"    moved_row_bijective G {n} f {a} fs, moved_column_bijective G {n} g {b} gs,\n"
            f"    moved_symbol_bijective G {n} f g h {a} {b} hs,\n"
            f"    holds_to_moved G f g h {a} {b} {given} cells,\n"
            f"    moved_row_one G f {a}, moved_column_one G g {b}⟩"
        )
        if wanted is None:
            return f"{result} {model}"
        return f"all_of_moved G f g h {a} {b} {wanted[0]} ({result} {model})"

    def _part(self, value: int, lines: Sequence[list[Any]], wanted: tuple[str, Any] | None) -> str:
        """Return the theorem for one value of the cell that is asked for."""
        a, b = self._claim["cell"]
        given, cells = f"given{self._suffix}_{value}", [*self._cells, (a, b, value)]
        more = f"given{self._suffix} ++ [({a}, {b}, {value})]"
        theorem = self._theorem(
            f"part{self._suffix}_{value}", given, cells, lines, gauge=self._gauge, wanted=wanted
        )
        return f"def {given} : List Cell := {more}\n{theorem}"

    def _applied(self, value: int) -> str:
        """Return the theorem for one value, with all that it takes."""
        names = self._statement.names.replace(",", "")
        both = f"({self._statement.append} _ _ cells asked)"
        return f"part{self._suffix}_{value} {names} {both}"

    def _by_value(self, a: int, b: int, conclusion: str, proofs: dict[int, str]) -> str:
        """Return the theorem about each value of a cell; without a proof it is refuted."""
        n, statement = self._n, self._statement
        lines = [f"theorem claim{self._suffix} {statement.binders[0]}"]
        lines += [f"    {each}" for each in statement.binders[1:]]
        lines += [
            f"    (cells : {statement.has} given{self._suffix}) :",
            f"    ∀ c, c < {n} → {statement.has} [({a}, {b}, c)] →", f"      {conclusion}",
        ]  # fmt: skip
        for value in range(n):
            proof = proofs.get(value, f"({self._applied(value)}).elim")
            lines.append(f"  | {value}, _, asked => {proof}")
        lines += [f"  | c + {n}, hc, _ => absurd hc (by omega)", ""]
        return "\n".join(lines)


def _maps(theory: Any) -> str:
    return "M.row M.column M.symbol" if theory.is_isotope else "M.f M.f M.f"


def _choice(i: int, count: int, proof: str) -> str:
    """Return a proof of the i-th of some alternatives."""
    found = proof if i == count - 1 else f"Or.inl ({proof})"
    for _ in range(i):
        found = f"Or.inr ({found})"
    return found


def _apart(sets: list[list[int]], places: Iterable[int], common: int | None) -> list[int]:
    """Return which of some sets have nothing in common but one cell, small ones first."""
    chosen: list[int] = []
    for i in sorted(places, key=lambda i: len(sets[i])):
        rest = set(sets[i]) - {common}
        if all(rest.isdisjoint(set(sets[j]) - {common}) for j in chosen):
            chosen.append(i)
    return chosen


def _numbers(values: Iterable[int]) -> str:
    return f"[{', '.join(map(str, values))}]"


def _listed(cells: Sequence[Any]) -> str:
    return f"[{', '.join(f'({a}, {b}, {c})' for a, b, c in cells)}]"


def cells_text(name: str, cells: Sequence[Any]) -> str:
    return f"def {name} : List Cell :=\n  {_listed(cells)}\n"


def _rows_text(name: str, cells: Sequence[Any]) -> str:
    rows = [_listed(cells[i : i + _ROW]) for i in range(0, len(cells), _ROW)]
    inside = ",\n   ".join(rows)
    return f"def {name} : List (List Cell) :=\n  [{inside}]\n"
