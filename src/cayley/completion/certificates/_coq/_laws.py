"""What cells force under laws and conditions, as theorems about all operations that have them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from cayley import _checker
from cayley.completion.certificates._coq._lines import ProofText, listed, triple

__all__ = ["VARIABLES", "formula", "law_theorem"]

VARIABLES = "xyzwuvtsrqpnmlkjihgf"

_CONDITIONS = {
    "left cancellation": "left_cancellation op",
    "right cancellation": "right_cancellation op",
    "unit": "has_unit op",
    "inverses": "has_inverses op",
}


def law_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorems for what cells force under laws.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, about a theory of one alphabet.
        suffix: What the names of the definitions end in.
    """
    without = set(claim.get("without", ()))
    cells = [c for i, c in enumerate(document["cells"]) if i not in without]
    theory, n = _checker.Theory(claim["theory"]), len(document["rows"])
    parts, writer = [_theory_text(theory, suffix)], _Theorems(theory, n, f"theory{suffix}")
    wanted = None if claim["claim"] == "inconsistent" else _wanted_cells(document, claim)
    return "\n".join([*parts, writer.theorem(cells, claim["proof"], wanted, suffix)])


def formula(term: Any, product: str = "op") -> str:
    """Return a term as Coq writes it.

    Example:
        >>> formula([0, [1, 2]])
        'op x (op y z)'
    """
    if isinstance(term, int):
        return VARIABLES[term]
    sides = (formula(each, product) for each in term)
    return " ".join([product, *(f"({x})" if " " in x else x for x in sides)])


def _wanted_cells(document: dict[str, Any], claim: dict[str, Any]) -> list[tuple[int, int, int]]:
    if claim["cells"] != "all":
        return [(a, b, c) for a, b, c in claim["cells"]]
    return [(a, b, c) for a, row in enumerate(document["table"]) for b, c in enumerate(row)]


def _theory_text(theory: Any, suffix: str) -> str:
    """Return the definition of the theory that the program reads."""
    laws = "; ".join(f"({_data(left)}, {_data(right)})" for left, right in theory.laws)
    flags = [theory.left, theory.right, theory.unit, theory.inverses]
    names = ("by_left", "by_right", "by_unit", "by_inverses")
    fields = [f"{key} := {str(flag).lower()}" for key, flag in zip(names, flags, strict=True)]
    return (
        f"Definition theory{suffix} : theory := {{|\n"
        f"  laws := [{laws}];\n  {'; '.join(fields)} |}}."
    )


def _data(term: Any) -> str:
    if isinstance(term, int):
        return f"V {term}"
    left, right = map(_data, term)
    return f"M ({left}) ({right})"


