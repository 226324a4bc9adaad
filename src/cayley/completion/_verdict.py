"""The verdict in words: what is proved, what is learned, what is unknown."""

from cayley.completion._solution import Solution

__all__ = ["verdict"]


def verdict(solution: Solution) -> str:
    """Return the verdict of a solution in a few sentences that a person understands."""
    parts = {
        "solved": _solved,
        "predicted": _predicted,
        "unresolved": _unresolved,
        "inconsistent": _inconsistent,
    }[solution.status](solution)
    return " ".join(part for part in parts if part)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _structure(solution: Solution) -> str:
    found = solution.identification
    if found is None:
        return f"a {solution.structure}"
    group = "a group that has no short name here" if found.name is None else found.name
    number = "" if found.gap_id is None else f" (GAP {found.gap_id[0]}:{found.gap_id[1]})"
    if solution.structure == "group isotope":
        return f"an isotope of {'' if found.name is None else 'the group '}{group}{number}"
    return f"{'' if found.name is None else 'the group '}{group}{number}"


def _kind(solution: Solution) -> str:
    return "group" if solution.unique_among == "groups" else "isotope of a group"


def _solved(solution: Solution) -> list[str]:
    what, size = _structure(solution), solution.table.array.size
    if solution.structure == "magma":
        return [
            "The table was given whole. It is a magma and nothing more special: no quasigroup, no "
            "semigroup, no isotope of a group."
        ]
    if solution.given.is_full and not solution.suspects:
        return [f"This is {what}, as given: verified in all {_count(size, 'cell')}."]
    if solution.unique == "no":
        return [
            f"The {_count(solution.given.num_observed, 'observed cell')} "
            f"{'does' if solution.given.num_observed == 1 else 'do'} not decide the table: more "
            f"than one {_kind(solution)} has them.",
            f"The one shown is {what}, verified in all {_count(size, 'cell')}.",
        ]
    found = f"This is {what}: verified in all {_count(size, 'cell')}."
    return [found, _agreement(solution), _missing(solution), _uniqueness(solution)]


def _agreement(solution: Solution) -> str:
    wrong, seen = len(solution.suspects), solution.given.num_observed
    if not wrong:
        return ""
    return (
        f"It contradicts {wrong} of {_count(seen + len(solution.given.repeats), 'observation')}, "
        f"suspected to be wrong."
    )


def _missing(solution: Solution) -> str:
    counts = solution.counts
    forced, predicted = counts["forced"], counts["predicted"]
    others = "other observed" if solution.suspects else "observed"
    kept = counts["observed"]
    if forced and not predicted:
        return f"The {kept} {others} cells force the {forced} missing."
    if forced:
        return (
            f"Of {_count(forced + predicted, 'missing cell')} the {others} ones force {forced}; "
            f"{predicted} are predicted."
        )
    if predicted:
        return f"It agrees with the {kept} {others} cells; the {predicted} missing are predicted."
    if solution.unique == "yes":
        return f"The {kept} {others} cells force the whole table."
    return ""


def _uniqueness(solution: Solution) -> str:
    if solution.unique_among is None:
        return ""
    return {
        "yes": f"No other {_kind(solution)} has these cells.",
        "no": f"Another {_kind(solution)} has these cells too.",
        "unknown": f"Whether another {_kind(solution)} has these cells is not known.",
    }[solution.unique]


def _predicted(solution: Solution) -> list[str]:
    what = "no group or isotope of a group"
    if solution.structure != "magma":
        what = f"{_structure(solution)}, but {what}"
    predicted = solution.counts["predicted"]
    return [
        f"Predicted, not proved: {_count(predicted, 'missing cell')} filled by what was learned.",
        f"The completed table is {what}, so nothing exact confirms them.",
    ]


def _unresolved(solution: Solution) -> list[str]:
    counts = solution.counts
    parts = ["Unresolved:"]
    if counts["unknown"]:
        parts.append(f"{_count(counts['unknown'], 'cell')} could not be filled.")
    if counts["forced"]:
        kind = "group" if solution.assumption == "group" else "isotope of a group"
        parts.append(f"{_count(counts['forced'], 'cell')} are proved, if this is a {kind}.")
    if counts["predicted"]:
        parts.append(
            f"the {counts['predicted']} predicted cells come from matrices that do not even fit "
            "the observed ones; do not rely on them."
        )
    return parts


def _inconsistent(solution: Solution) -> list[str]:
    kind = "group" if solution.assumption == "group" else "isotope of a group"
    cells = solution.evidence
    if not cells:
        return [f"Inconsistent: no {kind} has these cells."]
    shown = ", ".join(f"{a} o {b} = {c}" for a, b, c in cells[:6])
    more = f" and {len(cells) - 6} more" if len(cells) > 6 else ""
    return [f"Inconsistent: no {kind} has these cells; already these contradict: {shown}{more}."]
