"""What campaigns of tries share: numbered tries, a store that goes on where it was, one table."""

import argparse
import json
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path


def options(description, *, tries, store):
    """Return a parser with the options that every campaign of tries has."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tries", type=int, default=tries, help="how many there are in all")
    parser.add_argument(
        "--first", type=int, default=0, metavar="NUMBER", help="leave out those before this one"
    )
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="start no try after so long"
    )
    parser.add_argument("--store", default=store, help="JSON lines; goes on if it exists")
    parser.add_argument("--workers", type=int, default=1, help="tries at a time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", type=int, metavar="NUMBER", help="make one try again")
    return parser


def run(args, one):
    """Make the tries that the store lacks, a line each; return all lines.

    ``one(number, seed)`` makes a try and returns a dictionary with ``what`` was tried and what
    ``failed``, None if nothing. What failed in an earlier run is tried again: it may have been
    repaired since. With no tries to make, what is stored is returned as it is.
    """
    store = Path(args.store)
    store.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    if args.tries:
        again = [line["seed"] == args.seed and bool(line["failed"]) for line in lines]
        lines = [line for line, is_again in zip(lines, again, strict=True) if not is_again]
        if any(again):
            store.write_text("".join(json.dumps(line) + "\n" for line in lines))
    lines = [line for line in lines if line["seed"] == args.seed]
    done = {line["number"] for line in lines}
    todo = (number for number in range(args.first, args.tries) if number not in done)
    end = time.monotonic() + args.seconds
    with store.open("a") as out, ThreadPoolExecutor(args.workers) as pool:
        running = set()
        while True:
            while len(running) < args.workers and time.monotonic() < end:
                number = next(todo, None)
                if number is None:
                    break
                running.add(pool.submit(_numbered, one, number, args.seed))
            if not running:
                return lines
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for each in finished:
                lines.append(each.result())
                out.write(json.dumps(lines[-1]) + "\n")
                out.flush()


def _numbered(one, number, seed):
    return {"seed": seed, "number": number, **one(number, seed)}


def summary(lines, *, columns=()):
    """Print what was tried and what failed, a row for each kind; return the number of failures.

    ``columns`` are further ones: pairs of a heading and a function of the lines of a kind.
    """
    heads = ["what", "tried", "failed", *(head for head, _ in columns)]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for what in dict.fromkeys(sorted(line["what"] for line in lines)):
        tried = [line for line in lines if line["what"] == what]
        failed = sum(bool(line["failed"]) for line in tried)
        cells = [what, len(tried), failed, *(of(tried) for _, of in columns)]
        print(f"| {' | '.join(map(str, cells))} |")
    failures = sorted((line for line in lines if line["failed"]), key=lambda line: line["number"])
    for line in failures[:40]:
        print(f"try {line['number']} ({line['what']}): {line['failed']}")
    return len(failures)
