r"""
Can this knot be untied?
========================

*Two loops of string lie on the table. Can either be pulled apart into a plain ring
without cutting it? And if not, is one of them the other in disguise?*

Draw a knot as a line that is broken where it passes below itself: the pieces are its
*arcs*. Where an arc :math:`x` passes over, the arc :math:`y` ends and an arc :math:`z`
begins. We write :math:`x y = z`. So a picture of a knot is a table with few known
cells, three or four of them here. If an operation on the arcs is to survive every
movement of the string, it has to obey the three laws of a *kei* (Takasaki 1943), one
for each of Reidemeister's moves: :math:`x x = x`, :math:`x (x y) = y`, :math:`x (y z) =
(x y)(x z)`.
"""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley

plt.style.use("tableau-colorblind10")
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"]
ENDS = 2 * np.pi


# %%
# From the string to a table
# --------------------------
# Two curves in space, seen from above.


def trefoil(t):
    """Return points of the trefoil, shape (3, ...)."""
    return np.array(
        [np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)]
    )


def figure_eight(t):
    """Return points of the figure-eight knot."""
    ring = 2 + np.cos(2 * t)
    return np.array([ring * np.cos(3 * t), ring * np.sin(3 * t), np.sin(4 * t)])


def crossings(curve, steps=800):
    """Return the crossings seen from above: when the lower and upper strand pass."""
    times = np.linspace(0, ENDS, steps, endpoint=False) + 0.01
    points = curve(times)[:2]
    ways = np.roll(points, -1, axis=1) - points
    found = []
    for i in range(steps - 2):
        j = np.arange(i + 2, steps - (i == 0))
        between = points[:, j] - points[:, [i]]
        # where the straight pieces i and j meet: shares u and v of their lengths
        size = ways[1, i] * ways[0, j] - ways[0, i] * ways[1, j]
        size[size == 0] = np.inf  # parallel pieces
        u = (between[1] * ways[0, j] - between[0] * ways[1, j]) / size
        v = (between[1] * ways[0, i] - between[0] * ways[1, i]) / size
        for k in np.flatnonzero((u > 0) & (u < 1) & (v > 0) & (v < 1)):
            a, b = (times[i] + u[k] * ENDS / steps, times[j[k]] + v[k] * ENDS / steps)
            found.append((a, b) if curve(a)[2] < curve(b)[2] else (b, a))
    return sorted(found)


def arcs_and_products(curve):
    """Return when arcs begin, and the arcs x, y, z with x y = z at each crossing."""
    found = crossings(curve)
    begins = np.array([below for below, _ in found])

    def arc(time):
        return int(np.searchsorted(begins, time % ENDS)) % len(begins)

    return begins, [(arc(b), arc(a - 1e-6), arc(a + 1e-6)) for a, b in found]


def table_of(products, labels):
    """Return the table that a picture of a knot is: x y = z, and x z = y from below."""
    known = [(labels[x], labels[y], labels[z]) for x, y, z in products]
    known += [(x, z, y) for x, y, z in known]
    return cayley.Table.from_triples(known, labels=labels)


def draw(ax, curve, names):
    """Draw a knot from above with an arc in each color."""
    begins, _ = arcs_and_products(curve)
    for i in range(len(begins)):
        # the arc that ends at begins[i]; a gap is left where it passes below
        start, end = begins[i - 1] - (ENDS if i == 0 else 0) + 0.09, begins[i] - 0.09
        t = np.linspace(start, end, 200)
        color = COLORS["abcde".index(names[i])]
        ax.plot(*curve(t)[:2], color=color, lw=7, solid_capstyle="round")
        x, y = curve((start + end) / 2)[:2]
        circle = {"boxstyle": "circle,pad=0.25", "fc": "white", "ec": color, "lw": 1.5}
        ax.text(x, y, names[i], ha="center", va="center", fontsize=12, bbox=circle)
    ax.set_aspect("equal")
    ax.axis("off")


knots = {"trefoil": trefoil, "figure eight": figure_eight}
fig, axes = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained")
for ax, (name, curve) in zip(axes, knots.items(), strict=True):
    draw(ax, curve, "abcd"[: len(crossings(curve))])
    ax.set_title(name)
plt.show()

# %%
# The trefoil
# -----------
# Three arcs, three crossings, six known cells. The laws force the other three.

_, products = arcs_and_products(trefoil)
three = table_of(products, "abc")
print(three)
trefoil_kei = cayley.solve(three, assume="left kei")
print(trefoil_kei.verdict)

# %%
# That answers the first question. A plain ring has one arc, however it is moved about,
# and every coloring of its pictures that follows the rule at the crossings uses a
# single color. The trefoil can be colored with three colors. So it is not a ring, and
# nobody can untie it.
#
# The figure eight
# ----------------
# Four arcs. Is there a kei of four elements in which they are all different?

_, products = arcs_and_products(figure_eight)
four = cayley.solve(table_of(products, "abcd"), assume="left kei")
print(four.verdict)

# %%
# No, and the verdict says with which cells that can be checked. A fifth color is
# missing, one that no arc has. With it the eight known cells force the other seventeen.

five = cayley.solve(table_of(products, "abcde"), assume="left kei")
print(five.verdict)
show("before-after", five)

# %%
# Three colors or five?
# ---------------------
# If the figure eight were the trefoil in disguise, three colors would do for it. We
# color its arcs with the trefoil's kei in all :math:`3^4` ways, and the trefoil's with
# five colors, and count those in which every crossing is right.


def count_colorings(curve, kei):
    """Return in how many ways arcs can be colored by the elements of a kei."""
    begins, products = arcs_and_products(curve)
    choices = product(range(len(kei)), repeat=len(begins))
    return sum(all(kei[c[x], c[y]] == c[z] for x, y, z in products) for c in choices)


counts = {}
for name, curve in knots.items():
    for size, solution in ((3, trefoil_kei), (5, five)):
        counts[name, size] = count_colorings(curve, solution.table.array)
        print(f"{name}: {counts[name, size]} colorings with {size} colors")

# %%
# Constant colorings always exist: as many as there are colors. Only the trefoil has
# others with three, and only the figure eight with five. They are different knots, and
# neither is a ring.
#
# What kind of thing is it?
# -------------------------
# The two tables are the reflections of a triangle and of a pentagon: :math:`x y = 2x -
# y` modulo 3 and 5. Each element turns the others about itself.

for solution in (trefoil_kei, five):
    parts = cayley.inspect(solution.table).parts
    print(next(iter(parts.values()))["classes"])
show("quandle-graph", five)

# %%
# Proved: both tables are forced by their crossings and the three laws; no kei of four
# elements has the figure eight's; the counts of colorings, hence that the two knots
# differ and cannot be untied. Learned: nothing. Unknown: knots that have only constant
# colorings may be knotted all the same; colors cannot tell. And that the laws fit the
# movements of a string is Reidemeister's theorem, not a table's.
