"""A proof under construction: facts, the lines that made them, and what of it is needed.

The lines are those of schema ``cayley.certificate/1``; `cayley._checker` says what each one means.
"""

from collections.abc import Iterable, Sequence, Set
from typing import Any, TypeAlias

__all__ = ["EQ", "Fact", "ProofLines"]

EQ = -1
"""Stands in the middle of a fact that is an equality: ``(p, EQ, r)``."""

Fact: TypeAlias = tuple[int, int, int]
"""Three names: ``(p, q, r)`` for p*q = r, or ``(p, EQ, r)`` for p = r."""


class ProofLines:
    """Facts by their number, with the step that made each; written out without needless steps.

    Args:
        given: The facts that the proof begins with.
        num_names: How many names there are at the beginning.
    """

    def __init__(self, given: Iterable[Fact], num_names: int) -> None:
        self.facts: list[Fact] = list(given)
        self.num_names = num_names
        self._made_by = [-1] * len(self.facts)
        self._defined_by: dict[int, int] = {}
        self._first_defined = num_names
        # For each step its rule, other arguments, names, facts used, and number of facts made.
        self._steps: list[tuple[str, tuple[Any, ...], tuple[int, ...], tuple[int, ...], int]] = []

    def define(self, p: int, q: int, r: int, place: int) -> int:
        """Name the factor or product at a place of p*q = r; return the fact."""
        triple = [p, q, r]
        self._defined_by[self.num_names] = len(self._steps)
        names = tuple(x for at, x in enumerate(triple) if at != place)
        triple[place] = self.num_names
        self.num_names += 1
        return self._add("define", (place,), names, (), (triple[0], triple[1], triple[2]))

    def inverse(self, x: int) -> tuple[int, int]:
        """Name the inverse y of x; return the facts x*y = 1 and y*x = 1."""
        y = self.num_names
        self._defined_by[y] = len(self._steps)
        self.num_names += 1
        first = self._add("inverse", (), (x,), (), (x, y, 0), (y, x, 0))
        return first, first + 1

    def unit(self, x: int) -> tuple[int, int]:
        """Return the facts 1*x = x and x*1 = x."""
        first = self._add("unit", (), (x,), (), (0, x, x), (x, 0, x))
        return first, first + 1

    def same(self, i: int, j: int, place: int) -> int:
        """Two products agree in two places, and so in the third."""
        equal = (self.facts[i][place], EQ, self.facts[j][place])
        return self._add("same", (place,), (), (i, j), equal)

    def replace(self, i: int, place: int, j: int) -> int:
        """Put equals for equals, by the equality j, in one place of fact i."""
        fact, (x, _, y) = list(self.facts[i]), self.facts[j]
        fact[place] = y if fact[place] == x else x
        return self._add("replace", (place,), (), (i, j), (fact[0], fact[1], fact[2]))

    def associate(self, which: int, i: int, j: int, k: int) -> int:
        """Of v a = w, a b = c, w b = u, v c = u (numbers 0 to 3) three give the fourth."""
        one, two, three = self.facts[i], self.facts[j], self.facts[k]
        fact = (
            (three[0], one[0], two[0]),  # from a b = c, w b = u, v c = u
            (one[1], two[1], three[1]),  # from v a = w, w b = u, v c = u
            (one[2], two[1], three[2]),  # from v a = w, a b = c, v c = u
            (one[0], two[2], three[2]),  # from v a = w, a b = c, w b = u
        )[which]
        return self._add("associate", (which,), (), (i, j, k), fact)

    def law(self, law: int, instance: Sequence[int], used: Sequence[int], fact: Fact) -> int:
        """An instance of a law gives a fact; ``used`` holds -1 for a product that follows."""
        return self._add("law", (law,), tuple(instance), tuple(used), fact)

    def only(self, fact: Fact, place: int, kind: int, kept: int, used: Sequence[int]) -> int:
        """Every other label is excluded at a place of a fact; ``kept`` -1 refutes. Return the fact.

        If it refutes, the step is returned instead.
        """
        facts = () if kept == -1 else (fact,)
        names = tuple(x for at, x in enumerate(fact) if at != place)
        made = self._add("only", (place, kind, kept), names, tuple(used), *facts)
        return len(self._steps) - 1 if kept == -1 else made

    def clash(self, i: int) -> int:
        """Two labels are equal; return the step."""
        self._add("clash", (), (), (i,))
        return len(self._steps) - 1

    def cases(self, p: int, q: int, kind: int) -> int:
        """Open cases for p*q, or p if q is EQ; return the step."""
        self._add("cases", (kind,), (p, q), ())
        return len(self._steps) - 1

    def case(self, cases: int, label: int) -> int:
        """Suppose one case; return the fact. What is added until the next is local to it."""
        p, q = self._steps[cases][2]
        return self._add("case", (cases, label), (), (), (p, q, label))

    def end(self, cases: int, refutations: Sequence[int], left: int | None) -> int:
        """Close cases that some steps refute; return the fact that is left, or the step if none."""
        facts = () if left is None else ((*self._steps[cases][2], left),)
        made = self._add("end", (cases, tuple(refutations)), (), (), *facts)
        return len(self._steps) - 1 if left is None else made

    def frame(self, names: Sequence[int], used: Sequence[int]) -> int:
        """State the elements of the group in the order of the rows; return the step."""
        return self._macro("frame", tuple(names), tuple(used))

    def column(self, q: int, used: Sequence[int]) -> int:
        """State the column of q; return the step."""
        return self._macro("column", (q,), tuple(used))

    def compose(self, i: int) -> int:
        """Get one column from two; return the step."""
        return self._macro("compose", (), (i,))

    def symbols(self, used: Sequence[int]) -> int:
        """State which element each symbol is; return the step."""
        return self._macro("symbols", (), tuple(used))

    def _macro(self, rule: str, names: tuple[int, ...], used: tuple[int, ...]) -> int:
        self._add(rule, (), names, used)
        return len(self._steps) - 1

    def _add(
        self,
        rule: str,
        arguments: tuple[Any, ...],
        names: tuple[int, ...],
        used: tuple[int, ...],
        *facts: Fact,
    ) -> int:
        self._steps.append((rule, arguments, names, used, len(facts)))
        self.facts += facts
        self._made_by += [len(self._steps) - 1] * len(facts)
        return len(self.facts) - len(facts)

    def needed(
        self, steps: Iterable[int] = (), *, facts: Iterable[int] = (), known: Set[int] = frozenset()
    ) -> set[int]:
        """Return the steps that some steps and facts go back to, but for those that are known."""
        needed: set[int] = set()
        waiting = [*steps, *(self._made_by[i] for i in facts)]
        while waiting:
            step = waiting.pop()
            if step < 0 or step in needed or step in known:
                continue
            needed.add(step)
            rule, arguments, names, used, _ = self._steps[step]
            waiting += [self._made_by[i] for i in used if i >= 0]
            waiting += [self._defined_by[x] for x in names if x >= self._first_defined]
            if rule == "end":
                waiting += [arguments[0], *arguments[1]]
                # Every case is stated, even where what refutes it does not use it.
                waiting += self._cases_of(arguments[0], step)
            elif rule == "case":
                waiting.append(arguments[0])
        return needed

    def _cases_of(self, cases: int, end: int) -> list[int]:
        return [
            step
            for step in range(cases, end)
            if self._steps[step][0] == "case" and self._steps[step][1][0] == cases
        ]

    def written(self, needed: set[int]) -> list[list[Any]]:
        """Return the lines of some steps, which hold all that they go back to."""
        count = self._made_by.count(-1)
        number = {i: i for i in range(count)}
        first = self._first_defined
        name = {x: x for x in range(EQ, first)}
        fact_of_step: dict[int, int] = {}
        for i, step in enumerate(self._made_by):
            if step >= 0:
                fact_of_step.setdefault(step, i)
        lines: list[list[Any]] = []
        names = first
        open_: list[tuple[int, int]] = []  # how many facts and names there were before the cases
        for step in sorted(needed):
            rule, arguments, with_names, used, made = self._steps[step]
            if rule == "cases":
                open_.append((count, names))
            elif rule == "case":
                count, names = open_[-1]
            elif rule == "end":
                count, names = open_.pop()
            refs = [number[i] if i >= 0 else i for i in used]
            given = [name[x] for x in with_names]
            if rule == "define":
                name[self.facts[fact_of_step[step]][arguments[0]]] = names
                names += 1
            elif rule == "inverse":
                name[self.facts[fact_of_step[step]][1]] = names
                names += 1
            for offset in range(made):
                number[fact_of_step[step] + offset] = count
                count += 1
            lines.append(_line(rule, arguments, given, refs))
        return lines


def _line(rule: str, arguments: tuple[Any, ...], names: list[int], refs: list[int]) -> list[Any]:
    """Return a step as a line of the schema, its names and facts numbered as there."""
    if rule in ("define", "only"):
        names.insert(arguments[0], 0)  # what stands there is not looked at
    first, *rest = refs or [0]
    line = {
        "define": [*names, *arguments],
        "unit": names,
        "inverse": names,
        "replace": [first, *arguments, *rest],
        "same": [*refs, *arguments],
        "associate": [*arguments, *refs],
        "law": [*arguments, names, refs],
        "only": [*names, *arguments, refs],
        "clash": refs,
        "compose": refs,
        "cases": [*names, *arguments],
        "case": arguments[1:],
        "end": [],
        "frame": [names, refs],
        "column": [*names, refs],
        "symbols": [refs],
    }[rule]
    return [rule, *line]
