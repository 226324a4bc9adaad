"""What a solution claims, each claim in words and with what makes its proof.

What the verdict says is proved comes first, and is what `solve` checks before it says so.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import Structure
from cayley.completion._findings import Findings, Hypothesis
from cayley.completion.certificates._group_claims import (
    characters_claim,
    has_few_characters,
    has_permutations,
    named_claim,
)
from cayley.completion.certificates._polynomial_claim import polynomial_claim
from cayley.completion.certificates._proved_claims import (
    GivenCells,
    cells_claim,
    forced_claim,
    inconsistent_claim,
    is_homotope,
    maps_of,
    nested_term,
    not_unique_claim,
    places_of_suspects,
    possible_claim,
    quadrangles_of,
    without,
)
from cayley.completion.certificates._wrong_cells_claim import wrong_cells_claim
from cayley.tables import Table
from cayley.theories import Theory

__all__ = ["Claim", "claims_of_verdict", "further_claims"]

_LARGEST_NAMED_ORDER = 130
"""Order up to which the group is named with proof: generators that fit are looked for, and the
table of the group is written once more for each claim about an isotope."""

_MOST_POSSIBLE = 16
"""Open cells whose possible values are proved: each value that is refuted takes a proof."""

Claim: TypeAlias = tuple[str, Callable[[], dict[str, Any] | None]]
"""What is claimed, in words, and what returns the claim with its proof, None if none is found."""


def claims_of_verdict(solution: Findings, given: GivenCells, full: Table) -> Iterator[Claim]:
    """Yield what the verdict says is proved: of the table, and of all tables of the theory.

    Args:
        solution: The solution.
        given: Its given cells.
        full: Its table, over the same order of labels.
    """
    theory = solution.assumption
    complete = bool((full.array >= 0).all())
    if complete and solution.structure is not None and solution.status != "inconsistent":
        yield from _claims_of_table(solution, full)
    if solution.status == "inconsistent" and solution.refuted:
        refuted = solution.refuted[-1]
        yield (
            f"no {refuted.structure} has the cells",
            lambda: inconsistent_claim(given, refuted.structure, refuted.cells),
        )
        return
    if theory is not None and str(theory).startswith("polynomial") and solution.unique == "yes":
        yield (
            f"the cells force the table, if it is a {theory}",
            lambda: polynomial_claim(given.table, full),
        )
    if theory is None or not _is_known(theory):
        return
    wrong = places_of_suspects(given, full) if solution.suspects else []
    if complete and solution.unique == "yes":
        yield (
            f"the cells force the table, if it is {theory}",
            lambda: forced_claim(given, full, theory, wrong, solution.identification),
        )
    elif solution.unique == "no" and len(solution.completions) >= 2:
        kept = without(given, wrong)
        yield (
            f"several tables with the cells are {theory}",
            lambda: not_unique_claim(kept, solution.completions, theory),
        )


def further_claims(solution: Findings, given: GivenCells, full: Table) -> Iterator[Claim]:
    """Yield what else is claimed: which cells are wrong, what others can be, what the group is.

    What the group is comes last: it takes most time, and matters less than what is forced.
    """
    theory = solution.assumption
    if theory is not None and _is_known(theory) and solution.status != "inconsistent":
        wrong = places_of_suspects(given, full) if solution.suspects else []
        if (full.array >= 0).all() and solution.unique == "yes":
            if wrong:
                yield (
                    f"no fewer than {len(wrong)} given cells are wrong, if it is {theory}",
                    lambda: wrong_cells_claim(given, theory, wrong),
                )
        elif solution.unique == "no" and len(solution.completions) >= 2:
            yield from _claims_of_cells(solution, without(given, wrong), theory)
    yield from _claims_of_group(solution, full.array)


def _is_known(theory: Hypothesis) -> bool:
    if isinstance(theory, Structure):
        return theory in (Structure.GROUP, Structure.GROUP_ISOTOPE)
    return bool(theory.laws or theory.conditions) or is_homotope(theory)


def _claims_of_table(solution: Findings, full: Table) -> Iterator[Claim]:
    """Yield what is claimed of a completed table."""
    structure, array = solution.structure, full.array
    if structure is Structure.GROUP:
        yield "the table is a group", lambda: {"claim": "group"}
    elif structure is Structure.GROUP_ISOTOPE:
        yield (
            "the table is an isotope of a group",
            lambda: {
                "claim": "isotope",
                "maps": maps_of(array, solution.identification),
            },
        )
    elif structure is not None and array.shape[0] == array.shape[1]:
        quadrangles = quadrangles_of(array)
        if quadrangles is not None:
            yield "the table is no isotope of a group", lambda: {"claim": "isotope", **quadrangles}
    if isinstance(solution.assumption, Theory) and full.has_one_alphabet:
        for law in solution.assumption.laws:
            terms = [nested_term(law.left), nested_term(law.right)]
            yield f"the table satisfies {law}", partial(dict, claim="law", law=terms)


def _claims_of_group(solution: Findings, array: NDArray[Any]) -> Iterator[Claim]:
    """Yield what is claimed of the group behind a full table: its name and its characters."""
    found, n = solution.identification, len(array)
    if solution.structure not in (Structure.GROUP, Structure.GROUP_ISOTOPE):
        return
    if found is None or found.name is None or n > _LARGEST_NAMED_ORDER:
        return
    if solution.status == "inconsistent" or (array < 0).any():
        return
    maps = None if solution.structure is Structure.GROUP else maps_of(array, found)
    name, gap_id = found.name, found.gap_id
    if has_permutations(name, n, gap_id):
        yield f"the group is {name}", lambda: named_claim(array, maps, name, gap_id)
    if has_few_characters(array, maps):
        yield "the group has these characters", lambda: characters_claim(array, maps)


def _claims_of_cells(solution: Findings, given: GivenCells, theory: Hypothesis) -> Iterator[Claim]:
    """Yield what is claimed of single cells where several tables are left."""
    seen = {(a, b) for a, b, _ in given.cells}
    table = solution.completions[0]
    first = table.aligned() if table.has_one_alphabet else table
    tables = [each.aligned() if each.has_one_alphabet else each for each in solution.completions]
    arrays = np.stack([each.array for each in tables])
    # Solution.possible is over the given order of labels; here the aligned one counts.
    open_ = {
        (given.table.rows.index(solution.table.rows[a]), given.table.columns.index(
            solution.table.columns[b]
        ))
        for a, b in solution.possible
    }  # fmt: skip
    same = (arrays == arrays[0]).all(axis=0)
    forced = [
        (int(a), int(b))
        for a, b in np.argwhere(same)
        if (int(a), int(b)) not in seen and (int(a), int(b)) not in open_
    ]
    if forced and (solution.possible or solution.num_completions is not None):
        known = _known_cells(solution, given)
        forced = [cell for cell in forced if cell in known]
        if forced:
            yield (
                f"{len(forced)} cells are forced, if it is {theory}",
                lambda: cells_claim(given, first, theory, forced),
            )
    if isinstance(theory, Theory) and solution.completions_exact:
        for a, b in sorted(open_)[:_MOST_POSSIBLE]:
            yield (
                f"the values of row {a}, column {b}",
                partial(possible_claim, given, arrays, theory, a, b),
            )


def _known_cells(solution: Findings, given: GivenCells) -> set[tuple[int, int]]:
    """Return the cells that are filled in and proved, in the order of the certificate."""
    table = solution.table.with_array(
        np.where(np.isin(solution.provenance, [0, 1]), solution.table.array, -1)
    )
    array = (table.aligned() if table.has_one_alphabet else table).array
    return {(int(a), int(b)) for a, b in np.argwhere(array >= 0)}
