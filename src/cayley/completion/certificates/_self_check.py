"""Lets the checker look at what a solution says is proved, before it is said.

A proof takes time in proportion to the order squared, and the checker is plain Python, while the
search is compiled and may be over in milliseconds. So both are done where they are expected to take
less than anybody notices, or less than a share of the time that the search took, unless the caller
wants them whatever they take. What is expected follows from the order and the theory, not from the
clock. The proofs are handed on, and become the certificate.
"""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from cayley import _checker
from cayley.algebra import Structure
from cayley.completion._findings import REFUSED_PROOF, Findings, Provenance, Status
from cayley.completion.certificates._certificate import (
    cells_and_table,
    document_about,
    proved,
    why_not_certified,
)
from cayley.completion.certificates._claims import claims_of_verdict
from cayley.theories import Theory

__all__ = ["self_checked"]

Found = TypeVar("Found", bound=Findings)

_UNNOTICED = 0.08
"""Seconds for proof and check that are always spent: with a search of some milliseconds the answer
comes within a tenth of a second, which is felt as at once. It is enough for groups up to order 50,
isotopes up to 27, laws of three variables up to 27."""

_LONGEST_UNNOTICED = 5 * _UNNOTICED
"""Seconds after which such a proof is given up. It ends only those that go through many cases."""

_SECONDS = 0.002
_SECONDS_FOR_A_CELL = {"group": 3e-5, "isotope": 1.1e-4, "laws": 9e-5}
"""Seconds for proof and check, and those for each cell: S5 from a tenth of its cells takes 0.3, an
isotope of S4 0.06, octonions 0.04. What would take longer than there is time for is not begun."""

_SECONDS_FOR_AN_INSTANCE = 3e-7
"""Seconds in which the checker evaluates both sides of a law."""


def self_checked(solution: Found, *, seconds: float, share: float | None = None) -> Found:
    """Return a solution whose proofs the checker has accepted; or one that says it refuses them.

    Args:
        solution: What was found.
        seconds: That are left for the proofs and their check.
        share: Those that they may take, if that would be noticed; all that are left by default.

    Returns:
        The solution with ``checked`` true if all that the verdict says is proved was proved and
        checked; as it was, if there is nothing to check or no proof was found in time. If the
        checker refuses a proof, nothing is called proved, and the notes say why.
    """
    if why_not_certified(solution):
        return solution
    if share is not None:
        if _expected(solution) > max(share, _UNNOTICED):
            return solution
        seconds = min(seconds, max(share, _LONGEST_UNNOTICED))
    given, full = cells_and_table(solution, seconds)
    claims, lacking = proved(claims_of_verdict(solution, given, full), solution, given, full)
    if not claims:
        return solution
    try:
        _checker.check(document_about(given, full, claims))
    except _checker.Refused as refused:
        return _refused(solution, str(refused))
    return solution if lacking else replace(solution, checked=True, _proofs=tuple(claims))


def _expected(solution: Findings) -> float:
    """Return about how many seconds the proofs and their check take."""
    theory, n = solution.assumption, solution.given.order
    if not isinstance(theory, Theory):
        kind = "isotope" if theory is Structure.GROUP_ISOTOPE else "group"
        return _SECONDS + _SECONDS_FOR_A_CELL[kind] * n**2
    instances = float(sum(n**law.num_variables for law in theory.laws))
    of_laws = _SECONDS_FOR_A_CELL["laws"] * n**2 + _SECONDS_FOR_AN_INSTANCE * instances
    return _SECONDS + of_laws


def _refused(solution: Found, reason: str) -> Found:
    """Return the solution without anything that rests on a proof."""
    forced = solution.provenance == Provenance.FORCED
    provenance = np.where(forced, Provenance.PREDICTED, solution.provenance)
    provenance = provenance.astype(solution.provenance.dtype)
    provenance.flags.writeable = False
    inconsistent = solution.status == "inconsistent"
    without_proof: dict[Status, Status] = {"solved": "predicted", "inconsistent": "unresolved"}
    return replace(
        solution,
        status=without_proof.get(solution.status, solution.status),
        provenance=provenance,
        proved=False,
        unique="unknown",
        completions=(),
        num_completions=None,
        completions_exact=False,
        possible={},
        refuted=solution.refuted[:-1] if inconsistent else solution.refuted,
        checked=False,
        notes=(*solution.notes, f"{REFUSED_PROOF}: {reason}. Please report it with the table."),
    )
