r"""
How does the network multiply?
==============================

*A network has learned the 576 products of a group, all of them right. It was told
nothing about groups. Does it have one inside? Which of its numbers know what, and how
can one tell that a story about them is true?*

People who study how networks learn algebra take them apart by hand: into irreducible
representations (Chughtai, Chan, Nanda 2023), or into cosets of subgroups (Stander, Yu,
Fan, Biderman 2023). Here both come out of one call, with a test of each.
"""

import matplotlib.pyplot as plt
import torch
from pictures import show
from torch import nn

import cayley
from cayley.interpretation import EnergyRecorder, explain

plt.style.use("tableau-colorblind10")
torch.set_num_threads(1)  # so small that more threads would only wait for each other

# %%
# The network
# -----------
# The group is :math:`S_4`. Each left and each right element gets 64 numbers; the two
# lists are added and rectified, and what is left is read out as a score for each of 24
# results. While it trains, a recorder looks at the numbers of the left elements.

truth = cayley.generate("S4")
torch.manual_seed(0)


class Network(nn.Module):
    """Two lists of numbers, added, rectified and read."""

    def __init__(self, n=24, width=64):
        super().__init__()
        self.left, self.right = nn.Embedding(n, width), nn.Embedding(n, width)
        self.add = nn.Identity()
        self.read = nn.Linear(width, n, bias=False)
        for embedding in (self.left, self.right):
            nn.init.normal_(embedding.weight, std=0.1)

    def forward(self, a, b):
        """Return the scores of all results for pairs of elements."""
        return self.read(torch.relu(self.add(self.left(a) + self.right(b))))


network = Network()
recorder = EnergyRecorder(network, 24, group=truth, embedding=("left", "right"))
optimizer = torch.optim.AdamW(network.parameters(), lr=0.02, weight_decay=2.0)
a, b = torch.cartesian_prod(torch.arange(24), torch.arange(24)).T
products = torch.tensor(truth.array).flatten()
for step in range(401):
    loss = nn.functional.cross_entropy(network(a, b), products)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 0:
        recorder(step)

# %%
# What is learned when?
# ---------------------
# Any function on a group is a sum of parts, one for each irreducible representation,
# as a sound is a sum of waves. At the start the numbers are random, and each part has
# what its dimension gives it. :math:`S_4` has five parts; the first, a constant, says
# nothing about elements.

show("energies-over-training", recorder)

# %%
# The explanation
# ---------------
# Now the network itself, without a word about the group.

found = explain(
    network, 24, embedding=("left", "right"), unembedding="read", layers=["add"]
)
print(found.verdict.replace(". ", ".\n"))

# %%
# The first sentence is a proof: the answers are a table, and its group is :math:`S_4`.
# The others are measurements. A part is *claimed* where shuffled elements do not
# explain it; in the picture these bars are solid, and the strokes are what shuffled
# elements reach. This network uses all parts. What stands out is the smallest, the sign
# of a permutation; the others are claimed because they are as dense.

show("part-energies", found)

# %%
# A single neuron
# ---------------
# Each of the 64 neurons is a function of a plus a function of b before it is rectified.
# Most of them do not tell 24 elements apart: they take few values, and which one, the
# coset of a subgroup says. Here is the clearest of them, with the elements of a coset
# side by side.

show("neuron", found)

through_cosets = sum(
    len(neuron.cosets) > 1 and all(each.is_function_of_coset for each in neuron.cosets)
    for neuron in found.neurons
)
print(f"{through_cosets} of {len(found.neurons)} neurons go by cosets on both sides")

# %%
# Is the story true?
# ------------------
# What the network answers when something is taken away. Without the claimed parts it
# must fail, here with nothing left but constants. With each neuron reduced to one part
# alone, which is the stronger test, it should still be right.

accuracies = {}
for each in found.interventions:
    about = each.kind
    if each.neurons is not None:
        about = f"without the {each.neurons} neurons of {each.parts[0]}"
    accuracies[about] = each.accuracy

fig, ax = plt.subplots(figsize=(8, 3.2), layout="constrained")
ax.barh(list(accuracies), list(accuracies.values()), color="C0")
ax.axvline(found.chance, color="C1", ls="--", label="guessing")
ax.axvline(found.agreement, color="C5", label="untouched")
ax.invert_yaxis()
ax.set(xlabel="share of right answers", xlim=(0, 1.05))
fig.legend(frameon=False, loc="outside upper right", ncols=2)
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# Proved: the group of the answers. Measured: energies, cosets, and what happens without
# them. Unknown: whether another network would do it in the same way, and what a network
# could learn to do with the neurons that were left. That energies are there does not
# mean that they are used: only the last picture says that.

# sphinx_gallery_thumbnail_number = 3
