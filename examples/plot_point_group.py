r"""
Which point group is this fragment of?
======================================

*A chemist finds a multiplication table of twelve symmetry operations, most of it
illegible. Which group is it, and which vibrations of the molecule does infrared light
excite?*

The molecule is ethane in its staggered form. We write its symmetry operations as
matrices, so that the truth is known, and hide most of their products. cayley gets the
fragment and nothing else: to it :math:`C_3` and :math:`\sigma_d` are labels like any
others.
"""

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.algebra import character_table, format_character_table
from cayley.tables import mask

plt.style.use("tableau-colorblind10")

# %%
# The operations
# --------------
# On two hexagonal lattice vectors, 120 degrees apart, and the threefold axis all
# matrices are integers. An operation of :math:`D_{3d}` is a rotation of :math:`D_3`, or
# one times the inversion.

E = np.eye(3, dtype=int)
C3 = np.array([[0, -1, 0], [1, -1, 0], [0, 0, 1]])
MIRROR = np.array([[0, -1, 0], [-1, 0, 0], [0, 0, 1]])  # holds one C-H bond
INVERSION, HORIZONTAL = -E, np.diag([1, 1, -1])


def point_group(center, names):
    """Return, by name, what C3, the mirror and a central operation generate."""
    turns = [E, C3, C3 @ C3]
    mirrors = [
        turn @ MIRROR @ np.linalg.matrix_power(C3, 3 - k)
        for k, turn in enumerate(turns)
    ]
    rotations = turns + [center @ mirror for mirror in mirrors]
    matrices = rotations + [center @ rotation for rotation in rotations]
    return dict(zip(names, matrices, strict=True))


def composition_table(operations):
    """Return the table of row times column: the operation of the column acts first."""
    names = {matrix.tobytes(): name for name, matrix in operations.items()}
    triples = [
        (left, right, names[(operations[left] @ operations[right]).tobytes()])
        for left in operations
        for right in operations
    ]
    labels = list(operations)
    return cayley.Table.from_triples(
        triples, rows=labels, columns=labels, symbols=labels
    )


D3D = ["E", "C3", "C3²", "C2", "C2'", "C2''", "i", "S6⁵", "S6", "σd", "σd'", "σd''"]
staggered = point_group(INVERSION, D3D)
truth = composition_table(staggered)
fragment = mask(truth, observe=0.3, seed=1)
print(fragment)

# %%
# What the fragment forces
# ------------------------
# No network is trained here: the cells that can be read present a group, and it turns
# out to have twelve elements. Every other cell follows.

solution = cayley.solve(fragment)
print(solution.verdict)
print("as computed from the matrices:", solution.table == truth)

# %%
# A dot marks the cells that were illegible and are proved. Rows and columns are listed
# by cosets, so that the structure shows.

show("table", solution)

# %%
# What a table cannot say
# -----------------------
# The group is :math:`D_{12}` in GAP's notation, which counts elements. But the eclipsed
# form of ethane, point group :math:`D_{3h}`, has the same table up to names, and so
# have :math:`D_6` and :math:`C_{6v}`. Which of them it is, is a statement about space
# and not about the table. The trace of the element that commutes with all others tells:
# -3 for an inversion, 1 for a mirror.

D3H = ["E", "C3", "C3²", "C2", "C2'", "C2''", "σh", "S3", "S3⁵", "σv", "σv'", "σv''"]
eclipsed = point_group(HORIZONTAL, D3H)
for form, operations, central in (("D3d", staggered, "i"), ("D3h", eclipsed, "σh")):
    name = cayley.identify(composition_table(operations))
    print(f"{form}: {name}, trace of {central}: {np.trace(operations[central])}")

# %%
# Characters
# ----------
# The character table is exact, its orthogonality checked in whole numbers. Rows get
# Mulliken's names from their values: A or E by degree, g or u by the sign at the
# inversion, 1 or 2 by the sign at a twofold axis.

group = cayley.Group.from_table(solution.table.array)
characters = character_table(group)
print(format_character_table(characters))

class_of = dict(
    zip(solution.table.rows, characters.classes.labels.tolist(), strict=True)
)


def mulliken(row):
    """Name an irreducible character of D3d."""
    parity = "g" if int(characters[row, class_of["i"]]) > 0 else "u"
    if characters.degrees[row] == 2:
        return f"E{parity}"
    return f"A{1 if int(characters[row, class_of['C2']]) > 0 else 2}{parity}"


names = [mulliken(row) for row in range(len(characters))]
print(names)

# %%
# Vibrations
# ----------
# Two carbon and six hydrogen atoms have 24 displacements, which the group permutes and
# turns. Their character is the number of atoms that stay in place times the trace; less
# three translations and three rotations, 18 vibrations remain. How often each
# irreducible character occurs in them is an integer, computed without rounding; those
# of degree 2 are pairs of vibrations of one frequency.

hydrogens = [C3_k @ [1, -1, 2] for C3_k in (E, C3, C3 @ C3)]
atoms = [*hydrogens, np.array([0, 0, 1])]
atoms = np.array(atoms + [-atom for atom in atoms])


def multiplicities(character):
    """Return how often each irreducible character occurs; all are integers here."""
    found = {}
    for row, name in enumerate(names):
        values = [int(characters[row, class_of[label]]) for label in staggered]
        total = sum(
            value * character[g] for value, g in zip(values, staggered, strict=True)
        )
        assert total % group.order == 0
        found[name] = total // group.order
    return found


trace = {g: int(np.trace(matrix)) for g, matrix in staggered.items()}
in_place = {
    g: int((atoms @ m.T == atoms).all(axis=1).sum()) for g, m in staggered.items()
}
parity = {g: round(np.linalg.det(matrix)) for g, matrix in staggered.items()}
vibrations = multiplicities(
    {g: (in_place[g] - 1 - parity[g]) * trace[g] for g in staggered}
)
dipole = multiplicities(trace)
polarizability = multiplicities(
    {g: (trace[g] ** 2 + int(np.trace(m @ m))) // 2 for g, m in staggered.items()}
)
print(vibrations)

# %%
# Light excites a vibration if it transforms as the dipole moment does (infrared), or as
# the polarizability (Raman). No irreducible representation is in both: that is the rule
# of mutual exclusion of molecules with an inversion, and the torsion, A1u, is seen by
# neither.

activity = {
    name: "infrared" if dipole[name] else "Raman" if polarizability[name] else "silent"
    for name in names
}
order = sorted(names, key=lambda name: (name[-1], name))
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for kind, color, hatch in (
    ("infrared", "C1", "//"),
    ("Raman", "C0", ""),
    ("silent", "C2", "xx"),
):
    chosen = [name for name in order if activity[name] == kind and vibrations[name]]
    heights = [vibrations[name] for name in chosen]
    places = [order.index(name) for name in chosen]
    ax.bar(places, heights, color=color, hatch=hatch, edgecolor="white", label=kind)
ax.set_xticks(range(len(order)), order)
ax.set_ylabel("times in the vibrations")
ax.set(yticks=range(4), ylim=(0, 4))
ax.legend(loc="upper center", ncols=3, frameon=False)
ax.spines[["top", "right"]].set_visible(False)
ax.set_title("Staggered ethane: what sees its vibrations")
plt.show()

# %%
# Proved: the completed table, from the legible cells and the assumption that the
# operation is a group; its name; the characters; the multiplicities. Learned: nothing.
# Unknown to cayley: that the labels are rotations and mirrors. The matrices said so,
# and they alone decide between :math:`D_{3d}` and :math:`D_{3h}`.
