"""Hide and falsify cells of known operations, and look for a sentence that is not true.

Every try is made from the seed and its number: an operation that is known in full, how many of its
cells are seen and how many of these are wrong. What cayley says of them is compared with the
operation by code of its own (``known_operations``). These are failures:

    error        an exception
    changed      a given cell was changed, and is not listed as a suspect
    open         a cell is open in a table that is called solved
    theory       the table shown does not have the theory that the verdict names
    unique       no other table of the theory is said to have the cells, and the operation has them
    forced       a cell is said to be forced, and the operation, which has the theory, differs
    possible     a value is excluded that the operation, which has the theory, has
    refuted      a theory is said to be excluded by cells that the operation has, and it has both
    late         it took more than 1.2 times the limit of processor time, and half a second

An earned theory may be false: with little to see it is weighed, not proved. So the last column of
the summary is no failure: solved, with a table that is not the operation.
"""

import json
import os
import random
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy and torch are imported

import tries
from known_operations import is_group, is_group_isotope, known_operation, obeys

LIMIT = 5.0  # seconds for each table
SEEN = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
WRONG = ("none", "one", "two", "a twentieth", "a tenth")


def made(number, seed):
    """Return the name of an operation, its table, what is seen of it, and the wrong cells."""
    rng = random.Random(f"{seed} {number}")
    name, table = known_operation(rng)
    n = len(table)
    moved = rng.sample(range(n), n)  # a structure in a plain order would be too easy to guess
    truth = [[0] * n for _ in range(n)]
    for a in range(n):
        for b in range(n):
            truth[moved[a]][moved[b]] = moved[table[a][b]]
    share = rng.choice(SEEN)
    seen = [[c if rng.random() < share else -1 for c in row] for row in truth]
    places = [(a, b) for a in range(n) for b in range(n) if seen[a][b] >= 0]
    how = rng.choice(WRONG)
    count = {"none": 0, "one": 1, "two": 2, "a twentieth": n * n // 20, "a tenth": n * n // 10}[how]
    wrong = rng.sample(places, min(count, len(places)))
    for a, b in wrong:
        seen[a][b] = rng.choice([c for c in range(n) if c != truth[a][b]])
    return f"{name}, {share:.0%} seen", truth, seen, wrong


def one(number, seed):
    """Make one try; return its line of the store."""
    name, truth, seen, wrong = made(number, seed)
    what = "some cells wrong" if wrong else "all cells right"
    line = {"what": what, "operation": name, "wrong": len(wrong), "failed": None}
    if not any(c >= 0 for row in seen for c in row):
        return line
    from cayley.completion import solve
    from cayley.tables import Table

    labels = [f"x{i}" for i in range(len(truth))]
    start = time.process_time()
    try:
        found = solve(Table.from_array(seen, labels=labels), time_limit=LIMIT)
        line["verdict"] = found.verdict
    except Exception:
        return {**line, "failed": f"error: {traceback.format_exc()[-600:]}"}
    took = time.process_time() - start
    failed = [f"late: {took:.1f} s"] if took > 1.2 * LIMIT + 0.5 else []
    failed += false_claims(found, truth, seen)
    line["failed"] = "; ".join(failed[:3]) or None
    shown = found.table.array.tolist()
    return {
        **line,
        "status": found.status,
        "standing": found.standing,
        "differs": found.status == "solved" and shown != truth,
        "took": round(took, 2),
    }


def false_claims(found, truth, seen):
    """Yield what is false of a solution."""
    from cayley.completion import Provenance

    n = len(truth)
    label = {name: i for i, name in enumerate(found.table.symbols)}
    shown = found.table.array.tolist()
    places = [(a, b) for a in range(n) for b in range(n)]
    suspects = {(label[s.row], label[s.column]) for s in found.suspects}
    for a, b in places:
        if seen[a][b] >= 0 and shown[a][b] not in (seen[a][b], -1) and (a, b) not in suspects:
            yield f"changed: {(a, b)}"
    if found.status == "solved" and any(c < 0 for row in shown for c in row):
        yield "open: the table is called solved"
    is_one = of_theory(found.assumption)
    if found.status == "solved" and is_one and not is_one(shown):
        yield f"theory: the table is no {found.assumption}"
    # The operation is a witness if it has the theory and every given cell that is not accused.
    agrees = all(seen[a][b] in (truth[a][b], -1) or (a, b) in suspects for a, b in places)
    if is_one and agrees and not found.premise and is_one(truth):
        if found.unique == "yes" and found.status == "solved" and shown != truth:
            yield f"unique: another {found.assumption} has these cells"
        for a, b in places:
            if found.provenance[a, b] == Provenance.FORCED and shown[a][b] != truth[a][b]:
                yield f"forced: {(a, b)} is {truth[a][b]}, not {shown[a][b]}"
        for (a, b), values in found.possible.items():
            if truth[a][b] not in values:
                yield f"possible: {(a, b)} can be {truth[a][b]}"
    for each in found.refuted:
        is_refuted = of_theory(each.structure)
        cells = [(label[a], label[b], label[c]) for a, b, c in each.cells]
        if is_refuted and all(truth[a][b] == c for a, b, c in cells) and is_refuted(truth):
            yield f"refuted: the operation is a {each.structure}"


def of_theory(theory):
    """Return a function that says of a full table whether it has a theory; None if not known."""
    from cayley.algebra import Structure
    from cayley.theories import Theory

    if theory is Structure.GROUP:
        return is_group
    if theory is Structure.GROUP_ISOTOPE:
        return is_group_isotope
    if not isinstance(theory, Theory):
        return None
    laws, conditions = [str(law) for law in theory.laws], [str(c) for c in theory.conditions]
    return lambda table: obeys(table, laws, conditions)


def main():
    parser = tries.options(__doc__, tries=10_000, store="build/witnesses.jsonl")
    args = parser.parse_args()
    if args.one is not None:
        print(json.dumps(one(args.one, args.seed), indent=1))
        return 0
    # Processes, since processor time is measured; the threads of the campaign wait for them.
    with ProcessPoolExecutor(args.workers) as pool:
        lines = tries.run(args, lambda *which: pool.submit(one, *which).result())
    columns = (
        ("solved", lambda of: sum(line.get("status") == "solved" for line in of)),
        ("solved, not the operation", lambda of: sum(line.get("differs", False) for line in of)),
    )
    return min(1, tries.summary(lines, columns=columns))


if __name__ == "__main__":
    sys.exit(main())
