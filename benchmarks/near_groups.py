"""Near groups: all settings of spglib's database with a fifth of their operations dropped.

    pip install spglib
    python benchmarks/near_groups.py           # print a summary
    python benchmarks/near_groups.py --write   # and keep it in benchmarks/results

Each of the 530 settings is moved to a random origin, its translations get rounding errors, and a
fifth of its operations is dropped. Then the smallest group that contains the rest is compared with
what the exact operations generate, its point group with the database's, and the largest group among
the rest is looked for. spglib (BSD) is needed by this program only; without it nothing is measured,
and that is said.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from cayley.deduction.presentations._near_groups import near_groups
from cayley.tables.families._symmetry_operations import Operations, closure

RESULT = Path(__file__).parent / "results" / "near_groups.json"
DROPPED = 0.2
# Rounding errors of translations in edges of the cell, a tenth of the default tolerance: what five
# decimals of coordinates and a relaxation leave.
ERROR = 1e-4


def main() -> None:
    try:
        import spglib  # noqa: PLC0415 - not there on most machines
    except ImportError:
        print("spglib is not installed: nothing is measured. pip install spglib")
        return
    random = np.random.default_rng(0)
    recovered, named, proved, inside, seconds, orders = 0, 0, 0, [], [], []
    generated = 0
    for number in range(1, 531):
        database = spglib.get_symmetry_from_database(number)
        symbol = spglib.get_spacegroup_type(number).pointgroup_international
        symbol = {"-6m2": "-62m"}.get(symbol, symbol)  # two names of one class
        turns, shifts = database["rotations"].astype(np.int64), database["translations"]
        order = len(turns)
        origin = random.random(3)
        shifts = shifts + origin - turns @ origin + random.uniform(-ERROR, ERROR, shifts.shape)
        kept = np.sort(random.permutation(order)[: order - round(DROPPED * order)])
        begin = time.process_time()
        found = near_groups(Operations.of(turns[kept], shifts[kept]))
        seconds.append(time.process_time() - begin)
        whole = found.smallest
        given = Operations.of(turns[kept], shifts[kept])
        # What the rest generates may be a smaller group than the one that was taken from.
        exact = Operations.of(database["rotations"][kept], database["translations"][kept])
        size = len(closure(exact))
        generated += size == order
        recovered += whole is not None and len(whole.operations) == size
        named += whole is not None and size == order and whole.point_group == symbol
        proved += found.proved
        inside.append(len(found.largest.operations) / len(given))
        orders.append(order)
    result = {
        "settings": 530,
        "dropped": DROPPED,
        "error": ERROR,
        "rest generates the whole group": generated,
        "smallest group is what the rest generates": recovered,
        "point group as in the database": named,
        "largest group inside proved": proved,
        "median share of the list in the largest group inside": round(median(inside), 3),
        "median seconds": round(median(seconds), 4),
        "most seconds": round(max(seconds), 2),
        "largest order": max(orders),
        "spglib": spglib.__version__,
    }
    print(json.dumps(result, indent=1))
    if "--write" in sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
