"""Ten exercises.

An exercise shows a table. A learner fills cells, points at one, names an instance of a law, or
chooses; what is claimed to be the answer is the only one, which the tests find out by trying all
others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables import UNKNOWN, Table

__all__ = ["LAWS", "LESSONS", "Hint", "Kind", "Lesson"]

Kind = Literal["fill", "cell", "law", "choice", "identity", "ask"]
"""What a learner does: fills cells, points at a wrong one, says where a law fails, chooses, names
the identity and the inverses, or asks for cells."""

LAWS: Mapping[str, tuple[str, int, Callable[[Any, tuple[int, ...]], bool]]] = {
    "associative": (
        "(x ∘ y) ∘ z = x ∘ (y ∘ z)",
        3,
        lambda t, v: t[t[v[0], v[1]], v[2]] == t[v[0], t[v[1], v[2]]],
    ),
    "commutative": ("x ∘ y = y ∘ x", 2, lambda t, v: t[v[0], v[1]] == t[v[1], v[0]]),
    "idempotent": ("x ∘ x = x", 1, lambda t, v: t[v[0], v[0]] == v[0]),
}  # fmt: skip
"""Laws by name: how they are written, their number of variables, whether they hold somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A hint: a sentence, and cells to look at."""

    text: str
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """An exercise.

    Attributes:
        name: Its name in requests.
        title: What it is called.
        text: What is to be done, in sentences.
        kind: What a learner does.
        table: The table that is shown.
        answer: The full table that is meant.
        hints: From a nudge to nearly everything.
        after: What there is to learn from it, shown once it is done.
        options: What can be chosen, by name, and which of them is right.
        right: The right option, or the law that fails.
        fewest: How many cells are enough, where cells are asked for.
    """

    name: str
    title: str
    text: str
    kind: Kind
    table: Table
    answer: Int[NDArray[Any], "n n"]
    hints: tuple[Hint, ...]
    after: str
    options: Mapping[str, str] = field(default_factory=dict)
    right: str = ""
    fewest: int = 0


def _of(labels: str, rows: str) -> Table:
    """Return a table from its rows, divided by blanks; a point is an unknown cell."""
    symbols = labels.split()
    place = {label: i for i, label in enumerate(symbols)} | {".": UNKNOWN}
    array = np.array([place[each] for each in rows.split()]).reshape(len(symbols), len(symbols))
    return Table.from_array(array, labels=symbols)


def _array(labels: str, rows: str) -> Any:
    return _of(labels, rows).array


_C4 = "e a b c  a b c e  b c e a  c e a b"
_FIVE = "e a b c d"
_C5 = "e a b c d  a c d b e  b d a e c  c b e d a  d e c a b"
_C5_WRONG = _C5.replace("b d a e c", "b d a e a")
_LOOP = "e a b c d  a e c d b  b d e a c  c b d e a  d c a b e"
_QUATERNIONS = (
    "s v u p w r q t  v p w q r t s u  u t p r v s w q  p q r s t u v w  "
    "w u q t p v r s  r w s u q p t v  q s t v u w p r  t r v w s q u p"
)
_S3 = "w y u z v x  x z v y u w  u v w x y z  v u x w z y  z x y v w u  y w z u x v"

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        name="fill",
        title="Fill the table",
        text="This is a group with four elements, and e is its identity. One more product is "
        "known: a ∘ a = b. Fill in the rest.",
        kind="fill",
        table=_of("e a b c", "e a b c  a b . .  b . . .  c . . ."),
        answer=_array("e a b c", _C4),
        hints=(
            Hint(text="In the table of a group each element stands once in every row and column."),
            Hint(
                text="Row a lacks c and e. Column c holds c already, so a ∘ c cannot be c.",
                cells=((1, 2), (1, 3)),
            ),
            Hint(
                text="a ∘ b = c and a ∘ c = e; the column of a is the same.", cells=((2, 1), (3, 1))
            ),
        ),
        after="One product was enough: everything is a power of a, so this is the cyclic group C4.",
    ),
    Lesson(
        name="law",
        title="Which law fails?",
        text="Rock, paper, scissors: the result is the one that wins. Two of the three laws hold "
        "everywhere. Name the one that fails, and elements at which it does.",
        kind="law",
        table=_of("r p s", "r p r  p p s  r s s"),
        answer=_array("r p s", "r p r  p p s  r s s"),
        options={name: f"{name}: {law}" for name, (law, _, _) in LAWS.items()},
        right="associative",
        hints=(
            Hint(text="Look at the diagonal, then compare the table with its mirror image."),
            Hint(text="It is the one law with three elements: brackets make a difference."),
            Hint(text="Try three different elements: who wins (r ∘ p) ∘ s, and who r ∘ (p ∘ s)?"),
        ),
        after="Without associativity, who wins depends on who plays first. It is no semigroup.",
    ),
    Lesson(
        name="wrong",
        title="Find the wrong cell",
        text="This was the table of a group before one entry was copied wrongly. Put the right "
        "element into the wrong cell.",
        kind="cell",
        table=_of(_FIVE, _C5_WRONG),
        answer=_array(_FIVE, _C5),
        hints=(
            Hint(text="In a group no element stands twice in a row or in a column."),
            Hint(text="One row has an element twice.", cells=tuple((2, b) for b in range(5))),
            Hint(
                text="One column has an element twice as well.",
                cells=tuple((a, 4) for a in range(5)),
            ),
        ),
        after="One wrong entry breaks one row and one column; it stands where they cross.",
    ),
    Lesson(
        name="latin",
        title="Finish a Latin square",
        text="Each of the four letters stands once in every row and in every column. Nothing else "
        "is known. There is just one way to finish it.",
        kind="fill",
        table=_of("a b c d", "a b . .  c . . .  . . . a  . . d ."),
        answer=_array("a b c d", "a b c d  c d a b  d c b a  b a d c"),
        hints=(
            Hint(text="Look for a cell whose row and column leave one letter only."),
            Hint(
                text="Row a lacks c and d, and column c holds d already.",
                cells=((0, 2), (0, 3)),
            ),
            Hint(
                text="Now column d has d and a. Its cell in row c is known: which letters are left "
                "for its two open cells, and which of them stands in row b?",
                cells=((1, 3), (3, 3)),
            ),
        ),
        after="This is the table of a quasigroup: every equation a ∘ x = b has a solution.",
    ),
    Lesson(
        name="group",
        title="Is it a group?",
        text="Every row and column holds each element once, e is the identity, and every element "
        "is its own inverse. Is it a group? If not, name elements at which the law fails.",
        kind="law",
        table=_of(_FIVE, _LOOP),
        answer=_array(_FIVE, _LOOP),
        options={
            "group": "Yes, it is a group",
            "associative": "No: (x ∘ y) ∘ z = x ∘ (y ∘ z) fails",
        },
        right="associative",
        hints=(
            Hint(text="Of the laws of a group one is left to check: associativity."),
            Hint(text="In a group of five elements, can any be its own inverse?"),
            Hint(
                text="Begin with a: compare (a ∘ a) ∘ b with a ∘ (a ∘ b).", cells=((1, 1), (1, 2))
            ),
        ),
        after="It is a loop and no group. Two elements, e and a, would be a subgroup, and 2 does "
        "not divide 5.",
    ),
    Lesson(
        name="inverses",
        title="Identity and inverses",
        text="This is a group. Find its identity and the inverse of every element.",
        kind="identity",
        table=_of("u v w x y z", _S3),
        answer=_array("u v w x y z", _S3),
        hints=(
            Hint(text="The row of the identity repeats the head of the table."),
            Hint(text="The row of w is u v w x y z.", cells=tuple((2, b) for b in range(6))),
            Hint(text="The inverse of an element stands over the w in its row."),
        ),
        after="An element that is its own inverse is called an involution.",
    ),
    Lesson(
        name="two",
        title="Which of two groups?",
        text="Two groups with eight elements are not commutative: the symmetries of a square, D8, "
        "and the quaternions, Q8. Which one is this?",
        kind="choice",
        table=_of("p q r s t u v w", _QUATERNIONS),
        answer=_array("p q r s t u v w", _QUATERNIONS),
        options={"D8": "D8, the symmetries of a square", "Q8": "Q8, the quaternions"},
        right="Q8",
        hints=(
            Hint(text="Find the identity, then look at the diagonal: the squares."),
            Hint(text="A square has four reflections, and each of them twice is nothing."),
            Hint(
                text="s is the identity. How many elements other than s have the square s?",
                cells=tuple((i, i) for i in range(8)),
            ),
        ),
        after="Q8 has one element of order 2, D8 has five.",
    ),
    Lesson(
        name="quandle",
        title="Complete a quandle",
        text="A quandle holds the colors of a knot's strands: x ∘ x = x, every row holds each "
        "element once, and x ∘ (y ∘ z) = (x ∘ y) ∘ (x ∘ z). Fill it in.",
        kind="fill",
        table=_of("a b c d", "a c d .  . b . c  . . c .  . . . d"),
        answer=_array("a b c d", "a c d b  d b a c  b d c a  c a b d"),
        hints=(
            Hint(text="The first row needs one more element.", cells=((0, 3),)),
            Hint(
                text="Use the law with x = a and y = b: "
                "a ∘ (b ∘ z) = (a ∘ b) ∘ (a ∘ z) = c ∘ (a ∘ z)."
            ),
            Hint(
                text="So row c is row b with every label moved as a moves it: b to c, c to d, "
                "d to b.",
                cells=tuple((1, b) for b in range(4)) + tuple((2, b) for b in range(4)),
            ),
        ),
        after="It is the quandle of the tetrahedron: each corner turns the three others.",
    ),
    Lesson(
        name="semilattice",
        title="A semilattice",
        text="The divisors 1, 2, 3 and 6 with the greatest common divisor, under other names: the "
        "operation is commutative, idempotent (x ∘ x = x) and associative. Fill it in.",
        kind="fill",
        table=_of("k l m n", "k m . k  . l . l  . . m .  . . . n"),
        answer=_array("k l m n", "k m m k  m l m l  m m m m  k l m n"),
        hints=(
            Hint(text="Begin with the mirror image of what is known."),
            Hint(text="m = k ∘ l, so k ∘ m = k ∘ (k ∘ l) = (k ∘ k) ∘ l.", cells=((0, 2), (1, 2))),
            Hint(text="m ∘ n = (k ∘ l) ∘ n = k ∘ (l ∘ n).", cells=((2, 3), (3, 2))),
        ),
        after="Read x ∘ y = x as: x lies below y. The table is then a picture of an order.",
    ),
    Lesson(
        name="ask",
        title="Ask the fewest cells",
        text="A group of five elements with the identity e is hidden. Uncover as few cells as you "
        "can so that all others follow.",
        kind="ask",
        table=_of(_FIVE, "e a b c d  a . . . .  b . . . .  c . . . .  d . . . ."),
        answer=_array(_FIVE, _C5),
        hints=(
            Hint(
                text="All groups of five elements are cyclic: everything is a power of any element "
                "but e."
            ),
            Hint(
                text="Uncover a square first, such as a ∘ a: it is a new element.", cells=((1, 1),)
            ),
            Hint(text="Then the next power, a ∘ (a ∘ a). What is left is the fourth power, and e."),
        ),
        after="Two cells are enough and one never is. This is what “Ask next” works out.",
        fewest=2,
    ),
)
"""The exercises in their order."""
