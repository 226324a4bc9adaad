"""The command line: ``cayley COMMAND``, each with ``-h``, ``--help`` and an example.

Results go to standard output; progress, notes and errors go to standard error, so that the output
of a command can be piped into the next one.

Read in this order: ``_app`` (which commands there are), ``_complete``, ``_inspect``, ``_check``,
``_convert``, ``_explain``, ``_generate``, ``_discover``, ``_plot``, ``_studio``, ``_bench``,
``_reproduce`` and ``_sweep`` (one command each), ``_options`` (options that several commands
share), ``_grid`` (a table as lines of text), ``_progress`` and ``_console`` (what goes to standard
error).
"""

from cayley.cli._app import main

__all__ = ["main"]
