"""Starting and ending the studio."""

import logging
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from cayley._errors import MissingExtraError
from cayley.studio._hosts import allowed_names
from cayley.studio._visitor_limits import VisitorLimits

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["check_installed", "run_studio"]

_CONNECTIONS = 512
"""Open connections beyond which new ones are refused: a class of a hundred has some four each."""

_GOODBYE = 2
"""Seconds that requests may go on after Ctrl-C; some wait for news and would wait longer."""

_READER_MEMORY = 1 << 29
"""Bytes for reading one upload: an honest one of order 60 takes a hundredth of it."""


def check_installed() -> None:
    """Raise a MissingExtraError if what the studio needs is not installed."""
    for package in ("starlette", "uvicorn"):
        if find_spec(package) is None:
            raise MissingExtraError(package, "studio")


def run_studio(
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    open_browser: bool = True,
    limits: VisitorLimits | None = None,
    names: Sequence[str] = (),
    password: str | None = None,
) -> None:
    """Serve the studio until Ctrl-C ends it.

    Args:
        host: The address to listen at; this machine only by default.
        port: The port.
        open_browser: Whether to open a browser.
        limits: What a visitor may ask for.
        names: Names beside ``host`` and this machine's own by which visitors call it, such as that
            of a proxy. A request that calls it otherwise is refused.
        password: What every visitor has to say first; None if nobody has to.

    Raises:
        MissingExtraError: If Starlette or uvicorn is not installed.
    """
    check_installed()
    import uvicorn  # an extra: imported only after the check

    from cayley.studio._scratch import scratch_folder

    logging.basicConfig(format="cayley studio: %(message)s", level=logging.WARNING)
    with scratch_folder() as scratch:
        app = studio_application(
            limits or VisitorLimits(),
            names=allowed_names(host, names),
            password=password,
            scratch=scratch,
            opened=f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
            if open_browser
            else None,
        )
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,  # nobody's business
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_GOODBYE,
        )


def _nothing() -> None:
    """Do nothing."""


def _open_in_thread(address: str) -> Callable[[], None]:
    """Return what opens a browser without waiting for it."""
    return threading.Thread(target=webbrowser.open, args=[address], daemon=True).start


def studio_application(
    limits: VisitorLimits,
    *,
    names: frozenset[str],
    password: str | None,
    scratch: str,
    opened: str | None = None,
) -> "ASGIApp":
    """Return the whole studio as an application, with its processes.

    Args:
        limits: What a visitor may ask for.
        names: The names by which it may be called.
        password: What every visitor has to say first, or None.
        scratch: The folder in which runs write.
        opened: The address to open in a browser once it answers.
    """
    from cayley.studio._api import Studio, application
    from cayley.studio._doors import Doors
    from cayley.studio._guard import Guard
    from cayley.studio._runs import Runs
    from cayley.studio._workers import Lane, context_of_workers

    context = context_of_workers()
    cores = max(2, limits.max_runs)
    memory = limits.max_memory
    quick = Lane(context, count=cores, seconds=5.0, allowance=memory, niceness=0)
    slow = Lane(context, count=cores, seconds=limits.think_seconds, allowance=memory)
    # Two, so that an upload that takes all of its time keeps nobody else from opening a table.
    readers = Lane(
        context, count=2, seconds=limits.read_seconds, allowance=_READER_MEMORY, niceness=10
    )
    lanes = (quick, slow, readers)
    studio = Studio(
        limits=limits,
        doors=Doors(password),
        quick=quick,
        slow=slow,
        readers=readers,
        runs=Runs(context, limits, scratch=scratch),
    )
    app = application(studio)

    @asynccontextmanager
    async def alive(_: Any) -> AsyncIterator[None]:
        # Before anybody asks: the first one would wait for all imports. In a thread, since a
        # browser may take its time to say that it is open.
        quick.start_ahead(_open_in_thread(opened) if opened else _nothing)
        for lane in (quick, slow, readers):
            lane.start_ahead()
        yield
        studio.runs.close()
        for lane in lanes:
            lane.close()

    app.router.lifespan_context = alive
    # A table of the largest order is longer than its file: it has numbers and commas in it.
    return Guard(app, limit=max(limits.max_bytes, 1 << 18), names=names)
