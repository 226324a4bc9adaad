"""The studio: tables opened, edited, completed and looked at in the browser.

``run_studio`` serves one page with NiceGUI (the extra ``[studio]``), to this machine only unless
told otherwise. Each run is a process of its own: the page works on whatever becomes of it, and
visitors do not wait for each other. What visitors send stays in memory; their file names are never
paths. A state travels in a link.

Read in this order: ``_visitor_limits``, ``_state`` (what a visitor works on, as a link),
``_session``, ``_jobs`` (what the process of a run does), ``_runs`` (starting and ending these
processes), ``_examples``, ``_fields``, ``_grid``, ``_pictures``, ``_card`` and ``_page`` (what a
visitor sees), ``_web`` and ``_server`` (what the server answers).
"""

from cayley.studio._server import run_studio

__all__ = ["run_studio"]
