"""Reads the theorems that are written for Lean: whether each proof proves its statement.

It knows the theorems of rules in ``common.lean`` by what they say, and the few forms of terms that
are written: a small part of what Lean does, and no substitute for it.
"""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["Refused", "checked_theorems"]

Expr = Any
"""An atom, ("op", x, y), or (map, label) for the element of a label."""

Equation = tuple[Expr, Expr]

_MAPS = {"M.labels": "M.f", "M.rows": "M.row", "M.columns": "M.column", "M.symbols": "M.symbol"}
_MAPS |= {"M.distinct": "M.symbol"}
_TOKEN = re.compile(r"\(|\)|⟨|⟩|[^\s()⟨⟩,]+")
_AFTER = (".symm", ".1", ".2")


class Refused(Exception):
    """A proof is not one of its statement, or is not understood."""


def need(condition: object, reason: object) -> None:
    if not condition:
        raise Refused(reason)


def tree(text: str) -> Any:
    """Return a term as nested lists; X.symm, X.1 and X.2 are lists of X and what follows."""
    stack: list[list[Any]] = [[]]

    def add(token: Any) -> None:
        if token in _AFTER:
            token = [stack[-1].pop(), token]
        stack[-1].append(token)

    for token in _TOKEN.findall(text):
        if token in "(⟨":
            stack.append([])
        elif token in ")⟩":
            done = stack.pop()
            add(done)
        else:
            for part in re.findall(
                r"\.trans|\.symm|\.[12](?![\w.])|(?:(?!\.trans|\.symm|\.[12]).)+", token
            ):
                add(part)
    need(len(stack) == 1, "brackets")
    return stack[0]


def expression(term: Any, values: dict[str, Expr] | None = None) -> Expr:
    """Return the element that a term stands for."""
    if isinstance(term, str):
        return (values or {}).get(term, term)
    if len(term) == 1:
        return expression(term[0], values)
    head, *rest = term
    if head in ("M.G.op", "M.op", "op"):
        return ("op", *(expression(x, values) for x in rest))
    if head in ("M.f", "M.row", "M.column", "M.symbol"):
        need(len(rest) == 1, term)
        return (head, (values or {}).get(rest[0], rest[0]))
    if head in ("M.G.over", "M.G.under", "M.G.inv", "Classical.choose"):
        return (head, *(repr(x) for x in rest))
    need(len(term) == 2 and rest == ["M"], term)  # a name that a line defines
    return head


def equation(text: str, values: dict[str, Expr] | None = None) -> Equation:
    left, right = text.split(" = ")
    return expression(tree(left), values), expression(tree(right), values)


