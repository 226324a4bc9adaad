"""The verdict in words. A sentence repeats only what the findings hold: proofs and numbers."""

from cayley.algebra import Structure
from cayley.completion._findings import Findings

__all__ = ["verdict"]

_SHOWN = 6
"""Most contradicting cells in a sentence; the document lists all of them."""


def verdict(found: Findings) -> str:
    """Return the verdict of a solution in a few sentences that a person understands."""
    parts = {
        "solved": _solved,
        "predicted": _predicted,
        "unresolved": _unresolved,
        "inconsistent": _inconsistent,
    }[found.status](found)
    return " ".join(part for part in parts if part)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _structure(found: Findings) -> str:
    what = found.identification
    if what is None or what.invariants is None:
        return f"a {found.structure}"
    group = "a group that has no short name here" if what.name is None else f"the group {what.name}"
    number = "" if what.gap_id is None else f" (GAP {what.gap_id[0]}:{what.gap_id[1]})"
    return f"{'an isotope of ' * (found.structure is Structure.GROUP_ISOTOPE)}{group}{number}"


def _kind(structure: Structure | None) -> str:
    return "group" if structure is Structure.GROUP else "isotope of a group"


def _solved(found: Findings) -> list[str]:
    what, size = _structure(found), found.table.array.size
    if found.structure is Structure.MAGMA:
        return [
            "The table was given whole. It is a magma and nothing more special: no quasigroup, no "
            "semigroup, no isotope of a group."
        ]
    if found.given.is_full and not found.suspects:
        return [f"This is {what}, as given: verified in all {_count(size, 'cell')}."]
    if found.unique == "no":
        return [
            f"The {_count(found.given.num_observed, 'observed cell')} "
            f"{'does' if found.given.num_observed == 1 else 'do'} not decide the table: more "
            f"than one {_kind(found.assumption)} has them.",
            f"The one shown is {what}, verified in all {_count(size, 'cell')}.",
        ]
    verified = f"This is {what}: verified in all {_count(size, 'cell')}."
    return [verified, _agreement(found), _missing(found), _uniqueness(found)]


def _agreement(found: Findings) -> str:
    wrong, seen = len(found.suspects), found.given.num_observed
    if not wrong:
        return ""
    return (
        f"It contradicts {wrong} of {_count(seen + len(found.given.repeats), 'observation')}, "
        f"suspected to be wrong."
    )


def _missing(found: Findings) -> str:
    counts = found.counts
    forced, predicted = counts["forced"], counts["predicted"]
    others = "other observed" if found.suspects else "observed"
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
    if found.unique == "yes":
        return f"The {kept} {others} cells force the whole table."
    return ""


def _uniqueness(found: Findings) -> str:
    if found.unique_among is None:
        return ""
    return {
        "yes": f"No other {_kind(found.assumption)} has these cells.",
        "no": f"Another {_kind(found.assumption)} has these cells too.",
        "unknown": f"Whether another {_kind(found.assumption)} has these cells is not known.",
    }[found.unique]


def _predicted(found: Findings) -> list[str]:
    what = "no group or isotope of a group"
    if found.structure is not Structure.MAGMA:
        what = f"{_structure(found)}, but {what}"
    predicted = found.counts["predicted"]
    return [
        f"Predicted, not proved: {_count(predicted, 'missing cell')} filled by what was learned.",
        f"The completed table is {what}, so nothing exact confirms them.",
    ]


def _unresolved(found: Findings) -> list[str]:
    counts = found.counts
    parts = ["Unresolved:"]
    if counts["unknown"]:
        parts.append(f"{_count(counts['unknown'], 'cell')} could not be filled.")
    if counts["forced"]:
        kind = _kind(found.assumption)
        article = "a" if found.assumption is Structure.GROUP else "an"
        parts.append(f"{_count(counts['forced'], 'cell')} are proved, if this is {article} {kind}.")
    if counts["predicted"]:
        parts.append(
            f"the {counts['predicted']} predicted cells come from matrices that do not even fit "
            "the observed ones; do not rely on them."
        )
    return parts


def _inconsistent(found: Findings) -> list[str]:
    refuted = found.refuted[-1]
    kind, cells = _kind(refuted.structure), refuted.cells
    if not cells:
        return [f"Inconsistent: no {kind} has these cells."]
    shown = ", ".join(f"{a} o {b} = {c}" for a, b, c in cells[:_SHOWN])
    more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    return [f"Inconsistent: no {kind} has these cells; already these contradict: {shown}{more}."]
