"""
Which measurements are wrong?
=============================

*A laboratory characterizes the 24 Clifford gates of a qubit by running them in pairs:
first one, then another, and which single gate did the two amount to? Some of the 403
results are wrong. Which?*

The table matters: randomized benchmarking uses it to find the gate that undoes a random
sequence, and one wrong entry spoils every sequence that passes through it. The
laboratory has no second table to compare with. All that it knows is that the gates form
a group, and that is enough.
"""

import matplotlib.pyplot as plt
import numpy as np
from pictures import show

import cayley
from cayley.deduction import WrongEntries, deduce, find_wrong_entries
from cayley.tables import add_noise, mask

plt.style.use("tableau-colorblind10")

# %%
# The gates
# ---------
# Up to a phase a Clifford gate permutes the axes X, Y, Z of the Bloch sphere and may
# reverse them. A Hadamard gate H exchanges X and Z and reverses Y, the phase gate S
# turns X to Y. As integer matrices they generate the 24 gates; each is named by a
# shortest word, the first letter being run first.

GENERATORS = {
    "H": np.array([[0, 0, 1], [0, -1, 0], [1, 0, 0]]),
    "S": np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
}
gates = {"1": np.eye(3, dtype=int)}
names = {gates["1"].tobytes(): "1"}
queue = ["1"]
for word in queue:  # grows as longer words are found
    for letter, matrix in GENERATORS.items():
        longer = matrix @ gates[word]
        name = (word + letter).lstrip("1")
        if names.setdefault(longer.tobytes(), name) == name:
            gates[name] = longer
            queue.append(name)
labels = list(gates)
truth = cayley.Table.from_triples(
    [(a, b, names[(gates[b] @ gates[a]).tobytes()]) for a in labels for b in labels],
    rows=labels,
    columns=labels,
    symbols=labels,
)

# %%
# The measurements
# ----------------
# 70 % of the pairs were run, and in 3 % of the results another gate was written down.
# (For these gates one could compute what the results should be, and we do in order to
# judge. What follows makes no use of that; it would serve for a device that is known
# only by what it does.)

measured = add_noise(mask(truth, observe=0.7, seed=4), noise=0.03, seed=4)
wrong = {(a, b) for a, b, c in measured.triples() if truth[a, b] != c}
print(measured, "of which", len(wrong), "are wrong")

# %%
# That something is wrong
# -----------------------
# is proved by a few observations that no group has together. This certificate can be
# checked with pencil and paper. It does not say which of them is the culprit.

verdict = deduce(measured.observations, order=24, assume="group")
observations = list(measured.triples())
for place in verdict.evidence:
    a, b, c = observations[place]
    print(f"{a} then {b} is {c}", "  <- wrong, as we know" if (a, b) in wrong else "")

# %%
# Which ones
# ----------
# ``solve`` looks for a group that almost all observations agree with. The rest are
# suspects.

solution = cayley.solve(measured)
print(solution.verdict)
suspects = {(s.row, s.column): s for s in solution.suspects}
for s in solution.suspects:
    print(f"{s.row} then {s.column} is {s.expected} and not {s.given}")
print("these are the wrong ones:", set(suspects) == wrong)

# %%
# In the table as it has to be the suspects are framed; a dot marks what was never
# measured and follows.

show("table", solution)

# %%
# The evidence
# ------------
# Why should one believe it? Associativity makes other measurements predict a cell: if
# :math:`x = uv` was measured, and :math:`vy = w`, then :math:`xy = uw`; likewise if
# :math:`y = uv`. Each is a vote, and some are wrong themselves, for they rest on three
# measurements. We count the votes directly, without cayley: for what was written down,
# and for what it expects. In no cell is there a single vote for what was written down.

index = {label: i for i, label in enumerate(labels)}


