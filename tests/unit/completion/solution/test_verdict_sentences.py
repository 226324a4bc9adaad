"""Every sentence of every verdict is true, for all statuses, assumptions and solvers.

The oracle lists all groups and isotopes of groups of order 2 to 5. A sentence that no check knows
fails the test, so that nothing can be said that is not checked.
"""

import contextlib
import itertools
import re
from collections import Counter

import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.completion import Provenance, Solution, solution_from_document, solve
from cayley.tables import UNKNOWN, Table
from cayley.theories import parse_theory
from oracles import labeled_groups, labeled_isotopes, models, with_cells

ALL = {"group": labeled_groups, "isotope of a group": labeled_isotopes}
# what one operation of a kind is called: a group, an isotope of one, or a theory of laws
KIND = r"(group|isotope of a group|operation with [^.]*?|[a-z; =*()]*?[a-z)])"


def random_array(kind, n, rng):
    if kind == "group":
        return rng.choice(labeled_groups(n))
    if kind == "isotope":
        return rng.choice(labeled_isotopes(n))
    if kind == "wrong":
        array = rng.choice(labeled_groups(n)).copy()
        a, b = rng.integers(n, size=2)
        array[a, b] = (array[a, b] + 1) % n
        return array
    if kind == "maximum":
        return np.maximum.outer(np.arange(n), np.arange(n))
    return rng.integers(n, size=(n, n))


def partial_table(kind, n, fraction, rng):
    array = random_array(kind, n, rng).copy()
    hidden = rng.permutation(n * n)[round(fraction * n * n) :]
    array.flat[hidden] = UNKNOWN
    return Table.from_array(array, labels="abcde"[:n])


def is_homotope_of(name, table):
    """Whether h(f(a) * g(b)) gives a table for some maps f and g, and h one-to-one, by trying all.

    With u f, g v and h(u^-1 . v^-1) for f, g and h, one row and one column are the identity.
    """
    k, rows, columns = int(name[1]) ** (1 + (" x " in name)), *table.shape
    i, j = np.indices((k, k))
    group = i ^ j if name == "C2 x C2" else (i + j) % k
    for f in itertools.product(range(k), repeat=rows - 1):
        for g in itertools.product(range(k), repeat=columns - 1):
            products = group[np.ix_((0, *f), (0, *g))]
            pairs = set(zip(products.ravel().tolist(), table.ravel().tolist(), strict=True))
            if len(pairs) == len({p for p, _ in pairs}) == len({c for _, c in pairs}):
                return True
    return False


class TooMany(Exception):
    """There are too many tables of a kind to list: 4 ** 16 operations on four elements."""


