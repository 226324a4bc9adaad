"""The lines of a proof as Coq reads them, with the places that their facts have there."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from cayley import _checker

__all__ = ["ProofText", "listed", "triple"]

EQ = _checker.EQ

_CHUNK = 400
"""Elements of a list in one definition: Coq reads longer lists slowly, or not at all."""

_USED = {"same": (0, 1), "replace": (0, 2), "associate": (1, 2, 3), "clash": (0,)}
"""Which arguments of a rule are facts; Coq counts them from 1, and has some of its own."""


class ProofText(ABC):
    """Lines of a proof, written one by one while the checker reads them.

    Args:
        theory: The theory of the claim.
        order: How many labels there are.
        cells: The given cells.
        gauge: The gauge of an isotope, None for other theories.
    """

    RULES: ClassVar[dict[str, str]] = {
        "define": "Define {0} {1} {2} {3}",
        "unit": "Unit {0}",
        "same": "Same {0} {1} {2}",
        "replace": "Replace {0} {1} {2}",
        "clash": "Clash {0}",
    }

    def __init__(
        self, theory: Any, order: int, cells: Sequence[Any], gauge: Sequence[int] | None
    ) -> None:
        self.order = order
        self.proof = _checker.Proof(theory, order, cells, gauge)
        self.place = list(range(1, len(self.proof.facts) + 1))  # of the facts, in Coq's count
        self.count = len(self.place)
        self._ended: list[Any] = []

    def lines(self, rest: Iterator[list[Any]]) -> list[str]:
        """Return the lines until the case or the proof ends.

        Raises:
            ValueError: If a rule is not written for Coq.
        """
        written: list[str] = []
        for line in rest:
            if line[0] in ("case", "end"):
                self._ended = line
                return written
            written += self._split(line, rest) if line[0] == "cases" else self.written(line)
        return written

    def written(self, line: list[Any]) -> list[str]:
        """Return one line of the proof as lines for Coq, and let the checker read it."""
        rule, *arguments = line
        if rule not in self.RULES:
            raise ValueError(f"the rule {rule} is not written for Coq here.")
        facts = _USED.get(rule, ())
        text = self.RULES[rule].format(*(
            f"{self.place[x]}" if i in facts else f"{x}" for i, x in enumerate(arguments)
        ))  # fmt: skip
        self.apply(line)
        return [text]

    @abstractmethod
    def split_line(self, p: int, q: str, kind: int, kept: str, cases: str) -> str:
        """Return a line with cases inside it."""

    def apply(self, line: list[Any]) -> None:
        """Let the checker read a line; its new facts are the next of Coq's."""
        before = len(self.proof.facts)
        _checker.RULES[line[0]](self.proof, *line[1:])
        for _ in range(len(self.proof.facts) - before):
            self.place.append(self.next())

    def next(self) -> int:
        """Count one fact of Coq's."""
        self.count += 1
        return self.count

    def _split(self, line: list[Any], rest: Iterator[list[Any]]) -> list[str]:
        _, p, q, kind = line
        self.apply(line)
        facts, count = len(self.place), self.count
        start = self.proof.starts[kind]
        self._ended = next(rest)
        cases: dict[int, str] = {}
        while self._ended[0] == "case":
            label = self._ended[1] - start
            self._back_to(facts, count)
            _checker.RULES["case"](self.proof, *self._ended[1:])
            self.place.append(self.next())
            cases[label] = "; ".join(self.lines(rest))
        self._back_to(facts, count)
        _checker.RULES["end"](self.proof)
        left = [a for a in range(self.order) if a not in cases]
        if left:
            self.place.append(self.next())
        kept = f"(Some {left[0]})" if left else "None"
        second = "None" if q == EQ else f"(Some {q})"
        inside = "; ".join(f"({label}, [{branch}])" for label, branch in cases.items())
        return [self.split_line(p, second, kind, kept, f"[{inside}]")]

    def _back_to(self, facts: int, count: int) -> None:
        """Forget the facts of a case."""
        del self.place[facts:]
        self.count = count


def triple(cell: Sequence[int]) -> str:
    return f"({cell[0]}, {cell[1]}, {cell[2]})"


def listed(name: str, kind: str, elements: Sequence[str]) -> str:
    """Return the definition of a list, in parts that Coq reads quickly."""
    parts = [elements[i : i + _CHUNK] for i in range(0, len(elements), _CHUNK)] or [[]]
    lines = [
        f"Definition {name}_{i} : list {kind} := [\n  {'; '.join(part)}]."
        for i, part in enumerate(parts)
    ]
    whole = " ++ ".join(f"{name}_{i}" for i in range(len(parts)))
    return "\n".join([*lines, f"Definition {name} : list {kind} := {whole}."])
