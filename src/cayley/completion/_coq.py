"""A certificate as a file for Coq: the checker with its proof, the lines, and a theorem.

The first part, ``_coq_checker.v``, defines a program that reads lines, and proves that it is right.
What is written behind it are the cells, the lines and the claim; Coq runs the program on them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cayley import _checker

__all__ = ["coq_text"]

_EQ = _checker.EQ

_CHUNK = 400
"""Elements of a list in one definition: Coq reads longer lists slowly, or not at all."""

_RULES = {
    "define": "Define {0} {1} {2} {3}",
    "unit": "Unit {0}",
    "same": "Same {0} {1} {2}",
    "replace": "Replace {0} {1} {2}",
    "associate": "Associate {0} {1} {2} {3}",
    "clash": "Clash {0}",
}


def coq_text(document: dict[str, Any]) -> str:
    """Return a file that Coq accepts if the claims about groups and isotopes are true.

    Args:
        document: A certificate that the checker accepts.

    Raises:
        ValueError: If it is refused, or has no claim that can be written for Coq.
    """
    try:
        _checker.check(document)
    except _checker.Refused as refused:
        raise ValueError(f"the certificate is refused: {refused}.") from None
    theorems: list[str] = []
    for claim in document["claims"]:
        if claim["claim"] in ("forced", "inconsistent"):
            theory = _checker.Theory(claim["theory"])
            if theory.is_plain:
                theorems.append(_Theorem(document, claim, len(theorems)).text())
    if not theorems:
        raise ValueError(
            "the certificate has no claim that is written for Coq: these are what the cells of a "
            "group or an isotope force, and that there is none."
        )
    checker = Path(__file__).with_name("_coq_checker.v").read_text(encoding="utf-8")
    return "\n".join([checker, *theorems])


class _Theorem:
    """One claim: its lines are written out one by one, with whole columns as single products."""

    def __init__(self, document: dict[str, Any], claim: dict[str, Any], number: int) -> None:
        self._n, self._claim, self._suffix = len(document["rows"]), claim, f"_{number}"
        without = set(claim.get("without", ()))
        self._cells = [c for i, c in enumerate(document["cells"]) if i not in without]
        self._table = document["table"]
        self._theory = _checker.Theory(claim["theory"])
        self._proof = _checker.Proof(self._theory, self._n, self._cells, claim.get("gauge"))
        self._place = list(range(1, len(self._proof.facts) + 1))  # of the facts, in Coq's count
        self._count = len(self._place)
        self._columns: dict[int, list[int]] = {}
        self._frame: list[int | None] = []
        self._symbols: list[int | None] = []
        self._elements: list[int] = []
        self._ended: list[Any] = []

    def text(self) -> str:
        """Return the definitions and the theorem."""
        try:
            lines = self._lines(iter(self._claim["proof"]))
        except KeyError as error:
            raise ValueError(f"the rule {error} is not written for Coq.") from None
        suffix, order = self._suffix, f"{self._n}"
        wanted = [] if self._claim["claim"] == "inconsistent" else self._wanted(lines)
        cells = _listed(f"cells{suffix}", "(N * N * N)", [_triple(cell) for cell in self._cells])
        table = _listed(
            f"table{suffix}",
            "(positive * (N * N * N))",
            [f"({place}%positive, {_triple(cell)})" for place, cell in wanted],
        )
        program = _listed(f"lines{suffix}", "line", lines)
        gauge = " ".join(map(str, self._claim.get("gauge", ())))
        isotope, refuted = self._theory.is_isotope, not wanted
        maps, same = ("f g h", "f g h") if isotope else ("f", "f f f")
        bijective = " -> ".join(f"bijective {order} {name}" for name in maps.split())
        conclusion = f"has {same} (map snd table{suffix})" if wanted else "False"
        lemma = {
            (False, False): "forced_in_groups",
            (False, True): "no_group",
            (True, False): "forced_in_isotopes",
            (True, True): "no_isotope",
        }[isotope, refuted]
        given = f"{order} cells{suffix} lines{suffix} (N.to_nat {self._count + len(lines) + 10}) G"
        names = f"{maps} {gauge}" if isotope else maps
        last = "" if refuted else f" table{suffix}"
        hypotheses = " ".join(f"H{name}" for name in maps.split())
        if isotope:
            proof = f"apply ({lemma} {given} {names} {hypotheses}{last}); "
            proof += "[vm_compute; reflexivity | exact H]."
        elif refuted:
            proof = f"exact ({lemma} {given} f ltac:(vm_compute; reflexivity) Hf H)."
        else:
            proof = (
                f"apply ({lemma} {given} f{last}); [vm_compute; reflexivity | exact Hf | exact H]."
            )
        return "\n".join([
            cells, table if wanted else "", program,
            f"Theorem claim{suffix} : forall (G : Group) ({maps} : N -> elt G),",
            f"  {bijective} -> has {same} cells{suffix} -> {conclusion}.",
            f"Proof. intros G {maps} {hypotheses} H. {proof} Qed.",
            f"Print Assumptions claim{suffix}.", "",
        ])  # fmt: skip

    def _lines(self, rest: Iterator[list[Any]]) -> list[str]:
        """Return the lines until the case or the proof ends."""
        written: list[str] = []
        for line in rest:
            if line[0] in ("case", "end"):
                self._ended = line
                return written
            rule, *arguments = line
            if rule in ("frame", "column", "compose", "symbols"):
                written += getattr(self, f"_state_{rule}")(*arguments)
                _checker.RULES[rule](self._proof, *arguments)
            elif rule == "cases":
                written.append(self._split(line, rest))
            else:
                refs = {"same": (0, 1), "replace": (0, 2), "associate": (1, 2, 3), "clash": (0,)}
                places = refs.get(rule, ())
                text = _RULES[rule].format(*(
                    f"{self._place[x]}" if i in places else f"{x}" for i, x in enumerate(arguments)
                ))  # fmt: skip
                written.append(text)
                self._apply(line)
        return written

    def _apply(self, line: list[Any]) -> None:
        """Let the checker read a line; its new facts are the next of Coq's."""
        before = len(self._proof.facts)
        _checker.RULES[line[0]](self._proof, *line[1:])
        for _ in range(len(self._proof.facts) - before):
            self._count += 1
            self._place.append(self._count)

    def _split(self, line: list[Any], rest: Iterator[list[Any]]) -> str:
        """Return cases, each with lines of its own."""
        _, p, q, kind = line
        self._apply(line)
        facts, count = len(self._place), self._count
        start = self._proof.starts[kind]
        self._ended = next(rest)
        cases = []
        while self._ended[0] == "case":
            label = self._ended[1] - start
            self._apply_case(self._ended, facts, count)
            branch = "; ".join(self._lines(rest))
            cases.append(f"({label}, [{branch}])")
        tried = {int(case[1 : case.index(",")]) for case in cases}
        left = [a for a in range(self._n) if a not in tried]
        del self._place[facts:]
        self._count = count
        _checker.RULES["end"](self._proof)
        if left:
            self._place.append(self._next())
        kept = f"(Some {left[0]})" if left else "None"
        second = "None" if q == _EQ else f"(Some {q})"
        number = kind if self._theory.is_isotope else 0
        return f"Split {p} {second} {number} {kept} [{'; '.join(cases)}]"

    def _apply_case(self, line: list[Any], facts: int, count: int) -> None:
        del self._place[facts:]
        self._count = count
        _checker.RULES["case"](self._proof, *line[1:])
        self._count += 1
        self._place.append(self._count)

    def _next(self) -> int:
        """Count one fact that only Coq has."""
        self._count += 1
        return self._count

    def _state_frame(self, names: Sequence[int], used: Sequence[int]) -> list[str]:
        self._elements = list(names)
        self._frame = [None if i == -1 else self._place[i] for i in used]
        self._columns[0] = []
        for _ in names:
            self._next()  # 1 x = x, which is not needed
            self._columns[0].append(self._next())
        return [f"Unit {x}" for x in names]

    def _state_symbols(self, used: Sequence[int]) -> list[str]:
        self._symbols = [None if i == -1 else self._place[i] for i in used]
        return []

    def _state_column(self, q: int, used: Sequence[int]) -> list[str]:
        number = {x: a for a, x in enumerate(self._elements)}
        found = [0] * self._n
        for i in used:
            found[number[self._proof.facts[i][0]]] = self._place[i]
        self._columns[q] = found
        return []

    def _state_compose(self, i: int) -> list[str]:
        p, q, r = self._proof.facts[i]
        fact = self._place[i]
        if q == _EQ:
            known, new = (p, r) if p in self._columns else (r, p)
            lines = [f"Replace {each} 1 {fact}" for each in self._columns[known]]
            self._columns[new] = [self._next() for _ in lines]
            return lines
        image = self._proof.columns[p]
        one, two = self._columns[p], self._columns[q]
        lines = [f"Associate 3 {one[a]} {fact} {two[image[a]]}" for a in range(self._n)]
        self._columns[r] = [self._next() for _ in lines]
        return lines

    def _wanted(self, lines: list[str]) -> list[tuple[int, Sequence[int]]]:
        """Return the claimed cells with the places of their facts; more lines may be added."""
        n, (r, c, s) = self._n, self._proof.starts
        if self._claim["cells"] == "all":
            wanted = [(a, b, self._table[a][b]) for a in range(n) for b in range(n)]
        else:
            wanted = self._claim["cells"]
        known = {fact: self._place[i] for i, fact in enumerate(self._proof.facts)}
        found: list[tuple[int, Sequence[int]]] = []
        for a, b, v in wanted:
            place = known.get((r + a, c + b, s + v))
            if place is None:
                place = self._columns[c + b][a]
                for at, equal in ((0, self._frame[a]), (2, self._symbols[v])):
                    if equal is not None:
                        lines.append(f"Replace {place} {at} {equal}")
                        place = self._next()
            found.append((place, (a, b, v)))
        return found


def _triple(cell: Sequence[int]) -> str:
    return f"({cell[0]}, {cell[1]}, {cell[2]})"


def _listed(name: str, kind: str, elements: Sequence[str]) -> str:
    """Return the definition of a list, in parts that Coq reads quickly."""
    parts = [elements[i : i + _CHUNK] for i in range(0, len(elements), _CHUNK)] or [[]]
    lines = [
        f"Definition {name}_{i} : list {kind} := [\n  {'; '.join(part)}]."
        for i, part in enumerate(parts)
    ]
    whole = " ++ ".join(f"{name}_{i}" for i in range(len(parts)))
    return "\n".join([*lines, f"Definition {name} : list {kind} := {whole}."])