class Checker:
    """The sentences that a verdict may have, each with a check by brute force."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.n = solution.table.order
        self.given = self.cells_of(solution.given.array)
        wrong = {(s.row, s.column, s.given) for s in solution.suspects}
        self.agreeing = [
            cell for cell, labels in zip(self.given, self.labels(), strict=True)
            if labels not in wrong
        ]  # fmt: skip

    def labels(self):
        return [tuple("abcde"[i] for i in cell) for cell in self.given]

    @staticmethod
    def cells_of(array):
        return [(a, b, int(array[a, b])) for a, b in np.argwhere(array >= 0).tolist()]

    def completions(self, kind, cells=None):
        return with_cells(self.all_of(kind), self.agreeing if cells is None else cells)

    def repeat_little(self):
        """Whether one in a hundred choices of wrong symbols at most repeats as little."""
        right = set(self.agreeing)
        wrong = [cell for cell in self.given if cell not in right]

        def repeats(a, b, c):
            return any(z == c and (x == a or y == b) for x, y, z in right)

        seen = sum(not repeats(*cell) for cell in wrong)
        others = [[c for c in range(self.n) if c != self.solution.table.array[a, b]]
                  for a, b, _ in wrong]  # fmt: skip
        counts = [
            sum(not repeats(a, b, c) for (a, b, _), c in zip(wrong, choice, strict=True))
            for choice in itertools.product(*others)
        ]
        return sum(count >= seen for count in counts) <= 0.01 * len(counts)

    def all_of(self, kind):
        """All tables of a kind; laws alone describe too many above order 3."""
        if kind in ALL:
            return ALL[kind](self.n)
        if self.n > 3:
            raise TooMany
        theories = [self.solution.assumption, *(rival.theory for rival in self.solution.rivals)]
        theories += [each.structure for each in self.solution.refuted]
        theory = next(each for each in theories if self.parts(str(each)) == self.parts(kind))
        return models(theory, self.n)

    @staticmethod
    def parts(kind):
        """The names and laws of which a kind is made up, in whatever words."""
        return set(re.split("; | and | with ", kind.removeprefix("operation with ")))

    @staticmethod
    def without_article(words):
        return words.removeprefix("another ").removeprefix("an ").removeprefix("a ")

    def is_listed(self, kind):
        table = self.solution.table.array
        return bool((ALL[kind](self.n) == table).all(axis=(1, 2)).any())

    def check(self) -> None:
        patterns = {re.compile(pattern): check for pattern, check in self.sentences().items()}
        left = self.solution.verdict
        while left:
            for pattern, check in patterns.items():
                found = pattern.match(left)
                if found:
                    with contextlib.suppress(TooMany):
                        assert check(*found.groups()) is not False, (found.group(), self.given)
                    left = left[found.end() :].lstrip()
                    break
            else:
                pytest.fail(f"no check knows what follows: {left!r}")

    def sentences(self):
        counts, size = self.solution.counts, self.n**2
        return {
            r"This is (.*?), as given: verified in all (\d+) cells\.": self.is_what,
            r"This is (.*?): verified in all (\d+) cells\.": self.is_what,
            r"The one shown is (.*?), verified in all (\d+) cells\.": self.is_what,
            r"The table was given whole\. It is no quasigroup, no semigroup and no isotope of a "
            r"group; `cayley inspect` says what it is\.": self.is_magma,
            r"It is one of (at least )?(\d+) tables that fit; the (?:(\d+) )?predicted cells? may "
            r"differ\.": self.is_one_of,
            rf"The (\d+) observed cells? (?:do|does) not decide the table: more than one {KIND} "
            r"has them\.": lambda k, kind: len(self.given) == int(k)
            and len(self.completions(kind)) > 1,
            r"It contradicts (\d+) of (\d+) observations?, suspected to be wrong\.":
                self.contradicts,
            r"The (\d+) (?:other )?observed cells force the (\d+) missing\.": self.forces,
            r"The (\d+) (?:other )?observed cells force the whole table\.":
                lambda k: self.forces(k, 0),
            r"It agrees with the (\d+) (?:other )?observed cells; the (\d+) missing are "
            r"predicted\.":
                lambda k, m: int(k) == len(self.agreeing) and int(m) == size - len(self.given),
            r"That it is (an? .*?) was given\.": lambda kind: self.solution.standing == "given",
            r"That it is (an? .*?) is earned: so much agreement by chance has odds below "
            r"10\^(-\d+)\.": self.is_earned,
            r"(?:Supposed, not proved: i|I)f this is (an? .*?), (?:it is (.*?)(?:, and )?)?"
            r"(?:the (?:other|observed) cells force the (\d+) missing)?\.": self.supposed,
            r"(?:Supposed, not proved: i|I)f this is (an? .*?), the table shown is (.*?), and it "
            r"is not the only one\.": self.not_only,
            r"(?:Supposed, not proved: i|I)f this is (an? .*?), the table shown is one that has "
            r"the observed cells\.": lambda kind: True,
            r"Predicted, not proved: (\d+) (?:.*?) have the observed cells; the one shown spreads "
            r"its symbols most evenly\.": self.spreads,
            r"If this is (an? .*?), (\d+) cells? (?:is|are) predicted"
            r"(?: and (\d+) missing cells? forced)?\.": lambda kind, p, f: (
                int(p) == counts["predicted"] and int(f or 0) == counts["forced"]
            ),
            r"Then (.*?) (?:is|are) wrong\.": lambda listed: all(
                text in [f"{s.row} o {s.column} = {s.given}" for s in self.solution.suspects]
                for text in listed.removesuffix(" and others").split(", ")
            ),
            r"That it is (an? .*?) is only supposed\.": lambda kind: (
                self.solution.standing == "supposed"
            ),
            r"Earned is that it is (an? .*?)\.": lambda kind: (
                self.parts(str(self.solution.earned)) == self.parts(self.without_article(kind))
            ),
            r"If it is ((?:an?|another) .*?) instead, (.*?)(?: and \d+ more cells differ)?"
            r"(?:, and .*? (?:is|are) wrong|, with \d+ observations? suspected to be wrong)?\.":
                self.rival,
            r"The (\d+) observed cells? (?:do|does) not decide\.": lambda k: bool(
                self.solution.rivals
            )
            and int(k) == len(self.given),
            r"The (\d+) observed cells? (?:are|is) too few to earn it\.": lambda k: int(k)
            == len(self.given)
            and self.solution.standing == "supposed",
            r"With (\d+) of the (\d+) observed cells? wrong it is not earned\.": lambda s, k: (
                (int(s), int(k)) == (len(self.solution.suspects), len(self.given))
                and self.solution.standing == "supposed"
            ),
            r"(?:These repeat fewer symbols of their rows and columns than wrong entries would|"
            r"It repeats no symbol of its row and column, as a wrong entry would), so .*? is not "
            r"earned\.": self.repeat_little,
            r"The completed table is (.*?), but nothing was assumed that would force them\.":
                lambda what: self.is_what(what, size),
            r"In all (at least )?(\d+) (?:.*?) have the observed cells\.": self.are_many,
            r"Of (\d+) missing cells? the (?:other observed|observed) ones force (\d+); (\d+) are "
            r"predicted\.": lambda m, k, p: int(m) == int(k) + int(p)
            and (int(k), int(p)) == (counts["forced"], counts["predicted"]),
            rf"No other {KIND} has these cells\.": lambda kind: len(self.completions(kind)) == 1,
            rf"Another {KIND} has these cells too\.": lambda kind: len(self.completions(kind)) > 1,
            rf"Whether another {KIND} has these cells is not known\.": lambda kind: True,
            r"Predicted, not proved: (\d+) missing cells? filled by what was learned\.":
                lambda m: int(m) == size - len(self.given) == counts["predicted"],
            r"Predicted, not proved: (\d+) missing cells? filled by what was learned; if this is "
            rf"an? {KIND}, (\d+) missing cells? forced\.": self.learned_beside,
            r"The completed table is (an? [^,]*?): verified in all (\d+) cells\.": self.is_what,
            r"(\d+) cells? (?:is|are) predicted by what was learned, as far as an? .*? allows\.":
                lambda m: int(m) == counts["predicted"],
            r"The completed table is (?:an? [\w ]+, but )?no group or isotope of a group, so "
            r"nothing exact confirms them\.": lambda: not self.is_listed("isotope of a group"),
            r"Unresolved:": lambda: self.solution.status == "unresolved",
            r"(\d+) cells? could not be filled\.": lambda m: int(m) == counts["unknown"],
            rf"(\d+) cells? are proved, if this is an? {KIND}\.": self.proved_if,
            r"the (\d+) predicted cells come from matrices that do not even fit the observed ones; "
            r"do not rely on them\.": lambda m: int(m) == counts["predicted"],
            rf"Inconsistent: no {KIND} has these cells; already these contradict(?: \(.*?\))?: "
            r"(.*)\.": self.inconsistent,
        }  # fmt: skip

    def supposed(self, kind, what, missing):
        tables = self.completions(self.without_article(kind))
        if what is not None:
            self.is_what(what, self.n**2)
        if missing is None:
            return True
        assert int(missing) == self.n**2 - len(self.given)
        return len(tables) == 1 and np.array_equal(tables[0], self.solution.table.array)

    def spreads(self, count):
        tables = self.completions(str(self.solution.assumption))
        unevenness = [(np.bincount(table.ravel(), minlength=self.n) ** 2).sum() for table in tables]
        shown = (np.bincount(self.solution.table.array.ravel(), minlength=self.n) ** 2).sum()
        return len(tables) == int(count) and unevenness.count(shown) == 1 == (
            sum(each <= shown for each in unevenness)
        )

    def not_only(self, kind, what):
        self.is_what(what, self.n**2)
        return len(self.completions(self.without_article(kind))) > 1

    def is_earned(self, kind, exponent):
        return self.solution.log10_chance <= int(exponent) <= -6

    def rival(self, kind, listed):
        tables = self.completions(self.without_article(kind), self.given)
        products = [re.fullmatch(r"(\w) o (\w) = (\w+)", text) for text in listed.split(", ")]
        for a, b, c in (product.groups() for product in products):
            place = "abcde".index(a), "abcde".index(b)
            if c != "open" and not (tables[(slice(None), *place)] == "abcde".index(c)).any():
                return False
        return True

    def are_many(self, least, count):
        known = len(self.completions(str(self.solution.assumption)))
        return known >= int(count) if least else known == int(count)

    def is_what(self, what, cells):
        is_isotope, is_group = self.is_listed("isotope of a group"), self.is_listed("group")
        latin = all(len(set(line)) == self.n for line in self.solution.table.array.tolist())
        latin &= all(len(set(line)) == self.n for line in self.solution.table.array.T.tolist())
        assert int(cells) == self.n**2
        if what.startswith("an isotope of"):
            return is_isotope and not is_group
        if what.startswith("the group"):
            return is_group
        if what.startswith("a homotope of the group"):
            return is_homotope_of(what.split()[5], self.solution.table.array)
        if self.solution.assumption is not None and (
            self.parts(self.without_article(what)) == self.parts(str(self.solution.assumption))
        ):
            table = self.solution.table.array
            return bool((self.all_of(str(self.solution.assumption)) == table).all((1, 2)).any())
        if what in ("an inverse semigroup", "an inverse monoid"):
            t, everyone = self.solution.table.array.tolist(), range(self.n)
            inverses = [
                sum(t[t[x][y]][x] == x and t[t[y][x]][y] == y for y in everyone) for x in everyone
            ]
            return not is_isotope and set(inverses) == {1}
        return not is_isotope and latin == (what in ("a loop", "a quasigroup"))

    def is_one_of(self, least, count, predicted):
        fitting = self.completions(
            str(self.solution.assumption).replace("group isotope", "isotope of a group")
        )
        assert len(fitting) >= int(count) >= 2 and (least or len(fitting) == int(count))
        others = (fitting != self.solution.table.array).any(axis=0)
        marked = self.solution.provenance == Provenance.PREDICTED
        return int(predicted or 1) == marked.sum() and (others <= marked).all()

    def is_magma(self):
        t = self.solution.table.array
        return self.solution.given.is_full and not (t[t] == t[:, t]).all()

    def contradicts(self, wrong, seen):
        assert int(seen) == len(self.given)
        return int(wrong) == len(self.given) - len(self.agreeing)

    def forces(self, kept, missing):
        kind = str(self.solution.assumption or Structure.GROUP_ISOTOPE)
        kind = "isotope of a group" if kind == "group isotope" else kind
        assert int(kept) == len(self.agreeing)
        assert int(missing) in (0, self.n**2 - len(self.given))
        found = self.completions(kind)
        return len(found) == 1 and np.array_equal(found[0], self.solution.table.array)

    def learned_beside(self, predicted, kind, forced):
        assert int(predicted) == self.solution.counts["predicted"]
        return self.proved_if(forced, kind)

    def proved_if(self, count, kind):
        forced = np.argwhere(self.solution.provenance == Provenance.FORCED)
        assert len(forced) == int(count)
        tables = self.completions(kind)
        return all(
            len(set(tables[:, a, b].tolist()) | {int(self.solution.table.array[a, b])}) == 1
            for a, b in forced
        )

    def inconsistent(self, kinds, listed):
        *others, kind = kinds.split(" and no ")
        if any(len(self.completions(each, self.given)) for each in (*others, kind)):
            return False
        if listed.endswith("more"):
            return True  # the rest is in the document, which the next test checks
        products = [re.fullmatch(r"(\w) o (\w) = (\w)", text) for text in listed.split(", ")]
        cells = [tuple("abcde".index(x) for x in product.groups()) for product in products]
        return set(cells) <= set(self.given) and not len(self.completions(kind, cells))


def check_refutations(solution: Solution) -> None:
    """Every refutation is true of its cells alone, whatever the verdict says."""
    n = solution.table.order
    for each in solution.refuted:
        kind = "group" if each.structure is Structure.GROUP else "isotope of a group"
        if not isinstance(each.structure, Structure):
            continue
        cells = [tuple("abcde".index(x) for x in cell) for cell in each.cells]
        assert not len(with_cells(ALL[kind](n), cells))


KINDS = ("group", "isotope", "wrong", "maximum", "magma")
SOLVERS = ("exact", "auto", "synchronization", "hypercube")


@pytest.mark.parametrize("assume", ["auto", "group", "isotope", "none"])
@pytest.mark.parametrize(
    ("solver", "draws"),
    [
        ("exact", 5),  # each share of known cells once
        ("auto", 2),
        ("synchronization", 2),
        ("hypercube", 2),
        *(pytest.param(solver, 10, marks=pytest.mark.slow) for solver in SOLVERS),
    ],
)
def test_every_sentence_is_true(assume, solver, draws) -> None:
    rng = np.random.default_rng(["auto", "group", "isotope", "none"].index(assume))
    statuses: Counter[str] = Counter()
    for draw in range(draws):
        for kind in KINDS:
            n = int(rng.integers(2, 6))
            fraction = (1.0, 0.5, 0.8, 0.3, 0.15)[draw % 5]
            table = partial_table(kind, n, fraction, rng)
            # What is said has to be true wherever the search was cut short.
            solution = solve(
                table, assume=assume, solver=solver, seed=draw, restarts=1, time_limit=0.4
            )
            Checker(solution).check()
            check_refutations(solution)
            assert str(solution.options["solver"]) == solver
            statuses[solution.status] += 1
            if assume == "none":
                assert solution.unique_among is None
                assert not solution.counts["forced"]
    assert statuses["solved"]
    assert len(statuses) > 1


THEORIES = (
    "semilattice", "commutative monoid", "left quandle", "quasigroup", "x*y = y*x", "rack",
    "left zero band", "x*(x*y) = x*y; x*x = x", "abelian group",
)  # fmt: skip


@pytest.mark.parametrize(
    ("theory", "draws"),
    [
        *((theory, 3) for theory in THEORIES),
        ("auto", 6),
        *(pytest.param(theory, 12, marks=pytest.mark.slow) for theory in (*THEORIES, "auto")),
    ],
)
def test_every_sentence_about_theories_is_true(theory, draws) -> None:
    rng = np.random.default_rng(len(theory))
    statuses: Counter[str] = Counter()
    for draw in range(draws):  # six of them go through all choices below
        n = 2 + draw % 2
        array = np.minimum.outer(np.arange(n), np.arange(n)) if draw % 3 else None
        if array is None:
            array = rng.integers(n, size=(n, n))
        array.flat[rng.permutation(n * n)[: rng.integers(1, n * n)]] = UNKNOWN
        table = Table.from_array(array, labels="abc"[:n])
        solution = solve(table, assume=theory, solver="exact")
        Checker(solution).check()
        statuses[solution.status] += 1
        if solution.status == "solved":
            assert solution.standing in ("given", "earned")
        for (a, b), values in solution.possible.items():
            tables = Checker(solution).completions(str(solution.assumption))
            assert set(tables[:, a, b].tolist()) == set(values)
    assert len(statuses) > 1


@pytest.mark.parametrize("name", ["C3", "C4", "C2 x C2", "C5"])
def test_the_group_of_a_homotope_is_named(name) -> None:
    k = {"C3": 3, "C4": 4, "C2 x C2": 4, "C5": 5}[name]
    rows = 3 if k == 5 else 4  # fewer maps to try
    i, j = np.indices((rows, k))
    array = (i ^ j) if name == "C2 x C2" else (i % k + j) % k  # row 3 is row 0 for C3
    array[-1, k - 1] = UNKNOWN
    table = Table(rows="abcd"[:rows], columns="vwxyz"[:k], symbols="01234"[:k], array=array)
    solution = solve(table, assume="homotope")
    (named,) = re.findall(r"This is a homotope of the group (.*?) \(GAP", solution.verdict)
    assert named == name
    assert is_homotope_of(name, solution.table.array)
    assert solution.to_document()["group"]["name"] == name
    again = solution_from_document(solution.to_document())
    assert again.verdict == solution.verdict
    others = {"C3", "C4", "C2 x C2"} - {name}
    assert not any(is_homotope_of(other, solution.table.array) for other in others)


@pytest.mark.parametrize("theory", ["quasigroup", "semilattice", "x*y = y*x; x*x = x"])
def test_what_is_learned_under_a_theory_obeys_it_and_is_called_so(theory) -> None:
    rng = np.random.default_rng(len(theory))
    tables = models(parse_theory(theory), 3)
    predicted = 0
    for draw in range(6):
        array = rng.choice(tables).copy()
        array.flat[rng.permutation(9)[: 3 + draw]] = UNKNOWN
        table = Table.from_array(array, labels="abc")
        solution = solve(table, assume=theory, solver="hypercube", seed=draw, restarts=2)
        Checker(solution).check()
        assert solution.standing == "given"
        filled = solution.table.array
        agreeing = (np.equal(tables, filled) | (filled < 0)).all(axis=(1, 2))
        assert agreeing.any()
        predicted += solution.counts["predicted"]
    assert predicted


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("n", [3, 4, 5])
def test_subtraction_is_refuted_as_a_group_and_never_as_an_isotope(n, solver) -> None:
    subtraction = np.subtract.outer(np.arange(n), np.arange(n)) % n
    solution = solve(
        Table.from_array(subtraction, labels="abcde"[:n]), assume="group", solver=solver
    )
    assert solution.status == "inconsistent"
    assert (solution.assume, solution.assumption) == (Structure.GROUP, Structure.GROUP)
    assert solution.verdict.startswith("Inconsistent: no group has these cells; already")
    assert "isotope" not in solution.verdict
    assert solution.structure is Structure.GROUP_ISOTOPE
    Checker(solution).check()
    check_refutations(solution)
