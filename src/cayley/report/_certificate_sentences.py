"""Sentences on what is proved about a solution, by what, and what is not proved."""

import math
from typing import Any

from cayley.algebra import Structure
from cayley.completion import Solution, check_certificate
from cayley.completion.solution._wording import a_kind

__all__ = ["NOTHING_TO_CHECK", "certificate_sentences", "check_yourself", "standing_sentence"]

NOTHING_TO_CHECK: dict[str, Any] = {"commands": (), "claims": (), "lacking": ()}
"""What a page shows that has no certificate beside it."""


def certificate_sentences(solution: Solution) -> list[str]:
    """Return what is certain about a solution and why, a list of sentences.

    Each repeats what a field of the solution says; nothing is computed here.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> certificate_sentences(solve(generate_family("C2")))[1]
        'The table was given whole: nothing had to be filled in.'
    """
    sentences = [
        _structure(solution),
        standing_sentence(solution),
        _provenance(solution),
        _uniqueness(solution),
        _completions(solution),
    ]
    if solution.method:
        sentences.append(f"How that was decided: {solution.method}.")
    # Last, since it qualifies what stands before it.
    if solution.solver != "exact":
        sentences.append(
            "What was learned only proposed this table; the checks above are on whole numbers and "
            "need no tolerance."
        )
    return [sentence for sentence in sentences if sentence]


def check_yourself(solution: Solution) -> dict[str, Any]:
    """Return the claims of the certificate, the commands that check it, and what it lacks.

    Example:
        >>> from cayley.completion import solve
        >>> shown = check_yourself(solve([[0, 1], [1, -1]], assume="group"))
        >>> shown["commands"][0], len(shown["claims"]), shown["lacking"]
        ('cayley check certificate.json', 4, ())
    """
    made, lacking = solution._certified
    if made is None:
        return NOTHING_TO_CHECK | {"lacking": lacking}
    return {
        "commands": (
            "cayley check certificate.json",
            "cayley check --source > checker.py",
            "python -I checker.py certificate.json",
        ),
        "claims": check_certificate(made).claims,
        "lacking": lacking,
    }


def standing_sentence(solution: Solution) -> str:
    """Return how the hypothesis came by its place; empty where nothing rests on one.

    Example:
        >>> from cayley.completion import solve
        >>> print(standing_sentence(solve([[0, 1], [1, -1]])))
        That this is a group is supposed, not proved: nothing contradicts it, and the observed cells
        are too few to earn it.
    """
    if solution.assumption is None or solution.status == "inconsistent" or _given_whole(solution):
        return ""
    kind = a_kind(solution.assumption)
    if solution.standing == "supposed":
        earned = (
            "" if solution.earned is None else f" Earned is that it is {a_kind(solution.earned)}."
        )
        why = (
            f"{len(solution.suspects)} observed cells contradict it."
            if solution.suspects
            else "nothing contradicts it, and the observed cells are too few to earn it."
        )
        return f"That this is {kind} is supposed, not proved: {why}{earned}"
    if solution.standing == "earned":
        odds = "less likely than one in a million"
        if solution.log10_chance is not None and math.isfinite(solution.log10_chance):
            odds = f"less likely than 10^{math.ceil(solution.log10_chance)}"
        return f"That this is {kind} is earned: so much agreement by chance is {odds}."
    return f"That this is {kind} is taken as given." if solution.standing == "given" else ""


def _given_whole(solution: Solution) -> bool:
    return solution.given.is_full and not solution.suspects


def _structure(solution: Solution) -> str:
    """Return what was checked in all cells of the completed table."""
    cells = solution.table.array.size
    if not solution.table.is_full:
        return "The table is not complete, so nothing is proved about it as a whole."
    if solution.isotopism is None:
        if solution.structure is None:
            shape = " × ".join(map(str, solution.table.array.shape))
            return f"The table shown is {shape}: a structure of one set is not asked of it."
        kind = solution.structure
        # A table that was only predicted was checked for its structure and not for the theory.
        if _is_theory(solution) and solution.proved and not solution.counts["predicted"]:
            return (
                f"All {cells} cells were checked: the table shown is {a_kind(solution.assumption)}."
            )
        article = "an" if str(kind)[0] in "aeio" else "a"
        return (
            f"Of magma, quasigroup, loop, semigroup, monoid and group the table shown is exactly "
            f"{article} {kind}."
        )
    if solution.structure == "group":
        return (
            f"All {cells} products of the table shown were checked in whole numbers: every row and "
            "column holds each symbol once, there is an identity, and the operation is associative."
        )
    return (
        f"In all {cells} cells the element of the row times the element of the column is the "
        "element of the symbol, under the maps listed below: the table shown is an isotope of the "
        "group."
    )


def _is_theory(solution: Solution) -> bool:
    return solution.assumption is not None and not isinstance(solution.assumption, Structure)


def _provenance(solution: Solution) -> str:
    """Return how many cells are forced, predicted, unknown or taken to be wrong."""
    counts = solution.counts
    if _given_whole(solution):
        return "The table was given whole: nothing had to be filled in."
    kind = _kind(solution)
    parts = []
    if counts["forced"]:
        forced = _number(counts["forced"], "cell")
        parts.append(f"{forced} forced: no {kind} with the given cells has another symbol there")
    if counts["predicted"]:
        parts.append(f"{_number(counts['predicted'], 'cell')} predicted, not proved")
    if counts["unknown"]:
        parts.append(f"{_number(counts['unknown'], 'cell')} unknown")
    if solution.suspects:
        parts.append(f"{_number(len(solution.suspects), 'observation')} taken to be wrong")
    return "; ".join(parts) + "." if parts else ""


def _number(count: int, thing: str) -> str:
    """Return a count of things with its verb."""
    return f"1 {thing} is" if count == 1 else f"{count} {thing}s are"


def _kind(solution: Solution) -> str:
    """Return what the cells were forced under: the assumption, which may be less than was found."""
    if solution.assumption is None or solution.assumption == "group isotope":
        return "isotope of a group"
    name = str(solution.assumption)
    return f"operation with {name}" if "=" in name else name


def _uniqueness(solution: Solution) -> str:
    """Return whether there are other completions; nothing of a full table without suspects."""
    if solution.unique_among is None or _given_whole(solution):
        return ""
    if solution.status == "inconsistent":
        return f"No {_kind(solution)} has the given cells."
    among = solution.unique_among
    kept = " (the suspects left out)" if solution.suspects else ""
    return {
        "yes": f"Among {among}, the given cells{kept} have this one completion.",
        "no": f"Among {among}, the given cells{kept} have more than one completion.",
        "unknown": f"Whether other {among} have the given cells{kept} is not known.",
    }[solution.unique]


def _completions(solution: Solution) -> str:
    """Return how many completions there are, where there is more than one."""
    if solution.num_completions is None or solution.num_completions < 2:
        return ""
    least = "" if solution.completions_exact else "at least "
    verb = "has" if solution.num_completions == 1 else "have"
    return (
        f"In all {least}{solution.num_completions} {solution.unique_among} {verb} the given cells."
    )
