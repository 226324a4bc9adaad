r"""
What is rock, paper, scissors, if it is no group?
=================================================

*Let the product of two gestures be the one that wins, and of two blood groups the one
that has the antigens of both. Both are tables. Neither is a group. What can be said of
them, and can gaps be filled in all the same?*

Most operations of daily life are no groups: nothing undoes "the winner of". They obey
laws nevertheless, and a law is all that is needed in order to conclude from some cells
to others.
"""

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.tables import mask

plt.style.use("tableau-colorblind10")

# %%
# The winner
# ----------
# We take the game of five gestures, because a table of three says little. Each beats
# two others.

BEATS = {
    "rock": ("scissors", "lizard"),
    "paper": ("rock", "Spock"),
    "scissors": ("paper", "lizard"),
    "lizard": ("paper", "Spock"),
    "Spock": ("rock", "scissors"),
}
gestures = list(BEATS)
game = cayley.Table.from_operation(
    lambda a, b: a if a == b or b in BEATS[a] else b, gestures
)
found = cayley.inspect(game)
print("It is a", found.kind)
for law in ("latin", "associative"):
    print(f"{law}: no.", found.explain(law, getattr(found.properties, law)))

# %%
# It makes a difference who plays first against whom: a tournament needs a schedule. In
# the picture an arrow leads from the winner to the loser.

angles = np.pi / 2 - 2 * np.pi * np.array([0, 2, 4, 1, 3]) / 5
place = dict(
    zip(gestures, np.column_stack([np.cos(angles), np.sin(angles)]), strict=True)
)
fig, ax = plt.subplots(figsize=(5.4, 5), layout="constrained")
for i, (winner, losers) in enumerate(BEATS.items()):
    style = {"arrowstyle": "-|>", "color": f"C{i}", "lw": 2.2, "mutation_scale": 20}
    for loser in losers:
        ax.annotate(
            "",
            place[loser],
            place[winner],
            arrowprops=style | {"shrinkA": 28, "shrinkB": 28},
        )
    ax.text(
        *place[winner], winner, ha="center", va="center", fontsize=12, weight="bold",
        bbox={"boxstyle": "round,pad=0.4", "fc": "white", "ec": f"C{i}", "lw": 2},
    )  # fmt: skip
ax.set(xlim=(-1.35, 1.35), ylim=(-1.15, 1.2), aspect="equal")
ax.axis("off")
plt.show()

# %%
# Half the table
# --------------
# A child has seen 20 of the 25 pairs. No theory is named. Which laws do the cells speak
# for, and what follows?

seen = mask(game, observe=0.8, seed=1)
alone = cayley.solve(seen)
print(alone.verdict)

# %%
# "Supposed": so few cells could agree with a law by chance. Whoever knows that the
# order of two players does not matter, and that a tie is a tie, says so, and the same
# cells are a proof.

told = cayley.solve(seen, assume="x*y = y*x; x*x = x")
print(told.verdict)
show("before-after", told)

# %%
# With 15 cells it is not enough, and a guess is not presented as a proof: one pair was
# never played, in neither order.

less = cayley.solve(mask(game, observe=0.6, seed=1), assume="x*y = y*x; x*x = x")
print(less.verdict)

# %%
# Blood groups
# ------------
# A and B are antigens on red cells. Who has both is AB, who has none is O. Let the
# product of two groups be the one with the antigens of both. This operation is
# associative too, and ten of the sixteen cells are enough.

ANTIGENS = {"O": "", "A": "A", "B": "B", "AB": "AB"}
GROUP = {frozenset(antigens): name for name, antigens in ANTIGENS.items()}
blood = cayley.Table.from_operation(
    lambda a, b: GROUP[frozenset(ANTIGENS[a] + ANTIGENS[b])], list(ANTIGENS)
)
known = mask(blood, observe=0.6, seed=3)
print(known)
together = cayley.solve(known, assume="semilattice")
print(together.verdict)

# %%
# A semilattice is an order in disguise: let :math:`a` be above :math:`b` if :math:`a b
# = b`. Here it says who may give red cells to whom: downwards in the picture.

show("hasse", together)

# %%
# Proved: the game is no group and not even associative; with its two laws given, 20
# cells force the other five; the blood groups form a semilattice. Supposed: the same
# laws, if nobody gives them. Learned: nothing. Unknown, with 15 cells: the pair that
# was never played.
