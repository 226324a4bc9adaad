"""What cells say of all tables of a theory: what they force, and which of them are wrong."""

from collections.abc import Sequence
from typing import Any

from cayley import _checker
from cayley.completion.certificates._coq._lines import listed, triple
from cayley.completion.certificates._coq._settings import CHECKED, Setting, setting_of

__all__ = ["CONSEQUENCES", "consequences_text"]

CONSEQUENCES = ("forced", "inconsistent", "possible", "next", "wrong")
"""Claims about all tables of a theory."""


def consequences_text(
    document: dict[str, Any], claim: dict[str, Any], suffix: str
) -> tuple[str, str]:
    """Return the part of the file for a claim about all tables, and definitions with a theorem.

    Args:
        document: A certificate that the checker accepts.
        claim: One of its claims.
        suffix: What the names of the definitions end in.
    """
    setting = setting_of(_checker.Theory(claim["theory"]), len(document["rows"]), suffix)
    writer = _Consequences(document, claim, suffix, setting)
    kind = claim["claim"]
    if kind in ("forced", "inconsistent"):
        written = writer.forced()
    elif kind == "wrong":
        written = writer.wrong()
    else:
        written = writer.answers() if kind == "next" else writer.possible()
    text = [setting.preamble, *written, f"Print Assumptions claim{suffix}.", ""]
    return setting.module, "\n".join(filter(None, text)) + "\n"


