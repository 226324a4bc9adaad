"""What the program does when it is asked to end, from its first line on: Ctrl-C and SIGTERM.

:func:`end_on_signals` comes before everything is imported: a signal then ends the program with one
line and no traceback. Inside :func:`interruptible` the first signal raises :class:`Interruption`,
so that a search can keep its best so far, and the second ends the program at once.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interruption", "default_on_signals", "end_on_signals", "held", "interruptible"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Those that ask the program to end: Ctrl-C, and what ``kill`` and systems that shut down send."""

_WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}

# What a progress line hides, and nobody else would show again after `os._exit`.
_SHOW_CURSOR = b"\x1b[?25h"


class Interruption(KeyboardInterrupt):
    """The program was asked to end.

    Attributes:
        status: The exit status that a shell reports for the signal, 130 or 143.
        word: "interrupted" or "terminated".
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number
        self.word = _WORDS[signal.Signals(number)]


def end_at_once(number: int, frame: FrameType | None) -> None:
    """End the program with one line, before any command has begun."""
    _end(number, "nothing was written")


def _end(number: int, what: str) -> None:
    """End the program with one line; nothing else of it runs any more."""
    if os.isatty(2):
        os.write(2, _SHOW_CURSOR)
    os.write(2, f"cayley: {_WORDS[signal.Signals(number)]}; {what}.\n".encode())
    os._exit(128 + number)


def end_on_signals() -> None:
    """Let every signal end the program at once; one that is ignored, as under nohup, stays so."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end_at_once)


def default_on_signals() -> None:
    """Let signals end the program without a word, as they do where nothing is set up."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the first signal in the block raise an :class:`Interruption`, the second end all.

    A signal that comes while a module is imported can leave the block as any exception; that is
    turned into the interruption which it is. Outside the main thread nothing is changed, since
    signals do not arrive there.

    Raises:
        Interruption: If a signal arrived and the block did not handle it.
    """
    arrived: list[Interruption] = []

    def arrive(number: int, frame: FrameType | None) -> None:
        if arrived:  # what was stored before, the runs of a sweep, is there; nothing more comes
            _end(number, "ended at once")
        arrived.append(Interruption(number))
        raise arrived[0]

    with _handled_by(arrive):
        try:
            yield
        except Exception:
            if not arrived:
                raise
            raise arrived[0] from None


@contextmanager
def held() -> Iterator[None]:
    """Finish the block in spite of a first signal, since what was found is being written in it."""
    arrived: list[int] = []

    def arrive(number: int, frame: FrameType | None) -> None:
        if arrived:  # what was stored before, the runs of a sweep, is there; nothing more comes
            _end(number, "ended at once")
        arrived.append(number)

    with _handled_by(arrive):
        yield


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            # None: a handler that was not set by Python, which could not be set again either
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