def votes(x, y):
    """Return how many triples of other measurements predict each symbol in a cell."""
    others = measured.array.copy()
    others[x, y] = -1
    routes = [(others[v, y], u, None) for u, v in np.argwhere(others == x)]
    routes += [(others[x, u], None, v) for u, v in np.argwhere(others == y)]
    tally = np.zeros(24, int)
    for middle, left, right in routes:
        if middle >= 0:
            symbol = others[middle, right] if left is None else others[left, middle]
            if symbol >= 0:
                tally[symbol] += 1
    return tally


tallies = {cell: votes(index[cell[0]], index[cell[1]]) for cell in suspects}
for_expected = [int(tallies[cell][index[s.expected]]) for cell, s in suspects.items()]
for_given = [int(tallies[cell][index[s.given]]) for cell, s in suspects.items()]
for_others = [int(tallies[cell].sum()) for cell in suspects]
for_others = np.array(for_others) - for_expected - for_given

places = np.arange(len(suspects))
fig, ax = plt.subplots(figsize=(7.5, 5), layout="constrained")
ax.barh(places, for_expected, color="C0", label="what cayley expects")
ax.barh(
    places,
    for_others,
    left=for_expected,
    color="C2",
    hatch="//",
    label="something else",
)
ax.barh(
    places,
    for_given,
    left=for_expected + for_others,
    color="C5",
    label="what was written",
)
ax.set_yticks(places, [f"{a} then {b}" for a, b in suspects], fontsize=8)
ax.set_xticks(range(0, 21, 5))
ax.invert_yaxis()
ax.set_xlabel("votes of triples of other measurements")
ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# How few measurements are enough?
# --------------------------------
# Now one result in ten is wrong, and fewer pairs are run. ``find_wrong_entries`` lists
# suspects only if the remaining observations force a table, if no other table leaves as
# few, and if chance cannot explain the agreement. Otherwise it says that it has not
# found them, here after 100 attempts.

found = find_wrong_entries(measured.observations, order=24, assume="group")
print(
    f"10^{found.log10_chance:.0f} tables, at most,",
    "would agree with so many random products",
)

counts = (40, 50, 60)
SAMPLES = 5
outcomes = {
    "all wrong entries found, no others": [],
    "not found": [],
    "false suspects": [],
}
for count in counts:
    results = []
    for seed in range(SAMPLES):
        sample = add_noise(
            mask(truth, observe=count / 576, seed=seed), noise=0.1, seed=seed
        )
        cells = sample.observations
        errors = np.flatnonzero(truth.array[cells[:, 0], cells[:, 1]] != cells[:, 2])
        found = find_wrong_entries(
            cells, order=24, assume="group", seed=seed, max_trials=100
        )
        if not isinstance(found, WrongEntries):
            results.append("not found")
        elif found.suspects == tuple(errors.tolist()):
            results.append("all wrong entries found, no others")
        else:
            results.append("false suspects")
    for outcome, shares in outcomes.items():
        shares.append(results.count(outcome) / SAMPLES)

fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
bottom = np.zeros(len(counts))
for (outcome, shares), color, hatch in zip(
    outcomes.items(), ("C0", "C2", "C5"), ("", "//", ""), strict=True
):
    style = {"color": color, "hatch": hatch, "edgecolor": "white", "label": outcome}
    ax.bar(counts, shares, 6, bottom=bottom, **style)
    bottom += shares
ax.set(xticks=counts, xlabel="measurements, of 576 pairs; a tenth is wrong")
ax.set_ylabel(f"share of {SAMPLES} samples")
ax.spines[["top", "right"]].set_visible(False)
fig.legend(loc="outside upper center", ncols=3, frameon=False)
plt.show()

# %%
# Proved: that the observations contradict each other; that all but the suspects force
# the completed table, which is :math:`S_4`. A conclusion from numbers, and no proof:
# that the few are wrong and not the many. Unknown: why they are wrong. A gate that
# always does something else than it should would be a row and a column of suspects, or
# a table of no group at all.
