"""A studio with many visitors at once: nobody may be turned away by a fault, nor wait for others.

Each visitor is a thread with a cookie of its own that loads the page and its files, edits a table,
uploads files, one in five of them hostile, and starts runs and follows them, with pauses as people
make them. A failure is a status that nothing explains (5xx, a lost connection, a refusal without a
sentence), a GET over 0.3 s at the median or 1 s at the 99th percentile, or memory that grows by
more than a fifth between the second and the last sixth of the time.

What is beyond the limits of the studio is refused with status 429 and a sentence: that is counted,
and is no failure. The store has one line a run of the campaign.
"""

import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import tries

PAUSE = 3.0  # seconds between two deeds of a visitor, in the mean
MEDIAN, NINETY_NINE = 0.3, 1.0  # seconds that a GET may take
GROWTH = 1.2
JUDGED_FROM = 180  # seconds from which on memory is judged: before, processes are still started
PATIENCE = 60.0  # seconds without an answer after which a request has failed
BEGINS_WITHIN = 120.0  # seconds that the studio may take to start on a busy machine
HOSTILE = (
    b"PK\x03\x04" + b"\0" * 5000,
    b"[" * 100_000,
    b"<table>" + b"<tr><td colspan=99999>" * 2000,
    b"\x93NUMPY\x01\x00\x76\x00{'descr': '<i8', 'fortran_order': False, 'shape': (9999999, 9), }\n",
    b"a * " * 50_000 + b"= b\n",
    zlib.compress(b"0" * 10_000_000),
)


def document(rng):
    """Return a partial table as the page sends it."""
    n = rng.choice((3, 6, 8, 12))
    labels = [f"g{i}" for i in range(n)]
    seen = rng.uniform(0.3, 1)
    cells = [[(a + b) % n if rng.random() < seen else -1 for b in range(n)] for a in range(n)]
    cells[0][0] = 0
    return {"rows": labels, "columns": labels, "symbols": labels, "cells": cells}


def upload(rng):
    """Return a file that somebody opens: a table, or something hostile."""
    if rng.random() < 0.2:
        return rng.choice(HOSTILE)
    table = document(rng)
    lines = [",".join(["", *table["columns"]])]
    for label, row in zip(table["rows"], table["cells"], strict=True):
        lines.append(",".join([label, *("" if c < 0 else f"g{c}" for c in row)]))
    return "\n".join(lines).encode()


