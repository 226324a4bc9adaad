"""Imports what every process of the studio needs, and does it once so that caches are warm.

It is imported in the process that all others are forked from, and nowhere else.
"""

# What is imported in functions only would be imported in every process again.
import matplotlib.figure  # noqa: F401

import cayley.completion.learned._by_hypercube
import cayley.completion.learned._by_synchronization
import cayley.studio._jobs
import cayley.studio.answers._tasks  # noqa: F401
from cayley.studio.answers._thinking import first_look, look_further
from cayley.tables import generate_family, mask

# The first deduction of each kind loads lists of groups and compiles plans of laws.
_SMALL = mask(generate_family("S3"), observe=0.4, seed=0)
for _ in look_further(_SMALL, "auto", settled=False):
    pass
first_look(mask(generate_family("D24"), observe=0.1, seed=0), "auto")
