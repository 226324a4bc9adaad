r"""
Is there a multiplication in eight dimensions?
==============================================

*Complex numbers multiply points of the plane, quaternions those of four dimensions.
Cayley wrote down in 1845 how to multiply in eight, and lost something on the way.
Suppose that only a third of his table had come down to us. Could the rest be recovered,
and can one see in it what was lost?*

The unit octonions :math:`\pm 1, \pm e_1, \dots, \pm e_7` form a table of order 16. Each
pair of different imaginary units has a third as its product, up to sign: seven triples,
the lines of the Fano plane.
"""

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.algebra import is_associative, is_latin_square
from cayley.deduction import deduce
from cayley.tables import mask

plt.style.use("tableau-colorblind10")

# %%
# Cayley's rule
# -------------
# On a line :math:`(a, b, c)`, read in the direction of its arrow, :math:`e_a e_b =
# e_c`; against it the sign changes.

LINES = [(1, 2, 3), (1, 4, 5), (1, 7, 6), (2, 4, 6), (2, 5, 7), (3, 4, 7), (3, 6, 5)]
RULE = {}
for line in LINES:
    for k in range(3):
        a, b, c = line[k], line[(k + 1) % 3], line[(k + 2) % 3]
        RULE[a, b], RULE[b, a] = (1, c), (-1, c)


def multiply(p, q):
    """Return the product of two units, each a sign and a number, 0 for the real one."""
    (s, a), (t, b) = p, q
    if 0 in {a, b}:
        return s * t, a + b
    sign, c = (-1, 0) if a == b else RULE[a, b]
    return s * t * sign, c


units = [(sign, k) for k in range(8) for sign in (1, -1)]
names = [("-" if sign < 0 else "") + (f"e{k}" if k else "1") for sign, k in units]
octonions = cayley.Table.from_operation(multiply, units, labels=names)

# %%
# In the picture the lines are drawn with their directions, the circle being one of
# them.

angles = np.pi / 2 + 2 * np.pi * np.arange(3) / 3
tips = 2 * np.column_stack([np.cos(angles), np.sin(angles)])
# the middle of the triangle, its corners, and the middles of its sides
place = {7: np.zeros(2), 1: tips[0], 2: tips[1], 4: tips[2]}
place |= {3: (tips[0] + tips[1]) / 2, 6: (tips[1] + tips[2]) / 2}
place |= {5: (tips[0] + tips[2]) / 2}


def on_circle(line):
    """Whether a line is the circle: it has no corner and not the middle."""
    return not {1, 2, 4, 7} & set(line)


def order_on_segment(line):
    """Return the three points of a straight line from end to end, along its arrow."""
    far = {k: max(np.linalg.norm(place[k] - place[j]) for j in line) for k in line}
    middle = min(line, key=far.get)
    k = line.index(
        middle
    )  # the line is cyclic: turn it until this one is in the middle
    return line[k - 1], middle, line[(k + 1) % 3]


fig, ax = plt.subplots(figsize=(6, 5.4), layout="constrained")
for i, line in enumerate(LINES):
    color = f"C{i}"
    if on_circle(line):
        turns = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turns), np.sin(turns), color=color, lw=2.5, zorder=1)
        end = (place[line[0]] + place[line[1]]) / np.linalg.norm(
            place[line[0]] + place[line[1]]
        )
        start = end - 0.05 * (place[line[1]] - place[line[0]])
    else:
        first, middle, last = order_on_segment(line)
        ax.plot(
            *np.transpose([place[first], place[last]]), color=color, lw=2.5, zorder=1
        )
        start = 0.6 * place[first] + 0.4 * place[middle]
        end = 0.4 * place[first] + 0.6 * place[middle]
    arrow = {"arrowstyle": "-|>", "color": color, "mutation_scale": 24, "lw": 2}
    ax.annotate("", end, start, arrowprops=arrow)
for k, point in place.items():
    ax.plot(*point, "o", ms=30, mfc="white", mec="0.2", zorder=2)
    ax.text(*point, f"$e_{k}$", ha="center", va="center", fontsize=15, zorder=3)
ax.set_aspect("equal")
ax.axis("off")
plt.show()

# %%
# Thirty percent of it
# --------------------
# 77 of the 256 products are left. Is it a group? No group has these cells. If someone
# insists, eleven of them have to be called wrong, which is a lot.

fragment = mask(octonions, observe=0.3, seed=0)
print(deduce(fragment.observations, order=16, assume="group"))
insisted = cayley.solve(fragment, assume="group")
print(insisted.verdict)

# %%
# The group that comes nearest is :math:`C_2 \times Q_8`: the octonions hold many copies
# of the quaternions. But take it that the cells are right. Ruth Moufang studied in 1935
# what the octonions obey instead of associativity, such as :math:`(xy)(zx) = (x(yz))x`.
# Under that law the cells force all others.

completed = cayley.solve(fragment, assume="Moufang loop")
print(completed.verdict)
print("as Cayley's rule has it:", completed.table == octonions)

# %%
# Does one have to know of Moufang? Left alone cayley finds the same table, and says
# that it is only supposed: 77 cells are too few to earn this law against chance.

alone = cayley.solve(fragment)
print(alone.verdict)

# %%
# The table: a mark in the corner of a cell says that it is forced. Blocks belong to the
# cosets of :math:`\{1, -1\}`; if signs are forgotten, the table is that of an abelian
# group.

show("table", completed)

# %%
# What was lost
# -------------
# Every equation :math:`ax = b` still has one solution. How often is :math:`(xy)z =
# x(yz)`?

table = octonions.array
left, right = table[table], table[:, table]  # (x y) z and x (y z), over x, y, z
agrees = left == right
print("every row and column has each unit once:", bool(is_latin_square(octonions)))
print(f"(xy)z = x(yz) for {agrees.mean():.0%} of all triples")
x, y, z = (octonions.rows[i] for i in is_associative(octonions).counterexample)
print(
    f"({x} {y}) {z} = {octonions[octonions[x, y], z]}, "
    f"but {x} ({y} {z}) = {octonions[x, octonions[y, z]]}"
)

# %%
# It fails in a regular way: three imaginary units associate exactly if they lie on one
# line, or two of them are equal. For :math:`e_1` as the left factor:

share = agrees.reshape(8, 2, 8, 2, 8, 2).all(axis=(1, 3, 5))  # signs do not matter
imaginary = range(1, 8)
for a in imaginary:
    for b in imaginary:
        for c in imaginary:
            on_line = len({a, b, c}) < 3 or any(
                {a, b, c} == set(line) for line in LINES
            )
            assert share[a, b, c] == on_line
fig, ax = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
ax.imshow(share[1, 1:, 1:], cmap="cividis")
for b in imaginary:
    for c in imaginary:
        word, color = ("yes", "black") if share[1, b, c] else ("no", "white")
        ax.text(c - 1, b - 1, word, ha="center", va="center", color=color)
ax.set_xticks(range(7), [f"$e_{k}$" for k in imaginary])
ax.set_yticks(range(7), [f"$e_{k}$" for k in imaginary])
ax.set(title="$(e_1 y) z = e_1 (y z)$?", xlabel="$z$", ylabel="$y$")
plt.show()

# %%
# Its name
# --------

print(cayley.inspect(octonions).parts["loop"]["name"])

# %%
# Proved: no group has the 77 products; one Moufang loop does, and it is that of the
# octonions. Supposed, if nobody names the law: the same table. Learned: nothing.
# Unknown: whether some other law fits the 77 products and fills in something else;
# among loops without any law many tables do.
