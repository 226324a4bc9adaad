"""The state of a run between two sweeps, and the decoding, checking and training in between."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import generator as numpy_generator
from cayley._shapes import Float, Int
from cayley.algebra import Structure
from cayley.synchronization._decoding import DecodedScores, RestartDecoder
from cayley.synchronization._latin_squares import assign_rows
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._proposals import Proposal, ProposalCheck, closed_rows, proposals
from cayley.synchronization._result import Reason, Sweep, Synchronization
from cayley.synchronization._schedule import SweepSchedule
from cayley.synchronization._self_training import TrainingTerms, surest_cells
from cayley.synchronization._sweeps import Sweeps

__all__ = ["SolverRun"]

# Rows that are decoded at every look. Two or three elements generate most groups, and decoding
# three rows costs little beside a sweep.
_SAMPLED_ROWS = 3
# Scores of a whole table. Decoding more of them costs more than some sweeps: such a table is
# proposed from its sampled rows, and decoded as a whole at the end of the run only.
_DECODED_TRIPLES = 8_000_000
# Share of the symbols that occur in a sampled row, on average, from which the whole table is
# decoded. A row of a Latin square holds all of them; with fewer a proposal would be refused.
_DISTINCT = 0.85
# Agreement from which an observation is trusted to name a row, where some are expected to be wrong.
_TRUSTED = 0.5


class SolverRun:
    """The state of a run between two sweeps.

    Args:
        operation: The observations, and what is assumed.
        factors: Random starts, each of shape ``(r, n, d, k)``.
        schedule: The settings.
        accept: Whether a full table is what was looked for.
        seed: Seed of the choices of self-training.
        first: Number of the first of these restarts among all of the call.
    """

    def __init__(
        self,
        operation: PartialOperation,
        factors: list[Tensor],
        schedule: SweepSchedule,
        accept: Callable[[Proposal], bool],
        seed: int,
        *,
        first: int = 0,
    ) -> None:
        self.operation, self.schedule, self.restarts = operation, schedule, len(factors[0])
        self.first = first
        self.training = TrainingTerms(
            operation,
            restarts=self.restarts,
            device=factors[0].device,
            dtype=factors[0].real.dtype,
        )
        self.sweeps = Sweeps(operation.assume, factors, schedule)
        self.decoder = RestartDecoder(
            self.sweeps, self.training.observed, float(operation.weights.sum())
        )
        self.check = ProposalCheck(operation, accept, restarts=self.restarts)
        self.random = numpy_generator(seed, "synchronization", "training", first)
        # The rows of most observations have the least noise in their matrices.
        busiest = np.argsort(-np.bincount(operation.triples[:, 0], minlength=operation.sizes[0]))
        self.rows = busiest[:_SAMPLED_ROWS]
        self.fits = np.zeros(self.restarts)

    @property
    def is_small(self) -> bool:
        """Whether decoding the whole table costs no more than some sweeps."""
        rows, columns, symbols = self.operation.sizes
        return rows * columns * symbols <= _DECODED_TRIPLES

    def advance(self) -> None:
        """Do one sweep, with weights from agreement if the schedule says so."""
        after = self.schedule.robust_after
        if after is not None and self.sweeps.done >= after:
            self.training.reweight(self.sweeps.flat)
        self.sweeps.advance(self.training.current)

    def look(self) -> bool:
        """Decode and check proposals if the schedule says so; return whether one was accepted."""
        done, schedule = self.sweeps.done, self.schedule
        last = done == schedule.max_sweeps
        after = schedule.training_after
        training = after is not None and done >= after and done % schedule.training_every == 0
        if not (last or training or done % schedule.look_every == 0):
            return False
        self.decoder.measure_coherence()
        # A whole table is decoded at every look if it is small, else only where it is needed.
        whole = self.is_small or training or last
        chosen = []
        for restart in range(self.restarts):
            decoded = self._propose(restart, whole=whole)
            if self.check.accepted is not None:
                return True
            if training:
                chosen.append(self._surest_cells(restart, decoded))
        if training:
            self.training.replace(chosen)
        return False

    def report(self) -> Sweep:
        """Return the numbers of the restart of the largest agreement."""
        best = int(self.sweeps.agreement.argmax())
        return Sweep(
            sweep=self.sweeps.done,
            restart=self.first + best,
            agreement=float(self.sweeps.agreement[best]),
            fit=float(self.fits[best]),
        )

    def result(self, reason: Reason) -> Synchronization:
        """Return the accepted restart, or else that of the largest agreement."""
        if self.check.accepted is not None:
            restart, known, table = self.check.accepted
            decoded = self.decoder.decoded(restart) if known is None else known
        else:
            self.decoder.measure_coherence()  # the last look may be some sweeps ago
            restart = int(self.sweeps.agreement.argmax())
            decoded = self.decoder.decoded(restart)
            # Assignment costs as much again as decoding, which a run that was stopped in the
            # middle of a large table is not worth.
            ended = reason == "sweeps" or self.is_small
            table = self._assigned(restart, decoded) if ended else decoded.table
        a, b, c = self.operation.triples.T
        A, B, C = (X.detach().cpu().clone() for X in self.decoder.factors(restart))
        return Synchronization(
            table=table,
            decoded=decoded,
            factors=(A, B, C),
            accepted=self.check.accepted is not None,
            fit=float((table[a, b] == c).mean()),
            sweeps=self.sweeps.done,
            restart=self.first + restart,
            reason=reason,
        )

    def _propose(self, restart: int, *, whole: bool) -> DecodedScores | None:
        """Check the tables that a restart proposes; return the decoded table if there is one.

        Args:
            restart: Which restart.
            whole: Whether the whole table may be decoded, if the sampled rows are promising.
        """
        sample = self.decoder.decoded(restart, self.rows)
        self.fits[restart] = self._sampled_fit(sample)
        distinct = float(np.mean([len(np.unique(row)) / len(row) for row in sample.table]))
        closed = None if distinct < 1 else self._closed(restart, sample)
        # Cheapest first: a table forced by three rows spares the decoding of all others.
        if closed is not None and self.check.accepts_one(restart, None, iter([closed])):
            return None
        if distinct < _DISTINCT or not whole:
            return None
        decoded = self.decoder.decoded(restart)
        scores = self.decoder.scores(restart)
        self.check.accepts_one(restart, decoded, proposals(decoded, self.operation.assume, scores))
        return decoded

    def _sampled_fit(self, sample: DecodedScores) -> float:
        """Return the share of the observations in the sampled rows that are decoded rightly."""
        a, b, c = self.operation.triples.T
        at = {row: i for i, row in enumerate(self.rows.tolist())}
        seen = np.isin(a, self.rows)
        found = sample.table[[at[row] for row in a[seen].tolist()], b[seen]]
        return float((found == c[seen]).mean()) if seen.any() else 0.0

    def _closed(self, restart: int, sample: DecodedScores) -> Proposal | None:
        """Return the table that the sampled rows of a large group or isotope force, if they do."""
        if self.is_small or self.operation.assume == "action":
            return None
        trusted = None
        if self.schedule.robust_after is None:
            trusted = self.operation.triples
        elif self.operation.assume is Structure.GROUP_ISOTOPE:
            agreement = self.training.agreements(self.sweeps.flat)[restart]
            trusted = self.operation.triples[(agreement > _TRUSTED).cpu().numpy()]
        return closed_rows(self.rows, sample.table, trusted, self.operation.assume)

    def _surest_cells(
        self, restart: int, decoded: DecodedScores | None
    ) -> tuple[Int[NDArray[Any], "k 3"], Float[NDArray[Any], " k"]]:
        """Choose the surest cells of a restart, among as many rows as are cheap to decode."""
        rows = np.arange(self.operation.sizes[0])
        if decoded is None:
            if not self.is_small:
                per_row = len(rows) * self.operation.sizes[2]
                most = max(len(self.rows), _DECODED_TRIPLES // per_row)
                rows = np.sort(self.random.choice(rows, min(most, len(rows)), replace=False))
            decoded = self.decoder.decoded(restart, rows)
        cells, weights = surest_cells(
            decoded,
            threshold=self.schedule.training_threshold * decoded.unit,
            most=round(self.schedule.training_share * len(self.operation)),
            random=self.random,
        )
        cells[:, 0] = rows[cells[:, 0]]
        return cells, weights

    def _assigned(self, restart: int, decoded: DecodedScores) -> Proposal:
        """Return permutations as rows, and a Latin square if the operation may be a quasigroup."""
        rows, columns, symbols = self.operation.sizes
        if columns != symbols:
            return decoded.table
        # Surest rows first: they limit what the columns of later rows may hold.
        order = np.argsort(-decoded.margin.mean(1), kind="stable")
        latin = self.operation.assume != "action" and rows == columns
        return assign_rows(self.decoder.scores(restart), order, latin=latin)