class _Theorems:
    """Theorems about the operations on n elements that have a theory.

    Args:
        theory: The theory.
        order: How many elements there are.
        name: What the theory is called in the file.
    """

    def __init__(self, theory: Any, order: int, name: str) -> None:
        self._theory, self._order, self._name = theory, order, name
        self._conditions = [each for each in _CONDITIONS if each in theory.conditions]

    def theorem(
        self,
        cells: Sequence[Sequence[int]],
        proof: list[list[Any]],
        wanted: list[tuple[int, int, int]] | None,
        suffix: str,
    ) -> str:
        """Return one theorem; without wanted cells it is that there is no operation."""
        n, th = self._order, self._name
        writer = _LawProof(self._theory, n, cells, None)
        lines = writer.lines(iter(proof))
        conclusion, table = "False", ""
        if wanted is not None:
            known = {fact: writer.place[i] for i, fact in enumerate(writer.proof.facts)}
            places = [(known[1 + a, 1 + b, 1 + c], (a, b, c)) for a, b, c in wanted]
            shown = [f"({place}%positive, {triple(cell)})" for place, cell in places]
            table = listed(f"table{suffix}", "(positive * (N * N * N))", shown)
            conclusion = f"has op f (map snd table{suffix})"
        fuel = f"(N.to_nat {writer.count + len(lines) + 10})"
        given = f"{n} {th} cells{suffix} lines{suffix} {fuel} T op f Hf Hm Hc"
        lemma = f"no_model {given}" if wanted is None else f"forced_by_laws {given} table{suffix}"
        names = [f"L{k}" for k in range(len(self._theory.laws))]
        names += [f"C{_short(each)}" for each in self._conditions]
        return "\n".join([
            listed(f"cells{suffix}", "(N * N * N)", [triple(cell) for cell in cells]),
            table, listed(f"lines{suffix}", "line", lines),
            f"Theorem claim{suffix} : forall (T : Type) (op : T -> T -> T) (f : N -> T),",
            *(f"  {each} ->" for each in self._stated()),
            f"  bijective {n} f -> has op f cells{suffix} -> {conclusion}.",
            f"Proof.\n  intros T op f {' '.join(names)} Hf Hc.",
            f"  assert (Hm : models {th} op).\n{_model(self._theory, th, self._conditions)}",
            f"  apply ({lemma}). vm_compute; reflexivity.\nQed.",
            f"Print Assumptions claim{suffix}.", "",
        ])  # fmt: skip

    def _stated(self) -> list[str]:
        """Return the laws and conditions as a theorem states them."""
        laws = [
            f"(forall {' '.join(VARIABLES[:count])} : T, {formula(left)} = {formula(right)})"
            for (left, right), (count, _, _) in zip(
                self._theory.laws, self._theory.compiled, strict=True
            )
        ]
        return [*laws, *(_CONDITIONS[each] for each in self._conditions)]


def _short(condition: str) -> str:
    return condition.replace(" ", "_")


def _model(theory: Any, th: str, conditions: Sequence[str]) -> str:
    """Return the proof that the hypotheses of a theorem are those of the theory."""
    steps = []
    for k in range(len(theory.laws)):
        at = " ".join(f"(v {i}%nat)" for i in range(theory.compiled[k][0]))
        steps.append(f"apply Forall_cons; [intros v; exact (L{k} {at})|].")
    goals = [f"{' '.join(steps)} apply Forall_nil."]
    for each in _CONDITIONS:
        if each in conditions:
            goals.append(f"intros _; exact C{_short(each)}.")
        else:
            goals.append("intros e; discriminate e.")
    if "inverses" in conditions:
        goals[3] = "intros _; destruct Cinverses as [e [u _]]; exists e; exact u."
        goals[4] = "intros _; split; [reflexivity|exact Cinverses]."
    return "\n    - ".join([
        f"  {{ unfold models, {th}; cbn [laws by_left by_right by_unit by_inverses].\n"
        "    split; [|split; [|split; [|split]]].",
        *goals,
    ]) + " }"  # fmt: skip


class _LawProof(ProofText):
    """Lines about an operation with laws."""

    RULES: ClassVar[dict[str, str]] = ProofText.RULES | {"inverse": "Inverse {0}"}

    def written(self, line: list[Any]) -> list[str]:
        rule, *arguments = line
        if rule == "law":
            k, instance, used = arguments
            places = "; ".join("None" if i == -1 else f"Some {self.place[i]}" for i in used)
            text = f"Law {k} [{_numbers(instance)}] [{places}]%positive"
        elif rule == "only":
            p, q, r, place, _, kept, used = arguments
            left = "None" if kept == -1 else f"(Some {kept - 1})"
            places = "; ".join(f"{self.place[i]}" for i in used)
            text = f"Only {p} {q} {r} {place} {left} [{places}]%positive"
        else:
            return super().written(line)
        self.apply(line)
        return [text]

    def split_line(self, p: int, q: str, kind: int, kept: str, cases: str) -> str:
        return f"Split {p} {q} {kept} {cases}"


def _numbers(values: Sequence[int]) -> str:
    return "; ".join(map(str, values))
