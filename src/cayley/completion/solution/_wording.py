"""The verdict in words. A sentence repeats only what the findings hold: proofs and numbers."""

import math

from cayley.algebra import Structure
from cayley.completion._findings import (
    REFUSED_PROOF,
    Findings,
    Hypothesis,
    Rival,
    parted,
    plural,
)
from cayley.deduction.wrong_entries._chance import EARNED
from cayley.theories.laws._conditions import Condition, failing_cells

__all__ = ["a_kind", "verdict"]

_SHOWN = 6
"""Most contradicting cells in a sentence; the document lists all of them."""

_SHOWN_RIVALS = 3
"""Most rivals in a verdict, and most cells of each; the document lists all of them."""


def verdict(found: Findings) -> str:
    """Return the verdict of a solution in a few sentences that a person understands."""
    if any(note.startswith(REFUSED_PROOF) for note in found.notes):
        return f"Nothing is proved here. {REFUSED_PROOF}."
    parts = {
        "solved": _solved,
        "predicted": _predicted,
        "unresolved": _unresolved,
        "inconsistent": _inconsistent,
    }[found.status](found)
    return " ".join(part for part in (*parts, found.premise) if part)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _article(words: str) -> str:
    # "unital" and "unipotent" begin with a consonant when they are spoken
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def _structure(found: Findings) -> str:
    what = found.identification
    if what is None or what.invariants is None:
        if _is_inverse_semigroup(found):
            return f"an inverse {found.structure}"
        return f"a {found.structure}"
    group = _group(what.name, what.gap_id)
    return f"{'an isotope of ' * (found.structure is Structure.GROUP_ISOTOPE)}{group}"


def _is_inverse_semigroup(found: Findings) -> bool:
    """Return whether the table shown is a semigroup in which each element has one inverse."""
    table = found.table
    if found.structure not in (Structure.SEMIGROUP, Structure.MONOID) or not table.is_full:
        return False
    if not table.rows == table.columns == table.symbols:
        return False  # its numbers are not those of one set of elements
    return failing_cells(Condition.SEMIGROUP_INVERSES, table.array) is None


def _group(name: str | None, gap_id: tuple[int, int] | None) -> str:
    group = "a group that has no short name here" if name is None else f"the group {name}"
    return group if gap_id is None else f"{group} (GAP {gap_id[0]}:{gap_id[1]})"


def _kind(hypothesis: Hypothesis | None) -> str:
    """Return what one operation of a kind is called, without an article."""
    if hypothesis is Structure.GROUP_ISOTOPE or hypothesis is None:
        return "isotope of a group"
    noun, laws = parted(hypothesis)
    return f"{noun} with {laws}" if laws else noun


def a_kind(hypothesis: Hypothesis | None) -> str:
    """Return what one operation of a kind is called, such as "a group" or "an isotope of a group".

    Example:
        >>> a_kind(Structure.GROUP), a_kind(Structure.GROUP_ISOTOPE)
        ('a group', 'an isotope of a group')
    """
    return _article(_kind(hypothesis))


def _is_group(hypothesis: Hypothesis | None) -> bool:
    return hypothesis is None or isinstance(hypothesis, Structure)


def _solved(found: Findings) -> list[str]:
    what, size = _structure(found), found.table.array.size
    given_whole = found.given.is_full and not found.suspects
    if not _is_group(found.assumption):
        return [
            _theory_holds(found),
            _agreement(found),
            _missing(found),
            _standing(found),
            _uniqueness(found),
        ]
    if found.structure is Structure.MAGMA:
        return [
            "The table was given whole. It is no quasigroup, no semigroup and no isotope of a "
            "group; `cayley inspect` says what it is."
        ]
    if given_whole:
        return [f"This is {what}, as given: verified in all {_count(size, 'cell')}."]
    if found.unique == "no":
        return _undecided(found)
    verified = f"This is {what}: verified in all {_count(size, 'cell')}."
    return [verified, _agreement(found), _missing(found), _uniqueness(found)]


def _undecided(found: Findings) -> list[str]:
    observed, size = found.given.num_observed, found.table.array.size
    return [
        f"The {_count(observed, 'observed cell')} {'does' if observed == 1 else 'do'} not decide "
        f"the table: more than one {_kind(found.assumption)} has them.",
        f"The one shown is {_structure(found)}, verified in all {_count(size, 'cell')}.",
        _others(found),
    ]


def _others(found: Findings) -> str:
    """Say how many tables fit besides the one shown, and where they may differ from it."""
    predicted = found.counts["predicted"]
    if found.num_completions is None or not predicted:
        return ""
    least = "" if found.completions_exact else "at least "
    where = "the predicted cell" if predicted == 1 else f"the {predicted} predicted cells"
    return f"It is one of {least}{found.num_completions} tables that fit; {where} may differ."


def _theory_holds(found: Findings) -> str:
    size, kind = found.table.array.size, a_kind(found.assumption)
    if found.homotope_of is not None:
        kind = f"a homotope of {_group(*found.homotope_of)}"
    return f"This is {kind}: verified in all {_count(size, 'cell')}."


