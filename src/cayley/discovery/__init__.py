r"""From observed transformations to the group, its action on the data, and a network on it.

Nobody gives the group: transformations are labels, seen only by what they do. :func:`discover`
takes :class:`Transitions` (state, action, next state: partly seen, some wrong) or
:class:`VectorPairs` (vectors before and after), and returns a :class:`Discovery`: the group with
its name, the representation on the data, what is proved of it and what is only predicted. Its
``network`` method builds an equivariant network on it.

The room stands above :mod:`cayley.completion`, whose words for statuses and provenance it shares,
and above :mod:`cayley.equivariance`, whose networks it builds.

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

from cayley.discovery._discover import VectorReading, discover
from cayley.discovery._observations import Observations, Transitions, VectorPairs
from cayley.discovery._reading import read_observations
from cayley.discovery._result import Discovery, Kind, WrongObservation
from cayley.discovery._symmetries import TransitionSymmetries, transition_symmetries
from cayley.discovery._vectors import representation_on_vectors

__all__ = [
    "Discovery",
    "Kind",
    "Observations",
    "TransitionSymmetries",
    "Transitions",
    "VectorPairs",
    "VectorReading",
    "WrongObservation",
    "discover",
    "read_observations",
    "representation_on_vectors",
    "transition_symmetries",
]
