"""
What do P, L and R generate?
============================

*A music theorist labels the chord changes of a piece with three operations on triads:
parallel (P), leading-tone exchange (L) and relative (R). How many operations do they
make by composition, what group is it, and how does it relate to transposing and
inverting?*

Each of the three keeps two tones of a major or minor triad and moves the third. They
are involutions that turn major into minor and back: Hugo Riemann's in the nineteenth
century, taken up again as permutations of the 24 triads by David Lewin.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.algebra import center, short_presentation
from cayley.tables import permutation_group_elements

plt.style.use("tableau-colorblind10")
# a notebook, and the gallery, run where this file is and do not know its name
HERE = Path(__file__).parent if "__file__" in globals() else Path()

# %%
# Triads and operations
# ---------------------
# A triad is a set of pitch classes modulo 12. P, L and R are found from what they are
# to do: keep two tones, and change major to minor or back. Which pair of tones stays is
# the difference between the three.

MAJOR = [frozenset([root, (root + 4) % 12, (root + 7) % 12]) for root in range(12)]
MINOR = [frozenset([root, (root + 3) % 12, (root + 7) % 12]) for root in range(12)]
TRIADS = MAJOR + MINOR
ROOTS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
NAMES = [*ROOTS, *(root.lower() for root in ROOTS)]  # minor in small letters


def exchange(interval):
    """Return the permutation that keeps the two tones with this interval."""
    images = []
    for triad in TRIADS:
        kept = {
            x for x in triad for y in triad if (x - y) % 12 in (interval, 12 - interval)
        }
        images.append(next(i for i, t in enumerate(TRIADS) if t != triad and kept <= t))
    return images


P, L, R = exchange(5), exchange(3), exchange(4)  # fifth, minor third, major third
for letter, operation in zip("PLR", (P, L, R), strict=True):
    print(
        f"{letter}: C major to {NAMES[operation[0]]} minor,",
        f"a minor to {NAMES[operation[21]]} major",
    )

# %%
# What they generate
# ------------------
# Any two of the three involutions generate a dihedral group, named by GAP after its
# order. P and L move through the six triads of a hexatonic cycle, P and R through the
# eight of an octatonic one. L and R already generate all.

subsets = {"P, L": [P, L], "P, R": [P, R], "L, R": [L, R], "P, L, R": [P, L, R]}
for letters, generators in subsets.items():
    group = cayley.Group.from_permutations(generators)
    orbit = np.unique(permutation_group_elements(generators)[:, 0])
    print(
        f"<{letters}> = {cayley.identify(group).name}, order {group.order};",
        f"C major goes to {len(orbit)} triads",
    )

plr = cayley.Group.from_permutations([P, L, R])
print(short_presentation(plr), " center of order", len(center(plr)))

# %%
# Order 24 on 24 triads, one orbit: the group is simply transitive. Between any two
# triads there is exactly one of its operations, which is why a chord change can be
# called by its name.

elements = permutation_group_elements([P, L, R])
assert all(len(set(elements[:, triad])) == 24 for triad in range(24))

# %%
# What commutes with it
# ---------------------
# Transpositions and inversions generate a group of the same kind. They commute with P,
# L and R: to transpose and then take the relative is to take the relative and then
# transpose. What commutes with a transitive group is determined by where it sends one
# triad; so at most 24 permutations commute with P, L and R, and here are 24. Each group
# is the centralizer of the other: this is the duality of Fiore and Satyendra, checked
# here in all cases.


def mapped(function):
    """Return how a map of pitch classes permutes the triads."""
    return [
        TRIADS.index(frozenset(function(tone) % 12 for tone in triad))
        for triad in TRIADS
    ]


transpose, invert = mapped(lambda tone: tone + 1), mapped(lambda tone: -tone)
ti = permutation_group_elements([transpose, invert])
commute = all(np.array_equal(a[b], b[a]) for a in elements for b in ti)
both = {*map(bytes, elements)} & {*map(bytes, ti)}
generated = cayley.Group.from_permutations([transpose, invert])
print(f"<T, I> = {cayley.identify(generated).name}")
print(
    f"all {len(elements)} x {len(ti)} pairs commute: {commute};",
    f"in both groups: {len(both)}",
)

together = cayley.Group.from_permutations([P, L, R, transpose, invert])
print(
    f"together they generate a group of order {together.order} = 24 x 24 / {len(both)}"
)

# %%
# A chain of triads
# -----------------
# R and L in turn run through all 24 triads and back to the first. Beethoven passes
# through nineteen of them, from C major to A major, in the scherzo of the Ninth (bars
# 143 to 176; thick here). On the circle R and L are neighbors and P is a chord across.

chain = [0]
while len(chain) < 24:
    chain.append((R if len(chain) % 2 else L)[chain[-1]])
assert sorted(chain) == list(range(24))

angles = np.pi / 2 - 2 * np.pi * np.argsort(chain) / 24
place = np.stack([np.cos(angles), np.sin(angles)], axis=1)
beethoven = chain[: chain.index(NAMES.index("A")) + 1]
print(" ".join(NAMES[triad] for triad in beethoven))

fig, ax = plt.subplots(figsize=(6.4, 6.8), layout="constrained")
for letter, operation, color, style in (
    ("P", P, "C2", ":"),
    ("L", L, "C1", "-"),
    ("R", R, "C0", "-"),
):
    for triad in range(12):
        ends = np.transpose(place[[triad, operation[triad]]])
        first = triad == 0
        ax.plot(
            *ends, style, color=color, lw=1.6, zorder=0, label=letter if first else None
        )
ax.plot(*place[beethoven].T, color="0.8", lw=11, zorder=-1, solid_capstyle="round")
for minor, marker, face in ((False, "o", "C3"), (True, "s", "white")):
    chosen = slice(12, 24) if minor else slice(0, 12)
    label = "minor triad" if minor else "major triad"
    ax.scatter(
        *place[chosen].T, marker=marker, c=face, edgecolors="C3", s=60, label=label
    )
for triad, name in enumerate(NAMES):
    ax.text(*(1.13 * place[triad]), name, ha="center", va="center")
ax.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), aspect="equal")
ax.axis("off")
fig.legend(loc="outside lower center", ncols=5, frameon=False)
plt.show()

# %%
# The group from a third of its table
# -----------------------------------
# So far the operations were known as permutations. Suppose there is only a list of what
# they compose to, 202 of 576 products, under their shortest names. That suffices.

table = cayley.read_table(HERE / "tables" / "neo_riemannian.csv")
solution = cayley.solve(table)
print(solution.verdict)

# %%
# Listed by the powers of an element of order 12 first, the completed table shows what
# dihedral means: products of two turns and of two reflections are turns, in cold
# colors, all others reflections, in warm ones.

show("table", solution)

# %%
# Proved: the orders and names of all groups here, that the group of P, L and R and the
# T/I group are each other's centralizers, and the completed table. Learned: nothing.
# Open, and no matter of algebra: whether a listener hears the shortest name of a chord
# change.