def _standing(found: Findings) -> str:
    """Say how a theory of laws came by its place."""
    kind = a_kind(found.assumption)
    if found.standing == "given":
        return f"That it is {kind} was given."
    if found.standing == "earned" and found.log10_chance is not None:
        return (
            f"That it is {kind} is earned: so much agreement by chance has odds below "
            f"10^{math.ceil(found.log10_chance)}."
        )
    return ""


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
    if found.unique == "yes" and not found.given.is_full:
        return f"The {kept} {others} cells force the whole table."
    if found.unique == "yes" and found.suspects:
        return f"The {kept} {others} cells force the whole table."
    return ""


def _uniqueness(found: Findings) -> str:
    if str(found.assumption).startswith("polynomial ") and found.unique == "yes":
        return "No other polynomial of this form and degree has these cells."
    if found.unique_among is None or (found.given.is_full and not found.suspects):
        return ""
    return {
        "yes": f"No other {_kind(found.assumption)} has these cells.",
        "no": f"Another {_kind(found.assumption)} has these cells too.",
        "unknown": f"Whether another {_kind(found.assumption)} has these cells is not known.",
    }[found.unique]


def _predicted(found: Findings) -> list[str]:
    doubted = found.assumption is not None and (found.standing == "supposed" or found.rivals)
    if doubted and (found.unique == "yes" or _is_group(found.assumption)):
        return _supposed(found)
    if found.assumption is not None and not _is_group(found.assumption):
        return _most_even(found) if found.solver == "exact" else _learned_under(found)
    what = "no group or isotope of a group"
    how = "a search for the nearest table" if found.solver == "exact" else "what was learned"
    if found.structure in (Structure.GROUP, Structure.GROUP_ISOTOPE):
        predicted = found.counts["predicted"]
        return [
            f"Predicted, not proved: {_count(predicted, 'missing cell')} filled by {how}.",
            f"The completed table is {_structure(found)}, but nothing was assumed that would force "
            "them.",
        ]
    if found.structure is not Structure.MAGMA:
        what = f"{_structure(found)}, but {what}"
    predicted = found.counts["predicted"]
    return [
        f"Predicted, not proved: {_count(predicted, 'missing cell')} filled by what was learned.",
        f"The completed table is {what}, so nothing exact confirms them.",
    ]


def _most_even(found: Findings) -> list[str]:
    """Say that a completion was chosen among several that a theory of laws allows."""
    assert found.assumption is not None
    counts, kind = found.counts, a_kind(found.assumption)
    forced = f" and {_count(counts['forced'], 'missing cell')} forced" if counts["forced"] else ""
    return [
        f"Predicted, not proved: {found.num_completions} {plural(found.assumption)} have the "
        f"observed cells; the one shown spreads its symbols most evenly.",
        f"If this is {kind}, {_count(counts['predicted'], 'cell')} "
        f"{'is' if counts['predicted'] == 1 else 'are'} predicted{forced}.",
        _standing(found),
        _earned_part(found),
    ]


def _learned_under(found: Findings) -> list[str]:
    """Say that what a theory leaves open was learned, and that all cells together have its laws."""
    counts, kind = found.counts, a_kind(found.assumption)
    forced = f"if this is {kind}, {_count(counts['forced'], 'missing cell')} forced"
    return [
        f"Predicted, not proved: {_count(counts['predicted'], 'missing cell')} filled by what was "
        f"learned{'; ' * bool(counts['forced'])}{forced * bool(counts['forced'])}.",
        f"The completed table is {kind}: verified in all {_count(found.table.array.size, 'cell')}.",
        _standing(found),
    ]


def _supposed(found: Findings) -> list[str]:
    """Say what follows if the theory holds, and what each rival would have instead."""
    kind = a_kind(found.assumption)
    observed = _count(found.given.num_observed, "observed cell")
    parts = []
    if found.standing == "supposed":
        parts.append(f"Supposed, not proved: if this is {kind}, {_consequence(found)}.")
        earned = _earned_part(found)
        if earned:
            parts.append(earned)
    else:
        parts.append(f"If this is {kind}, {_consequence(found)}.")
    if found.suspects:
        listed = ", ".join(f"{s.row} o {s.column} = {s.given}" for s in found.suspects[:_SHOWN])
        more = " and others" if len(found.suspects) > _SHOWN else ""
        is_wrong = "is" if len(found.suspects) == 1 else "are"
        parts.append(f"Then {listed}{more} {is_wrong} wrong.")
    parts += [_rival(found, rival) for rival in found.rivals[:_SHOWN_RIVALS]]
    verb = "does" if found.given.num_observed == 1 else "do"
    if found.rivals:
        parts.append(f"The {observed} {verb} not decide.")
    elif found.suspects and _is_orderly(found):
        those = (
            "These repeat fewer symbols of their rows and columns than wrong entries would"
            if len(found.suspects) > 1
            else "It repeats no symbol of its row and column, as a wrong entry would"
        )
        parts.append(f"{those}, so {kind} is not earned.")
    elif found.suspects:
        parts.append(f"With {len(found.suspects)} of the {observed} wrong it is not earned.")
    else:
        parts.append(f"The {observed} {'is' if verb == 'does' else 'are'} too few to earn it.")
    return parts


