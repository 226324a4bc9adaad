"""End commands at random moments, and give them places that cannot be written to.

Every try is made from the seed and its number: which command, what ends it, and when. A failure is
a traceback, an exit status that is not documented, a folder or store that is neither whole nor as
it was, or something that the next run does not clear away.

    kill complete   SIGKILL while `complete --out DIR --overwrite` runs; then the same command again
    kill sweep      SIGKILL while a sweep runs; then the sweep again, to the end
    kill, clock     the same, and what it left is dated a day ahead, as by a clock that was set back
    signal          SIGINT or SIGTERM, once or twice
    output          a full disk, a limit on the size of files, a closed pipe, no permission

The store has one line a try, so that a campaign that was stopped goes on where it was.
"""

import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import tries

# In twenty tries: so many of each, and the numbers of a full run (1000) follow.
TURNS = ("kill complete",) * 9 + ("kill sweep",) * 4 + ("kill, clock",) + ("signal",) * 4 + (
    "output",
) * 2  # fmt: skip
# Seconds after which a command that should have ended is said to hang. By the clock, as what hangs
# may wait for something; a machine that many share takes minutes for what takes five seconds alone.
TOOK = 600.0
# A signal within some ten milliseconds of the start meets Python itself, which then finds its
# packages: it ends without a word, or with a traceback that has no line of cayley.
BEFORE = "before a line of cayley"
OURS = re.compile(r"[/\\]cayley[/\\]\w+|^cayley:", re.MULTILINE)
STATUSES = {0, 2, 3, 4, 130, 141, 143}
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "NO_COLOR": "1"}

SWEEP = """\
[grid]
operation = ["S3", "C7"]
observe = [0.3, 0.6]
method = ["exact", "most-frequent"]
seed = 3
"""
RUNS = 24


