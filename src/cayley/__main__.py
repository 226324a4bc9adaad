"""The program: ``cayley``, or ``python -m cayley``.

Signals are taken care of before the command line is imported, which takes a moment.
"""

import atexit
import os
import sys
import time
from contextlib import suppress

from cayley._signals import default_on_signals, end_on_signals

__all__ = ["main", "program"]


def main() -> None:
    """Run the command line."""
    begun = time.monotonic()
    end_on_signals()
    from cayley.cli import main as run  # after signals are taken care of: see above

    try:
        run(begun)
    finally:
        # All is written or said by now: a signal just ends what is left of the program.
        default_on_signals()


def program() -> None:
    """Run the command line and end the process.

    Once everything has been closed and removed, Python would take its modules apart, which takes
    0.4 seconds where PyTorch is loaded and changes nothing: the process just ends instead.
    """
    ended: list[int] = []

    def end() -> None:
        with suppress(OSError):  # nobody reads them any more: the status says so already
            sys.stdout.flush()
            sys.stderr.flush()
        if ended:
            os._exit(ended[0])

    # Functions of atexit run in reverse order: this one after all that libraries register.
    atexit.register(end)
    try:
        main()
    except SystemExit as status:
        # Of a status that is a message, Python writes the message.
        ended.extend([status.code or 0] if isinstance(status.code, int | None) else [])
        raise


if __name__ == "__main__":
    program()