def _is_orderly(found: Findings) -> bool:
    """Whether chance is excluded, so that only the look of the suspects keeps a group supposed."""
    chance = found.log10_chance
    return isinstance(found.assumption, Structure) and chance is not None and chance <= EARNED


def _consequence(found: Findings) -> str:
    forced = found.counts["forced"]
    what = ""
    if found.structure in (Structure.GROUP, Structure.GROUP_ISOTOPE):
        what = f"it is {_structure(found).removeprefix('a ')}"
    elif found.homotope_of is not None:
        what = f"it is one of {_group(*found.homotope_of)}"
    if found.unique == "yes" and forced:
        more = (
            f"the other cells force the {forced} missing"
            if found.suspects
            else (f"the observed cells force the {forced} missing")
        )
        return f"{what}, and {more}" if what else more
    if found.unique == "no":
        return f"the table shown is {_structure(found)}, and it is not the only one"
    return what or "the table shown is one that has the observed cells"


def _earned_part(found: Findings) -> str:
    return "" if found.earned is None else f"Earned is that it is {a_kind(found.earned)}."


def _rival(found: Findings, rival: Rival) -> str:
    kind = a_kind(rival.theory)
    if str(rival.theory) == str(found.assumption):
        kind = f"another {_kind(rival.theory)}"
    cells = ", ".join(
        f"{row} o {column} = {symbol if symbol is not None else 'open'}"
        for row, column, symbol in rival.differs[:_SHOWN_RIVALS]
    )
    more = len(rival.differs) - _SHOWN_RIVALS
    rest = f" and {more} more cells differ" if more > 0 else ""
    return f"If it is {kind} instead, {cells}{rest}{_accused(found, rival)}."


def _accused(found: Findings, rival: Rival) -> str:
    """Say which observations a rival contradicts."""
    given = found.given
    accused = [
        f"{row} o {column} = {given[row, column]}"
        for row, column, symbol in rival.differs
        if given[row, column] not in (None, symbol)
    ]
    if not rival.suspects:
        return ""
    if len(accused) != rival.suspects or rival.suspects > _SHOWN:
        return f", with {_count(rival.suspects, 'observation')} suspected to be wrong"
    return f", and {', '.join(accused)} {'is' if rival.suspects == 1 else 'are'} wrong"


def _unresolved(found: Findings) -> list[str]:
    counts = found.counts
    parts = ["Unresolved:"]
    if not (counts["unknown"] or counts["forced"] or counts["predicted"]):
        parts.append(f"{found.method or 'nothing is forced'}.")
    if counts["unknown"]:
        parts.append(f"{_count(counts['unknown'], 'cell')} could not be filled.")
    if counts["forced"]:
        kind = a_kind(found.assumption)
        parts.append(f"{_count(counts['forced'], 'cell')} are proved, if this is {kind}.")
    assumed = found.assumption
    if counts["predicted"] and assumed is not None and not _is_group(assumed):
        one = counts["predicted"] == 1
        parts.append(
            f"{_count(counts['predicted'], 'cell')} {'is' if one else 'are'} predicted by what was "
            f"learned, as far as {a_kind(assumed)} allows."
        )
    elif counts["predicted"]:
        parts.append(
            f"the {counts['predicted']} predicted cells come from matrices that do not even fit "
            "the observed ones; do not rely on them."
        )
    if assumed is not None and not _is_group(assumed) and found.unique == "no":
        among = f"{found.num_completions} {plural(assumed)}"
        least = "" if found.completions_exact else "at least "
        parts.append(f"In all {least}{among} have the observed cells.")
        parts.append(_standing(found))
        if found.standing == "supposed":
            parts.append(f"That it is {a_kind(assumed)} is only supposed.")
    return parts


def _inconsistent(found: Findings) -> list[str]:
    refuted = found.refuted[-1]
    # a name such as "quandle" is refuted on both sides
    both = isinstance(found.assume, str) and not isinstance(found.assume, Structure)
    both = both and found.assume not in ("auto", "none")
    kinds = (
        [_kind(each.structure) for each in found.refuted] if both else [_kind(refuted.structure)]
    )
    kind, cells = " and no ".join(dict.fromkeys(kinds)), refuted.cells
    if not cells:
        return [f"Inconsistent: no {kind} has these cells."]
    shown = ", ".join(f"{a} o {b} = {c}" for a, b, c in cells[:_SHOWN])
    more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    why = f" ({refuted.reason})" if refuted.reason else ""
    return [
        f"Inconsistent: no {kind} has these cells; already these contradict{why}: {shown}{more}."
    ]
