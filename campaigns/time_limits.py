"""Complete hard tables of orders 60 to 1000 under limits of 2, 5 and 20 s, with a busy neighbor.

Every table is made from the seed and its number: an isotope of a cyclic or dihedral group, or an
operation without any laws, of which 0.4 to 5 % are seen and none or a tenth are wrong. A failure is
an answer that comes too late, no answer, or a traceback.

Too late is more than 1.2 times the limit; below 5 s the start of the program comes on top. It is
measured by the clock and by the processor time that the program took. On a machine that many share
a program waits for others, and no program can promise when it is let on: only what is too late by
both counts as a failure, and what was by the clock alone is shown in a column of its own.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import tries

LIMITS = (2, 5, 20)
ORDERS = (60, 100, 168, 240, 360, 500, 720, 1000)
SEEN = (0.004, 0.01, 0.02, 0.05)
KINDS = ("cyclic", "dihedral", "no laws")
SLACK = 1.2
INCLUDES_START = 5  # seconds of a limit from which on it includes the start of the program
HANGS_AFTER = 300.0
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "NO_COLOR": "1"}


def product(kind, n):
    """Return an operation on 0..n-1."""
    if kind == "cyclic":
        return lambda a, b: (a + b) % n
    half = n // 2
    return lambda a, b: (  # rotations are below half, reflections above
        (a + (-b if a >= half else b)) % half + half * ((a >= half) ^ (b >= half))
    )


def table(rng):
    """Return a description of a table, and its products as text."""
    kind, n = rng.choice(KINDS), rng.choice(ORDERS)
    share, wrong = rng.choice(SEEN), rng.choice((0.0, 0.0, 0.1))
    of = (lambda a, b: rng.randrange(n)) if kind == "no laws" else product(kind, n)
    names = [rng.sample(range(n), n) for _ in range(3)]
    cells = rng.sample(range(n * n), max(1, round(share * n * n)))
    lines = ["left,right,result"]
    for cell in cells:
        a, b = divmod(cell, n)
        c = rng.randrange(n) if rng.random() < wrong else of(a, b) % n
        lines.append(f"r{names[0][a]},c{names[1][b]},s{names[2][c]}")
    about = f"{kind}, order {n}, {share:.1%} seen, {wrong:.0%} wrong"
    return about, "\n".join(lines) + "\n"


def timed(words, folder):
    """Run a command; return status, output, errors, seconds by the clock and of the processor."""
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "cayley", *words],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=(folder / "out.txt").open("wb"),
        stderr=(folder / "err.txt").open("wb"),
    )
    status, used = None, None
    while status is None and time.monotonic() - begin < HANGS_AFTER:
        pid, code, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            status = process.returncode = os.waitstatus_to_exitcode(code)
        else:
            time.sleep(0.01)
    if status is None:
        process.kill()
        process.wait()
    clock = time.monotonic() - begin
    processor = used.ru_utime + used.ru_stime if status is not None else clock
    texts = [(folder / name).read_text(errors="replace") for name in ("out.txt", "err.txt")]
    return status, *texts, clock, processor


@cache
def start():
    """Return the seconds that the program takes for a table of order 2: clock and processor."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "table.csv").write_text(",e,a\ne,e,a\na,a,e\n")
        return timed(("complete", "table.csv", "--json"), folder)[3:]


def one(number, seed):
    """Make one try; return what it was, what it took and what failed, if anything."""
    rng = random.Random(f"{seed}:{number}")
    limit = LIMITS[number % len(LIMITS)]
    about, text = table(rng)
    on_top = (0.0, 0.0) if limit >= INCLUDES_START else start()
    with tempfile.TemporaryDirectory(prefix="cayley-time-") as name:
        folder = Path(name)
        (folder / "table.csv").write_text(text)
        words = ("complete", "table.csv", "--json", "--format", "triples")
        status, out, err, clock, processor = timed((*words, "--time-limit", str(limit)), folder)
    late = [
        took > SLACK * limit + more for took, more in zip((clock, processor), on_top, strict=True)
    ]
    failed = None
    if status not in (0, 3, 4):
        failed = f"status {status}: {err[-300:]}"
    elif "Traceback" in err:
        failed = err[-300:]
    elif all(late):
        failed = f"{clock:.1f} s, {processor:.1f} s of the processor: {about}"
    else:
        json.loads(out)
    return {
        "what": f"limit of {limit} s",
        "about": about,
        "clock": round(clock, 2),
        "processor": round(processor, 2),
        "late": late[0],
        "failed": failed,
    }


def neighbor():
    """Start a program that keeps a core busy, until it is killed or this program ends."""
    code = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(100000))"
    return subprocess.Popen([sys.executable, "-c", code])


def main():
    args = tries.options(__doc__, tries=200, store="build/time_limits.jsonl").parse_args()
    # A table of order 1000 takes a few hundred megabytes; what takes gigabytes is ended here.
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    if args.one is not None:
        print(one(args.one, args.seed))
        return 0
    busy = neighbor() if args.tries else None
    try:
        lines = tries.run(args, one)
    finally:
        if busy:
            busy.kill()
            busy.wait()
    most = {
        head: lambda lines, key=key: max(line[key] for line in lines)
        for head, key in (
            ("most by the clock, s", "clock"),
            ("most of the processor, s", "processor"),
        )
    }
    columns = [
        (
            "late by the clock alone",
            lambda lines: sum(x["late"] and not x["failed"] for x in lines),
        ),
        *most.items(),
    ]
    return min(1, tries.summary(lines, columns=columns))


if __name__ == "__main__":
    sys.exit(main())
