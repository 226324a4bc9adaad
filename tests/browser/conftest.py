"""A real Chromium and a real studio; skipped, and said why, where there is none."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60_000  # milliseconds: a run that waits its turn on a busy machine is no failure
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW = "install it with: apt-get install chromium; pip install 'cayley[browser]'"


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """The system's Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason=f"no playwright; {HOW}")
    path = os.environ.get("CAYLEY_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip(f"no Chromium; {HOW}")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium) -> Iterator:
    """Open pages, and fail on what no page of ours does: errors, requests to other hosts."""
    contexts, wrong, expected = [], [], []

    def heard(message) -> None:
        # A browser itself says so of every answer that refuses something; a test that has something
        # refused says which.
        if message.type == "error" and not any(text in message.text for text in expected):
            wrong.append(f"console: {message.text}")

    def watch(page) -> None:
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", heard)
        page.on(
            "request",
            lambda r: (
                re.match(r"(data|blob|file):|http://127\.0\.0\.1:", r.url)
                or wrong.append(f"request: {r.url}")
            ),
        )

    def open_page(address: str, **options):
        context = chromium.new_context(**{"viewport": {"width": 1200, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(address, wait_until="load")
        return page

    open_page.wrong, open_page.expected = wrong, expected
    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder that pictures of the pages are kept in."""
    folder = Path(os.environ.get("CAYLEY_SCREENSHOTS", ROOT / "build" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    places = [
        os.environ.get("CAYLEY_AXE"),
        ROOT / "node_modules" / "axe-core" / "axe.min.js",
        ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js",
    ]
    for place in filter(None, places):
        if Path(place).is_file():
            return Path(place).read_text(encoding="utf-8")
    pytest.skip(
        "no axe-core; install it with: npm install --no-save --prefix build/axe axe-core, "
        "or name axe.min.js in CAYLEY_AXE"
    )


@pytest.fixture
def violations(axe):
    """What an accessibility check finds wrong with a page."""

    def check(page) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:200]}" for v in found["violations"]
        ]

    return check


class Studio:
    """A studio in a process of its own."""

    def __init__(self, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        command = [sys.executable, "-m", "cayley", "studio", "--no-open", "--port", str(self.port)]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [*command, *options], env=environment, stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 3 * PATIENCE / 1000  # it imports for long on a busy machine
        while time.monotonic() < deadline:
            if self.answers():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(self.end())

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=30) as answer:
                return answer.status == 200
        except OSError:
            return False

    def busiest(self) -> int:
        """Return that of its processes which computes most: the one of a run that learns."""
        before = self._times()
        time.sleep(1.0)
        after = self._times()
        return max(after, key=lambda pid: after[pid] - before.get(pid, after[pid]))

    def _times(self) -> dict[int, int]:
        """Return the time that each process below the server has computed."""
        parents, times = {}, {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = path.read_text().rpartition(")")
            except OSError:  # it has just ended
                continue
            fields, pid = rest.split(), int(name.split()[0])
            parents[pid], times[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
        found = {}
        for pid, time_ in times.items():
            above = pid
            while above in parents and above != self.process.pid:
                above = parents[above]
            if above == self.process.pid and pid != above:
                found[pid] = time_
        return found

    def end(self) -> str:
        self.process.terminate()
        try:
            return self.process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.communicate()[1]


@pytest.fixture(scope="session")
def studio(chromium) -> Iterator[Studio]:
    pytest.importorskip("starlette", reason="no starlette; pip install 'cayley[studio]'")
    server = Studio("--max-order", "40", "--max-upload", "64", "--max-runs", "2")
    yield server
    server.end()


def pytest_terminal_summary(terminalreporter) -> None:
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "browser" in r.nodeid]
    if skipped:
        reason = skipped[0].longrepr
        why = reason[2] if isinstance(reason, tuple) else json.dumps(str(reason))
        terminalreporter.write_line(f"{len(skipped)} browser tests skipped: {why}")
