import pytest

from cayley import __version__
from cayley.cli._app import app
from cayley.cli._console import OPTIONS, in_command_words
from cayley.cli._grid import grid, shortened, width

COMMANDS = [command.callback.__name__ for command in app.registered_commands]


def test_version(cayley) -> None:
    assert cayley("--version").out == f"cayley {__version__}\n"


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=" ".join)
def test_every_command_has_help_with_an_example(cayley, command) -> None:
    found = cayley(*command, "--help")
    assert found.status == 0
    words = " ".join(found.out.split())
    _, _, example = words.partition("Example: ")
    assert " ".join(["cayley", *command]) in example
    assert "-h, --help" in words
    assert cayley(*command, "-h") == found


def test_commands_are_listed(cayley) -> None:
    assert len(COMMANDS) >= 9
    assert all(f"  {command} " in cayley("--help").out for command in COMMANDS)


def test_arguments_of_the_library_are_options_of_commands(cayley) -> None:
    text = "".join(cayley(command, "--help").out for command in COMMANDS)
    assert [name for name in OPTIONS if f"--{name.replace('_', '-')} " not in text] == []


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ('Use assume="isotope" here.', "Use --assume isotope here."),
        ("Declare them with `unknown` (`--unknown`).", "Declare them with --unknown."),
        ("Raise `max_order` to allow it.", "Raise --max-order to allow it."),
        ("`seed` must be a number; got 'x'.", "`seed` must be a number; got 'x'."),
        ('a document with "schema": "x"; style="y".', 'a document with "schema": "x"; style="y".'),
    ],
)  # fmt: skip
def test_messages_name_options(message, words) -> None:
    assert in_command_words(message) == words


def test_unknown_command(cayley) -> None:
    assert cayley("frobnicate").status == 2


def test_bench_names_what_there_is(cayley) -> None:
    found = cayley("bench", "nothing")
    assert found.status == 2
    assert "no suite is called 'nothing'" in found.err


def test_grid_is_aligned_also_with_wide_and_combining_letters() -> None:
    lines = grid(["", "日本", "e\u0301"], [["a", "b", "c"], ["日", "x", "y"]])
    assert len({width(line) for line in lines}) == 1


def test_labels_are_shown_on_one_line_and_cut() -> None:
    assert shortened("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
    assert width(shortened("日" * 100)) <= 12