class Part:
    """The theorems of one proof, in order."""

    def __init__(self, text: str, given: dict[str, list[tuple[str, str, str]]]) -> None:
        self.given = given
        self.stated: dict[str, tuple[list[str], str]] = {}  # hypotheses and statement
        self.values: dict[str, Any] = {}  # of definitions
        self.laws = dict(re.findall(r"^  (law_\d+) : (.*)$", text, re.MULTILINE))
        self.count = 0
        pattern = re.compile(
            r"^theorem (\w+_\d+) \(M : ([^)]*)\)(.*?) :\n    (.*?)(?: :=\n  (.*?)|(\n  \|.*?))"
            r"(?=\n(?:theorem|noncomputable|end|\n))"
            r"|^noncomputable def (x_\d+) \(M : [^)]*\) : \S+ :=\n  ([^\n]*)$",
            re.MULTILINE | re.DOTALL,
        )
        for name, model, binders, statement, proof, patterns, defined, value in pattern.findall(
            text
        ):
            if defined:
                self.values[defined] = tree(value)
                continue
            self.gauge = model.split()[3:5]
            hypotheses = re.findall(r"\(h\d+ : (.*?)\)(?= \(h\d+ :|$)", binders.strip())
            self.local = {f"h{i}": equation(each) for i, each in enumerate(hypotheses)}
            try:
                self.theorem(name, statement, proof, patterns)
            except (Refused, ValueError, KeyError, IndexError, TypeError) as error:
                raise Refused(f"{name}: {error!r}") from error
            self.stated[name] = hypotheses, statement
            self.count += 1

    def theorem(self, name: str, statement: str, proof: str, patterns: str) -> None:
        if name.startswith("cases_"):
            self.cases(statement, patterns)
        elif name.startswith("row_"):
            self.row(statement, proof)
        elif name.startswith("bad_"):
            need(statement == "False", statement)
            self.false(proof)
        elif name.startswith("e_"):
            if proof.startswith("one_of "):
                self.one_of(proof, statement)
            else:
                self.check(tree(proof), equation(statement))

    # Proofs of equations.
    def check(self, term: Any, wanted: Equation) -> None:
        """Demand that a term proves an equation."""
        while len(term) == 1 and isinstance(term[0], list):
            term = term[0]
        left, right = wanted
        if term in ("rfl", ["rfl"]):
            need(self.unfolded(left) == self.unfolded(right), f"{left} is not {right}")
        elif term[0] == ["Eq", ".symm"]:
            self.check(term[1:], (right, left))
        elif term[-1] == ".symm":
            self.check(term[:1], (right, left))
        elif ".trans" in map(str, term):
            one, two = term[:1], term[2:]
            try:
                middle = self.side(two, 0)
            except Refused:
                middle = self.side(one, 1)
            self.check(one, (left, middle))
            self.check(two, (middle, right))
        elif term[0] == "times":
            a, b, k = term[1:]
            _, p, q = right if k == "rfl" else self.infer([k])[0]
            need(k == "rfl" or self.infer([k])[1] == right, "another product")
            need(left[0] == "op", left)
            self.check([a], (left[1], p))
            self.check([b], (left[2], q))
        else:
            found = self.infer(term)
            need(found == wanted, f"{found} where {wanted} is stated")

    def side(self, term: Any, which: int) -> Expr:
        """Return one side of what a term proves; of a chain, that of its first or last part."""
        while len(term) == 1 and isinstance(term[0], list):
            term = term[0]
        if ".trans" in map(str, term):
            return self.side(term[2:] if which else term[:1], which)
        if term[1:] == [".symm"]:
            return self.side(term[:1], 1 - which)
        return self.infer(term)[which]

    def unfolded(self, x: Expr) -> Expr:
        value = self.values.get(x) if isinstance(x, str) else None
        return x if value is None else expression(value)

    def infer(self, term: Any) -> Equation:
        """Return the equation that a term proves."""
        while len(term) == 1 and isinstance(term[0], list):
            term = term[0]
        if len(term) == 1:
            if term[0] in ("M.row_one", "M.column_one"):
                label = self.gauge[term[0] == "M.column_one"]
                return (term[0].removesuffix("_one"), label), "M.G.one"
            need(term[0] in self.local, term)
            return self.local[term[0]]
        if ".trans" in map(str, term):
            one, two = self.infer(term[:1]), self.infer(term[2:])
            need(one[1] == two[0], f"{one} does not go on with {two}")
            return one[0], two[1]
        head, *rest = term
        if rest == [".symm"]:
            left, right = self.infer([head])
            return right, left
        if rest in ([".1"], [".2"]):
            return self.half(head, rest[0])
        if isinstance(head, list) and head[0] == "fun":  # associativity, turned round
            a, b, c = map(expression, rest)
            return ("op", a, ("op", b, c)), ("op", ("op", a, b), c)
        need(isinstance(head, str), term)
        return self.applied(head, rest)

    def half(self, head: list[Any], which: str) -> Equation:
        if head[0] == "M.is_unit":
            x = expression(head[1])
            return ("op", "M.e", x) if which == ".1" else ("op", x, "M.e"), x
        need(head[0] == "Classical.choose_spec" and head[1][0] == "M.has_inverse", head)
        x, y = expression(head[1][1]), self.chosen(head[1])
        return ("op", x, y) if which == ".1" else ("op", y, x), "M.e"

    def chosen(self, exists: Any) -> str:
        """Return the name that is defined by a choice."""
        return next(
            name
            for name, value in reversed(self.values.items())
            if value == ["Classical.choose", exists]
        )

    def named(self, value: list[Any]) -> str:
        return next(name for name, x in reversed(self.values.items()) if x == value)

    def applied(self, head: str, rest: list[Any]) -> Equation:
        if head in self.stated:
            hypotheses, statement = self.stated[head]
            need(rest[0] == "M" and len(rest) == 1 + len(hypotheses), rest)
            for used, each in zip(rest[1:], hypotheses, strict=True):
                need(self.local[used] == equation(each), f"{used} supposes something else")
            return equation(statement)
        if head == "holds_at":
            a, b, c = self.given[rest[0]][int(rest[2])]
            need(rest[1] == "M.given", rest)
            f, g, h = ("M.row", "M.column", "M.symbol") if self.gauge else ("M.f",) * 3
            return ("op", (f, a), (g, b)), (h, c)
        if head in ("put_left", "put_right", "put_value"):
            (x, y), (left, right) = self.infer(rest[:1]), self.infer(rest[1:])
            _, p, q = left
            places = {"put_left": p, "put_right": q, "put_value": right}
            need(places[head] == x, f"{x} is not there")
            p, q, right = (y if head == key else old for key, old in places.items())
            return ("op", p, q), right
        if head in ("M.G.cancel_right", "M.right", "M.G.cancel_left", "M.left"):
            need(rest[:3] == ["_"] * 3, rest)
            (_, a, b), (_, c, d) = self.infer(rest[3:])
            right = head.endswith("right")
            need(b == d if right else a == c, "nothing to cancel")
            return (a, c) if right else (b, d)
        if head.startswith("associate_"):
            return self.associate(int(head[-1]), rest)
        if head in ("M.G.one_left", "M.G.one_right"):
            x = expression(rest[0])
            return ("op", "M.G.one", x) if head.endswith("left") else ("op", x, "M.G.one"), x
        if head in ("M.G.inv_left", "M.G.inv_right"):
            x, y = expression(rest[0]), self.named(["M.G.inv", rest[0]])
            return ("op", y, x) if head.endswith("left") else ("op", x, y), "M.G.one"
        if head == "M.G.over_times":
            r, q = rest
            return ("op", self.named(["M.G.over", r, q]), expression(q)), expression(r)
        if head == "M.G.times_under":
            p, r = rest
            return ("op", expression(p), self.named(["M.G.under", p, r])), expression(r)
        if head == "Classical.choose_spec":
            return self.quotient(rest[0])
        if head.removeprefix("M.").removesuffix(".symm") in self.laws:
            return self.law(head.removeprefix("M."), rest)
        raise Refused(f"{head} is not known")

    def quotient(self, exists: list[Any]) -> Equation:
        """Return what is known of a factor that a translation, which is onto, has."""
        need(exists[:2] == ["onto", "M.labels"], exists)
        _, _, translated, one, product = exists
        x, body = self.chosen(exists), translated[3:]
        known = body[2] if body[1] == "x" else body[1]
        rule = "M.right" if body[1] == "x" else "M.left"
        need(one == ["fun", "x", "y", "k", "=>", rule, known, "x", "y", "k"], one)
        return expression(body, {"x": x}), expression(product)

    def law(self, name: str, instance: list[Any]) -> Equation:
        variables, statement = re.fullmatch(r"∀ (.*) : T, (.*)", self.laws[name]).groups()  # type: ignore[union-attr]
        values = dict(zip(variables.split(), map(expression, instance), strict=True))
        return equation(statement, values)

    def associate(self, which: int, rest: list[Any]) -> Equation:
        assoc, *facts = rest
        self.is_associative(assoc)
        if which < 2:
            cancel, *facts = facts
            need(cancel.endswith(("right", "left")[which]), cancel)
        # Each fact is one term, or a term and what follows it.
        given = [self.infer([each]) for each in facts]
        given.insert(which, None)  # type: ignore[arg-type]
        va, ab, wb, vc = given
        v, a, w = (*va[0][1:], va[1]) if va else (vc[0][1], ab[0][1], wb[0][1])
        a2, b, c = (*ab[0][1:], ab[1]) if ab else (a, wb[0][2], vc[0][2])
        w2, b2, u = (*wb[0][1:], wb[1]) if wb else (w, b, vc[1])
        v2, c2, u2 = (*vc[0][1:], vc[1]) if vc else (v, c, u)
        need((v, a, w, b, c, u) == (v2, a2, w2, b2, c2, u2), "they do not fit together")
        products = (v, a, w), (a, b, c), (w, b, u), (v, c, u)
        p, q, r = products[which]
        return ("op", p, q), r

    def is_associative(self, term: Any) -> None:
        if term == "M.G.assoc":
            return
        name = term.removeprefix("M.") if isinstance(term, str) else term[5][0].removeprefix("M.")
        turned = isinstance(term, list)
        one, two = "op x (op y z)", "op (op x y) z"
        law = f"{one} = {two}" if turned else f"{two} = {one}"
        need(self.laws[name] == f"∀ x y z : T, {law}", "not the law of associativity")

    # Proofs of False, and by cases.
    def false(self, proof: str) -> None:
        if proof.startswith("none_of "):
            self.one_of(proof, None)
            return
        term = tree(proof)
        while len(term) == 1:
            term = term[0]
        if term[0] == "apart":
            one, a, b, *decided, equal = term[1:]
            one = one if isinstance(one, str) else one[0]
            need(decided == [["by", "decide"]] * 3 and a != b, "not apart")
            map_ = _MAPS[one]
            self.check([equal], ((map_, a), (map_, b)))
            return
        hypotheses, statement = self.stated[term[0]]
        need(statement == "False" and len(term) == 2 + len(hypotheses), term)
        for used, each in zip(term[2:], hypotheses, strict=True):
            need(self.local[used] == equation(each), f"{used} supposes something else")

    def cases(self, statement: str, patterns: str) -> None:
        n, kept, said = self.about(statement)
        lines = patterns.strip("\n").split("\n")
        need(len(lines) == n + 1, "not each case")
        outside = dict(self.local)
        for a, line in enumerate(lines[:-1]):
            left, proof = line.strip().removeprefix("| ").split(" => ", 1)
            number, *names = left.split(", ")
            need(number == str(a), line)
            if a == kept:
                need(names == ["_", "different", "_"] and proof == "absurd rfl different", line)
                continue
            self.local = outside | {names[-1]: equation(said, {"a": str(a)})}
            self.false(proof)
        need(lines[-1].split(", ")[0] == f"  | a + {n}", lines[-1])
        need(lines[-1].endswith("=> absurd ha (by omega)"), lines[-1])

    def about(self, statement: str) -> tuple[int, int | None, str]:
        """Return how many labels there are, which is left, and what is said of a label."""
        found = re.fullmatch(r"∀ a, a < (\d+) → (?:a ≠ (\d+) → )?(.*) → False", statement)
        need(found, statement)
        assert found is not None
        return int(found[1]), None if found[2] is None else int(found[2]), found[3]

    def one_of(self, proof: str, statement: str | None) -> None:
        parts = list(groups(proof))
        kind, property_, exists, *rest = parts
        said = property_.removeprefix("(Q := fun a => ").removesuffix(")")
        kept = int(rest[0]) if kind == "one_of" else None
        reference = tree(rest[-1])[0]
        hypotheses, of = self.stated[reference[0]]
        need(self.about(of)[1:] == (kept, said), "cases of something else")
        for used, each in zip(reference[2:], hypotheses, strict=True):
            need(self.local[used] == equation(each), f"{used} supposes something else")
        self.exists(tree(exists)[0], said)
        if statement is not None:
            need(equation(said, {"a": str(kept)}) == equation(statement), "another label")

    def exists(self, term: list[Any], said: str) -> None:
        """Demand that a term proves that something is true of some label."""
        stated = equation(said)
        if term[0] == "some_label":
            need(stated == (expression(term[2]), (_MAPS[term[1]], "a")), said)
        elif term[0] == "M.products":
            a, b, *decided = term[1:]
            need(decided == [["by", "decide"]] * 2, term)
            need(stated == (("op", ("M.row", a), ("M.column", b)), ("M.symbol", "a")), said)
        else:
            head, _, known, product, labels, (*value, proof) = term
            x, y = (_MAPS[labels], "a"), expression(known[2:])
            factors = (x, y) if head == "some_left" else (y, x)
            need(stated == (("op", *factors), expression(product[2:])), said)
            need(bool(value), term)
            need("over" in str(term) or "under" in str(term) or "onto" in str(term), proof)

    def row(self, statement: str, proof: str) -> None:
        maps, cells = re.fullmatch(r"Holds \S+ (\S+ \S+ \S+) \[(.*)\]", statement).groups()  # type: ignore[union-attr]
        f, g, h = maps.split()
        terms = list(groups(proof.removeprefix("⟨").removesuffix("⟩").replace("), ", ") ")))
        need(terms.pop() == "True.intro", proof)
        found = re.findall(r"\((\d+), (\d+), (\d+)\)", cells)
        for (a, b, c), term in zip(found, terms, strict=True):
            self.check(tree(term), (("op", (f, a), (g, b)), (h, c)))