class Visitor(threading.Thread):
    """Somebody at the studio until the time is over."""

    def __init__(self, port, end, seed):
        super().__init__(daemon=True)
        self.port, self.end, self.rng = port, end, random.Random(seed)
        self.counts, self.failures, self.gets = Counter(), [], []
        self.cookie, self.files, self.connection = "", [], None

    def run(self):
        time.sleep(self.rng.uniform(0, 2 * PAUSE))
        try:
            self.arrive()
            while time.monotonic() < self.end:
                time.sleep(self.rng.expovariate(1 / PAUSE))
                self.rng.choice((self.load, self.load, self.edit, self.edit, self.open, self.do))()
        except Exception as error:  # a fault of the visitor would look like a quiet studio
            self.failures.append(f"visitor: {error!r}")

    def ask(self, what, method, path, body=None, kind="application/json", fine=(200, 304)):
        """Send a request; return the answer, or None if it was refused or failed."""
        headers = {"cookie": self.cookie} | ({"content-type": kind} if body is not None else {})
        begin = time.monotonic()
        try:
            answer, text = self.sent(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            self.failures.append(f"{what}: {error!r}")
            return None
        if method == "GET" and what != "news of a run":  # which waits until there are some
            self.gets.append(time.monotonic() - begin)
        self.counts[what] += 1
        if answer.headers.get("set-cookie"):
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        if answer.status in fine:
            return text
        if answer.status == 429 and text:
            self.counts["refused by a limit"] += 1
        else:
            self.failures.append(f"{what}: status {answer.status}: {text[:200]!r}")
        return None

    def sent(self, method, path, body, headers):
        """Send a request; once more on a new connection if the old one was closed meanwhile."""
        was_open = self.connection is not None
        if not was_open:
            self.connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            self.connection.request(method, path, body=body, headers=headers)
            answer = self.connection.getresponse()
            return answer, answer.read()
        except (ConnectionError, http.client.RemoteDisconnected):
            # As browsers do: servers close what is idle for some seconds.
            self.connection.close()
            self.connection = None
            if not was_open:
                raise
            return self.sent(method, path, body, headers)

    def arrive(self):
        page = self.ask("page", "GET", "/") or b""
        self.files = re.findall(r'(?:src|href)="(?:\./)?(/?static/[\w.-]+)"', page.decode())
        for name in self.files:
            self.ask("file", "GET", f"/{name.lstrip('/')}")
        self.ask("start", "GET", "/api/start")

    def load(self):
        self.ask("page", "GET", "/")

    def edit(self):
        body = json.dumps({"table": document(self.rng), "assume": "auto"})
        self.ask("edit", "POST", "/api/think", body)

    def open(self):
        self.ask(
            "upload", "POST", "/api/read?name=t.txt&open=0", upload(self.rng),
            "application/octet-stream", fine=(200, 413, 422),
        )  # fmt: skip

    def do(self):
        body = json.dumps({"table": document(self.rng), "assume": "auto", "seconds": 5})
        answer = self.ask("run", "POST", "/api/runs", body)
        if answer is None:
            return
        name = json.loads(answer)["id"]
        until = min(self.end, time.monotonic() + 30)
        while time.monotonic() < until:
            time.sleep(1)
            news = self.ask("news of a run", "GET", f"/api/runs/{name}?after=0", fine=(200, 404))
            if news is None:
                return
            state = json.loads(news).get("state")
            if state in ("done", "failed"):
                self.counts[f"run {state}"] += 1
                return
        self.counts["run left in line"] += 1


def megabytes(root):
    """Return the memory of a process and all that it started, shared pages counted once."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family, total = {root}, 0
    for _ in range(4):  # the studio's processes have children and grandchildren
        family |= {pid for pid, parent in parents.items() if parent in family}
    for pid in family:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])
    return total / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(port):
    """Start a studio and wait until it answers."""
    words = ["-m", "cayley", "studio", "--no-open", "--port", str(port)]
    studio = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + BEGINS_WITHIN
    while time.monotonic() < end and studio.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return studio
        except OSError:
            time.sleep(0.2)
    studio.kill()
    raise SystemExit(f"the studio did not start within {BEGINS_WITHIN:.0f} s")


def visited(number, seed, visitors, seconds):
    """Let visitors come for some seconds; return what was seen and what failed, if anything."""
    port = free_port()
    studio = started(port)
    try:
        end = time.monotonic() + seconds
        crowd = [Visitor(port, end, f"{seed}:{number}:{i}") for i in range(visitors)]
        for each in crowd:
            each.start()
        memory = []
        while (left := end - time.monotonic()) > 0:
            memory.append(megabytes(studio.pid))
            time.sleep(min(5.0, left))
        for each in crowd:
            each.join(PATIENCE + 10)
    finally:
        studio.terminate()
        try:
            studio.wait(30)
        except subprocess.TimeoutExpired:
            studio.kill()
            studio.wait()
    counts = sum((each.counts for each in crowd), Counter())
    failures = [failure for each in crowd for failure in each.failures]
    gets = [took for each in crowd for took in each.gets]
    typical, slow = median(gets), quantiles(gets, n=100)[98]
    sixth = max(1, len(memory) // 6)
    early, late = (
        sum(part) / len(part) for part in (memory[sixth : 2 * sixth] or memory, memory[-sixth:])
    )
    failed = None
    if failures:
        failed = f"{len(failures)} requests: {Counter(failures).most_common(3)}"
    elif typical > MEDIAN or slow > NINETY_NINE:
        failed = f"a GET takes {typical:.3f} s at the median, {slow:.3f} s at the 99th percentile"
    elif seconds >= JUDGED_FROM and late > GROWTH * early:
        failed = f"memory grew from {early:.0f} to {late:.0f} MB"
    return {
        "what": f"{visitors} visitors for {seconds:g} s",
        "requests": sum(
            counts[what] for what in counts if not what.startswith(("run ", "refused"))
        ),
        "counts": dict(counts),
        "median": round(typical, 4),
        "slow": round(slow, 4),
        "machine": round(os.getloadavg()[0], 1),
        "memory": [round(early), round(late), round(max(memory))],
        "failed": failed,
    }


def main():
    parser = tries.options(__doc__, tries=1, store="build/load.jsonl")
    parser.add_argument("--visitors", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=5.0)
    args = parser.parse_args()

    def one(number, seed):
        return visited(number, seed, args.visitors, 60 * args.minutes)

    if args.one is not None:
        print(one(args.one, args.seed))
        return 0

    def of(key, place=None):
        return lambda lines: max(x[key] if place is None else x[key][place] for x in lines)

    columns = [
        ("requests", of("requests")),
        (
            "refused by a limit",
            lambda lines: max(x["counts"].get("refused by a limit", 0) for x in lines),
        ),
        *(
            (
                f"runs {what}",
                lambda lines, what=what: sum(x["counts"].get(f"run {what}", 0) for x in lines),
            )
            for what in ("done", "failed", "left in line")
        ),
        ("GET, median, s", of("median")),
        ("GET, 99 %, s", of("slow")),
        ("MB early", of("memory", 0)),
        ("MB late", of("memory", 1)),
    ]
    return min(1, tries.summary(tries.run(args, one), columns=columns))


if __name__ == "__main__":
    sys.exit(main())
