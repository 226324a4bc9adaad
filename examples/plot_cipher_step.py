r"""
Is this scrambled cipher step a group isotope?
==============================================

*A cryptanalyst can run one step of a block cipher on key and plaintext nibbles of her
choice. What goes in and what comes out passes through secret substitutions. Is there a
group underneath? And if so, how many of the 256 products does she need in order to know
them all?*

The step is a Latin square: key and plaintext are each determined by the other and the
result. If it is an isotope of a group,

.. math:: k \circ p = h^{-1}\bigl(f(k) * g(p)\bigr),

then the substitutions :math:`f, g, h` hide very little. The cipher IDEA mixes three
groups of one size, and its designers, Lai and Massey, asked in 1990 which of them are
isotopic.
"""

import matplotlib.pyplot as plt
import numpy as np

import cayley
from cayley.algebra import NotIsotope, find_isotopism, is_latin_square
from cayley.deduction import deduce
from cayley.tables import isotope, mask

plt.style.use("tableau-colorblind10")

# %%
# Four steps
# ----------
# On nibbles: exclusive or, addition modulo 16, multiplication modulo 17 with 0 standing
# for 16 (as in IDEA), and a fourth one of a designer who wants more: the high two bits
# are combined by exclusive or, and their parity decides whether the low two are too, or
# are added modulo 4.

k, p = np.meshgrid(np.arange(16), np.arange(16), indexing="ij")
high = (k >> 2) ^ (p >> 2)
odd = (high ^ (high >> 1)) & 1
steps = {
    "exclusive or": k ^ p,
    "sum modulo 16": (k + p) % 16,
    "product modulo 17": np.where(k, k, 16) * np.where(p, p, 16) % 17 % 16,
    "data-dependent": high << 2 | np.where(odd, k ^ p, k + p) & 3,
}
assert all(is_latin_square(step) for step in steps.values())

# %%
# The secret substitutions: every nibble of key, plaintext and result is replaced at
# random, each time by another permutation. All four look alike then.

scrambled = {
    name: isotope(cayley.Table.from_array(step), seed=seed)
    for seed, (name, step) in enumerate(steps.items(), start=23)
}

# %%
# Who is who
# ----------
# cayley sees the scrambled tables. It finds the group and the three relabelings, or
# eight cells that prove that there are none.

verdicts = {name: find_isotopism(table.array) for name, table in scrambled.items()}
for name, found in verdicts.items():
    proof = isinstance(found, NotIsotope)
    print(f"{name}: {found if proof else cayley.identify(found.group).name}")

# %%
# The product is an isotope of the same group as the sum: both groups are cyclic, and a
# discrete logarithm leads from one to the other. Exclusive or belongs to another group,
# so no relabeling turns it into either. This is what Lai and Massey found. The fourth
# step is no group's isotope at all, and the proof can be checked by hand: two
# rectangles of the table agree in three corners and differ in the fourth, which in a
# group isotope is impossible (Frolov's quadrangle criterion).

product, mixed = verdicts["product modulo 17"], verdicts["data-dependent"]
a1, a2, b1, b2, a3, a4, b3, b4 = mixed.counterexample
rectangles = [
    [(a1, b1), (a1, b2), (a2, b1), (a2, b2)],
    [(a3, b3), (a3, b4), (a4, b3), (a4, b4)],
]
table = scrambled["data-dependent"]
for corners in rectangles:
    labels = [(table.rows[a], table.columns[b]) for a, b in corners]
    print(
        ", ".join(f"{row} o {column} = {table[row, column]}" for row, column in labels)
    )

# %%
# In the picture the product is unscrambled by the relabelings that were found: rows,
# columns and symbols are sorted by the powers of an element of order 16. For the fourth
# step the two rectangles are drawn with the symbols in their corners.

group = product.group
generator = int(np.flatnonzero(group.element_orders == 16)[0])
powers = [group.identity]
while len(powers) < 16:
    powers.append(int(group.table[powers[-1], generator]))
exponent = np.argsort(powers)
by_row = np.argsort(exponent[product.rows])
by_column = np.argsort(exponent[product.columns])
hidden = scrambled["product modulo 17"].array
plain = exponent[product.symbols][hidden][np.ix_(by_row, by_column)]

fig, axes = plt.subplots(1, 3, figsize=(11, 4.2), layout="constrained")
titles = (
    "product, as observed",
    f"product, as {cayley.identify(group).name}",
    "data-dependent, as observed",
)
for ax, values, title in zip(axes, (hidden, plain, table.array), titles, strict=True):
    ax.imshow(values, cmap="cividis", alpha=0.3 if values is table.array else 1)
    ax.set(
        title=title,
        xticks=[],
        yticks=[],
        xlabel="plaintext nibble",
        ylabel="key nibble",
    )
for corners, style in zip(rectangles, ("-", "--"), strict=True):
    (top, left), (bottom, right) = corners[0], corners[3]
    rows, columns = [top, top, bottom, bottom, top], [left, right, right, left, left]
    axes[2].plot(columns, rows, style, color="C5", lw=2)
    for a, b in corners:
        symbol = table.symbols[table.array[a, b]]
        box = {
            "boxstyle": "round,pad=0.2",
            "fc": "C1" if (a, b) == corners[3] else "white",
        }
        axes[2].text(b, a, symbol, ha="center", va="center", fontsize=8, bbox=box)
plt.show()

# %%
# How many products are enough?
# -----------------------------
# Now she sees only some of the products. ``deduce`` says what they force if the step is
# a group isotope, with proof: *forced* if there is exactly one such table,
# *inconsistent* if there is none; otherwise it leaves the matter open. Eight random
# choices of cells for each number of products.

counts = range(24, 73, 8)
SAMPLES = 8


def answers(table, num_cells):
    """Return what is proved from so many random cells, for some choices of them."""
    seeds = range(SAMPLES)
    parts = [mask(table, observe=num_cells / 256, seed=seed) for seed in seeds]
    found = [deduce(part.observations, order=16, assume="isotope") for part in parts]
    return [type(verdict).__name__ for verdict in found]


proved = {
    "product modulo 17: all 256 forced": [
        answers(scrambled["product modulo 17"], count).count("Forced") / SAMPLES
        for count in counts
    ],
    "data-dependent: no group isotope": [
        answers(scrambled["data-dependent"], count).count("Inconsistent") / SAMPLES
        for count in counts
    ],
}

fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for (label, shares), style, color in zip(
    proved.items(), ("o-", "s--"), ("C0", "C1"), strict=True
):
    ax.plot(counts, shares, style, color=color, label=label)
ax.set(
    xticks=counts,
    xlabel="products observed, of 256",
    ylabel="share proved",
    ylim=(-0.05, 1.05),
)
ax.legend(frameon=False)
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# In all of these samples a quarter of the products is enough, either to know the step
# whole or to know that no group is behind it. For the attack that is all there is to
# do:

seen = mask(scrambled["product modulo 17"], observe=0.28, seed=0)
solution = cayley.solve(seen)
print(solution.verdict)
print("all predicted right:", solution.table == scrambled["product modulo 17"])

# %%
# Proved: which steps are isotopes of which group, and that the fourth is of none.
# Learned: nothing. Unknown: the substitutions themselves. The maps :math:`f, g, h` are
# found up to the autotopisms of the group, and for predicting the step that makes no
# difference. A step that is no group isotope is not for that reason secure.
