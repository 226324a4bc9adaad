r"""From observed transformations to the group, its action on the data, and a network on it.

The group is not given: transformations are labels, and all that is known of them is what they did
to some data. :func:`discover` takes :class:`Transitions` (state, action, next state: some of them,
some wrong) or :class:`VectorPairs` (vectors before and after), and returns a :class:`Discovery`:
the group with its name, the representation on the data, what is proved of it and what is only
predicted. Its ``network`` method builds an equivariant network on it.

The files, in the order in which one would read them:

* ``_observations``: :class:`Transitions` and :class:`VectorPairs`; ``_files``:
  :func:`read_observations`;
* ``_discover``: :func:`discover`, the order of the steps; ``_result``: :class:`Discovery`;
  ``_wording``: its sentences and the members of its JSON document;
* ``_completion``: permutations from transitions, by proof where there is one, else by
  ``_relators``: words that close nearly everywhere;
* ``_least_squares``: matrices and permutations of coordinates from vectors; ``_rounding``: from
  fitted matrices to a finite group and its nearest representation;
* ``_symmetries``: :func:`transition_symmetries`, what may be relabeled without a change;
  ``_vectors``: ``representation_on_vectors``;
* ``_regular_action``: the group's table that a simply transitive action stands for, and
  ``_next_transition``: which transition to observe next;
* ``_automaton``: transitions that need not permute the states: monoids of automata and languages.

The room is above :mod:`cayley.completion`, whose words for statuses and provenance it shares, and
above :mod:`cayley.equivariance`, whose networks it builds.

Example:
    >>> from cayley.discovery import Transitions, discover
    >>> seen = Transitions.from_labels(
    ...     [("N", "right", "E"), ("E", "right", "S"), ("S", "right", "W"), ("W", "right", "N"),
    ...      ("N", "mirror", "N"), ("E", "mirror", "W"), ("S", "mirror", "S")])
    >>> found = discover(seen)
    >>> found.identification.name, found.status, found.proof
    ('D8', 'solved', 'The missing transitions are forced: each transformation permutes the states')
    >>> network = found.network(out_channels=2, hidden=(8,))
    >>> from cayley.testing import assert_equivariant
    >>> import torch
    >>> x = torch.randn(5, 1, 4, generator=torch.Generator().manual_seed(0))
    >>> assert_equivariant(network, x, found.representation)
"""

from cayley.discovery._discover import discover
from cayley.discovery._files import read_observations
from cayley.discovery._observations import Transitions, VectorPairs
from cayley.discovery._result import Discovery
from cayley.discovery._symmetries import transition_symmetries

__all__ = [
    "Discovery",
    "Transitions",
    "VectorPairs",
    "discover",
    "read_observations",
    "transition_symmetries",
]
