"""Settings that every test shares."""

import sys

import pytest
from hypothesis import settings

import cayley

# The fast suite takes half of the usual 100 examples, so that it stays under 8 minutes on two
# cores; with the slow tests all are tried. A test that needs more says so itself.
settings.register_profile("fast", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("whole", derandomize=True, deadline=None)


def pytest_addoption(parser):
    parser.addoption("--runslow", action="store_true", help="run the tests marked slow")


def pytest_configure(config):
    # before any test is imported, because a test takes the profile that is loaded then
    settings.load_profile("whole" if config.getoption("--runslow") else "fast")


@pytest.fixture(autouse=True)
def one_package():
    """Fail the test after which `cayley` is not the package that the other tests imported.

    A second copy has classes and attributes of its own, so that a later test would fail instead.
    """
    yield
    if sys.modules.get("cayley") is not cayley:
        pytest.fail("this test took `cayley` out of sys.modules", pytrace=False)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--runslow"):
        return
    skip = pytest.mark.skip(reason="slow; runs with --runslow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)
