"""Read mutated files of every format: a table, or one documented error; little time and memory.

Every input is made from the seed and its number: a file of one kind is changed in one to four ways,
and given to one of the readers. A failure is an exception that is not documented, a message that is
not one printable line, more than a second of processor time, or more than 300 MB.

The store has one line a block of inputs, so that a campaign that was stopped goes on where it was.
Blocks run in processes of their own: a reader that hangs or dies costs one input.
"""

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

from mutations import mutated
from reader_inputs import seeds

BLOCK = (
    4000  # inputs: twenty seconds, so that little is lost and starting Python takes a tenth of it
)
MOST_SECONDS = 1.0
MOST_MEGABYTES = 300
# Groups are computed, which takes seconds near the largest order: reading alone is measured here.
MOST_OF_GROUP = 200
# Seconds of a processor without an answer to one input, after which its process is ended. What
# waits and does not compute is ended after so many minutes.
HANGS_AFTER = 60.0
# A reader that takes more than this gets a MemoryError, and the machine is left in peace.
ADDRESS_SPACE = 6 << 30

SUFFIXES = (
    "csv",
    "tsv",
    "txt",
    "json",
    "npz",
    "npy",
    "g",
    "tex",
    "md",
    "html",
    "xlsx",
    "ods",
    "cif",
    "ua",
    "p",
    "",
)
GROUPS = {"generators", "operations", "presentation"}
OBSERVED = {"transitions", "vectors", "observations"}


class Reader:
    """Gives inputs to the readers. Made once a process, as the files to begin with take a while."""

    def __init__(self, seed):
        self.seed, self.seeds = seed, seeds()
        self.kinds = sorted(self.seeds)
        self.all = [file for files in self.seeds.values() for file in files if len(file) < 20000]
        self.path = Path(tempfile.mkdtemp(prefix="cayley-fuzz-"), "observed")

    def made(self, number):
        """Return the kind of an input, which reader it is for, the name and the bytes."""
        rng = random.Random(f"{self.seed}:{number}")
        kind = self.kinds[number % len(self.kinds)]
        data = mutated(rng.choice(self.seeds[kind]), self.all, rng)
        if kind in OBSERVED:
            reader = "observations" if rng.random() < 0.9 else "told"
        elif kind in GROUPS:
            reader = rng.choice(("group", "source", "source", "told"))
        else:
            reader = rng.choice(("format", "format", "told", "told", "source", "observations"))
        return kind, reader, f"f.{rng.choice(SUFFIXES)}", data

    def read(self, kind, reader, name, data):
        from cayley.deduction.presentations._read_source import read_source
        from cayley.discovery import read_observations
        from cayley.tables import read_table

        if reader == "observations":
            self.path.write_bytes(data)
            return read_observations(self.path)
        stream = io.BytesIO(data)
        stream.name = name
        if reader == "format":
            return read_table(stream, format="html" if kind == "merged" else kind)
        if reader == "told":
            return read_table(stream)
        told = kind if reader == "group" else None
        return read_source(stream, format=told, max_order=MOST_OF_GROUP)

    def outcome(self, number):
        """Return what came of an input: answer, seconds, megabytes, what failed or None."""
        from cayley._errors import TableFormatError

        kind, reader, name, data = self.made(number)
        reset_megabytes()
        held, begin = megabytes(), time.process_time()
        answer, failed = "read", None
        try:
            self.read(kind, reader, name, data)
        except TableFormatError as error:
            answer, message = "refused", str(error)
            if not message.isprintable() or len(message) > 3000:
                failed = (
                    f"the message has {len(message)} characters, printable: {message.isprintable()}"
                )
        except BaseException as error:  # everything else is what is looked for
            answer = "failed"
            last = traceback.extract_tb(error.__traceback__)[-1]
            failed = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}: {error}"[
                :300
            ]
        return kind, answer, time.process_time() - begin, megabytes() - held, failed


def megabytes():
    """Return the most memory that this process held since the last reset."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def reset_megabytes():
    """Begin to measure the most memory anew, from what is held now."""
    Path("/proc/self/clear_refs").write_text("5")  # what Linux has for this


def run_block(start, stop, seed, progress):
    """Run in a process of its own: print the tallies of a block."""
    warnings.simplefilter("ignore")  # archives with two members of one name are meant
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    reader = Reader(seed)
    for number in range(len(reader.kinds)):  # loads every module
        reader.outcome(number)
    tallies, failures, slowest, most = Counter(), [], {}, 0.0
    for number in range(start, stop):
        os.pwrite(progress, b"%20d" % number, 0)
        kind, answer, seconds, taken, failed = reader.outcome(number)
        if seconds > MOST_SECONDS:  # a busy neighbor counts as well: look again
            seconds = min(seconds, reader.outcome(number)[2])
        if failed is None and seconds > MOST_SECONDS:
            failed = f"{seconds:.1f} s"
        if failed is None and taken > MOST_MEGABYTES:
            failed = f"{taken:.0f} MB"
        tallies[f"{kind} {'failed' if failed else answer}"] += 1
        slowest[kind], most = max(slowest.get(kind, 0.0), round(seconds, 2)), max(most, taken)
        if failed:
            failures.append({"number": number, "kind": kind, "why": failed})
    done = {"start": start, "stop": stop, "tallies": dict(tallies), "slowest": slowest}
    print(json.dumps({**done, "megabytes": round(most), "failures": failures}))


def block_results(start, stop, seed):
    """Yield the tallies of a block, from as many processes as it takes."""
    with tempfile.TemporaryFile() as progress:
        while start < stop:
            command = [sys.executable, __file__, "--block", str(start), str(stop)]
            command += ["--seed", str(seed), "--progress", str(progress.fileno())]
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                pass_fds=[progress.fileno()],
            )
            out, why = _watched(process, progress)
            if out:
                found = json.loads(out.splitlines()[-1])
            else:
                number = int(os.pread(progress.fileno(), 20, 0) or start)
                kind = sorted(seeds())[number % len(seeds())]
                failure = {"number": number, "kind": kind, "why": why}
                # What came before in the block is not known any more and runs again, without it.
                yield {"start": number, "stop": number + 1, "tallies": {f"{kind} failed": 1},
                       "slowest": {}, "megabytes": 0, "failures": [failure]}  # fmt: skip
                if number > start:
                    yield from block_results(start, number, seed)
                start = number + 1
                continue
            yield found
            start = found["stop"]


def processor_seconds(pid):
    """Return the processor time that a process has taken, 0 if it cannot be told."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _watched(process, progress):
    """Wait for a process; end it where it stays with one input for too long."""
    seen, since, used = b"", time.monotonic(), 0.0
    while True:
        try:
            out, err = process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            now, spent = os.pread(progress.fileno(), 20, 0), processor_seconds(process.pid)
            if now != seen:
                seen, since, used = now, time.monotonic(), spent
            elif max(spent - used, (time.monotonic() - since) / 60) > HANGS_AFTER:
                process.kill()
                process.communicate()
                return "", f"no answer in {HANGS_AFTER:.0f} s"
            continue
        return (out, "") if process.returncode == 0 else ("", f"died: {err.strip()[-200:]}")


