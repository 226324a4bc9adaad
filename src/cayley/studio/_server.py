"""The server of the studio: one page and its files, nothing from any other host."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from cayley._errors import MissingExtraError
from cayley.studio._hosts import allowed_names
from cayley.studio._visitor_limits import VisitorLimits

__all__ = ["check_installed", "run_studio"]


def check_installed() -> None:
    """Raise a MissingExtraError if NiceGUI is not installed."""
    if find_spec("nicegui") is None:
        raise MissingExtraError("nicegui", "studio")


def run_studio(
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    open_browser: bool = True,
    limits: VisitorLimits | None = None,
    names: Sequence[str] = (),
) -> None:
    """Serve the studio until Ctrl-C ends it.

    Args:
        host: The address to listen at; this machine only by default.
        port: The port.
        open_browser: Whether to open a browser.
        limits: What a visitor may ask for.
        names: Names beside ``host`` and this machine's own by which visitors call it, such as that
            of a proxy. A request that calls it otherwise is refused.

    Raises:
        MissingExtraError: If NiceGUI is not installed.
    """
    check_installed()
    from nicegui import app, ui  # an extra: imported only after the check

    from cayley.studio._web import Guard, Studio

    studio = Studio(limits or VisitorLimits())
    app.add_static_files("/studio", str(Path(__file__).parent / "static"))
    app.add_middleware(Guard, limit=studio.limits.max_bytes, names=allowed_names(host, names))
    app.post("/tables/{visitor}")(studio.receive)
    app.get("/reports/{token}")(studio.report)
    ui.page("/", title="cayley studio", language="en-US")(studio.page)
    # Before the server starts: the first visitor's run would wait for all imports.
    studio.runner.warm_up()
    ui.run(
        host=host,
        port=port,
        show=open_browser,
        reload=False,  # it would start this program a second time
        title="cayley studio",
        dark=None,  # as the visitor's system says
        tailwind=False,  # a large style sheet that the page does not use
        show_welcome_message=False,
        uvicorn_logging_level="warning",
    )
