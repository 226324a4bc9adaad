"""The command line: ``cayley COMMAND``, each with ``--help`` and an example.

Results go to standard output, everything else (progress, notes, errors) to standard error.
"""

from cayley.cli._app import main

__all__ = ["main"]
