"""Groups and their isotopes compared by how many observations each leaves wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from cayley.algebra import Structure, has_identity
from cayley.deduction.todd_coxeter._todd_coxeter import Limits
from cayley.deduction.wrong_entries._fewest_suspects import Explanation
from cayley.deduction.wrong_entries._wrong_entries import NotFound, WrongEntries, find_wrong_entries

__all__ = ["NearestStructure", "nearest_structure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestStructure:
    """The structure that leaves fewest observations wrong, with what comes near it.

    Attributes:
        structure: The structure of the table with fewest suspects, or of the first of `tied`; None
            if no table was found.
        found: That table, if it is the only one with so few suspects as far as is known.
        tied: Otherwise the tables that are as good, with their structures, those with a smaller
            place of the first suspect first.
        rivals: The tables that leave just one more, with their structures.
        by_structure: What `find_wrong_entries` returned for each structure. Groups are left out
            where a theorem says that the nearest isotope is much nearer than all others, and it is
            no group.
    """

    structure: Structure | None
    found: WrongEntries | None
    tied: tuple[tuple[Structure, Explanation], ...]
    rivals: tuple[tuple[Structure, Explanation], ...]
    by_structure: Mapping[Structure, WrongEntries | NotFound]


def nearest_structure(
    observations: ArrayLike,
    *,
    order: int,
    structures: Sequence[Structure],
    seed: int = 0,
    limits: Limits | None = None,
    search_seconds: float | None = None,
    max_trials: int = 500,
) -> NearestStructure:
    """Find wrong entries under each structure, and compare them by the number of suspects.

    The order of the structures decides nothing but the name of a table that several of them find.

    Args:
        observations: Observed products as rows ``(a, b, c)``, shape ``(m, 3)``.
        order: The order of the table.
        structures: ``GROUP``, ``GROUP_ISOTOPE`` or both, the strongest first.
        seed: Of the searches.
        limits: How far to go under each structure, and the time for all together.
        search_seconds: As in `find_wrong_entries`, under each structure.
        max_trials: Likewise.

    Example:
        A group with two columns exchanged is an isotope. With one wrong cell more, the group would
        leave 2n wrong ones.

        >>> import numpy as np
        >>> a, b = np.indices((7, 7)).reshape(2, -1)
        >>> cells = np.stack([a, b, (a + np.array([0, 2, 1, 3, 4, 5, 6])[b]) % 7], axis=1)
        >>> cells[25, 2] = 1
        >>> structures = (Structure.GROUP, Structure.GROUP_ISOTOPE)
        >>> nearest = nearest_structure(cells, order=7, structures=structures)
        >>> nearest.structure.value, nearest.found.suspects
        ('group isotope', (25,))
    """
    results: dict[Structure, WrongEntries | NotFound] = {}
    limits = Limits() if limits is None else limits
    deadline = limits.deadline()
    # Isotopes first: a theorem may exclude that any other table, a group or not, is as near.
    for structure in sorted(structures, key=lambda each: each is Structure.GROUP):
        if not any(_is_no_group(each) for each in results.values()):
            results[structure] = find_wrong_entries(
                observations,
                order=order,
                assume=structure,
                seed=seed,
                limits=limits.until(deadline),
                search_seconds=search_seconds,
                max_trials=max_trials,
            )
    results = {each: results[each] for each in structures if each in results}
    met: dict[object, tuple[Structure, Explanation]] = {}
    for structure, result in results.items():
        for each in _explanations(result):
            # Tables that are not forced stand for all that accuse the same observations.
            key = each.table.tobytes() if each.is_forced else each.suspects
            met.setdefault(key, (structure, each))
    ranked = sorted(met.values(), key=lambda pair: (len(pair[1].suspects), pair[1].suspects))
    if not ranked:
        return NearestStructure(
            structure=None, found=None, tied=(), rivals=(), by_structure=results
        )
    structure, first = ranked[0]
    fewest = len(first.suspects)
    best = tuple(pair for pair in ranked if len(pair[1].suspects) == fewest)
    found = results[structure]
    is_found = len(best) == 1 and first.is_forced and isinstance(found, WrongEntries)
    # A search under another structure may have met two tables with so few suspects.
    doubts = (
        isinstance(each, NotFound) and any(len(x.suspects) == fewest for x in each.tied)
        for each in results.values()
    )
    is_found &= not any(doubts)
    return NearestStructure(
        structure=structure,
        found=found if is_found and isinstance(found, WrongEntries) else None,
        tied=() if is_found else best,
        rivals=tuple(pair for pair in ranked if len(pair[1].suspects) == fewest + 1),
        by_structure=results,
    )


def _is_no_group(result: WrongEntries | NotFound) -> bool:
    """Return whether every table that is as near, or nearer, is proved to be no group."""
    return (
        isinstance(result, WrongEntries)
        and result.is_unrivaled
        and not has_identity(result.forced.table)
    )


def _explanations(result: WrongEntries | NotFound) -> tuple[Explanation, ...]:
    if isinstance(result, NotFound):
        return result.tied
    first = Explanation(table=result.forced.table, suspects=result.suspects, is_forced=True)
    return (first, *result.rivals)
