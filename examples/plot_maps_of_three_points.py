r"""
What can happen to three things?
================================

*A machine has three states and some buttons. Each button sends every state to some
state, and sends two of them to the same place if it forgets something. What are all the
things that can happen, and in what order can information be lost?*

There are :math:`3^3 = 27` maps of three points to themselves, and they compose. Six of
them are permutations. The others cannot be undone, so this is no group, and a picture
of a group would show nothing of it. What to draw instead was found by J. A. Green in
1951.
"""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.tables import mask

plt.style.use("tableau-colorblind10")

# %%
# All maps
# --------
# A map is written as its three values: ``122`` sends 1 to 1, and 2 and 3 to 2. The
# product ``f g`` is first f, then g.

maps = list(product((1, 2, 3), repeat=3))
words = ["".join(map(str, f)) for f in maps]
every = cayley.Table.from_operation(
    lambda f, g: tuple(g[i - 1] for i in f), maps, labels=words
)
inspected = cayley.inspect(every)
semigroup = inspected.parts["semigroup"]
print(f"a {inspected.kind} of {len(words)} elements")
print("what can be undone:", semigroup["units"])
print("what is lost for good:", semigroup["minimal_ideal"])
print(len(semigroup["idempotents"]), "maps change nothing when done twice")

# %%
# The egg-box
# -----------
# Two maps are in one box if each can be made into the other by doing something before
# and after. Here that means: they keep equally much, three, two or one of the points
# apart. In a box, maps in a row forget the same, and maps in a column reach the same. A
# cell with a star is a group of its own; its star is the map that changes nothing
# there.

solution = cayley.solve(every)
show("egg-box", solution)

# %%
# From above to below information is lost, and nothing leads back up. The middle box has
# groups of order two in six of its nine cells; in the other three, what a map reaches
# does not fit what it tells apart, and doing it twice loses more.
#
# Three buttons
# -------------
# Which buttons does the machine need so that everything can happen? A rotation and a
# swap make the permutations. One that forgets something is needed as well, and one is
# enough.

buttons = {"rotate": "231", "swap": "213", "forget": "122"}


def reached(chosen):
    """Return all that some buttons can do, and how many presses each takes."""
    steps = {"123": 0}
    frontier = ["123"]
    while frontier:
        longer = [every[f, button] for f in frontier for button in chosen]
        fresh = [f for f in dict.fromkeys(longer) if f not in steps]
        steps |= dict.fromkeys(fresh, steps[frontier[0]] + 1)
        frontier = fresh
    return steps


presses = reached(buttons.values())
print(len(presses), "of 27 with all three;", end=" ")
print(len(reached([buttons["rotate"], buttons["forget"]])), "without the swap")
rank = {f: len(set(f)) for f in words}
farthest = max(presses.values())
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
bottom = np.zeros(farthest + 1)
for points, color, hatch in ((3, "C0", ""), (2, "C1", "//"), (1, "C5", "")):
    heights = [
        sum(presses[f] == n and rank[f] == points for f in words)
        for n in range(farthest + 1)
    ]
    word = {3: "nothing is lost", 2: "two states are left", 1: "one state is left"}[
        points
    ]
    ax.bar(
        range(farthest + 1), heights, bottom=bottom, color=color, hatch=hatch,
        edgecolor="white", label=word,
    )  # fmt: skip
    bottom += heights
ax.set(xlabel="buttons pressed, at least", ylabel="maps", xticks=range(farthest + 1))
ax.legend(frameon=False)
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# Half of the table
# -----------------
# Somebody has tried half of the 729 pairs, chosen at random. Nothing is said of maps,
# or of a monoid.

tried = mask(every, observe=0.5, seed=0)
found = cayley.solve(tried)
print(found.verdict)
print("as composed:", found.table == every)

# %%
# Associativity is a law like any other. Here it agrees with so many cells that chance
# is out of the question, and it leaves no choice in the others. No group, no learning,
# no inverse is needed for that.
#
# Which of them remember an order?
# --------------------------------
# The idempotents, the maps that change nothing when done twice, are ordered: one is
# below another if it loses what that one loses, and more.

show("hasse", solution)

# %%
# Proved: the parts of the monoid, cell by cell; that half of the products force the
# others, for all monoids. Earned, not given: that it is a monoid. Learned: nothing.
# Unknown: which of several sets of three buttons is the best; for that one would have
# to say what a press costs.
