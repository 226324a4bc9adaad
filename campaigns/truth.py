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

from cayley import Table, check_certificate, solve
from cayley.algebra import Structure
from cayley.completion import Provenance
from cayley.experiments.records.certificates import is_true
from cayley.theories import parse_theory
from oracles import (
    agreeing,
    labeled_groups,
    labeled_isotopes,
    left_quandles,
    models,
    semigroups,
)

KINDS = {
    "group": (labeled_groups, (2, 3, 4)),
    "isotope": (labeled_isotopes, (2, 3, 4)),
    "semigroup": (semigroups, (2, 3)),
    "left quandle": (left_quandles, (2, 3)),
    "no laws": (None, (2, 3)),
}
ASKED = ("auto", "auto", "group", "isotope", "semigroup", "commutative semigroup", "left quandle")


def all_of(theory, n):
    """Return all tables of a theory of order n, or None where nobody can list them."""
    if str(theory) == "group":
        return labeled_groups(n)
    if str(theory) == "group isotope":
        return labeled_isotopes(n)
    if isinstance(theory, Structure):
        return None
    is_short = "x*(y*z) = (x*y)*z" in set(map(str, theory.laws))
    return models(theory, n) if n <= 3 or is_short else None


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


def false_claim(solution, truth, seen, is_right, asked):
    """Return what a solution says that is not true, or None."""
    array, n, document = solution.table.array, len(seen), solution.to_document()
    trusted = seen.copy()
    for suspect in solution.suspects:
        trusted[int(suspect.row), int(suspect.column)] = -1
    kept = trusted >= 0
    theory = solution.assumption
    every = None if theory is None else all_of(theory, n)
    if every is None:
        return None
    if solution.standing == "earned" and is_right and not len(agreeing(every, truth)):
        return f"{theory} is earned, and false of the whole table"
    if solution.status == "inconsistent":
        fit = len(agreeing(every, seen))
        return f"inconsistent, and {fit} tables of {theory} have the cells" if fit else None
    fitting = agreeing(every, trusted)
    if solution.status == "solved":
        if (array[kept] != trusted[kept]).any():
            return "an observed cell was changed that is no suspect"
        if not len(agreeing(every, array)):
            return f"solved, and the table is none of {theory}"
    for a, b in np.argwhere(solution.provenance == Provenance.FORCED).tolist():
        if not len(fitting) or (fitting[:, a, b] != array[a, b]).any():
            return f"the cell {a}, {b} is not forced under {theory}"
    return miscounted(solution, document, fitting, trusted, asked)


def miscounted(solution, document, fitting, trusted, asked):
    """Return which number of completions or set of values is not true, or None."""
    count, theory = len(fitting), solution.assumption
    if (solution.unique == "yes" and count != 1) or (solution.unique == "no" and count < 2):
        return f"unique: {solution.unique}, of {count} tables of {theory}"
    completions = document["completions"] or {}
    said = completions.get("count")
    if asked not in ("auto", "isotope", str(theory)) and solution.standing == "supposed":
        # Who names a theory is told how many completions it has, whatever is supposed beyond it.
        every = all_of(parse_theory(asked), len(trusted))
        return None if every is None else over(said, completions, len(agreeing(every, trusted)))
    if (wrong := over(said, completions, count)) is not None:
        return wrong
    for cell in document["possible"] or ():
        values = {str(value) for value in fitting[:, int(cell["row"]), int(cell["column"])]}
        if completions.get("exact") and set(cell["values"]) != values:
            return f"possible in {cell['row']}, {cell['column']}: {cell['values']} of {values}"
    return None


def over(said, completions, count):
    if said is not None and (said != count if completions["exact"] else said > count):
        return f"{said} completions are said to be there, and there are {count}"
    return None


def one(number, seed):
    """Make one try; return what it was and what failed, if anything."""
    rng = random.Random(f"{seed}:{number}")
    kind, truth, seen, is_right = table(rng)
    asked = rng.choice(ASKED)
    try:
        how = rng.choice(("exact", "exact", "auto"))
        solution = solve(Table.from_array(seen), assume=asked, solver=how, time_limit=20)
    except Exception as error:  # everything is looked for
        failed = f"{type(error).__name__}: {error}"
    else:
        failed = false_claim(solution, truth, seen, is_right, asked)
        if failed is None and solution.certificate is not None:
            if not check_certificate(solution.certificate):
                failed = "the certificate does not pass"
            elif is_true(solution.certificate) is False:
                failed = "the certificate passes, and a claim of it is false"
    return {
        "what": f"{kind}{'' if is_right else ', wrong entries'}",
        "failed": failed and f"{failed}; assume {asked!r}: {seen.tolist()}",
    }


def main():
    args = tries.options(__doc__, tries=10_000, store="build/truth.jsonl").parse_args()
    if args.one is not None:
        print(one(args.one, args.seed))
        return 0
    return min(1, tries.summary(tries.run(args, one)))


if __name__ == "__main__":
    sys.exit(main())
