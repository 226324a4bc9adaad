"""Write the command reference from the commands themselves."""

from pathlib import Path

import typer

from cayley.cli._app import app

PAGE = Path(__file__).parents[1] / "commands.md"
_HEAD = """# Commands

Generated from `cayley --help`. Results go to standard output; progress, notes and errors to
standard error. Exit status: 0 done (for `complete`: filled and verified), 2 wrong usage or
unreadable input, or output that cannot be written (a full disk, no permission); 130 and 143 ended
by Ctrl-C or SIGTERM with nothing to show; 141 nobody reads the output any more; `complete` adds 3
(only predicted) and 4 (unresolved or inconsistent). `--memory-limit` and `--time-limit` bound what
a command takes.
"""


def write_command_reference(*_):
    """Write ``commands.md`` beside the other pages; it is not kept in the repository."""
    group = typer.main.get_command(app)
    context = group.make_context("cayley", [], resilient_parsing=True)
    PAGE.write_text("\n".join([_HEAD, *_sections(group, context)]), encoding="utf-8")


def _sections(group, context):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        if hasattr(command, "list_commands"):
            yield from _sections(command, inner)
            continue
        yield f"## {inner.command_path}\n"
        yield f"```text\n{command.get_help(inner)}\n```\n"


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", write_command_reference)
    return {"parallel_read_safe": True}