def groups(text: str) -> Iterator[str]:
    """Yield the parts of an application: tokens, and what is in brackets."""
    depth, part = 0, ""
    for each in text + " ":
        if each.isspace() and not depth:
            if part:
                yield part
            part = ""
            continue
        depth += (each in "(⟨") - (each in ")⟩")
        part += each


def checked_theorems(text: str) -> int:
    """Check all proofs of a file; return how many theorems there are.

    Raises:
        Refused: If a proof is not one of its statement.
    """
    given = {}
    for name, cells in re.findall(
        r"^def (given\w*) : List Cell :=\n  \[(.*)\]$", text, re.MULTILINE
    ):
        given[name] = re.findall(r"\((\d+), (\d+), (\d+)\)", cells)
    for name, base, cell in re.findall(
        r"^def (given\w*) : List Cell := (given\w*) \+\+ \[(.*)\]$", text, re.MULTILINE
    ):
        given[name] = [*given[base], *re.findall(r"\((\d+), (\d+), (\d+)\)", cell)]
    for name, base, places in re.findall(
        r"^def (given\w*) : List Cell := cellsAt (given\w*) \[(.*)\]$", text, re.MULTILINE
    ):
        given[name] = [given[base][int(i)] for i in places.split(", ")]
    parts = re.findall(r"^namespace (Proof_\w+)\n(.*?)^end \1$", text, re.MULTILINE | re.DOTALL)
    return sum(Part(part + "\n\n", given).count for _, part in parts)
