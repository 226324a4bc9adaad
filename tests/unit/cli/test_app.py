import pytest

from cayley import __version__
from cayley.cli._grid import grid, shortened, width

COMMANDS = ["complete", "inspect", "generate", "bench", "reproduce", "sweep"]


def test_version(cayley) -> None:
    assert cayley("--version").out == f"cayley {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(cayley, command) -> None:
    found = cayley(command, "--help")
    assert found.status == 0
    assert "Example: cayley " in found.out.replace("\n  ", " ")


def test_commands_are_listed(cayley) -> None:
    assert all(command in cayley("--help").out for command in COMMANDS)


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
    assert shortened("a\nb\x1b[31m") == "a\ufffdb\ufffd[31m"
    assert width(shortened("日" * 100)) <= 12
