"""The lines of a proof as theorems of Lean, one for each fact that they add."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cayley import _checker
from cayley.completion.certificates._lean._models import Model

__all__ = ["LeanProof"]

EQ = _checker.EQ

Fact = tuple[int, int, int]


class LeanProof:
    """Theorems about a model M, one for each fact of a proof that the checker reads along.

    A theorem about a fact inside cases takes what is supposed in them as hypotheses h0, h1, ...;
    a name that a line defines is a definition x_i, a fact a theorem e_i.

    Args:
        model: What is known of the elements.
        cells: The given cells.
        gauge: The gauge of an isotope or homotope; any for other theories.
    """

    def __init__(self, model: Model, cells: Sequence[Any], gauge: Sequence[int]) -> None:
        self._model, self._order = model, model.order
        self.proof = _checker.Proof(model.theory, model.order, cells, list(gauge))
        self.written: list[str] = []
        self.refuted = ""  # a proof of False, once there is one
        self._terms: list[str] = []  # a proof of each fact
        self._names: dict[int, str] = {}
        self._supposed: list[str] = []  # what is supposed in the cases that are open
        self._count = 0
        self._ended: list[Any] = []
        self._elements: list[int] = []
        self._frame: list[str] = []
        self._symbols: list[str] = []
        self._columns: dict[int, list[str]] = {}
        for i, fact in enumerate(self.proof.facts[: len(cells)]):
            self._terms.append(self._theorem(self._stated(fact), f"{model.given} {i} (by decide)"))
        self._terms += model.gauge

    def read(self, rest: Iterator[list[Any]]) -> None:
        """Read the lines until the case or the proof ends."""
        for line in rest:
            if line[0] in ("case", "end"):
                self._ended = line
                return
            rule, *arguments = line
            if rule == "cases":
                self._cases(line, rest)
                continue
            before = len(self.proof.facts)
            if rule in ("frame", "column", "compose", "symbols"):
                getattr(self, f"_state_{rule}")(*arguments)
                _checker.RULES[rule](self.proof, *arguments)
                continue
            write: Callable[..., list[str]] = getattr(self, f"_rule_{rule}")
            _checker.RULES[rule](self.proof, *arguments)
            proofs = write(*arguments)
            facts = self.proof.facts[before:]
            for fact, proof in zip(facts, proofs, strict=True):
                self._terms.append(self._theorem(self._stated(fact), proof))

    def cell(self, a: int, b: int, c: int) -> str:
        """Return a proof of a cell that follows."""
        r, s, t = self.proof.starts
        wanted = (r + a, s + b, t + c)
        if wanted in self.proof.facts:
            return self._terms[self.proof.facts.index(wanted)]
        proof = self._columns[s + b][a]
        if self._frame[a]:  # x = row, whichever way round it is stated
            proof = f"put_left {self._frame[a]} {proof}"
        if self._symbols[c]:
            proof = f"put_value {self._symbols[c]} ({proof})"
        return self._theorem(self._stated(wanted), proof)

    # What is written of a fact.
    def _element(self, x: int) -> str:
        if x == 0:
            return self._model.unit
        if x < self.proof.starts[2] + self._order:  # a label
            return self._model.label(*divmod(x - 1, self._order))
        return f"({self._names[x]} M)"

    def _product(self, p: int, q: int) -> str:
        return f"{self._model.op} {self._element(p)} {self._element(q)}"

    def _stated(self, fact: Fact) -> str:
        p, q, r = fact
        left = self._element(p) if q == EQ else self._product(p, q)
        return f"{left} = {self._element(r)}"

    def _given_to(self, name: str) -> str:
        """Return a theorem with all that is supposed."""
        return " ".join([name, "M", *(f"h{i}" for i in range(len(self._supposed)))])

    def _binders(self) -> str:
        return "".join(f" (h{i} : {text})" for i, text in enumerate(self._supposed))

    def _theorem(self, statement: str, proof: str, prefix: str = "e") -> str:
        """Write a theorem; return how it is used."""
        name, self._count = f"{prefix}_{self._count}", self._count + 1
        binders = f"(M : {self._model.name}){self._binders()}"
        # A proof that begins with a bar is by the patterns of the first argument.
        between = "\n" if proof.startswith("  |") else " :=\n  "
        self.written.append(f"theorem {name} {binders} :\n    {statement}{between}{proof}")
        return f"({self._given_to(name)})"

    def _definition(self, value: str) -> None:
        """Write the definition of the newest name."""
        name = f"x_{self._count}"
        self._count += 1
        self._names[self.proof.names - 1] = name
        self.written.append(
            f"noncomputable def {name} (M : {self._model.name}) : {self._model.carrier} :=\n"
            f"  {value}"
        )

    # The rules, each with proofs of the facts that it adds.
    def _rule_define(self, p: int, q: int, r: int, place: int) -> list[str]:
        if place == 2:
            self._definition(self._product(p, q))
            return ["rfl"]
        known = self._element(q if place == 0 else p)
        value, proof = self._model.quotient(place, known, self._element(r))
        self._definition(value)
        return [proof]

    def _rule_unit(self, x: int) -> list[str]:
        return self._model.units(self._element(x))

    def _rule_inverse(self, x: int) -> list[str]:
        value, proofs = self._model.inverse(self._element(x))
        self._definition(value)
        return proofs

    def _rule_same(self, i: int, j: int, place: int) -> list[str]:
        one, other = self._terms[i], self._terms[j]
        if place == 2:
            return [f"{one}.symm.trans {other}"]
        return [f"{self._model.cancel(place)} _ _ _ ({one}.trans {other}.symm)"]

    def _rule_replace(self, i: int, place: int, j: int) -> list[str]:
        fact, (x, _, _) = self.proof.facts[i], self.proof.facts[j]
        equal = self._terms[j] if fact[place] == x else f"{self._terms[j]}.symm"
        if fact[1] == EQ:
            proof = f"{equal}.symm.trans {self._terms[i]}"
            return [proof if place == 0 else f"{self._terms[i]}.trans {equal}"]
        return [f"{('put_left', 'put_right', 'put_value')[place]} {equal} {self._terms[i]}"]

    def _rule_associate(self, which: int, *used: int) -> list[str]:
        cancel = {0: f" {self._model.cancel(0)}", 1: f" {self._model.cancel(1)}"}.get(which, "")
        facts = " ".join(self._terms[i] for i in used)
        return [f"associate_{which} {self._model.associative}{cancel} {facts}"]

    def _rule_law(self, k: int, instance: Sequence[int], used: Sequence[int]) -> list[str]:
        law = f"({self._model.law(k)} {' '.join(self._element(x) for x in instance)})"
        remaining = iter(used)

        def value(term: Any) -> tuple[str, bool]:
            """Return a proof of what a term is equal to, and whether its value is known."""
            if isinstance(term, int):
                return "rfl", True
            left, right = (value(each)[0] for each in term)
            i = next(remaining)
            return f"(times {left} {right} {'rfl' if i == -1 else self._terms[i]})", i != -1

        (left, _), (right, right_known) = map(value, self.proof.theory.laws[k])
        if not right_known:  # then the right side is the product that is to be known
            left, right, law = right, left, f"{law}.symm"
        proof = law if right == "rfl" else f"{law}.trans {right}"
        return [proof if left == "rfl" else f"(Eq.symm {left}).trans ({proof})"]

    def _rule_clash(self, i: int) -> list[str]:
        x, _, y = self.proof.facts[i]
        self.refuted = self._theorem("False", self._apart(x, y, self._terms[i]), "bad")
        return []

    def _apart(self, x: int, y: int, equal: str) -> str:
        """Return a proof of False from an equality of two labels of one kind."""
        kind, a = divmod(x - 1, self._order)
        b = (y - 1) % self._order
        decided = " ".join(["(by decide)"] * 3)
        return f"apart {self._model.one_to_one(kind)} {a} {b} {decided} ({equal})"

    def _rule_only(self, *arguments: Any) -> list[str]:
        p, q, r, place, kind, kept, used = arguments
        triple = [p, q, r]
        start = self.proof.starts[kind]

        def statement(label: str) -> str:
            places = [label if i == place else self._element(x) for i, x in enumerate(triple)]
            return f"{self._model.op} {places[0]} {places[1]} = {places[2]}"

        others = [a for a in range(self._order) if start + a != kept]
        wrong = {}
        for a, i in zip(others, used, strict=True):
            triple[place] = start + a
            fact = self.proof.facts[i]
            at = next(k for k in range(3) if fact[k] != triple[k])
            if at == 2:
                equal = f"{self._terms[i]}.symm.trans h"
            else:
                equal = f"{self._model.cancel(at)} _ _ _ ({self._terms[i]}.trans h.symm)"
            wrong[a] = self._apart(fact[at], triple[at], equal)
        if place == 2:
            exists = self._some(p, q, kind)
        else:
            other = self._element(q if place == 0 else p)
            exists = self._model.some_factor(place, kind, other, self._element(r))
        left = None if kept == -1 else kept - start
        proof = self._one_of(statement, kind, exists, wrong, left)
        if left is None:
            self.refuted = self._theorem("False", proof, "bad")
            return []
        return [proof]

    def _cases(self, line: list[Any], rest: Iterator[list[Any]]) -> None:
        """Write the cases, and which of them is left."""
        _, p, q, kind = line
        _checker.RULES["cases"](self.proof, *line[1:])
        start, facts = self.proof.starts[kind], len(self._terms)
        left = self._element(p) if q == EQ else self._product(p, q)
        wrong: dict[int, str] = {}
        self._ended = next(rest)
        while self._ended[0] == "case":
            a = self._ended[1] - start
            _checker.RULES["case"](self.proof, *self._ended[1:])
            self._supposed.append(f"{left} = {self._model.label(kind, a)}")
            self._terms.append(f"h{len(self._supposed) - 1}")
            self.refuted = ""
            self.read(rest)
            self._supposed.pop()
            del self._terms[facts:]
            wrong[a] = self.refuted
        _checker.RULES["end"](self.proof)
        self.refuted = ""
        kept = [a for a in range(self._order) if a not in wrong]
        exists = self._some(p, q, kind)
        # What is supposed in a case is called as in the theorems about it.
        proof = self._one_of(
            lambda label: f"{left} = {label}",
            kind,
            exists,
            wrong,
            kept[0] if kept else None,
            called=f"h{len(self._supposed)}",
        )
        if kept:
            fact = f"{left} = {self._model.label(kind, kept[0])}"
            self._terms.append(self._theorem(fact, proof))
        else:
            self.refuted = self._theorem("False", proof, "bad")

    def _some(self, p: int, q: int, kind: int) -> str:
        """Return a proof that an element or a product is one of the labels of a kind."""
        if self.proof.theory.is_homotope:
            a, b = (p - 1) % self._order, (q - 1) % self._order
            return f"(M.products {a} {b} (by decide) (by decide))"
        product = self._element(p) if q == EQ else self._product(p, q)
        return f"(some_label {self._model.bijective(kind)} ({product}))"

    def _one_of(
        self,
        statement: Callable[[str], str],
        kind: int,
        exists: str,
        wrong: dict[int, str],
        left: int | None,
        *,
        called: str = "h",
    ) -> str:
        """Return a proof that the label that is left is the one, or of False if none is.

        Args:
            statement: What is said of a label.
            kind: The kind of the labels.
            exists: A proof that it is true of some label.
            wrong: For each other label a proof of False from what is said of it.
            left: The label that is left.
            called: What that is called in these proofs.
        """
        n, said = self._order, statement(self._model.label(kind, "a"))
        other = "" if left is None else f"a ≠ {left} → "
        patterns = []
        for a in range(n):
            if a == left:
                patterns.append(f"  | {a}, _, different, _ => absurd rfl different")
            else:
                ignored = "_, " if left is None else "_, _, "
                patterns.append(f"  | {a}, {ignored}{called} => {wrong[a]}")
        ignored = "_" if left is None else "_, _"
        patterns.append(f"  | a + {n}, ha, {ignored} => absurd ha (by omega)")
        of = f"∀ a, a < {n} → {other}{said} → False"
        cases = self._theorem(of, "\n".join(patterns), "cases")
        property_ = f"(Q := fun a => {said})"
        if left is None:
            return f"none_of {property_} {exists} {cases}"
        return f"one_of {property_} {exists} {left} {cases}"

    # Whole columns of a group, as single products.
    def _state_frame(self, names: Sequence[int], used: Sequence[int]) -> None:
        self._elements = list(names)
        self._columns[0] = [self._model.units(self._element(x))[1] for x in names]
        for row, x, i in zip(self.proof.labels(0), names, used, strict=True):
            same = "" if x == row else self._terms[i]
            if same and self.proof.facts[i][0] == row:  # row = x; put_left needs x = row
                same = f"{same}.symm"
            self._frame.append(same)

    def _state_symbols(self, used: Sequence[int]) -> None:
        for symbol, i in zip(self.proof.labels(2), used, strict=True):
            same = "" if i == -1 else self._terms[i]
            if same and self.proof.facts[i][0] == symbol:
                same = f"{same}.symm"
            self._symbols.append(same)

    def _state_column(self, q: int, used: Sequence[int]) -> None:
        number = {x: a for a, x in enumerate(self._elements)}
        found = [""] * self._order
        for i in used:
            found[number[self.proof.facts[i][0]]] = self._terms[i]
        self._columns[q] = found

    def _state_compose(self, i: int) -> None:
        p, q, r = self.proof.facts[i]
        if q == EQ:
            known, new = (p, r) if p in self._columns else (r, p)
            same = self._terms[i] if known == p else f"{self._terms[i]}.symm"
            image = self.proof.columns[known]
            proofs = [f"put_right {same} {each}" for each in self._columns[known]]
        else:
            new, inner = r, self.proof.columns[p]
            image = [self.proof.columns[q][inner[a]] for a in range(self._order)]
            proofs = [
                f"associate_3 {self._model.associative} {self._columns[p][a]} {self._terms[i]} "
                f"{self._columns[q][inner[a]]}"
                for a in range(self._order)
            ]
        self._columns[new] = [
            self._theorem(self._stated((self._elements[a], new, self._elements[image[a]])), proof)
            for a, proof in enumerate(proofs)
        ]
