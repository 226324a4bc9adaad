"""Thinking about a table while it is edited: first at once, then more, part after part.

A first look deduces under groups, isotopes or what was asked for, in milliseconds. Where that does
not settle the table, theories are weighed and wrong entries looked for, which can take seconds.
Nothing is learned here: that is what the button *Complete* is for.
"""

from collections.abc import Iterator
from typing import Any

from cayley.algebra import Identification, Structure, identify
from cayley.completion import Solution, solve
from cayley.completion._conclusion import conclude
from cayley.completion._exact import deduce_table
from cayley.completion._findings import ASSUMABLE, Hypothesis
from cayley.completion._hypotheses import asked_for, needs_one_alphabet
from cayley.completion._outcome import Deduced, Outcome, Refuted
from cayley.completion._theories import deduce_theory
from cayley.completion.inspection._partial_inspection import Candidate, inspect_partial
from cayley.next_cell._next_cells import advise
from cayley.report._typeset import cleaned
from cayley.studio.answers._thoughts import thought_of
from cayley.tables import Table
from cayley.theories import Theory

__all__ = ["first_look", "look_further", "questions_about", "theories_of"]

_FIRST_SECONDS = 0.15
"""For each deduction of the first look: an answer within 0.3 s of a key has to be on the page."""

_SECONDS = 6.0
"""For the search for wrong entries and the weighing of theories; what takes longer is for a run."""

_THEORY_SECONDS = 1.5
"""For the list of all named theories; what was not looked at by then is shown as open."""

_MOST_QUESTIONS = 3
"""Cells to ask next that are marked: the first is the advice, the others show that it is no law."""


def first_look(table: Table, assume: str) -> tuple[Solution | None, bool]:
    """Return what can be said at once, and whether that is all there is to say.

    Args:
        table: The table.
        assume: What the operation is taken to be, as :func:`~cayley.completion.solve` takes it.

    Returns:
        None if nothing can be said at once.

    Raises:
        ValueError: If what is assumed makes no sense for this table.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> found, settled = first_look(mask(generate_family("S3"), observe=0.5, seed=0), "auto")
        >>> found.identification.name, settled
        ('S3', True)
    """
    asked, hypotheses = asked_for(assume)
    _check(table, hypotheses)
    if not table.is_square:
        return None, False
    work = table.aligned() if table.has_one_alphabet else table
    known = identify(table) if table.is_full and not len(table.repeats) else None
    outcome = Outcome(work=work)
    settled = known is not None and not hypotheses and known.structure is not Structure.MAGMA
    if known is None or hypotheses:
        for hypothesis in hypotheses or _usual(table, assume):
            found = _deduced(work, hypothesis, given=bool(hypotheses))
            if found is None:  # homotopes and polynomials: as fast, but no part of the first look
                return None, False
            outcome = outcome.after(found)
            if isinstance(found, Deduced):
                break  # every group is an isotope: what holds for groups is not refuted for them
        settled = assume == "none" or outcome.is_certain
    return _concluded(table, outcome, asked, hypotheses, known), settled


def _usual(table: Table, assume: str) -> tuple[Hypothesis, ...]:
    if assume == "none":
        return ()
    return ASSUMABLE if table.has_one_alphabet else (Structure.GROUP_ISOTOPE,)


def _check(table: Table, hypotheses: tuple[Hypothesis, ...]) -> None:
    """Refuse to ask for elements where there are three different alphabets."""
    if table.is_square and not table.has_one_alphabet and any(map(needs_one_alphabet, hypotheses)):
        raise ValueError(
            f"{hypotheses[0]} needs one alphabet: the same labels for rows, columns and results. "
            "An isotope or a quasigroup does not."
        )


def _deduced(work: Table, hypothesis: Hypothesis, *, given: bool) -> Deduced | Refuted | None:
    if isinstance(hypothesis, Structure):
        return deduce_table(
            work, assume=hypothesis, given=given, time_limit=_FIRST_SECONDS, few_cells=given
        )
    if not isinstance(hypothesis, Theory) or not (hypothesis.laws or hypothesis.conditions):
        return None
    return deduce_theory(work, hypothesis, time_limit=_FIRST_SECONDS)


