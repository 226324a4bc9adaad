"""
Whose kinship system is this?
=============================

*A page of an anthropologist's notebook records how eight kin terms compose, but nobody
knows any more what the terms mean, and most of the page is blank. Whose system was it?
And whom was one to marry?*

In parts of Australia everybody belonged to one of four or eight marriage classes, and
the class of a person settled that of spouse and children. Kin relations then permute
the classes. That they form a group if the rules are alike for all classes was seen by
André Weil, in an appendix to Claude Lévi-Strauss's *Les structures élémentaires de la
parenté* (1949). These are rules as ethnographers wrote them down, not a description of
how people live today.
"""

from itertools import permutations, product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import cayley
from cayley.algebra import center, is_isomorphism
from cayley.tables import mask, shuffle

plt.style.use("tableau-colorblind10")
# a notebook, and the gallery, run where this file is and do not know its name
HERE = Path(__file__).parent if "__file__" in globals() else Path()

# %%
# Two systems that are known
# --------------------------
# The Kariera of Western Australia had four sections, the Aranda (Arrernte) of Central
# Australia eight subsections. The bundled tables hold about half of the compositions;
# their README names the sources. The relation of the row comes first: *father*, then
# *spouse*, is *mother*.

kariera = cayley.solve(cayley.read_table(HERE / "tables" / "kariera_sections.csv"))
aranda = cayley.solve(cayley.read_table(HERE / "tables" / "aranda_subsections.csv"))
print("Kariera:", kariera.verdict)
print("Aranda:", aranda.verdict)

# %%
# The page
# --------
# To have a page whose meaning is lost we number the eight terms at random and erase 60
# % of it. There are five groups of order eight, so that it might have belonged to five
# kinds of systems.

shuffled = shuffle(aranda.table, seed=3)
terms = [f"t{i}" for i in range(1, 9)]
page = mask(cayley.Table.from_array(shuffled.array, labels=terms), observe=0.4, seed=9)
found = cayley.solve(page)
print(found.verdict)

# %%
# It is the group of the Aranda, :math:`D_8`. The Kariera's has order four and is
# abelian.
#
# What do the terms mean?
# -----------------------
# An isomorphism onto the Aranda table translates every term. There are several, for the
# table says the same if some terms change places; what they agree on is known. It is
# enough to try the maps that respect two invariants: the order of an element, and
# whether it commutes with all others.


def invariants(group):
    """Return what isomorphisms preserve of each element."""
    central = np.isin(range(8), center(group))
    return list(zip(group.element_orders.tolist(), central.tolist(), strict=True))


def isomorphisms(source, target):
    """Yield all isomorphisms between two groups of order eight."""
    ours, theirs = invariants(source), invariants(target)
    kinds = sorted(set(ours))
    places = [[i for i in range(8) if ours[i] == kind] for kind in kinds]
    images = [permutations(i for i in range(8) if theirs[i] == kind) for kind in kinds]
    for choice in product(*images):
        mapping = np.zeros(8, int)
        for place, image in zip(places, choice, strict=True):
            mapping[place] = image
        if is_isomorphism(source.table, target.table, mapping):
            yield mapping


group_of_page = cayley.Group.from_table(found.table.array)
group_of_aranda = cayley.Group.from_table(aranda.table.array)
translations = list(isomorphisms(group_of_page, group_of_aranda))
print(len(translations), "translations")
meanings = {}
for i, term in enumerate(terms):
    meanings[term] = {aranda.table.rows[mapping[i]] for mapping in translations}
    print(f"{term}: {' or '.join(sorted(meanings[term]))}")

# %%
# Two terms are certain, and a single informant who remembers two more can settle the
# rest:

spouse = next(i for i, term in enumerate(terms) if "spouse" in meanings[term])
mother = next(i for i, term in enumerate(terms) if "mother" in meanings[term])
rows = aranda.table.rows
left = [
    m
    for m in translations
    if (rows[m[spouse]], rows[m[mother]]) == ("spouse", "mother")
]
print(
    f"if {terms[spouse]} is spouse and {terms[mother]} is mother,",
    f"{len(left)} translation is left",
)

