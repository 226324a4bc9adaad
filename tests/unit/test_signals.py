"""What SIGINT and SIGTERM do, from the first line of the program to its last."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from cayley._signals import Interruption, held, interruptible

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.mark.parametrize("number", STATUS)
def test_the_first_signal_is_raised_and_handlers_come_back(number):
    before = [signal.getsignal(each) for each in STATUS]
    with pytest.raises(Interruption) as caught, interruptible():
        os.kill(os.getpid(), number)
    assert caught.value.status == STATUS[number]
    assert [signal.getsignal(each) for each in STATUS] == before


@pytest.mark.parametrize("number", STATUS)
def test_a_torn_import_is_the_interruption_it_was(number):
    with pytest.raises(Interruption) as caught, interruptible():
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            raise ImportError("a half-loaded module") from None
    assert caught.value.status == STATUS[number]


def test_errors_without_a_signal_stay_what_they_are():
    with pytest.raises(ZeroDivisionError), interruptible():
        raise ZeroDivisionError


def test_what_is_being_written_is_finished():
    done = []
    with held():
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("written")
    assert done == ["written"]


def test_nothing_changes_outside_the_main_thread():
    before, seen = signal.getsignal(signal.SIGTERM), []

    def ask():
        with interruptible():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == [before]


def ended(code, number):
    """Run a program that signals itself, and return its exit status and its messages."""
    lines = f"import os, signal\nS = {int(number)}\n{code}"
    run = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, timeout=60, check=False
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize("number", STATUS)
def test_a_signal_during_the_imports(number):
    code = (
        "import cayley.__main__, sys, types\n"
        "class Cli(types.ModuleType):\n"
        "    def __getattr__(self, name):\n"
        "        os.kill(os.getpid(), S)\n"  # while the command line is imported
        "sys.modules['cayley.cli'] = Cli('cayley.cli')\n"
        "cayley.__main__.main()\n"
    )
    status, said = ended(code, number)
    assert status == STATUS[number]
    assert said.startswith("cayley: ") and said.endswith("; nothing was written.\n")


@pytest.mark.parametrize("number", STATUS)
def test_the_second_signal_ends_at_once(number):
    code = (
        "from cayley._signals import interruptible\n"
        "with interruptible():\n"
        "    try:\n"
        "        os.kill(os.getpid(), S)\n"
        "    except KeyboardInterrupt:\n"
        "        print('first', flush=True)\n"
        "        os.kill(os.getpid(), S)\n"
        "        print('never')\n"
    )
    status, said = ended(code, number)
    assert status == STATUS[number]
    assert said.endswith("; ended at once.\n") and "Traceback" not in said


@pytest.mark.parametrize("number", STATUS)
def test_a_signal_before_a_command_handles_it(number):
    code = (
        "import cayley.__main__, sys\n"
        "import cayley.cli._console as console\n"
        "import contextlib\n"
        "from cayley.cli import _inspect\n"
        "def usage_errors():\n"
        "    os.kill(os.getpid(), S)\n"
        "_inspect.usage_errors = usage_errors\n"
        "sys.argv = ['cayley', 'inspect', 'table.csv']\n"
        "cayley.__main__.main()\n"
    )
    status, said = ended(code, number)
    assert status == STATUS[number]
    assert said.startswith("cayley: ") and said.endswith("; nothing was written.\n")


@pytest.mark.parametrize("number", STATUS)
def test_a_signal_while_commands_are_set_up(number):
    """Nothing of typer is there to catch it yet: it ended in a traceback, with status 1."""
    code = (
        "import cayley.__main__, sys, typer.main\n"
        "typer.main.get_command = lambda app: os.kill(os.getpid(), S)\n"
        "sys.argv = ['cayley', 'inspect', 'table.csv']\n"
        "cayley.__main__.main()\n"
    )
    status, said = ended(code, number)
    assert status == STATUS[number]
    assert said.startswith("cayley: ") and said.endswith("; nothing was written.\n")


@pytest.mark.parametrize("number", STATUS)
def test_a_command_that_waits(number):
    program = subprocess.Popen(
        [sys.executable, "-m", "cayley", "complete", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with pytest.raises(subprocess.TimeoutExpired):
        program.wait(1.0)
    program.send_signal(number)
    printed, said = program.communicate(timeout=60)
    assert program.returncode == STATUS[number]
    assert printed == "" and "Traceback" not in said and said.count("\n") == 1