def _concluded(
    table: Table,
    outcome: Outcome,
    asked: Hypothesis | str,
    hypotheses: tuple[Hypothesis, ...],
    known: Identification | None,
) -> Solution:
    return conclude(
        table,
        outcome,
        assume=asked,
        hypotheses=hypotheses,
        known=known if table.is_full else None,
        seed=0,
        version="",
        options={},
        history=(),
    )


def look_further(table: Table, assume: str, *, settled: bool) -> Iterator[dict[str, Any]]:
    """Yield what takes longer: the answer, what to ask next, what each theory makes of the cells.

    Args:
        table: The table.
        assume: What the operation is taken to be.
        settled: Whether the first look was all there is to say.

    Yields:
        Objects with a member ``part``: ``answer``, ``next`` and ``theories``.
    """
    suspected = False
    if not settled:
        solution = solve(table, assume=assume, solver="exact", time_limit=_SECONDS)
        suspected = bool(solution.suspects)
        yield {"part": "answer", **thought_of(solution, settled=True)}
    # Cells that look wrong come first: what follows from them is no ground for a question.
    asked = {"questions": [], "message": ""} if suspected else questions_about(table, assume)
    yield {"part": "next", **asked}
    yield {"part": "theories", "theories": theories_of(table)}


def questions_about(table: Table, assume: str) -> dict[str, Any]:
    """Return which cells to observe next, and why; or why there is nothing to ask.

    Example:
        >>> table = Table.from_array([["F", "T"], ["T", None]], labels="FT")
        >>> found = questions_about(table, "auto")
        >>> found["questions"][0]["cell"]
        [1, 1]
    """
    try:
        advice = advise(table, count=1, assume=assume)
    except ValueError as error:  # the cells contradict what is assumed, or it can't be asked for
        return {"questions": [], "message": _sentence(error)}
    rows = {label: i for i, label in enumerate(table.rows)}
    columns = {label: i for i, label in enumerate(table.columns)}
    return {
        "message": str(cleaned(advice.message)),
        "questions": [
            {
                "cell": [rows[each.row], columns[each.column]],
                "why": str(cleaned(each.why)),
                "bits": round(each.bits, 2),
                "exact": each.is_exact,
                "settles": [
                    {"answers": [str(cleaned(a)) for a in answers], "then": str(cleaned(then))}
                    for answers, then in each.settles
                ],
            }
            for each in advice.questions[:_MOST_QUESTIONS]
        ],
    }


def _sentence(error: ValueError) -> str:
    text = str(cleaned(str(error).partition("\n")[0]))
    return text[:1].upper() + text[1:]


def theories_of(table: Table, *, seconds: float = _THEORY_SECONDS) -> list[dict[str, Any]]:
    """Return every named theory with its standing: refuted, possible, holds, or open.

    None if rows, columns and results are different labels: laws mean nothing there.

    Example:
        >>> found = theories_of(Table.from_array([[0, 1], [1, -1]]))
        >>> [each["standing"] for each in found if each["theory"] == "left quandle"]
        ['refuted']
    """
    if not table.has_one_alphabet or _contradicts_itself(table):
        return []
    found = inspect_partial(table, seconds=seconds)
    places = {label: i for i, label in enumerate(table.rows)}
    across = {label: i for i, label in enumerate(table.columns)}
    names = found.table.rows
    return [
        {
            "theory": each.theory.name,
            "standing": "holds" if table.is_full and each.standing == "possible" else each.standing,
            "why": str(cleaned(_because(each))),
            "cells": [[places[names[a]], across[names[b]]] for a, b in each.cells],
        }
        for each in found.named
    ]


def _contradicts_itself(table: Table) -> bool:
    a, b, c = table.repeats.T
    return bool((table.array[a, b] != c).any())


def _because(each: Candidate) -> str:
    if each.standing == "refuted":
        return each.why
    found = each.completion
    if found is None or each.standing == "open":
        return "no completion was found, and none was excluded"
    count = found.num_completions
    if found.is_exact:
        return "one completion" if count == 1 else f"{count} completions"
    return f"at least {count} completions"
