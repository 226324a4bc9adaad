"""Orthogonal synchronization: sweep, decode and check until a table is accepted."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import ArrayLike

from cayley._random import stream_seed
from cayley.algebra import Structure
from cayley.synchronization._acceptance import exact_acceptance
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._proposals import Proposal
from cayley.synchronization._result import Reason, Sweep, Synchronization
from cayley.synchronization._run import SolverRun
from cayley.synchronization._schedule import SweepSchedule, matrix_size, restarts_at_once
from cayley.synchronization._sweeps import random_factors

__all__ = ["synchronize"]


@torch.no_grad()
def synchronize(
    observations: ArrayLike,
    *,
    sizes: tuple[int, int, int],
    assume: Structure | str = "isotope",
    weights: ArrayLike | None = None,
    size: int | None = None,
    width: int | None = None,
    restarts: int = 4,
    noisy: bool = False,
    schedule: SweepSchedule | None = None,
    seed: int = 0,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str | None = None,
    accept: Callable[[Proposal], bool] | None = None,
    callback: Callable[[Sweep], bool | None] | None = None,
    report_every: int = 1,
) -> Synchronization:
    r"""Find orthogonal matrices that multiply as observed, and the table that they encode.

    One sweep replaces every matrix by the polar factor of the mean over its triples, with momentum
    and whitening:

    .. math::

        G_a = \frac{1}{m_a} \sum_{(a, b, c)} C_c B_b^*, \quad
        Y = G + \beta X + \mu V, \quad
        Y \leftarrow K^{-p} Y, \quad
        X_a = Y_a (Y_a^* Y_a)^{-1/2}

    and likewise for B from :math:`A_a^* C_c` and C from :math:`A_a B_b`. K is the Gram matrix of
    the matrices as vectors, V the last movement, :math:`\mu` grows with agreement. Whitening keeps
    different labels different. What is decoded is a proposal; a run ends at the first table that
    ``accept`` accepts.

    Args:
        observations: Observed products, rows ``(row, column, symbol)``, shape ``(m, 3)``, integers.
            A cell may occur several times, with equal or different symbols.
        sizes: Numbers of rows, columns and symbols.
        assume: What the operation is taken to be. ``"group"``: one alphabet, one factor for all
            three. ``"isotope"``: three factors. ``"action"``: the rows act on one alphabet of
            columns and symbols. Members of :class:`~cayley.algebra.Structure` are accepted too.
        weights: How much each observation counts, shape ``(m,)``, not negative; all alike if None.
        size: Size of the matrices; by default it is chosen from n and m, see `matrix_size`.
        width: Number of columns of the matrices B and C. By default they are square, but for an
            action where two rows agree somewhere: there a point is fixed by more than the
            identity, and a third of the size is taken.
        restarts: Most random starts. Those of a small table run as one batch, which costs little
            more than one of them; those of a larger one follow each other until one is accepted.
        noisy: Whether wrong entries are expected; chooses the schedule.
        schedule: The schedule itself, instead of that.
        seed: Seed of every random choice, an integer >= 0.
        dtype: A real dtype for orthogonal, a complex one for unitary matrices.
        device: Where to compute.
        accept: Whether a full table is what was looked for; by default an exact check
            that is safe against wrong entries: a group, isotope or faithful action that agrees with
            all observations, or contradicts some that are errors beyond doubt.
        callback: Called with the numbers of the best restart; the run ends when it returns True.
        report_every: Sweeps between two calls of the callback, for whose numbers the processor has
            to wait where the sweeps are on a GPU.

    Returns:
        The accepted table with its matrices, or the best restart's. Not finding one is a result.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If an argument is out of range.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> group = generate_family("S4")
        >>> partial = mask(group, observe=0.12, seed=0)
        >>> found = synchronize(partial.observations, sizes=(24, 24, 24), assume="group")
        >>> found.accepted, bool((found.table == group.array).all())
        (True, True)
    """
    operation = PartialOperation.checked(observations, sizes=sizes, assume=assume, weights=weights)
    d, k = _dimensions(operation, size, width)
    if min(restarts, report_every) < 1:
        raise ValueError(
            "`restarts` >= 1 and `report_every` >= 1 are needed; "
            f"got {restarts} and {report_every}."
        )
    random = torch.Generator().manual_seed(stream_seed(seed, "synchronization"))
    check = exact_acceptance(operation) if accept is None else accept
    best: Synchronization | None = None
    together = restarts_at_once(len(operation), d, device=device)
    for first in range(0, restarts, together):
        run = SolverRun(
            operation,
            random_factors(
                operation.assume,
                sizes,
                restarts=min(together, restarts - first),
                size=d,
                width=k,
                generator=random,
                dtype=dtype,
                device=device,
            ),
            schedule or SweepSchedule.chosen(operation.assume, noisy=noisy),
            check,
            seed,
            first=first,
        )
        found = _swept(run, callback, report_every)
        if best is None or (found.accepted, found.fit) > (best.accepted, best.fit):
            best = found
        if found.reason != "sweeps":
            return replace(best, reason=found.reason)
    assert best is not None
    return best


def _swept(
    run: SolverRun, callback: Callable[[Sweep], bool | None] | None, report_every: int
) -> Synchronization:
    """Return the result of one batch of restarts."""
    reason: Reason = "sweeps"
    try:
        while reason == "sweeps" and run.sweeps.done < run.schedule.max_sweeps:
            run.advance()
            if run.look():
                reason = "accepted"
            elif _is_due(run, report_every) and callback is not None and callback(run.report()):
                reason = "stopped"
    except KeyboardInterrupt:
        reason = "interrupted"
    return run.result(reason)


def _is_due(run: SolverRun, report_every: int) -> bool:
    return run.sweeps.done % report_every == 0


def _dimensions(
    operation: PartialOperation, size: int | None, width: int | None
) -> tuple[int, int]:
    """Return the size of the matrices and the number of columns of B and C, chosen or checked."""
    d = matrix_size(operation.sizes, len(operation)) if size is None else size
    k = _width(operation, d) if width is None else width
    if not 1 <= k <= d or (operation.assume is Structure.GROUP and k != d):
        raise ValueError(
            f"`size` >= `width` >= 1 is needed, and a group's matrices are square; "
            f"got size {d} and width {k}."
        )
    return d, k


def _width(operation: PartialOperation, size: int) -> int:
    """Choose the number of columns of B and C."""
    if operation.assume != "action":
        return size
    where = np.unique(operation.triples[:, [1, 2, 0]], axis=0)
    _, times = np.unique(where[:, :2], axis=0, return_counts=True)
    # Two rows that take a point to the same point: its stabilizer fixes the columns of its matrix,
    # which square orthogonal matrices cannot have. With a third of the size A5 on 30 points is
    # solved, with square matrices it never was.
    return size if (times == 1).all() else max(1, round(size / 3))