class _Consequences:
    """The theorem for one claim, with what it needs."""

    def __init__(
        self, document: dict[str, Any], claim: dict[str, Any], suffix: str, setting: Setting
    ) -> None:
        self._claim, self._suffix, self._setting = claim, suffix, setting
        self._document = document
        without = set(claim.get("without", ())) if claim["claim"] != "wrong" else set()
        self._cells = [c for i, c in enumerate(document["cells"]) if i not in without]
        self._name = f"cells{suffix}"
        self._gauge = claim.get("gauge", [0, 0])

    def forced(self) -> list[str]:
        """Return that the cells force others, or contradict each other."""
        claim, name = self._claim, f"claim{self._suffix}"
        written = [_cells_text(self._name, self._cells)]
        wanted = None
        if claim["claim"] == "forced":
            table = self._document["table"]
            cells = claim["cells"]
            if cells == "all":
                cells = [(a, b, c) for a, row in enumerate(table) for b, c in enumerate(row)]
            wanted = (f"forced{self._suffix}", cells)
            written.append(_cells_text(*wanted))
        given, lines = (self._name, self._cells), claim["proof"]
        setting, gauge = self._setting, self._gauge
        proved = setting.consequence(name, given, lines, gauge, wanted, keyword="Theorem")
        return [*written, proved]

    def possible(self) -> list[str]:
        """Return that a cell has one of some values."""
        a, b = self._claim["cell"]
        refuted = dict(self._claim["refuted"])
        left = [v for v in range(self._setting.order) if v not in refuted]
        parts = [self._part(value, lines) for value, lines in refuted.items()]
        scripts = {
            v: f"simpl; {'right; ' * left.index(v)}left; reflexivity" if v in left else None
            for v in range(self._setting.order)
        }
        values = "; ".join(map(str, left))
        return [
            _cells_text(self._name, self._cells), *parts,
            self._by_value(a, b, f"In c [{values}]", scripts),
        ]  # fmt: skip

    def answers(self) -> list[str]:
        """Return that each answer for a cell is impossible, or forces more cells."""
        a, b = self._claim["cell"]
        n, suffix = self._setting.order, self._suffix
        written = [_cells_text(self._name, self._cells)]
        scripts: dict[int, str | None] = {}
        answers: list[str] = []
        counts: list[str] = []
        for value, wanted, lines in sorted(self._claim["answers"], key=lambda each: each[0]):
            given = [*self._cells, (a, b, value)]
            proof = _checker.Proof(self._setting.theory, n, given, self._gauge)
            if proof.run(lines).refuted:
                scripts[value] = None
                written.append(self._part(value, lines))
                continue
            named = (f"more{suffix}_{value}", wanted)
            written.append(_cells_text(*named))
            if wanted:
                written.append(self._part(value, lines, named))
                shown = f"exact (part{suffix}_{value} {self._setting.given} (hold_app _ _ _ Hc Hv))"
            else:
                shown = "intros x y z []"
            at = f"exact (nth_error_In answers{suffix} {len(answers)} eq_refl)"
            scripts[value] = f"exists {named[0]}; split; [{at}|{shown}]"
            answers.append(f"({value}, {named[0]})")
            known = {(x, y) for x, y, _ in given}
            counts.append(f"({value}, {len({(x, y) for x, y, _ in wanted} - known)}%nat)")
        conclusion = f"exists more, In (c, more) answers{suffix} /\\ {self._setting.has} more"
        added = f"added ((({a}, {b}), fst each) :: {self._name}) (snd each)"
        return [
            *written, listed(f"answers{suffix}", "(N * list (N * N * N))", answers),
            f"Theorem counts{suffix} :",
            f"  map (fun each => (fst each, {added})) answers{suffix} =",
            f"  [{'; '.join(counts)}].", f"Proof. {CHECKED}. Qed.",
            self._by_value(a, b, conclusion, scripts),
        ]  # fmt: skip

    def wrong(self) -> list[str]:
        """Return that so many cells are wrong at least, and if no more are, which."""
        claim, suffix, has = self._claim, self._suffix, self._setting.has
        these = sorted(set(claim["without"]))
        refuted = sorted(claim["refuted"], key=lambda each: len(each[0]))
        written, cases = [_cells_text(self._name, self._cells)], []
        for i, (places, lines, gauge) in enumerate(refuted):
            set_ = f"[{'; '.join(map(str, places))}]"
            given = (f"some {self._name} {set_}", [self._cells[x] for x in places])
            written.append(self._setting.consequence(f"part{suffix}_{i}", given, lines, gauge))
            cases.append(f"exact (part{suffix}_{i} {self._setting.given} Hs)")
        sets = [f"[{'; '.join(map(str, places))}]" for places, _, _ in refuted]
        written.append(listed(f"sets{suffix}", "(list N)", sets))
        pattern = "[]"
        for _ in sets:
            pattern = f"[<-|{pattern}]"
        holds = f"(fun a b c => {_cell_of(self._setting)})"
        script = [
            f"assert (Hsets : forall s, In s sets{suffix} -> hold {holds} (some {self._name} s)"
            " -> False).",
            f"  {{ intros s Hin Hs. destruct Hin as {pattern}; [{' | '.join(cases)}]. }}",
            "  intros bad Hbad.",
        ]
        least = f"apply (at_least _ _ _ Hsets {len(these) - 1}%nat); [{CHECKED}|exact Hbad]"
        if not these:
            least = "apply Nat.le_0_l"
        conclusion = f"({len(these)} <= length bad)%nat"
        if claim["only"]:
            listing = f"[{'; '.join(map(str, these))}]"
            conclusion = (
                f"{conclusion} /\\\n  ((length bad <= {len(these)})%nat -> "
                f"forall i, In i bad <-> In i {listing})"
            )
            just = (
                f"intros Hlength; apply (just_these _ _ _ Hsets {listing}); "
                f"[{CHECKED}|exact Hbad|exact Hlength]"
            )
            least = f"split; [{least}|{just}]"
        conclusion = f"forall bad : list N, {has} (all_but bad {self._name}) ->\n  {conclusion}"
        script.append(f"  {least}.")
        return [
            *written, self._setting.theorem(f"claim{suffix}", conclusion, "\n".join(script))
        ]  # fmt: skip

    def _part(
        self, value: int, lines: Sequence[list[Any]], wanted: tuple[str, Any] | None = None
    ) -> str:
        """Return the lemma for one value of the cell that is asked for."""
        a, b = self._claim["cell"]
        given = (f"{self._name} ++ [{triple((a, b, value))}]", [*self._cells, (a, b, value)])
        name = f"part{self._suffix}_{value}"
        return self._setting.consequence(name, given, lines, self._gauge, wanted)

    def _by_value(self, a: int, b: int, conclusion: str, scripts: dict[int, str | None]) -> str:
        """Return the theorem about each value of a cell; without a script it is refuted."""
        suffix, setting = self._suffix, self._setting
        pattern, cases = "[]", []
        for value in range(setting.order):
            pattern = f"[<-|{pattern}]"
            script = scripts[value]
            if script is None:
                part = f"part{suffix}_{value} {setting.given} (hold_app _ _ _ Hc Hv)"
                script = f"exfalso; exact ({part})"
            cases.append(script)
        numbers = "; ".join(map(str, range(setting.order)))
        conclusion = (
            f"{setting.has} {self._name} ->\n  forall c, c < {setting.order} -> "
            f"{setting.has} [({a}, {b}, c)] ->\n  {conclusion}"
        )
        script = "\n".join([
            "intros Hc c Hlt Hv.",
            f"  assert (Hin : In c [{numbers}]) by exact (numbers_all {setting.order} c Hlt).",
            f"  destruct Hin as {pattern}.", *(f"  - {each}." for each in cases),
        ])  # fmt: skip
        return setting.theorem(f"claim{suffix}", conclusion, script)


def _cells_text(name: str, cells: Sequence[Sequence[int]]) -> str:
    return listed(name, "(N * N * N)", [triple(cell) for cell in cells])


def _cell_of(setting: Setting) -> str:
    """Return what is said of one cell (a, b, c)."""
    if setting.module == "Laws":
        return "op (f a) (f b) = f c"
    if setting.theory.is_homotope:
        return "o a b = c"
    return "op G (f a) (g b) = h c" if setting.theory.is_isotope else "op G (f a) (f b) = f c"
