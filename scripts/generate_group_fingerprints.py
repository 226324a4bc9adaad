"""Write the fingerprints by which `cayley.algebra.identify` recognizes groups up to order 100.

Reads the list of all small groups that `cayley.tables` ships and fails unless every group has a
fingerprint of its own: only then is a match a proof. With `--check` nothing is written; the file
in place must equal what would be. Takes about ten seconds and always gives the same file.

    python scripts/generate_group_fingerprints.py [--check]
"""

import json
import sys
from collections import Counter
from pathlib import Path

from shipped_file import write_or_check

from cayley.algebra import Group
from cayley.algebra.identification._fingerprint import fingerprint

ROOT = Path(__file__).resolve().parents[1]
GROUPS = ROOT / "src/cayley/tables/data/smallgroups.jsonl"
FINGERPRINTS = ROOT / "src/cayley/algebra/identification/data/group_fingerprints.jsonl"
NUM_GROUPS = 1048  # of order at most 100, up to isomorphism (Besche, Eick, O'Brien 2002)


def main() -> int:
    """Write or check the file; return the exit status."""
    entries = [json.loads(line) for line in GROUPS.read_text(encoding="utf-8").splitlines()]
    records = []
    for entry in entries:
        group = Group.from_permutations(entry["generators"])
        if group.order != entry["order"]:
            print(f"{entry['name']} has order {group.order}, not {entry['order']}", file=sys.stderr)
            return 1
        record = {key: entry[key] for key in ("order", "id", "name")}
        records.append(record | {"fingerprint": fingerprint(group)})
    distinct = Counter((record["order"], record["fingerprint"]) for record in records)
    if len(distinct) != NUM_GROUPS or len(records) != NUM_GROUPS:
        shared = [key for key, count in distinct.items() if count > 1]
        print(f"{len(records)} groups, {len(distinct)} fingerprints; {shared}", file=sys.stderr)
        return 1
    text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
    return write_or_check(FINGERPRINTS, text)


if __name__ == "__main__":
    sys.exit(main())
