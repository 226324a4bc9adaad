"""Sentences on what is proved about a solution, by what, and what is not proved."""

from cayley.completion import Solution

__all__ = ["certificate_sentences"]


def certificate_sentences(solution: Solution) -> list[str]:
    """Return what is certain about a solution and why, a list of sentences.

    Each repeats what a field of the solution says; nothing is computed here.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> certificate_sentences(solve(generate_family("C2")))[1]
        'The table was given whole: nothing had to be filled in.'
    """
    sentences = [_structure(solution), _provenance(solution), _uniqueness(solution)]
    if solution.certificate:
        sentences.append(f"How that was decided: {solution.certificate}.")
    # Last, since it qualifies what stands before it.
    if solution.solver != "exact":
        sentences.append(
            "What was learned only proposed this table; the checks above are on whole numbers and "
            "need no tolerance."
        )
    return [sentence for sentence in sentences if sentence]


def _structure(solution: Solution) -> str:
    """Return what was checked in all cells of the completed table."""
    cells = solution.table.array.size
    if solution.isotopism is None:
        if solution.structure is None:
            return "The table is not complete, so nothing is proved about it as a whole."
        return f"The completed table is exactly a {solution.structure} and nothing more special."
    if solution.structure == "group":
        return (
            f"All {cells} products were checked in whole numbers: every row and column holds each "
            "symbol once, there is an identity, and the operation is associative."
        )
    return (
        f"In all {cells} cells the element of the row times the element of the column is the "
        "element of the symbol, under the maps listed below: the table is an isotope of the group."
    )


def _provenance(solution: Solution) -> str:
    """Return how many cells are forced, predicted, unknown or taken to be wrong."""
    counts = solution.counts
    if solution.given.is_full and not solution.suspects:
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
    if solution.unique_among is None or (solution.given.is_full and not solution.suspects):
        return ""
    among = solution.unique_among
    kept = " (the suspects left out)" if solution.suspects else ""
    return {
        "yes": f"Among {among}, the given cells{kept} have this one completion.",
        "no": f"Among {among}, the given cells{kept} have more than one completion.",
        "unknown": f"Whether other {among} have the given cells{kept} is not known.",
    }[solution.unique]
