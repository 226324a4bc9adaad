"""The loop: sweep, look, train on what is sure, stop at the first table that is proved."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from cayley._random import generator as numpy_generator
from cayley._random import stream_seed
from cayley.synchronization._acceptance import exact_acceptance
from cayley.synchronization._coherence import coherence
from cayley.synchronization._decoding import Decoded, decode, row_scores
from cayley.synchronization._latin import assign_rows, is_latin
from cayley.synchronization._problem import Problem
from cayley.synchronization._proposals import closed_rows, proposals
from cayley.synchronization._relabeling import relabeled
from cayley.synchronization._result import Reason, Sweep, Synchronization
from cayley.synchronization._schedule import Kind, Schedule, matrix_size
from cayley.synchronization._sweeps import Sweeps, random_factors
from cayley.synchronization._terms import Terms, agreements
from cayley.synchronization._training_cells import surest_cells

__all__ = ["synchronize"]

Table = Int[NDArray[Any], "a b"]

_LOOKED_AT = 3  # rows
_DECODED_TRIPLES = 8_000_000  # scores; a whole table of more is decoded in the end only
_DISTINCT = 0.85  # share of symbols in a decoded row from which the whole table is decoded


@torch.no_grad()
def synchronize(
    observations: ArrayLike,
    *,
    sizes: tuple[int, int, int],
    kind: Kind = "isotope",
    weights: ArrayLike | None = None,
    size: int | None = None,
    width: int | None = None,
    restarts: int = 4,
    noisy: bool = False,
    schedule: Schedule | None = None,
    seed: int = 0,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str | None = None,
    accept: Callable[[Table], bool] | None = None,
    callback: Callable[[Sweep], bool | None] | None = None,
) -> Synchronization:
    r"""Find orthogonal matrices that multiply as the observations say, and the table behind them.

    One sweep replaces every matrix by the polar factor of what its triples say it should be, with
    momentum and whitening:

    .. math::

        G_a = \frac{1}{m_a} \sum_{(a, b, c)} C_c B_b^*, \quad
        Y = G + \beta X + \mu V, \quad
        Y \leftarrow K^{-p} Y, \quad
        X_a = Y_a (Y_a^* Y_a)^{-1/2}

    and likewise for B from :math:`A_a^* C_c` and C from :math:`A_a B_b`. K is the Gram matrix of
    the matrices as vectors, V the last movement, :math:`\mu` grows with agreement. Whitening keeps
    different labels different. What is decoded is a proposal; a run ends at the first table that
    ``accept`` says yes to.

    Args:
        observations: Observed products, rows ``(row, column, symbol)``, shape ``(m, 3)``, integers.
            A cell may occur several times, with equal or different symbols.
        sizes: Numbers of rows, columns and symbols.
        kind: ``"group"``: one alphabet, one factor for all three. ``"isotope"``: three factors.
            ``"action"``: the rows act on one alphabet of columns and symbols.
        weights: How much each observation counts, shape ``(m,)``, not negative; all alike if None.
        size: Size of the matrices; by default it is chosen from n and m, see `matrix_size`.
        width: Number of columns of the matrices B and C. By default they are square, but for an
            action where two rows agree somewhere: there a point is fixed by more than the
            identity, and a third of the size is taken.
        restarts: Random starts, run as one batch.
        noisy: Whether wrong entries are expected; chooses the schedule.
        schedule: The schedule itself, instead of that.
        seed: Seed of every random choice, an integer >= 0.
        dtype: A real dtype for orthogonal, a complex one for unitary matrices.
        device: Where to compute.
        accept: Whether a full table is what was looked for; by default `exact_acceptance`, which is
            exact algebra and safe against wrong entries.
        callback: Called after every sweep; the run ends when it returns True.

    Returns:
        The accepted table with its matrices, or the best restart's. Not finding one is a result.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If an argument is out of range.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> group = generate_family("S4")
        >>> partial = mask(group, observe=0.12, seed=0)
        >>> found = synchronize(partial.observations, sizes=(24, 24, 24), kind="group")
        >>> found.accepted, bool((found.table == group.array).all())
        (True, True)
    """
    problem = Problem.checked(observations, sizes=sizes, kind=kind, weights=weights)
    d = matrix_size(kind, sizes, len(problem)) if size is None else size
    k = _width(problem, d) if width is None else width
    if not 1 <= k <= d or restarts < 1 or (kind == "group" and k != d):
        raise ValueError(
            f"`size` >= `width` >= 1 and `restarts` >= 1 are needed, and a group's matrices are "
            f"square; got size {d}, width {k}, {restarts} restarts."
        )
    run = _Run(
        problem,
        random_factors(
            kind,
            sizes,
            restarts=restarts,
            size=d,
            width=k,
            generator=torch.Generator().manual_seed(stream_seed(seed, "synchronization")),
            dtype=dtype,
            device=device,
        ),
        schedule or Schedule.chosen(kind, noisy=noisy),
        exact_acceptance(problem) if accept is None else accept,
        seed,
    )
    reason: Reason = "sweeps"
    try:
        while reason == "sweeps" and run.sweeps.done < run.schedule.max_sweeps:
            run.advance()
            if run.look():
                reason = "accepted"
            elif callback is not None and callback(run.report()):
                reason = "stopped"
    except KeyboardInterrupt:
        reason = "interrupted"
    return run.result(reason)


def _width(problem: Problem, size: int) -> int:
    """Choose the number of columns of B and C."""
    if problem.kind != "action":
        return size
    where = np.unique(problem.triples[:, [1, 2, 0]], axis=0)
    _, times = np.unique(where[:, :2], axis=0, return_counts=True)
    return size if (times == 1).all() else max(1, round(size / 3))


class _Run:
    """The state of a run between two sweeps."""

    def __init__(
        self,
        problem: Problem,
        factors: list[Tensor],
        schedule: Schedule,
        accept: Callable[[Table], bool],
        seed: int,
    ) -> None:
        self.problem, self.schedule, self.accept = problem, schedule, accept
        self.restarts = len(factors[0])
        device, dtype = factors[0].device, factors[0].real.dtype
        offsets = torch.arange(self.restarts)[:, None, None] * torch.tensor(problem.sizes)
        self.offsets = offsets.to(device)
        observed = (torch.from_numpy(problem.triples).to(device) + self.offsets).flatten(0, 1)
        given = torch.from_numpy(problem.weights).to(device, dtype).repeat(self.restarts)
        rows, columns, symbols = (self.restarts * n for n in problem.sizes)
        self.given = given
        self.observed = Terms(observed, given, (rows, columns, symbols))
        self.terms = self.observed
        self.sure: tuple[Tensor, Tensor] | None = None
        self.sweeps = Sweeps(problem.kind, factors, schedule)
        self.random = numpy_generator(seed, "synchronization", "training")
        busiest = np.argsort(-np.bincount(problem.triples[:, 0], minlength=problem.sizes[0]))
        self.rows = busiest[:_LOOKED_AT]
        self.fits = np.zeros(self.restarts)
        self.refused: list[set[bytes]] = [set() for _ in range(self.restarts)]
        self.accepted_by: tuple[int, Decoded | None, Table] | None = None

    def advance(self) -> None:
        """Do one sweep, with weights from agreement if it is time."""
        after = self.schedule.robust_after
        if after is not None and self.sweeps.done >= after:
            agreement = agreements(self.observed.triples, *self.sweeps.flat)
            self._reweight(self.given * agreement.clamp(0, 1))
        self.sweeps.advance(self.terms)

    def _reweight(self, weights: Float[Tensor, " m"]) -> None:
        if self.sure is not None:
            weights = torch.cat([weights, self.sure[1]])
        self.terms = self.terms.reweighted(weights)

    def look(self) -> bool:
        """Look at the decoded tables if it is time; say whether one was accepted."""
        done, schedule = self.sweeps.done, self.schedule
        last = done == schedule.max_sweeps
        after = schedule.training_after
        training = after is not None and done >= after and done % schedule.training_every == 0
        if not (last or training or done % schedule.look_every == 0):
            return False
        self.coherence = self._coherence()
        chosen: list[tuple[Tensor, Tensor]] = []
        for restart in range(self.restarts):
            distinct, closed = self._glance(restart)
            if closed is not None and self._accepted(restart, None, iter([closed])):
                return True
            decoded = None
            if distinct >= _DISTINCT and (self.is_small or training or last):
                decoded = self._decoded(restart)
                tables = proposals(decoded, self.problem.kind, self._scores(restart))
                if self._accepted(restart, decoded, tables):
                    return True
            if training:
                chosen.append(self._sure(restart, decoded))
        if training:
            self._train(chosen)
        return False

    @property
    def is_small(self) -> bool:
        """Whether decoding the whole table costs no more than some sweeps."""
        rows, columns, symbols = self.problem.sizes
        return rows * columns * symbols <= _DECODED_TRIPLES

    def _factors(self, restart: int) -> tuple[Tensor, Tensor, Tensor]:
        A, B, C = (X[restart] for X in self.sweeps.factors)
        return A, B, C

    def _coherence(self) -> Tensor:
        A, B, _ = self.sweeps.flat
        C = self.sweeps.factors[2]
        products = self.observed.sums(2, A.mT, B)
        return coherence(products.view(C.shape), C, float(self.problem.weights.sum()))

    def _decoded(self, restart: int, rows: Int[NDArray[Any], " q"] | None = None) -> Decoded:
        """Decode some rows, or all."""
        A, B, C = self._factors(restart)
        return decode(A if rows is None else A[rows], B, C, self.coherence[restart])

    def _glance(self, restart: int) -> tuple[float, Table | None]:
        """Decode a few rows.

        Returns:
            The share of symbols that occur in them, on average, and the table that these rows
            force, if they do.
        """
        rows = self._decoded(restart, self.rows)
        a, b, c = self.problem.triples.T
        at = {row: i for i, row in enumerate(self.rows.tolist())}
        seen = np.isin(a, self.rows)
        found = rows.table[[at[row] for row in a[seen].tolist()], b[seen]]
        self.fits[restart] = (found == c[seen]).mean() if seen.any() else 0.0
        distinct = float(np.mean([len(np.unique(row)) / len(row) for row in rows.table]))
        if self.is_small or distinct < 1 or self.problem.kind == "action":
            return distinct, None
        trusted = None
        if self.schedule.robust_after is None:
            trusted = self.problem.triples
        elif self.problem.kind == "isotope":
            scores = agreements(self.observed.triples, *self.sweeps.flat).view(self.restarts, -1)
            trusted = self.problem.triples[(scores[restart] > 0.5).cpu().numpy()]
        return distinct, closed_rows(self.rows, rows.table, trusted, self.problem.kind)

    def _accepted(self, restart: int, decoded: Decoded | None, proposed: Iterator[Table]) -> bool:
        for table in map(self._improved, proposed):
            key = table.tobytes()
            if key in self.refused[restart]:
                continue
            if self.accept(table):
                self.accepted_by = restart, decoded, table
                return True
            self.refused[restart].add(key)
        return False

    def _improved(self, table: Table) -> Table:
        """Exchange labels of an isotope where more observations agree then."""
        a, b, c = self.problem.triples.T
        if self.problem.kind != "isotope" or (table[a, b] == c).all() or not is_latin(table):
            return table
        return relabeled(table, self.problem.triples)

    def _sure(self, restart: int, decoded: Decoded | None) -> tuple[Tensor, Tensor]:
        """Choose the surest cells, among as many rows as are cheap to decode."""
        rows = np.arange(self.problem.sizes[0])
        if decoded is None:
            if not self.is_small:
                most = max(len(self.rows), _DECODED_TRIPLES // (len(rows) * self.problem.sizes[2]))
                rows = np.sort(self.random.choice(rows, min(most, len(rows)), replace=False))
            decoded = self._decoded(restart, rows)
        cells, weights = surest_cells(
            decoded,
            threshold=self.schedule.training_threshold * decoded.unit,
            most=round(self.schedule.training_share * len(self.problem)),
            random=self.random,
        )
        cells[:, 0] = rows[cells[:, 0]]
        device = self.observed.triples.device
        places = torch.from_numpy(cells).to(device) + self.offsets[restart]
        return places, torch.from_numpy(weights).to(device, self.given.dtype)

    def _train(self, chosen: list[tuple[Tensor, Tensor]]) -> None:
        """Replace the cells that count as observations beside the real ones."""
        places = torch.cat([cells for cells, _ in chosen])
        weights = torch.cat([weight for _, weight in chosen])
        self.sure = places, weights
        triples = torch.cat([self.observed.triples, places])
        self.terms = Terms(triples, torch.cat([self.given, weights]), self.observed.sizes)

    def report(self) -> Sweep:
        """Return the numbers of the restart of the largest agreement."""
        best = int(self.sweeps.agreement.argmax())
        return Sweep(
            sweep=self.sweeps.done,
            restart=best,
            agreement=float(self.sweeps.agreement[best]),
            fit=float(self.fits[best]),
        )

    def result(self, reason: Reason) -> Synchronization:
        """Return the accepted restart, or else the best one."""
        if self.accepted_by is not None:
            restart, known, table = self.accepted_by
            decoded = self._decoded(restart) if known is None else known
        else:
            self.coherence = self._coherence()
            restart = int(self.sweeps.agreement.argmax())
            decoded = self._decoded(restart)
            table = self._assigned(restart, decoded)
        a, b, c = self.problem.triples.T
        A, B, C = (X.detach().cpu().clone() for X in self._factors(restart))
        return Synchronization(
            table=table,
            decoded=decoded,
            factors=(A, B, C),
            accepted=self.accepted_by is not None,
            fit=float((table[a, b] == c).mean()),
            sweeps=self.sweeps.done,
            restart=restart,
            reason=reason,
        )

    def _scores(self, restart: int) -> Callable[[int], NDArray[Any]]:
        A, B, C = self._factors(restart)

        def scores(row: int) -> NDArray[Any]:
            ((_, S),) = row_scores(A[row : row + 1], B, C, self.coherence[restart])
            return S[0].double().cpu().numpy()

        return scores

    def _assigned(self, restart: int, decoded: Decoded) -> Table:
        """Return permutations as rows, and a Latin square if the operation may be a quasigroup."""
        rows, columns, symbols = self.problem.sizes
        if columns != symbols:
            return decoded.table
        order = np.argsort(-decoded.margin.mean(1), kind="stable")
        latin = self.problem.kind != "action" and rows == columns
        return assign_rows(self._scores(restart), order, latin=latin)
