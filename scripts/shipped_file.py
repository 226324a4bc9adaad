"""Write a file that the package or the tests ship, or say whether it is what would be written."""

import sys
from pathlib import Path

__all__ = ["write_or_check"]


def write_or_check(target: Path, text: str) -> int:
    """Write the text; with `--check` on the command line compare instead, and say what was found.

    Returns the exit status: 1 if the file is missing or another one.
    """
    if "--check" not in sys.argv[1:]:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{target.name}: {len(text)} characters written")
        return 0
    if not target.exists():
        print(f"{target.name}: the file is missing; this script would write it", file=sys.stderr)
        return 1
    found = target.read_bytes()
    if found == text.encode():
        print(f"{target.name}: what this script writes")
        return 0
    lines, wanted = found.decode(errors="replace").splitlines(), text.splitlines()
    for number, (line, right) in enumerate(zip(lines, wanted, strict=False), 1):
        if line != right:
            message = f"line {number} is not what this script writes: {right[:100]}"
            print(f"{target.name}: {message}", file=sys.stderr)
            return 1
    sizes = f"{len(lines)} lines and {len(found)} bytes"
    wanted_sizes = f"{len(wanted)} lines and {len(text.encode())} bytes"
    print(f"{target.name}: {sizes}, but this script writes {wanted_sizes}", file=sys.stderr)
    return 1
