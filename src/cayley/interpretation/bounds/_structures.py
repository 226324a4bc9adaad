"""Which structure of a network a bound on its accuracy rests on.

Structures of different size and kind are tried on a sample of the left operands. Which one is taken
decides how much is proved and how fast, and not whether it is true.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Group
from cayley.interpretation.bounds._coset_sums import CosetSums, coset_sums, pairs_by_cosets
from cayley.interpretation.bounds._kept_parts import KeptParts, kept_parts, pairs_by_parts
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork
from cayley.interpretation.parts._coset_dependence import CosetPartition, coset_partitions
from cayley.interpretation.parts._real_irreducibles import adapted_basis

__all__ = ["Candidate", "best_structure"]

_PARTITIONS = (6, 10, 14, 20, 1000)
"""How many partitions into cosets are tried; one costs 1 % of the time of running the network."""

_LEFT_OUT = (0, 2, 4, 8, 16)
"""How many neurons without cosets are tried; one costs 2 % of the time of running the network."""

_COORDINATES = (0.12, 0.18, 0.24, 0.31, 0.4, 0.5)
"""Coordinates of the kept unembedding over neurons: of 128, from 15 to 64."""

_ENTRIES = (3.0, 4.0, 6.0, 10.0, 16.0)
"""How many of them a neuron has: in a cyclic group two for each frequency."""

_SAMPLE = 12
"""Left operands on which structures are compared: of 113, a ninth of the whole proof."""

_ENOUGH = 0.97
"""Among structures that prove this share of what the best one proves, the cheapest is taken."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A structure, and on which network it is used."""

    structure: CosetSums | KeptParts
    network: RectifiedNetwork
    transposed: bool
    cost: float

    def certified(self) -> Bool[NDArray[Any], "k n"]:
        """Return which pairs are proved, those of some right operands where it is transposed."""
        if isinstance(self.structure, CosetSums):
            found = pairs_by_cosets(self.network, self.structure)
        else:
            found = pairs_by_parts(self.network, self.structure)
        return found.T if self.transposed else found

    def at(self, rows: Int[NDArray[Any], " k"]) -> "Candidate":
        """Return the same for some left operands alone, right ones where it is transposed."""
        structure = self.structure
        if isinstance(structure, KeptParts):
            structure = structure.at(rows)
        return replace(self, structure=structure, network=self.network.at(rows))


def best_structure(network: RectifiedNetwork, group: Group) -> Candidate | None:
    """Return the cheapest structure of those that prove nearly most on a sample."""
    candidates = sorted(_candidates(network, group), key=lambda each: each.cost)
    proved = []
    for each in candidates:
        count = len(each.network.table)
        # At random: evenly spaced ones would see only one phase of some frequencies.
        rows = np.random.default_rng(1).choice(count, min(count, _SAMPLE), replace=False)
        proved.append(each.at(rows).certified().mean())
    most = max(proved, default=0.0)
    if not most:
        return None
    return next(
        each for each, share in zip(candidates, proved, strict=True) if share >= _ENOUGH * most
    )


def _candidates(network: RectifiedNetwork, group: Group) -> list[Candidate]:
    """Return structures that are cheaper than running the network."""
    m = network.right.shape[1]
    found = []
    partitions = coset_partitions(group)
    if partitions:
        # A right operand that is seen through y H, and a left one through H x: what lies between
        # the operands in a product is what cancels.
        for transposed, side in ((False, "left"), (True, "right")):
            seen = network.transposed() if transposed else network
            found += [
                Candidate(structure=each, network=seen, transposed=transposed, cost=each.cost(m))
                for each in coset_sums(
                    seen, _on_side(partitions, side), limits=_PARTITIONS, counts=_LEFT_OUT
                )
            ]
    found += [
        Candidate(structure=each, network=network, transposed=False, cost=each.cost(m))
        for each in kept_parts(
            network, adapted_basis(group), coordinates=_COORDINATES, entries=_ENTRIES
        )
    ]
    return [each for each in found if each.cost < 1]


def _on_side(partitions: tuple[CosetPartition, ...], side: str) -> tuple[CosetPartition, ...]:
    # Cosets of normal subgroups are listed once, as left ones.
    return tuple(each for each in partitions if each.side == side or _is_normal(each, partitions))


def _is_normal(partition: CosetPartition, partitions: tuple[CosetPartition, ...]) -> bool:
    return sum(each.elements == partition.elements for each in partitions) == 1
