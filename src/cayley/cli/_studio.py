"""``cayley studio``: serve the page in the browser."""

import socket
from typing import Annotated

import typer

from cayley._errors import MissingExtraError
from cayley.cli._console import fail, note, usage_errors

__all__ = ["studio"]


def studio(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8080,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Whether to open a browser.")
    ] = True,
    name: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="Another name that visitors call it by, such as that of a proxy; may be repeated.",
            show_default=False,
        ),
    ] = None,
    max_order: Annotated[int, typer.Option(min=1, help="Largest order of a table.")] = 60,
    max_upload: Annotated[int, typer.Option(min=1, help="Largest upload, in KiB.")] = 1024,
    time_limit: Annotated[
        float, typer.Option(min=1.0, help="Most seconds that a visitor may ask for.")
    ] = 120.0,
    max_runs: Annotated[
        int | None,
        typer.Option(min=1, help="Most runs at a time, of all visitors; as many as cores."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="CAYLEY_STUDIO_PASSWORD",
            help="What every visitor has to say first, such as a class. Others on this machine can "
            "see options, and not the environment.",
            show_default=False,
            show_envvar=True,
        ),
    ] = None,
) -> None:
    """Open, edit and complete tables in the browser.

    It answers this machine only, unless --host says otherwise, and refuses requests that pages of
    other sites send or that call it by another name. What visitors send is read and completed in
    processes of their own. Ctrl-C ends it. Needs the extra [studio].

    Example: cayley studio --port 8080 --no-open --max-order 40
    """
    from cayley.studio import run_studio
    from cayley.studio._hosts import LOCAL_NAMES
    from cayley.studio._server import check_installed
    from cayley.studio._visitor_limits import VisitorLimits

    limits = VisitorLimits(max_order=max_order, max_bytes=max_upload * 1024, time_limit=time_limit)
    if max_runs is not None:
        from dataclasses import replace

        limits = replace(limits, max_runs=max_runs)
    # Before the address is printed: the server would report a missing package or a taken port only
    # after that.
    try:
        check_installed()
    except MissingExtraError as error:
        raise fail(str(error)) from None
    with usage_errors():
        _check_free(host, port)
    note(f"cayley studio at http://{host}:{port} (Ctrl-C ends it)")
    if host not in LOCAL_NAMES and not password:
        note("Everybody who can reach this address can use this machine's time.")
    try:
        run_studio(
            host=host,
            port=port,
            open_browser=open_browser,
            limits=limits,
            names=name or (),
            password=password or None,
        )
    except KeyboardInterrupt:
        note("cayley studio: ended.")


def _check_free(host: str, port: int) -> None:
    """Raise a ValueError if the server could not have the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: a port that a server has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ValueError(f"cannot listen at {host}:{port}: {reason}.") from None