def campaign(args):
    store = Path(args.store)
    store.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    # What failed is tried again: it may have been repaired since. With no inputs to try, what is
    # stored is shown as it is.
    failed = {(line["seed"], line["start"] // BLOCK) for line in lines if line["failures"]}
    failed = failed if args.inputs else set()
    lines = [line for line in lines if (line["seed"], line["start"] // BLOCK) not in failed]
    if failed:
        store.write_text("".join(json.dumps(line) + "\n" for line in lines))
    lines = [line for line in lines if line["seed"] == args.seed]
    covered = Counter()
    for line in lines:
        covered[line["start"] // BLOCK] += line["stop"] - line["start"]
    first = -(-args.first // BLOCK)  # a block is tried whole
    todo = (b for b in range(first, args.inputs // BLOCK) if covered[b] < BLOCK)
    end = time.monotonic() + args.seconds
    with store.open("a") as out, ThreadPoolExecutor(args.workers) as pool:
        running = set()
        while True:
            while len(running) < args.workers and time.monotonic() < end:
                block = next(todo, None)
                if block is None:
                    break
                lines = [line for line in lines if line["start"] // BLOCK != block]
                running.add(
                    pool.submit(
                        lambda b=block: list(block_results(b * BLOCK, (b + 1) * BLOCK, args.seed))
                    )
                )
            if not running:
                break
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for result in done:
                for line in result.result():
                    lines.append({"seed": args.seed, **line})
                    out.write(json.dumps(lines[-1]) + "\n")
                    out.flush()
    return summary(lines)


def summary(lines):
    """Print what was tried and what failed, one line a kind; return the number of failures."""
    tallies, slowest, failures = Counter(), {}, []
    for line in lines:
        for key, count in line["tallies"].items():
            tallies[key] += count
            tallies[f"all {key.split()[1]}"] += count
        failures += line["failures"]
        for kind, seconds in line["slowest"].items():
            for each in (kind, "all"):
                slowest[each] = max(slowest.get(each, 0), seconds)
    print("| kind | tried | read | refused | failed | slowest, s |\n|---|---|---|---|---|---|")
    for kind in sorted({key.split()[0] for key in tallies}, key=lambda each: (each == "all", each)):
        counts = [tallies[f"{kind} {what}"] for what in ("read", "refused", "failed")]
        print(
            f"| {kind} | {sum(counts)} | {' | '.join(map(str, counts))} | {slowest.get(kind, 0)} |"
        )
    most = max((line["megabytes"] for line in lines), default=0)
    print(f"\nMost memory of one input: {most} MB.")
    for failure in failures[:40]:
        print(f"input {failure['number']} ({failure['kind']}): {failure['why']}")
    return len(failures)


def one(number, seed):
    """Repeat one input: keep its file, and show what is raised."""
    reader = Reader(seed)
    kind, which, name, data = reader.made(number)
    path = Path(tempfile.gettempdir(), f"fuzz-{seed}-{number}.{kind}")
    path.write_bytes(data)
    print(f"{kind} for the reader {which}, called {name}: {len(data)} bytes in {path}", flush=True)
    begin = time.process_time()
    try:
        print(reader.read(kind, which, name, data))
    except ValueError:
        traceback.print_exc()
    print(f"{time.process_time() - begin:.2f} s, {megabytes():.0f} MB in all")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many there are in all")
    parser.add_argument(
        "--first", type=int, default=0, metavar="NUMBER", help="leave out those before this one"
    )
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="start no block after so long"
    )
    parser.add_argument(
        "--store", default="build/fuzz_readers.jsonl", help="JSON lines; goes on if it exists"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes at a time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--one", type=int, metavar="NUMBER", help="repeat one input and show its traceback"
    )
    parser.add_argument("--block", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--progress", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.block:
        run_block(*args.block, args.seed, args.progress)
        return 0
    if args.one is not None:
        one(args.one, args.seed)
        return 0
    return min(1, campaign(args))


if __name__ == "__main__":
    sys.exit(main())