# %%
# Whom to marry
# -------------
# Siblings share a class. So a mother's brother's daughter is of the class *mother,
# spouse, woman's child*: the child of the wife of one who is of the mother's class. One
# may marry her if that is the class *spouse*. The completed tables answer for each
# degree of cousin.


def compose(table, *steps):
    """Return the relation that a chain of relations is."""
    result = "own"
    for step in steps:
        result = table[result, step]
    return result


def inverse(table, relation):
    """Return the relation that leads back: of *mother*, a woman's child."""
    return next(back for back in table.rows if table[relation, back] == "own")


SISTER, FIRST = "mother's sister's daughter", "mother's brother's daughter"
SECOND = "mother's mother's brother's daughter's daughter"
systems = {"Kariera": kariera, "Aranda": aranda}
marriages = {}
for name, solution in systems.items():
    table = solution.table
    child = inverse(table, "mother")
    marriages[name] = {
        SISTER: compose(table, "mother", child),
        FIRST: compose(table, "mother", "spouse", child),
        SECOND: compose(table, "mother", "mother", "spouse", child, child),
    }
    for cousin, relation in marriages[name].items():
        print(f"{name}: a {cousin} is of the class '{relation}'")

# %%
# This is the difference between the two systems that the literature knows: first
# cross-cousins marry among the Kariera, second cross-cousins among the Aranda. In the
# picture an arrow leads to the mother's class, a dashed line joins the classes of
# spouses. The Kariera relations commute, and three steps around the square reach the
# spouse. Among the Aranda the two circles of mothers turn in opposite senses, and it
# takes five steps.

COMPASS = np.array([[0.0, 2.1], [2.1, 0.0], [0.0, -2.1], [-2.1, 0.0]])


def positions(table):
    """Place own, mother, mother's mother, ... on a circle, the spouses inside it."""
    line = ["own"]
    while (older := table[line[-1], "mother"]) != "own":
        line.append(older)
    if len(line) == 2:
        outer, inner = [(-1.6, 1.3), (1.6, 1.3)], [(-1.6, -1.3), (1.6, -1.3)]
    else:
        outer, inner = 1.1 * COMPASS, 0.48 * COMPASS
    places = dict(zip(line, outer, strict=True))
    return places | {table[x, "spouse"]: inner[i] for i, x in enumerate(line)}


fig, axes = plt.subplots(1, 2, figsize=(10, 5.4), layout="constrained")
for ax, (name, solution) in zip(axes, systems.items(), strict=True):
    table = solution.table
    place = positions(table)
    bend = "arc3,rad=0.15" if table.order == 4 else "arc3"
    arrow = {"arrowstyle": "-|>", "color": "C0", "lw": 1.8, "connectionstyle": bend}
    cousin = {marriages[name][SECOND]: "\n(2nd cousin)"}
    cousin |= {marriages[name][FIRST]: "\n(1st cousin)"}
    for x in table.rows:
        ends = {"shrinkA": 24, "shrinkB": 24}
        ax.annotate("", place[table[x, "mother"]], place[x], arrowprops=arrow | ends)
        if x < (spouse := table[x, "spouse"]):
            line = np.transpose([place[x], place[spouse]])
            ax.plot(*line, "--", color="C5", zorder=0)
        face = {"own": "C4", "spouse": "C1"}.get(x, "white")
        box = {"boxstyle": "round,pad=0.4", "fc": face, "ec": "0.3"}
        text = x.replace(" ", "\n") + cousin.get(x, "")
        ax.text(*place[x], text, ha="center", va="center", fontsize=8, bbox=box)
    ax.set(xlim=(-2.9, 2.9), ylim=(-2.7, 2.7), aspect="equal")
    ax.set_title(f"{name}: {solution.identification}")
    ax.axis("off")
axes[0].plot([], [], color="C0", label="mother")
axes[0].plot([], [], "--", color="C5", label="spouse")
fig.legend(loc="lower center", ncols=2, frameon=False)
plt.show()

# %%
# Proved: how the blank cells are filled, and that the page is :math:`D_8`, if its
# relations form a group; which terms can change places. Unknown, and not to be had from
# any table: which of the eight translations is the right one, and that it was the
# Aranda. Any system with the same group would have left the same page.
