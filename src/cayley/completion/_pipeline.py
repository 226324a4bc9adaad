"""The pipeline: deduce exactly, else propose by learning, then verify, certify and identify."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cayley._device import check_device
from cayley._version import __version__
from cayley.algebra import Identification, Isotopism, Structure, identify
from cayley.completion._accusation import MANY_VARIABLES
from cayley.completion._call import SMALL, Call, SolverChoice
from cayley.completion._conclusion import conclude
from cayley.completion._exact import deduce_table
from cayley.completion._findings import Hypothesis
from cayley.completion._hypotheses import asked_for, needs_one_alphabet
from cayley.completion._other_shapes import complete_other_shape
from cayley.completion._outcome import Deduced, Outcome, Refuted
from cayley.completion._progress import Callback, History
from cayley.completion._repairs import Repairs
from cayley.completion.learned._attempts import LearnedStages
from cayley.completion.solution._solution import PROOF_SECONDS, Solution
from cayley.deduction.presentations._read_source import read_source
from cayley.tables import Table
from cayley.tables._as_table import TableLike, as_table

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["SolverChoice", "solve"]

_SEARCH_OPERATIONS = 1e9
"""Floating-point operations per step up to which a full table is searched for wrong entries by
learning; larger ones are searched by deduction only, unless a structure is asked for."""

_LAWS_SECONDS = 2.0
"""Most time to look for a law of a full table: one that fails does so in the first instances."""

_HOMOTOPE_SECONDS = 10.0
"""Most time for homotopes, which settle what they can in well under a second (SPEC section 7)."""

SHARE_OF_SEARCH = 0.25
"""Part of the time of the search that proofs and their check may take by default."""


def solve(
    table: TableLike,
    *,
    assume: "Structure | Theory | str" = "auto",
    solver: SolverChoice = "auto",
    seed: int = 0,
    restarts: int = 8,
    time_limit: float | None = None,
    callback: Callback | None = None,
    device: str = "cpu",
    check: bool | float | None = None,
) -> Solution:
    """Complete a partly known operation table, find the structure behind it, and verify it.

    Theories come first: groups and their isotopes, homotopes, polynomials, and what laws describe.
    Each is refuted by the observed cells, or stands as given, earned (so much agreement by chance
    is less likely than one in a million) or supposed. If one that stands forces the table, nothing
    is learned. Otherwise the learned solvers propose tables, synchronization and then HyperCube,
    and algebra decides each of them in whole numbers. A table may contradict some observations if
    it agrees with so many others that neither chance nor a rival explains it; those are listed as
    suspects. Explanations that differ and cannot be set aside are ``rivals``.

    Args:
        table: A ``Table``, the path of a file, a DataFrame, an array of numbers from 0 or 1, or
            nested lists of labels with None where unknown. If rows, columns and symbols are not
            equally many, it is completed as a homotope of a group; if only the symbols are more, to
            the group that it generates.
        assume: What the operation is taken to be: ``auto``, ``none``, ``group``, ``isotope``, the
            name of a theory such as ``"Moufang loop"``, identities such as ``"x*y = y*x"``, or a
            :class:`~cayley.algebra.Structure` or :class:`~cayley.theories.Theory`. ``auto``:
            what the cells give evidence for: a group, an isotope of one, or the laws that the
            cells support. ``none``: nothing, and nothing is forced.
        solver: ``auto``, or one solver by itself.
        seed: Seed of every random choice, an integer >= 0.
        restarts: Most attempts of a learned solver, each from another random start.
        time_limit: Seconds after which the search ends with the best so far; None for no limit.
        callback: Called as the learned solver goes on; the search ends when it returns True.
        device: Where the learned solvers compute: ``cpu``, ``cuda``, ``cuda:1`` and so on, or
            ``auto`` for a GPU where PyTorch finds one. All else is decided on the processor, and
            HyperCube below order 10 computes there, without PyTorch.
        check: Whether to prove what the verdict says, and to let the checker of certificates look
            at the proofs, before it is said: True always, False never; by default where both are
            expected to take less than 0.08 seconds or a quarter of the time of the search, or so
            many seconds more if this is a number. ``Solution.checked`` says whether it was done. A
            refused proof is an error of cayley: the verdict says so then, and nothing is called
            proved.

    Returns:
        The completed table with its verdict. Not finding a structure is a result, no error.

    Raises:
        ValueError: If a group or laws are assumed of a table over several alphabets or with unequal
            numbers of rows, columns and symbols, a theory is not known, or an option is out of
            range.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> solution = solve(mask(generate_family("S3"), observe=0.61, seed=0))
        >>> solution.status, solution.identification.name, solution.table.is_full
        ('solved', 'S3', True)
    """
    table = as_table(table, read=read_source)
    asked, hypotheses = asked_for(assume)
    _check(table, hypotheses, solver, restarts, time_limit, check=check)
    check_device(device)  # before the search, which may take long
    start = time.monotonic()
    if not table.is_square:
        found = complete_other_shape(table, asked, hypotheses, seed=seed, time_limit=time_limit)
        return replace(found, seconds=time.monotonic() - start)
    history = History(callback)
    reached: list[Outcome] = []
    call = Call(
        given=table,
        work=table.aligned() if table.has_one_alphabet else table,
        assume=asked,
        hypotheses=hypotheses,
        solver=solver,
        seed=seed,
        restarts=restarts,
        deadline=None if time_limit is None else start + time_limit,
        callback=history,
        device=device,
    )
    known = identify(table) if table.is_full else None
    try:
        outcome = _Search(call=call, reached=reached).run(known)
    except KeyboardInterrupt:
        if not (reached and reached[-1].settled):
            raise  # there is nothing to show
        outcome = replace(reached[-1], ended_early=True)
    solution = conclude(
        table,
        outcome,
        assume=asked,
        hypotheses=hypotheses,
        known=known,
        seed=seed,
        version=__version__,
        options={
            "solver": solver,
            "restarts": restarts,
            "time_limit": time_limit,
            # Results on a GPU differ by rounding, so that a record has to name it.
            **({} if device == "cpu" else {"device": device}),
        },
        history=history.records,
    )
    solution = replace(solution, seconds=time.monotonic() - start)
    return replace(_checked(solution, check), seconds=time.monotonic() - start)


def _checked(solution: Solution, check: bool | float | None) -> Solution:
    """Return the solution after a look at its proofs, within the time limit."""
    limit = solution.options["time_limit"]
    left = PROOF_SECONDS if limit is None else min(PROOF_SECONDS, limit - solution.seconds)
    share = None
    if not isinstance(check, bool):
        share = SHARE_OF_SEARCH * solution.seconds + (check or 0.0)
    if check is False or left <= 0 or solution.interrupted:
        return solution
    from cayley.completion.certificates._self_check import (
        self_checked,  # brings theories along
    )

    try:
        return self_checked(solution, seconds=left, share=share)
    except KeyboardInterrupt:
        return replace(solution, interrupted=True)  # what was found is shown all the same


def _check(
    table: Table,
    hypotheses: "tuple[Hypothesis, ...]",
    solver: str,
    restarts: int,
    time_limit: float | None,
    *,
    check: bool | float | None,
) -> None:
    solvers = ("auto", "exact", "synchronization", "hypercube")
    if solver not in solvers:
        raise ValueError(f"`solver` must be one of {', '.join(solvers)}; got {solver!r}.")
    if restarts < 1:
        raise ValueError(f"`restarts` must be at least 1; got {restarts}.")
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"`time_limit` must be positive; got {time_limit}.")
    if check is not None and not check >= 0:
        raise ValueError(f"`check` must be True, False or seconds >= 0; got {check}.")
    # tables of other shapes are checked where they are completed: a block may be of a group
    several = table.is_square and not table.has_one_alphabet
    if several and any(map(needs_one_alphabet, hypotheses)):
        what = "a group" if Structure.GROUP in hypotheses else f"a {hypotheses[0]}"
        raise ValueError(
            f"{what} needs one alphabet, the same labels for rows, columns and symbols. "
            'Use assume="isotope" or assume="latin" for three alphabets.'
        )


def _further_limit(remaining: float | None) -> float:
    return _HOMOTOPE_SECONDS if remaining is None else min(remaining, _HOMOTOPE_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The stages of one call, in order."""

    call: Call
    reached: list[Outcome]
    """What the stages have returned so far, for the case that the keyboard ends the search."""

    def run(self, known: Identification | None) -> Outcome:
        """Go through the stages until one of them settles the table.

        Args:
            known: What the table is, if it is full.
        """
        outcome = Outcome(work=self.call.work)
        if known is None or self._contradicts_itself():
            return self._search(outcome)
        if not self._may_have_wrong_entries(known):
            return outcome
        if Structure.GROUP in self.call.hypotheses and isinstance(known.isotopism, Isotopism):
            # An isotope of a group is no group with a few wrong entries: two different Latin
            # squares of this kind differ in about 2 n cells. What is left is the refutation.
            return self._deduce(outcome)
        search = self
        if self.call.assume == "auto" and 12 * self.call.work.order**5 > _SEARCH_OPERATIONS:
            search = replace(self, call=replace(self.call, solver="exact"))
        outcome = search._search(outcome)
        if self.call.hypotheses and not outcome.settled and not outcome.refuted:
            outcome = self._deduce(outcome)  # a learned solver by itself refutes nothing
        return outcome

    def _search(self, outcome: Outcome) -> Outcome:
        """Deduce under groups, weigh theories, look for wrong entries, then learn."""
        if self.call.solver in ("auto", "exact"):
            outcome = self._deduce(outcome)
            if not outcome.is_certain:
                for stage in (self._weigh, Repairs(self.call).repaired, self._nearer_isotope):
                    self.reached.append(outcome)
                    outcome = stage(outcome)
            self.reached.append(outcome)
            outcome = self._with_few_cells(outcome)
            is_told = self._is_told(outcome)
            if self._is_small and outcome.settled is None and not is_told:
                wanted: tuple[Structure | None, ...] = self.call.structures
                # Without an assumption it may be an isotope all the same; then nothing is forced.
                wanted = wanted or (() if self.call.theories else (None,))
                outcome = LearnedStages(self.call).nearest(outcome, wanted)
            if outcome.settled is not None or self.call.solver == "exact" or is_told:
                return outcome
        return LearnedStages(self.call).learn(outcome)

    @property
    def _is_small(self) -> bool:
        return self.call.work.order < SMALL

    def _is_told(self, outcome: Outcome) -> bool:
        """Whether theories of laws leave nothing to learn, once groups and isotopes are refuted.

        A theory that was given is not left for a guess. What others leave open several completions
        disagree on, which no learned solver can decide if all of them are known; below order 10
        there are too few cells to learn from.
        """
        if not all(outcome.is_refuted(structure) for structure in self.call.structures):
            return False
        return any(
            not isinstance(each.structure, Structure)
            and (each.standing == "given" or each.is_exact or self._is_small)
            for each in outcome.deduced
        )

    def _contradicts_itself(self) -> bool:
        a, b, c = self.call.work.repeats.T
        return bool((self.call.work.array[a, b] != c).any())

    def _may_have_wrong_entries(self, known: Identification) -> bool:
        """Whether a full table is not what it is taken to be, and worth a search for errors."""
        if not self.call.structures:
            return bool(self.call.theories)
        if self.call.assume == "auto":
            # wrong entries hardly leave more structure than that
            return known.structure is Structure.MAGMA and not self._obeys_a_law()
        found = {known.structure}
        if known.structure is Structure.GROUP:
            found.add(Structure.GROUP_ISOTOPE)
        return not found & set(self.call.structures)

    def _obeys_a_law(self) -> bool:
        """Whether a full table obeys a named law that hardly holds where an entry is wrong.

        All transpositions of four points under conjugation agree with an isotope of C6 in 30 of 36
        cells; they are a quandle, and none of them is wrong.
        """
        if not self.call.work.has_one_alphabet:
            return False
        from cayley.theories.laws._evaluation import (  # only for full tables
            OutOfTime,
            first_violation,
        )
        from cayley.theories.mining._mining import named_laws

        remaining = self.call.remaining()
        seconds = _LAWS_SECONDS if remaining is None else min(_LAWS_SECONDS, remaining)
        deadline = time.monotonic() + seconds
        for law in named_laws():
            if law.num_variables < MANY_VARIABLES:
                continue
            try:
                if first_violation(law, self.call.work.array, deadline=deadline) is None:
                    return True
            except OutOfTime:  # it holds as far as was seen, which is far
                return True
        return False

    def _deduce(self, outcome: Outcome) -> Outcome:
        """Deduce under each structure, strongest first, until one is not refuted."""
        for structure in self.call.structures:
            result = deduce_table(
                self.call.work,
                assume=structure,
                given=self.call.is_given,
                time_limit=self.call.remaining(),
                few_cells=self.call.is_given,
            )
            outcome = outcome.after(result)
            if isinstance(result, Deduced):
                break  # every group is an isotope: what holds for groups is not refuted for them
        if self.call.theories:
            # only where a theory is asked for
            from cayley.completion._further import (
                HOMOTOPE,
                POLYNOMIAL,
                deduce_homotope,
                deduce_polynomial,
            )
            from cayley.completion._theories import deduce_theory

            for theory in self.call.theories:
                found: Deduced | Refuted | None
                if theory == HOMOTOPE:
                    found = deduce_homotope(
                        self.call.work, standing="given", time_limit=self.call.remaining()
                    )
                elif theory == POLYNOMIAL:
                    found = deduce_polynomial(self.call.work, standing="given")
                else:
                    found = deduce_theory(self.call.work, theory, time_limit=self.call.remaining())
                if found is not None:
                    outcome = outcome.after(found)
        return outcome

    def _with_few_cells(self, outcome: Outcome) -> Outcome:
        """Refute groups and isotopes by few cells, unless laws explain the table.

        Nobody asks why octonions are no group once they are known to be a Moufang loop, and the few
        cells that say so take two thirds of the time.
        """
        best = outcome.settled
        by_laws = best is not None and not isinstance(best.structure, Structure)
        if self.call.hypotheses or (by_laws and outcome.is_certain):
            return outcome
        tried = [
            deduce_table(
                self.call.work, assume=each.structure, given=False, time_limit=self.call.remaining()
            )
            if isinstance(each, Refuted) and isinstance(each.structure, Structure)
            else each
            for each in outcome.tried
        ]
        return replace(outcome, tried=tuple(tried))

    def _weigh(self, outcome: Outcome) -> Outcome:
        """Deduce under the theories of laws that the cells support, beyond one that was given."""
        if not self.call.given.has_one_alphabet or self.call.given.is_full:
            return outcome
        refuted = [each.structure for each in outcome.refuted]
        standing = [theory for theory in self.call.theories if theory not in refuted]
        if self.call.assume != "auto" and not standing:
            return outcome
        from cayley.completion._theories import weigh_theories  # only where groups do not settle it

        bases: list[Theory | None] = [*standing] or [None]
        for given in bases:
            if given is None:
                outcome = self._weigh_further(outcome)
                if outcome.is_certain:
                    return outcome
            elif not given.laws and not given.conditions:
                continue  # nothing can be added to a homotope or a polynomial
            found = weigh_theories(self.call.work, given=given, time_limit=self.call.remaining())
            outcome = outcome.after(*found)
        return outcome

    def _weigh_further(self, outcome: Outcome) -> Outcome:
        """Try polynomials and, if no isotope has the cells, homotopes of groups."""
        from cayley.completion._further import deduce_homotope, deduce_polynomial

        polynomial = deduce_polynomial(self.call.work)
        if isinstance(polynomial, Deduced) and polynomial.standing == "earned":
            return outcome.after(polynomial)
        if outcome.is_refuted(Structure.GROUP_ISOTOPE) and self.call.work.order > SMALL:
            homotope = deduce_homotope(
                self.call.work, time_limit=_further_limit(self.call.remaining())
            )
            if isinstance(homotope, Deduced) and homotope.standing == "earned":
                outcome = outcome.after(homotope)
        return outcome

    def _nearer_isotope(self, outcome: Outcome) -> Outcome:
        """Look for an isotope by other means where a group leaves so many wrong as a neighbor.

        Two different tables of groups and isotopes differ in about 2n cells. A group that leaves
        more than n wrong may be the neighbor of an isotope for which the exact search had no time.
        """
        best = outcome.settled
        if (
            (self.call.solver != "auto" and not self._is_small)
            or best is None
            or best.structure is not Structure.GROUP
            or Structure.GROUP_ISOTOPE not in self.call.structures
            or outcome.num_wrong(best) <= self.call.work.order
        ):
            return outcome
        stages = LearnedStages(self.call)
        if self._is_small:
            return stages.nearest(outcome, (Structure.GROUP_ISOTOPE,))
        return stages.synchronize(outcome, [(Structure.GROUP_ISOTOPE, True)])
