"""The studio: a page in the browser on which tables are opened, edited and completed.

``run_studio`` serves one page with NiceGUI (the extra ``[studio]``), to this machine only unless
told otherwise. Each run is a process of its own, so that a run that crashes takes nothing else
down and visitors do not wait for each other. What visitors send is kept in memory; their file names
are never used as paths. A table and its settings can be sent as a link.

Read in this order: ``_visitor_limits``, ``_state`` (what a visitor works on, as a link),
``_session``, ``_jobs`` (what the process of a run does), ``_runs`` (starting and ending these
processes), ``_examples``, ``_fields``, ``_grid``, ``_pictures`` (parts of the page), ``_editor``
(the table), ``_settings_form`` (how to complete it), ``_card`` (one run) and ``_page`` (all of
these), ``_hosts`` (whose requests are answered),
``_web`` and ``_server`` (what the server answers).
"""

from cayley.studio._server import run_studio

__all__ = ["run_studio"]
