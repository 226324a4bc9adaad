"""What the cells of groups and isotopes force, as theorems about all groups."""

from collections.abc import Sequence
from typing import Any, ClassVar

from cayley import _checker
from cayley.completion.certificates._coq._lines import EQ, ProofText, listed, triple

__all__ = ["GROUP_RULES", "group_theorem"]

_LEMMAS = {
    (False, False): "forced_in_groups",
    (False, True): "no_group",
    (True, False): "forced_in_isotopes",
    (True, True): "no_isotope",
}

_MACROS = ("frame", "column", "compose", "symbols")
"""Rules about whole columns, which are written out as single products."""

GROUP_RULES = frozenset([*ProofText.RULES, "associate", "cases", "case", "end", *_MACROS])
"""The rules that ``groups.v`` knows, or that are written out for it."""


def group_theorem(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> str:
    """Return the definitions and the theorem for what cells force, or that they contradict.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims, about a group or an isotope.
        suffix: What the names of the definitions end in.
    """
    without = set(claim.get("without", ()))
    cells = [c for i, c in enumerate(document["cells"]) if i not in without]
    theory, n = _checker.Theory(claim["theory"]), len(document["rows"])
    writer = _GroupProof(theory, n, cells, claim.get("gauge"))
    lines = writer.lines(iter(claim["proof"]))
    refuted = claim["claim"] == "inconsistent"
    wanted = [] if refuted else writer.wanted(_wanted_cells(document, claim), lines)
    table = listed(
        f"table{suffix}",
        "(positive * (N * N * N))",
        [f"({place}%positive, {triple(cell)})" for place, cell in wanted],
    )
    isotope, order = theory.is_isotope, f"{n}"
    maps, same = ("f g h", "f g h") if isotope else ("f", "f f f")
    bijective = " -> ".join(f"bijective {order} {name}" for name in maps.split())
    conclusion = "False" if refuted else f"has {same} (map snd table{suffix})"
    fuel = writer.count + len(lines) + 10
    given = f"{order} cells{suffix} lines{suffix} (N.to_nat {fuel}) G"
    names = f"{maps} {' '.join(map(str, claim['gauge']))}" if isotope else maps
    last = "" if refuted else f" table{suffix}"
    hypotheses = " ".join(f"H{name}" for name in maps.split())
    lemma = _LEMMAS[isotope, refuted]
    if isotope:
        proof = f"apply ({lemma} {given} {names} {hypotheses}{last}); "
        proof += "[vm_compute; reflexivity | exact H]."
    elif refuted:
        proof = f"exact ({lemma} {given} f ltac:(vm_compute; reflexivity) Hf H)."
    else:
        proof = f"apply ({lemma} {given} f{last}); [vm_compute; reflexivity | exact Hf | exact H]."
    return "\n".join([
        listed(f"cells{suffix}", "(N * N * N)", [triple(cell) for cell in cells]),
        "" if refuted else table, listed(f"lines{suffix}", "line", lines),
        f"Theorem claim{suffix} : forall (G : Group) ({maps} : N -> elt G),",
        f"  {bijective} -> has {same} cells{suffix} -> {conclusion}.",
        f"Proof. intros G {maps} {hypotheses} H. {proof} Qed.",
        f"Print Assumptions claim{suffix}.", "",
    ])  # fmt: skip


def _wanted_cells(document: dict[str, Any], claim: dict[str, Any]) -> list[Sequence[int]]:
    if claim["cells"] != "all":
        return list(claim["cells"])
    return [(a, b, c) for a, row in enumerate(document["table"]) for b, c in enumerate(row)]


class _GroupProof(ProofText):
    """Lines about a group, with whole columns as single products."""

    RULES: ClassVar[dict[str, str]] = ProofText.RULES | {"associate": "Associate {0} {1} {2} {3}"}

    def __init__(
        self, theory: Any, order: int, cells: Sequence[Any], gauge: Sequence[int] | None
    ) -> None:
        super().__init__(theory, order, cells, gauge)
        self._kinds = 3 if theory.is_isotope else 1
        self._columns: dict[int, list[int]] = {}
        self._frame: list[int | None] = []
        self._symbols: list[int | None] = []
        self._elements: list[int] = []

    def written(self, line: list[Any]) -> list[str]:
        rule, *arguments = line
        if rule not in _MACROS:
            return super().written(line)
        written: list[str] = getattr(self, f"_state_{rule}")(*arguments)
        _checker.RULES[rule](self.proof, *arguments)
        return written

    def split_line(self, p: int, q: str, kind: int, kept: str, cases: str) -> str:
        return f"Split {p} {q} {kind if self._kinds == 3 else 0} {kept} {cases}"

    def wanted(
        self, cells: Sequence[Sequence[int]], lines: list[str]
    ) -> list[tuple[int, Sequence[int]]]:
        """Return the claimed cells with the places of their facts; more lines may be added."""
        r, c, s = self.proof.starts
        known = {fact: self.place[i] for i, fact in enumerate(self.proof.facts)}
        found: list[tuple[int, Sequence[int]]] = []
        for a, b, v in cells:
            place = known.get((r + a, c + b, s + v))
            if place is None:
                place = self._columns[c + b][a]
                for at, equal in ((0, self._frame[a]), (2, self._symbols[v])):
                    if equal is not None:
                        lines.append(f"Replace {place} {at} {equal}")
                        place = self.next()
            found.append((place, (a, b, v)))
        return found

    def _state_frame(self, names: Sequence[int], used: Sequence[int]) -> list[str]:
        self._elements = list(names)
        self._frame = [None if i == -1 else self.place[i] for i in used]
        self._columns[0] = []
        for _ in names:
            self.next()  # 1 x = x, which is not needed
            self._columns[0].append(self.next())
        return [f"Unit {x}" for x in names]

    def _state_symbols(self, used: Sequence[int]) -> list[str]:
        self._symbols = [None if i == -1 else self.place[i] for i in used]
        return []

    def _state_column(self, q: int, used: Sequence[int]) -> list[str]:
        number = {x: a for a, x in enumerate(self._elements)}
        found = [0] * self.order
        for i in used:
            found[number[self.proof.facts[i][0]]] = self.place[i]
        self._columns[q] = found
        return []

    def _state_compose(self, i: int) -> list[str]:
        p, q, r = self.proof.facts[i]
        fact = self.place[i]
        if q == EQ:
            known, new = (p, r) if p in self._columns else (r, p)
            lines = [f"Replace {each} 1 {fact}" for each in self._columns[known]]
            self._columns[new] = [self.next() for _ in lines]
            return lines
        image = self.proof.columns[p]
        one, two = self._columns[p], self._columns[q]
        lines = [f"Associate 3 {one[a]} {fact} {two[image[a]]}" for a in range(self.order)]
        self._columns[r] = [self.next() for _ in lines]
        return lines
