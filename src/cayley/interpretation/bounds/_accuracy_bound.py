r"""``accuracy_bound``: the share of inputs that a network is proved to answer right.

The network has one hidden layer,

.. math:: f(a, b)_c = \sum_i \max(0, L_{ai} + R_{bi})\, U_{ci} + u_c .

What it has learned of the group makes its scores cheaper to compute, up to an error that is
bounded; the pairs whose margin exceeds the error are right. Two structures are tried,
``_coset_sums`` and ``_kept_parts``. One that does not fit proves little, and nothing wrong.
"""

import time
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Group, Isotopism, find_isotopism
from cayley.interpretation.bounds._coset_sums import CosetSums, coset_sums, pairs_by_cosets
from cayley.interpretation.bounds._kept_parts import KeptParts, kept_parts, pairs_by_parts
from cayley.interpretation.bounds._rectified_network import (
    LARGEST,
    RectifiedNetwork,
    answered_right,
)
from cayley.interpretation.parts._coset_dependence import CosetPartition, coset_partitions
from cayley.interpretation.parts._real_irreducibles import adapted_basis
from cayley.tables._as_table import TableLike

__all__ = ["AccuracyBound", "accuracy_bound"]

_PARTITIONS = (6, 10, 14, 20, 1000)
"""How many partitions into cosets are tried; one costs 1 % of the time of running the network."""

_LEFT_OUT = (0, 2, 4, 8, 16)
"""How many neurons without cosets are tried; one costs 2 % of the time of running the network."""

_COORDINATES = (0.12, 0.18, 0.24, 0.31, 0.4, 0.5)
"""Coordinates of the kept unembedding over neurons: of 128, from 15 to 64."""

_ENTRIES = (4.0, 6.0, 10.0, 16.0)
"""How many of them a neuron has: in a cyclic group two for each frequency."""

_SAMPLE = 12
"""Left operands on which structures are compared: of 113, a ninth of the whole proof."""

