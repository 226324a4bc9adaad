"""The lines of a proof as Coq reads them, with the places that their facts have there."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cayley import _checker

__all__ = ["ProofText", "listed", "triple"]

EQ = _checker.EQ

_CHUNK = 400
"""Elements of a list in one definition: Coq reads longer lists slowly, or not at all."""

_RULES = {
    "define": "Define {0} {1} {2} {3}",
    "unit": "Unit {0}",
    "inverse": "Inverse {0}",
    "same": "Same {0} {1} {2}",
    "replace": "Replace {0} {1} {2}",
    "associate": "Associate {0} {1} {2} {3}",
    "clash": "Clash {0}",
}

_USED = {"same": (0, 1), "replace": (0, 2), "associate": (1, 2, 3), "clash": (0,)}
"""Which arguments of a rule are facts; Coq counts them from 1, and has some of its own."""


class ProofText:
    """Lines of a proof, written one by one while the checker reads them.

    Args:
        theory: The theory of the claim.
        order: How many labels there are.
        cells: The given cells.
        gauge: The gauge of an isotope or homotope; any for other theories.
    """

    def __init__(self, theory: Any, order: int, cells: Sequence[Any], gauge: Sequence[int]) -> None:
        self.order = order
        self.proof = _checker.Proof(theory, order, cells, list(gauge))
        self.place = list(range(1, len(self.proof.facts) + 1))  # of the facts, in Coq's count
        self.count = len(self.place)
        self.num_lines = 0
        self._num_kinds = 3 if theory.is_isotope else 1
        self._ended: list[Any] = []
        self._columns: dict[int, list[int]] = {}
        self._frame: list[int | None] = []
        self._symbols: list[int | None] = []
        self._elements: list[int] = []

    def lines(self, rest: Iterator[list[Any]]) -> list[str]:
        """Return the lines until the case or the proof ends."""
        written: list[str] = []
        for line in rest:
            if line[0] in ("case", "end"):
                self._ended = line
                break
            new = self._split(line, rest) if line[0] == "cases" else self._written(line)
            self.num_lines += len(new)
            written += new
        return written

    def wanted(self, cells: Sequence[Sequence[int]], lines: list[str]) -> list[int]:
        """Return the places of the facts that are claimed cells; more lines may be added."""
        r, c, s = self.proof.starts
        known = {fact: self.place[i] for i, fact in enumerate(self.proof.facts)}
        found = []
        for a, b, v in cells:
            place = known.get((r + a, c + b, s + v))
            if place is None:
                place = self._columns[c + b][a]
                for at, equal in ((0, self._frame[a]), (2, self._symbols[v])):
                    if equal is not None:
                        lines.append(f"Replace {place} {at} {equal}")
                        self.num_lines += 1
                        place = self._next()
            found.append(place)
        return found

    def _written(self, line: list[Any]) -> list[str]:
        """Return one line of the proof as lines for Coq, and let the checker read it."""
        rule, *arguments = line
        if rule in ("frame", "column", "compose", "symbols"):
            written: list[str] = getattr(self, f"_state_{rule}")(*arguments)
            _checker.RULES[rule](self.proof, *arguments)
            return written
        if rule == "law":
            k, instance, used = arguments
            text = f"Law {k} [{_numbers(instance)}] [{self._places(used)}]%positive"
        elif rule == "only":
            p, q, r, place, kind, kept, used = arguments
            left = "None" if kept == -1 else f"(Some {kept - self.proof.starts[kind]})"
            places = _numbers(self.place[i] for i in used)
            kind = self._kind(kind)
            text = f"Only {p} {q} {r} {place} {kind} {left} [{places}]%positive"
        else:
            facts = _USED.get(rule, ())
            text = _RULES[rule].format(*(
                f"{self.place[x]}" if i in facts else f"{x}" for i, x in enumerate(arguments)
            ))  # fmt: skip
        self._apply(line)
        return [text]

    def _apply(self, line: list[Any]) -> None:
        """Let the checker read a line; its new facts are the next of Coq's."""
        before = len(self.proof.facts)
        _checker.RULES[line[0]](self.proof, *line[1:])
        for _ in range(len(self.proof.facts) - before):
            self.place.append(self._next())

    def _next(self) -> int:
        """Count one fact of Coq's."""
        self.count += 1
        return self.count

    def _kind(self, kind: int) -> int:
        """Return the kind of labels in Coq's count, where one alphabet has one kind."""
        return kind if self._num_kinds == 3 else 0

    def _places(self, used: Sequence[int]) -> str:
        return "; ".join("None" if i == -1 else f"Some {self.place[i]}" for i in used)

    def _split(self, line: list[Any], rest: Iterator[list[Any]]) -> list[str]:
        _, p, q, kind = line
        self._apply(line)
        facts, count = len(self.place), self.count
        start = self.proof.starts[kind]
        self._ended = next(rest)
        cases: dict[int, str] = {}
        while self._ended[0] == "case":
            label = self._ended[1] - start
            self._back_to(facts, count)
            _checker.RULES["case"](self.proof, *self._ended[1:])
            self.place.append(self._next())
            cases[label] = "; ".join(self.lines(rest))
        self._back_to(facts, count)
        _checker.RULES["end"](self.proof)
        left = [a for a in range(self.order) if a not in cases]
        if left:
            self.place.append(self._next())
        kept = f"(Some {left[0]})" if left else "None"
        second = "None" if q == EQ else f"(Some {q})"
        inside = "; ".join(f"({label}, [{branch}])" for label, branch in cases.items())
        return [f"Split {p} {second} {self._kind(kind)} {kept} [{inside}]"]

    def _back_to(self, facts: int, count: int) -> None:
        """Forget the facts of a case."""
        del self.place[facts:]
        self.count = count

    # Whole columns are written out as single products.
    def _state_frame(self, names: Sequence[int], used: Sequence[int]) -> list[str]:
        self._elements = list(names)
        rows = self.proof.labels(0)
        self._frame = [
            None if x == row else self.place[i] for row, x, i in zip(rows, names, used, strict=True)
        ]
        self._columns[0] = []
        for _ in names:
            self._next()  # 1 x = x, which is not needed
            self._columns[0].append(self._next())
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
            self._columns[new] = [self._next() for _ in lines]
            return lines
        image = self.proof.columns[p]
        one, two = self._columns[p], self._columns[q]
        lines = [f"Associate 3 {one[a]} {fact} {two[image[a]]}" for a in range(self.order)]
        self._columns[r] = [self._next() for _ in lines]
        return lines


def _numbers(values: Iterable[int]) -> str:
    return "; ".join(map(str, values))


def triple(cell: Sequence[int]) -> str:
    return f"({cell[0]}, {cell[1]}, {cell[2]})"


def listed(name: str, kind: str, elements: Sequence[str]) -> str:
    """Return the definition of a list, in parts that Coq reads quickly."""
    parts = [elements[i : i + _CHUNK] for i in range(0, len(elements), _CHUNK)] or [[]]
    if len(parts) == 1:
        return f"Definition {name} : list {kind} := [\n  {'; '.join(parts[0])}]."
    lines = [
        f"Definition {name}_{i} : list {kind} := [\n  {'; '.join(part)}]."
        for i, part in enumerate(parts)
    ]
    whole = " ++ ".join(f"{name}_{i}" for i in range(len(parts)))
    return "\n".join([*lines, f"Definition {name} : list {kind} := {whole}."])