def cayley(*words, folder, **options):
    """Start a command in a folder."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(
        [sys.executable, "-m", "cayley", *map(str, words)],
        cwd=folder,
        env=ENVIRONMENT,
        start_new_session=True,
        **options,
    )


def ended(process):
    """Return exit status, output and errors of a command; it may hang."""
    try:
        out, err = process.communicate(timeout=TOOK)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None, "", f"no end in {TOOK:.0f} s"
    return process.returncode, (out or b"").decode(), (err or b"").decode()


def table(rng):
    """Return the text of a partial table: forced at once, or with something to learn."""
    n = rng.choice((4, 6, 8, 12))
    cells = [[(a + b) % n for b in range(n)] for a in range(n)]
    if rng.random() < 0.4:
        cells = [[rng.randrange(n) for _ in range(n)] for _ in range(n)]
    seen = rng.uniform(0.4, 0.9)
    lines = [",".join(["", *(f"g{b}" for b in range(n))])]
    lines += [
        ",".join([f"g{a}", *(f"g{c}" if rng.random() < seen else "" for c in row)])
        for a, row in enumerate(cells)
    ]
    return "\n".join(lines) + "\n"


def problem_with(folder, out="out"):
    """Return what is wrong with what a command has written, or None."""
    out = folder / out
    if not out.exists():
        return None
    try:
        run = json.loads((out / "run.json").read_text())
        missing = [name for name in run["files"] if not (out / name).is_file()]
        json.loads((out / "solution.json").read_text())
    except (OSError, ValueError, KeyError) as error:
        return f"the folder is not whole: {error!r}"
    return f"files are missing: {missing}" if missing else None


def leftovers(folder):
    return sorted(p.name for p in folder.iterdir() if p.name.startswith(".cayley-"))


def complete_again(folder):
    """Run the command to its end; return what is wrong then, or None."""
    status, _, err = ended(cayley(*COMPLETE, folder=folder))
    if status not in {0, 3, 4}:
        return f"the next run ended with {status}: {err[-200:]}"
    if left := leftovers(folder):
        return f"the next run left {left}"
    if not (folder / "out").exists():
        return "the next run wrote nothing"
    return problem_with(folder)


COMPLETE = ("complete", "table.csv", "--out", "out", "--overwrite", "--quiet", "--time-limit", "5")


def kill_complete(folder, rng, *, ahead=False):
    (folder / "table.csv").write_text(table(rng))
    if rng.random() < 0.5:
        ended(cayley(*COMPLETE, folder=folder))
        (folder / "table.csv").write_text(table(rng))
    process = cayley(*COMPLETE, folder=folder)
    time.sleep(rng.uniform(0, 3))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    if ahead:
        tomorrow = time.time() + 86400
        for path in folder.rglob("*"):
            os.utime(path, (tomorrow, tomorrow))
    # The old folder may lie beside for a moment; the next run puts it back or away.
    return complete_again(folder)


def kill_sweep(folder, rng):
    (folder / "sweep.toml").write_text(SWEEP)
    words = ("sweep", "sweep.toml", "--quiet", "--json")
    for _ in range(rng.choice((1, 1, 2, 3))):
        process = cayley(*words, folder=folder)
        time.sleep(rng.uniform(0, 6))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    for last in (False, True):  # to the end, and once more: then there is nothing to run
        status, out, err = ended(cayley(*words, folder=folder))
        if status != 0:
            return f"the sweep ended with {status}: {err[-200:]}"
        report = json.loads(out)
        if (report["ran"] + report["known"], report["failed"]) != (RUNS, 0):
            return f"the sweep reports {report}"
        if last and report["ran"]:
            return f"{report['ran']} of {RUNS} runs were lost"
    with closing(sqlite3.connect(folder / "sweep.sqlite")) as store:
        (checked,) = store.execute("PRAGMA integrity_check").fetchone()
        (runs,) = store.execute("SELECT count(*) FROM runs WHERE status = 'done'").fetchone()
    return None if (checked, runs) == ("ok", RUNS) else f"the store: {checked}, {runs} runs"


def send_signal(folder, rng):
    (folder / "table.csv").write_text(table(rng))
    process = cayley(*COMPLETE, folder=folder)
    for number in (rng.choice((signal.SIGINT, signal.SIGTERM)),) * rng.choice((1, 1, 2)):
        time.sleep(rng.uniform(0, 1.5))
        os.kill(process.pid, number)
    status, _, err = ended(process)
    if status in (1, -signal.SIGINT, -signal.SIGTERM) and not OURS.search(err):
        return BEFORE
    if status not in STATUSES:
        return f"status {status}: {err[-200:]}"
    if "Traceback" in err:
        return f"traceback: {err[-300:]}"
    return problem_with(folder) or complete_again(folder)


def bad_output(folder, rng):
    (folder / "table.csv").write_text(table(rng))
    kind = rng.choice(("full", "size", "pipe", "permission"))
    words = ("complete", "table.csv", "--time-limit", "5")
    options = {}
    stream = None
    if kind == "full":
        stream = open("/dev/full", "wb")  # noqa: SIM115 (closed below)
        options["stdout"] = stream
    elif kind == "size":
        words = (*words, "--out", "out")
        most = rng.choice((0, 100, 5000))
        options["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    elif kind == "pipe":
        read, write = os.pipe()
        os.close(read)
        stream = os.fdopen(write, "wb")
        options["stdout"] = stream
    else:
        (folder / "closed").mkdir(mode=0o500)
        words = (*words, "--out", "closed/out")
    status, _, err = ended(cayley(*words, folder=folder, **options))
    if stream is not None:
        stream.close()
    if status not in STATUSES:
        return f"{kind}: status {status}: {err[-200:]}"
    if "Traceback" in err or len(err.strip().splitlines()) > 4:
        return f"{kind}: {err[-300:]}"
    left = [name for name in leftovers(folder) if (folder / name).is_dir()]
    return f"{kind}: left {left}" if left else problem_with(folder)


def one(number, seed):
    """Make one try; return what it was and what failed, if anything."""
    rng = random.Random(f"{seed}:{number}")
    what = TURNS[number % len(TURNS)]
    folder = Path(tempfile.mkdtemp(prefix="cayley-endings-"))
    ways = {
        "kill complete": kill_complete,
        "kill sweep": kill_sweep,
        "kill, clock": lambda folder, rng: kill_complete(folder, rng, ahead=True),
        "signal": send_signal,
        "output": bad_output,
    }
    try:
        failed = ways[what](folder, rng)
        if failed == BEFORE:
            what, failed = f"{what} {BEFORE}", None
        return {"what": what, "failed": failed}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    args = tries.options(__doc__, tries=1000, store="build/endings.jsonl").parse_args()
    if args.one is not None:
        print(one(args.one, args.seed))
        return 0
    return min(1, tries.summary(tries.run(args, one)))


if __name__ == "__main__":
    sys.exit(main())
