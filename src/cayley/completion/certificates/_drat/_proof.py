"""What a certificate claims of all tables, refuted by a SAT solver with a proof."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cayley import _checker
from cayley._errors import MissingExtraError
from cayley.completion.certificates._drat._formula import Formula, TooLarge

__all__ = ["Refutation", "refutations"]

_MOST_CLAUSES = 3_000_000
"""Some ten seconds and 2 GB; associativity takes n^6 clauses, less what is given."""

_SOLVER = "glucose4"
"""Of the solvers that write proofs this one can be interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """A formula without a model, and the proof that it has none.

    Attributes:
        claim: The number of the claim in the certificate.
        formula: The lines of the formula, in the DIMACS format.
        proof: The lines of the proof, in the DRAT format.
    """

    claim: int
    formula: tuple[str, ...]
    proof: tuple[str, ...]


def refutations(document: dict[str, Any], *, time_limit: float = 300.0) -> Iterator[Refutation]:
    """Yield what refutes the opposite of each claim about all tables of a theory.

    *Forced*: some claimed cell is another. *Inconsistent*: a table has the cells. *Possible*: the
    cell has none of the values shown. The formula and its proof don't depend on the certificate's
    own proofs.

    Args:
        document: A certificate that the checker accepts.
        time_limit: Seconds for each claim.

    Raises:
        MissingExtraError: If python-sat is not installed.
        ValueError: If the certificate is refused, or has no claim that can be put so in the time
            and size that is allowed.
    """
    try:
        _checker.check(document)
    except _checker.Refused as refused:
        raise ValueError(f"the certificate is refused: {refused}.") from None
    found = False
    for number, claim in enumerate(document["claims"]):
        if claim["claim"] not in ("forced", "inconsistent", "possible"):
            continue
        if _checker.Theory(claim["theory"]).is_homotope:
            continue
        found = True
        formula = _formula(document, claim)
        yield Refutation(
            claim=number,
            formula=tuple(formula.lines()),
            proof=_solved(formula, number, time_limit),
        )
    if not found:
        raise ValueError(
            "the certificate has no claim for a SAT solver: these are what cells force among "
            "groups, isotopes and operations with laws, and that no table has them."
        )


def _formula(document: dict[str, Any], claim: dict[str, Any]) -> Formula:
    n, without = len(document["rows"]), set(claim.get("without", ()))
    cells = [cell for i, cell in enumerate(document["cells"]) if i not in without]
    theory = _checker.Theory(claim["theory"])
    try:
        formula = Formula(theory, n, cells, most=_MOST_CLAUSES)
    except TooLarge:
        raise ValueError(
            f"the formula of a table of order {n} has more than {_MOST_CLAUSES:,} clauses."
        ) from None
    formula.comments.insert(0, f"the opposite of: {claim['claim']}, if {theory.text}")
    if claim["claim"] == "possible":
        a, b = claim["cell"]
        formula.clauses += [[-formula.cell(a, b, table[a][b])] for table in claim["tables"]]
    elif claim["claim"] == "forced":
        wanted = claim["cells"]
        if wanted == "all":
            rows = enumerate(document["table"])
            wanted = [(a, b, c) for a, row in rows for b, c in enumerate(row)]
        formula.clauses.append([-formula.cell(a, b, c) for a, b, c in wanted])
    return formula


def _solved(formula: Formula, number: int, time_limit: float) -> tuple[str, ...]:
    """Return the proof that a formula has no model."""
    try:
        from pysat.solvers import Solver
    except ImportError:
        raise MissingExtraError("python-sat", "sat") from None
    with Solver(name=_SOLVER, bootstrap_with=formula.clauses, with_proof=True) as solver:
        timer = threading.Timer(time_limit, solver.interrupt)
        timer.start()
        try:
            answer = solver.solve_limited(expect_interrupt=True)
        finally:
            timer.cancel()
        if answer is None:
            raise ValueError(f"claim {number} was not proved by the solver in {time_limit:g} s.")
        if answer:
            raise AssertionError(f"claim {number} passed the checker and is not true")
        proof = solver.get_proof()
        # Where unit propagation alone refutes it the solver writes nothing.
        return tuple(proof if proof and proof[-1] == "0" else [*proof, "0"])
