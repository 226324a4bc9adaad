"""Hypotheses beside groups and laws as a stage: polynomials, homotopes of groups, open blocks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Identification, Structure, identify
from cayley.completion._findings import Standing
from cayley.completion._outcome import Deduced, Refuted
from cayley.deduction import Inconsistent
from cayley.deduction.homotopes._group_of_block import group_of_block
from cayley.deduction.homotopes._homotopes import Homotope, complete_homotope
from cayley.deduction.wrong_entries._chance import EARNED
from cayley.tables import UNKNOWN, Table
from cayley.theories import Theory
from cayley.theories.polynomials._polynomials import fit_polynomial

__all__ = [
    "HOMOTOPE",
    "POLYNOMIAL",
    "deduce_block",
    "deduce_homotope",
    "deduce_polynomial",
    "is_open_block",
]

HOMOTOPE = Theory("homotope of a group")
"""``h(f(a) * g(b))`` with a group ``*`` and any maps f, g, and h one-to-one on what occurs."""

_NAMED_ORDER = 200
"""Up to this order the group of a homotope is named, which takes less than a second."""

POLYNOMIAL = Theory("polynomial")
"""A polynomial in two variables modulo a prime, where the labels are the residues."""


def deduce_polynomial(work: Table, *, standing: Standing | None = None) -> Deduced | Refuted | None:
    """Return what the polynomial with fewest coefficients through all seen cells forces.

    Args:
        work: The observations, over one alphabet in one order.
        standing: "given" if the user said so; else it is weighed.

    Returns:
        None if the labels are no residues or no polynomial fits, a refutation if it was given.
    """
    fit = None if _contradicts_itself(work) else fit_polynomial(work)
    if fit is None:
        if standing is None:
            return None
        reason = (
            "the labels are not the residues modulo a prime, or no polynomial with few enough "
            "coefficients goes through all cells"
        )
        return Refuted(structure=POLYNOMIAL, evidence=(), reason=reason)
    array = _placed(fit.table, work)
    return Deduced(
        structure=Theory(f"polynomial {fit.formula}"),
        table=array,
        forced=array >= 0,
        settles=fit.unique and bool((array >= 0).all()),
        unique="yes" if fit.unique else "unknown",
        certificate=f"{fit.num_coefficients} coefficients, {fit.num_spare} cells to spare",
        standing=standing or ("earned" if fit.log10_chance <= EARNED else "supposed"),
        log10_chance=fit.log10_chance,
        completions=(array,) if fit.unique else (),
        num_completions=1 if fit.unique else None,
        is_exact=fit.unique,
    )


def deduce_homotope(
    work: Table, *, standing: Standing | None = None, time_limit: float | None = None
) -> Deduced | Refuted:
    """Return what the observed cells force in every homotope of a group, or why there is none.

    Args:
        work: The observations; rows, columns and symbols may be of different number.
        standing: "given" if the user said so; else it is weighed.
        time_limit: Seconds, or None for no limit but the engine's own.
    """
    # a refutation of what nobody asked for is shown to nobody, so its cells need not be few
    found = complete_homotope(work, time_limit=time_limit, minimal=standing is not None)
    if isinstance(found, Inconsistent):
        return Refuted(structure=HOMOTOPE, evidence=found.evidence)
    array = found.table.array
    merged = (*found.merged_rows, *found.merged_columns)
    certificate = "enumeration of the universal group"
    if merged:
        certificate += f"; {len(merged)} classes of rows or columns are equal"
    return Deduced(
        structure=HOMOTOPE,
        table=array,
        forced=array >= 0,
        settles=found.unique == "yes",
        unique=found.unique,
        certificate=certificate if not found.reason else f"not settled ({found.reason})",
        standing=standing or ("earned" if found.log10_chance <= EARNED else "supposed"),
        log10_chance=found.log10_chance,
        completions=tuple(each.array for each in found.completions),
        num_completions=1 if found.unique == "yes" else len(found.completions) or None,
        is_exact=found.unique == "yes",
        group=_identified(found),
    )


def _identified(found: Homotope) -> Identification | None:
    """Return what the group is that the table was verified to be a homotope of."""
    if found.unique != "yes" or found.group is None or len(found.group) > _NAMED_ORDER:
        return None
    return identify(Table.from_array(found.group))


def is_open_block(table: Table) -> bool:
    """Whether rows and columns have the same labels and results go outside them."""
    labels = set(table.rows)
    return labels == set(table.columns) and labels < set(table.symbols)


def deduce_block(
    table: Table, *, standing: Standing, time_limit: float | None
) -> tuple[Table, Deduced | Refuted, str, str]:
    """Return the group that an open block generates, as a table over all of its elements.

    Args:
        table: The block.
        standing: "given" if the user said that it is part of a group, else "supposed".
        time_limit: Seconds, or None for no limit but the engine's own.

    Returns:
        The observations as a table over the elements of the group (the block itself if there is no
        finite group), what is forced in it, a premise, and a remark for the user.
    """
    found = group_of_block(table, time_limit=time_limit)
    if isinstance(found, Inconsistent):
        return table, Refuted(structure=Structure.GROUP, evidence=found.evidence), "", ""
    if found.table is None:
        unknown = np.full(table.array.shape, UNKNOWN)
        nothing = Deduced(
            structure=Structure.GROUP,
            table=table.array,
            forced=unknown >= 0,
            settles=False,
            unique="unknown",
            certificate=f"the group that the block generates is {found.status}: {found.reason}",
            standing=standing,
        )
        return table, nothing, "", ""
    whole = found.table.aligned()
    place = {label: i for i, label in enumerate(whole.rows)}
    array = np.full(whole.array.shape, UNKNOWN)
    for row, column, symbol in table.triples():
        array[place[row], place[column]] = place[symbol]
    words = "; ".join(
        f"{name} = {' '.join(word) if word else 'identity'}"
        for name, word in list(found.words.items())[:_SHOWN_WORDS]
    )
    more = len(found.words) - _SHOWN_WORDS
    remarks = [
        f"The block of order {len(table.rows)} generates a group of order {whole.order}.",
        f"Further elements: {words}{f' and {more} more' if more > 0 else ''}." if words else "",
    ]
    deduced = Deduced(
        structure=Structure.GROUP,
        table=whole.array,
        forced=np.ones(whole.array.shape, bool),
        settles=True,
        unique=found.unique,
        certificate="enumeration of the universal group of the block",
        standing=standing,
        completions=(whole.array,),
        num_completions=1 if found.unique == "yes" else None,
        is_exact=found.unique == "yes",
    )
    return whole.with_array(array), deduced, found.premise, " ".join(filter(None, remarks))


_SHOWN_WORDS = 8
"""Most further elements of a group that a remark spells out."""


def _placed(found: Table, work: Table) -> Int[NDArray[Any], "n n"]:
    """Return the products of a table in the places of the labels of another, -1 if not among them.

    A fit may have results that are no label of the table; such cells stay open.
    """
    symbols = {label: i for i, label in enumerate(work.symbols)}
    rows = [found.rows.index(label) for label in work.rows]
    columns = [found.columns.index(label) for label in work.columns]
    lookup = np.array([symbols.get(label, UNKNOWN) for label in found.symbols] + [UNKNOWN])
    placed: Int[NDArray[Any], "n n"] = lookup[found.array[np.ix_(rows, columns)]]
    return placed


def _contradicts_itself(work: Table) -> bool:
    a, b, c = work.repeats.T
    return bool((work.array[a, b] != c).any())
