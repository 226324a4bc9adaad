"""Settings that every test shares.

Two kinds of tests run at night only, or with ``--runslow``: those that are marked slow, and those
that ``tests/data/nightly_only.txt`` names.
"""

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

import cayley

NIGHTLY_ONLY = Path(__file__).parent / "data" / "nightly_only.txt"

# The fast suite takes half of the usual 100 examples, so that it stays under 8 minutes on two
# cores; with the slow tests all are tried. A test that needs more says so itself.
settings.register_profile("fast", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("whole", derandomize=True, deadline=None)


def pytest_addoption(parser):
    parser.addoption("--runslow", action="store_true", help="run the tests marked slow")


def pytest_configure(config):
    # before any test is imported, because a test takes the profile that is loaded then
    settings.load_profile("whole" if config.getoption("--runslow") else "fast")
    # A shell lets its jobs in the background ignore Ctrl-C, and so would every process that a test
    # starts, also those that are sent one: they would run until their time is up.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path):
    """Look for examples in docstrings below src only: looking takes time, and tests have none."""
    collectors = yield
    return [each for each in collectors if not isinstance(each, DoctestModule)]


@pytest.fixture(autouse=True)
def process_is_left_as_it_was():
    """Fail the test that changes what later tests of the same process need.

    Without its package in ``sys.modules`` they would meet a second copy, with classes of its own;
    with more threads than cores small tensors take ten times as long.
    """
    torch = sys.modules.get("torch")
    threads = torch and torch.get_num_threads()
    variable = os.environ.get("OMP_NUM_THREADS")
    yield
    changed = []
    if sys.modules.get("cayley") is not cayley:
        changed.append("`cayley` is out of sys.modules")
    if torch and torch.get_num_threads() != threads:
        changed.append(f"PyTorch has {torch.get_num_threads()} threads, not {threads}")
    if os.environ.get("OMP_NUM_THREADS") != variable:
        changed.append(f"OMP_NUM_THREADS is not {variable}")
    if changed:
        pytest.fail(f"the test leaves its process changed: {'; '.join(changed)}", pytrace=False)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--runslow"):
        return
    skip = pytest.mark.skip(reason="slow; runs with --runslow")
    lines = NIGHTLY_ONLY.read_text(encoding="utf-8").splitlines()
    nightly = {line for line in lines if not line.startswith("#")}
    for item in items:
        test = item.nodeid.split("[")[0]  # without the case
        if "slow" in item.keywords or test in nightly or item.nodeid in nightly:
            item.add_marker(skip)


def pytest_sessionstart():
    # Collecting ten thousand tests makes no garbage, but looking for it takes a sixth of the time.
    gc.disable()


def pytest_collection_finish():
    gc.freeze()  # the tests themselves are never garbage
    gc.enable()
