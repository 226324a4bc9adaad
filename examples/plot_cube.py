r"""
How many ways are there to turn a cube?
=======================================

*A crystallographer's file lists two symmetry operations of a crystal. Which others does
it have because of these? And is that enough to say what the crystal looks like?*

A file of the CIF format writes an operation as what it does to the coordinates of a
point: ``-y,x,z`` is a quarter turn. Here are a quarter turn about the third axis and a
third of a turn about a diagonal of the cube. Their products are turns of the cube too.
"""

from itertools import product
from pathlib import Path

import numpy as np
from pictures import show

import cayley
from cayley.algebra import is_homomorphism
from cayley.tables import mask

HERE = Path(__file__).parent if "__file__" in globals() else Path()

# %%
# From two operations to a table
# ------------------------------
# cayley reads the operations as generators and multiplies until nothing new appears.

solution = cayley.solve(HERE / "tables" / "cube_operations.txt")
cube = solution.table
print(len(cube.rows), "operations:", solution.verdict)

# %%
# In the table they are listed by the cosets
# of a normal subgroup, the three half turns about the axes and the identity. A block of
# the table has four symbols only: that is the quotient, :math:`S_3`.

show("table", solution)

# %%
# Why S4?
# -------
# What four things does a turn of the cube permute? Its four long diagonals. We write
# down how each matrix moves them and check that products go to products, and that no
# two turns do the same. That is a proof, and it needs no name of any group.

corners = np.array(list(product((1, -1), repeat=3)))
diagonals = corners[:4]  # one end of each; the other end has the opposite signs


def matrix(operation):
    """Return the matrix of an operation such as ``-y,x,z``."""
    rows = []
    for part in operation.replace(" ", "").split(","):
        sign = -1 if part.startswith("-") else 1
        rows.append([sign * (part.strip("+-") == axis) for axis in "xyz"])
    return np.array(rows)


def moved(turn):
    """Return to which diagonal each of the four goes."""
    ends = diagonals @ matrix(turn).T
    return tuple(
        next(j for j, d in enumerate(diagonals) if abs(end @ d) == 3) for end in ends
    )


on_diagonals = {turn: moved(turn) for turn in cube.rows}
arrangements = sorted(set(on_diagonals.values()))
of_four = cayley.Table.from_operation(  # first p, then q, as in the table of the cube
    lambda p, q: tuple(q[p[i]] for i in range(4)), arrangements
)
mapping = [arrangements.index(on_diagonals[turn]) for turn in cube.rows]
print(len(arrangements), "arrangements of the diagonals, one for each turn")
print("products go to products:", bool(is_homomorphism(cube, of_four, mapping)))

# %%
# What each turn does to the cube
# -------------------------------
# The five kinds of turns are the five conjugacy classes: none, half turns about an axis
# of a face, half turns about an axis through two edges, thirds of a turn about a
# diagonal, and quarter turns.

show("symmetry", solution, solid="cube")

# %%
# Enough products
# ---------------
# Nobody has to multiply 576 pairs. If a tenth of the table is known, chosen at random,
# the rest follows.

partial = mask(cube, observe=0.1, seed=2)
completed = cayley.solve(partial)
print(completed.verdict)
print("as computed from the matrices:", completed.table == cube)

# %%
# What the table does not say
# ---------------------------
# A tetrahedron with its reflections has the same table: 24 operations that permute four
# corners. A crystal of sphalerite has those, and no quarter turn. Under each picture is
# the turn of the cube that has its place in the table; half turns about edges have
# become mirrors. The table cannot tell the two apart, but the matrices do: turns have
# determinant 1.

show("symmetry", solution, solid="tetrahedron")
determinants = {round(np.linalg.det(matrix(turn))) for turn in cube.rows}
print("determinants of the operations in the file:", determinants)

# %%
# Proved: the two operations generate 24 and no more, their table is that of
# :math:`S_4`, and they are the permutations of the diagonals. Learned: nothing.
# Unknown, from the table alone: whether it is the cube with its turns or the
# tetrahedron with its reflections.
