"""The studio: a workbench in the browser on which tables are opened, edited and completed.

``run_studio`` serves one page (the extra ``[studio]``: Starlette and uvicorn), to this machine only
unless told otherwise. The page is plain HTML, CSS and JavaScript in ``static``, without a build
step; it asks a small JSON API, and loads nothing from anywhere else.

Why no framework: the one that was used here before needs a policy with ``unsafe-inline`` and
``unsafe-eval``, sends every key through a connection that has to stay open, takes more than a
second for the first page, and keeps a visitor's table on the server. Here the page keeps the
table, so that typing, undo and links need no server; a link holds the table in its fragment, which
browsers send to nobody; and the server holds nothing about a visitor but the runs that go on.

The server itself reads no table. What visitors send is read, thought about, drawn and completed in
processes of their own, with limits of time and memory, which are ended when something newer is
asked; so visitors do not wait for each other and a hostile file ends nothing but its own process.

Read in this order: ``_visitor_limits``, ``answers`` (a room: what is said about a table, its
pictures and files), ``_scratch`` (temporary folders), ``_workers`` (the processes that answer),
``_warm`` (what they import), ``_jobs`` (what the process of a run does), ``_runs`` (starting and
ending these), ``_hosts`` (by which names it is called), ``_doors`` (cookies and the password),
``_guard`` (what stands before every request), ``_api`` (what is answered) and ``_server``. In
``static``: ``dom``, ``table``, ``link``, ``api``, ``store``, ``grid``, ``words``, ``panel``,
``pictures``, ``runs``, ``dialogs``, ``lessons`` and ``main``.
"""

from cayley.studio._server import run_studio

__all__ = ["run_studio"]
