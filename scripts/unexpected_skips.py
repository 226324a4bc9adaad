"""A pytest plugin that prints why tests were skipped, and fails the run for an unexpected reason.

``pytest -p unexpected_skips --expected-skips FILE --skips-of SECTION``, with this folder on
``PYTHONPATH``. The file is TOML: tables of regular expressions, searched for in the reasons; those
of the table ``always`` count in every section. Without ``--expected-skips`` it does nothing.
"""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest


def pytest_addoption(parser):
    """Add the two options."""
    group = parser.getgroup("skips")
    group.addoption("--expected-skips", metavar="FILE", help="TOML with reasons that are expected")
    group.addoption("--skips-of", metavar="SECTION", default="always", help="its table to use")


def pytest_configure(config):
    """Begin to collect, in the process that reports; pytest-xdist's workers send theirs to it."""
    path = config.getoption("--expected-skips")
    if path and not hasattr(config, "workerinput"):
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        section = config.getoption("--skips-of")
        if section not in tables:
            raise pytest.UsageError(f"{path} has no table [{section}].")
        expected = {**tables.get("always", {}), **tables[section]}
        config.pluginmanager.register(Skips([re.compile(each) for each in expected]), "skips")


class Skips:
    """What was skipped so far.

    Attributes:
        expected: Patterns of reasons.
        tests: For each reason the tests, or files, that gave it.
    """

    def __init__(self, expected):
        self.expected = expected
        self.tests = defaultdict(set)

    def is_expected(self, reason):
        """Return whether a pattern is found in the reason."""
        return any(pattern.search(reason) for pattern in self.expected)

    @property
    def unexpected(self):
        """Reasons that no pattern fits."""
        return [reason for reason in self.tests if not self.is_expected(reason)]

    def pytest_runtest_logreport(self, report):
        """Remember a skipped test; an expected failure is no skip."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._add(report)

    def pytest_collectreport(self, report):
        """Remember a skipped file, whose tests nobody counted."""
        if report.skipped:
            self._add(report)

    def _add(self, report):
        _, _, reason = report.longrepr
        self.tests[reason.removeprefix("Skipped: ")].add(report.nodeid)

    # Last, because other plugins may set a status of their own, which is to be kept.
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        """Fail a run that passed but for an unexpected skip."""
        if self.unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        """Print each reason with what it skipped, unexpected ones last."""
        if self.tests:
            terminalreporter.section("skips")
        for reason in sorted(self.tests, key=lambda each: (not self.is_expected(each), each)):
            verdict = "expected" if self.is_expected(reason) else "UNEXPECTED"
            terminalreporter.write_line(f"{verdict}: {reason}")
            for test in sorted(self.tests[reason]):
                terminalreporter.write_line(f"    {test}")
