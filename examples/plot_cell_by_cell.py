r"""
How few questions find a group?
===============================

*Each product costs a day in the laboratory. Twelve substances, or moves, or operators
combine in pairs, and we believe that they form a group. There are five groups of order
twelve. Which pair should be tried first, which next, and how many days does it take to
know the whole table?*

The table has 144 cells. Asking at random wastes most of the answers, for many follow
from those before. ``next_cells`` asks for the cell whose answer is most uncertain, over
all groups that agree with the answers so far.
"""

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.completion import Provenance
from cayley.tables import mask, shuffle

plt.style.use("tableau-colorblind10")

# %%
# The laboratory
# --------------
# The truth is hidden in a function, with its labels in a random order. It is the group
# of symmetries of a hexagon, which nobody tells cayley.

letters = [chr(ord("a") + i) for i in range(12)]
truth = cayley.Table.from_array(
    shuffle(cayley.generate("D12"), seed=5).array, labels=letters
)


def experiment(row, column):
    """Return the product of two; it takes a day."""
    return truth[row, column]


# %%
# One day after the other
# -----------------------
# Before the first answer all 144 cells are open. After each one we note how many cells
# are known, because they were observed or follow from what was. For a long time nothing
# follows; then a single answer decides everything.

known = cayley.Table.from_triples([], labels=letters)
days, determined = [], []
while questions := cayley.next_cells(known, assume="group"):
    question = questions[0]
    answer = experiment(question.row, question.column)
    days.append((question.row, question.column, answer))
    known = cayley.Table.from_triples(days, labels=letters)
    so_far = cayley.solve(known, assume="group")
    certain = np.isin(so_far.provenance, (Provenance.OBSERVED, Provenance.FORCED))
    determined.append(int(certain.sum()))
    print(
        f"day {len(days)}: {question.row} {question.column} = {answer},",
        f"worth {question.bits:.1f} bits;" if question.bits else "",
        f"{determined[-1]} cells are known",
    )
print(so_far.verdict)
print("as in the laboratory:", so_far.table == truth)

# %%
# The table with all that follows. A mark in the corner of a cell says that nobody had
# to try it.

show("table", so_far)

# %%
# Against chance
# --------------
# How many cells, in a random order, are needed until the rest is forced? Ten orders,
# each searched by halving.


def needed_at_random(seed):
    """Return how many cells are enough, taken in a random order."""
    few, enough = 0, 144
    while enough - few > 1:
        middle = (few + enough) // 2
        part = mask(truth, observe=middle / 144, seed=seed)
        forced = cayley.solve(part, assume="group", solver="exact").unique == "yes"
        few, enough = (few, middle) if forced else (middle, enough)
    return enough


SAMPLES = 10
at_random = [needed_at_random(seed) for seed in range(SAMPLES)]
print("at random:", sorted(at_random), "chosen:", len(days))

fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
ax.step([0, *range(1, len(days) + 1)], [0, *determined], where="post", lw=2.5,
        label="chosen by next_cells")  # fmt: skip
ax.axhline(144, color="0.8", zorder=0)
ax.plot(at_random, [144] * SAMPLES, "o", color="C1", ms=9, alpha=0.6,
        label="random orders: when all are known")  # fmt: skip
ax.set(xlabel="products tried", ylabel="cells known for certain", ylim=(0, 155))
ax.set(xlim=(0, 1 + max(at_random)), xticks=range(0, 2 + max(at_random), 2))
ax.legend(frameon=False, loc="center left")
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# Why this one?
# -------------
# Each question says what it would settle. The first, on an empty table, cannot be
# better than any other. Take the second day again:

second = cayley.next_cells(
    cayley.Table.from_triples(days[:1], labels=letters), assume="group"
)[0]
print(second)
print(second.why)

# %%
# Proved: that the answers force the table, if it is a group, and its name. Given, not
# proved: that it is a group; a single answer that contradicts it would be noticed.
# Learned: nothing. Unknown: whether still fewer questions could do; each choice is the
# best for the next day only, and what the answers will be is not known beforehand.