_ENOUGH = 0.99
"""Among structures that prove this share of what the best one proves, the cheapest is taken."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccuracyBound:
    """What is proved about the accuracy of a network, and what it cost.

    Attributes:
        bound: Share of pairs that are proved to be answered right; 0 if nothing is proved.
        certified: Which pairs these are, shape ``(n, n)``, bool.
        method: ``coset sums`` or ``kept parts``; None if no structure is cheaper than
            running the network.
        rests_on: The structure in a sentence.
        seconds: Processor time of the proof, all threads together, given the structure.
        seconds_to_find: Processor time of finding the structure, the parts of the group included,
            and in the first call also compiling.
        accuracy: Share of pairs answered right when run in float32, or None.
        brute_force_seconds: Processor time of that run, or None.
    """

    bound: float
    certified: Bool[NDArray[Any], "n n"]
    method: Literal["coset sums", "kept parts"] | None
    rests_on: str
    seconds: float
    seconds_to_find: float
    accuracy: float | None = None
    brute_force_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidate:
    """A structure, and on which network it is used."""

    structure: CosetSums | KeptParts
    network: RectifiedNetwork
    transposed: bool
    cost: float

    def certified(self) -> Bool[NDArray[Any], "k n"]:
        if isinstance(self.structure, CosetSums):
            return pairs_by_cosets(self.network, self.structure)
        return pairs_by_parts(self.network, self.structure)

    def at(self, rows: Int[NDArray[Any], " k"]) -> "_Candidate":
        """Return the same for some left operands alone."""
        structure = self.structure
        if isinstance(structure, KeptParts):
            structure = structure.at(rows)
        return replace(self, structure=structure, network=self.network.at(rows))


def accuracy_bound(
    left: ArrayLike,
    right: ArrayLike,
    unembedding: ArrayLike,
    table: TableLike,
    *,
    bias: ArrayLike | None = None,
    brute_force: bool = False,
) -> AccuracyBound:
    r"""Prove a lower bound on the accuracy of a network with one hidden layer, without running it.

    The network is :math:`f(a, b)_c = \sum_i \max(0, L_{ai} + R_{bi}) U_{ci} + u_c`; it answers the
    symbol with the highest score. A bias of the hidden layer belongs into ``left``. Every pair that
    is counted is answered right by the network in exact arithmetic, and by the one in float32 with
    sums in any order: the error of what is left out, and of rounding, is bounded and subtracted
    from the margin. The scores are computed through the group: by cosets that the summands are
    constant on, or by the irreducible parts that the unembedding has for each kind of neuron.

    Args:
        left: Summands of the left operand, shape ``(n, m)``, in the order of the rows of ``table``.
        right: Likewise of the right one, in the order of its columns.
        unembedding: One row a symbol, shape ``(n, m)``, or its transpose where ``n`` is not ``m``.
        table: The right answers: a group, or an isotope of one.
        bias: Added to the scores, shape ``(n,)``.
        brute_force: Whether to run the network on all pairs too, and how long that takes.

    Returns:
        The bound. That nothing is proved is a result, with a bound of 0.

    Raises:
        ValueError: If shapes do not fit, a number is not finite or above 10^9, or the table is no
            isotope of a group.

    Example:
        >>> import numpy as np
        >>> turns = 2 * np.pi * np.arange(7)[:, None] / 7
        >>> phases = 2 * np.pi * np.arange(15) / 15
        >>> a, c = np.cos(turns + phases), np.cos(turns + 2 * phases)
        >>> table = (np.arange(7)[:, None] + np.arange(7)) % 7
        >>> found = accuracy_bound(a, a, c, table, brute_force=True)
        >>> found.bound <= found.accuracy, found.accuracy
        (True, 1.0)

    References:
        Gross, Agrawal, Kwa, Ong, Yip, Gibson, Noubir, Chan (2024), "Compact proofs of model
        performance via mechanistic interpretability", arXiv:2406.11779. Wu, Jaburi, Drori, Gross
        (2024), "Unifying and verifying mechanistic interpretations: a case study with group
        operations", arXiv:2410.07476.
    """
    isotopism = find_isotopism(table)
    if not isinstance(isotopism, Isotopism):
        raise ValueError(f"`table` must be the table of a group or an isotope of one; {isotopism}.")
    network = _checked(left, right, unembedding, bias, isotopism)
    start = time.process_time()
    chosen = _chosen(network, isotopism.group)
    to_find = time.process_time() - start
    start = time.process_time()
    if chosen is None:
        certified = np.zeros(network.table.shape, bool)
    else:
        certified = chosen.certified()
        if chosen.transposed:
            certified = certified.T
    seconds = time.process_time() - start
    accuracy, brute_seconds = None, None
    if brute_force:
        start = time.process_time()
        accuracy = float(answered_right(network).mean())
        brute_seconds = time.process_time() - start
    certified = certified[np.ix_(isotopism.rows, isotopism.columns)]
    certified.setflags(write=False)
    return AccuracyBound(
        bound=float(certified.mean()),
        certified=certified,
        method=_method(chosen),
        rests_on=_sentence(chosen),
        seconds=seconds,
        seconds_to_find=to_find,
        accuracy=accuracy,
        brute_force_seconds=brute_seconds,
    )


def _checked(
    left: ArrayLike,
    right: ArrayLike,
    unembedding: ArrayLike,
    bias: ArrayLike | None,
    isotopism: Isotopism,
) -> RectifiedNetwork:
    """Return the network with the elements of the group in place of the symbols."""
    n = isotopism.group.order
    arrays: dict[str, Float[NDArray[Any], "..."]] = {
        "left": np.asarray(left),
        "right": np.asarray(right),
        "unembedding": np.asarray(unembedding),
        "bias": np.zeros(n) if bias is None else np.asarray(bias),
    }
    m = arrays["left"].shape[-1] if arrays["left"].ndim else 0
    if arrays["unembedding"].shape == (m, n) and m != n:
        arrays["unembedding"] = arrays["unembedding"].T
    for name, array in arrays.items():
        shape = (n,) if name == "bias" else (n, m)
        if array.shape != shape:
            raise ValueError(
                f"`{name}` must have shape {shape}, with the {n} symbols of `table` and the "
                f"neurons of `left`; got {array.shape}."
            )
        if array.dtype.kind not in "fiub":
            raise ValueError(f"`{name}` must hold real numbers; got dtype {array.dtype}.")
        arrays[name] = array.astype(np.float64)
        if not np.abs(arrays[name]).max(initial=0.0) <= LARGEST:  # nan and infinity too
            raise ValueError(
                f"`{name}` must hold finite numbers up to {LARGEST:.0e}, for which rounding is "
                "bounded."
            )
    rows, columns, symbols = (
        np.argsort(each) for each in (isotopism.rows, isotopism.columns, isotopism.symbols)
    )
    return RectifiedNetwork(
        left=arrays["left"][rows],
        right=arrays["right"][columns],
        weights=arrays["unembedding"][symbols].T.copy(),
        bias=arrays["bias"][symbols],
        table=isotopism.group.table.astype(np.int64),
    )


def _chosen(network: RectifiedNetwork, group: Group) -> _Candidate | None:
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


def _candidates(network: RectifiedNetwork, group: Group) -> list[_Candidate]:
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
                _Candidate(structure=each, network=seen, transposed=transposed, cost=each.cost(m))
                for each in coset_sums(
                    seen, _on_side(partitions, side), limits=_PARTITIONS, counts=_LEFT_OUT
                )
            ]
    found += [
        _Candidate(structure=each, network=network, transposed=False, cost=each.cost(m))
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


def _method(chosen: _Candidate | None) -> Literal["coset sums", "kept parts"] | None:
    if chosen is None:
        return None
    return "coset sums" if isinstance(chosen.structure, CosetSums) else "kept parts"


def _sentence(chosen: _Candidate | None) -> str:
    if chosen is None:
        return "No structure was found that is cheaper than running the network."
    structure = chosen.structure
    if isinstance(structure, CosetSums):
        operand = "left" if chosen.transposed else "right"
        return (
            f"{len(structure.neurons)} neurons see the {operand} operand through "
            f"{len(structure.labels)} partitions into cosets; {len(structure.others)} are added "
            "one by one."
        )
    widths, members = np.diff(structure.columns), np.diff(structure.starts)
    return (
        f"{len(structure.neurons)} neurons are evaluated; their unembedding is kept in "
        f"{structure.columns[-1]} coordinates, {widths @ members / len(structure.neurons):.1f} a "
        "neuron; the rest is bounded by its norm."
    )
