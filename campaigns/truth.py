"""Look for a false claim: small tables made to mislead, every answer checked against all tables.

A try is a table of order 2 to 4 that is made from the seed and its number: of a group, an isotope,
a semigroup, a quandle or of no kind at all, with hidden cells, often just as many as leave a second
table possible, and with none, one or two wrong entries that another table of the same kind would
explain as well. It is completed with `auto` or under a theory. All tables of the theory are then
gone through, by code of tests/oracles.py that shares none with the library:

    forced      cells that are said to be forced are the same in all of them
    unique      "yes" if there is one, "no" if there are more, never otherwise
    counted     the number of completions where it is said to be exact; `possible` cell by cell
    none        "inconsistent" only if there is none
    earned      nothing but a true theory is given or earned for a table that has no wrong entries
    certified   every claim of the certificate is true, and passes the small checker
"""

import random
import sys
from pathlib import Path

import numpy as np

import tries

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from oracles import (
    agreeing,
    labeled_groups,
    labeled_isotopes,
    left_quandles,
    models,
    semigroups,
)

from cayley import Table, check_certificate, solve
from cayley.algebra import Structure
from cayley.theories import parse_theory

KINDS = {
    "group": (labeled_groups, (2, 3, 4)),
    "isotope": (labeled_isotopes, (2, 3, 4)),
    "semigroup": (semigroups, (2, 3)),
    "left quandle": (left_quandles, (2, 3)),
    "no laws": (None, (2, 3)),
}
ASKED = ("auto", "auto", "group", "isotope", "semigroup", "commutative semigroup", "left quandle")
LISTED = {2: 4, 3: 4, 4: 4}  # up to which order all tables of a theory of laws are gone through


def all_of(theory, n):
    """Return all tables of a theory of order n, or None where they are too many."""
    if theory is Structure.GROUP or str(theory) == "group":
        return labeled_groups(n)
    if theory is Structure.GROUP_ISOTOPE:
        return labeled_isotopes(n)
    if isinstance(theory, Structure):
        return None
    return models(theory, n) if n <= 3 else None


def table(rng):
    """Return the kind of a table, its truth and what is seen of it."""
    kind = rng.choice(sorted(KINDS))
    of, orders = KINDS[kind]
    n = rng.choice(orders)
    if of is None:
        truth = np.array([[rng.randrange(n) for _ in range(n)] for _ in range(n)])
        every = truth[None]
    else:
        every = of(n)
        truth = every[rng.randrange(len(every))]
    seen = truth.copy()
    cells = [(a, b) for a in range(n) for b in range(n)]
    rng.shuffle(cells)
    hidden = cells[: rng.randrange(n * n)]
    if rng.random() < 0.5 and len(every) > 1:
        # Hide all cells in which another table differs, and one of them again shown: both remain,
        # or hardly one does.
        other = every[rng.randrange(len(every))]
        hidden = list(map(tuple, np.argwhere(other != truth).tolist()))
        rng.shuffle(hidden)
        hidden = hidden[rng.randrange(2) :]
    for a, b in hidden:
        seen[a, b] = -1
    num_wrong = rng.choice((0, 0, 0, 1, 2))
    known = [cell for cell in cells if seen[cell] >= 0]
    for a, b in known[:num_wrong]:
        wrong = every[rng.randrange(len(every))][a, b]
        seen[a, b] = wrong if wrong != truth[a, b] else (truth[a, b] + 1) % n
    is_right = bool((seen == truth)[seen >= 0].all())
    return kind, truth, seen, is_right


def false_claim(solution, seen, is_right):
    """Return what a solution says that is not true, or None."""
    array, n = solution.table.array, len(seen)
    trusted = seen.copy()
    for suspect in solution.suspects:
        a, b = solution.table.rows.index(suspect.row), solution.table.columns.index(suspect.column)
        trusted[a, b] = -1
    kept = trusted >= 0
    if (array[kept] != trusted[kept]).any() and solution.status == "solved":
        return "an observed cell was changed that is no suspect"
    theory = solution.assumption
    every = None if theory is None else all_of(theory, n)
    if every is None:
        return None
    fitting = agreeing(every, cells_of(trusted))
    if solution.status == "inconsistent":
        whole = agreeing(every, cells_of(seen))
        return f"{len(whole)} tables of {theory} have the cells" if len(whole) else None
    for a, b in np.argwhere(solution.provenance == "forced").tolist():
        if len(fitting) and (fitting[:, a, b] != array[a, b]).any():
            return f"the cell {a}, {b} is not forced under {theory}"
    if solution.unique == "yes" and len(fitting) != 1:
        return f"unique among {len(fitting)} tables of {theory}"
    if solution.unique == "no" and len(fitting) < 2:
        return f"not unique among {len(fitting)} tables of {theory}"
    if solution.completions_exact and solution.num_completions not in (None, len(fitting)):
        return f"{solution.num_completions} completions of {len(fitting)} under {theory}"
    if solution.status == "solved" and solution.is_complete_table(every):
        return f"the table shown is none of {theory}"
    return None


def cells_of(array):
    return np.array([(a, b, array[a, b]) for a, b in np.argwhere(array >= 0)]).reshape(-1, 3)
