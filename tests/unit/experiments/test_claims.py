import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cayley.experiments import _claims
from cayley.experiments._claims import Claims

HOLD = """
import sys, time
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("claims", sys.argv[1])
module = module_from_spec(spec); spec.loader.exec_module(module)
from pathlib import Path
print(module.Claims(Path(sys.argv[2])).claim(sys.argv[3]), flush=True)
time.sleep(60)
"""


def hold(path: Path, key: str) -> subprocess.Popen[str]:
    source = sys.modules["cayley.experiments._claims"].__file__
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(source), str(path), key], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_a_claim_ends_with_its_process_even_if_that_is_killed(tmp_path) -> None:
    path, key = tmp_path / "claims", "0123456789abcdef"
    with hold(path, key) as process:
        claims = Claims(path)
        assert not claims.claim(key)
        assert claims.claim("1123456789abcdef")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    for _ in range(100):
        if claims.claim(key):
            break
        time.sleep(0.01)
    else:
        raise AssertionError("the claim outlived its process")


def test_a_claim_is_held_once_and_given_back(tmp_path) -> None:
    claims = Claims(tmp_path / "claims")
    with claims.holding("ff") as first, claims.holding("ff") as second:
        assert (first, second) == (True, False)
        assert not claims.claim("ff")
    assert claims.claim("ff")
    assert (tmp_path / "claims").stat().st_size == 0
    claims.close()


def test_systems_without_record_locks_get_a_clear_error(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(_claims, "fcntl", None)
    with pytest.raises(OSError, match="needs POSIX record locks"):
        Claims(tmp_path / "claims")
