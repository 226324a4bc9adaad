r"""``accuracy_bound``: the share of inputs that a network is proved to answer right.

The network has one hidden layer,

.. math:: f(a, b)_c = \sum_i \max(0, L_{ai} + R_{bi})\, U_{ci} + u_c .

What it has learned of the group makes its scores cheaper to compute, up to an error that is
bounded; the pairs whose margin exceeds the error are right. Two structures are tried,
``_coset_sums`` and ``_kept_parts``. One that does not fit proves little, and nothing wrong.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Bool, Float
from cayley.algebra import Isotopism, find_isotopism
from cayley.interpretation.bounds._coset_sums import CosetSums
from cayley.interpretation.bounds._rectified_network import (
    LARGEST,
    RectifiedNetwork,
    answered_right,
)
from cayley.interpretation.bounds._structures import Candidate, best_structure
from cayley.tables._as_table import TableLike

__all__ = ["AccuracyBound", "accuracy_bound", "timed_bound"]


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
    return timed_bound(left, right, unembedding, table, bias=bias, runs=int(brute_force))


def timed_bound(
    left: ArrayLike,
    right: ArrayLike,
    unembedding: ArrayLike,
    table: TableLike,
    *,
    bias: ArrayLike | None = None,
    runs: int,
) -> AccuracyBound:
    """Do what :func:`accuracy_bound` does, with the proof and the network run in turn.

    Args:
        left: See there.
        right: Likewise.
        unembedding: Likewise.
        table: Likewise.
        bias: Likewise.
        runs: How often the network is run; the times are medians.
    """
    isotopism = find_isotopism(table)
    if not isinstance(isotopism, Isotopism):
        raise ValueError(f"`table` must be the table of a group or an isotope of one; {isotopism}.")
    network = _checked(left, right, unembedding, bias, isotopism)
    start = time.process_time()
    chosen = best_structure(network, isotopism.group)
    to_find = time.process_time() - start
    certified, answered = np.zeros(network.table.shape, bool), None
    seconds, run_seconds = [], []
    for run in range(max(runs, 1)):
        start = time.process_time()
        if chosen is not None:
            certified = chosen.certified()
        seconds.append(time.process_time() - start)
        if run < runs:
            start = time.process_time()
            answered = answered_right(network)
            run_seconds.append(time.process_time() - start)
    certified = certified[np.ix_(isotopism.rows, isotopism.columns)]
    certified.setflags(write=False)
    return AccuracyBound(
        bound=float(certified.mean()),
        certified=certified,
        method=_method(chosen),
        rests_on=_sentence(chosen),
        seconds=float(np.median(seconds)),
        seconds_to_find=to_find,
        accuracy=None if answered is None else float(answered.mean()),
        brute_force_seconds=float(np.median(run_seconds)) if run_seconds else None,
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


def _method(chosen: Candidate | None) -> Literal["coset sums", "kept parts"] | None:
    if chosen is None:
        return None
    return "coset sums" if isinstance(chosen.structure, CosetSums) else "kept parts"


def _sentence(chosen: Candidate | None) -> str:
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
