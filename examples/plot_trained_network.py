r"""
Does the network know the group yet?
====================================

*A network is trained on 70 % of the products of a group. For a long time it is
right on what it has seen and on nothing else; then it begins to get the others right.
Is there a group in its answers before it is finished? And which of its answers are
wrong?*

What a network answers in all cells is a table. It can be given to cayley like any
other, with no word about which cells were trained on, or of what group. That late and
sudden generalization is called *grokking* (Power et al. 2022).
"""

import matplotlib.pyplot as plt
import numpy as np
import torch
from pictures import show

import cayley
from cayley.tables import mask

plt.style.use("tableau-colorblind10")
torch.set_num_threads(1)  # so small that more threads would only wait for each other

# %%
# The network
# -----------
# The group is :math:`S_4`, all arrangements of four things. Each left and each right
# element has an embedding of 32 numbers; they are added, go through 128 rectified
# units, and come out as one score for each of 24 results.

truth = cayley.generate("S4")
shown = mask(truth, observe=0.7, seed=0)
hidden = shown.array < 0
generator = torch.Generator().manual_seed(0)


def weights(rows, columns):
    """Return a random matrix to be trained."""
    entries = torch.randn(rows, columns, generator=generator) / rows**0.5
    return entries.requires_grad_()


left, right = weights(24, 32), weights(24, 32)
inward, outward = weights(32, 128), weights(128, 24)
optimizer = torch.optim.AdamW([left, right, inward, outward], lr=1e-2, weight_decay=1.0)


def scores(a, b):
    """Return the scores of all results for pairs of elements."""
    return torch.relu((left[a] + right[b]) @ inward) @ outward


# %%
# Every 50 steps it is asked for all 576 products.

a, b, target = torch.tensor(shown.observations).T
every = torch.arange(24)
answers = {}
for step in range(1, 1301):
    loss = torch.nn.functional.cross_entropy(scores(a, b), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        with torch.no_grad():
            answers[step] = scores(every[:, None], every[None, :]).argmax(-1).numpy()

right_on_shown = {k: (t == truth.array)[~hidden].mean() for k, t in answers.items()}
right_on_hidden = {k: (t == truth.array)[hidden].mean() for k, t in answers.items()}
wrong = {k: int((t != truth.array).sum()) for k, t in answers.items()}

# %%
# What do its answers say?
# ------------------------
# At four moments cayley gets the answers. Nothing is to be learned from them, so the
# exact part is enough.

found = {}
for step in (300, 800, 1000, 1300):
    table = truth.with_array(answers[step])
    found[step] = cayley.solve(table, solver="exact")
    name = found[step].identification.name
    print(
        f"step {step}: right on {right_on_hidden[step]:.0%} of what it never saw,",
        f"wrong in {wrong[step]} of 576 cells;",
        f"cayley finds {name or 'nothing'}, {len(found[step].suspects)} suspects",
    )

# %%
# In the beginning nothing: the answers outside of what was shown are arbitrary, and no
# structure is in them. But well before the network is finished, the group is in its
# answers. The first of these verdicts that has a name:

first = next(step for step, solution in found.items() if solution.suspects)
solution = found[first]
print(f"after {first} steps: {solution.verdict}")
suspects = {(s.row, s.column) for s in solution.suspects}
errors = {
    (truth.rows[i], truth.columns[j])
    for i, j in np.argwhere(answers[first] != truth.array)
}
print("the suspects are exactly the wrong answers:", suspects == errors)
print("the table behind the answers is the truth:", solution.table == truth)

# %%
# cayley never saw the truth. It found the wrong answers by the other ones, which agree
# with a group. In the picture they are framed, on the table as it should be.

show("table", solution)

# %%
# When?
# -----
# The curve of the network, and what cayley could tell at each of the moments.

fig, ax = plt.subplots(figsize=(8, 4), layout="constrained")
ax.plot(
    *zip(*right_on_shown.items(), strict=True),
    "--",
    color="C5",
    label="on cells it was shown",
)
ax.plot(*zip(*right_on_hidden.items(), strict=True), "-", color="C0", lw=2.5,
        label="on cells it never saw")  # fmt: skip
for step, each in found.items():
    name = each.identification.name
    says = f"{name}\n{len(each.suspects)} wrong" if name else "no group"
    ax.plot(step, right_on_hidden[step], "o", color="C1", ms=9)
    ax.annotate(
        says,
        (step, right_on_hidden[step]),
        (8, -6),
        textcoords="offset points",
        va="top",
    )
ax.set(
    xlabel="training steps",
    ylabel="share of right answers",
    xlim=(0, 1420),
    ylim=(-0.12, 1.06),
)
ax.legend(frameon=False, loc="center left")
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# Proved: that all answers but the suspects force the table of :math:`S_4`. A conclusion
# from numbers, and no proof: that these answers are the wrong ones. Learned: the
# answers themselves. Unknown: *how* the network computes; see what a network that
# learned :ref:`modular addition <sphx_glr_gallery_plot_modular_addition.py>` holds in
# its embeddings. With another seed the curve rises earlier or later, and from the same
# cells an exact method knows the whole table at once:

print(cayley.solve(shown).verdict)

# sphinx_gallery_thumbnail_number = 2
